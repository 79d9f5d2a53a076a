"""The printer for a terminal: one line of Unicode."""

from __future__ import annotations

from .compose import DEFAULT, Notation
from .marks import Mark, fold
from .names import SUPERSCRIPTS, unicode_function, unicode_index, unicode_name
from .node import Expr
from .notation import notation
from .text import GAPS, alternate, signed_sum


def unicode(e: Expr, options: Notation = DEFAULT) -> str:
    """The formula for a terminal: W₃ᵀ(W₃ W₂ W₁ x − y)(W₁ x)ᵀ."""
    return fold(notation(e, "line", options), _PRINTERS, options)


_GAPS = {**GAPS, "dot": " · "}
_POSTFIX = {"transpose": "ᵀ", "inverse": "⁻¹", "inverse transpose": "⁻ᵀ", "pseudo": "⁺"}
_CONSTANTS = {"ones": "𝟏", "eye": "I", "zeros": "0"}
_HADAMARD = {"\\odot": "⊙", "\\circ": "∘"}


def _operator(kind: str, options: Notation) -> str:
    return {"had": _HADAMARD.get(options.hadamard, "⊙"), "over": "⊘", "kron": "⊗"}[kind]


def _cot(m: Mark, parts: list[str], options: Notation) -> str:
    output, name = map(unicode_name, m.data[:2])
    return {"nabla": f"∇_{name} {output}", "delta": f"δ_{name}"}.get(options.gradient, f"∂{output}/∂{name}")


def _product(m: Mark, parts: list[str], _) -> str:
    """W₃ᵀ(x − y): a raised character keeps brackets away as well as a space does."""
    gaps = ["" if g in ("space", "thin") and a.kind == "postfix" and b[0] == "(" else _GAPS[g]
            for g, a, b in zip(m.data, m.parts, parts[1:])]
    return alternate(parts, gaps)


def _power(m: Mark, parts: list[str], options: Notation) -> str:
    base, exponent = parts
    sign = "∘" if m.data == "entry" else ""
    inside = exponent[1:-1] if m.parts[1].kind == "brackets" else exponent
    if all(c in SUPERSCRIPTS for c in inside):
        return base + sign + "".join(SUPERSCRIPTS[c] for c in inside)
    return f"{base}{sign}^{exponent}"


def _call(m: Mark, parts: list[str], _) -> str:
    name, primes, is_user = m.data
    return f"{unicode_function(name, is_user)}{'′' * primes}({', '.join(parts)})"


def _norm(m: Mark, parts: list[str], _) -> str:
    which, squared = m.data
    return f"‖{parts[0]}‖" + {"1": "₁", "2": "", "F": "_F"}[which] + ("²" if squared else "")


def _scientific(m: Mark, parts: list[str], _) -> str:
    head, exponent = m.data
    power = "10" + "".join(SUPERSCRIPTS[c] for c in str(exponent))
    return power if head == "1" else f"{head}·{power}"


def _constant(m: Mark, parts: list[str], _) -> str:
    return _CONSTANTS[m.data] + (unicode_index("×".join(parts)) if parts else "")


def _series(m: Mark, parts: list[str], _) -> str:
    """∑ₖ, ∑ₖₗ: the sizes can be seen from the variables."""
    return "∑" + unicode_index("".join(m.data)) + " " + parts[0]


_PRINTERS = {
    "indexed": lambda m, parts, _: parts[0] + "_" + m.data,
    "series": _series,
    "number": lambda m, parts, _: m.data,
    "scientific": _scientific,
    "symbol": lambda m, parts, _: unicode_name(m.data[0]),
    "const": lambda m, parts, _: {"pi": "π"}.get(m.data, m.data),
    "constant": _constant,
    "cot": _cot,
    "differential": lambda m, parts, _: "d" + unicode_name(m.data[0]),
    "commutation": lambda m, parts, _: f"K({', '.join(parts)})",
    "sum": lambda m, parts, _: signed_sum(m, parts, minus="−"),
    "negative": lambda m, parts, _: "−" + parts[0],
    "product": _product,
    "infix": lambda m, parts, o: alternate(parts, [f" {_operator(x, o)} " for x in m.data]),
    "fraction": lambda m, parts, _: f"{parts[0]}/{parts[1]}",
    "power": _power,
    "postfix": lambda m, parts, _: parts[0] + _POSTFIX[m.data],
    "brackets": lambda m, parts, _: f"({parts[0]})",
    "call": _call,
    "sized": lambda m, parts, _: f"{unicode_function(m.data)}({', '.join(parts)})",
    "norm": _norm,
    "absolute": lambda m, parts, _: f"|{parts[0]}|",
    "root": lambda m, parts, _: "√" + parts[0],
    "indicator": lambda m, parts, _: f"𝟏[{parts[0]} > 0]",
    "angle": lambda m, parts, _: f"⟨{parts[0]}, {parts[1]}⟩",
}
