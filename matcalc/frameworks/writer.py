"""Writes values of a traced program in the input language; broadcasting is written out."""

from __future__ import annotations

import math
from typing import NamedTuple

from ..errors import fail
from ..layers.statements import Statements
from .sizes import ONE, Dims, Sizes


class Term(NamedTuple):
    """A tensor: a name of the input language (or its transpose), and its axes.

    A tensor with one axis is a column vector, one with none a scalar.
    """

    text: str
    dims: Dims


class Writer:
    """Statements and sizes of one program, and what is being written.

    operation, place   its name, and the module that it belongs to
    shapes             of the first argument and of the value, in numbers
    """

    def __init__(self):
        self.out, self.sizes = Statements(), Sizes()
        self.operation = self.place = ""
        self.shapes: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    def assign(self, stem: str, formula: str, dims: Dims, name: str | None = None, index: int | None = None) -> Term:
        """A statement; a matrix has a capital letter."""
        if len(dims) == 2 and ONE not in dims and len(stem) == 1:
            stem = stem.upper()
        if name in self.out.assigned or name in self.out.declared:
            name = None
        return Term(self.out.assign(stem, formula, name, index), dims)

    def refuse(self, why: str, help: str = ""):
        """Raise MatcalcError (M331) for the operation that is being written."""
        raise fail("M331", f"the operation {self.operation} cannot be written: {why}", facts=self.where(),
                   help=help or "write that part in the input language and derive it there")

    def where(self) -> tuple[str, ...]:
        """The module of the operation, as a fact."""
        return (f"it is used in {self.place}",) if self.place else ()

    def broadcast(self, *terms: Term) -> Dims:
        """The axes of an entrywise operation of several tensors."""
        dims = [t.dims for t in terms]
        rank = max(map(len, dims))
        out = []
        for k in range(-rank, 0):
            size = ONE
            for d in (d[k] for d in dims if len(d) >= -k and d[k] != ONE):
                size = d if size == ONE else self.sizes.unify(size, d)
            out.append(size)
        return tuple(out)

    def spread(self, term: Term, dims: Dims) -> str:
        """A tensor repeated to these axes, by products with vectors of ones."""
        text, have = term
        if is_scalar(have):
            return text if is_scalar(dims) else f"{text}*{_ones(dims)}"
        if len(dims) < 2:
            return text
        rows, cols = dims
        if len(have) == 1:
            return f"{text}'" if rows == ONE else f"vector(1)*{text}'"
        if have[0] == ONE != rows:
            return f"vector(1)*{text}"
        return f"{text}*vector(1)'" if have[1] == ONE != cols else text


def _ones(dims: Dims) -> str:
    if len(dims) == 1 or dims[1] == ONE:
        return "vector(1)"
    return "vector(1)'" if dims[0] == ONE else "matrix(1)"


def factor(text: str) -> str:
    """A formula as a factor: a product or sum in brackets."""
    return f"({text})" if "*" in text or " " in text else text


def is_scalar(dims: Dims) -> bool:
    """Whether a tensor has one entry."""
    return all(d == ONE for d in dims)


def number(value: float) -> str:
    """A number as it is written; the square root of a whole number is recognised."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{value} is no number that can be written")
    if value < 0:
        return f"(-{number(-value)})"
    if value == int(value) and value < 1e15:
        return str(int(value))
    square = round(value * value)
    return f"sqrt({square})" if square and math.sqrt(square) == value else repr(value)
