"""Entrywise functions of dual numbers, in terms of the unknowns of a point."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ..lang import said
from .dual import Dual
from .field import Bound, NotRational
from .unknowns import Unknowns


class Functions:
    """Entrywise functions of dual numbers."""

    def __init__(self, unknowns: Unknowns):
        self.unknowns, self.field = unknowns, unknowns.field

    def __getitem__(self, name: str):
        """The function of that name. Raises NotRational."""
        found = getattr(self, name, None)
        if found is None:
            raise NotRational(said("`{name}` is not known to exact arithmetic", name=name))
        return found

    def _values(self, X: Dual, value) -> Dual:
        """Unknowns that belong to the entries of X, without a tangent."""
        self.unknowns.bound = max(self.unknowns.bound, X.bound)
        out = np.empty(X.shape, dtype=object)
        out.ravel()[:] = [value(u) for u in X.v.flat]
        degree = self.unknowns.degree * X.size  # a value may be 1 / exp(-u)
        return Dual(self.field, out, None, Bound(degree, degree))

    def _chain(self, X: Dual, value: Dual, slope: Dual) -> Dual:
        """value with the tangent slope .* dX."""
        if X.t is None:
            return value
        bound = value.bound.plus(slope.bound.times(X.bound))
        return Dual(self.field, value.v, slope.v * X.t % self.field.p, bound)

    def exp(self, X: Dual) -> Dual:
        E = self._values(X, self.unknowns.exp)
        return self._chain(X, E, E)

    def log(self, X: Dual) -> Dual:
        return self._chain(X, self._values(X, self.unknowns.log), X.still().over())

    def sqrt(self, X: Dual) -> Dual:
        R = self._values(X, self.unknowns.root)
        return self._chain(X, R, (R * 2).over())

    def power(self, X: Dual, Q: Dual) -> Dual:
        """x^q with one exponent q that is not a known number: d x^q = q x^(q-1) dx + x^q log(x) dq."""
        q = Q.v.flat[0]
        Y = self._values(X, lambda u: self.unknowns.power(u, q))
        out = self._chain(X, Y, Y * Q.still() / X.still())
        if Q.t is None:
            return out
        slope = Y * self.log(X.still())
        return Dual(self.field, out.v, (slope * Dual(self.field, Q.t)).v if out.t is None else
                    (out.t + (slope * Dual(self.field, Q.t)).v) % self.field.p,
                    out.bound.plus(slope.bound.times(Q.bound)))

    def fractional_power(self, X: Dual, q: Fraction) -> Dual:
        """x^q for a fraction q = m + f: x^m r^(f d) with a d-th root r of x."""
        if q.denominator == 2:
            return self.sqrt(X) ** q.numerator
        k, shift = divmod(q, 1)
        name = f"root of order {q.denominator}"
        R = self._values(X, lambda u: self.unknowns.value(name, u))
        R = self._chain(X, R, R / X.still() / q.denominator)
        return X ** int(k) * R ** int(shift * q.denominator)

    def sigmoid(self, X: Dual) -> Dual:
        return 1 / (1 + self.exp(-X))

    def tanh(self, X: Dual) -> Dual:
        E = self.exp(X) ** 2
        return (E - 1) / (E + 1)

    def sinh(self, X: Dual) -> Dual:
        return (self.exp(X) - self.exp(-X)) / 2

    def cosh(self, X: Dual) -> Dual:
        return (self.exp(X) + self.exp(-X)) / 2

    def softplus(self, X: Dual) -> Dual:
        return self.log(1 + self.exp(X))

    def silu(self, X: Dual) -> Dual:
        return X * self.sigmoid(X)

    def _circle(self, X: Dual) -> tuple[Dual, Dual]:
        """(sin, cos) from t = tan(x / 2), without tangents."""
        T = self._values(X, lambda u: self.unknowns.odd("sin", u))
        over = (1 + T * T).over()
        return 2 * T * over, (1 - T * T) * over

    def sin(self, X: Dual) -> Dual:
        return self._chain(X, *self._circle(X))

    def cos(self, X: Dual) -> Dual:
        sin, cos = self._circle(X)
        return self._chain(X, cos, -sin)

    def tan(self, X: Dual) -> Dual:
        return self.sin(X) / self.cos(X)

    def arctan(self, X: Dual) -> Dual:
        return self._odd("arctan", X, lambda x: (1 + x * x).over())

    def arcsin(self, X: Dual) -> Dual:
        return self._odd("arcsin", X, lambda x: self.sqrt(1 - x * x).over())

    def arccos(self, X: Dual) -> Dual:
        return self.constant("pi") / 2 - self.arcsin(X)

    def erf(self, X: Dual) -> Dual:
        return self._odd("erf", X, lambda x: 2 / self.sqrt(self.constant("pi")) * self.exp(-(x * x)))

    def gelu(self, X: Dual) -> Dual:
        return X / 2 * (1 + self.erf(X / self.sqrt(Dual.constant(self.field, [[2]]))))

    def _odd(self, name: str, X: Dual, slope) -> Dual:
        return self._chain(X, self._values(X, lambda u: self.unknowns.odd(name, u)), slope(X.still()))

    def sign(self, X: Dual) -> Dual:
        return self._values(X, self.unknowns.sign)

    def step(self, X: Dual) -> Dual:
        return (1 + self.sign(X)) / 2

    def abs(self, X: Dual) -> Dual:
        return X * self.sign(X)

    def relu(self, X: Dual) -> Dual:
        return X * self.step(X)

    def leaky_relu(self, X: Dual) -> Dual:
        return X * (self.step(X) * Fraction(99, 100) + Fraction(1, 100))

    def elu(self, X: Dual) -> Dual:
        s = self.step(X)
        return s * X + (1 - s) * (self.exp(X) - 1)

    def entries(self, name: str, X: Dual, *more: Dual) -> Dual:
        """An unknown array of X's shape that belongs to whole arrays: the one-hot of an
        extreme entry, a matrix exponential."""
        values = tuple(x for array in (X, *more) for x in array.v.flat)
        out = np.empty(X.shape, dtype=object)
        out.ravel()[:] = [self.unknowns.value(name, (i, *values)) for i in range(X.size)]
        self.unknowns.bound = max(self.unknowns.bound, X.bound)
        return Dual(self.field, out)

    def abstract(self, name: str, order: int, X: Dual) -> Dual:
        """A function about which nothing is known, or its derivative of some order."""
        def derivative(k: int) -> Dual:
            return self._values(X, lambda u: self.unknowns.value(name + "'" * k, u, is_free=True))
        return self._chain(X, derivative(order), derivative(order + 1))

    def constant(self, name: str) -> Dual:
        """pi, or e = exp(1)."""
        value = self.unknowns.exp(1) if name == "e" else self.unknowns.value(name, 0)
        return Dual(self.field, np.array([[value]], dtype=object))
