"""Rules of sums over entries, means, norms, inner products, largest entries."""

from __future__ import annotations

from ..expr import algebra as alg
from ..shapes import ONE
from .rule import Rule


def _entries(X):
    return alg.size_number(X.rows * X.cols)


def _per(X, n):
    return alg.mul(alg.power(n, alg.MINUS), X)


def _along_rows(G, X):
    """A column spread over the columns of X: G 1^T."""
    return alg.matmul(G, alg.ones((ONE, X.cols)))


def _along_cols(G, X):
    """A row spread over the rows of X: 1 G."""
    return alg.matmul(alg.ones((X.rows, ONE)), G)


def _norm_direction(X, Y):
    return alg.mul(alg.power(Y, alg.MINUS), X)


def _indicator(np, X, pick):
    out = np.zeros(X.size)
    out[pick(X)] = 1.0
    return out.reshape(X.shape)


def _extreme(op, one_hot, title, words):
    return Rule(
        op, title, "m n -> 1 1", ("X",),
        vjp=lambda G, Y, i, args, data: alg.mul(G, alg.call(one_hot, args[0])),
        differential=lambda Y, args, dargs, data: alg.inner(alg.call(one_hot, args[0]), dargs[0]),
        oracle=lambda np, arrays, data, sizes: getattr(np, op)(arrays[0]).reshape(1, 1),
        why=f"Only the {words} entry moves the value.", calls=(op,), cites=("boyd:4.1",),
        domain=f"the {words} entry of {{0}} is unique")


def _one_hot(op, source, title):
    return Rule(
        op, title, "m n -> m n", ("X",),
        vjp=lambda G, Y, i, args, data: alg.zeros(args[0].shape),
        differential=lambda Y, args, dargs, data: alg.zeros(args[0].shape),
        oracle=lambda np, arrays, data, sizes: _indicator(np, arrays[0], getattr(np, op)),
        why="The place of the extreme entry does not change under small changes.",
        domain=f"the {source} entry of {{0}} is unique")


def _sum_rule(op, title, signature, spread, axis, mean):
    """Sum or mean over all entries, over each row, or over each column."""
    def count(X):
        return {None: _entries(X), 1: alg.size_number(X.cols), 0: alg.size_number(X.rows)}[axis]

    def forward(X):
        total = {None: alg.total, 1: alg.rowsum, 0: alg.colsum}[axis](X)
        return _per(total, count(X)) if mean else total

    def vjp(G, Y, i, args, data):
        X = args[0]
        return spread(_per(G, count(X)) if mean else G, X)

    def oracle(np, arrays, data, sizes):
        X = arrays[0]
        total = X.sum(axis=axis, keepdims=True)
        return total / (X.size if axis is None else X.shape[axis]) if mean else total

    what = "divided by their number" if mean else "passed on unchanged"
    return Rule(op, title, signature, ("X",), vjp=vjp,
                differential=lambda Y, args, dargs, data: forward(dargs[0]), oracle=oracle,
                why=f"Every entry counts once: the cotangent is spread over the entries, {what}.",
                calls=(op,), cites=("cookbook:37",))


def _spread_all(G, X):
    return alg.mul(G, alg.ones(X.shape))


RULES = (
    _sum_rule("sum", "Sum of all entries", "m n -> 1 1", _spread_all, None, False),
    _sum_rule("mean", "Mean of all entries", "m n -> 1 1", _spread_all, None, True),
    _sum_rule("rowsum", "Row sums", "m n -> m 1", _along_rows, 1, False),
    _sum_rule("rowmean", "Row means", "m n -> m 1", _along_rows, 1, True),
    _sum_rule("colsum", "Column sums", "m n -> 1 n", _along_cols, 0, False),
    _sum_rule("colmean", "Column means", "m n -> 1 n", _along_cols, 0, True),
    Rule("inner", "Frobenius inner product", "m n, m n -> 1 1", ("A", "B"),
         vjp=lambda G, Y, i, args, data: alg.mul(G, args[1 - i]),
         differential=lambda Y, args, dargs, data: alg.add(
             alg.inner(dargs[0], args[1]), alg.inner(args[0], dargs[1])),
         oracle=lambda np, arrays, data, sizes: np.sum(arrays[0] * arrays[1]).reshape(1, 1),
         why="The inner product is linear in each of its two matrices.",
         calls=("inner",), cites=("magnus:2.4",)),
    Rule("sqnorm", "Squared Euclidean (Frobenius) norm", "m n -> 1 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.mul(alg.had(alg.num(2), G), args[0]),
         differential=lambda Y, args, dargs, data: alg.had(alg.num(2), alg.inner(args[0], dargs[0])),
         oracle=lambda np, arrays, data, sizes: np.sum(arrays[0] ** 2).reshape(1, 1),
         why="The sum of squares gives twice the argument.", cites=("cookbook:131",)),
    Rule("norm2", "Euclidean (Frobenius) norm", "m n -> 1 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.mul(G, _norm_direction(args[0], Y)),
         differential=lambda Y, args, dargs, data: alg.had(
             alg.power(Y, alg.MINUS), alg.inner(args[0], dargs[0])),
         oracle=lambda np, arrays, data, sizes: np.sqrt(np.sum(arrays[0] ** 2)).reshape(1, 1),
         why="The norm grows in the direction of its argument, with slope one.",
         calls=("norm2", "norm"), cites=("cookbook:129",), domain="{0} is not zero"),
    Rule("norm1", "Sum of absolute values", "m n -> 1 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.mul(G, alg.fn("sign", args[0])),
         differential=lambda Y, args, dargs, data: alg.inner(alg.fn("sign", args[0]), dargs[0]),
         oracle=lambda np, arrays, data, sizes: np.sum(np.abs(arrays[0])).reshape(1, 1),
         why="Each entry counts with its sign.", calls=("norm1",), cites=("boyd:3.1",),
         domain="no entry of {0} is zero (there sign is 0, one of the subgradients)"),
    _extreme("max", "argmax", "Largest entry", "largest"),
    _extreme("min", "argmin", "Smallest entry", "smallest"),
    _one_hot("argmax", "largest", "One-hot of the largest entry"),
    _one_hot("argmin", "smallest", "One-hot of the smallest entry"),
)
