"""The view of a differential, and of what is identified from it."""

from __future__ import annotations

from dataclasses import dataclass

from ..expr import build
from ..lang import said
from .data import check_data, formula, steps_data, variables_data
from .lines import Line
from .view import StepView, VariableRow, check_line, steps, variables


@dataclass(frozen=True)
class DifferentialView:
    """forward: the equations; differentials: of each of them, in named intermediates;
    total: dF in the variables; identified: gradients or Jacobians."""

    heading: str
    variables: tuple[VariableRow, ...]
    forward: tuple[Line, ...]
    steps: tuple[StepView, ...]
    differentials: tuple[Line, ...]
    total: Line
    convention: str
    identified: tuple[Line, ...]
    check: str
    notes: tuple[str, ...]
    rules: tuple = ()
    sources: tuple = ()


def differential_view(d, printer) -> DifferentialView:
    """The view of a differential, printed by `printer`."""
    model = d.model
    output = model.output
    name = printer.name(output.name, output.expr.shape)
    lhs = printer.formula(build.dvar(output.name, output.expr.shape))
    is_single = len(model.assignments) == 1
    return DifferentialView(
        heading=printer.said(said("Differential of {output}", output=printer.maths(name))), variables=variables(model, printer),
        forward=tuple(_line(printer.name(a.name, a.expr.shape), a.expr, printer) for a in model.assignments),
        steps=steps(d.steps, printer) if is_single else (),
        differentials=() if is_single else tuple(_line(printer.formula(e.lhs), e.rhs, printer) for e in d.equations),
        total=_line(lhs, d.form, printer), convention=printer.said(d.convention),
        identified=tuple(_line(_derivative(d, n, printer), e, printer) for n, e in d.identified.items()),
        check=check_line(d.report, printer), notes=tuple(map(printer.said, model.notes)))


def _line(lhs: str, e, printer) -> Line:
    return Line(lhs, printer.broken(e, [lhs]))


def _derivative(d, name: str, printer) -> str:
    output, shape = d.model.output, d.model.shape_of(name)
    if output.expr.is_scalar:
        return printer.formula(build.cot(output.name, name, shape))
    return printer.quotient(output.name, name, shape, stacked=d.is_stacked(name), of_shape=output.expr.shape)


def differential_data(d) -> dict:
    """The same as plain data for JSON."""
    return {
        "differential": formula(d.form), "convention": d.convention,
        "equations": [{"name": e.name, "lhs": formula(e.lhs)["text"], **formula(e.rhs)} for e in d.equations],
        "identified": {n: formula(e) for n, e in d.identified.items()},
        "variables": variables_data(d.model), "steps": steps_data(d.steps), "notes": list(d.model.notes),
        "check": check_data(d.report),
    }
