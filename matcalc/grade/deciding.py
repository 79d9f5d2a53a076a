"""Whether a formula has the right value: exactly where that is possible, else at points."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..numeric.diagnosis import Evidence
from ..numeric.evaluate import evaluate
from ..numeric.exact import equal
from ..numeric.sample import Point, draw
from .problem import Problem

POINTS = 3
CLOSE, CLEARLY = 1e-8, 1e-5  # relative differences of values in float64


class Decision(NamedTuple):
    """same: True, False, or None when it cannot be told; how: "exactly" or "values"."""

    same: bool | None
    how: str


class Referee:
    """Compares formulas with the right derivative of one problem."""

    close, clearly = CLOSE, CLEARLY

    def __init__(self, problem: Problem, seed: int = 0):
        self.problem, self.seed = problem, seed

    @cached_property
    def points(self) -> list[Point]:
        found = [draw(self.problem.model, [self.seed, k]) for k in range(POINTS)]
        return [p for p in found if p is not None]

    def in_variables(self, e: Expr) -> Expr:
        """e with named intermediates and cotangents replaced by what they stand for."""
        return replaced(e, {part: form for part, form in self.definitions.items() if any(x is part for x in walk(e))})

    @cached_property
    def definitions(self) -> dict[Expr, Expr]:
        out: dict[Expr, Expr] = {}
        for a in (*self.problem.model.assignments, *self.problem.given):
            out[build.var(a.name, a.expr.shape)] = replaced(a.expr, out)
        names = [a.name for a in self.problem.model.assignments[:-1]]
        output = self.problem.model.output
        if self.problem.kind == "gradient":
            for n, form in self._cotangents([*names, *self.problem.model.variables]).items():
                out[build.cot(output.name, n, self.problem.model.shape_of(n))] = form
        return out

    def _cotangents(self, names: list[str]) -> dict[str, Expr]:
        from ..derive.engine import derivation
        out = {}
        for n in names:
            try:
                out[n] = derivation(self.problem.model, [n])[n].closed_form
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

    def evidence(self, answer: Expr) -> list[Evidence]:
        """Values of the answer and of all right gradients, for the diagnosis."""
        from ..derive.engine import derivation, differentiable
        model, wrt = self.problem.model, self.problem.wrt
        if self.problem.kind != "gradient":
            ours = {wrt: self.problem.right.form}
        else:
            d = derivation(model, list(dict.fromkeys([wrt, *differentiable(model)])))
            ours = {g.name: g.closed_form for g in d}
        return [Evidence(p, {wrt: self.values(answer, p)}, {n: self.values(e, p) for n, e in ours.items()})
                for p in self.points]
