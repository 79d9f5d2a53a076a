"""One expression for every operation, and a list of formulas as people write them."""

from __future__ import annotations

from matcalc.expr import build as b
from matcalc.expr.node import Expr, Func
from matcalc.shapes import shape, size


def v(name: str, *dims, assume=()) -> Expr:
    """A variable of the given outside shape."""
    return b.var(name, shape(dims), assume)


n, m, p = size("n"), size("m"), size("p")
A, B, C = v("A", "m", "n"), v("B", "m", "n"), v("C", "n", "n")
X, S = v("X", "n", "n"), v("S", "n", "n", assume=["symmetric"])
x, y, z, u = v("x", "n"), v("y", "n"), v("z", "n"), v("u", "m")
a, c, lam = v("a"), v("c"), v("lambda")
r = v("r", 1, "n")
N = b.size_number(size("N"))
T, inv = b.transpose, lambda e: b.call("inv", e)
sigma = Func("sigma", is_user=True)
t = v("t")
phi = Func("phi", 0, t, b.had(t, b.fn("exp", b.had(b.num(-1), t))), True)

EVERY_OP = {
    "num": b.num("2/3"), "const": b.const("pi"), "size": b.size_number(n * m), "var": x,
    "cot": b.cot("L", "x", x.shape), "dvar": b.dvar("X", X.shape),
    "ones": b.ones(x.shape), "zeros": b.zeros(A.shape), "eye": b.eye(n),
    "commutation": b.commutation(m, n),
    "add": b.add(A, B), "had": b.had(A, B), "scale": b.scale(a, A), "matmul": b.matmul(A, C, x),
    "pow": b.power(A, b.num(3)), "matpow": b.matpow(X, b.num(3)), "kron": b.kron(A, C),
    "T": T(A), "inv": inv(X), "pinv": b.call("pinv", A), "expm": b.call("expm", X),
    "tr": b.call("tr", X), "det": b.call("det", X), "logdet": b.call("logdet", S),
    "diag": b.call("diag", x), "diagpart": b.call("diagpart", X), "vec": b.call("vec", A),
    "mat": b.mat(b.call("vec", A), m, n), "rearrange": b.rearrange(b.kron(A, C), m, n, n, n),
    "frechet": b.call("frechet", X, C),
    "sum": b.call("sum", A), "mean": b.call("mean", A), "rowsum": b.call("rowsum", A),
    "rowmean": b.call("rowmean", A), "colsum": b.call("colsum", A), "colmean": b.call("colmean", A),
    "max": b.call("max", x), "min": b.call("min", A), "argmax": b.call("argmax", x),
    "argmin": b.call("argmin", x), "inner": b.call("inner", A, B),
    "norm1": b.call("norm1", x), "norm2": b.call("norm2", A), "sqnorm": b.call("sqnorm", x),
    "fn": b.fn("tanh", A), "softmax": b.call("softmax", x), "logsumexp": b.call("logsumexp", x),
    "softmax_rows": b.call("softmax_rows", A), "softmax_cols": b.call("softmax_cols", A),
    "logsumexp_rows": b.call("logsumexp_rows", A), "logsumexp_cols": b.call("logsumexp_cols", A),
    "mse": b.call("mse", x, y), "cross_entropy": b.call("cross_entropy", x, y),
    "bce": b.call("bce", x, y), "hinge": b.call("hinge", x, y),
}
