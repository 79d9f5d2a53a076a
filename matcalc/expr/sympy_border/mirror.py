"""The transpose as SymPy writes it: taken inside sums, products and functions.

SymPy turns (A x - b)^T into x^T A^T - b^T when it is written down.  To see that
(x^T A^T - b^T)(A x - b) is the square of a norm, the second factor is
transposed in the same way and compared with the first.
"""

from __future__ import annotations

from .. import build as b
from ..algebra import transpose
from ..canonical import canonical
from ..node import Expr, node, walk

_ENTRYWISE = ("add", "had", "fn", "pow", "scale")
_SWAPPED = {"rowsum": "colsum", "colsum": "rowsum", "softmax_rows": "softmax_cols", "softmax_cols": "softmax_rows"}


def mirrored(root: Expr) -> Expr:
    """root^T with every transpose at the leaves."""
    memo: dict[Expr, Expr] = {}
    for e in walk(root):
        memo[e] = e if e.is_scalar else _one(e, [memo[a] for a in e.args])
    return memo[root]


def _one(e: Expr, args: list[Expr]) -> Expr:
    if not e.args:
        return transpose(e)
    if e.op == "T":
        return e.args[0]
    if e.op == "matmul":
        return b.matmul(*reversed(args))
    if e.op in _ENTRYWISE:  # scalar operands have stayed what they are
        return node(e.op, tuple(args), e.data, args[-1 if e.op == "scale" else 0].shape)
    if e.op == "kron":
        return b.kron(*args)
    if e.op in ("inv", "diag"):
        return b.call("inv", args[0]) if e.op == "inv" else e
    if e.op in _SWAPPED:
        return b.call(_SWAPPED[e.op], args[0])
    return b.transpose(e)


def squared(left: Expr, right: Expr) -> Expr | None:
    """|right|^2 when left is the transpose of right, else None."""
    if left.shape != right.shape[::-1]:
        return None
    is_mirror = left is mirrored(right) or canonical(mirrored(right)) is canonical(left)
    return b.call("sqnorm", right) if is_mirror else None
