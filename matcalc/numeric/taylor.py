"""The Taylor test: how fast the remainder of the first-order expansion shrinks."""

from __future__ import annotations

from functools import reduce

import numpy as np

from ..expr import build
from ..expr.node import Expr, node, walk
from ..shapes import is_column
from .differences import EPS, Moved
from .evaluate import Program

START, COUNT, WINDOW = 0.1, 18, 4


def slopes(f: Moved, direction: np.ndarray, derivatives: list[float], count: int = COUNT,
           precision: float = 1e-12, start: float = START, ratio: float = 0.5) -> list[float | None]:
    """For each claimed derivative along the direction, the slope of log remainder over log step
    where the steps are smallest: 2 for the right one, 1 for a wrong one, None when the
    remainder vanishes (the function is linear along it and the derivative right).

    precision   relative, of the claimed derivatives; remainders below it say nothing
    """
    steps = start * ratio ** np.arange(count)
    with np.errstate(all="ignore"):
        base = _number(f(f.x))
        changes = np.array([_number(f(f.x + h * direction)) for h in steps]) - base
    floor = 1e3 * EPS * max(abs(base), float(np.nanmax(np.abs(changes), initial=0)))
    return [_slope(steps, np.abs(changes - steps * d), np.maximum(floor, precision * steps * abs(d))) for d in derivatives]


def _number(value: np.ndarray) -> float:
    return float(value.reshape(-1)[0])


def _slope(steps: np.ndarray, remainders: np.ndarray, floor: np.ndarray) -> float | None:
    usable = np.flatnonzero(np.isfinite(remainders) & (remainders > floor))
    if len(usable) < 3:
        return None
    window = usable[-WINDOW:]
    return float(np.polyfit(np.log2(steps[window]), np.log2(remainders[window]), 1)[0])


def made_easy(f: Moved) -> Moved:
    """The same function, up to a constant, without the summands that do not depend on the
    variable (they only cost digits), and with products that end in a vector multiplied from there."""
    root = f.program.roots[0]
    if root.op == "add":
        moving = [t for t in root.args if any(e.op == "var" and e.name == f.name for e in walk(t))]
        root = build.add(*moving) if moving else root
    return Moved(Program([_from_the_vector(root)]), f.values, f.sizes, f.name)


def _from_the_vector(root: Expr) -> Expr:
    memo: dict[Expr, Expr] = {}
    for e in walk(root):
        args = tuple(memo[a] for a in e.args)
        if e.op == "matmul" and is_column(args[-1].shape):
            memo[e] = reduce(lambda v, A: node("matmul", (A, v), None, (A.rows, v.cols)), reversed(args[:-1]), args[-1])
        else:
            memo[e] = node(e.op, args, e.data, e.shape) if args != e.args else e
    return memo[root]
