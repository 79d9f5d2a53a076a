"""From our expressions to SymPy.

Matrix nodes are made with the plain class constructors, so SymPy neither
evaluates nor re-sorts them; scalars are ordinary SymPy numbers and symbols.
"""

from __future__ import annotations

import sympy as sp
from sympy.matrices import expressions as mx
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalOf

from ...shapes import Size
from ..node import Expr, Func, walk
from . import functions, nodes


class _Context:
    """Symbols that are given, by name."""

    def __init__(self, symbols: dict):
        self.symbols = symbols

    def size(self, n: Size):
        return sp.Mul(n.coefficient, *(self.symbols.get(
            name, sp.Symbol(name, integer=True, positive=True)) for name in n.names))

    def symbol(self, e: Expr, name: str, scalar=sp.Symbol, matrix=sp.MatrixSymbol):
        if name in self.symbols:
            return self.symbols[name]
        if not e.is_scalar:
            return matrix(name, self.size(e.rows), self.size(e.cols))
        positive = e.op == "var" and "positive" in e.assumptions
        return scalar(name, positive=True) if positive else scalar(name)


def convert(root: Expr, symbols: dict):
    context = _Context(symbols)
    memo: dict[Expr, object] = {}
    for e in walk(root):
        args = [memo[a] for a in e.args]
        if e.op in _SCALAR_FORMS and e.args and all(a.is_scalar for a in e.args):
            memo[e] = _SCALAR_FORMS[e.op](*args)
            continue
        made = _OPERATIONS[e.op](e, args, context)
        memo[e] = mx.Trace(made) if e.is_scalar and getattr(made, "is_Matrix", False) else made
    return memo[root]


# ---------------------------------------------------------------- pieces

def _ones(rows, cols):
    return mx.OneMatrix(rows, cols)


def _product(*factors):
    """A plain matrix product; scalars are collected in front."""
    flat = []
    for f in factors:
        flat += f.args if isinstance(f, mx.MatMul) else (f,)
    numbers = [f for f in flat if not f.is_Matrix]
    matrices = [f for f in flat if f.is_Matrix]
    front = sp.Mul(*numbers)
    if len(matrices) == 1 and front == 1:
        return matrices[0]
    return mx.MatMul(*([] if front == 1 else [front]), *matrices)


def _sum(*terms):
    return mx.MatAdd(*terms) if terms[0].is_Matrix else sp.Add(*terms)


def _negative(x):
    return _product(sp.Integer(-1), x) if x.is_Matrix else -x


def _transposed(x):
    return x.args[0] if isinstance(x, mx.Transpose) else mx.Transpose(x)


def _total(x):
    """1^T X 1."""
    left = [] if x.rows == 1 else [_ones(1, x.rows)]
    right = [] if x.cols == 1 else [_ones(x.cols, 1)]
    return mx.Trace(_product(*left, x, *right))


def _inner(a, b):
    return mx.Trace(_product(_transposed(a), b))


def _entrywise(formula, x, parameter=functions.t):
    """`formula` in `parameter`, applied to every entry of x, or to the scalar x."""
    if not x.is_Matrix:
        return formula.subs(parameter, x) if not formula.has(sp.Derivative) else sp.Subs(
            formula, parameter, x)
    if not formula.has(parameter):
        return _product(formula, _ones(*x.shape))
    return ElementwiseApplyFunction(sp.Lambda(parameter, formula), x)


def _apply(name: str, x):
    if x.is_Matrix:
        return _entrywise(functions.body(name), x)
    return functions.FORMULAS[name](x)


# ---------------------------------------------------------------- operations

def _fn(e, args, context):
    f, x = e.data, args[0]
    if not f.is_user:
        return _entrywise(functions.body(f.name, f.order), x) if f.order else _apply(f.name, x)
    if f.is_abstract:
        return _abstract(f, x)
    if x.is_Matrix or f.order:
        formula = convert(f.body, {**context.symbols, f.parameter.name: functions.t})
        return _entrywise(functions.derivative(formula, f.order), x)
    return convert(f.body, {**context.symbols, f.parameter.name: x})


def _abstract(f: Func, x):
    function = sp.Function(f.name)
    if not f.order:
        return _entrywise(function(functions.t), x) if x.is_Matrix else function(x)
    return _entrywise(sp.Derivative(function(functions.t), (functions.t, f.order)), x)


def _pow(e, args, context):
    x, p = args
    return mx.HadamardPower(x, p) if x.is_Matrix else sp.Pow(x, p)


