"""Rules of standardisation, the heart of batch, layer and RMS normalisation.

With x_c = x - mean(x), s = sqrt(mean(x_c^2) + eps) and xhat = x_c / s:

    d xhat = (dx - mean(dx) - xhat .* mean(xhat .* dx)) / s

(Ioffe and Szegedy 2015, section 3, put together; the map is symmetric, so the
cotangent goes back through the same formula).  With the root mean square instead
of the standard deviation nothing is centred and the term mean(dx) is absent
(Zhang and Sennrich 2019).  Along rows and columns the means are taken of each row
and each column.
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
class _Kind:
    """What is divided by: names of the two operations, words, and whether the mean goes first."""

    normal: str
    scale: str
    title: str
    scale_title: str
    centred: bool
    why: str
    cites: tuple[str, ...]


_KINDS = (
    _Kind("standardize", "std", "Standardisation", "Standard deviation", True,
          "Mean and standard deviation move with every entry: two terms are subtracted.", ("ioffe2015:3", "ba2016:3")),
    _Kind("rmsnorm", "rms", "Division by the root mean square", "Root mean square", False,
          "The root mean square moves with every entry: one term is subtracted.", ("zhang2019:4",)),
)


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

    def means(self, X: Expr, weight: Expr) -> Expr:
        """weight .* mean(X), the means at the place of the entries."""
        return alg.had(weight, self.spread(self.mean(X), X))

    def over(self, X: Expr, s: Expr) -> Expr:
        """X divided by the standard deviations s."""
        return alg.mul(alg.power(s, alg.MINUS), X) if s.is_scalar else alg.had(
            X, alg.power(self.spread(s, X), alg.MINUS))

    def back(self, G: Expr, Y: Expr, s: Expr, centred: bool) -> Expr:
        """(G - mean(G) - Y .* mean(G .* Y)) / s"""
        inside = alg.sub(G, self.means(G, alg.ones(G.shape))) if centred else G
        return self.over(alg.sub(inside, self.means(alg.had(G, Y), Y)), s)


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
_DOMAIN = {True: "the entries of {0} are not all equal, or the added {1} is positive",
           False: "{0} is not zero, or the added {1} is positive"}


def _numbers(np, arrays, axis: int, centred: bool):
    """(x, less its mean if it is centred; the root of the mean square)"""
    X, eps = arrays
    X = X - X.mean(axis=axis, keepdims=True) if centred else X
    return X, np.sqrt((X ** 2).mean(axis=axis, keepdims=True) + eps)


def _normal(along: _Along, kind: _Kind) -> Rule:
    def scale(args):
        return alg.build.call(kind.scale + along.ending, *args)

    def vjp(G, Y, i, args, data):
        if i == 0:
            return along.back(G, Y, scale(args), kind.centred)
        over = along.over(along.over(alg.had(G, Y), scale(args)), scale(args))
        return alg.neg(alg.had(_HALF, alg.total(over)))

    def differential(Y, args, dargs, data):
        moved = along.back(dargs[0], Y, scale(args), kind.centred)
        over = along.over(along.over(Y, scale(args)), scale(args))
        return alg.sub(moved, alg.mul(alg.had(_HALF, dargs[1]), over))

    return _rule(along, kind, kind.normal, kind.title, along.operand, vjp, differential,
                 lambda np, arrays, data, sizes: np.divide(*_numbers(np, arrays, along.axis, kind.centred)), kind.why)


def _scale(along: _Along, kind: _Kind) -> Rule:
    def normal(args):
        return alg.build.call(kind.normal + along.ending, *args)

    def vjp(G, Y, i, args, data):
        if i == 1:
            return alg.had(_HALF, alg.inner(G, alg.power(Y, alg.MINUS)))
        X = args[0]
        n = X.cols if along.axis else X.rows
        spread = along.spread(alg.mul(alg.power(alg.size_number(n), alg.MINUS), G), X)
        return alg.had(spread, normal(args))

    def differential(Y, args, dargs, data):
        moved = along.mean(alg.had(normal(args), dargs[0]))
        return alg.add(moved, alg.mul(alg.had(_HALF, dargs[1]), alg.power(Y, alg.MINUS)))

    return _rule(along, kind, kind.scale, kind.scale_title, along.result, vjp, differential,
                 lambda np, arrays, data, sizes: _numbers(np, arrays, along.axis, kind.centred)[1],
                 "The root of a mean of squares moves with each entry in proportion to it.")


def _rule(along: _Along, kind: _Kind, op: str, title: str, result: str, vjp, differential, oracle, why: str) -> Rule:
    name = op + along.ending
    return Rule(name, f"{title} of {along.words}", f"{along.operand}, 1 1 -> {result}", ("X", "eps"), vjp=vjp,
                differential=differential, oracle=oracle, why=why, calls=(name,), cites=kind.cites,
                domain=_DOMAIN[kind.centred], draw=("any", "positive"), optional=1)


RULES = tuple(make(along, kind) for kind in _KINDS for along in _ALONG for make in (_normal, _scale))
