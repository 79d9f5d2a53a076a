"""Sums, products and powers from SymPy.

SymPy does not compare symbolic sizes, so they are compared here; and it takes
a transpose into a sum, so (A x - b)^T (A x - b) is recognised as a squared norm.
"""

from __future__ import annotations


import sympy as sp

from ...errors import fail
from .. import build as b
from ..node import Expr
from . import scalars
from .mirror import squared
from .shapes import fitting, shown, square, together


def read_sum(r, obj) -> Expr:
    terms = r.all(obj.as_ordered_terms() if isinstance(obj, sp.Add) else obj.args)
    for t in terms[1:]:
        together(terms[0], t, obj)
    return b.add(*terms)


def read_product(r, obj) -> Expr:
    """A product of any factors, scalars in front."""
    out = None
    for e in r.all(_with_roots_below(obj.args)):
        out = e if out is None else _times(out, e, obj)
    return _residual(out)


def _with_roots_below(factors: tuple) -> list:
    """SymPy turns 1/sqrt(3) into sqrt(3)/3 when it is written down; here it goes back."""
    out = list(factors)
    if not out[0].is_Rational:
        return out
    for i, f in enumerate(out[1:], 1):
        if f.is_Pow and f.exp == sp.S.Half and f.base.is_Integer and out[0].q % f.base == 0:
            out[0], out[i] = out[0] * f.base, sp.Pow(sp.sqrt(f.base), -1, evaluate=False)
    return out if out[0] != 1 else out[1:]


def _times(x: Expr, y: Expr, obj) -> Expr:
    if not (x.is_scalar or y.is_scalar):
        fitting(x, y, obj)
    return b.mul(x, y)


def _residual(e: Expr) -> Expr:
    """r^T r for a sum or a function r is |r|^2; x^T x of a variable stays."""
    if e.op == "had" and e.args[-1].op == "matmul":
        return b.had(*e.args[:-1], _residual(e.args[-1]))
    return (e.is_scalar and squared_factors(e)) or e


def squared_factors(e: Expr) -> Expr | None:
    """|r|^2 for a product of two factors r^T and r, where r is more than a variable."""
    if e.op != "matmul" or len(e.args) != 2 or not e.args[1].args:
        return None
    return squared(*e.args)


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
