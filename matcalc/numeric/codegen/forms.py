"""Constructors of the forms that code is written from.

Lowered expressions are `Expr` nodes in which every vector is a column (a row is
lowered as its transpose), so that every vector is a 1-D array.  Beside the
operations of the language there are

  fill   | c    | a scalar in every entry
  cols   | u    | u in every column; rows | v: v in every row
  matvec | A, u;  dot | u, v;  outer | u, v;  vdot | A, B (sum of entrywise products)
  solve  | A, B | A^-1 B, B a matrix or a vector
  softmax, log_softmax, logsumexp | x | data is the axis, None for a vector

`fill`, `cols` and `rows` broadcast: nothing is stored for them.
"""

from __future__ import annotations

from fractions import Fraction

from ...expr.build import num
from ...expr.node import Expr, Func, node
from ...shapes import ONE, SCALAR, Shape, Size

UNIT, MINUS = num(1), num(-1)

SPREAD = ("fill", "cols", "rows")


def column(n: Size) -> Shape:
    return (n, ONE)


def length(v: Expr) -> Size:
    return v.shape[0]


def fill(c: Expr, shape: Shape) -> Expr:
    return node("fill", (c,), None, shape)


def cols(u: Expr, n: Size) -> Expr:
    """u repeated as n columns."""
    shape = (length(u), n)
    return fill(u.args[0], shape) if u.op == "fill" else node("cols", (u,), None, shape)


def rows(v: Expr, m: Size) -> Expr:
    """v repeated as m rows."""
    shape = (m, length(v))
    return fill(v.args[0], shape) if v.op == "fill" else node("rows", (v,), None, shape)


def is_zero(e: Expr) -> bool:
    return e.op == "num" and e.data == 0 or e.op == "fill" and is_zero(e.args[0])


# ------------------------------------------------------------ entry by entry

def entrywise(op: str, args: tuple[Expr, ...], data, shape: Shape) -> Expr:
    """One entrywise operation; what its operands repeat, the result repeats."""
    full = [a for a in args if not a.is_scalar]
    if full and all(a.op == "fill" for a in full):
        return fill(entrywise(op, tuple(_core(a) for a in args), data, SCALAR), shape)
    for kind, make, along in (("cols", cols, 1), ("rows", rows, 0)):
        if full and not shape[1].is_one and all(a.op in ("fill", kind) for a in full):
            inner = column(shape[1 - along])
            parts = tuple(a if a.is_scalar else a.args[0] if a.op == kind else fill(a.args[0], inner) for a in args)
            return make(entrywise(op, parts, data, inner), shape[along])
    return _SIMPLER.get(op, node)(op, args, data, shape)


def _core(e: Expr) -> Expr:
    return e.args[0] if e.op == "fill" else e


def _add(op, args, data, shape) -> Expr:
    terms = tuple(t for t in args if not is_zero(t))
    if not terms:
        return args[0]
    if len(terms) == 1:
        return terms[0]
    return node("add", terms, None, shape)


def _had(op, args, data, shape) -> Expr:
    """Factors that are the same number everywhere become a scale."""
    scalars, body = [], []
    for a in args:
        if a.op == "fill":
            scalars.append(a.args[0])
        elif a.op in ("cols", "rows") and a.args[0].op == "scale":
            c, v = a.args[0].args
            scalars.append(c)
            body.append(cols(v, a.cols) if a.op == "cols" else rows(v, a.rows))
        elif a.op == "scale" and not a.is_scalar:
            scalars.append(a.args[0])
            body += a.args[1].args if a.args[1].op == "had" else [a.args[1]]
        elif a.op == "had" and a.shape == shape and not a.is_scalar:
            body += a.args
        else:
            body.append(a)
    if shape == SCALAR:
        return times(*args)
    out = node("had", tuple(body), None, shape) if len(body) > 1 else body[0]
    return scale(times(*scalars), out) if scalars else out


def _absorbed(c: Expr, x: Expr) -> Expr | None:
    """c x for a product with a repeated vector, which takes the number: fewer entries to multiply."""
    if x.op != "had" or c.op == "num" and abs(c.data) == 1:
        return None
    for i, f in enumerate(x.args):
        if f.op in ("cols", "rows"):
            sign = c.op == "num" and c.data < 0 or c.op == "had" and c.args[0].op == "num" and c.args[0].data < 0
            v = scale(times(MINUS, c) if sign else c, f.args[0])
            spread = cols(v, f.cols) if f.op == "cols" else rows(v, f.rows)
            out = node("had", (*x.args[:i], spread, *x.args[i + 1:]), None, x.shape)
            return node("scale", (MINUS, out), None, x.shape) if sign else out
    return None


