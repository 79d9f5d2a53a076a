"""The MathML printer: MathML Core only, printed from the expression itself."""

from __future__ import annotations

import re

from .compose import DEFAULT, Notation
from .elements import (APPLY, TIMES, alternated, enclosed, frac, indices, invisible, limits, listed, mi, mn, mo, over, row,
                       sub, sup, tight)
from .marks import Mark, fold, leading
from .names import GREEK, taken_apart, unicode_function
from .node import Expr
from .notation import notation


def mathml(e: Expr, options: Notation = DEFAULT) -> str:
    """The formula as one element, to stand inside <math>."""
    return fold(notation(e, "page", options), _PRINTERS, options)


def mathml_symbol(name: str, rank: str = "scalar", options: Notation = DEFAULT) -> str:
    """The name of a variable of rank "scalar", "vector" or "matrix"."""
    return _name(name, options.bold and rank != "scalar")


# ---------------------------------------------------------------- names

WORD = "word"  # the class of names of several letters, which are set in italics
_ACCENTS = {"hat": "^", "tilde": "~", "bar": "¯", "dot": "˙", "ddot": "¨"}
_BOLD = {**{chr(65 + i): chr(0x1D400 + i) for i in range(26)}, **{chr(97 + i): chr(0x1D41A + i) for i in range(26)},
         **{chr(0x391 + i): chr(0x1D6A8 + i) for i in range(25)},
         **{chr(0x3B1 + i): chr(0x1D736 + i) for i in range(25)}}
_FUNCTIONS = {"frechet": sub(mi("L"), mi("exp")), "rearrange": mi("ℛ")}


def _name(name: str, bold: bool = False) -> str:
    parts = taken_apart(name)
    if parts is None:
        return mi(name, **{"class": WORD})
    base = _letters(GREEK.get(parts.base, parts.base), bold)
    if parts.accent:
        base = over(base, _ACCENTS[parts.accent])
    return sub(base, indices([_index(i) for i in parts.indices])) if parts.indices else base


def _letters(text: str, bold: bool) -> str:
    if bold:
        return mi("".join(_BOLD.get(c, c) for c in text))
    if len(text) > 1:
        return mi(text, **{"class": WORD})
    return mi(text, mathvariant="normal") if "Α" <= text <= "Ω" else mi(text)  # Greek capitals stand upright


def _index(text: str) -> str:
    """Digits, letters of an index in italics, words upright."""
    if text.isdigit():
        return mn(text)
    if re.fullmatch("[i-n]+", text):
        return row(*map(mi, text))
    if shifted := re.fullmatch("([A-Za-z])([+-])([0-9]+)", text):
        letter, sign, number = shifted.groups()
        return row(mi(letter), tight("−" if sign == "-" else sign), mn(number))
    return mi(GREEK.get(text, text))


def _function(name: str, is_user: bool = False) -> str:
    """σ, softmax, softmax with the index rows."""
    if is_user:
        parts = taken_apart(name)
        is_letter = parts is not None and (len(parts.base) == 1 or parts.base in GREEK)
        return _name(name) if is_letter else mi(name)
    head, *tail = unicode_function(name).split("_")
    return _FUNCTIONS.get(name) or (sub(mi(head), indices([*map(mi, tail)])) if tail else mi(head))


# ---------------------------------------------------------------- marks

_HADAMARD = {"\\odot": "⊙", "\\circ": "∘"}
_MINUS = mo("−", form="prefix")


def quotient(of: str, by: str) -> str:
    """∂f/∂x of two elements."""
    return frac(row(mi("∂"), of), row(mi("∂"), by))


def applied(function: str, arguments: str, tall: bool = False) -> str:
    return row(function, invisible(APPLY), enclosed("(", arguments, ")", tall))


def transposed(x: str, options: Notation = DEFAULT) -> str:
    return sup(x, _top(options))


def _top(options: Notation) -> str:
    return mi("⊤" if options.transpose == "\\top" else options.transpose)


def _cot(m: Mark, parts: list[str], options: Notation) -> str:
    output, name, rank = m.data
    output, name = mathml_symbol(output), mathml_symbol(name, rank, options)
    if options.gradient == "nabla":
        return row(sub(mi("∇", mathvariant="normal"), name), output)
    if options.gradient == "delta":
        return sub(mi("δ"), name)
    return quotient(output, name)


def _differential(symbol: str) -> str:
    return row(mi("d", mathvariant="normal"), symbol)


def _postfix(m: Mark, parts: list[str], options: Notation) -> str:
    if m.data == "transpose":
        return transposed(parts[0], options)
    raised = {"inverse": row(_MINUS, mn("1")), "inverse transpose": row(_MINUS, _top(options)), "pseudo": mo("+")}
    return sup(parts[0], raised[m.data])