def _softmax(e, args, context):
    top = _apply("exp", args[0])
    return _product(1 / _total(top), top)


def _softmax_along(rows: bool):
    def make(e, args, context):
        top = _apply("exp", args[0])
        m, n = top.shape
        below = _product(top, _ones(n, 1), _ones(1, n)) if rows else _product(_ones(m, 1), _ones(1, m), top)
        return mx.HadamardProduct(top, mx.HadamardPower(below, -1))
    return make


def _std(e, args, context):
    """The root of the mean square (or variance) + eps: one number, or one a row or column."""
    centred, mean_of = _centred(e, args[0])
    variance = mean_of(mx.HadamardPower(centred, 2))
    if not variance.is_Matrix:
        return sp.sqrt(variance + args[1])
    return _apply("sqrt", _sum(variance, _product(args[1], _ones(*variance.shape))))


def _standardize(e, args, context):
    X, (m, n) = args[0], args[0].shape
    s = _std(e, args, context)
    if not s.is_Matrix:
        return _product(1 / s, _centred(e, X)[0])
    spread = _product(s, _ones(1, n)) if e.op.endswith("rows") else _product(_ones(m, 1), s)
    return mx.HadamardProduct(_centred(e, X)[0], mx.HadamardPower(spread, -1))


def _centred(e, X):
    """X less its means, and the function that takes such means."""
    m, n = X.shape
    if e.op.endswith("rows"):
        def mean_of(Z):
            return _product(1 / n, Z, _ones(n, 1))
        means = _product(mean_of(X), _ones(1, n))
    elif e.op.endswith("cols"):
        def mean_of(Z):
            return _product(1 / m, _ones(1, m), Z)
        means = _product(_ones(m, 1), mean_of(X))
    else:
        def mean_of(Z):
            return _total(Z) / (m * n)
        means = _product(mean_of(X), _ones(m, n))
    if e.op.startswith("rms"):
        return X, mean_of
    return _sum(X, _negative(means)), mean_of


def _mse(e, args, context):
    difference = _sum(args[0], _negative(args[1]))
    return _inner(difference, difference) / (args[0].rows * args[0].cols)


def _bce(e, args, context):
    p, y = args
    one = _ones(*p.shape)
    hit = _inner(y, _apply("log", p))
    miss = _inner(_sum(one, _negative(y)), _apply("log", _sum(one, _negative(p))))
    return -hit - miss


def _hinge(e, args, context):
    margin = _sum(_ones(*args[0].shape), _negative(mx.HadamardProduct(args[1], args[0])))
    return _total(_apply("relu", margin))


def _own(cls):
    def make(e, args, context):
        return cls(*args, *(context.size(d) for d in e.data or ()))
    return make


def _plain(cls):
    return lambda e, args, context: cls(*args)


def _leaf_matrix(cls):
    return lambda e, args, context: cls(context.size(e.rows), context.size(e.cols))


