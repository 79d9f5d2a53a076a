"""The order of a product of matrices and vectors: the cheapest one."""

from __future__ import annotations

from ...expr.node import Expr
from ...shapes import Size
from . import contractions, forms

NOMINAL = 100  # what an unknown size counts in costs


def nominal(n: Size) -> int:
    return n.coefficient * NOMINAL ** len(n.names)


class Part:
    """A stretch of a chain: its value, a vector as a column, and its true shape."""

    __slots__ = ("cols", "rows", "value")

    def __init__(self, value: Expr, rows: Size, cols: Size):
        self.value, self.rows, self.cols = value, rows, cols


def product(parts: list[Part], kept: frozenset = frozenset()) -> Expr:
    """The product of the parts, in the order with the fewest multiplications.

    kept   matrices whose inverse is wanted as a matrix; others are solved with
    """
    parts = [p for p in parts if p.value.op != "eye"] or parts[:1]
    split = best_order([nominal(p.rows) for p in parts] + [nominal(parts[-1].cols)])

    def built(i: int, j: int) -> Part:
        if i == j:
            return parts[i]
        k = split[i][j]
        return pair(built(i, k), built(k + 1, j), kept)
    return built(0, len(parts) - 1).value


def pair(a: Part, b: Part, kept: frozenset) -> Part:
    """The product of two parts."""
    return Part(_pair(a, b, kept), a.rows, b.cols)


def _pair(a: Part, b: Part, kept: frozenset) -> Expr:
    x, y = a.value, b.value
    if x.is_scalar or y.is_scalar:
        return forms.times(x, y) if x.is_scalar and y.is_scalar else forms.scale(*((x, y) if x.is_scalar else (y, x)))
    if a.rows.is_one:
        if b.cols.is_one:
            return contractions.dot(x, y)
        right = _solved(forms.transpose(y), x, kept)
        return right or contractions.matvec(forms.transpose(y), x)
    if a.cols.is_one:
        return forms.outer(x, y)
    left = _solved(x, y, kept)
    if left is not None:
        return left
    if b.cols.is_one:
        return contractions.matvec(x, y)
    right = _solved(forms.transpose(y), forms.transpose(x), kept)
    return forms.transpose(right) if right is not None else contractions.matmul(x, y)


def _solved(x: Expr, y: Expr, kept: frozenset) -> Expr | None:
    """x y as the solution of a system, where x is an inverse."""
    c, x = forms.unscaled(x)
    if x.op == "inv" and x.args[0] not in kept:
        return forms.scale(c, contractions.solve(x.args[0], y))
    if x.op == "T" and x.args[0].op == "inv" and x.args[0].args[0] not in kept:
        return forms.scale(c, contractions.solve(forms.transpose(x.args[0].args[0]), y))
    return None


def best_order(sizes: list[int]) -> list[list[int]]:
    """Where to split each stretch of a chain: matrix-chain dynamic programming."""
    n = len(sizes) - 1
    cost = [[0] * n for _ in range(n)]
    split = [[0] * n for _ in range(n)]
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            cost[i][j], split[i][j] = min(
                (cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j))
    return split


__all__ = ["Part", "best_order", "nominal", "pair", "product"]