def _power(m: Mark, parts: list[str], _) -> str:
    return sup(parts[0], row(tight("∘"), parts[1]) if m.data == "entry" else parts[1])


def _call(m: Mark, parts: list[str], _) -> str:
    name, primes, is_user = m.data
    function = _function(name, is_user)
    return applied(row(function, tight("′" * primes)) if primes else function, listed(parts), m.tall)


def _sized(m: Mark, parts: list[str], _) -> str:
    return applied(sub(_function(m.data), indices(parts[1:])), parts[0], m.tall)


def _norm(m: Mark, parts: list[str], _) -> str:
    which, squared = m.data
    norm = sub(enclosed("‖", parts[0], "‖", m.tall), mi(which) if which == "F" else mn(which))
    return sup(norm, mn("2")) if squared else norm


def _scientific(m: Mark, parts: list[str], _) -> str:
    head, exponent = m.data
    raised = row(_MINUS, mn(str(-exponent))) if exponent < 0 else mn(str(exponent))
    power = sup(mn("10"), raised)
    return power if head == "1" else row(mn(head), mo("⋅"), power)


def _constant(m: Mark, parts: list[str], options: Notation) -> str:
    base = {"ones": mn("𝟏"), "eye": mi("𝐈" if options.bold else "I"), "zeros": mn("𝟎" if options.bold else "0")}[m.data]
    return sub(base, indices(parts, "×")) if parts else base


def _sum(m: Mark, parts: list[str], _) -> str:
    first = [_MINUS, parts[0]] if m.data[0] < 0 else [parts[0]]
    signs = [mo("+" if sign > 0 else "−") for sign in m.data[1:]]
    return row(*first, *alternated(parts, signs)[1:])


def _product(m: Mark, parts: list[str], _) -> str:
    signs = [mo("⋅") if gap == "dot" else invisible(TIMES, gap == "thin" or _is_function(b))
             for gap, b in zip(m.data, m.parts[1:], strict=True)]
    return row(*alternated(parts, signs))


def _is_function(m: Mark) -> bool:
    """Whether a factor begins with the name of a function, which needs room before it."""
    first = leading(m)
    return first.kind == "prefix" or first.kind == "call" and len(unicode_function(*first.data[::2])) > 1


def _prefix(m: Mark, parts: list[str], _) -> str:
    return row(mi("log"), invisible(APPLY, True), mi("det"), invisible(APPLY, m.parts[0].kind != "brackets"), parts[0])


def _infix(m: Mark, parts: list[str], options: Notation) -> str:
    signs = {"had": _HADAMARD.get(options.hadamard, "⊙"), "over": "⊘", "kron": "⊗"}
    return row(*alternated(parts, [mo(signs[kind], largeop="false") for kind in m.data]))


def _series(m: Mark, parts: list[str], _) -> str:
    """One sum sign with limits; for several indices they stand below it together."""
    body, *sizes = parts
    if len(m.data) == 1:
        return row(limits("∑", row(mi(m.data[0]), mo("="), mn("1")), sizes[0]), body)
    return row(limits("∑", indices([mi(k) for k in m.data])), body)


_PRINTERS = {
    "indexed": lambda m, parts, _: sub(parts[0], indices([_index(k) for k in m.data.split(",")])),
    "series": _series,
    "number": lambda m, parts, _: mn(m.data),
    "scientific": _scientific,
    "symbol": lambda m, parts, o: mathml_symbol(*m.data, o),
    "const": lambda m, parts, _: mi({"pi": "π"}.get(m.data, m.data)),
    "constant": _constant,
    "cot": _cot,
    "differential": lambda m, parts, o: _differential(mathml_symbol(*m.data, o)),
    "commutation": lambda m, parts, _: sub(mi("K"), indices(parts)),
    "sum": _sum,
    "negative": lambda m, parts, _: row(_MINUS, parts[0]),
    "product": _product,
    "infix": _infix,
    "fraction": lambda m, parts, _: frac(*parts),
    "power": _power,
    "postfix": _postfix,
    "brackets": lambda m, parts, _: enclosed("(", parts[0], ")", m.tall),
    "call": _call,
    "sized": _sized,
    "prefix": _prefix,
    "norm": _norm,
    "absolute": lambda m, parts, _: enclosed("|", parts[0], "|", m.tall),
    "root": lambda m, parts, _: f"<msqrt>{parts[0]}</msqrt>",
    "indicator": lambda m, parts, _: row(mn("𝟏"), enclosed("[", row(parts[0], mo(">"), mn("0")), "]", m.tall)),
    "exponential": lambda m, parts, _: sup(mi("e"), parts[0]),
    "angle": lambda m, parts, _: enclosed("⟨", listed(parts), "⟩", m.tall),
}
