"""Rules of standardisation, the heart of batch and layer normalisation.

With x_c = x - mean(x), s = sqrt(mean(x_c^2) + eps) and xhat = x_c / s:

    d xhat = (dx - mean(dx) - xhat .* mean(xhat .* dx)) / s

(Ioffe and Szegedy 2015, section 3, put together; the map is symmetric, so the
cotangent goes back through the same formula).  Along rows and columns the means
are taken of each row and each column.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Callable

from ..expr import algebra as alg
from ..expr.node import Expr
from ..shapes import ONE
from .rule import Rule


@dataclass(frozen=True)
class _Along:
    """What entries are standardised together.

    ending     of the operations' names: "", "_rows", "_cols"
    words      "a vector", ...
    operand    its shape in signatures; result: that of the standard deviations
    mean       the means over such entries;  spread: a number for each of them, repeated
    axis       of NumPy's arrays
    """

    ending: str
    words: str
    operand: str
    result: str
    mean: Callable[[Expr], Expr]
    spread: Callable[[Expr, Expr], Expr]
    axis: int

    def std(self, X: Expr, eps: Expr) -> Expr:
        return alg.build.call("std" + self.ending, X, eps)

    def standardized(self, X: Expr, eps: Expr) -> Expr:
        return alg.build.call("standardize" + self.ending, X, eps)

    def centred(self, X: Expr, weight: Expr) -> Expr:
        """weight .* mean(X), the means at the place of the entries."""
        return alg.had(weight, self.spread(self.mean(X), X))

    def over(self, X: Expr, s: Expr) -> Expr:
        """X divided by the standard deviations s."""
        return alg.mul(alg.power(s, alg.MINUS), X) if s.is_scalar else alg.had(
            X, alg.power(self.spread(s, X), alg.MINUS))

    def back(self, G: Expr, Y: Expr, X: Expr, eps: Expr) -> Expr:
        """(G - mean(G) - Y .* mean(G .* Y)) / s, three terms."""
        one = alg.ones(X.shape)
        inside = alg.sub(alg.sub(G, self.centred(G, one)), self.centred(alg.had(G, Y), Y))
        return self.over(inside, self.std(X, eps))


def _vector_mean(X: Expr) -> Expr:
    return alg.mul(alg.power(alg.size_number(X.rows * X.cols), alg.MINUS), alg.total(X))


def _line_mean(sums, n):
    return lambda X: alg.mul(alg.power(alg.size_number(n(X)), alg.MINUS), sums(X))


_ALONG = (
    _Along("", "a vector", "n 1", "1 1", _vector_mean, lambda m, X: alg.mul(m, alg.ones(X.shape)), 0),
    _Along("_rows", "each row", "m n", "m 1", _line_mean(alg.rowsum, lambda X: X.cols),
           lambda m, X: alg.matmul(m, alg.ones((ONE, X.cols))), 1),
    _Along("_cols", "each column", "m n", "1 n", _line_mean(alg.colsum, lambda X: X.rows),
           lambda m, X: alg.matmul(alg.ones((X.rows, ONE)), m), 0),
)
_HALF = alg.num(Fraction(1, 2))
_DOMAIN = "the entries of {0} are not all equal, or the added {1} is positive"
_CITES = ("ioffe2015:3", "ba2016:3")


def _numbers(np, arrays, axis: int):
    """(x - mean, standard deviation)"""
    X, eps = arrays
    centred = X - X.mean(axis=axis, keepdims=True)
    return centred, np.sqrt((centred ** 2).mean(axis=axis, keepdims=True) + eps)


def _standardize(along: _Along) -> Rule:
    def vjp(G, Y, i, args, data):
        X, eps = args
        if i == 0:
            return along.back(G, Y, X, eps)
        over = along.over(along.over(alg.had(G, Y), along.std(X, eps)), along.std(X, eps))
        return alg.neg(alg.had(_HALF, alg.total(over)))

    def differential(Y, args, dargs, data):
        X, eps = args
        moved = along.back(dargs[0], Y, X, eps)
        s = along.std(X, eps)
        return alg.sub(moved, alg.mul(alg.had(_HALF, dargs[1]), along.over(along.over(Y, s), s)))

    return Rule(
        "standardize" + along.ending, f"Standardisation of {along.words}",
        f"{along.operand}, 1 1 -> {along.operand}", ("X", "eps"), vjp=vjp, differential=differential,
        oracle=lambda np, arrays, data, sizes: np.divide(*_numbers(np, arrays, along.axis)),
        why="Mean and standard deviation move with every entry: two terms are subtracted.",
        calls=("standardize" + along.ending,), cites=_CITES, domain=_DOMAIN, draw=("any", "positive"), optional=1)


def _std(along: _Along) -> Rule:
    def vjp(G, Y, i, args, data):
        X, eps = args
        if i == 1:
            return alg.had(_HALF, alg.inner(G, alg.power(Y, alg.MINUS)))
        n = {"": X.rows, "_rows": X.cols, "_cols": X.rows}[along.ending]
        spread = along.spread(alg.mul(alg.power(alg.size_number(n), alg.MINUS), G), X)
        return alg.had(spread, along.standardized(X, eps))

    def differential(Y, args, dargs, data):
        X, eps = args
        moved = along.mean(alg.had(along.standardized(X, eps), dargs[0]))
        return alg.add(moved, alg.mul(alg.had(_HALF, dargs[1]), alg.power(Y, alg.MINUS)))

    return Rule(
        "std" + along.ending, f"Standard deviation of {along.words}",
        f"{along.operand}, 1 1 -> {along.result}", ("X", "eps"), vjp=vjp, differential=differential,
        oracle=lambda np, arrays, data, sizes: _numbers(np, arrays, along.axis)[1],
        why="The root of the mean square of what differs from the mean.",
        calls=("std" + along.ending,), cites=_CITES, domain=_DOMAIN, draw=("any", "positive"), optional=1)


RULES = tuple(make(along) for along in _ALONG for make in (_standardize, _std))
