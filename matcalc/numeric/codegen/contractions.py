"""Products of matrices and vectors, and sums over entries, in lowered forms.

A constructor knows what repeated, diagonal and outer operands make of its result,
so that `1^T A` is a sum of columns and `diag(v) A` a product entry by entry.
"""

from __future__ import annotations

from ...expr.build import size_number
from ...expr.node import Expr, node
from ...shapes import SCALAR
from .forms import (
    SPREAD,
    UNIT,
    cols,
    column,
    fill,
    had,
    outer,
    rows,
    scale,
    times,
    transpose,
    unscaled,
)


def dot(u: Expr, v: Expr) -> Expr:
    (c, u), (d, v) = unscaled(u), unscaled(v)
    if u.op == "fill":
        out = times(u.args[0], total(v))
    elif v.op == "fill":
        out = times(v.args[0], total(u))
    else:
        out = node("dot", (u, v), None, SCALAR)
    return times(c, d, out)


def vdot(a: Expr, b: Expr) -> Expr:
    """The sum of all products of entries."""
    if a.is_scalar:
        return times(a, b)
    if a.cols.is_one:
        return dot(a, b)
    (c, a), (d, b) = unscaled(a), unscaled(b)
    for x, y in ((a, b), (b, a)):
        if x.op in _VDOT:
            return times(c, d, _VDOT[x.op](x, y))
    if a.op == b.op == "T":
        a, b = a.args[0], b.args[0]
    return times(c, d, node("vdot", (a, b), None, SCALAR))


_VDOT = {
    "fill": lambda x, y: times(x.args[0], total(y)),
    "cols": lambda x, y: dot(x.args[0], rowsum(y)),
    "rows": lambda x, y: dot(x.args[0], colsum(y)),
    "outer": lambda x, y: dot(x.args[0], matvec(y, x.args[1])),
    "eye": lambda x, y: trace(y),
    "diag": lambda x, y: dot(x.args[0], diagonal(y)),
}


def matvec(a: Expr, u: Expr) -> Expr:
    (c, a), (d, u) = unscaled(a), unscaled(u)
    if u.op == "fill":
        out = scale(u.args[0], rowsum(a))
    elif a.op in _MATVEC:
        out = _MATVEC[a.op](a, u)
    else:
        out = node("matvec", (a, u), None, column(a.rows))
    return scale(times(c, d), out)


_MATVEC = {
    "fill": lambda a, u: fill(times(a.args[0], total(u)), column(a.rows)),
    "cols": lambda a, u: scale(total(u), a.args[0]),
    "rows": lambda a, u: fill(dot(a.args[0], u), column(a.rows)),
    "outer": lambda a, u: scale(dot(a.args[1], u), a.args[0]),
    "eye": lambda a, u: u,
    "diag": lambda a, u: had(a.args[0], u),
}


def matmul(a: Expr, b: Expr) -> Expr:
    """The product of two matrices."""
    (c, a), (d, b) = unscaled(a), unscaled(b)
    return scale(times(c, d), _matmul(a, b))


def _matmul(a: Expr, b: Expr) -> Expr:
    if a.op == "eye" or b.op == "eye":
        return a if b.op == "eye" else b
    if a.op == "diag":
        return had(cols(a.args[0], b.cols), b)
    if b.op == "diag":
        return had(a, rows(b.args[0], a.rows))
    if a.op in ("outer", "cols"):
        return outer(a.args[0], matvec(transpose(b), _right(a)))
    if b.op in ("outer", "rows"):
        return outer(matvec(a, _left(b)), b.args[-1])
    if a.op == "fill":
        return rows(scale(a.args[0], colsum(b)), a.rows)
    if a.op == "rows":
        return rows(matvec(transpose(b), a.args[0]), a.rows)
    if b.op in ("fill", "cols"):
        u = b.args[0] if b.op == "cols" else fill(b.args[0], column(b.rows))
        return cols(matvec(a, u), b.cols)
    return node("matmul", (a, b), None, (a.rows, b.cols))


def _right(a: Expr) -> Expr:
    return a.args[1] if a.op == "outer" else fill(UNIT, column(a.cols))


def _left(b: Expr) -> Expr:
    return b.args[0] if b.op == "outer" else fill(UNIT, column(b.rows))


def solve(a: Expr, b: Expr) -> Expr:
    c, b = unscaled(b)
    if b.op in SPREAD or b.op in ("eye", "diag"):
        if b.op == "cols":
            return scale(c, cols(solve(a, b.args[0]), b.cols))
        if b.op == "eye":
            return scale(c, node("inv", (a,), None, a.shape))
    if b.op == "outer":
        return scale(c, outer(solve(a, b.args[0]), b.args[1]))
    return scale(c, node("solve", (a, b), None, b.shape))


