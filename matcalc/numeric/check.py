"""Formulas against finite differences of what the user wrote.

At each of several random points a variable is moved, the model's assignments
are evaluated as they were written, and a five-point central difference is
compared with the formula.  Symmetric and other structured variables are moved
in all entries freely.
"""

from __future__ import annotations

from functools import cached_property
from typing import Callable, Collection, NamedTuple

import numpy as np

from ..derive.structure import structure_of
from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr
from ..expr.rename import replaced as put_in
from ..lang import said
from ..model import Model
from .differences import DIRECTIONS, MAX_ENTRIES, Moved, Tally, five_point, judge, noise_of, units
from .directions import independent, tangents
from .evaluate import Program, evaluate
from .kinks import on_both_sides
from .mistakes import named_gradients
from .precise import Precise, numbers
from .report import CheckReport, VariableCheck
from .sample import Point, draw, is_too_large

POINTS = 3
MAX_WORK = 400_000           # node evaluations of one check
NO_POINT = said("no random point was found inside the domain of every function")
TOO_LARGE = said("the declared sizes are too large to try numbers")


class _Value(NamedTuple):
    """A formula's value, and the same computed again with many digits."""

    value: np.ndarray
    exact: Callable[[], np.ndarray]


def check_derivation(derivation, seed: int = 0, only: Collection[str] | None = None,
                     precisely: bool = False) -> CheckReport:
    """Every gradient of a derivation, closed form and named form, against differences.

    only        names to be checked, instead of all
    precisely   with 50 digits in any case
    """
    model = derivation.model
    names = [n for n in derivation.gradients if only is None or n in only]
    cost = len(Program([a.expr for a in model.assignments]).order)
    points = _points(model, seed, POINTS if cost * 40 * len(names) < MAX_WORK else 1)
    if not points:
        return CheckReport("gradient", (), 0, seed, {}, _why_no_point(model))
    tallies = {n: Tally(precisely=precisely) for n in names}
    for k, point in enumerate(points):
        forms = _Forms(derivation, point)
        for n in names:
            moved = as_function_of(model, point, n)
            for form in forms.of(n):
                _compare(moved, form, derivation.layout, tallies[n], np.random.default_rng([seed, k]))
    return _report("gradient", tallies, points, seed)


def check_result(result, seed: int = 0, precisely: bool = False) -> CheckReport:
    """A gradient, Jacobian or Hessian against differences of its function."""
    if result.wrt not in result.model.variables:
        return check_derivation(result.derivation, seed, precisely=precisely)
    points = _points(result.model, seed, POINTS)
    if not points:
        return CheckReport(result.kind, (), 0, seed, {}, _why_no_point(result.model))
    tally = Tally(precisely=precisely)
    for point in points:
        moved = as_function_of(result.model, point, result.wrt) if result.moving is None else Moved(
            Program([result.moving]), point.values, point.sizes, result.wrt)
        _compare_result(result, moved, point, tally)
    return _report(result.kind, {result.wrt: tally}, points, seed)


def check_differential(differential, seed: int = 0, precisely: bool = False) -> CheckReport:
    """dF along a random change of each variable, against differences along it."""
    model = differential.model
    points = _points(model, seed, POINTS)
    if not points:
        return CheckReport("differential", (), 0, seed, {}, _why_no_point(model))
    tallies = {n: Tally(how=DIRECTIONS, precisely=precisely) for n in differential.wrt}
    for k, point in enumerate(points):
        rng = np.random.default_rng([seed, k])
        still = {("d", n): np.zeros_like(point.values[n]) for n in differential.wrt}
        for n, tally in tallies.items():
            change = rng.normal(size=point.values[n].shape)
            there = Point(point.sizes, {**point.values, **still, ("d", n): change})
            _against_differences(as_function_of(model, point, n), [change], lambda value: value.reshape(-1, 1, order="F"),
                                 _value(differential.form, there), tally)
    return _report("differential", tallies, points, seed)


def _points(model: Model, seed: int, count: int) -> list[Point]:
    if is_too_large(model):
        return []
    found = [draw(model, [seed, k]) for k in range(count)]
    return on_both_sides(model, [p for p in found if p is not None], seed)


def _why_no_point(model: Model) -> str:
    return TOO_LARGE if is_too_large(model) else NO_POINT