def _scale(op, args, data, shape) -> Expr:
    return scale(*args)


def _pow(op, args, data, shape) -> Expr:
    """Square roots and small whole powers as roots, squares, products and quotients."""
    x, p = args
    k = p.data if p.op == "num" else None
    if k == 1:
        return x
    if k is None or not x.args and x.op != "var" or abs(k) > 4 or 2 * k % 1:
        return node(op, args, data, shape)
    if x.op == "fn" and x.data.name == "sqrt" and k % 2 == 0:
        return _pow(op, (x.args[0], num(k / 2)), data, shape)
    if k < 0 and k != -1:
        return node("pow", (_pow(op, (x, num(-k)), data, shape), MINUS), None, shape)
    if k == Fraction(1, 2):
        return node("fn", (x,), Func("sqrt"), shape)
    if k in (3, 4):
        square = node("pow", (x, num(2)), None, shape)
        return node("had", (square, x), None, shape) if k == 3 else node("pow", (square, num(2)), None, shape)
    return node(op, args, data, shape)


_SIMPLER = {"add": _add, "had": _had, "scale": _scale, "pow": _pow}


def rebuild(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The node e with other operands."""
    if e.op in _SIMPLER and not e.is_scalar:
        return entrywise(e.op, args, e.data, e.shape)
    if e.op == "cols":
        return cols(args[0], e.cols)
    return rows(args[0], e.rows) if e.op == "rows" else node(e.op, args, e.data, e.shape)


def add(*terms: Expr) -> Expr:
    return entrywise("add", terms, None, terms[0].shape)


def had(*factors: Expr) -> Expr:
    return factors[0] if len(factors) == 1 else entrywise("had", factors, None, factors[0].shape)


def times(*factors: Expr) -> Expr:
    """Product of scalars, the number first."""
    number, rest = Fraction(1), []
    for f in factors:
        for g in f.args if f.op == "had" else (f,):
            if g.op == "num":
                number *= g.data
            else:
                rest.append(g)
    if number != 1 or not rest:
        rest = [num(number), *rest] if number else [num(0)]
    return rest[0] if len(rest) == 1 else node("had", tuple(rest), None, SCALAR)


def neg(x: Expr) -> Expr:
    return times(MINUS, x) if x.is_scalar else scale(MINUS, x)


def scale(c: Expr, x: Expr) -> Expr:
    """c x; an outer product takes the scalar into its first vector."""
    if x.is_scalar:
        return times(c, x)
    if c is UNIT:
        return x
    if x.op == "fill":
        return fill(times(c, x.args[0]), x.shape)
    if x.op == "scale":
        return scale(times(c, x.args[0]), x.args[1])
    if x.op == "cols":
        return cols(scale(c, x.args[0]), x.cols)
    if x.op == "rows":
        return rows(scale(c, x.args[0]), x.rows)
    if x.op == "outer":
        return outer(scale(c, x.args[0]), x.args[1])
    return _absorbed(c, x) or node("scale", (c, x), None, x.shape)


def unscaled(x: Expr) -> tuple[Expr, Expr]:
    """(c, y) with x = c y."""
    return x.args if x.op == "scale" else (UNIT, x)


# ------------------------------------------------------------ transposes, outer products

def transpose(x: Expr) -> Expr:
    """Of a matrix; a vector is its own transpose here."""
    if x.rows.is_one or x.cols.is_one or x.op in ("diag", "eye"):
        return x
    if x.op == "T":
        return x.args[0]
    shape = (x.cols, x.rows)
    if x.op == "fill":
        return fill(x.args[0], shape)
    if x.op == "cols":
        return rows(x.args[0], x.cols)
    if x.op == "rows":
        return cols(x.args[0], x.rows)
    if x.op == "outer":
        return outer(x.args[1], x.args[0])
    if x.op == "scale":
        return scale(x.args[0], transpose(x.args[1]))
    return node("T", (x,), None, shape)


def outer(u: Expr, v: Expr) -> Expr:
    if v.op == "fill":
        return cols(scale(v.args[0], u), length(v))
    if u.op == "fill":
        return rows(scale(u.args[0], v), length(u))
    c, v = unscaled(v)
    return node("outer", (scale(c, u), v), None, (length(u), length(v)))
