"""Functions that are not rational, as unknowns.

A value such as exp(u) becomes a random number that belongs to u: the same u, however it
was computed, gets the same number.  What holds for arbitrary numbers in its place holds
for exp; what does not hold may still be true, because not all relations are built in.
Those that are: exp(u + v) = exp(u) exp(v), log(u v) = log(u) + log(v), each the inverse of
the other; sqrt(u v) = sqrt(u) sqrt(v); sin^2 + cos^2 = 1; odd functions are odd; sigmoid,
tanh, sinh, cosh and softmax in terms of exp; and, where all choices of signs are tried,
sqrt(u)^2 = u and sign(u)^2 = 1.
"""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

from .dual import Dual
from .field import Bound, Field, NotRational

MAX_CHOICES = 5           # 2^5 choices of signs are tried
MAX_SHIFT = 64            # x^(a + k) is x^a x^k for whole k up to this


class TooManyChoices(ArithmeticError):
    """More roots and signs than can be tried."""


class Unknowns:
    """The unknown numbers of one point.

    choices  None: roots and signs are unknowns too; else a bit for each of them, in order
             of appearance, which chooses a root that exists, or a sign
    salt     chooses other numbers at the same point
    used     names of what became unknown, other than the user's abstract functions
    count    how many choices there were;  degree  in the unknowns, of one value
    """

    def __init__(self, field: Field, choices: int | None = None, salt: int = 0):
        self.field, self.choices, self.count, self.degree = field, choices, 0, 1
        self.random = random.Random(repr((field.p, salt)))
        self.used: set[str] = set()
        self.table: dict = {}
        self.exps, self.logs = {0: 1}, {1: 0}
        self.roots: dict[int, int] = {}
        self.powers: dict[int, list] = {}
        self.bound = Bound()

    @property
    def chance(self) -> float:
        """How likely different arguments had the same value, or seemed related, by accident."""
        n = len(self.table) + len(self.exps) + len(self.logs) + len(self.roots)
        return n ** 3 * self.bound.plus(self.bound).chance if self.table or self.count else 0.0

    def assume_positive(self, X: Dual) -> None:
        """The entries of X are the roots of their squares, and have a sign."""
        p = self.field.p
        for x in X.v.flat:
            self._root(x * x % p, x)
            side = min(x, p - x)
            self.table["sign", side] = self.table["side", side] = 1 if x == side else p - 1

    def value(self, name: str, u, is_free: bool = False) -> int:
        if not is_free:
            self.used.add(name)
        if (name, u) not in self.table:
            self.table[name, u] = self.random.randrange(1, self.field.p)
        return self.table[name, u]

    def odd(self, name: str, u: int) -> int:
        p = self.field.p
        return self.value(name, u) if 2 * u < p else -self.value(name, p - u) % p

    def _choice(self) -> int:
        """1 or -1."""
        if self.count == MAX_CHOICES:
            raise TooManyChoices
        self.count += 1
        return -1 if self.choices >> (self.count - 1) & 1 else 1

    def exp(self, u: int) -> int:
        if u not in self.exps:
            p = self.field.p
            found = next((self._times(v, self.exps[(u - a) % p]) for a, v in self.exps.items()
                          if (u - a) % p in self.exps), None)
            self._pair(u, self.value("exp", u) if found is None else found)
        return self.exps[u]

    def log(self, u: int) -> int:
        if u not in self.logs:
            p = self.field.p
            found = next(((v + self.logs[u * a % p]) % p for a, v in ((a, -v) for a, v in self.logs.items())
                          if u * a % p in self.logs), None)
            self._pair(self.value("log", u) if found is None else found, u)
        return self.logs[u]

    def _pair(self, u: int, e: int) -> None:
        """exp(u) = e, exp(-u) = 1/e, and their logarithms."""
        p, over = self.field.p, self.field.inverse(e)
        self.exps |= {u: e, -u % p: over}
        self.logs |= {e: u, over: -u % p}

    def _times(self, a: int, b: int) -> int:
        self.degree *= 2
        return a * b % self.field.p

    def root(self, u: int) -> int:
        if 1 not in self.roots:
            for k in range(1, 11):
                self._root(k * k, k)
        if u not in self.roots:
            p = self.field.p
            found = next((self._times(v, self.roots[u * a % p]) for a, v in
                          ((a, self.field.inverse(r)) for a, r in self.roots.items()) if u * a % p in self.roots), None)
            r = found if found is not None else self.value("sqrt", u) if self.choices is None else \
                self.field.root(u) * self._choice() % p
            self._root(u, r)
        return self.roots[u]

    def _root(self, u: int, r: int) -> None:
        """sqrt(u) = r and sqrt(1/u) = 1/r."""
        self.roots |= {u: r, self.field.inverse(u): self.field.inverse(r)}

    def sign(self, u: int) -> int:
        if self.choices is None:
            return self.odd("sign", u)
        p = self.field.p
        side = min(u, p - u)
        if ("side", side) not in self.table:
            self.table["side", side] = self._choice()
        return self.table["side", side] * (1 if u == side else -1) % p

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
