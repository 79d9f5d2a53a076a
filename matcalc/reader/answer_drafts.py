"""Answers whose shapes do not fit, read all the same.

What is wrong with such an answer can only be said when its factors and terms are
known. Where the shapes of a product or a sum do not fit, the first sensible meaning is
taken and the shape of the result is what it would be if they fitted.
"""

from __future__ import annotations

from ..expr import build
from ..expr.node import Expr, node
from .answer_builder import AnswerBuilder
from .answer_shapes import AnswerInference
from .call_shapes import Conflict
from .dimensions import SCALAR
from .tree import Tree


class DraftInference(AnswerInference):
    """Goes on where shapes do not fit; `misfits` has the places."""

    def __init__(self, *given):
        super().__init__(*given)
        self.misfits: set[Tree] = set()

    def on_mul(self, t: Tree):
        return self._or_else(t, super().on_mul, "mul")

    def on_star(self, t: Tree):
        return self._or_else(t, super().on_star, "emul" if self.is_entrywise(t) else "mul")

    def is_entrywise(self, t: Tree) -> bool:
        """Whether a product sign says that it goes entry by entry."""
        return t.value == "multiply" or self.dialect == "numpy" and t.value == "*"

    def on_emul(self, t: Tree):
        return self._or_else(t, super().on_emul, "emul")

    def on_add(self, t: Tree):
        return self._or_else(t, super().on_add, "emul")

    on_sub = on_add

    def on_call(self, t: Tree):
        try:
            return super().on_call(t)
        except Conflict:
            if t.value not in ("inv", "det", "logdet", "tr"):
                raise
            self.misfits.add(t)
        return self.nodes[t.args[0]] if t.value == "inv" else SCALAR

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
    """Writes down what does not fit, and spreads nothing there but bare numbers."""

    def is_spread(self, t: Tree) -> bool:
        return t not in self.inference.misfits

    def spread(self, t: Tree, x: Expr) -> Expr:
        return super().spread(t, x) if x.op == "num" or self.is_spread(t) else x

    def on_mul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.matmul(a, b) if t in self.inference.misfits else super().on_mul(t, a, b)

    def on_emul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.had(a, b) if t in self.inference.misfits else super().on_emul(t, a, b)

    def on_star(self, t: Tree, a: Expr, b: Expr) -> Expr:
        is_misfit = t in self.inference.misfits
        if is_misfit and self.decided(t) == "mul":
            return build.matmul(a, b)
        return build.had(a, b) if is_misfit else super().on_star(t, a, b)


class PlainDraftBuilder(DraftBuilder):
    """Takes every sign at its word: what fits by broadcasting, as a dot product, or because two
    sizes happen to be one, may have been meant otherwise."""

    def is_spread(self, t: Tree) -> bool:
        return False

    def on_add(self, t: Tree, a: Expr, b: Expr) -> Expr:
        total = super().on_add(t, a, b)
        return node("add", total.args, None, self.shape(t)) if total.op == "add" else total

    def on_sub(self, t: Tree, a: Expr, b: Expr) -> Expr:
        total = super().on_sub(t, a, b)
        return node("add", total.args, None, self.shape(t)) if total.op == "add" else total

    def on_star(self, t: Tree, a: Expr, b: Expr) -> Expr:
        if self.decided(t) == "dot":
            return build.matmul(a, b)
        if self.inference.is_entrywise(t):
            return self.entrywise(a, b)
        return super().on_star(t, a, b)

    def on_emul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return self.entrywise(a, b)

    @staticmethod
    def entrywise(a: Expr, b: Expr) -> Expr:
        """a .* b; what comes out as a scalar by a wrong product is none."""
        if not a.args and a.is_scalar or not b.args and b.is_scalar:
            return build.mul(a, b)
        return node("had", build.flat("had", (a, b)), None, b.shape if a.is_scalar else a.shape)
