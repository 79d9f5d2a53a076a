"""Answers whose shapes do not fit, read all the same.

What is wrong with such an answer can only be said when its factors and terms are
known. Where the shapes of a product or a sum do not fit, the first sensible meaning is
taken and the shape of the result is what it would be if they fitted.
"""

from __future__ import annotations

from ..expr import build
from ..expr.node import Expr
from .answer_builder import AnswerBuilder
from .answer_shapes import AnswerInference
from .call_shapes import Conflict
from .tree import Tree


class DraftInference(AnswerInference):
    """Goes on where shapes do not fit; `misfits` has the places."""

    def __init__(self, *given):
        super().__init__(*given)
        self.misfits: set[Tree] = set()

    def on_mul(self, t: Tree):
        return self._or_else(t, super().on_mul, "mul")

    def on_star(self, t: Tree):
        is_entrywise = t.value == "multiply" or self.dialect == "numpy" and t.value == "*"
        return self._or_else(t, super().on_star, "emul" if is_entrywise else "mul")

    def on_emul(self, t: Tree):
        return self._or_else(t, super().on_emul, "emul")

    def on_add(self, t: Tree):
        return self._or_else(t, super().on_add, "emul")

    on_sub = on_add

    def _or_else(self, t: Tree, rule, option: str):
        try:
            return rule(t)
        except Conflict:
            self.misfits.add(t)
            self.decided[t] = option
        a, b = (self.nodes[x] for x in t.args)
        if option == "mul":
            return a[0], b[1]
        return a


class DraftBuilder(AnswerBuilder):
    """Writes down what does not fit, and spreads nothing there."""

    def spread(self, t: Tree, x: Expr) -> Expr:
        return x if t in self.inference.misfits else super().spread(t, x)

    def on_mul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.matmul(a, b) if t in self.inference.misfits else super().on_mul(t, a, b)

    def on_emul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.had(a, b) if t in self.inference.misfits else super().on_emul(t, a, b)
