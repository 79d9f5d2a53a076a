"""The value of every task in plain NumPy, written from the task and not from matcalc.

Vectors are columns.  Each function takes the task's variables by name.  A
reference returns a number or a matrix; its derivative is taken numerically.
"""

from __future__ import annotations

import numpy as np
from numpy import exp, log, sqrt, tanh
from numpy.linalg import det, inv, matrix_power, norm, slogdet

trace, total = np.trace, np.sum


def square(e):
    return np.sum(e * e)


def logdet(X):
    return slogdet(X)[1]


def sig(z):
    return 1 / (1 + exp(-z))


def columns(z):
    """Softmax of a column."""
    e = exp(z - z.max())
    return e / e.sum()


def rows(Z):
    """Softmax of each row."""
    e = exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def rayleigh(x, Q):
    return (x.T @ Q @ x) / (x.T @ x)


def mlp(x, W1, W2, W3, b1, b2, b3, t):
    return square(W3 @ sig(W2 @ sig(W1 @ x + b1) + b2) + b3 - t) / 2


def linear(x, W1, W2, W3, t):
    return square(W3 @ W2 @ W1 @ x - t) / 2


def batch(Z, W1, D, T, Wd):
    """Softmax and cross-entropy over the rows of a batch."""
    z = tanh(D @ W1.T) @ Z.T @ Wd
    return np.sum(log(exp(z).sum(axis=1))) - np.sum(T * z)


def attention(K1, Q1, V1, G):
    return square(rows(Q1 @ K1.T) @ V1 - G) / 2


def scaled_attention(K1, Q1, V1, G):
    return attention(K1, Q1 / sqrt(Q1.shape[1]), V1, G)


def one_query(K1, V1, q1, g1):
    return square(V1.T @ columns(K1 @ q1) - g1) / 2


def layer_norm(x, lam):
    centred = x - x.mean()
    return centred / sqrt((centred ** 2).mean() + lam)


def gauss(a, x, Sg):
    return -logdet(Sg) / 2 - (x - a).T @ inv(Sg) @ (x - a) / 2


def cross_entropy(x, t, Wd):
    return -np.sum(t * log(columns(Wd.T @ x)))


