"""Formulas against finite differences of what the user wrote.

At each of several random points a variable is moved, the model's assignments
are evaluated as they were written, and a five-point central difference is
compared with the formula.  Symmetric and other structured variables are moved
in all entries freely.  What is neither clearly equal nor clearly different is
decided with 50 digits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr
from ..model import Model
from .evaluate import Program, evaluate
from .precise import DIGITS, Precise, numbers
from .report import CheckReport, VariableCheck
from .sample import Point, draw, is_too_large

EPS = float(np.finfo(float).eps)
STEP = EPS ** 0.2            # five-point stencil
POINTS = 3
MAX_ENTRIES = 200            # more are checked along random directions
MAX_WORK = 400_000           # node evaluations of one check
AGREES, CLEARLY = 1e-7, 1e-3  # relative errors
NO_POINT = "no random point was found inside the domain of every function"
TOO_LARGE = "the declared sizes are too large to try numbers"


@dataclass
class _Tally:
    """The worst that was seen of one variable."""

    error: float = 0.0
    noise: float = 0.0
    index: tuple[int, int] | None = None
    analytic: float = 0.0
    numeric: float = 0.0
    verdict: str = "agrees"
    how: str = "every entry"


def check_derivation(derivation, seed: int = 0) -> CheckReport:
    """Every gradient of a derivation, closed form and named form, against differences."""
    model = derivation.model
    names = list(derivation.gradients)
    forms = {n: _closed(derivation.gradients[n]) for n in names}
    cost = len(Program([a.expr for a in model.assignments]).order)
    points = _points(model, seed, POINTS if cost * 40 * len(names) < MAX_WORK else 1)
    if not points:
        return CheckReport("gradient", (), 0, seed, {}, _why_no_point(model))
    tallies = {n: _Tally() for n in names}
    for k, point in enumerate(points):
        moved = _Function(model, point, cost)
        named = _named_values(derivation, point)
        for n in names:
            analytic = [named[n]]
            if forms[n] is not None:
                analytic.append(evaluate([forms[n]], point.values, point.sizes)[0])
            for value in analytic:
                gradient = value.T if derivation.layout == "numerator" else value
                _compare(moved, n, gradient, tallies[n], np.random.default_rng([seed, k]))
    return _report("gradient", tallies, points, seed)


def check_result(result, seed: int = 0) -> CheckReport:
    """A gradient, Jacobian or Hessian against differences of its function."""
    points = _points(result.model, seed, POINTS)
    if not points:
        return CheckReport(result.kind, (), 0, seed, {}, _why_no_point(result.model))
    tally = _Tally()
    function = result.function
    if result.kind == "hessian":
        function = result.derivation[result.wrt].closed_form
    for point in points:
        moved = _Formula(function, point, result.entries, result.model.variables[result.wrt]) \
            if result.wrt in result.model.variables else None
        if moved is None:
            return check_derivation(result.derivation, seed)
        value = evaluate([result.form], point.values, point.sizes)[0]
        _compare_matrix(moved, result, value, tally)
    return _report(result.kind, {result.wrt: tally}, points, seed)


def _points(model: Model, seed: int, count: int) -> list[Point]:
    if is_too_large(model):
        return []
    found = [draw(model, [seed, k]) for k in range(count)]
    return [p for p in found if p is not None]


def _why_no_point(model: Model) -> str:
    return TOO_LARGE if is_too_large(model) else NO_POINT


def _report(kind: str, tallies: dict[str, _Tally], points: list[Point], seed: int) -> CheckReport:
    checks = tuple(VariableCheck(n, t.verdict, t.error, t.noise, t.index, t.analytic, t.numeric, t.how)
                   for n, t in tallies.items())
    return CheckReport(kind, checks, len(points), seed, dict(points[-1].sizes))


def _closed(gradient) -> Expr | None:
    """The closed form, or None when it is too long to write out (M304)."""
    try:
        return gradient.closed_form
    except MatcalcError:
        return None


def _named_values(derivation, point: Point) -> dict[str, np.ndarray]:
    """The named forms, evaluated forwards and then backwards."""
    values = dict(point.values)
    for eq in derivation.forward:
        values[eq.name] = evaluate([eq.rhs], values, point.sizes)[0]
    for eq in derivation.backward:
        values[eq.lhs.data] = evaluate([eq.rhs], values, point.sizes)[0]
    return {n: evaluate([g.named_form], values, point.sizes)[0] for n, g in derivation.gradients.items()}


# ---------------------------------------------------------------- the function to move

class _Function:
    """The model's output as a function of one moved variable or intermediate."""

    def __init__(self, model: Model, point: Point, cost: int):
        self.model, self.point, self.cost = model, point, cost
        self.values = dict(point.values)
        self.programs: dict[str, Program] = {}

    def prepare(self, name: str):
        """(program, values of all nodes, places that depend on `name`, base value)."""
        model = self.model
        replaced: dict[Expr, Expr] = {}
        for a in model.assignments:
            if a.name == name:
                self.values[name] = evaluate([_inlined(a.expr, replaced)], self.point.values, self.point.sizes)[0]
                continue
            replaced[build.var(a.name, a.expr.shape)] = _inlined(a.expr, replaced)
        root = replaced.get(build.var(model.output.name, model.output.expr.shape),
                            build.var(name, model.shape_of(name)))
        program = Program([root])
        computed = program.run(self.values, self.point.sizes)
        return program, computed, program.depends(name)


