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

from .dual import Dual
from .field import Bound, Field

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
        self.positive: set[int] = set(range(1, 11))
        self.powers: dict[int, list] = {}
        self.bound = Bound()

    @property
    def chance(self) -> float:
        """How likely different arguments had the same value, or seemed related, by accident."""
        n = len(self.table) + len(self.exps) + len(self.logs) + len(self.roots)
        return n ** 3 * self.bound.plus(self.bound).chance if self.table or self.count else 0.0

    def assume_positive(self, X: Dual) -> None:
        """The entries of X are the roots of their squares, and so positive."""
        for x in X.v.flat:
            self._root(x * x % self.field.p, x)

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
        """exp(u) = e, exp(-u) = 1/e, and their logarithms; e is positive."""
        p, over = self.field.p, self.field.inverse(e)
        self.exps |= {u: e, -u % p: over}
        self.logs |= {e: u, over: -u % p}
        self.positive |= {e, over}

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
                self._chosen(self.field.root(u))
            self._root(u, r)
        return self.roots[u]

    def _root(self, u: int, r: int) -> None:
        """sqrt(u) = r and sqrt(1/u) = 1/r, all of them positive."""
        pairs = {u: r, self.field.inverse(u): self.field.inverse(r)}
        self.roots |= pairs
        self.positive |= {*pairs, *pairs.values()}

    def _chosen(self, r: int) -> int:
        """The one of r and -r that is |r|."""
        return r * self.sign(r) % self.field.p

    def sign(self, u: int) -> int:
        p = self.field.p
        if u in self.positive or p - u in self.positive:
            return 1 if u in self.positive else p - 1
        if self.choices is None:
            return self.odd("sign", u)
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