REFERENCES = {
    "v01": lambda a, x: a.T @ x,
    "v02": lambda x: x.T @ x,
    "v03": lambda x, Q: x.T @ Q @ x,
    "v04": lambda b, x, A: square(A @ x - b),
    "v05": lambda b, x, A, C: (A @ x - b).T @ C @ (A @ x - b),
    "v06": lambda b, x, A: square(A @ x - b),
    "v07": norm, "v08": norm, "v09": norm,
    "v10": lambda a, x: norm(x - a),
    "v11": rayleigh, "v12": rayleigh, "v13": rayleigh,
    "v14": lambda a, x: exp(a.T @ x),
    "v15": lambda a, x: exp(a.T @ x),
    "v16": lambda a, x, y0: log(1 + exp(-y0 * (a.T @ x))),
    "v17": lambda b, x, A: x.T @ A.T @ b,
    "v18": lambda a, b, Z: a.T @ Z @ b,
    "v19": lambda a, b, Z: a.T @ Z @ b,
    "v20": lambda b, y, Z: (Z @ b).T @ (Z @ y),
    "v21": lambda b, c, Q, Z: (Z @ b + c).T @ Q @ (Z @ b + c),
    "v22": lambda a, c, X: a.T @ inv(X) @ c,
    "v23": lambda a, c, X: a.T @ inv(X) @ c,
    "j01": lambda x, A: A @ x,
    "j02": lambda x, B: x.T @ B,
    "j03": lambda x: exp(x),
    "j04": lambda x, A: sig(A @ x),
    "j05": lambda x, z: x * z,
    "j06": lambda x: x @ x.T,
    "j07": lambda x, A: A @ x,
    "j08": lambda Z: Z,
    "j09": lambda A, C, Z: A @ Z @ C,
    "j10": lambda X: inv(X),
    "j11": lambda Z: Z.T,
    "j12": lambda x, z: x * z,
    "j13": lambda x: columns(x),
    "j14": lambda x, A: (A @ x) * np.sum(x * x),
    "j15": lambda x: x / norm(x),
    "t01": lambda X: trace(X),
    "t02": lambda A, Z: trace(A @ Z),
    "t03": lambda A, Q, Z: trace(Q @ Z @ A),
    "t04": lambda A, Q, Z: trace(Q @ Z @ A),
    "t05": lambda A, Q, Z: trace(A @ Q @ Z),
    "t06": lambda A, C, Y: trace(A @ Y.T @ C),
    "t07": lambda Z: square(Z),
    "t08": lambda Q, Z: trace(Z.T @ Q @ Z),
    "t09": lambda C, Q, R, Z: trace(Q @ Z @ C @ Z.T @ R),
    "t10": lambda X: trace(X @ X),
    "t11": lambda X: trace(X @ X @ X),
    "t12": lambda X, k: trace(matrix_power(X, int(k.item()))),
    "t13": lambda Q, R, X: trace(Q @ inv(X) @ R),
    "t14": lambda Q, X: trace(inv(X + Q)),
    "t15": lambda C, Q, Z: trace(inv(Z @ C @ Z.T) @ Q),
    "t16": lambda B, Z: square(Z * B),
    "t17": lambda Q, X: trace(np.kron(Q, X)),
    "t18": lambda Q, R, X: trace(Q @ X @ R @ X),
    "t19": lambda X: trace(X) ** 2,
    "t20": lambda Q, R, X: trace(Q @ X) * trace(R @ X),
    "t21": lambda Q, R, X: trace(Q @ X.T @ X @ X.T @ R),
    "t22": lambda X: trace(np.sin(X)),
    "d01": lambda X: det(X),
    "d02": lambda C, Y: det(Y.T @ C @ Y),
    "d03": lambda Q, R, X: det(Q @ X @ R),
    "d04": logdet,
    "d05": lambda Y: logdet(Y.T @ Y),
    "d06": lambda X: det(X @ X),
    "d07": lambda X: -logdet(X),
    "d08": lambda x, Sg: logdet(Sg + x @ x.T),
    "d09": lambda X: det(X) ** 2,
    "d10": lambda D, lam: logdet(lam * np.eye(D.shape[1]) + D.T @ D),
    "d11": lambda Q, R, Sg, s: logdet(Q + s * R + 5 * Sg),
    "d12": lambda Q, R, s: inv(Q + s * R),
    "d13": lambda x, Sg: x.T @ inv(Sg) @ x,
    "d14": gauss, "d15": gauss,
    "n01": lambda Z: norm(Z),
    "n02": lambda D, T, Wd: square(D @ Wd - T),
    "n03": lambda D, T, Wd, lam: square(D @ Wd - T) / 2 + lam / 2 * square(Wd),
    "n04": lambda x: total(abs(x)),
    "n05": lambda A, U, V: square(A - U @ V.T),
    "n06": lambda V, D: square(D - D @ V @ V.T),
    "n07": lambda D, T, Wd, bd: square(D @ Wd + bd.T - T) / 2,
    "n08": lambda D, T, Wd, bd: square(D @ Wd + bd.T - T) / 2,
    "e01": lambda x, W1, b1: total(sig(W1 @ x + b1)),
    "e02": lambda x, W1, b1: total(sig(W1 @ x + b1)),
    "e03": lambda x, W1, b1: total(sig(W1 @ x + b1)),
    "e04": lambda x, W1, tm: square(tanh(W1 @ x) - tm) / 2,
    "e05": lambda x, W1, tm: square(tanh(W1 @ x) - tm) / 2,
    "e06": lambda x, W1: total(np.maximum(0, W1 @ x)),
    "e07": lambda Z: total(Z ** 3),
    "e08": lambda a, x: total(a / x),
    "e09": lambda a, x: total(a * x * exp(x)),
    "e10": lambda x: log(total(exp(x))),
    "e11": lambda x: log(total(exp(x))),
    "e12": cross_entropy, "e13": cross_entropy,
    "e14": lambda w, D, yd: total(log(1 + exp(-yd * (D @ w)))),
    "e15": lambda Z: square(tanh(Z)),
    "e16": lambda x, A, W1: total(sig(W1 @ x) * tanh(A @ x)),
    **dict.fromkeys(("w01", "w02", "w03", "w04", "w05", "w06", "w07", "w08"), linear),
    **dict.fromkeys(("m01", "m02", "m03", "m04", "m05", "m06"), mlp),
    "c01": batch, "c02": batch,
    "c03": lambda c, x, Z, W1: square(x + Z @ tanh(W1 @ x) - c) / 2,
    "c04": lambda c, x, X: square(X @ tanh(X @ x) - c) / 2,
    **dict.fromkeys(("a01", "a02", "a03"), scaled_attention),
    **dict.fromkeys(("a11", "a12", "a13"), attention),
    "a04": one_query, "a05": one_query,
    "l01": layer_norm,
    "l02": lambda a, x, lam: total(a * layer_norm(x, lam)),
    # For a Hessian the gradient is the reference, derived by hand.
    "h01": lambda x, Q: Q @ x + Q.T @ x,
    "h02": lambda b, x, A: 2 * (A.T @ (A @ x - b)),
    "h03": lambda x, A: A.T @ sig(A @ x),
    "h04": lambda X: inv(X).T,
    "h05": lambda x: columns(x),
}
