"""The smallest point with small whole numbers at which two formulas differ."""

from __future__ import annotations

from itertools import islice

import numpy as np

from ...expr.latex import latex_symbol
from ...expr.node import Expr, variables
from ...numeric.differences import Moved, five_point, units
from ...numeric.evaluate import Program
from ...numeric.sample import Point, draw, is_inside, size_names
from ..deciding import Referee
from ..problem import Problem

ATTEMPTS = 10
SIZES = (1, 2, 3)
CLEARLY = 1e-3
MAX_TRIED = 30
MAX_SHOWN = 24  # numbers of one example
VISIBLE = 0.01  # a derivative that is smaller, but not zero, looks like a rounding error


def counterexample(problem: Problem, answer: Expr, right: Expr, points: list[Point], is_formula: bool) -> str:
    """A sentence with a point, the value of the answer there, and finite differences; or "".

    is_formula   the answer has values at every point, not only at the given ones
    """
    small = (p for size in SIZES for k in range(ATTEMPTS) for p in [_whole(problem, size, k)] if is_formula and p is not None)
    told = (_told(problem, answer, right, p, True) for p in islice(small, MAX_TRIED))
    return next(filter(None, told), "") or next(filter(None, (_told(problem, answer, right, p, False) for p in points)), "")


def _whole(problem: Problem, size: int, k: int) -> Point | None:
    """A point of whole numbers with all sizes alike."""
    rng = np.random.default_rng([size, k])
    sizes = dict.fromkeys(size_names(problem.model), size)
    values = {}
    for v in problem.model.variables.values():
        shape = tuple(d.value(sizes) for d in v.shape)
        if v.assumptions:
            return draw(problem.model, [size, k], sizes)
        values[v.name] = rng.integers(-2 if k % 2 else 0, 4, shape).astype(float)
    return Point(sizes, values) if is_inside(problem.model, values, sizes) else None


def _told(problem: Problem, answer: Expr, right: Expr, point: Point, is_small: bool) -> str:
    with np.errstate(all="ignore"):
        theirs, ours = Referee.values(answer, point), Referee.values(right, point)
    if theirs is None or ours is None or theirs.shape != ours.shape or not (np.all(np.isfinite(theirs)) and np.all(np.isfinite(ours))):
        return ""
    scale = max(float(np.abs(theirs).max()), float(np.abs(ours).max()), 1e-9)
    if np.abs(theirs - ours).max() <= CLEARLY * scale:
        return ""
    referee = _differences(problem, point)
    if referee is None or referee.shape != ours.shape or np.abs(referee - ours).max() > CLEARLY * scale:
        return ""
    if is_small and 0 < np.abs(ours).max() < VISIBLE:
        return ""
    if is_small and sum(v.size for v in point.values.values()) <= MAX_SHOWN:
        used = [v.name for v in variables(right)] + [v.name for v in variables(answer)]
        given = ", ".join(f"${latex_symbol(n)}$ = {_numbers(point.values[n])}"
                          for n in problem.model.variables if n in used)
        return (f"For {given} your formula gives {_numbers(theirs)}; finite differences of the function give "
                f"{_numbers(referee)}, and so does the right one.")
    place = np.unravel_index(np.argmax(np.abs(theirs - ours)), ours.shape)
    axes = [str(int(i) + 1) for i, n in zip(place, ours.shape, strict=True) if n > 1]
    at = f", entry [{', '.join(axes)}]" if axes else ""
    sizes = ", ".join(f"{k} = {v}" for k, v in point.sizes.items())
    return (f"At a random point{f' with {sizes}' if sizes else ''}{at}: your formula gives {theirs[place]:.6g}, "
            f"finite differences give {referee[place]:.6g}.")


def _differences(problem: Problem, point: Point) -> np.ndarray | None:
    """The derivative from values of the function alone."""
    move = Moved(Program([problem.model.formula]), point.values, point.sizes, problem.wrt)
    with np.errstate(all="ignore"):
        columns = [five_point(move, d) for d in units(move.x)]
    if not all(np.all(np.isfinite(c)) for c in columns):
        return None
    if problem.kind == "gradient":
        return np.reshape(columns, move.x.shape)
    order = np.arange(move.x.size).reshape(move.x.shape).ravel(order="F")
    return np.stack(columns, axis=1)[:, order]


def _numbers(x: np.ndarray) -> str:
    rows = [[f"{v:.4g}" if abs(v) > 1e-9 else "0" for v in row] for row in x]
    if x.size == 1:
        return rows[0][0]
    if x.shape[1] == 1:
        return "(" + ", ".join(r[0] for r in rows) + ")"
    return "[" + "; ".join(" ".join(r) for r in rows) + "]"
