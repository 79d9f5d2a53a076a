"""Sizes and shapes.

A size is a whole number, a name, or a product of these (`vec` and `kron` make
products).  Inside, every shape is a pair (rows, columns): a scalar is (1, 1),
a column vector (n, 1), a row (1, n).  Outside (the API) a scalar is `()`, a
column vector `(n,)`, a matrix `(m, n)`.
"""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """coefficient times names, e.g. 3, n, or 2 m n; `names` is sorted.

    A named tuple because every node of every expression hashes its sizes.
    """

    coefficient: int = 1
    names: tuple[str, ...] = ()

    @property
    def is_one(self) -> bool:
        return self.coefficient == 1 and not self.names

    @property
    def is_number(self) -> bool:
        return not self.names

    def __mul__(self, other: "Size") -> "Size":
        return Size(self.coefficient * other.coefficient, tuple(sorted(self.names + other.names)))

    def __str__(self) -> str:
        if not self.names:
            return str(self.coefficient)
        factors = ([str(self.coefficient)] if self.coefficient != 1 else []) + list(self.names)
        return " ".join(factors)

    def value(self, sizes: dict[str, int]) -> int:
        """The number that this size has when its names have the given values."""
        out = self.coefficient
        for name in self.names:
            out *= sizes[name]
        return out


ONE = Size()
Shape = tuple[Size, Size]
SCALAR: Shape = (ONE, ONE)


def size(x: "int | str | Size") -> Size:
    """A size from a number, a name, or a size."""
    if isinstance(x, Size):
        return x
    return Size(int(x)) if isinstance(x, int) or x.isdigit() else Size(1, (x,))


def shape(dims) -> Shape:
    """The inside shape from an outside one: () , (n,), (m, n)."""
    dims = tuple(size(d) for d in dims)
    return (dims + (ONE, ONE))[:2]


def is_scalar(s: Shape) -> bool:
    return s[0].is_one and s[1].is_one


def is_column(s: Shape) -> bool:
    return s[1].is_one and not s[0].is_one


def is_row(s: Shape) -> bool:
    return s[0].is_one and not s[1].is_one


def outside(s: Shape) -> tuple:
    """The outside form of a shape: () , (n,), (m, n), of ints and names."""
    plain = tuple(d.coefficient if d.is_number else str(d) for d in s)
    if is_scalar(s):
        return ()
    return plain[:1] if is_column(s) else plain


def words(s: Shape) -> str:
    """A shape in words: "a scalar", "a vector of n entries", "m x n"."""
    if is_scalar(s):
        return "a scalar"
    if is_column(s):
        return f"a vector with {s[0]} entries"
    return f"{s[0]} x {s[1]}"
