"""Products of factors with axes, summed over some of them, as matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..expr import build
from ..expr.node import Expr
from ..shapes import ONE, Size

Axis = int | str | None


class Factor(NamedTuple):
    """A matrix with its axes; `expr` is None for the Kronecker delta."""

    expr: Expr | None
    row: Axis
    col: Axis


class Term(NamedTuple):
    """A product of factors, summed over the axes in `summed`."""

    factors: tuple[Factor, ...]
    summed: frozenset = frozenset()

    def free(self) -> set:
        return {a for f in self.factors for a in f[1:] if a is not None} - self.summed

    def count(self, axis: Axis) -> int:
        """In how many places an axis stands."""
        return sum((f.row == axis) + (f.col == axis) for f in self.factors)

    def times(self, number: Expr) -> "Term":
        return Term((Factor(number, None, None), *self.factors), self.summed)

    def renamed(self, names: dict, summed=()) -> "Term":
        factors = tuple(Factor(f.expr, names.get(f.row, f.row), names.get(f.col, f.col)) for f in self.factors)
        return Term(factors, self.summed | frozenset(summed))

    def cross(self, other: "Term", summed: set) -> "Term":
        """The product; bound axes of the two are different unless one value is used twice."""
        mine = self.summed & other.summed
        other = other.renamed({a: f"{a}'" for a in mine}) if mine else other
        return Term(self.factors + other.factors,
                    self.summed | (other.summed - mine) | {f"{a}'" for a in mine} | frozenset(summed))


@dataclass
class Value:
    """Terms with their free axes; row and col are the axes that matrix products use."""

    terms: list[Term]
    row: int | None = None
    col: int | None = None

    @property
    def is_scalar(self) -> bool:
        return self.row is None and self.col is None

    def labels(self) -> set[str]:
        return {a for t in self.terms for a in t.free() if isinstance(a, str)}


def made(terms: list[Term], p: Axis, q: Axis, sizes: dict) -> Expr | None:
    """The matrix with rows p and columns q (None: one); None when three axes meet."""
    parts = [_one(term, p, q, sizes) for term in terms]
    return None if any(x is None for x in parts) else build.add(*parts)


def _size(axis: Axis, sizes: dict) -> Size:
    """The size of an axis; KeyError when nothing has said it."""
    if axis is None or axis in sizes:
        return ONE if axis is None else sizes[axis]
    number = str(axis).rstrip("'")
    return sizes[int(number) if number.isdecimal() else axis]


def _one(term: Term, p: Axis, q: Axis, sizes: dict) -> Expr | None:
    factors = [_upright(f, sizes) for f in term.factors]
    waiting = set(term.summed)
    factors = [_total(f) if _stands_alone(f, factors, waiting) else f for f in factors]
    waiting &= {a for f in factors for a in f[1:]}
    while waiting:
        axis = min(waiting, key=lambda s: (len(_others(factors, s)), str(s)))
        waiting.discard(axis)
        factors = _without(factors, axis, sizes)
        if factors is None:
            return None
    scalars = [f.expr for f in factors if f.row is None]
    columns = {a: [f.expr for f in factors if f.row == a and f.col is None] for a in (p, q) if a is not None}
    both = [f for f in factors if f.col is not None]
    if any({f.row, f.col} != {p, q} for f in both):
        return None
    if p is None and q is None:
        value = None
    elif p is None or q is None:
        axis = p if q is None else q
        value = build.had(*columns[axis]) if columns[axis] else build.ones((_size(axis, sizes), ONE))
        value = value if q is None else build.transpose(value)
    else:
        value = _matrix(both, columns, p, q, sizes)
    out = value
    for c in reversed(scalars):
        out = c if out is None else build.mul(c, out)
    return build.num(1) if out is None else out


def _stands_alone(f: Factor, factors: list[Factor], waiting: set) -> bool:
    """Whether all entries of a factor are summed, and nothing is multiplied with them."""
    axes = {a for a in f[1:] if a is not None}
    return bool(axes) and axes <= waiting and sum(bool(axes & set(other[1:])) for other in factors) == 1


def _total(f: Factor) -> Factor:
    """The sum of all entries; of squares, a squared norm."""
    is_square = f.expr.op == "pow" and f.expr.args[1].op == "num" and f.expr.args[1].data == 2
    return Factor(build.call("sqnorm", f.expr.args[0]) if is_square else build.call("sum", f.expr), None, None)


def _matrix(both: list[Factor], columns: dict, p: Axis, q: Axis, sizes: dict) -> Expr:
    left = build.had(*columns[p]) if columns[p] else None
    right = build.had(*columns[q]) if columns[q] else None
    if not both:
        left = left if left is not None else build.ones((_size(p, sizes), ONE))
        right = right if right is not None else build.ones((_size(q, sizes), ONE))
        return build.mul(left, build.transpose(right))
    value = build.had(*(_turned(f, p) for f in both))
    if left is not None:
        value = build.mul(build.call("diag", left), value)
    return value if right is None else build.mul(value, build.call("diag", right))


def _upright(f: Factor, sizes: dict) -> Factor:
    """A row as a column, a diagonal as a vector, delta as the identity."""
    if f.expr is None:
        f = Factor(build.eye(_size(f.row, sizes)), f.row, f.col)
    if f.row is not None and f.row == f.col:
        return Factor(build.call("diagpart", f.expr), f.row, None)
    return Factor(_transposed(f.expr), f.col, None) if f.row is None and f.col is not None else f


def _turned(f: Factor, row: Axis) -> Expr:
    return f.expr if f.row == row else _transposed(f.expr)


def _transposed(e: Expr) -> Expr:
    return e.args[0] if e.op == "T" else build.transpose(e)


def _others(factors: list[Factor], axis: Axis) -> set:
    return {a for f in factors if axis in f[1:] for a in f[1:] if a not in (axis, None)}


def _without(factors: list[Factor], axis: Axis, sizes: dict) -> list[Factor] | None:
    """The factors after summing over one axis."""
    rest = [f for f in factors if axis not in f[1:]]
    vectors = [f.expr for f in factors if f.row == axis and f.col is None]
    others = sorted(_others(factors, axis), key=str)
    across = [[_turned(f, o) for f in factors if axis in f[1:] and o in f[1:]] for o in others]
    if len(others) > 2:
        return None
    if not others:
        if len(vectors) == 1:
            total = build.call("sum", vectors[0])
        else:
            total = build.mul(build.transpose(vectors[0]), build.had(*vectors[1:]))
        return [*rest, Factor(total, None, None)]
    first = build.had(*across[0])
    if len(others) == 1:
        total = build.mul(first, build.had(*vectors)) if vectors else build.call("rowsum", first)
        return [*rest, Factor(total, others[0], None)]
    middle = [build.call("diag", build.had(*vectors))] if vectors else []
    total = build.matmul(first, *middle, build.transpose(build.had(*across[1])))
    return [*rest, Factor(total, *others)]
