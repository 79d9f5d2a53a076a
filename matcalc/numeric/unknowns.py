"""Functions that are not rational, as unknowns.

A value such as exp(u) becomes a random number that belongs to u: the same u, however it
was computed, gets the same number.  What holds for arbitrary numbers in its place holds
for exp; what does not hold may still be true, because exp(2 u) and exp(u) are related.
The relations that are built in: exp(-u) = 1/exp(u), log(exp(u)) = u, sin^2 + cos^2 = 1,
odd functions are odd, sigmoid, tanh, sinh, cosh, softmax in terms of exp, and
sqrt(u)^2 = u, where both roots are tried.
"""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

from .dual import Dual
from .field import BITS, Bound, Field, NotRational

MAX_ROOTS = 5             # 2^5 choices of signs are tried
MAX_SHIFT = 64            # x^(a + k) is x^a x^k for whole k up to this


class TooManyRoots(ArithmeticError):
    """More square roots than signs can be tried for: treat them as unknowns."""


class Unknowns:
    """The unknown numbers of one point.

    signs   one bit for each square root in order of appearance, or None: roots are unknowns
    salt    chooses other numbers at the same point
    used    names of what became unknown, other than the user's abstract functions
    """

    def __init__(self, field: Field, signs: int | None = 0, salt: int = 0):
        self.field, self.signs = field, signs
        self.random = random.Random(repr((field.p, salt)))
        self.used: set[str] = set()
        self.table: dict = {}
        self.roots: dict[int, int] = {}
        self.logs: dict[int, int] = {}
        self.powers: dict[int, list] = {}
        self.bound = Bound()

    @property
    def chance(self) -> float:
        """How likely two different arguments had the same value by accident."""
        pairs = len(self.table) ** 2 / 2
        return pairs * self.bound.plus(self.bound).chance + pairs / 2.0 ** (BITS - 1)

    def value(self, name: str, u, is_free: bool = False) -> int:
        if not is_free:
            self.used.add(name)
        if (name, u) not in self.table:
            self.table[name, u] = self.random.randrange(1, self.field.p)
        return self.table[name, u]

    def odd(self, name: str, u: int) -> int:
        p = self.field.p
        return self.value(name, u) if 2 * u < p else -self.value(name, p - u) % p

    def exp(self, u: int) -> int:
        if u in self.logs:
            return self.logs[u]
        p = self.field.p
        if u == 0:
            return 1
        found = self.value("exp", u) if 2 * u < p else self.field.inverse(self.value("exp", p - u))
        self.logs[u] = found
        self.table["log", found] = u
        return found

    def log(self, u: int) -> int:
        if u == 1:
            return 0
        if ("log", u) not in self.table and ("log", self.field.inverse(u)) in self.table:
            return -self.table["log", self.field.inverse(u)] % self.field.p
        found = self.value("log", u)
        self.logs[found] = u
        return found

    def root(self, u: int) -> int:
        if self.signs is None:
            return self.value("sqrt", u)
        if u not in self.roots:
            r = self.field.root(u)
            if len(self.roots) == MAX_ROOTS:
                raise TooManyRoots
            self.roots[u] = -r % self.field.p if self.signs >> len(self.roots) & 1 else r
        return self.roots[u]

    def power(self, u: int, q: int) -> int:
        """u^q for an exponent that is not a known number."""
        p = self.field.p
        for known, value in self.powers.setdefault(u, []):
            for k in (q - known) % p, (q - known) % p - p:
                if abs(k) <= MAX_SHIFT:
                    return value * pow(u, k, p) % p
        value = self.value("power", (u, q))
        self.powers[u].append((q, value))
        return value


class Functions:
    """Entrywise functions of dual numbers."""

    def __init__(self, unknowns: Unknowns):
        self.unknowns, self.field = unknowns, unknowns.field

    def __getitem__(self, name: str):
        """The function of that name. Raises NotRational."""
        found = getattr(self, name, None)
        if found is None:
            raise NotRational(f"`{name}` is not known to exact arithmetic")
        return found

    def _values(self, X: Dual, value, bound: Bound = Bound(1)) -> Dual:
        """Unknowns that belong to the entries of X, without a tangent."""
        self.unknowns.bound = max(self.unknowns.bound, X.bound)
        out = np.empty(X.shape, dtype=object)
        out.ravel()[:] = [value(u) for u in X.v.flat]
        return Dual(self.field, out, None, bound)

    def _chain(self, X: Dual, value: Dual, slope: Dual) -> Dual:
        """value with the tangent slope .* dX."""
        if X.t is None:
            return value
        bound = value.bound.plus(slope.bound.times(X.bound))
        return Dual(self.field, value.v, slope.v * X.t % self.field.p, bound)

    def exp(self, X: Dual) -> Dual:
        E = self._values(X, self.unknowns.exp, Bound(X.size, X.size))
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
        return self._values(X, lambda u: self.unknowns.odd("sign", u))

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

    def largest(self, name: str, X: Dual) -> Dual:
        """Numbers in place of the one-hot of an extreme entry."""
        values = tuple(X.v.flat)
        out = np.empty(X.shape, dtype=object)
        out.ravel()[:] = [self.unknowns.value(name, (i, *values)) for i in range(X.size)]
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
