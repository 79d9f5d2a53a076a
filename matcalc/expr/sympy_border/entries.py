"""Sums over entries, which SymPy makes of (x.T*x)[0,0], read back as matrix products.

SymPy writes the entry of a product out, `Sum(A[i, j]*x[i, 0]*x[j, 0], ...)`.
Here every factor is a tensor with at most two of the indices, and the indices
are summed away one by one, the last one first, so that the factors come back
in the order in which they were multiplied.
"""

from __future__ import annotations

from typing import NamedTuple

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from ...shapes import ONE
from .. import build as b
from ..node import Expr
from . import scalars
from .shapes import unsupported


class Tensor(NamedTuple):
    """A scalar (no index), a column (one index), or a matrix (two)."""

    value: Expr
    indices: tuple


def index_sum(obj, read) -> Expr:
    """A Sum over entries, or a single entry of a 1 x 1 matrix."""
    found = _Sum(obj, read).tensor(obj)
    if found.indices:
        raise unsupported(obj, "with an index that is not summed")
    return found.value


class _Sum:
    def __init__(self, obj, read):
        self.obj, self.read = obj, read

    def tensor(self, f) -> Tensor:
        if isinstance(f, MatrixElement):
            return self._element(f)
        if isinstance(f, sp.Sum):
            return self._summed(f)
        if not f.atoms(MatrixElement):
            return Tensor(self.read(f), ())
        if isinstance(f, sp.Add):
            return self._entrywise([self.tensor(a) for a in f.args], scalars.plus)
        if isinstance(f, sp.Mul):
            return self._entrywise([self.tensor(a) for a in f.args], scalars.times)
        if isinstance(f, sp.Pow):
            return self._entrywise([self.tensor(a) for a in f.args], scalars.power)
        if isinstance(f, sp.Function):
            inside = self.tensor(f.args[0])
            return Tensor(scalars.function(f, [inside.value]), inside.indices)
        raise unsupported(f)

    def _element(self, f) -> Tensor:
        matrix, i, j = f.args
        value = self.read(matrix)
        used = tuple(k for k in (i, j) if not k.is_Integer)
        if value.is_scalar:
            return Tensor(value, ())
        if not all(isinstance(k, sp.Symbol) for k in used):
            raise unsupported(f)
        if len(used) == 2:
            return Tensor(b.call("diagpart", value), (i,)) if i == j else Tensor(value, (i, j))
        if len(used) == 1 and used[0] == i and value.is_column:
            return Tensor(value, used)
        if len(used) == 1 and used[0] == j and value.is_row:
            return Tensor(b.transpose(value), used)
        raise unsupported(f, "(a single entry of a matrix; for a scalar such as (x.T*x)[0, 0] "
                             "write Trace(x.T*x))")

    def _entrywise(self, parts: list[Tensor], combine) -> Tensor:
        indices = next((p.indices for p in parts if p.indices), ())
        out = None
        for p in parts:
            value = p.value
            if p.indices and p.indices != indices:
                if p.indices != indices[::-1]:
                    raise unsupported(self.obj)
                value = b.transpose(value)
            out = value if out is None else combine(out, value)
        return Tensor(out, indices)

    def _summed(self, f) -> Tensor:
        factors = []
        for part in sp.Mul.make_args(f.function):
            base, exponent = part.as_base_exp()
            repeated = exponent.is_Integer and 0 < exponent <= 2 and part.has(MatrixElement)
            factors += [self.tensor(base)] * int(exponent) if repeated else [self.tensor(part)]
        for index, *_ in reversed(f.limits):
            factors = self._without(index, factors)
        out = factors[0]
        for other in factors[1:]:
            out = self._outer(out, other)
        return out

    def _outer(self, x: Tensor, y: Tensor) -> Tensor:
        """The product of what is left when all sums are done."""
        if x.indices and y.indices and x.indices != y.indices:
            if len(x.indices) == len(y.indices) == 1:
                return Tensor(b.matmul(x.value, b.transpose(y.value)), x.indices + y.indices)
            raise unsupported(self.obj)
        return self._entrywise([x, y], scalars.times)

    def _without(self, index, factors: list[Tensor]) -> list[Tensor]:
        """The factors after one index has been summed away."""
        rest = [f for f in factors if index not in f.indices]
        columns = [f.value for f in factors if f.indices == (index,)]
        matrices = [f for f in factors if index in f.indices and len(f.indices) == 2]
        if len(matrices) > 2:
            raise unsupported(self.obj)
        if not matrices:
            return [*rest, Tensor(self._total(columns), ())]
        if len(matrices) == 1:
            m = matrices[0]
            value = m.value if m.indices[1] == index else b.transpose(m.value)
            column = b.had(*columns) if columns else b.ones((value.cols, ONE))
            return [*rest, Tensor(b.matmul(value, column), (self._other(m, index),))]
        left, right = matrices
        x = left.value if left.indices[1] == index else b.transpose(left.value)
        y = right.value if right.indices[0] == index else b.transpose(right.value)
        middle = (b.call("diag", b.had(*columns)),) if columns else ()
        product = b.matmul(x, *middle, y)
        i, j = self._other(left, index), self._other(right, index)
        return [*rest, Tensor(b.call("diagpart", product), (i,)) if i == j else Tensor(product, (i, j))]

    @staticmethod
    def _other(m: Tensor, index):
        return m.indices[0] if m.indices[1] == index else m.indices[1]

    @staticmethod
    def _total(columns: list[Expr]) -> Expr:
        """The sum over the entries of a Hadamard product of columns."""
        if len(columns) == 1:
            column = columns[0]
            return b.call("tr", column.args[0]) if column.op == "diagpart" else b.call("sum", column)
        *left, right = columns
        return b.matmul(b.transpose(b.had(*left)), right)
