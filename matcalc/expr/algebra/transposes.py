"""Transposes and inverses, taken to where they are shortest."""

from __future__ import annotations

from .. import build
from ..build import eye
from ..canonical import canonical
from ..node import Expr, node
from ..terms import MINUS, assumed, is_num
from . import chains, entries, reductions, sums


def transpose(x: Expr) -> Expr:
    """X^T, taken inside where that is the shorter or the usual form."""
    op = x.op
    if x.is_scalar or op in ("eye", "diag"):
        return x
    if op == "T":
        return x.args[0]
    if op in ("ones", "zeros"):
        return node(op, (), None, (x.cols, x.rows))
    if op == "scale":
        return entries.scale(x.args[0], transpose(x.args[1]))
    if assumed(x, "symmetric", "spd", "diagonal"):
        return x
    if assumed(x, "skew"):
        return sums.neg(x)
    if op == "commutation":
        return build.commutation(x.data[1], x.data[0])
    if op == "kron":
        return chains.kron(*map(transpose, x.args))
    outside = build.transpose(x)
    if op == "matmul":
        inside = chains.matmul(*map(transpose, reversed(x.args)))
        is_vector = x.is_column or x.is_row
        return outside if is_vector and outside.cost < inside.cost else inside
    if op in ("add", "had"):
        inside = (sums.add if op == "add" else entries.had)(*map(transpose, x.args))
        # a residual keeps its form: (w^T x - y)^T rather than x^T w - y^T
        grouped = 1 if op == "add" and (x.is_column or x.is_row) else 0
        return inside if inside.cost + grouped < outside.cost or _is_own_transpose(x, inside) else outside
    if op in ("inv", "matpow"):
        inside = transpose(x.args[0])
        if inside is x.args[0] or _is_own_transpose(x.args[0], inside):
            return x
        if inside.cost < x.args[0].cost and inside.op != "T":
            return inverse_of(inside) if op == "inv" else matpow(inside, x.args[1])
    return outside


def _is_own_transpose(x: Expr, inside: Expr) -> bool:
    return x.rows == x.cols and canonical(inside) is canonical(x)


def is_symmetric(x: Expr) -> bool:
    """Whether X^T = X can be seen from the structure and the assumptions."""
    return x.rows == x.cols and canonical(transpose(x)) is canonical(x)


def inverse_of(x: Expr) -> Expr:
    """X^{-1} as a node, with the trivial cases done."""
    if x.op == "inv":
        return x.args[0]
    if x.op == "eye":
        return x
    if x.op == "matpow":
        return matpow(x.args[0], sums.neg(x.args[1]))
    if x.op == "scale":
        return entries.scale(entries.power(x.args[0], MINUS), inverse_of(x.args[1]))
    if x.op == "diag":
        return reductions.diag(entries.power(x.args[0], MINUS))
    return build.call("inv", x)


def inverse(x: Expr) -> Expr:
    """X^{-1}; the transpose of an inverse is written X^{-T}."""
    if x.op == "T":
        return transpose(inverse(x.args[0]))
    if assumed(x, "orthogonal"):
        return transpose(x)
    return inverse_of(x)


def matpow(x: Expr, k: Expr) -> Expr:
    if is_num(k, 0):
        return eye(x.rows)
    if is_num(k, 1):
        return x
    if is_num(k, -1):
        return inverse(x)
    if x.op == "T":
        return transpose(matpow(x.args[0], k))
    return build.matpow(x, k)
