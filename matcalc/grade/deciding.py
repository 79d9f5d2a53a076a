"""Whether a formula has the right value: exactly where that is possible, else at points."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..numeric.evaluate import evaluate
from ..numeric.exact import equal
from ..numeric.kinks import on_both_sides
from ..numeric.sample import Point, draw
from .problem import Problem

POINTS = 6
CLOSE, CLEARLY = 1e-8, 1e-5  # relative differences of values in float64


class Decision(NamedTuple):
    """same: True, False, or None when it cannot be told; how: "exactly" or "values"."""

    same: bool | None
    how: str


class Referee:
    """Compares formulas with the right derivative of one problem."""

    close, clearly = CLOSE, CLEARLY
    has_formula = True  # else the answer is known by its values at the points only

    def __init__(self, problem: Problem, seed: int = 0):
        self.problem, self.seed = problem, seed

    @property
    def shared(self) -> Referee:
        """The one of the problem, whatever the answer is."""
        return self

    @cached_property
    def points(self) -> list[Point]:
        found = [draw(self.problem.model, [self.seed, k]) for k in range(POINTS)]
        return on_both_sides(self.problem.model, [p for p in found if p is not None], self.seed)

    def in_variables(self, e: Expr) -> Expr:
        """e with named intermediates and cotangents replaced by what they stand for."""
        return replaced(e, {part: form for part, form in self.definitions.items() if any(x is part for x in walk(e))})

    @cached_property
    def definitions(self) -> dict[Expr, Expr]:
        out: dict[Expr, Expr] = {}
        for a in (*self.problem.model.assignments, *self.problem.given):
            out[build.var(a.name, a.expr.shape)] = replaced(a.expr, out)
        for n, form in self.cotangents.items():
            out[build.cot(self.problem.model.output.name, n, self.problem.model.shape_of(n))] = form
        return out

    @cached_property
    def cotangents(self) -> dict[str, Expr]:
        """The gradients with respect to every variable and intermediate that have a closed form."""
        from ..derive.engine import derivation
        model, out = self.problem.model, {}
        names = [*model.variables, *(a.name for a in model.assignments[:-1])] if self.problem.kind == "gradient" else []
        for n in names:
            try:
                out[n] = derivation(model, [n])[n].closed_form
            except MatcalcError:  # no closed form: an answer that uses it is undecided
                continue
        return out

    def same(self, answer: Expr, right: Expr) -> Decision:
        """Whether two formulas in the variables have the same value."""
        if answer.shape != right.shape:
            return Decision(False, "exactly")
        found = equal(answer, right, self.problem.model, seed=self.seed)
        if found.result is not None:
            return Decision(bool(found.result), "exactly")
        return self.by_values(answer, right)

    def by_values(self, answer: Expr, right: Expr) -> Decision:
        """Whether two formulas of the same shape have the same value at the points."""
        errors = []
        for point in self.points:
            a, b = self.values(answer, point), self.values(right, point)
            if not (np.all(np.isfinite(a)) and np.all(np.isfinite(b))):
                continue
            scale = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
            errors.append(float(np.linalg.norm(a - b)) / scale if scale else 0.0)
        if not errors or self.close < max(errors) <= self.clearly:
            return Decision(None, "values")
        return Decision(max(errors) <= self.close, "values")

    @staticmethod
    def values(e: Expr, point: Point) -> np.ndarray:
        return evaluate([e], point.values, point.sizes)[0]


class _Same:
    """A problem as a key: the same object, not an equal one."""

    def __init__(self, problem: Problem):
        self.problem = problem

    def __hash__(self) -> int:
        return id(self.problem)

    def __eq__(self, other) -> bool:
        return self.problem is other.problem


@lru_cache(maxsize=16)
def _referee(key: _Same, seed: int, make: type[Referee]) -> Referee:
    return make(key.problem, seed)


def referee(problem: Problem, seed: int = 0, make: type[Referee] = Referee) -> Referee:
    """The one of a problem; the last few are kept, with the points they have drawn."""
    return _referee(_Same(problem), seed, make)
