"""Sums, products and powers from SymPy.

SymPy does not compare symbolic sizes, so they are compared here; and it takes
a transpose into a sum, so (A x - b)^T (A x - b) is recognised as a squared norm.
"""

from __future__ import annotations


import sympy as sp

from ...errors import fail
from .. import build as b
from ..algebra import canonical, transpose
from ..node import Expr
from . import scalars
from .shapes import fitting, shown, square, together


def read_sum(r, obj) -> Expr:
    terms = r.all(obj.as_ordered_terms() if isinstance(obj, sp.Add) else obj.args)
    for t in terms[1:]:
        together(terms[0], t, obj)
    return b.add(*terms)


def read_product(r, obj) -> Expr:
    """A product of any factors, scalars in front."""
    out = None
    for e in r.all(obj.args):
        out = e if out is None else _times(out, e, obj)
    return _residual(out)


def _times(x: Expr, y: Expr, obj) -> Expr:
    if not (x.is_scalar or y.is_scalar):
        fitting(x, y, obj)
    return b.mul(x, y)


def _residual(e: Expr) -> Expr:
    """r^T r for a sum r is |r|^2: SymPy has taken the transpose into the sum."""
    c, body = e.args if e.op == "scale" else (None, e)
    if c is None and body.op == "had" and body.args[-1].op == "matmul":
        return b.had(*body.args[:-1], _residual(body.args[-1]))
    if body.op == "matmul" and len(body.args) == 2 and body.is_scalar and body.args[1].op == "add":
        return squared(*body.args) or e
    return e


def squared(left: Expr, right: Expr) -> Expr | None:
    """|right|^2 when left is the transpose of right."""
    is_mirror = left.shape == right.shape[::-1] and canonical(transpose(right)) is canonical(left)
    return b.call("sqnorm", right) if is_mirror else None


def read_power(r, obj) -> Expr:
    base, exponent = obj.args
    if base is sp.E:
        return b.fn("exp", r(exponent))
    x, p = r(base), r(exponent)
    if not x.is_scalar:
        return _matrix_power(x, p, exponent, obj)
    norm = _norm(x) if exponent.is_Rational and exponent.q == 2 else None
    if norm:
        return norm if exponent.p == 1 else b.power(norm, b.num(int(exponent.p)))
    return scalars.sigmoid(base, exponent, r) or scalars.power(x, p)


def _matrix_power(x: Expr, p: Expr, exponent, obj) -> Expr:
    square(x, "power")
    if exponent == -1:
        return b.call("inv", x)
    if exponent.is_number and not exponent.is_Integer:
        raise fail("M193", f"a root of a matrix cannot be read: {shown(obj)}",
                   help="use HadamardPower for entrywise powers")
    return b.matpow(x, p)


def _norm(x: Expr) -> Expr | None:
    """|v| where x = v^T v or tr(V^T V)."""
    if x.op == "sqnorm":
        return b.call("norm2", x.args[0])
    body = x.args[0] if x.op == "tr" else x
    if body.op == "matmul" and len(body.args) == 2:
        found = squared(*body.args)
        return b.call("norm2", found.args[0]) if found else None
    if body.op == "matmul" and len(body.args) % 2 == 0:
        half = len(body.args) // 2
        found = squared(b.matmul(*body.args[:half]), b.matmul(*body.args[half:]))
        return b.call("norm2", found.args[0]) if found else None
    return None
