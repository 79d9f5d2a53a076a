"""Whether two formulas have the same value: exactly where that can be decided, else at points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..expr.node import Expr
from ..lang import Said, said
from ..model import Model
from . import exact
from .evaluate import evaluate
from .sample import draw

POINTS = 8
TOLERANCE = 1e-11


@dataclass(frozen=True)
class Same:
    """reason   how it was decided, in words"""

    is_same: bool
    reason: Said


def same(a: Expr, b: Expr, model: Model) -> Same:
    """Whether two formulas in the names of a model agree."""
    if a.shape != b.shape:
        return Same(False, said("they have different shapes"))
    verdict = exact.equal(a, b, model)
    if verdict.result is not None:
        return Same(verdict.result, said("decided exactly, over prime fields"))
    worst = 0.0
    for seed in range(POINTS):
        point = draw(model, seed)
        if point is None:
            return Same(False, said("no random point was found at which they are defined"))
        known = dict(point.values)
        for assignment in model.assignments:
            known[assignment.name] = evaluate([assignment.expr], known, point.sizes)[0]
        x, y = evaluate([a, b], known, point.sizes)
        worst = max(worst, float(np.abs(x - y).max() / max(np.abs(x).max(), np.abs(y).max(), 1e-300)))
    if worst > TOLERANCE:
        return Same(False, said("at random points they differ by {error} of their size", error=f"{worst:.0e}"))
    return Same(True, said("at {n} random points they differ by less than {error} of their size", n=POINTS,
                           error=f"{TOLERANCE:.0e}"))
