"""Constructors that keep an expression as it is written.

They compute shapes and nothing else: no term is dropped, merged or re-sorted,
except that nested sums and products are flattened (a + b) + c -> a + b + c,
because no one writes those brackets.  `algebra` has the constructors that
simplify.  The caller has made sure that the shapes fit.
"""

from __future__ import annotations

from fractions import Fraction

from ..shapes import ONE, SCALAR, Shape, Size, is_scalar
from .node import Expr, Func, node


def num(x) -> Expr:
    """An exact number (int, Fraction, or text such as "0.25")."""
    return node("num", (), x if type(x) is Fraction else Fraction(x), SCALAR)


def const(name: str) -> Expr:
    return node("const", (), name, SCALAR)


def size_number(n: Size) -> Expr:
    """A size used as a number."""
    return num(n.coefficient) if n.is_number else node("size", (), n, SCALAR)


def var(name: str, shape: Shape, assumptions=()) -> Expr:
    return node("var", (), (name, frozenset(assumptions)), shape)


def cot(output: str, name: str, shape: Shape) -> Expr:
    """The symbol dL/dname."""
    return node("cot", (), (output, name), shape)


def dvar(name: str, shape: Shape) -> Expr:
    """The symbol dX."""
    return node("dvar", (), name, shape)


def ones(shape: Shape) -> Expr:
    return num(1) if is_scalar(shape) else node("ones", (), None, shape)


def zeros(shape: Shape) -> Expr:
    return num(0) if is_scalar(shape) else node("zeros", (), None, shape)


def eye(n: Size) -> Expr:
    return num(1) if n.is_one else node("eye", (), None, (n, n))


def commutation(m: Size, n: Size) -> Expr:
    return node("commutation", (), (m, n), (m * n, m * n))


def flat(op: str, args) -> tuple[Expr, ...]:
    out: list[Expr] = []
    for a in args:
        out += a.args if a.op == op else (a,)
    return tuple(out)


def add(*terms: Expr) -> Expr:
    terms = flat("add", terms)
    return terms[0] if len(terms) == 1 else node("add", terms, None, terms[0].shape)


def neg(x: Expr) -> Expr:
    return mul(num(-1), x)


def sub(a: Expr, b: Expr) -> Expr:
    return add(a, neg(b))


def had(*factors: Expr) -> Expr:
    factors = flat("had", factors)
    return factors[0] if len(factors) == 1 else node("had", factors, None, factors[0].shape)


def scale(c: Expr, x: Expr) -> Expr:
    return node("scale", (c, x), None, x.shape)


def matmul(*factors: Expr) -> Expr:
    """Matrix product.  A factor that is itself a scalar-valued product, such
    as x^T y, is not flattened away: the caller treats it as a scalar."""
    factors = flat("matmul", factors)
    return factors[0] if len(factors) == 1 else node(
        "matmul", factors, None, (factors[0].rows, factors[-1].cols))


def mul(a: Expr, b: Expr) -> Expr:
    """The product as in ordinary notation: scalar times scalar, scalar times
    matrix, or matrix times matrix."""
    if a.is_scalar and b.is_scalar:
        return had(a, b)
    if a.is_scalar:
        return scale(had(a, b.args[0]), b.args[1]) if b.op == "scale" else scale(a, b)
    if b.is_scalar:
        return mul(b, a)
    if a.op == "scale":
        return mul(a.args[0], mul(a.args[1], b))
    if b.op == "scale":
        return mul(b.args[0], mul(a, b.args[1]))
    return matmul(a, b)


def div(a: Expr, b: Expr) -> Expr:
    """a / b for a scalar b, and the entrywise quotient otherwise."""
    inverse = power(b, num(-1))
    if b.is_scalar:
        return mul(inverse, a) if not a.is_scalar else had(a, inverse)
    return scale(a, inverse) if a.is_scalar else had(a, inverse)


def power(x: Expr, p: Expr) -> Expr:
    """Entrywise power."""
    return node("pow", (x, p), None, x.shape)


def matpow(x: Expr, k: Expr) -> Expr:
    return node("matpow", (x, k), None, x.shape)


def kron(a: Expr, b: Expr) -> Expr:
    return node("kron", (a, b), None, (a.rows * b.rows, a.cols * b.cols))


def transpose(x: Expr) -> Expr:
    return x if x.is_scalar else node("T", (x,), None, (x.cols, x.rows))


def fn(f: "Func | str", x: Expr) -> Expr:
    """Entrywise function; `f` is a built-in's name or a `Func`."""
    return node("fn", (x,), Func(f) if isinstance(f, str) else f, x.shape)


def mat(v: Expr, m: Size, n: Size) -> Expr:
    return node("mat", (v,), (m, n), (m, n))


def rearrange(g: Expr, m: Size, n: Size, p: Size, q: Size) -> Expr:
    return node("rearrange", (g,), (m, n, p, q), (m * n, p * q))


# Result shapes of the operations that are called by name and need no data.
_SHAPES = {
    "same": lambda x, *_: x.shape,
    "scalar": lambda *_: SCALAR,
    "column": lambda x, *_: (x.rows, ONE),
    "row": lambda x, *_: (ONE, x.cols),
    "transposed": lambda x, *_: (x.cols, x.rows),
    "square": lambda x, *_: (x.rows, x.rows),
    "stacked": lambda x, *_: (x.rows * x.cols, ONE),
}
_RESULT = {
    "same": "inv expm tril triu diagsums softmax softmax_rows softmax_cols argmax argmin frechet "
            "standardize standardize_rows standardize_cols rmsnorm rmsnorm_rows rmsnorm_cols",
    "scalar": "tr det logdet sum mean max min inner norm1 norm2 sqnorm logsumexp "
              "mse cross_entropy bce hinge std rms",
    "column": "diagpart rowsum rowmean logsumexp_rows std_rows rms_rows",
    "row": "colsum colmean logsumexp_cols std_cols rms_cols",
    "transposed": "pinv",
    "square": "diag",
    "stacked": "vec",
}
RESULT_SHAPE = {op: _SHAPES[kind] for kind, ops in _RESULT.items() for op in ops.split()}


def call(op: str, *args: Expr) -> Expr:
    """An operation of the table `RESULT_SHAPE`, e.g. call("inv", X)."""
    return node(op, args, None, RESULT_SHAPE[op](*args))
