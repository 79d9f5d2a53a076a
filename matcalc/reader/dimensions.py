"""Sizes that are not known yet, and their unification.

A `Dim` is an unknown size; it may be bound to another Dim or to a fixed `Size`
(a number or a declared name).  `Dim(is_long=True)` may not become one: a vector
has more than one entry as far as the reader is concerned.
"""

from __future__ import annotations

from ..shapes import ONE, Size


class Dim:
    """An unknown size."""

    __slots__ = ("bound", "is_long")

    def __init__(self, is_long: bool = False):
        self.bound: Dim | Size | None = None
        self.is_long = is_long


def find(d: "Dim | Size") -> "Dim | Size":
    """What d stands for: a Size if that is known, else the Dim that represents it."""
    while isinstance(d, Dim) and d.bound is not None:
        d = d.bound
    return d


def fits(a: "Dim | Size", b: "Dim | Size") -> bool:
    """Whether two sizes could be equal; binds nothing."""
    a, b = find(a), find(b)
    if a is b or a == b:
        return True
    if isinstance(a, Size) and isinstance(b, Size):
        return False
    if isinstance(a, Size):
        a, b = b, a
    return not (isinstance(b, Size) and a.is_long and b.is_one)


def unify(a: "Dim | Size", b: "Dim | Size") -> bool:
    """Make two sizes equal; False when they cannot be."""
    if not fits(a, b):
        return False
    a, b = find(a), find(b)
    if a is b or a == b:
        return True
    if isinstance(a, Size):
        a, b = b, a
    if isinstance(b, Dim) and a.is_long:
        b.is_long = True
    a.bound = b
    return True


def is_one(d: "Dim | Size") -> bool:
    d = find(d)
    return isinstance(d, Size) and d.is_one


def is_scalar(shape) -> bool:
    return is_one(shape[0]) and is_one(shape[1])


def is_column(shape) -> bool:
    return is_one(shape[1]) and not is_one(shape[0])


def is_row(shape) -> bool:
    return is_one(shape[0]) and not is_one(shape[1])


def said(shape) -> str:
    """A shape in words, as far as it is known."""
    rows, cols = (_name(find(d)) for d in shape)
    if is_scalar(shape):
        return "a scalar"
    if is_column(shape):
        return f"a vector with {rows} entries" if rows != "?" else "a vector"
    return f"{rows} x {cols}"


def _name(d: "Dim | Size") -> str:
    return str(d) if isinstance(d, Size) else "?"


SCALAR = (ONE, ONE)
