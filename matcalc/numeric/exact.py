"""Equality of formulas, and derivatives by dual numbers, decided without a tolerance."""

from __future__ import annotations

import numpy as np

from ..derive.structure import structure_of
from ..errors import MatcalcError
from ..expr.node import Expr
from ..model import Model
from .arithmetic import ExactProgram
from .decide import TRIALS, Point, Verdict, decide
from .directions import independent
from .dual import Dual


def equal(a: Expr, b: Expr, model: Model, trials: int = TRIALS, seed: int = 0) -> Verdict:
    """Whether two formulas in the names of a model have the same value wherever both have one."""
    function, program = _Function(model), ExactProgram([a, b])

    def questions(point: Point) -> dict:
        def difference():
            x, y = program.at(point.arithmetic, function.names(point), point.sizes)
            return _difference(x, y)
        return {"": difference}
    return decide(model, [a, b], [""], questions, trials, seed)[""]


def check_derivation(derivation, seed: int = 0) -> dict[str, Verdict]:
    """Every gradient of a derivation: its closed form and its named form, against dual numbers."""
    function, forms = _Function(derivation.model), _Forms(derivation)

    def questions(point: Point) -> dict:
        known: dict = {}

        def question(name: str):
            along, slope = function.along(point, name)
            values = forms.values(name, point, known)
            if derivation.layout == "numerator":
                values = [v.T for v in values]
            if any(v.shape != along.shape for v in values):
                return None
            return [(v * along).sum() - slope.reshape(()) for v in values]
        return {n: lambda n=n: question(n) for n in derivation.gradients}
    return decide(derivation.model, forms.all, list(derivation.gradients), questions, seed=seed)


def check_result(result, seed: int = 0) -> dict[str, Verdict]:
    """A gradient, Jacobian or Hessian against dual numbers of its function."""
    if result.wrt not in result.model.variables:
        return check_derivation(result.derivation, seed)
    function = ExactProgram([result.model.formula if result.moving is None else result.moving])
    form = ExactProgram([result.form])
    structure = structure_of(result.model.variables[result.wrt].assumptions, result.entries)

    def questions(point: Point) -> dict:
        def question():
            value = form.at(point.arithmetic, point.values, point.sizes)[0]
            return _jacobian_differences(result, structure, point, value, function)
        return {result.wrt: question}
    return decide(result.model, [*function.roots, *form.roots], [result.wrt], questions, seed=seed)


def check_differential(differential, seed: int = 0) -> dict[str, Verdict]:
    """dF along a random change of each variable against dual numbers."""
    function, program = _Function(differential.model), ExactProgram([differential.form])

    def questions(point: Point) -> dict:
        def question(name: str):
            along, slope = function.along(point, name)
            still = {("d", n): point.values[n].still() * 0 for n in differential.wrt}
            value = program.at(point.arithmetic, {**function.names(point), **still, ("d", name): along}, point.sizes)[0]
            return _difference(value, slope)
        return {n: lambda n=n: question(n) for n in differential.wrt}
    return decide(differential.model, program.roots, list(differential.wrt), questions, seed=seed)


class _Function:
    """The assignments of a model, as they were written."""

    def __init__(self, model: Model):
        self.model = model
        self.programs = {a.name: ExactProgram([a.expr]) for a in model.assignments}

    def names(self, point: Point, moved: str = "", along: Dual | None = None) -> dict:
        """Values of variables and assignments; one of them moves."""
        values = dict(point.values)
        if moved in values:
            values[moved] = _moving(values[moved], along)
        for name, program in self.programs.items():
            values[name] = program.at(point.arithmetic, values, point.sizes)[0]
            if name == moved:
                values[name] = _moving(values[name], along)
        return values

    def along(self, point: Point, name: str) -> tuple[Dual, Dual]:
        """(a random direction for a variable or an assignment, derivative of the output along it)."""
        shape = tuple(d.value(point.sizes) for d in self.model.shape_of(name))
        direction = point.array(shape)
        return direction, _slope(self.names(point, name, direction)[self.model.output.name])


