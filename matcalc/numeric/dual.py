"""Arrays of dual numbers over a prime field: a value and its derivative along one direction.

They have as much of NumPy's surface as the oracles of the rules use, so that the same
oracles compute exact values and exact derivatives (forward mode).
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from numbers import Integral, Rational

import numpy as np

from ..lang import said
from .field import Bound, Field, NotRational


class Dual:
    """value, tangent (None: zero), and the bound of both."""

    __slots__ = ("field", "v", "t", "bound")
    __array_ufunc__ = None   # NumPy leaves array * Dual to __rmul__

    def __init__(self, field: Field, v: np.ndarray, t: np.ndarray | None = None, bound: Bound = Bound(1)):
        self.field, self.v, self.bound = field, _array(v), bound
        self.t = None if t is None else _array(t)

    @classmethod
    def constant(cls, field: Field, value) -> Dual:
        """From whole numbers or fractions that are the same at every point."""
        array = np.asarray(value, dtype=object)
        entries = [_exact(x) for x in array.flat]
        out = np.empty(array.shape, dtype=object)
        out.ravel()[:] = [field.fraction(x) for x in entries]
        common = lcm(*(x.denominator for x in entries))
        largest = max((int(abs(x) * common) for x in entries), default=1)
        return cls(field, out, None, Bound(0, 0, max(largest, common).bit_length()))

    def lift(self, other) -> Dual:
        return other if isinstance(other, Dual) else Dual.constant(self.field, other)

    def still(self) -> Dual:
        """The same without a tangent."""
        return Dual(self.field, self.v, None, self.bound)

    # ------------------------------------------------------------ shape

    shape = property(lambda self: self.v.shape)
    size = property(lambda self: self.v.size)
    dtype = property(lambda self: self.v.dtype)

    def __len__(self) -> int:
        return len(self.v)

    def moved(self, move) -> Dual:
        """What only moves, repeats or drops entries."""
        return Dual(self.field, move(self.v), None if self.t is None else move(self.t), self.bound)

    T = property(lambda self: self.moved(lambda x: x.T))

    def __getitem__(self, where) -> Dual:
        return self.moved(lambda x: x[where])

    def reshape(self, *shape, order="C") -> Dual:
        return self.moved(lambda x: x.reshape(*shape, order=order))

    def transpose(self, *axes) -> Dual:
        return self.moved(lambda x: x.transpose(*axes))

    # ------------------------------------------------------------ arithmetic

    def __neg__(self) -> Dual:
        return self.moved(lambda x: -x % self.field.p)

    def __add__(self, other) -> Dual:
        other = self.lift(other)
        v = (self.v + other.v) % self.field.p
        return Dual(self.field, v, self._sum(self.t, other.t, np.shape(v)), self.bound.plus(other.bound))

    def __sub__(self, other) -> Dual:
        return self + -self.lift(other)

    def __rsub__(self, other) -> Dual:
        return self.lift(other) + -self

    def __mul__(self, other) -> Dual:
        return self.product(self.lift(other), np.multiply, 1)

    def __matmul__(self, other: Dual) -> Dual:
        return self.product(other, np.matmul, self.shape[1])

    __radd__, __rmul__ = __add__, __mul__

    def product(self, other: Dual, times, terms: int) -> Dual:
        """A product that is linear in both; `terms` are summed for an entry."""
        p = self.field.p
        v = times(self.v, other.v) % p
        left = None if self.t is None else times(self.t, other.v) % p
        right = None if other.t is None else times(self.v, other.t) % p
        return Dual(self.field, v, self._sum(left, right, np.shape(v)), self.bound.times(other.bound, terms))

    def _sum(self, a, b, shape):
        if a is None or b is None:
            found = b if a is None else a
            return None if found is None else np.broadcast_to(found, shape)
        return (a + b) % self.field.p

    def over(self) -> Dual:
        """1 / x entry by entry."""
        p = self.field.p
        y = self.field.inverses(self.v)
        return Dual(self.field, y, None if self.t is None else -(y * y % p) * self.t % p, self.bound.over(self.size))

    def __truediv__(self, other) -> Dual:
        if isinstance(other, Rational):
            return self * (1 / _exact(other))
        return self * self.lift(other).over()

    def __rtruediv__(self, other) -> Dual:
        return self.lift(other) * self.over()

    def __pow__(self, k: int) -> Dual:
        """Entry by entry; k is a whole number, also a negative one."""
        if k < 0:
            return self.over() ** -k
        return _power(self, k, Dual.constant(self.field, np.ones(self.shape, dtype=int)), lambda a, b: a * b)

    def sum(self, axis=None, keepdims=False) -> Dual:
        terms = self.size if axis is None else self.shape[axis]

        out = self.moved(lambda x: np.sum(x, axis=axis, keepdims=keepdims) % self.field.p)
        out.bound = self.bound.summed(terms)
        return out

    def mean(self, axis=None, keepdims=False) -> Dual:
        return self.sum(axis, keepdims) / (self.size if axis is None else self.shape[axis])

    # ------------------------------------------------------------ matrices

    def inverse(self) -> Dual:
        n, p, b = len(self), self.field.p, self.bound
        Y = self.field.matrix_inverse(self.v)
        t = None if self.t is None else -((Y @ self.t % p) @ Y) % p
        signs = n * n.bit_length()  # log2 of n! at most
        adjugate, det = b.d + (n - 1) * b.n, n * b.n
        bound = Bound(adjugate, det, n * b.bits + signs) if t is None else Bound(
            max(adjugate + b.d + det, 2 * adjugate + b.n), 2 * det + b.d, (2 * n + 1) * b.bits + 2 * signs + 2)
        return Dual(self.field, Y, t, bound)

    def det(self) -> Dual:
        """d det(X) = det(X) tr(X^-1 dX)."""
        n, p, b = len(self), self.field.p, self.bound
        bound = Bound(n * b.n, n * b.d, n * (b.bits + n.bit_length()) + n)
        value = self.field.det(self.v)
        if self.t is None:
            return Dual(self.field, value, None, bound)
        slope = np.trace(self.field.matrix_inverse(self.v) @ self.t % p)
        return Dual(self.field, value, value * slope % p, bound)

    def matrix_power(self, k: int) -> Dual:
        if k < 0:
            return self.inverse().matrix_power(-k)
        return _power(self, k, Dual.constant(self.field, np.eye(len(self), dtype=int)), lambda a, b: a @ b)


def _array(x) -> np.ndarray:
    """NumPy gives back numbers where an array has no axes."""
    return x if isinstance(x, np.ndarray) else np.array(x, dtype=object)


def _power(x, k: int, one, times):
    out = None
    while k:
        if k & 1:
            out = x if out is None else times(out, x)
        k >>= 1
        x = times(x, x) if k else x
    return one if out is None else out


def _exact(x) -> Fraction:
    if isinstance(x, (Fraction, Integral)):
        return Fraction(x)
    if float(x).is_integer():
        return Fraction(int(x))
    raise NotRational(said("the number {x} is no fraction", x=str(x)))