def _inlined(e: Expr, replaced: dict[Expr, Expr]) -> Expr:
    """e with the assignments before it put in, nothing simplified."""
    from ..expr.node import node, walk
    memo = dict(replaced)
    for part in walk(e):
        if part not in memo:
            args = tuple(memo[a] for a in part.args)
            memo[part] = part if args == part.args else node(part.op, args, part.data, part.shape)
    return memo[e]


def _compare(function: _Function, name: str, gradient: np.ndarray, tally: _Tally, rng) -> None:
    """One gradient at one point."""
    with np.errstate(all="ignore"):
        program, computed, places = function.prepare(name)
        x = function.values[name]
        sizes = function.point.sizes

        def value(moved):
            out = program.rerun(computed, places, {**function.values, name: moved}, sizes)
            return float(program.results(out)[0][0, 0])

        if gradient.shape != x.shape:
            tally.verdict, tally.error = "disagrees", float("inf")
            return
        base = abs(value(x))
        if x.size * len(places) * 4 <= MAX_WORK / 20 and x.size <= MAX_ENTRIES:
            directions = list(_units(x))
            numeric = np.array([_five_point(value, x, d) for d in directions]).reshape(x.shape)
            analytic = gradient
        else:
            directions = [d / np.linalg.norm(d) for d in (rng.normal(size=x.shape) for _ in range(3))]
            numeric = np.array([_five_point(value, x, d) for d in directions])
            analytic = np.array([np.sum(gradient * d) for d in directions])
            tally.how = "random directions"
    noise = 8 * EPS * max(base, 1e-300) / STEP * np.sqrt(numeric.size)
    _judge(tally, analytic, numeric, noise, lambda: _precisely(
        program, function.values, sizes, name, directions, analytic.reshape(1, -1)))


def _units(x: np.ndarray):
    for i in range(x.size):
        d = np.zeros(x.size)
        d[i] = 1
        yield d.reshape(x.shape)


def _five_point(value, x: np.ndarray, d: np.ndarray):
    """Directional derivative; the step that is really taken divides."""
    h = STEP * max(1.0, float(np.abs(x[d != 0]).max(initial=0)) if np.count_nonzero(d) == 1 else 1.0)
    return (8 * (value(x + h * d) - value(x - h * d)) - (value(x + 2 * h * d) - value(x - 2 * h * d))) / (12 * h)


def _judge(tally: _Tally, analytic: np.ndarray, numeric: np.ndarray, noise: float, precisely) -> None:
    """Take one comparison into the tally; the verdict can only get worse."""
    scale = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric)))
    difference = float(np.linalg.norm(analytic - numeric))
    if not np.isfinite(scale):
        tally.verdict = "disagrees" if not np.all(np.isfinite(analytic)) else "cannot tell"
        return
    relative = difference / scale if scale > noise else 0.0
    if relative <= AGREES and difference <= max(AGREES * scale, noise):
        verdict = "agrees"
    elif difference <= noise and scale <= 10 * noise:
        verdict = "agrees"
    elif relative > CLEARLY and difference > 1e3 * noise:
        verdict = "disagrees"
    else:
        verdict, relative = precisely()
        tally.how = f"{DIGITS} digits"
    if relative >= tally.error:
        tally.error, tally.noise = relative, noise / scale if scale else 0.0
        worst = np.unravel_index(np.argmax(np.abs(analytic - numeric)), analytic.shape)
        tally.index = tuple(map(int, worst)) if analytic.ndim == 2 else None
        tally.analytic, tally.numeric = float(analytic[worst]), float(numeric[worst])
    order = ("agrees", "cannot tell", "disagrees")
    tally.verdict = max(tally.verdict, verdict, key=order.index)


