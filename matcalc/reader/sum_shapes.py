"""Shapes of sums over indices in a model."""

from __future__ import annotations

from ..shapes import ONE, Size
from .dimensions import SCALAR, Dim, is_one, is_scalar, unify
from .tree import Tree, trees


class SumShapes:
    """The part of the inference that knows entries, rows and sums."""

    def on_entry(self, t: Tree):
        base = t.args[0]
        rows, cols = self.nodes[base]
        lines = 2 - is_one(rows) - is_one(cols)
        if len(t.value) > lines or is_scalar((rows, cols)):
            has = ("a number has no index", "a vector has one index")[lines]
            count = "one" if len(t.value) == 1 else "two"
            raise self.conflict("M208", f"{has}, and `{self.written(t)}` has {count}", base)
        if len(t.value) < lines and (base.kind != "name" or base.value in self.guessed):
            raise self.conflict("M208", f"only a declared matrix has rows `{self.written(t)}`", base)
        return (cols, ONE) if len(t.value) < lines else SCALAR

    def on_bigsum(self, t: Tree):
        labels, above = t.value
        for label in labels:
            end = self.upper_end(above)
            first = None
            for entry in trees(t.args[0]):
                if entry.kind != "entry" or label not in entry.value:
                    continue
                for extent in self.extents(entry, label):
                    if not unify(end, extent):
                        raise self.two_ranges(t, label, first, entry)
                first = first or entry
        return self.nodes[t.args[0]]

    def upper_end(self, above: str) -> Dim | Size:
        if not above:
            return Dim(True)
        return Size(int(above)) if above.isdecimal() else Size(1, (above,))

    def extents(self, entry: Tree, label: str) -> list:
        """The sizes that an index of an entry runs over."""
        sizes = [d for d in self.nodes[entry.args[0]] if not is_one(d)]
        return [size for index, size in zip(entry.value, sizes) if index == label]

    def two_ranges(self, t: Tree, label: str, first: Tree | None, entry: Tree):
        is_row = len(entry.value) == 1 and not is_one(self.nodes[entry.args[0]][1])
        help = "an index of a matrix means its row; for columns declare the transpose" if is_row else ""
        if first is None:
            return self.conflict("M203", f"the sum over {label} ends at {t.value[1]}, and the entries do not",
                                 entry.args[0], help=help)
        return self.conflict("M203", f"the index {label} runs over two different ranges", first.args[0], entry.args[0],
                             help=help)
