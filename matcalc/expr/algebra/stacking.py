"""vec and its relatives."""

from __future__ import annotations

from ...shapes import ONE, Size
from .. import build
from ..build import eye, ones, zeros
from ..node import Expr, node
from . import chains, entries, transposes


def vec(x: Expr) -> Expr:
    if x.cols.is_one:
        return x
    if x.rows.is_one:
        return transposes.transpose(x)
    if x.op == "scale":
        return entries.scale(x.args[0], vec(x.args[1]))
    if x.op == "mat":
        return x.args[0]
    if x.op in ("ones", "zeros"):
        return node(x.op, (), None, (x.rows * x.cols, ONE))
    return build.call("vec", x)


def mat(v: Expr, m: Size, n: Size) -> Expr:
    if n.is_one:
        return v
    if m.is_one:
        return transposes.transpose(v)
    if v.op == "scale":
        return entries.scale(v.args[0], mat(v.args[1], m, n))
    if v.op == "vec" and v.args[0].shape == (m, n):
        return v.args[0]
    if v.op in ("ones", "zeros"):
        return node(v.op, (), None, (m, n))
    return build.mat(v, m, n)


def rearrange(g: Expr, m: Size, n: Size, p: Size, q: Size) -> Expr:
    """Van Loan's R(G); of a scaled identity and of a Kronecker product it is an outer product."""
    if g.op == "scale":
        return entries.scale(g.args[0], rearrange(g.args[1], m, n, p, q))
    if g.op == "eye" and m == n:
        return chains.matmul(vec(eye(m)), transposes.transpose(vec(eye(p))))
    if g.op == "ones":
        return ones((m * n, p * q))
    if g.op == "zeros":
        return zeros((m * n, p * q))
    if g.op == "kron" and g.args[0].shape == (m, n):
        return chains.matmul(vec(g.args[0]), transposes.transpose(vec(g.args[1])))
    return build.rearrange(g, m, n, p, q)


def frechet(a: Expr, e: Expr) -> Expr:
    """Frechet derivative of expm at A in direction E."""
    if e.op == "scale":
        return entries.scale(e.args[0], frechet(a, e.args[1]))
    if e.op == "zeros":
        return e
    if e.op == "eye":
        return build.call("expm", a)
    return build.call("frechet", a, e)