def _precisely(program: Program, values: dict, sizes: dict, name: str, directions: list, analytic: np.ndarray):
    """(verdict, relative error) along random combinations of directions, with 50 digits.

    analytic    derivative of vec(F) along each direction, in columns
    """
    from mpmath import mp
    rng = np.random.default_rng(0)
    worst = 0.0
    with mp.workdps(DIGITS):
        exact = Program(program.roots, Precise())
        exact_values = numbers(values)
        h = mp.mpf(10) ** -15
        for _ in range(3):
            weights = rng.normal(size=len(directions))
            d = numbers({"d": sum(w * d for w, d in zip(weights, directions, strict=True))})["d"]

            def value(t, d=d):
                moved = {**exact_values, name: exact_values[name] + t * d}
                return exact.results(exact.run(moved, sizes))[0].ravel(order="F")
            try:
                numeric = (value(h) - value(-h)) / (2 * h)
            except (ZeroDivisionError, ValueError, TypeError, AttributeError):
                return "cannot tell", float("nan")
            along = analytic @ weights
            numeric = numeric.astype(float)
            size = max(float(np.linalg.norm(numeric)), float(np.linalg.norm(analytic)))
            worst = max(worst, float(np.linalg.norm(numeric - along)) / size if size else 0.0)
    return ("agrees" if worst < 1e-9 else "disagrees"), worst


# ---------------------------------------------------------------- Jacobians and Hessians

class _Formula:
    """A matrix-valued formula as a function of one variable."""

    def __init__(self, formula: Expr, point: Point, entries: str, variable):
        self.program = Program([formula])
        self.point, self.name = point, variable.name
        self.computed = self.program.run(point.values, point.sizes)
        self.places = self.program.depends(self.name)
        self.entries, self.assumptions = entries, variable.assumptions

    def value(self, moved: np.ndarray) -> np.ndarray:
        values = {**self.point.values, self.name: moved}
        out = self.program.rerun(self.computed, self.places, values, self.point.sizes)
        return self.program.results(out)[0].reshape(-1, order="F")

    def directions(self):
        """Unit directions, columns stacked; with independent entries of a symmetric
        matrix two places move together, of a diagonal one only the diagonal moves."""
        x = self.point.values[self.name]
        for j in range(x.shape[1]):
            for i in range(x.shape[0]):
                d = np.zeros_like(x)
                d[i, j] = 1
                if self.entries == "independent" and self.assumptions & {"symmetric", "spd"}:
                    d[j, i] = 1
                elif self.entries == "independent" and "diagonal" in self.assumptions and i != j:
                    d[i, j] = 0
                yield d


def _compare_matrix(moved: _Formula, result, value: np.ndarray, tally: _Tally) -> None:
    """J with vec(dF) = J vec(dX); a gradient is the transposed Jacobian of a scalar."""
    x = moved.point.values[moved.name]
    with np.errstate(all="ignore"):
        directions = list(moved.directions())
        numeric = np.array([_five_point(moved.value, x, d) for d in directions]).T
        base = float(np.abs(moved.value(x)).max(initial=0))
    if result.kind == "gradient":
        analytic = value.reshape(1, -1, order="F")
    elif x.size == 1:
        analytic = value.reshape(-1, 1, order="F")
    else:
        analytic = value
    if analytic.shape != numeric.shape:
        tally.verdict, tally.error = "disagrees", float("inf")
        return
    noise = 8 * EPS * max(base, 1e-300) / STEP * np.sqrt(numeric.size)
    _judge(tally, analytic, numeric, noise, lambda: _precisely(
        moved.program, moved.point.values, moved.point.sizes, moved.name, directions, analytic))
