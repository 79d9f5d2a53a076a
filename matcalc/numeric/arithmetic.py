"""Exact values of expressions: the oracles of the rules, run on dual numbers over a prime field."""

from __future__ import annotations

import operator
from fractions import Fraction
from types import SimpleNamespace

import numpy as np

from ..expr.node import Expr
from ..lang import said
from ..rules import RULES
from .dual import Dual
from .evaluate import Program, key
from .field import NotRational
from .functions import Functions
from .unknowns import Unknowns


class Arithmetic:
    """What of `numpy` the oracles use, for dual numbers.

    whole   values of the variables that are whole exponents
    """

    def __init__(self, unknowns: Unknowns, whole: dict[str, int]):
        self.field, self.functions, self.whole = unknowns.field, Functions(unknowns), whole
        self.linalg = SimpleNamespace(inv=Dual.inverse, det=Dual.det, pinv=_pinv)
        self.exp, self.log, self.sqrt, self.abs = (self.functions[n] for n in ("exp", "log", "sqrt", "abs"))

    @staticmethod
    def sum(X: Dual, **options) -> Dual:
        return X.sum(**options)

    @staticmethod
    def mean(X: Dual) -> Dual:
        return X.mean()

    @staticmethod
    def trace(X: Dual, offset: int = 0) -> Dual:
        out = X.moved(lambda x: np.trace(x, offset=offset) % X.field.p)
        out.bound = X.bound.summed(len(X))
        return out

    @staticmethod
    def diag(X: Dual) -> Dual:
        return X.moved(np.diag)

    @staticmethod
    def kron(A: Dual, B: Dual) -> Dual:
        return A.product(B, np.kron, 1)

    @staticmethod
    def tril(X: Dual) -> Dual:
        return X.moved(np.tril)

    @staticmethod
    def triu(X: Dual) -> Dual:
        return X.moved(np.triu)

    multiply, matmul, divide = map(staticmethod, (operator.mul, operator.matmul, operator.truediv))
    eye = staticmethod(np.eye)

    def asarray(self, X):
        return X

    def maximum(self, zero: int, X: Dual) -> Dual:
        return self.functions["relu"](X)

    def zeros(self, shape, dtype=None) -> Dual:
        return Dual.constant(self.field, np.zeros(shape, dtype=int))


def _pinv(X: Dual) -> Dual:
    """Of a matrix of full rank."""
    if X.shape[0] >= X.shape[1]:
        return (X.T @ X).inverse() @ X.T
    return X.T @ (X @ X.T).inverse()


# ------------------------------------------------- operations that are not rational, or are told exactly

def _softmax(axis: int):
    def value(a: Arithmetic, args, e, sizes):
        E = a.exp(args[0])
        return E / E.sum(axis=axis, keepdims=True)
    return value


def _logsumexp(axis: int):
    return lambda a, args, e, sizes: a.log(a.exp(args[0]).sum(axis=axis, keepdims=True))


def _fn(a: Arithmetic, args, e: Expr, sizes):
    return a.functions.abstract(e.data.name, e.data.order, args[0]) if e.data.is_abstract else \
        a.functions[e.data.name](args[0])


def _pow(a: Arithmetic, args, e: Expr, sizes):
    x, p = args
    q = _known(e.args[1], sizes, a.whole)
    if q is None:
        return a.functions.power(x, p)
    return x ** int(q) if q.denominator == 1 else a.functions.fractional_power(x, q)


def _matpow(a: Arithmetic, args, e: Expr, sizes):
    k = _known(e.args[1], sizes, a.whole)
    if k is None or k.denominator != 1:
        raise NotRational(said("the exponent of a matrix power is not a whole number"))
    return args[0].matrix_power(int(k))


def _known(e: Expr, sizes: dict[str, int], whole: dict[str, int]) -> Fraction | None:
    """The value of an exponent, where it is a number made of numbers."""
    if e.op == "num":
        return e.data
    if e.op == "size":
        return Fraction(e.data.value(sizes))
    if e.op == "var":
        return Fraction(whole[e.name]) if e.name in whole else None
    parts = [_known(x, sizes, whole) for x in e.args]
    if None in parts:
        return None
    if e.op == "add":
        return sum(parts, Fraction(0))
    if e.op == "had":
        return Fraction(np.prod(parts))
    return parts[0] ** int(parts[1]) if e.op == "pow" and parts[1].denominator == 1 and parts[0] else None


def _extreme(name: str):
    return lambda a, args, e, sizes: (a.functions.entries(name, args[0]) * args[0]).sum().reshape(1, 1)


def _expm(a: Arithmetic, args, e: Expr, sizes):
    """Unknown entries, as long as nothing moves."""
    if any(x.t is not None for x in args):
        raise NotRational(said("not rational: {names}", names="expm"))
    return a.functions.entries(e.op, *args)


def _ones(value: int):
    def made(a: Arithmetic, args, e: Expr, sizes):
        return _of(a, sizes, e, lambda m, n: np.full((m, n), value))
    return made


def _of(a: Arithmetic, sizes, e: Expr, make) -> Dual:
    return Dual.constant(a.field, make(e.rows.value(sizes), e.cols.value(sizes)))


def _commutation(m: int, n: int) -> np.ndarray:
    """K with K vec(X) = vec(X^T) for X of size m x n."""
    return np.eye(m * n, dtype=int)[np.arange(m * n).reshape(n, m).ravel(order="F")]


_OWN = {
    "num": lambda a, args, e, sizes: Dual.constant(a.field, [[e.data]]),
    "size": lambda a, args, e, sizes: Dual.constant(a.field, [[e.data.value(sizes)]]),
    "const": lambda a, args, e, sizes: a.functions.constant(e.data),
    "ones": _ones(1), "zeros": _ones(0),
    "eye": lambda a, args, e, sizes: _of(a, sizes, e, lambda m, n: np.eye(m, dtype=int)),
    "commutation": lambda a, args, e, sizes: Dual.constant(a.field, _commutation(*(s.value(sizes) for s in e.data))),
    "fn": _fn, "pow": _pow, "matpow": _matpow,
    "logdet": lambda a, args, e, sizes: a.log(args[0].det().reshape(1, 1)),
    "softmax": _softmax(0), "softmax_cols": _softmax(0), "softmax_rows": _softmax(1),
    "logsumexp": _logsumexp(0), "logsumexp_cols": _logsumexp(0), "logsumexp_rows": _logsumexp(1),
    "max": _extreme("argmax"), "min": _extreme("argmin"),
    "argmax": lambda a, args, e, sizes: a.functions.entries("argmax", args[0]),
    "argmin": lambda a, args, e, sizes: a.functions.entries("argmin", args[0]),
    "expm": _expm, "frechet": _expm,
}


class ExactProgram(Program):
    """Expressions that can be evaluated at points of prime fields; `array` is the point's arithmetic."""

    def at(self, arithmetic: Arithmetic, values: dict, sizes: dict[str, int]) -> list[Dual]:
        """Values of the roots. Raises NotRational, Singular, TooManyRoots."""
        self.array = arithmetic
        return self.results(self.run(values, sizes))

    def _value(self, e: Expr, args: list, values: dict, sizes: dict[str, int]) -> Dual:
        if e.op in ("var", "cot", "dvar"):
            return values[key(e)]
        if e.op in _OWN:
            return _OWN[e.op](self.array, args, e, sizes)
        return RULES[e.op].oracle(self.array, args, e.data, sizes)
