"""Numbers modulo a random prime of 61 bits, and how wrong a conclusion from them can be.

Arrays have dtype object and hold Python integers from 0 to p - 1.
"""

from __future__ import annotations

import random
from fractions import Fraction
from typing import NamedTuple

import numpy as np

BITS = 61
PRIMES = 1e16            # fewer than there are primes of 61 bits that leave 3 modulo 4
_BASES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)  # decide every number below 3e24


class Singular(ArithmeticError):
    """A division by zero at this point: another point has to be drawn."""


class NoRoot(Singular):
    """A square root that does not exist at this point."""


class NotRational(ArithmeticError):
    """Something in an expression is beyond exact arithmetic; the text says what."""


class Bound(NamedTuple):
    """The entries of an array, and of its tangent, as fractions of polynomials.

    n, d   degrees of the numerators and of a denominator that all entries have in common
    bits   logarithm (base 2) of the sum of the absolute coefficients of each of them
    """

    n: int = 0
    d: int = 0
    bits: float = 0

    def plus(self, other: Bound) -> Bound:
        if not self.d and not other.d:
            return Bound(max(self.n, other.n), 0, max(self.bits, other.bits) + 1)
        return Bound(max(self.n + other.d, other.n + self.d), self.d + other.d, self.bits + other.bits + 1)

    def times(self, other: Bound, terms: int = 1) -> Bound:
        """Bound of a product, or of a sum of so many products; the tangent has twice as many."""
        return Bound(self.n + other.n, self.d + other.d, self.bits + other.bits + terms.bit_length() + 1)

    def summed(self, terms: int) -> Bound:
        return Bound(self.n, self.d, self.bits + terms.bit_length())

    def over(self, count: int) -> Bound:
        """Bound of the reciprocals of `count` entries, and of their tangents -t / x^2."""
        n, d = self.d + (count - 1) * self.n, count * self.n
        return Bound(max(n + d, 2 * n) + self.n, 2 * d + self.d, (2 * count + 1) * self.bits + 2)

    @property
    def chance(self) -> float:
        """How likely a random point of a random prime's field hides that this is not zero.

        Either the prime divides every coefficient, or the point is a root
        (Schwartz and Zippel) among those that are no roots of the denominators.
        """
        return self.bits / (BITS - 1) / PRIMES + 2 * (self.n + self.d) / 2.0 ** (BITS - 1)


class Field:
    """The integers modulo a random prime p of 61 bits with p = 3 modulo 4."""

    def __init__(self, seed):
        self.random = random.Random(repr(seed))
        self.p = _prime(self.random)

    def number(self) -> int:
        """A random number that is not zero."""
        return self.random.randrange(1, self.p)

    def array(self, shape: tuple[int, ...]) -> np.ndarray:
        out = np.empty(shape, dtype=object)
        out.ravel()[:] = [self.number() for _ in range(out.size)]
        return out

    def fraction(self, q: Fraction) -> int:
        return q.numerator * self.inverse(q.denominator) % self.p

    def inverse(self, x: int) -> int:
        if x % self.p == 0:
            raise Singular
        return pow(x, -1, self.p)

    def inverses(self, X: np.ndarray) -> np.ndarray:
        """1 / x entry by entry, with one inversion for all of them."""
        partial, total = [], 1
        for x in X.flat:
            partial.append(total)
            total = total * x % self.p
        rest = self.inverse(total)
        out = np.empty(X.size, dtype=object)
        for i, x in reversed(list(enumerate(X.flat))):
            out[i] = partial[i] * rest % self.p
            rest = rest * x % self.p
        return out.reshape(X.shape)

    def root(self, x: int) -> int:
        """A square root. Raises NoRoot when there is none."""
        r = pow(x, (self.p + 1) // 4, self.p)
        if r * r % self.p != x % self.p:
            raise NoRoot
        return r

    def det(self, X: np.ndarray) -> int:
        try:
            return self._eliminate(X, np.empty((len(X), 0), dtype=object))[0]
        except Singular:
            return 0

    def matrix_inverse(self, X: np.ndarray) -> np.ndarray:
        return self._eliminate(X, np.array(np.eye(len(X), dtype=int), dtype=object))[1]

    def _eliminate(self, X: np.ndarray, right: np.ndarray) -> tuple[int, np.ndarray]:
        """(det X, X^-1 right) by Gauss-Jordan elimination."""
        n, rows, det = len(X), np.hstack([X, right]), 1
        for k in range(n):
            pivot = next((i for i in range(k, n) if rows[i, k]), None)
            if pivot is None:
                raise Singular
            if pivot != k:
                rows[[k, pivot]] = rows[[pivot, k]]
                det = -det
            det = det * rows[k, k] % self.p
            rows[k] = rows[k] * self.inverse(rows[k, k]) % self.p
            for i in range(n):
                if i != k and rows[i, k]:
                    rows[i] = (rows[i] - rows[i, k] * rows[k]) % self.p
        return det % self.p, rows[:, n:]


def _prime(rng: random.Random) -> int:
    while True:
        n = rng.randrange(2 ** (BITS - 1) + 3, 2 ** BITS, 4)
        if _is_prime(n):
            return n


def _is_prime(n: int) -> bool:
    """Miller and Rabin's test for n = 3 modulo 4, with bases that leave no doubt at this size."""
    half = (n - 1) // 2
    return all(n % b for b in _BASES) and all(pow(b, half, n) in (1, n - 1) for b in _BASES)
