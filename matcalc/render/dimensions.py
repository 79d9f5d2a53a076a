"""Dimension analysis: below an equation the shapes of its factors."""

from __future__ import annotations

from ..expr.node import Expr
from ..shapes import Shape, is_scalar
from .lines import Line


def dimension_lines(lhs: Expr, rhs: Expr, printer, head: str = "") -> tuple[Line, ...]:
    """An equation, and the same with the shape of every factor in its place; there
    is no second line for scalars.

    head   the left side, printed, where it is no expression
    """
    head = head or printer.formula(lhs)
    equation = Line(head, printer.broken(rhs, [head]))
    if is_scalar(rhs.shape):
        return (equation,)
    factors = _factors(rhs)
    if len(factors) < 2:
        shapes = _shape(rhs.shape, printer)
    else:
        shapes = printer.beside([printer.enclosed(_shape(f.shape, printer)) for f in factors])
    return equation, Line(_shape(lhs.shape, printer), shapes, is_below=True)


def _factors(e: Expr) -> tuple[Expr, ...]:
    """The matrices that are multiplied: numbers in front have no dimension."""
    while e.op == "scale":
        e = e.args[1]
    return e.args if e.op == "matmul" else (e,)


def _shape(shape: Shape, printer) -> str:
    """15 × 10; a column as 10 × 1."""
    return type(printer.times)(printer.times.join(printer.size(n) for n in shape))
