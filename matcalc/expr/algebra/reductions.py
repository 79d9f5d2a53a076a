"""Traces, sums of entries, diagonals."""

from __future__ import annotations

from ...shapes import ONE, Shape, is_scalar
from .. import build
from ..build import eye, num, ones, size_number, zeros
from ..node import Expr
from ..terms import UNIT, ZERO, assumed, is_zero, split
from . import chains, entries, sums, transposes


def trace(x: Expr) -> Expr:
    """tr(X); of a product with a vector in it the scalar product."""
    if x.is_scalar:
        return x
    op = x.op
    if op == "scale":
        return entries.had(x.args[0], trace(x.args[1]))
    if op == "eye":
        return size_number(x.rows)
    if op == "zeros":
        return ZERO
    if op == "T":
        return trace(x.args[0])
    if op == "kron" and x.args[0].rows == x.args[0].cols:
        return entries.had(trace(x.args[0]), trace(x.args[1]))
    if op == "diag":
        return total(x.args[0])
    if op == "matmul":
        for i in range(1, len(x.args)):
            if x.args[i].rows.is_one:
                return chains.matmul(*x.args[i:], *x.args[:i])
    return build.call("tr", x)


def inner(a: Expr, b: Expr) -> Expr:
    """Frobenius inner product <A, B>, in its shortest usual form."""
    if a.is_scalar:
        return entries.had(a, b)
    if is_zero(a) or is_zero(b):
        return ZERO
    if a.op == "ones":
        return total(b)
    if b.op == "ones":
        return total(a)
    if a.is_row:
        return chains.matmul(a, transposes.transpose(b))
    if a.is_column or a.op in ("matmul", "eye", "scale") or b.op in ("matmul", "eye", "scale"):
        return trace(chains.matmul(transposes.transpose(a), b))
    if "had" in (a.op, b.op):
        return total(entries.had(a, b))
    return build.call("tr", chains.matmul(transposes.transpose(a), b))


def total(x: Expr) -> Expr:
    """Sum of all entries."""
    if x.is_scalar:
        return x
    number, scalars, body = split(x)
    if number != 1 or scalars:
        for m in scalars:  # n entries of mean(y) add up to sum(y)
            if m.op == "mean" and body.op == "ones" and m.args[0].shape == body.shape:
                rest = tuple(s for s in scalars if s is not m)
                return entries.had(num(number), *rest, total(m.args[0]))
        return entries.had(num(number), *scalars, total(body))
    if x.op == "ones":
        return size_number(x.rows * x.cols)
    if x.op == "zeros":
        return ZERO
    if x.op == "T":
        return total(x.args[0])
    if x.op == "softmax":
        return UNIT
    if assumed(x, "onehot", "simplex"):
        return UNIT if x.is_column or x.is_row else size_number(x.rows)
    if assumed(x, "onehot_cols"):
        return size_number(x.cols)
    if x.op in ("rowsum", "colsum"):
        return total(x.args[0])
    if x.op == "add":
        terms = sums.add(*map(total, x.args))
        return terms if terms.cost < x.cost else build.call("sum", x)
    if x.op in ("softmax_rows", "softmax_cols"):
        return size_number(x.rows if x.op == "softmax_rows" else x.cols)
    if x.op == "had" and x.is_column and len(x.args) == 2:
        return chains.matmul(transposes.transpose(x.args[0]), x.args[1])
    return build.call("sum", x)


def rowsum(x: Expr) -> Expr:
    """X 1."""
    return _sum_along(x, "rowsum", (x.rows, ONE), "softmax_rows", "onehot", "simplex")


def colsum(x: Expr) -> Expr:
    """1^T X."""
    return _sum_along(x, "colsum", (ONE, x.cols), "softmax_cols", "onehot_cols")


def _sum_along(x: Expr, op: str, shape: Shape, unit: str, *assumptions: str) -> Expr:
    along = x.cols if op == "rowsum" else x.rows
    if along.is_one:
        return x
    if is_scalar(shape):
        return total(x)
    number, scalars, body = split(x)
    if number != 1 or scalars:
        return entries.mul(entries.merged_scalars(number, scalars), _sum_along(body, op, shape, unit, *assumptions))
    if x.op == "zeros":
        return zeros(shape)
    if x.op == "ones":
        return entries.mul(size_number(along), ones(shape))
    if x.op == unit or assumed(x, *assumptions):
        return ones(shape)
    if x.op == "matmul" and any(f.rows.is_one for f in x.args[1:]):
        column = ones((x.cols, ONE))
        return chains.matmul(x, column) if op == "rowsum" else chains.matmul(ones((ONE, x.rows)), x)
    if x.op == "T":
        return transposes.transpose(rowsum(x.args[0]) if op == "colsum" else colsum(x.args[0]))
    return build.call(op, x)


def diag(v: Expr) -> Expr:
    """Vector to diagonal matrix."""
    if v.op == "ones":
        return eye(v.rows)
    if is_zero(v):
        return zeros((v.rows, v.rows))
    if v.op == "scale":
        return entries.scale(v.args[0], diag(v.args[1]))
    return v.args[0] if v.op == "diagpart" and assumed(v.args[0], "diagonal") else build.call("diag", v)


def diagpart(x: Expr) -> Expr:
    """Diagonal of a square matrix, as a vector."""
    if x.is_scalar:
        return x
    if x.op == "scale":
        return entries.scale(x.args[0], diagpart(x.args[1]))
    if x.op in ("eye", "ones"):
        return ones((x.rows, ONE))
    if x.op == "zeros":
        return zeros((x.rows, ONE))
    if x.op == "diag":
        return x.args[0]
    if x.op == "T":
        return diagpart(x.args[0])
    if x.op == "matmul":
        for i in range(1, len(x.args)):
            if x.args[i].rows.is_one:
                return entries.had(chains.matmul(*x.args[:i]), transposes.transpose(chains.matmul(*x.args[i:])))
    if x.op == "had":
        return entries.had(*map(diagpart, x.args))
    return build.call("diagpart", x)
