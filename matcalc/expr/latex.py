"""The LaTeX printer: what KaTeX, MathJax and pdfTeX with amsmath and amssymb all accept."""

from __future__ import annotations

from .compose import DEFAULT, Notation
from .marks import Mark, fold
from .names import latex_function, latex_index, latex_name, latex_raised
from .node import Expr
from .notation import notation
from .text import alternate, signed_sum


def latex(e: Expr, options: Notation = DEFAULT) -> str:
    """The formula in LaTeX: W_3^{\\top}(W_3 W_2 W_1 x - y)(W_1 x)^{\\top}."""
    return fold(notation(e, "page", options), _PRINTERS, options)


def latex_symbol(name: str, rank: str = "scalar", options: Notation = DEFAULT) -> str:
    """The name of a variable of rank "scalar", "vector" or "matrix"."""
    return latex_name(name, options.bold and rank != "scalar")


_CONSTANTS = {"ones": r"\mathbf{1}", "eye": "I", "zeros": "0"}


def _enclosed(left: str, inside: str, right: str, tall: bool) -> str:
    """Delimiters that grow with what is tall; a space after a control word."""
    if tall:
        left, right = r"\left" + left, r"\right" + right
    return left + (" " if left[-1].isalpha() else "") + inside + right


_SIGNS = {"dot": r" \cdot ", "thin": r" \, "}


def _gap(kind: str, following: str) -> str:
    if kind in _SIGNS:
        return _SIGNS[kind]
    return "" if kind == "tight" or following.startswith(("(", r"\left", r"\lVert", r"\lvert")) else " "


def _cot(m: Mark, parts: list[str], options: Notation) -> str:
    output, name, rank = m.data
    output, name = latex_symbol(output), latex_symbol(name, rank, options)
    return {"nabla": rf"\nabla{latex_index(name)} {output}", "delta": rf"\delta{latex_index(name)}"}.get(
        options.gradient, rf"\frac{{\partial {output}}}{{\partial {name}}}")


def _postfix(m: Mark, parts: list[str], options: Notation) -> str:
    exponent = {"transpose": options.transpose, "inverse": "-1",
                "inverse transpose": "-" + options.transpose, "pseudo": "+"}[m.data]
    return parts[0] + latex_raised(exponent)


def _power(m: Mark, parts: list[str], _) -> str:
    return parts[0] + latex_raised((r"\circ " if m.data == "entry" else "") + parts[1])


def _call(m: Mark, parts: list[str], _) -> str:
    name, primes, is_user = m.data
    return latex_function(name, is_user) + "'" * primes + _enclosed("(", ", ".join(parts), ")", m.tall)


def _sized(m: Mark, parts: list[str], _) -> str:
    sizes = latex_index(",".join(parts[1:]))
    return latex_function(m.data) + sizes + _enclosed("(", parts[0], ")", m.tall)


def _norm(m: Mark, parts: list[str], _) -> str:
    which, squared = m.data
    return _enclosed(r"\lVert", parts[0], r"\rVert", m.tall) + f"_{which}" + ("^2" if squared else "")


def _scientific(m: Mark, parts: list[str], _) -> str:
    head, exponent = m.data
    return ("" if head == "1" else head + r" \cdot ") + "10" + latex_raised(str(exponent))


def _constant(m: Mark, parts: list[str], options: Notation) -> str:
    base = r"\mathbf{0}" if m.data == "zeros" and options.bold else _CONSTANTS[m.data]
    base = r"\mathbf{I}" if m.data == "eye" and options.bold else base
    return base + (latex_index(r" \times ".join(parts)) if parts else "")


def _operator(kind: str, options: Notation) -> str:
    return {"had": options.hadamard, "over": r"\oslash", "kron": r"\otimes"}[kind]


def _product(m: Mark, parts: list[str], _) -> str:
    return alternate(parts, [_gap(g, part) for g, part in zip(m.data, parts[1:])])


def _prefix(m: Mark, parts: list[str], _) -> str:
    return r"\log\det" + ("" if m.parts[0].kind == "brackets" else " ") + parts[0]


def _series(m: Mark, parts: list[str], _) -> str:
    """One sum sign with limits; for several indices they stand below it together."""
    if len(m.data) == 1:
        return rf"\sum_{{{m.data[0]}=1}}^{{{parts[1]}}} {parts[0]}"
    return rf"\sum_{{{','.join(m.data)}}} {parts[0]}"


_PRINTERS = {
    "indexed": lambda m, parts, _: parts[0] + latex_index(m.data),
    "series": _series,
    "number": lambda m, parts, _: m.data,
    "scientific": _scientific,
    "symbol": lambda m, parts, o: latex_symbol(*m.data, o),
    "const": lambda m, parts, _: {"pi": r"\pi"}.get(m.data, m.data),
    "constant": _constant,
    "cot": _cot,
    "differential": lambda m, parts, o: r"\mathrm{d}" + latex_symbol(*m.data, o),
    "commutation": lambda m, parts, _: f"K_{{{','.join(parts)}}}",
    "sum": lambda m, parts, _: signed_sum(m, parts),
    "negative": lambda m, parts, _: "-" + parts[0],
    "product": _product,
    "infix": lambda m, parts, o: alternate(parts, [f" {_operator(x, o)} " for x in m.data]),
    "fraction": lambda m, parts, _: rf"\frac{{{parts[0]}}}{{{parts[1]}}}",
    "power": _power,
    "postfix": _postfix,
    "brackets": lambda m, parts, _: _enclosed("(", parts[0], ")", m.tall),
    "call": _call,
    "sized": _sized,
    "prefix": _prefix,
    "norm": _norm,
    "absolute": lambda m, parts, _: _enclosed(r"\lvert", parts[0], r"\rvert", m.tall),
    "root": lambda m, parts, _: rf"\sqrt{{{parts[0]}}}",
    "indicator": lambda m, parts, _: r"\mathbf{1}" + _enclosed("[", parts[0] + " > 0", "]", m.tall),
    "exponential": lambda m, parts, _: "e" + latex_raised(parts[0]),
    "angle": lambda m, parts, _: _enclosed(r"\langle", ", ".join(parts), r"\rangle", m.tall),
}
