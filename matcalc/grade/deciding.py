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
from ..numeric.evaluate import Program
from ..numeric.exact import equal
from ..numeric.sample import Point, draw
from .problem import Problem

POINTS = 3
TRIES = 12            # points that are drawn when an answer has no value at some of them
INVERSES = ("inv", "matpow")
MAX_NUMBERS = 10 ** 6  # in one array
MAX_CONDITION = 1e8   # what is inverted beyond it has no value
CLOSE, CLEARLY = 1e-8, 1e-5  # relative differences of values in float64


class Decision(NamedTuple):
    """same: True, False, or None when it cannot be told; how: "exactly" or "values"."""

    same: bool | None
    how: str


class Referee:
    """Compares formulas with the right derivative of one problem."""

    def __init__(self, problem: Problem, seed: int = 0):
        self.problem, self.seed = problem, seed

    @cached_property
    def points(self) -> list[Point]:
        return self._drawn(range(POINTS))

    @cached_property
    def _more(self) -> list[Point]:
        """For formulas that have no value at some of the points."""
        return self._drawn(range(POINTS, TRIES))

    def _drawn(self, numbers: range) -> list[Point]:
        found = [draw(self.problem.model, [self.seed, k]) for k in numbers]
        return [p for p in found if p is not None]

    def _tried(self):
        yield from self.points
        yield from self._more

    def in_variables(self, e: Expr) -> Expr:
        """e with named intermediates and cotangents replaced by what they stand for."""
        return replaced(e, {part: form for part, form in self.definitions.items() if any(x is part for x in walk(e))})

    @cached_property
    def definitions(self) -> dict[Expr, Expr]:
        out: dict[Expr, Expr] = {}
        for a in self.problem.model.assignments:
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
        errors, gaps = self._errors(answer, right)
        if not errors and gaps:
            return Decision(None, "values")
        exact = self._exactly(answer, right)
        if exact:
            return Decision(True, "exactly")
        if errors and max(errors) > CLEARLY:
            return Decision(False, "exactly" if exact is False else "values")
        if exact is False:  # a decimal such as 0.3333333 differs, but only there
            return Decision(None if errors else False, "exactly")
        is_settled = errors and max(errors) <= CLOSE and not gaps
        return Decision(True if is_settled else None, "values")

    def _exactly(self, answer: Expr, right: Expr) -> bool | None:
        try:
            return equal(answer, right, self.problem.model, seed=self.seed).result
        except (ArithmeticError, ValueError, MemoryError, RecursionError, np.linalg.LinAlgError):
            return None  # no fault of the answer: values decide

    def _errors(self, answer: Expr, right: Expr) -> tuple[list[float], int]:
        """Relative differences where both have a value, and at how many points the answer has none."""
        errors: list[float] = []
        gaps = 0
        for k, point in enumerate(self._tried()):
            if k >= POINTS and len(errors) >= POINTS:
                break
            a, b = self.values(answer, point), self.values(right, point)
            if a is None or b is None or not np.all(np.isfinite(b)):
                continue
            if not np.all(np.isfinite(a)):
                gaps += 1
                continue
            scale = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
            errors.append(float(np.linalg.norm(a - b)) / scale if scale else 0.0)
        return errors, gaps

    @staticmethod
    def values(e: Expr, point: Point) -> np.ndarray | None:
        """The values at a point; None where they say nothing: a matrix that is inverted is singular
        (X^T X is, when X has too few rows), or an array is too large."""
        program = Program([e])
        if any(part.rows.value(point.sizes) * part.cols.value(point.sizes) > MAX_NUMBERS for part in program.order):
            return None
        try:
            with np.errstate(all="ignore"):
                computed = program.run(point.values, point.sizes)
                inverted = [computed[operands[0]] for part, operands in zip(program.order, program.operands)
                            if part.op in INVERSES]
                is_singular = any(
                    not (np.all(np.isfinite(x)) and np.linalg.cond(x) < MAX_CONDITION) for x in inverted)
        except (np.linalg.LinAlgError, ArithmeticError, ValueError):
            return None
        return None if is_singular else program.results(computed)[0]

    def evidence(self, answer: Expr) -> list[Evidence]:
        """Values of the answer and of all right gradients where the answer has one, for the diagnosis."""
        from ..derive.engine import derivation, differentiable
        model, wrt = self.problem.model, self.problem.wrt
        if self.problem.kind != "gradient":
            ours = {wrt: self.problem.right.form}
        else:
            d = derivation(model, list(dict.fromkeys([wrt, *differentiable(model)])))
            ours = {g.name: g.closed_form for g in d}
        theirs = [(p, self.values(answer, p)) for p in self.points]
        return [Evidence(p, {wrt: value}, {n: self.values(e, p) for n, e in ours.items()})
                for p, value in theirs if value is not None and np.all(np.isfinite(value))]
