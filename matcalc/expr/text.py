"""The printer of matcalc's input language, in ASCII; the reader reads it again."""

from __future__ import annotations

from .marks import Mark, fold
from .node import Expr
from .notation import notation


def text(e: Expr) -> str:
    """The formula in the input language: W3^T (W3 W2 W1 x - y)(W1 x)^T."""
    return fold(notation(e, "input"), _PRINTERS)


GAPS = {"space": " ", "thin": " ", "tight": "", "dot": " * "}
_OPERATORS = {"had": " .* ", "over": " ./ "}
_POSTFIX = {"transpose": "^T", "inverse": "^-1", "inverse transpose": "^-T"}
_CONSTANTS = {"ones": "ones", "eye": "eye", "zeros": "0"}


def signed_sum(m: Mark, parts: list[str], plus: str = "+", minus: str = "-") -> str:
    """Terms with their signs; the first plus is not written."""
    out = [parts[0] if m.data[0] > 0 else minus + parts[0]]
    for sign, part in zip(m.data[1:], parts[1:]):
        out.append(f" {plus if sign > 0 else minus} {part}")
    return "".join(out)


def alternate(parts: list[str], between: list[str]) -> str:
    """Parts with something between neighbours."""
    return parts[0] + "".join(b + p for b, p in zip(between, parts[1:]))


def _constant(m: Mark, parts: list[str], _) -> str:
    return _CONSTANTS[m.data] + (f"({', '.join(parts)})" if parts else "")


def _power(m: Mark, parts: list[str], _) -> str:
    return f"{parts[0]}.^{parts[1]}" if m.data == "entry" else f"{parts[0]}^{parts[1]}"


def _call(m: Mark, parts: list[str], _) -> str:
    name, primes, _ = m.data
    return f"{name}{chr(39) * primes}({', '.join(parts)})"


def _norm(m: Mark, parts: list[str], _) -> str:
    which, squared = m.data
    return f"norm{'1' if which == '1' else '2'}({parts[0]}){'^2' if squared else ''}"


_PRINTERS = {
    "indexed": lambda m, parts, _: f"{parts[0]}[{m.data}]",
    "series": lambda m, parts, _: f"sum_{''.join(m.data)} {parts[0]}",
    "number": lambda m, parts, _: m.data,
    "scientific": lambda m, parts, _: f"{m.data[0]}e{m.data[1]}",
    "symbol": lambda m, parts, _: m.data[0],
    "const": lambda m, parts, _: m.data,
    "constant": _constant,
    "cot": lambda m, parts, _: f"d{m.data[0]}/d{m.data[1]}",
    "differential": lambda m, parts, _: f"d{m.data[0]}",
    "commutation": lambda m, parts, _: f"commutation({', '.join(parts)})",
    "sum": lambda m, parts, _: signed_sum(m, parts),
    "negative": lambda m, parts, _: f"-{parts[0]}",
    "product": lambda m, parts, _: alternate(parts, [GAPS[g] for g in m.data]),
    "infix": lambda m, parts, _: alternate(parts, [_OPERATORS[o] for o in m.data]),
    "fraction": lambda m, parts, _: f"{parts[0]}/{parts[1]}",
    "power": _power,
    "postfix": lambda m, parts, _: parts[0] + _POSTFIX[m.data],
    "brackets": lambda m, parts, _: f"({parts[0]})",
    "call": _call,
    "sized": lambda m, parts, _: f"{m.data}({', '.join(parts)})",
    "norm": _norm,
}
