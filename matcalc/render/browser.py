"""The printer for HTML: MathML, which a browser sets by itself."""

from __future__ import annotations

import re

from ..derive.jacobian import VECTOR
from ..expr import build
from ..expr.compose import DEFAULT, Notation
from ..expr.elements import (
    TIMES,
    alternated,
    enclosed,
    frac,
    grid,
    invisible,
    mi,
    mn,
    mo,
    row,
    sub,
    sup,
    tight,
)
from ..expr.mathml import applied, mathml, mathml_symbol, quotient, transposed
from ..expr.node import Expr
from ..shapes import SCALAR, Size, is_column, is_scalar
from .html import Html, ready, sentence
from .markup import broken, markup_width
from .printer import FOR, IF, SHORT
from .speaker import Speaker

LINE = 70  # what fits on a line of the page, as `markup_width` counts


class Browser(Speaker):
    """MathML: every formula is one element, to stand inside <math>."""

    kind = Html
    words = staticmethod(ready)
    together = staticmethod(sentence)
    times = Html(mo("×"))
    right = Html(mo("⋅", lspace="0", rspace="0.167em"))
    dots = Html(row(mo("+", form="infix"), tight("…")))
    gap = 1.5

    def __init__(self, notation: Notation = DEFAULT, line: float = LINE):
        self.notation, self.line = notation, line
        sign = "∘" if notation.hadamard == r"\circ" else "⊙"
        self.hadamard = Html(mo(sign, largeop="false", lspace="0", rspace="0.167em"))

    def formula(self, e: Expr) -> Html:
        return Html(mathml(e, self.notation))

    def inline(self, e: Expr) -> Html:
        """An element for what stays together."""
        room = self.line * SHORT
        return Html("\n".join(broken(self.formula(e), room, room)))

    def broken(self, e: Expr, heads: list[str]) -> Html:
        """An element a line."""
        room = self.room(max(heads, key=markup_width))
        return Html("\n".join(broken(self.formula(e), room, room - 2)))

    def room(self, head: str) -> float:
        return self.line - markup_width(head)

    def wide(self, text: str) -> float:
        return markup_width(text)

    def is_tall(self, formula: str) -> bool:
        return "<mfrac>" in formula or "<munderover>" in formula

    def rows(self, formula: str) -> int:
        return max((m.count("<mtr>") for m in re.findall("<mtable>(.*?)</mtable>", formula)), default=0)

    def name(self, name: str, shape=SCALAR) -> Html:
        rank = "scalar" if is_scalar(shape) else "vector" if is_column(shape) else "matrix"
        return Html(mathml_symbol(name, rank, self.notation))

    def maths(self, formula: str) -> Html:
        return Html(f"<math>{formula}</math>")

    def aside(self, formula: str) -> Html:
        return Html(formula)

    def steps(self, index: str, first: str, last: str) -> Html:
        return Html(row(mi(index), mo("="), _index(first), mo(","), tight("…"), mo(","), _index(last)))

    def less(self, a: str, b: str) -> Html:
        return Html(row(_index(a), mo("<"), _index(b)))

    def only_if(self, line: str, condition: str) -> Html:
        return Html(f"{line} {self.said(IF)} {condition}")

    def loop(self, steps: str) -> Html:
        return Html(f"{self.said(FOR)} {self.maths(steps)}")

    def assigned(self, lhs: str, rhs: str, add: bool = False) -> Html:
        return Html(row(lhs, mo("←"), *([lhs, mo("+")] if add else []), rhs))

    def series(self, kind: str, term: str, index: str, first: str, last: str) -> Html:
        sign = mo({"sum": "∑", "product": "∏"}[kind])
        return Html(row(f"<munderover>{sign}{row(mi(index), mo('='), _index(first))}{_index(last)}</munderover>", term))

    def beside(self, factors: list[str]) -> Html:
        return Html(row(*alternated(factors, [invisible(TIMES)] * (len(factors) - 1))))

    def size(self, n: Size) -> Html:
        return self.formula(build.size_number(n))

    def enclosed(self, formula: str) -> Html:
        return Html(enclosed("(", formula, ")", tall=self.is_tall(formula)))

    def quotient(self, of: str, by: str, shape, stacked: bool = False, of_shape=SCALAR) -> Html:
        of, by = self.name(of, of_shape), self.name(by, shape)
        if stacked:
            return Html(frac(row(mi("∂"), _vec(of)), row(mi("∂"), transposed(_vec(by), self.notation))))
        return Html(quotient(of, by))

    def second(self, of: str, by: str, shape) -> Html:
        by = self.name(by, shape)
        if is_scalar(shape):
            bottom = row(mi("∂"), sup(by, mn("2")))
        else:
            by = by if is_column(shape) else _vec(by)
            if self.notation.gradient == "nabla":
                nabla = mi("∇", mathvariant="normal")
                return Html(row(f"<msubsup>{nabla}{by}{mn('2')}</msubsup>", self.name(of)))
            bottom = row(mi("∂"), by, _THIN, mi("∂"), transposed(by, self.notation))
        return Html(frac(row(_SECOND, self.name(of)), bottom))

    def mixed(self, of: str, first: str, second: str) -> Html:
        bottom = row(mi("∂"), self.name(first), _THIN, mi("∂"), self.name(second))
        return Html(frac(row(_SECOND, self.name(of)), bottom))

    def grid(self, rows: list[list[str]], heads: list[str]) -> Html:
        return Html(grid(rows))

    def along(self, of: str, direction: str, shape) -> Html:
        nabla = sup(mi("∇", mathvariant="normal"), mn("2"))
        return Html(row(nabla, self.name(of), enclosed("[", self.name(direction, shape), "]")))

    def entries(self, meaning: str, of: str, by: str) -> Html:
        if meaning == VECTOR:
            return self.maths(row(_entry(mi("J"), "ij"), mo("="), mi("∂"), self._entry(of, "i"), tight("/"),
                                  mi("∂"), self._entry(by, "j")))
        return self.maths(row(_entry(mi("H"), "ij"), mo("="), _SECOND, self.name(of), tight("/"),
                              mi("∂"), self._entry(by, "i"), _THIN, mi("∂"), self._entry(by, "j")))

    def _entry(self, name: str, index: str) -> str:
        """x_i, or (x_1)_i."""
        symbol = self.name(name)
        return _entry(enclosed("(", symbol, ")") if symbol.startswith("<msub>") else symbol, index)


_THIN = '<mspace width="0.167em"></mspace>'
_SECOND = sup(mi("∂"), mn("2"))


def _entry(symbol: str, index: str) -> str:
    return sub(symbol, row(*map(mi, index)))


def _index(text: str) -> str:
    """1, L, L - 1"""
    parts = re.findall(r"\w+|\S", text)
    return row(*(mn(p) if p.isdigit() else mo("−") if p == "-" else mi(p) for p in parts))


def _vec(symbol: str) -> str:
    return applied(mi("vec"), symbol)
