"""What layers write: declarations and assignments of the input language."""

from __future__ import annotations

from typing import NamedTuple

BATCHES = ("columns", "rows")


class Value(NamedTuple):
    """A value that flows between layers: its name, and how many features it has.

    features   a size, "n1" or "3"; "" for a scalar (a loss)
    """

    name: str
    features: str


class Statements:
    """Collects what the layers of one network write.

    batch      None (one example, a column), "columns" (examples are the columns of X)
               or "rows" (examples are its rows)
    examples   name of their number
    """

    def __init__(self, batch: str | None = None, examples: str = "N"):
        self.batch, self.examples = batch, examples
        self.declared: dict[str, str] = {}
        self.assigned: dict[str, str] = {}
        self.depth = 0
        self._sizes = 0

    def new_size(self) -> str:
        """n0, n1, n2, ..."""
        self._sizes += 1
        return f"n{self._sizes - 1}"

    def declare(self, name: str, *words: str) -> str:
        """A declaration, once: a weight that two layers share is declared by the first."""
        self.declared.setdefault(name, " ".join(words))
        return name

    def declare_data(self, name: str, features: str, *words: str) -> str:
        """A declaration of examples: one column, or a matrix of the whole batch."""
        return self.declare(name, self.data_shape(features), *words)

    def data_shape(self, features: str) -> str:
        return {None: features, "columns": f"{features} x {self.examples}",
                "rows": f"{self.examples} x {features}"}[self.batch]

    def assign(self, stem: str, formula: str, name: str | None = None, index: int | None = None) -> str:
        """name = formula; without a name the stem with the layer's number, a capital
        letter for a batch."""
        if name is None:
            index = self.depth if index is None else index
            stem = stem.upper() if self.batch and stem.islower() and len(stem) == 1 else stem
            name = f"{stem}{index or 1}"
            while name in self.assigned or name in self.declared:
                index = (index or 1) + 1
                name = f"{stem}{index}"
        self.assigned[name] = formula
        return name

    def spread(self, b: str) -> str:
        """A bias for every example: the ones vector repeats it."""
        return {None: b, "columns": f"{b}*vector(1)'", "rows": f"vector(1)*{b}'"}[self.batch]

    @property
    def text(self) -> str:
        lines = [f"{name} : {words}" for name, words in self.declared.items()]
        return "\n".join([*lines, *(f"{name} = {formula}" for name, formula in self.assigned.items())])
