"""Formulas as they occur in lectures and answers, for the golden tests of the printers."""

from __future__ import annotations

from matcalc.expr import algebra as alg
from matcalc.expr import build as b
from matcalc.expr.node import Func

from .samples import A, B, C, N, S, T, X, a, c, inv, lam, m, n, phi, r, sigma, t, u, v, x, y, z

num, mul, had, add, sub, pw = b.num, b.mul, b.had, b.add, b.sub, b.power
W, W1, W2, W3 = v("W", "n1", "n0"), v("W1", "n1", "n0"), v("W2", "n2", "n1"), v("W3", "n3", "n2")
x0, y1, y3 = v("x", "n0"), v("y", "n1"), v("y", "n3")
f1, f2, f3 = v("f1", "n1"), v("f2", "n2"), v("f3", "n3")
b1, b2, b3 = v("b1", "n1"), v("b2", "n2"), v("b3", "n3")
h1, h2, a1, a2 = v("h1", "n1"), v("h2", "n2"), v("a1", "n1"), v("a2", "n2")
yhat = v("yhat", "n3")
chain = b.matmul(W3, W2, W1, x0)
e3 = sub(chain, y3)
D, w, yN, Wd, G = v("X", "N", "d"), v("w", "d"), v("y", "N"), v("W", "d", "k"), v("G", "N", "k")
half = num("1/2")
quad = b.matmul(T(x), X, x)
cot = lambda name, e: b.cot("L", name, e.shape)  # noqa: E731
one = lambda e: b.ones(e.shape)  # noqa: E731
g = Func("g", is_user=True)
inverse_N = pw(N, num(-1))
norm = b.call("norm2", x)


def layer(W_, h_, b_):
    return add(b.matmul(W_, h_), b_)


network = layer(W3, b.fn(g, layer(W2, b.fn(g, layer(W1, x0, b1)), b2)), b3)
sig = b.fn("sigmoid", layer(W1, x0, b1))

