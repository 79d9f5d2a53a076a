"""The Typst printer: maths as Typst 0.11 and later set it.

A name is a letter, a Greek letter as its character, or a string, so that no name
ever becomes a command.
"""

from __future__ import annotations

import re

from .compose import DEFAULT, Notation
from .marks import Mark, fold
from .names import GREEK, taken_apart, unicode_function
from .node import Expr
from .notation import notation
from .text import alternate, signed_sum


def typst(e: Expr, options: Notation = DEFAULT) -> str:
    """The formula in Typst: W_(3)^(⊤) (W_(3) W_(2) W_(1) x − y) (W_(1) x)^(⊤)."""
    return fold(notation(e, "page", options), _PRINTERS, options)


def typst_symbol(name: str, rank: str = "scalar", options: Notation = DEFAULT) -> str:
    """The name of a variable of rank "scalar", "vector" or "matrix"."""
    return _name(name, options.bold and rank != "scalar")


# ---------------------------------------------------------------- names

_ACCENTS = {"hat": "hat", "tilde": "tilde", "bar": "macron", "dot": "dot", "ddot": "dot.double"}


def quoted(text: str) -> str:
    """Text as a string of Typst; what cannot be printed is shown as its code."""
    shown = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in text)
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _name(name: str, bold: bool = False) -> str:
    parts = taken_apart(name)
    if parts is None:
        return f"italic({quoted(name)})"
    letters = GREEK.get(parts.base, parts.base)
    base = letters if len(letters) == 1 else f"italic({quoted(letters)})"
    if bold:
        base = f"bold(upright({base}))" if letters.isascii() else f"bold({base})"
    if parts.accent:
        base = f"accent({base}, {_ACCENTS[parts.accent]})"
    return base + (lowered(", ".join(map(_index, parts.indices))) if parts.indices else "")


def _index(text: str) -> str:
    """Digits, letters of an index in italics, words upright."""
    if text.isdigit() or len(text) == 1:
        return text
    if re.fullmatch("[i-n]+", text):
        return " ".join(text)
    if shifted := re.fullmatch("([A-Za-z])([+-])([0-9]+)", text):
        return "".join(shifted.groups())
    return GREEK.get(text) or quoted(text)


def _function(name: str, is_user: bool = False) -> str:
    """σ, op("softmax"), op("softmax")_("rows")"""
    if is_user:
        parts = taken_apart(name)
        is_letter = parts is not None and (len(parts.base) == 1 or parts.base in GREEK)
        return _name(name) if is_letter else f"op({quoted(name)})"
    if name == "frechet":
        return 'L_(op("exp"))'
    head, *tail = unicode_function(name).split("_")
    base = head if len(head) == 1 else f"op({quoted(head)})"
    return base + (lowered(", ".join(map(quoted, tail))) if tail else "")


# ---------------------------------------------------------------- marks

def lowered(index: str) -> str:
    return f"_({index})"


def raised(exponent: str) -> str:
    return f"^({exponent})"


def quotient(of: str, by: str) -> str:
    return f"frac(∂ {of}, ∂ {by})"


def top(options: Notation) -> str:
    return "⊤" if options.transpose == "\\top" else options.transpose


def _cot(m: Mark, parts: list[str], options: Notation) -> str:
    output, name, rank = m.data
    output, name = typst_symbol(output), typst_symbol(name, rank, options)
    return {"nabla": f"∇_({name}) {output}", "delta": f"δ_({name})"}.get(
        options.gradient, quotient(output, name))


_GAPS = {"dot": " ⋅ ", "thin": " thin "}


def differential(symbol: str) -> str:
    return f"upright(d) {symbol}"


def _postfix(m: Mark, parts: list[str], options: Notation) -> str:
    exponent = {"transpose": top(options), "inverse": "-1", "inverse transpose": f"-{top(options)}", "pseudo": "+"}
    return parts[0] + raised(exponent[m.data])


def _power(m: Mark, parts: list[str], _) -> str:
    return parts[0] + raised(("∘ " if m.data == "entry" else "") + parts[1])


def _call(m: Mark, parts: list[str], _) -> str:
    name, primes, is_user = m.data
    return f"{_function(name, is_user)}{'′' * primes} ({', '.join(parts)})"


def _norm(m: Mark, parts: list[str], _) -> str:
    which, squared = m.data
    return f"norm({parts[0]}){lowered(which)}" + (raised("2") if squared else "")


def _scientific(m: Mark, parts: list[str], _) -> str:
    head, exponent = m.data
    return ("" if head == "1" else f"{head} ⋅ ") + "10" + raised(str(exponent))


def _constant(m: Mark, parts: list[str], options: Notation) -> str:
    base = {"ones": "bold(1)", "eye": "bold(upright(I))" if options.bold else "I",
            "zeros": "bold(0)" if options.bold else "0"}[m.data]
    return base + (lowered(" × ".join(parts)) if parts else "")


def _infix(m: Mark, parts: list[str], options: Notation) -> str:
    signs = {"had": "∘" if options.hadamard == "\\circ" else "⊙", "over": "⊘", "kron": "⊗"}
    return alternate(parts, [f" {signs[kind]} " for kind in m.data])


def _series(m: Mark, parts: list[str], _) -> str:
    """One sum sign with limits; for several indices they stand below it together."""
    if len(m.data) == 1:
        return f"sum{lowered(f'{m.data[0]} = 1')}{raised(parts[1])} {parts[0]}"
    return f"sum{lowered(', '.join(m.data))} {parts[0]}"


_PRINTERS = {
    "indexed": lambda m, parts, _: parts[0] + lowered(", ".join(map(_index, m.data.split(",")))),
    "series": _series,
    "number": lambda m, parts, _: m.data,
    "scientific": _scientific,
    "symbol": lambda m, parts, o: typst_symbol(*m.data, o),
    "const": lambda m, parts, _: {"pi": "π"}.get(m.data, m.data),
    "constant": _constant,
    "cot": _cot,
    "differential": lambda m, parts, o: differential(typst_symbol(*m.data, o)),
    "commutation": lambda m, parts, _: "K" + lowered(", ".join(parts)),
    "sum": lambda m, parts, _: signed_sum(m, parts, minus="−"),
    "negative": lambda m, parts, _: "−" + parts[0],
    "product": lambda m, parts, _: alternate(parts, [_GAPS.get(gap, " ") for gap in m.data]),
    "infix": _infix,
    "fraction": lambda m, parts, _: f"frac({parts[0]}, {parts[1]})",
    "power": _power,
    "postfix": _postfix,
    "brackets": lambda m, parts, _: f"({parts[0]})",
    "call": _call,
    "sized": lambda m, parts, _: f"{_function(m.data)}{lowered(', '.join(parts[1:]))} ({parts[0]})",
    "prefix": lambda m, parts, _: f'op("log") op("det") {parts[0]}',
    "norm": _norm,
    "absolute": lambda m, parts, _: f"abs({parts[0]})",
    "root": lambda m, parts, _: f"sqrt({parts[0]})",
    "indicator": lambda m, parts, _: f"bold(1) [{parts[0]} > 0]",
    "exponential": lambda m, parts, _: "e" + raised(parts[0]),
    "angle": lambda m, parts, _: f"lr(⟨ {', '.join(parts)} ⟩)",
}