# ------------------------------------------------------------ sums

def total(x: Expr) -> Expr:
    """The sum of all entries."""
    if x.is_scalar:
        return x
    c, x = unscaled(x)
    if x.op == "fill":
        out = times(size_number(x.rows * x.cols), x.args[0])
    elif x.op in ("cols", "rows"):
        out = times(size_number(x.cols if x.op == "cols" else x.rows), total(x.args[0]))
    elif x.op == "outer":
        out = times(total(x.args[0]), total(x.args[1]))
    elif x.op == "had" and len(x.args) == 2:
        out = vdot(*x.args) if not x.cols.is_one else dot(*x.args)
    elif x.op == "had" and any(f.op in ("cols", "rows") for f in x.args):
        out = total(rowsum(x) if any(f.op == "cols" for f in x.args) else colsum(x))
    elif x.op == "T":
        out = total(x.args[0])
    elif x.op == "matmul":
        out = dot(colsum(x.args[0]), rowsum(x.args[1]))
    elif x.op == "pow" and x.args[1].op == "num" and x.args[1].data == 2:
        out = vdot(x.args[0], x.args[0])
    else:
        out = node("sum", (x,), None, SCALAR)
    return times(c, out)


def rowsum(x: Expr) -> Expr:
    """A matrix times a vector of ones."""
    if x.cols.is_one:
        return x
    return _axis_sum(x, 1)


def colsum(x: Expr) -> Expr:
    """A vector of ones times a matrix, as a vector."""
    if x.cols.is_one:
        return total(x)
    return _axis_sum(x, 0)


def _axis_sum(x: Expr, axis: int) -> Expr:
    c, x = unscaled(x)
    along, across = ("rows", "cols") if axis == 1 else ("cols", "rows")
    n = column(x.shape[1 - axis])
    if x.op == "T":
        out = _axis_sum(x.args[0], 1 - axis)
    elif x.op == "fill":
        out = fill(times(size_number(x.shape[axis]), x.args[0]), n)
    elif x.op == across:
        out = scale(size_number(x.shape[axis]), x.args[0])
    elif x.op == along:
        out = fill(total(x.args[0]), n)
    elif x.op == "outer":
        out = scale(total(x.args[axis]), x.args[1 - axis])
    elif x.op == "diag":
        out = x.args[0]
    elif x.op == "eye":
        out = fill(UNIT, n)
    elif x.op == "had" and any(f.op in (along, across) for f in x.args):
        out = _sum_of_product(x, axis, along, across)
    elif x.op == "matmul":
        a, b = x.args
        out = matvec(a, rowsum(b)) if axis == 1 else matvec(transpose(b), colsum(a))
    else:
        out = node("rowsum" if axis == 1 else "colsum", (x,), None, n)
    return scale(c, out)


def _sum_of_product(x: Expr, axis: int, along: str, across: str) -> Expr:
    """What is the same all along the sum comes out of it; what is repeated across it
    makes it a product with a vector."""
    outside = [f.args[0] for f in x.args if f.op == across]
    weights = [f.args[0] for f in x.args if f.op == along]
    rest = [f for f in x.args if f.op not in (along, across)]
    if not rest:
        inner = fill(total(had(*weights)), column(x.shape[1 - axis]))
    elif weights:
        body = had(*rest)
        inner = matvec(body if axis == 1 else transpose(body), had(*weights))
    else:
        inner = _axis_sum(had(*rest), axis)
    return had(*outside, inner)


def trace(x: Expr) -> Expr:
    c, x = unscaled(x)
    if x.is_scalar:
        out = x
    elif x.op == "matmul":
        out = vdot(transpose(x.args[0]), x.args[1])
    elif x.op == "outer":
        out = dot(*x.args)
    elif x.op == "diag":
        out = total(x.args[0])
    elif x.op == "eye":
        out = size_number(x.rows)
    elif x.op == "T":
        out = trace(x.args[0])
    elif x.op in SPREAD:
        out = times(size_number(x.rows), x.args[0]) if x.op == "fill" else total(x.args[0])
    else:
        out = node("tr", (x,), None, SCALAR)
    return times(c, out)


def diagonal(x: Expr) -> Expr:
    c, x = unscaled(x)
    n = column(x.rows)
    if x.is_scalar:
        return times(c, x)
    if x.op == "matmul":
        out = rowsum(had(x.args[0], transpose(x.args[1])))
    elif x.op == "outer":
        out = had(*x.args)
    elif x.op in ("diag", "cols", "rows"):
        out = x.args[0]
    elif x.op == "eye":
        out = fill(UNIT, n)
    elif x.op == "fill":
        out = fill(x.args[0], n)
    elif x.op == "T":
        out = diagonal(x.args[0])
    else:
        out = node("diagpart", (x,), None, n)
    return scale(c, out)