FORMULAS = {
    # LECTURES 5 and 6: linear layers
    "one layer": had(half, b.call("sqnorm", sub(b.matmul(W, x0), y1))),
    "one layer dW": b.matmul(sub(b.matmul(W, x0), y1), T(x0)),
    "one layer dx": b.matmul(T(W), sub(b.matmul(W, x0), y1)),
    "three layers": had(half, b.call("sqnorm", e3)),
    "three layers dW3": b.matmul(e3, T(b.matmul(W2, W1, x0))),
    "three layers dW2": b.matmul(T(W3), e3, T(b.matmul(W1, x0))),
    "three layers dW1": b.matmul(T(W2), T(W3), e3, T(x0)),
    "three layers dx": b.matmul(T(W1), T(W2), T(W3), e3),
    "seed": alg.add(alg.neg(y3), f3),
    "named dW2": b.matmul(cot("f2", f2), T(f1)),
    "named df1": b.matmul(T(W2), cot("f2", f2)),
    # LECTURES 11 and 12: networks with biases
    "network": network,
    "layer": b.fn(g, layer(W2, h1, b2)),
    "delta hidden": had(b.matmul(T(W2), cot("a2", a2)), b.fn(g.prime, a1)),
    "softmax layer": b.call("softmax", layer(W3, h2, b3)),
    "softmax loss": had(num(-1), b.call("sum", had(y3, b.fn("log", yhat)))),
    "softmax delta": sub(yhat, y3),
    "softmax without onehot": alg.sub(mul(b.matmul(b.ones((b.ONE, y3.rows)), y3), yhat), y3),
    # LECTURES 21: two sigmoid layers
    "sigmoid layer": sig,
    "sigmoid slope": had(h1, sub(one(h1), h1)),
    "sigmoid prime": b.fn(Func("sigmoid", 1), a1),
    "sigmoid delta": had(b.matmul(T(W2), sub(f2, v("y", "n2"))), h1, sub(one(h1), h1)),
    # regression
    "least squares": mul(inverse_N, b.matmul(T(D), sub(b.matmul(D, w), yN))),
    "least squares loss": had(pw(had(num(2), N), num(-1)), b.call("sqnorm", sub(b.matmul(D, w), yN))),
    "two over N": mul(had(num(2), inverse_N), b.matmul(T(D), sub(b.matmul(D, w), yN))),
    "ridge": add(b.matmul(T(D), sub(b.matmul(D, w), yN)), mul(lam, w)),
    "weight decay": had(num("1/2"), lam, b.call("sqnorm", W)),
    "weight decay step": mul(had(num("1/2"), lam), W),
    "softmax rows": mul(inverse_N, b.matmul(T(D), sub(b.call("softmax_rows", b.matmul(D, Wd)), G))),
    "bias rows": b.call("colsum", G),
    "row sums of a product": b.call("rowsum", b.matmul(D, Wd)),
    "log loss": had(inverse_N, b.call("sum", b.fn("log", add(one(yN), b.fn("exp", b.neg(yN)))))),
    # vectors and norms
    "quadratic": quad,
    "quadratic gradient": b.matmul(add(X, T(X)), x),
    "symmetric": mul(num(2), b.matmul(S, x)),
    "quadratic times x": mul(quad, x),
    "unit": mul(pw(norm, num(-1)), x),
    "unit difference": mul(pw(b.call("norm2", sub(x, y)), num(-1)), sub(x, y)),
    "cosine": had(b.matmul(T(x), y), pw(norm, num(-1)), pw(b.call("norm2", y), num(-1))),
    "rayleigh": had(quad, pw(b.matmul(T(x), x), num(-1))),
    "rayleigh gradient": mul(pw(b.call("sqnorm", x), num(-1)), sub(
        b.matmul(add(X, T(X)), x), mul(had(num(2), quad, pw(b.call("sqnorm", x), num(-1))), x))),
    "unit jacobian": mul(pw(norm, num(-1)), sub(b.eye(n), mul(pw(norm, num(-2)), b.matmul(x, T(x))))),
    "gauss": had(num("-1/2"), pw(c, num(-2)), b.call("sqnorm", sub(x, y))),
    "mean square": had(inverse_N, b.call("sqnorm", sub(b.matmul(D, w), yN))),
    "norm one": add(b.call("norm1", x), had(num(3), b.fn("abs", a))),
    "half a quadratic": had(half, quad),
    "letters and x^T y": had(a, b.matmul(T(x), y)),
    "x^T y between": had(b.matmul(T(x), y), b.matmul(T(x), z)),
    "square of x^T y": pw(b.matmul(T(x), y), num(2)),
    "quadratic over N": had(inverse_N, b.matmul(T(x), y)),
    "sum times x^T y": had(add(a, c), b.matmul(T(x), y)),
    "dot": b.call("inner", A, B),
    "cubed norm": pw(norm, num(3)),
    # matrices
    "inverse transpose": had(num(1), b.call("det", X), num(1)),
    "det gradient": mul(b.call("det", X), T(inv(X))),
    "logdet": b.call("logdet", add(mul(lam, b.eye(n)), b.matmul(T(A), A))),
    "two logdet": had(num(2), b.call("logdet", X)),
    "logdet times": had(b.call("logdet", X), a),
    "inverse sandwich": b.neg(b.matmul(T(inv(X)), x, T(y), T(inv(X)))),
    "inverse of a sum": inv(add(X, C)),
    "inverse of a transpose": inv(T(X)),
    "trace": b.call("tr", b.matmul(A, T(B))),
    "power": mul(num(3), T(b.matpow(X, num(2)))),
    "symbolic power": mul(a, b.matpow(T(X), sub(a, num(1)))),
    "negative power": b.neg(T(b.matpow(add(X, C), num(-2)))),
    "kron": b.kron(b.eye(m), C),
    "kron of products": b.kron(b.matmul(A, C), T(B)),
    "kron product": b.matmul(b.kron(A, C), b.call("vec", v("Y", "n", "n"))),
    "commutation": b.matmul(b.commutation(m, n), b.kron(b.eye(n), A)),
    "pseudo": b.matmul(b.call("pinv", A), u),
    "expm": b.call("expm", mul(t, X)),
    "frechet": b.call("frechet", T(X), C),
    "ones matrix": b.matmul(A, b.ones(C.shape)),
    "ones row": b.matmul(b.ones((b.ONE, m)), A),
    "identity in a product": b.matmul(sub(b.eye(n), b.matmul(b.call("pinv", A), A)), x),
    "differential": b.matmul(b.dvar("A", A.shape), x),
    "transposed row": T(r),
    "transposed function": T(b.fn("tanh", x)),
    # entrywise
    "tanh slope": had(b.matmul(T(C), z), sub(one(x), pw(x, num(2)))),
    "had in product": b.matmul(C, had(x, y)),
    "had quotient": had(x, pw(y, num(-1))),
    "had quotient of two": had(x, pw(y, num(-1)), pw(z, num(-2)), z),
    "reciprocal": pw(x, num(-1)),
    "cubes": mul(num(3), pw(A, num(2))),
    "had with coefficient": mul(num(-2), had(A, B)),
    "had with a product": had(b.matmul(A, C), B),
    "entry power symbolic": pw(x, a),
    "relu slope": had(y, b.fn("step", x)),
    "relu": b.fn("relu", add(b.matmul(C, x), z)),
    "abs and sign": had(b.fn("abs", x), b.fn("sign", x)),
    "leaky": b.fn("leaky_relu", x),
    "square root": pw(add(b.call("sqnorm", x), num("1e-8")), num("1/2")),
    "inverse root": mul(pw(add(a, c), num("-1/2")), x),
    "scaled scores": mul(pw(v("d"), num("-1/2")), b.matmul(A, T(B))),
    "centring": sub(b.eye(n), mul(pw(b.size_number(n), num(-1)), b.ones((n, n)))),
    "scores over a size": b.call("softmax_rows", mul(pw(b.size_number(n), num("-1/2")), b.matmul(A, T(B)))),
    "long denominator": mul(pw(had(add(lam, b.call("sqnorm", x)), c), num(-1)), x),
    "two denominators": had(pw(add(lam, b.call("sqnorm", x)), num(-1)), inverse_N, a),
    "identity of a product": b.eye(m * n),
    "abstract": had(y, b.fn(sigma.prime, x)),
    "second derivative": b.fn(sigma.prime.prime, x),
    "user": b.fn(phi, x),
    "user body": phi.body,
    "one minus": sub(one(x), b.fn("tanh", x)),
    "a number of ones": add(mul(num("0.1"), one(x)), x),
    "letters times ones": add(mul(a, one(x)), x),
    "softmax jacobian": sub(b.call("diag", y), b.matmul(y, T(y))),
    # scalars and numbers
    "scalar example": add(pw(add(had(num(2), v("x1")), had(num(3), v("x2"))), num(2)), num(3)),
    "numbers in order": had(num(2), add(had(num(2), v("x1")), num(9)), num(2)),
    "square": had(half, pw(a, num(2))),
    "quotient of letters": had(a, pw(c, num(-1))),
    "quotient of powers": had(pw(a, num(2)), pw(c, num(-3))),
    "logistic": pw(add(num(1), b.fn("exp", had(num(-1), a))), num(-1)),
    "sines": had(num("1/2"), b.fn("sin", a), pw(c, num(-1))),
    "all negative": add(b.neg(x), b.neg(y)),
    "negative difference": b.neg(sub(x, y)),
    "first positive": add(b.neg(x), b.neg(y), z),
    "numbers": add(num("0.1"), num("-3/4"), num("1e-12")),
    "cube root": pw(a, num("1/3")),
    "negative symbol power": pw(a, had(num(-1), c)),
    "pi": pw(had(num(2), b.const("pi")), num("-1/2")),
    "transposed cotangent": b.matmul(T(cot("f2", f2)), W2),
    "had cotangent": had(cot("h1", h1), b.fn(Func("tanh", 1), a1)),
    "sizes": mul(pw(b.size_number(m * n), num(-1)), sub(A, B)),
    "fraction in a product": b.matmul(A, b.scale(pw(norm, num(-1)), x)),
    "quotient of quotients": had(had(a, pw(c, num(-1))), pw(add(a, had(a, pw(c, num(-1)))), num(-1))),
    "names": add(v("y_hat"), v("x_train"), v("alpha_1"), v("W_1_2"), v("loss"), v("f3hat"), v("theta_ij")),
}