def _report(kind: str, tallies: dict[str, Tally], points: list[Point], seed: int) -> CheckReport:
    checks = tuple(VariableCheck(n, t.verdict, t.error, t.noise, t.index, t.analytic, t.numeric, t.how)
                   for n, t in tallies.items())
    return CheckReport(kind, checks, len(points), seed, dict(points[-1].sizes))


def _closed(gradient) -> Expr | None:
    """The closed form, or None when it is too long to write out (M304)."""
    try:
        return gradient.closed_form
    except MatcalcError:
        return None


class _Forms:
    """The gradients of a derivation at one point: the named and the closed forms."""

    def __init__(self, derivation, point: Point):
        self.derivation, self.point = derivation, point
        self.named = named_gradients(derivation, point)

    def of(self, name: str) -> list[_Value]:
        found = [_Value(self.named[name], lambda: self.named_exactly[name])]
        closed = _closed(self.derivation.gradients[name])
        if closed is not None:
            found.append(_value(closed, self.point))
        return found

    @cached_property
    def named_exactly(self) -> dict[str, np.ndarray]:
        return named_gradients(self.derivation, Point(self.point.sizes, numbers(self.point.values)), Precise())


def _value(form: Expr, point: Point) -> _Value:
    return _Value(evaluate([form], point.values, point.sizes)[0],
                  lambda: evaluate([form], numbers(point.values), point.sizes, Precise())[0])


def as_function_of(model: Model, point: Point, name: str) -> Moved:
    """The model's output as a function of one variable or intermediate."""
    values, replaced = dict(point.values), {}
    for a in model.assignments:
        expr = put_in(a.expr, replaced)
        if a.name == name:
            values[name] = evaluate([expr], point.values, point.sizes)[0]
        else:
            replaced[build.var(a.name, a.expr.shape)] = expr
    root = replaced.get(build.var(model.output.name, model.output.expr.shape),
                        build.var(name, model.shape_of(name)))
    return Moved(Program([root]), values, point.sizes, name)


def _compare(moved: Moved, form: _Value, layout: str, tally: Tally, rng) -> None:
    """One gradient at one point: all entries, or random directions where there are many."""
    x = moved.x
    gradient = form.value.T if layout == "numerator" else form.value
    if gradient.shape != x.shape:
        tally.verdict, tally.error = "disagrees", float("inf")
        return
    if x.size * len(moved.places) * 4 <= MAX_WORK / 20 and x.size <= MAX_ENTRIES:
        directions = list(units(x))
    else:
        directions = [d / np.linalg.norm(d) for d in (rng.normal(size=x.shape) for _ in range(3))]
        tally.how = DIRECTIONS

    def along(value: np.ndarray) -> np.ndarray:
        """The derivative along each direction, in a row."""
        value = value.T if layout == "numerator" else value
        return np.array([[(value * d).sum() for d in directions]])
    _against_differences(moved, directions, along, form, tally)


def _compare_result(result, moved: Moved, point: Point, tally: Tally) -> None:
    """J with vec(dF) = J vec(dX); a gradient is the transposed Jacobian of a scalar."""
    structured = structure_of(result.model.variables[result.wrt].assumptions, result.entries)
    tangent = result.entries == "tangent" and structured

    def along(value: np.ndarray) -> np.ndarray:
        if tangent:  # nothing of it may point out of the tangent space
            return np.array([[(value * d).sum() for d in tangents(moved.x, structured)[1]]])
        if result.kind == "gradient":
            return value.reshape(1, -1, order="F")
        return value.reshape(-1, 1, order="F") if moved.x.size == 1 or result.times else value
    directions = [point.values[result.times]] if result.times else tangents(moved.x, structured)[0] if tangent \
        else independent(moved.x, structured)
    if along(evaluate([result.form], point.values, point.sizes)[0]).shape[1] != len(directions):
        tally.verdict, tally.error = "disagrees", float("inf")
        return
    _against_differences(moved, directions, along, _value(result.form, point), tally)


def _against_differences(moved: Moved, directions: list, along, form: _Value, tally: Tally) -> None:
    with np.errstate(all="ignore"):
        numeric = np.array([five_point(moved, d) for d in directions]).T
    analytic = along(form.value)
    if analytic.shape != numeric.shape:
        tally.verdict, tally.error = "disagrees", float("inf")
        return
    judge(tally, analytic, numeric, noise_of(moved, numeric.size), moved, directions, lambda: along(form.exact()))
