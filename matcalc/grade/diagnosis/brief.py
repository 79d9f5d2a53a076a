"""Formulas as they are said: with the problem's names for what it computes."""

from __future__ import annotations

from ...derive.textbook import textbook
from ...expr import build
from ...expr.latex import latex
from ...expr.node import Expr, node
from ...expr.rename import replaced
from ...model import Model


class Brief:
    """Prints r where the closed form has W h - y."""

    def __init__(self, model: Model):
        self.names: list[tuple[Expr, Expr]] = []
        values: dict[Expr, Expr] = {}
        for a in model.assignments:
            if a.is_anonymous or a is model.output and a.expr.is_scalar:
                continue
            values[symbol := build.var(a.name, a.expr.shape)] = replaced(a.expr, values)
            form = self.folded(textbook(values[symbol]))
            if form.args:
                self.names.append((form, symbol))

    def folded(self, e: Expr) -> Expr:
        """e with names for its parts, those that are computed first first."""
        for form, symbol in self.names:
            e = replaced(e, {form: symbol})
        return e

    def parts(self, e: Expr) -> str:
        """e itself written out, its parts by their names."""
        return f"${latex(node(e.op, tuple(map(self.folded, e.args)), e.data, e.shape))}$"

    def __call__(self, e: Expr) -> str:
        return f"${latex(self.folded(e))}$"
