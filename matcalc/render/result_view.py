"""The view of a gradient, Jacobian or Hessian of one expression."""

from __future__ import annotations

from dataclasses import dataclass

from ..shapes import is_scalar
from .printer import shape_of
from .view import Line, StepView, VariableRow, check_line, steps, variables


@dataclass(frozen=True)
class ResultView:
    """heading: what it is, in words; function and result: the two lines."""

    heading: str
    kind: str
    variables: tuple[VariableRow, ...]
    function: Line
    result: Line
    shape: str
    convention: str
    steps: tuple[StepView, ...]
    check: str
    notes: tuple[str, ...]


def result_view(result, printer) -> ResultView:
    """The view of a result, printed by `printer`."""
    model = result.model
    shape = model.shape_of(result.wrt)
    output = model.output
    of = printer.name(output.name, output.expr.shape)
    return ResultView(
        heading=f"{result.kind.capitalize()} of {output.name} with respect to {result.wrt}", kind=result.kind, variables=variables(model, printer),
        function=Line(of, printer.formula(result.function)),
        result=Line(_lhs(result, shape, printer), printer.broken(result.form)),
        shape=shape_of(result.form.shape, printer), convention=result.convention,
        steps=steps(result.steps, printer), check=check_line(result.report), notes=model.notes)


def _lhs(result, shape, printer) -> str:
    """∂f/∂x, or ∂²f/∂x∂xᵀ, with vec where entries are stacked."""
    output = result.model.output
    if result.kind == "hessian":
        return printer.second(output.name, result.wrt, shape)
    stacked = result.kind == "jacobian" and result.convention.startswith("d vec") and not is_scalar(shape)
    return printer.quotient(output.name, result.wrt, shape, stacked=stacked)
