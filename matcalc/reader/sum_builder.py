"""Sums over indices in a model as products of matrices."""

from __future__ import annotations

from ..expr import build
from ..expr.node import Expr
from ..lang import said
from ..shapes import ONE
from .builder import Builder
from .call_shapes import Conflict
from .indices import Indexed
from .sum_names import could_be_a_vector
from .tree import Tree, trees


class SumBuilder(Builder):
    """Builds what stands around sums like any formula, and the sums by their indices.

    of_numbers   sums in which nothing may be a vector: what is known of one entry is only that
    notes        how x_i was read
    """

    def __init__(self, source, inference, symbols, functions, of_numbers: dict[Tree, Tree] | None = None):
        super().__init__(source, inference, symbols, functions)
        self.of_numbers = of_numbers or {}
        self.notes: list[str] = []

    def operands(self, t: Tree) -> tuple[Tree, ...]:
        return () if t.kind == "bigsum" else super().operands(t)

    def on_bigsum(self, t: Tree) -> Expr:
        entries = [e for e in trees(t) if e.kind == "entry"]
        rows = [e for e in entries if self.shape(e)[0] != ONE]
        if t in self.of_numbers and (rows or self.shape(t) != (ONE, ONE)):
            raise could_be_a_vector(self.source, t, self.of_numbers[t])
        try:
            value = RowsTold(self.inference, self, self.functions).matrix(t, (), None)
        except Conflict as conflict:
            raise conflict.error from None
        if value.shape != self.shape(t):
            raise self.source.error("M117", "this sum is not read", (t.start, t.end), help="write it with matrices")
        return value


class RowsTold(Indexed):
    """Sums of a model: no index is free, and the model's notes say how x_i was read."""

    builder: SumBuilder

    def read_line(self, t: Tree, e: Expr, label: str, is_row: bool) -> None:
        if e.op == "var":
            row = build.var(f"{e.data[0][0].lower()}{e.data[0][1:]}_{label}", (e.cols, ONE))
            index = build.var(label, (ONE, ONE))
            self.builder.notes.append(said("{row} is row {index} of {matrix}, as a column", row=row, index=index, matrix=e))
