"""Sizes of a traced program: which are equal is found while it is written, names come last."""

from __future__ import annotations

import re

ONE = "1"
_MARK = re.compile(r"<(\d+)>")

Dims = tuple[str, ...]


class Sizes:
    """Classes of equal sizes. In the text a size is a mark, "<7>", until `named` replaces it."""

    def __init__(self):
        self._parent: list[int] = []
        self._names: dict[int, str] = {}
        self._numbers: dict[int, int] = {}

    def new(self, number: int | None = None, name: str | None = None) -> str:
        """A size that nothing is known of; 1 stays the number 1."""
        if number == 1:
            return ONE
        k = len(self._parent)
        self._parent.append(k)
        if name:
            self._names[k] = name
        if number is not None:
            self._numbers[k] = number
        return f"<{k}>"

    def number(self, mark: str) -> int:
        """The number that a size has in the example."""
        return 1 if mark == ONE else self._numbers[self._root(mark)]

    def same(self, a: str, b: str) -> bool:
        """Whether two sizes are known to be equal."""
        return a == b or ONE not in (a, b) and self._root(a) == self._root(b)

    def unify(self, a: str, b: str) -> str:
        """Take two sizes for equal; a named one gives its name. Raises ValueError."""
        if ONE in (a, b):
            return ONE
        first, second = sorted((self._root(a), self._root(b)))
        numbers = {self._numbers[k] for k in (first, second) if k in self._numbers}
        if len(numbers) > 1:
            raise ValueError("sizes {} and {} meet".format(*sorted(numbers)))
        if second in self._names and first not in self._names:
            first, second = second, first
        self._parent[second] = first
        self._numbers.update((first, n) for n in numbers)
        return f"<{first}>"

    def named(self, text: str) -> str:
        """The text with names for marks: n0, n1, ... in the order of their appearance."""
        free = (f"n{i}" for i in range(len(self._parent)))

        def name(found: re.Match) -> str:
            root = self._root(found[0])
            if root not in self._names:
                self._names[root] = next(free)
            return self._names[root]
        return _MARK.sub(name, text)

    def _root(self, mark: str) -> int:
        k = int(mark[1:-1])
        while self._parent[k] != k:
            k = self._parent[k]
        return k
