"""Standardisation written out in simpler operations, so that mean and deviation are shared."""

from __future__ import annotations

from ...expr import algebra as alg
from ...expr.node import Expr
from ...shapes import ONE

NORMALS, SCALES = ("standardize", "rmsnorm"), ("std", "rms")


def standardisation(e: Expr) -> Expr:
    """standardize, rmsnorm, std and rms (also _rows, _cols) by means, squares and roots."""
    kind, _, along = e.op.partition("_")
    X, eps = e.args
    centred = X if kind.startswith("rms") else alg.sub(X, _spread(_mean(X, along), X, along))
    square = _mean(alg.power(centred, alg.num(2)), along)
    scale = alg.fn("sqrt", alg.add(square, alg.mul(eps, alg.ones(square.shape))))
    return scale if kind in SCALES else alg.had(centred, alg.power(_spread(scale, X, along), alg.MINUS))


def _mean(X: Expr, along: str) -> Expr:
    return alg.build.call({"": "mean", "rows": "rowmean", "cols": "colmean"}[along], X)


def _spread(m: Expr, X: Expr, along: str) -> Expr:
    if m.is_scalar:
        return alg.mul(m, alg.ones(X.shape))
    return alg.matmul(m, alg.ones((ONE, X.cols))) if along == "rows" else alg.matmul(alg.ones((X.rows, ONE)), m)