_OPERATIONS = {
    "num": lambda e, args, c: sp.Rational(e.data.numerator, e.data.denominator),
    "const": lambda e, args, c: {"pi": sp.pi, "e": sp.E}[e.data],
    "size": lambda e, args, c: c.size(e.data),
    "var": lambda e, args, c: c.symbol(e, e.name),
    "cot": lambda e, args, c: c.symbol(e, f"d{e.data[0]}/d{e.data[1]}", nodes.ScalarCotangentSymbol,
                                       nodes.CotangentSymbol),
    "dvar": lambda e, args, c: c.symbol(e, f"d{e.data}", nodes.ScalarDifferentialSymbol, nodes.DifferentialSymbol),
    "ones": _leaf_matrix(mx.OneMatrix), "zeros": _leaf_matrix(mx.ZeroMatrix),
    "eye": lambda e, args, c: mx.Identity(c.size(e.rows)),
    "commutation": _own(nodes.Commutation),
    "add": lambda e, args, c: _sum(*args),
    "had": lambda e, args, c: mx.HadamardProduct(*args) if args[0].is_Matrix else sp.Mul(*args),
    "scale": lambda e, args, c: _product(*args),
    "matmul": lambda e, args, c: _product(*args),
    "pow": _pow, "matpow": _plain(mx.MatPow), "kron": _plain(mx.KroneckerProduct),
    "T": lambda e, args, c: _transposed(args[0]),
    "inv": _plain(mx.Inverse), "pinv": _own(nodes.PseudoInverse), "expm": _own(nodes.MatrixExponential),
    "tr": _plain(mx.Trace), "det": _plain(mx.Determinant),
    "logdet": lambda e, args, c: sp.log(mx.Determinant(args[0])),
    "diag": _plain(mx.DiagMatrix), "diagpart": _plain(DiagonalOf), "vec": _own(nodes.Vec),
    "mat": _own(nodes.Mat), "rearrange": _own(nodes.Rearrange), "frechet": _own(nodes.FrechetExponential),
    "sum": lambda e, args, c: _total(args[0]),
    "mean": lambda e, args, c: _total(args[0]) / (args[0].rows * args[0].cols),
    "rowsum": lambda e, args, c: _product(args[0], _ones(args[0].cols, 1)),
    "rowmean": lambda e, args, c: _product(1 / args[0].cols, args[0], _ones(args[0].cols, 1)),
    "colsum": lambda e, args, c: _product(_ones(1, args[0].rows), args[0]),
    "colmean": lambda e, args, c: _product(1 / args[0].rows, _ones(1, args[0].rows), args[0]),
    "max": _own(nodes.MaxEntry), "min": _own(nodes.MinEntry),
    "argmax": _own(nodes.ArgMax), "argmin": _own(nodes.ArgMin),
    "inner": lambda e, args, c: _inner(*args),
    "norm1": lambda e, args, c: _total(_apply("abs", args[0])),
    "norm2": lambda e, args, c: sp.sqrt(_inner(args[0], args[0])),
    "sqnorm": lambda e, args, c: _inner(args[0], args[0]),
    "fn": _fn, "softmax": _softmax,
    "softmax_rows": _softmax_along(True), "softmax_cols": _softmax_along(False),
    "logsumexp": lambda e, args, c: sp.log(_total(_apply("exp", args[0]))),
    "logsumexp_rows": lambda e, args, c: _apply("log", _product(
        _apply("exp", args[0]), _ones(args[0].cols, 1))),
    "logsumexp_cols": lambda e, args, c: _apply("log", _product(
        _ones(1, args[0].rows), _apply("exp", args[0]))),
    **dict.fromkeys("std std_rows std_cols rms rms_rows rms_cols".split(), _std),
    **dict.fromkeys("standardize standardize_rows standardize_cols rmsnorm rmsnorm_rows rmsnorm_cols".split(),
                    _standardize),
    "mse": _mse, "bce": _bce, "hinge": _hinge,
    "cross_entropy": lambda e, args, c: -_inner(args[1], _apply("log", args[0])),
}


def _same(x, *_):
    return x


# The operations on matrices, of numbers: 1 x 1 matrices are numbers here.
_SCALAR_FORMS = {
    **dict.fromkeys("""T tr det diag diagpart vec mat rearrange sum mean rowsum rowmean colsum colmean
    max min logsumexp logsumexp_rows logsumexp_cols""".split(), _same),
    **dict.fromkeys("argmax argmin softmax softmax_rows softmax_cols".split(), lambda x: sp.Integer(1)),
    **dict.fromkeys(("std", "std_rows", "std_cols"), lambda x, eps: sp.sqrt(eps)),
    **dict.fromkeys(("rms", "rms_rows", "rms_cols"), lambda x, eps: sp.sqrt(x ** 2 + eps)),
    **dict.fromkeys(("standardize", "standardize_rows", "standardize_cols"), lambda x, eps: sp.Integer(0)),
    **dict.fromkeys(("rmsnorm", "rmsnorm_rows", "rmsnorm_cols"), lambda x, eps: x / sp.sqrt(x ** 2 + eps)),
    "inv": lambda x: 1 / x, "pinv": lambda x: 1 / x, "logdet": sp.log, "expm": sp.exp,
    "norm1": sp.Abs, "norm2": sp.Abs, "sqnorm": lambda x: x ** 2,
    "inner": lambda a, b: a * b, "matmul": lambda *factors: sp.Mul(*factors),
    "kron": lambda a, b: a * b, "scale": lambda a, b: a * b, "matpow": sp.Pow,
    "frechet": lambda a, e: sp.exp(a) * e,
    "mse": lambda p, y: (p - y) ** 2, "cross_entropy": lambda p, y: -y * sp.log(p),
    "bce": lambda p, y: -y * sp.log(p) - (1 - y) * sp.log(1 - p),
    "hinge": lambda s, y: sp.Max(0, 1 - y * s),
}
