"""Rules of the functions that networks end with: softmax, logsumexp, losses."""

from __future__ import annotations

from ..expr import algebra as alg
from ..shapes import ONE
from .rule import Rule


# ------------------------------------------------------------ softmax, logsumexp

def _softmax_vjp(G, Y, i, args, data):
    return alg.sub(alg.had(Y, G), alg.mul(alg.inner(Y, G), Y))


def _rows(column, X):
    return alg.matmul(column, alg.ones((ONE, X.cols)))


def _cols(row, X):
    return alg.matmul(alg.ones((X.rows, ONE)), row)


def _softmax_along(total, spread):
    """P .* (G - (row or column sums of P .* G)), the same map forward and back."""
    def rule(G, P):
        return alg.had(P, alg.sub(G, spread(total(alg.had(P, G)), P)))
    return dict(vjp=lambda G, Y, i, args, data: rule(G, Y),
                differential=lambda Y, args, dargs, data: rule(dargs[0], Y))


def _stable_softmax(np, X, axis):
    E = np.exp(X - X.max(axis=axis, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def _stable_logsumexp(np, X, axis):
    top = X.max(axis=axis, keepdims=True)
    return top + np.log(np.exp(X - top).sum(axis=axis, keepdims=True))


_SOFTMAX = "The Jacobian of the softmax is symmetric."
_LOGSUMEXP = "The derivative of logsumexp is softmax."


# ------------------------------------------------------------ losses

def _mse_vjp(G, Y, i, args, data):
    yhat, y = args
    sign = 2 if i == 0 else -2
    count = alg.size_number(y.rows * y.cols)
    return alg.mul(alg.had(alg.num(sign), G, alg.power(count, alg.MINUS)), alg.sub(yhat, y))


def _cross_entropy_vjp(G, Y, i, args, data):
    yhat, y = args
    inside = alg.had(y, alg.power(yhat, alg.MINUS)) if i == 0 else alg.fn("log", yhat)
    return alg.mul(alg.neg(G), inside)


def _bce_vjp(G, Y, i, args, data):
    p, y = args
    one = alg.ones(p.shape)
    if i == 1:
        return alg.mul(G, alg.sub(alg.fn("log", alg.sub(one, p)), alg.fn("log", p)))
    return alg.mul(G, alg.sub(alg.had(alg.sub(one, y), alg.power(alg.sub(one, p), alg.MINUS)),
                              alg.had(y, alg.power(p, alg.MINUS))))


def _hinge_vjp(G, Y, i, args, data):
    s, y = args
    active = alg.fn("step", alg.sub(alg.ones(s.shape), alg.had(y, s)))
    return alg.mul(alg.neg(G), alg.had(active, y if i == 0 else s))


def _by_vjp(vjp):
    """A scalar's differential is the inner product with its gradients."""
    def differential(Y, args, dargs, data):
        return alg.add(*(alg.inner(vjp(alg.UNIT, Y, i, args, data), d) for i, d in enumerate(dargs)))
    return differential


def _loss(op, title, vjp, oracle, why, **more):
    return Rule(op, title, "m n, m n -> 1 1", ("yhat", "y"), vjp=vjp, differential=_by_vjp(vjp),
                oracle=lambda np, arrays, data, sizes: np.asarray(oracle(np, *arrays)).reshape(1, 1),
                why=why, calls=more.pop("calls", (op,)), **more)


RULES = (
    Rule("softmax", "Softmax of a vector", "n 1 -> n 1", ("x",),
         vjp=_softmax_vjp, differential=lambda Y, args, dargs, data: _softmax_vjp(dargs[0], Y, 0, args, data),
         oracle=lambda np, arrays, data, sizes: _stable_softmax(np, arrays[0], 0),
         why=_SOFTMAX, calls=("softmax",), cites=("bishop:4.106", "uva:2")),
    Rule("softmax_rows", "Softmax of each row", "m n -> m n", ("X",),
         **_softmax_along(alg.rowsum, _rows),
         oracle=lambda np, arrays, data, sizes: _stable_softmax(np, arrays[0], 1),
         why=_SOFTMAX, calls=("softmax_rows",), cites=("bishop:4.106",)),
    Rule("softmax_cols", "Softmax of each column", "m n -> m n", ("X",),
         **_softmax_along(alg.colsum, _cols),
         oracle=lambda np, arrays, data, sizes: _stable_softmax(np, arrays[0], 0),
         why=_SOFTMAX, calls=("softmax_cols",), cites=("bishop:4.106",)),
    Rule("logsumexp", "Log-sum-exp of a vector", "n 1 -> 1 1", ("x",),
         vjp=lambda G, Y, i, args, data: alg.mul(G, alg.call("softmax", args[0])),
         differential=lambda Y, args, dargs, data: alg.inner(alg.call("softmax", args[0]), dargs[0]),
         oracle=lambda np, arrays, data, sizes: _stable_logsumexp(np, arrays[0], 0),
         why=_LOGSUMEXP, calls=("logsumexp",), cites=("boyd:3.1.5",)),
    Rule("logsumexp_rows", "Log-sum-exp of each row", "m n -> m 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.had(
             _rows(G, args[0]), alg.call("softmax_rows", args[0])),
         differential=lambda Y, args, dargs, data: alg.rowsum(
             alg.had(alg.call("softmax_rows", args[0]), dargs[0])),
         oracle=lambda np, arrays, data, sizes: _stable_logsumexp(np, arrays[0], 1),
         why=_LOGSUMEXP, calls=("logsumexp_rows",), cites=("boyd:3.1.5",)),
    Rule("logsumexp_cols", "Log-sum-exp of each column", "m n -> 1 n", ("X",),
         vjp=lambda G, Y, i, args, data: alg.had(
             _cols(G, args[0]), alg.call("softmax_cols", args[0])),
         differential=lambda Y, args, dargs, data: alg.colsum(
             alg.had(alg.call("softmax_cols", args[0]), dargs[0])),
         oracle=lambda np, arrays, data, sizes: _stable_logsumexp(np, arrays[0], 0),
         why=_LOGSUMEXP, calls=("logsumexp_cols",), cites=("boyd:3.1.5",)),
    _loss("mse", "Mean squared error", _mse_vjp,
          lambda np, p, y: np.mean((p - y) ** 2),
          "The mean of squares gives twice the residual over the number of entries.",
          calls=("mse", "MSE"), cites=("bishop:1.2",)),
    _loss("cross_entropy", "Cross-entropy", _cross_entropy_vjp,
          lambda np, p, y: -np.sum(y * np.log(p)),
          "The logarithm gives minus the target divided by the prediction, entry by entry.",
          calls=("cross_entropy", "CE"), cites=("bishop:4.108", "iitm:4"), domain="{0} has positive entries",
          draw=("positive", "any")),
    _loss("bce", "Binary cross-entropy", _bce_vjp,
          lambda np, p, y: -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)),
          "Each of the two logarithms is differentiated.",
          calls=("bce", "BCE"), cites=("bishop:4.90",), domain="{0} has entries between 0 and 1", draw=("unit", "any")),
    _loss("hinge", "Hinge loss", _hinge_vjp,
          lambda np, s, y: np.sum(np.maximum(0, 1 - y * s)),
          "Only entries inside the margin (y s < 1) count.",
          cites=("uva:2",), domain="no margin y s is exactly 1 (there the value 0 is taken)"),
)
