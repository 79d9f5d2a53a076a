"""Any operation by its name, and nodes with other operands."""

from __future__ import annotations

from .. import build
from ..node import Expr, node
from . import chains, entries, reductions, stacking, sums, transposes

_BY_NAME = {
    "add": sums.add, "had": entries.had, "scale": entries.scale, "matmul": chains.matmul, "pow": entries.power,
    "matpow": transposes.matpow, "kron": chains.kron, "T": transposes.transpose, "inv": transposes.inverse,
    "tr": reductions.trace, "inner": reductions.inner, "sum": reductions.total, "rowsum": reductions.rowsum,
    "colsum": reductions.colsum, "diag": reductions.diag, "diagpart": reductions.diagpart, "vec": stacking.vec,
    "frechet": stacking.frechet,
}


def call(op: str, *args: Expr) -> Expr:
    """Any operation of the table in `node` that needs no data."""
    return _BY_NAME[op](*args) if op in _BY_NAME else build.call(op, *args)


def rebuild(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The node e with other operands, simplified."""
    if e.op in _BY_NAME:
        if e.op == "scale" and args[1].is_scalar:
            return entries.had(*args)
        return _BY_NAME[e.op](*args)
    if e.op == "fn":
        return entries.fn(e.data, args[0])
    if e.op in ("mat", "rearrange"):
        return {"mat": stacking.mat, "rearrange": stacking.rearrange}[e.op](args[0], *e.data)
    if not args:
        return e
    return node(e.op, args, e.data, e.shape)
