"""Kinks of relu, abs and the like: where arguments lie on one, and points on both sides.

Beside a kink the function is linear, so points on one side alone do not show whether
the slope on the other is right.
"""

from __future__ import annotations

import numpy as np

from ..expr.node import Expr
from ..model import Model
from ..rules import ENTRYWISE
from .evaluate import Program
from .sample import Point, draw_scaled

ON_KINK = 1e-9
TRIES = 40  # to find a point on the other side


def on_both_sides(model: Model, found: list[Point], seed: int, fixed: dict[str, int] | None = None) -> list[Point]:
    """More points where a kink was seen from one side only: the slope of relu is 1 on the other."""
    missing = one_sided(model, found) if found else set()
    for k in range(TRIES):
        if not missing:
            break
        point = draw_scaled(model, [seed, k, 1], fixed or {}, near_kinks=False)
        new = missing & _sides(model, point) if point else set()
        if new:
            found, missing = [*found, point], missing - new
    return found


def on_kinks(model: Model, point: Point) -> list[str]:
    """Names of the functions that have an argument on a kink at this point."""
    return list(dict.fromkeys(name for (_, name, k), x in _arguments(model, point).items() if np.abs(x - k).min() <= ON_KINK))


def one_sided(model: Model, found: list[Point]) -> set[tuple]:
    """(number of the function, its name, kink, side) for every side of a kink that no point visits."""
    seen = set().union(*(_sides(model, p) for p in found))
    return {(*place[:3], side) for place in seen for side in (-1, 1)} - seen


def _sides(model: Model, point: Point) -> set[tuple]:
    return {(*place, int(side)) for place, x in _arguments(model, point).items() for side in np.unique(np.sign(x - place[2]))}


def _arguments(model: Model, point: Point) -> dict[tuple[int, str, float], np.ndarray]:
    """(number, name, kink) -> the argument, of every function with a kink."""
    found: dict[tuple[int, str, float], np.ndarray] = {}
    known, number = dict(point.values), 0
    with np.errstate(all="ignore"):
        for a in model.assignments:
            program = Program([a.expr])
            computed = program.run(known, point.sizes)
            known[a.name] = program.results(computed)[0]
            for e, operands in zip(program.order, program.operands, strict=True):
                for k in _kinks_of(e):
                    found[number, str(e.data) if e.op == "fn" else e.op, k] = computed[operands[0]]
                number += 1
    return found


def _kinks_of(e: Expr) -> tuple[float, ...]:
    if e.op == "fn" and not e.data.is_user:
        return ENTRYWISE[e.data.name].kinks
    return (0.0,) if e.op == "norm1" else ()