class _Forms:
    """The gradients' closed forms and named forms."""

    def __init__(self, derivation):
        self.forward = [(eq.name, ExactProgram([eq.rhs])) for eq in derivation.forward]
        self.backward = [(eq.lhs.data, ExactProgram([eq.rhs])) for eq in derivation.backward]
        self.named = {n: ExactProgram([g.named_form]) for n, g in derivation.gradients.items()}
        closed = {n: _closed(g) for n, g in derivation.gradients.items()}
        self.closed = {n: ExactProgram([e]) for n, e in closed.items() if e is not None}

    @property
    def all(self) -> list[Expr]:
        programs = [p for _, p in (*self.forward, *self.backward)]
        return [r for p in (*programs, *self.named.values(), *self.closed.values()) for r in p.roots]

    def values(self, name: str, point: Point, known: dict) -> list[Dual]:
        """Of one gradient's forms; `known` keeps what the gradients share at this point."""
        if not known:
            known.update(point.values)
            for key, program in (*self.forward, *self.backward):
                known[key] = program.at(point.arithmetic, known, point.sizes)[0]
        out = [self.named[name].at(point.arithmetic, known, point.sizes)[0]]
        if name in self.closed:
            out += self.closed[name].at(point.arithmetic, point.values, point.sizes)
        return out


def _closed(gradient) -> Expr | None:
    """The closed form, or None when it is too long to write out (M304)."""
    try:
        return gradient.closed_form
    except MatcalcError:
        return None


def _jacobian_differences(result, structure: str, point: Point, value: Dual, function: ExactProgram):
    """J c against the derivative along sum of c_k times the k-th way to move; a gradient is a row of J."""
    x = point.values[result.wrt]

    def slope(along: Dual) -> Dual:
        moved = {**point.values, result.wrt: _moving(x, along)}
        return _slope(function.at(point.arithmetic, moved, point.sizes)[0]).reshape(-1, 1, order="F")
    if result.times:
        return _difference(value.reshape(-1, 1, order="F"), slope(point.values[result.times].still()))
    if result.entries == "tangent" and structure:
        tangent, normal = _tangent_and_normal(point, x, structure)
        if value.shape != x.shape:
            return None
        return [(value * tangent).sum() - slope(tangent).reshape(()), (value * normal).sum()]
    weights = point.array((x.size, 1))
    along = weights.reshape(*x.shape, order="F") if not structure else weights.moved(
        lambda w: sum(c * d.astype(int) for c, d in zip(w[:, 0], independent(x.v, structure), strict=True)) % weights.field.p)
    rows = value.reshape(1, -1, order="F") if result.kind == "gradient" else \
        value.reshape(-1, 1, order="F") if x.size == 1 else value
    return _difference(rows @ weights, slope(along)) if rows.shape[1] == x.size else None


def _tangent_and_normal(point: Point, x: Dual, structure: str) -> tuple[Dual, Dual]:
    """A random motion that keeps the structure, and a random matrix at right angles to all such."""
    A, B = point.array(x.shape), point.array(x.shape)
    skew, symmetric = A - A.T, B + B.T
    if structure == "orthogonal":
        return x.still() @ skew, x.still() @ symmetric
    return (skew, symmetric) if structure == "skew" else (symmetric, skew)


def _moving(x: Dual, along: Dual) -> Dual:
    return Dual(x.field, x.v, np.asarray(along.v), x.bound.plus(along.bound))


def _slope(x: Dual) -> Dual:
    """The tangent, as a value."""
    return x.still() * 0 if x.t is None else Dual(x.field, x.t, None, x.bound)


def _difference(x: Dual, y: Dual) -> list[Dual] | None:
    return [x - y] if x.shape == y.shape else None
