"""Rules of sums and products."""

from __future__ import annotations

from functools import reduce

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import Expr
from .rule import Rule


def _others(args: tuple[Expr, ...], i: int, d: Expr) -> tuple[Expr, ...]:
    return args[:i] + (d,) + args[i + 1:]


def _product_rule(product):
    """d(A B C) = dA B C + A dB C + A B dC for any product that is linear in each factor."""
    def differential(Y, args, dargs, data):
        return alg.add(*(product(*_others(args, i, d)) for i, d in enumerate(dargs)))
    return differential


def _matmul_vjp(G, Y, i, args, data):
    """G meets the transposed factors on the left of the operand and on its right."""
    left = tuple(alg.transpose(a) for a in reversed(args[:i]))
    right = (alg.transpose(alg.matmul(*args[i + 1:])),) if args[i + 1:] else ()
    return alg.matmul(*left, G, *right)


def _had_vjp(G, Y, i, args, data):
    return alg.had(G, *args[:i], *args[i + 1:])


def _scale_vjp(G, Y, i, args, data):
    c, X = args
    return alg.inner(G, X) if i == 0 else alg.mul(c, G)


def _power_vjp(G, Y, i, args, data):
    x, p = args
    if i == 0:
        return alg.had(G, alg.mul(p, alg.power(x, alg.sub(p, alg.UNIT))))
    if p.op == "num":
        return None
    return alg.inner(G, alg.had(Y, alg.fn("log", x)))


def _power_differential(Y, args, dargs, data):
    x, p = args
    dx, dp = dargs
    out = alg.had(alg.mul(p, alg.power(x, alg.sub(p, alg.UNIT))), dx)
    if not alg.is_zero(dp):
        out = alg.add(out, alg.mul(dp, alg.had(Y, alg.fn("log", x))))
    return out


def _whole(k: Expr) -> int | None:
    return int(k.data) if k.op == "num" else None


def _places(X: Expr, M: Expr, n: int) -> Expr:
    """The sum of X^j M X^(n-1-j) over the n places; for n < 0 from X^n = (X^-1)^|n|."""
    if n > 0:
        exponents = [(j, n - 1 - j) for j in range(n)]
        return alg.add(*(alg.matmul(_raised(X, j), M, _raised(X, k)) for j, k in exponents))
    exponents = [(-j, n - 1 + j) for j in range(1, 1 - n)]
    return alg.neg(alg.add(*(alg.matmul(_raised(X, j), M, _raised(X, k)) for j, k in exponents)))


def _raised(X: Expr, k: int) -> Expr:
    return alg.inverse(X) if k == -1 else alg.matpow(X, alg.num(k))


def _matpow_vjp(G, Y, i, args, data):
    X, k = args
    if i == 1:
        raise fail("M303", "the exponent of a matrix power is a whole number, so there is no derivative by it",
                   help="leave it out of wrt")
    XT = alg.transpose(X)
    number, scalars, body = alg.split(G)
    if body is not None and body.op == "eye":  # every term of the sum below is the same
        return alg.mul(alg.join(number, scalars, None), alg.mul(k, alg.matpow(XT, alg.sub(k, alg.UNIT))))
    n = _whole(k)
    if n is None:
        raise fail("M303", "the gradient of X^k with a symbolic k is known only inside a trace")
    return _places(XT, G, n)


def _matpow_differential(Y, args, dargs, data):
    X, k = args
    dX = dargs[0]
    n = _whole(k)
    if n is None:
        raise fail("M303", "the differential of X^k is a sum of k terms; k must be a number")
    return _places(X, dX, n)


def _kron_vjp(G, Y, i, args, data):
    """vec(A) = R(G) vec(B) with Van Loan's rearrangement R of kron(A, B)."""
    A, B = args
    R = alg.rearrange(G, A.rows, A.cols, B.rows, B.cols)
    if i == 0:
        return alg.mat(alg.matmul(R, alg.vec(B)), A.rows, A.cols)
    return alg.mat(alg.matmul(alg.transpose(R), alg.vec(A)), B.rows, B.cols)


def _refuse_rearrange(G, Y, i, args, data):
    raise fail("M303", "second derivatives through a Kronecker product have no closed form here")


RULES = (
    Rule("add", "Sum", "m n, ... -> m n", ("A", "B"),
         vjp=lambda G, Y, i, args, data: G,
         differential=lambda Y, args, dargs, data: alg.add(*dargs),
         oracle=lambda np, arrays, data, sizes: sum(arrays[1:], arrays[0]),
         why="Every term of a sum receives the same cotangent.",
         cites=("cookbook:35", "magnus:8.1")),
    Rule("had", "Hadamard product", "m n, ... -> m n", ("A", "B"),
         vjp=_had_vjp, differential=_product_rule(alg.had),
         oracle=lambda np, arrays, data, sizes: reduce(np.multiply, arrays),
         why="Entry by entry each factor is multiplied by the others.",
         cites=("cookbook:38", "magnus:8.1")),
    Rule("scale", "Scalar times matrix", "1 1, m n -> m n", ("c", "X"),
         vjp=_scale_vjp, differential=_product_rule(alg.mul),
         oracle=lambda np, arrays, data, sizes: arrays[0] * arrays[1],
         why="The matrix is scaled; the scalar collects the inner product with the matrix.",
         cites=("cookbook:34", "magnus:8.1")),
    Rule("matmul", "Matrix product", "m k, k n -> m n", ("A", "B"),
         vjp=_matmul_vjp, differential=_product_rule(alg.matmul),
         oracle=lambda np, arrays, data, sizes: reduce(np.matmul, arrays),
         why="A factor that crosses the inner product is transposed.",
         cites=("cookbook:37", "giles:2.2.1")),
    Rule("pow", "Entrywise power", "m n, 1 1 -> m n", ("X", "p"),
         vjp=_power_vjp, differential=_power_differential,
         oracle=lambda np, arrays, data, sizes: arrays[0] ** arrays[1],
         why="The exponent comes down and is lowered by one, entry by entry.",
         cites=("magnus:8.1",), draw=("positive", "any"),
         domain="bases of fractional or negative powers are positive or non-zero"),
    Rule("matpow", "Matrix power", "n n, 1 1 -> n n", ("X", "k"),
         vjp=_matpow_vjp, differential=_matpow_differential,
         oracle=lambda np, arrays, data, sizes: np.linalg.matrix_power(
             arrays[0], int(round(float(arrays[1].reshape(-1)[0])))),
         why="The product rule at each of the k places.",
         cites=("cookbook:90", "cookbook:91"), draw=("square", "whole")),
    Rule("kron", "Kronecker product", "m n, p q -> m*p n*q", ("A", "B"),
         vjp=_kron_vjp, differential=_product_rule(alg.kron),
         oracle=lambda np, arrays, data, sizes: np.kron(*arrays),
         why="Each entry of A meets the whole of B, and the other way round.",
         calls=("kron",), cites=("vanloan:2000", "magnus:3.7")),
    Rule("rearrange", "Rearrangement of a Kronecker product", "m*p n*q -> m*n p*q", ("G",),
         vjp=_refuse_rearrange,
         differential=lambda Y, args, dargs, data: alg.rearrange(dargs[0], *data),
         oracle=lambda np, arrays, data, sizes: _rearranged(np, arrays[0], [s.value(sizes) for s in data]),
         why="A rearrangement only moves entries.", cites=("vanloan:2000",)),
)


def _rearranged(np, G, sizes):
    m, n, p, q = sizes
    return (G.reshape(m, p, n, q).transpose(2, 0, 3, 1).reshape(m * n, p * q))
