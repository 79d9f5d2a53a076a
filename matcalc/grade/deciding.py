"""Whether a formula has the right value: exactly where that is possible, else at points."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..numeric.evaluate import Program
from ..numeric.exact import equal
from ..numeric.kinks import on_both_sides
from ..numeric.sample import Point, draw
from .problem import Problem

POINTS = 6
TRIES = 18            # points that are drawn when an answer has no value at some of them
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

    close, clearly = CLOSE, CLEARLY
    has_formula = True  # else the answer is known by its values at the points only

    def __init__(self, problem: Problem, seed: int = 0):
        self.problem, self.seed = problem, seed
        self._derived: dict[str, Expr | None] = {}

    @property
    def shared(self) -> Referee:
        """The one of the problem, whatever the answer is."""
        return self

    @cached_property
    def points(self) -> list[Point]:
        """Points at which the derivative has a value."""
        found = on_both_sides(self.problem.model, self._drawn(range(POINTS)), self.seed)
        found = [p for p in found if self._has_value(p)]
        return found if len(found) >= POINTS else [*found, *filter(self._has_value, self.more)][:POINTS]

    def _has_value(self, point: Point) -> bool:
        value = self.values(self.problem.right.form, point)
        return value is not None and bool(np.all(np.isfinite(value)))

    @cached_property
    def more(self) -> list[Point]:
        """For formulas that have no value at some of the points."""
        return self._drawn(range(POINTS, TRIES))

    def _drawn(self, numbers: range) -> list[Point]:
        found = [draw(self.problem.model, [self.seed, k]) for k in numbers]
        return [p for p in found if p is not None]

    def _tried(self, errors: list[float]) -> Iterator[Point]:
        """The points, and more of them until enough errors are known."""
        yield from self.points
        for point in self.more:
            if len(errors) >= POINTS:
                return
            yield point

    def in_variables(self, e: Expr) -> Expr:
        """e with named intermediates and cotangents replaced by what they stand for."""
        parts = {x: form for x in walk(e) if x.op in ("var", "cot") and (form := self._meaning(x)) is not None}
        return replaced(e, parts)

    def _meaning(self, x: Expr) -> Expr | None:
        return self._cotangent(x.data[1]) if x.op == "cot" else self._definitions.get(x)

    @cached_property
    def _definitions(self) -> dict[Expr, Expr]:
        out: dict[Expr, Expr] = {}
        for a in (*self.problem.model.assignments, *self.problem.given):
            out[build.var(a.name, a.expr.shape)] = replaced(a.expr, out)
        return out

    @cached_property
    def cotangents(self) -> dict[str, Expr]:
        """The gradients with respect to every variable and intermediate that have a closed form."""
        model = self.problem.model
        names = [*model.variables, *(a.name for a in model.assignments[:-1])] if self.problem.kind == "gradient" else []
        return {n: form for n in names if (form := self._cotangent(n)) is not None}

    def _cotangent(self, name: str) -> Expr | None:
        """None where there is no closed form: an answer that uses it is undecided."""
        from ..derive.engine import derivation
        if name not in self._derived:
            try:
                self._derived[name] = derivation(self.problem.model, [name])[name].closed_form
            except MatcalcError:
                self._derived[name] = None
        return self._derived[name]

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
        if errors and max(errors) > self.clearly:
            return Decision(False, "exactly" if exact is False else "values")
        if exact is False:  # a decimal such as 0.3333333 differs, but only there
            return Decision(None if errors else False, "exactly")
        return self._of_values(errors, gaps)

    def by_values(self, answer: Expr, right: Expr) -> Decision:
        """Whether two formulas of the same shape have the same value at the points."""
        return self._of_values(*self._errors(answer, right))

    def _of_values(self, errors: list[float], gaps: int) -> Decision:
        if errors and max(errors) > self.clearly:
            return Decision(False, "values")
        return Decision(True if errors and max(errors) <= self.close and not gaps else None, "values")

    def _exactly(self, answer: Expr, right: Expr) -> bool | None:
        try:
            return equal(answer, right, self.problem.model, seed=self.seed).result
        except (ArithmeticError, ValueError, MemoryError, RecursionError, np.linalg.LinAlgError):
            return None  # no fault of the answer: values decide

    def _errors(self, answer: Expr, right: Expr) -> tuple[list[float], int]:
        """Relative differences where both have a value, and at how many points the answer has none."""
        errors: list[float] = []
        gaps = 0
        for point in self._tried(errors):
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
