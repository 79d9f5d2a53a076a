"""A stand-in for NumPy with 50 digits, so that the same oracles can be run again.

Arrays hold mpmath numbers (dtype object); what NumPy cannot do with these is
replaced, everything else is NumPy's.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from mpmath import mp

DIGITS = 50


def _entrywise(name: str):
    function = np.frompyfunc(getattr(mp, name), 1, 1)
    return lambda x: np.asarray(function(x), dtype=object)


def _matrix(X):
    return mp.matrix(X.tolist())


def _array(M):
    return np.array(M.tolist(), dtype=object)


def _inv(X):
    return _array(_matrix(X) ** -1)


def _det(X):
    return np.array(mp.det(_matrix(X)), dtype=object)


def _slogdet(X):
    det = mp.det(_matrix(X))
    return mp.sign(det), (mp.log(abs(det)) if det else -mp.inf)


def _pinv(X):
    A = _matrix(X)
    gram = A.T * A if A.rows >= A.cols else A * A.T
    return _array((gram ** -1) * A.T if A.rows >= A.cols else A.T * (gram ** -1))


def _power(X, k):
    return _array(_matrix(X) ** k)


class Precise:
    """`numpy` for arrays of mpmath numbers."""

    pi, e = property(lambda self: mp.pi + 0), property(lambda self: mp.e + 0)
    linalg = SimpleNamespace(inv=_inv, det=_det, slogdet=_slogdet, pinv=_pinv, matrix_power=_power)

    def __getattr__(self, name: str):
        if name in ("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sqrt", "expm1", "sign"):
            return _entrywise(name)
        if name in ("sum", "mean", "trace", "max", "min"):  # of mpmath numbers these give no array
            return lambda x, **options: np.asarray(getattr(np, name)(x, **options), dtype=object)
        if name in ("arcsin", "arccos", "arctan"):
            return _entrywise("a" + name[3:])
        return getattr(np, name)

    @staticmethod
    def log2(x):
        return float(mp.log(x, 2))

    @staticmethod
    def full(shape, value):
        return np.full(shape, mp.mpf(value), dtype=object)

    @staticmethod
    def logaddexp(a, b):
        return np.frompyfunc(lambda x: mp.log(1 + mp.exp(x)), 1, 1)(b)

    @staticmethod
    def vectorize(f, otypes):
        """The only function that the oracles vectorise is erf."""
        return _entrywise("erf")


def numbers(values: dict) -> dict:
    """The same values as mpmath numbers (exact: a float is a fraction)."""
    to = np.frompyfunc(lambda v: mp.mpf(float(v)), 1, 1)
    return {k: to(v) for k, v in values.items()}
