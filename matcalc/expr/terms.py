"""A term taken apart: number, scalars, body; and small questions about nodes."""

from __future__ import annotations

from fractions import Fraction

from . import build
from .build import num, zeros
from .node import Expr, node

ZERO, UNIT, MINUS = num(0), num(1), num(-1)


def is_num(e: Expr, value=None) -> bool:
    return e.op == "num" and (value is None or e.data == value)


def is_zero(e: Expr) -> bool:
    return e.op == "zeros" or is_num(e, 0)


def is_ones(e: Expr) -> bool:
    """A matrix of ones, or the number 1."""
    return e.op == "ones" or is_num(e, 1)


def assumed(e: Expr, *words: str) -> bool:
    """Whether e is a variable with one of these assumptions."""
    return e.op == "var" and any(w in e.assumptions for w in words)


def split(e: Expr) -> tuple[Fraction, tuple[Expr, ...], Expr | None]:
    """e = number * product of scalars * body; body is None for a scalar e."""
    if e.op == "scale":
        number, scalars, _ = split(e.args[0])
        return number, scalars, e.args[1]
    if not e.is_scalar:
        return Fraction(1), (), e
    if e.op == "num":
        return e.data, (), None
    factors = e.args if e.op == "had" else (e,)
    number = Fraction(1)
    rest = []
    for f in factors:
        if f.op == "num":
            number *= f.data
        else:
            rest.append(f)
    return number, tuple(rest), None


def join(number: Fraction, scalars: tuple[Expr, ...], body: Expr | None) -> Expr:
    """The inverse of `split`; the scalars are already merged."""
    parts = ((num(number),) if number != 1 or not scalars else ()) + scalars
    front = parts[0] if len(parts) == 1 else node("had", parts, None, parts[0].shape)
    if number == 0:
        return ZERO if body is None else zeros(body.shape)
    if body is None:
        return front
    return body if is_num(front, 1) else build.scale(front, body)
