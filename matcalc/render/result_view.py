"""The view of a gradient, Jacobian or Hessian of one expression."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..derive.jacobian import HESSIAN, HESSIAN_STACKED, STACKED, VECTOR
from ..expr import build
from ..shapes import SCALAR, is_column, is_scalar
from .indexed import TITLES, result_lines
from .lines import Line, Section
from .printer import shape_of
from .view import StepView, VariableRow, check_line, steps, variables


@dataclass(frozen=True)
class ResultView:
    """heading: what it is, in words; function and result: the two lines; named: of a
    Hessian-vector product its equations in named intermediates; naming: what is new in them."""

    heading: str
    kind: str
    variables: tuple[VariableRow, ...]
    function: Line
    result: Line
    named: tuple[Line, ...]
    naming: str
    shape: str
    is_scalar: bool
    convention: str
    steps: tuple[StepView, ...]
    assumptions: tuple[str, ...]
    check: str
    indexed: Section
    notes: tuple[str, ...]
    rules: tuple = ()
    sources: tuple = ()


def result_view(result, printer, notation: str = "matrix") -> ResultView:
    """The view of a result, printed by `printer`; `notation` as in `view_of`."""
    model, output = result.model, result.model.output
    shape = model.shape_of(result.wrt)
    of, by = printer.name(output.name, output.expr.shape), printer.name(result.wrt, shape)
    lhs = _lhs(result, shape, printer)
    heading = f"{result.kind.capitalize()} of {printer.maths(of)} with respect to {printer.maths(by)}"
    return ResultView(
        heading=type(of)(heading), kind=result.kind, variables=variables(model, printer),
        function=Line(of, printer.broken(result.function, [of])),
        result=Line(lhs, printer.broken(result.form, [lhs])),
        named=tuple(Line(printer.formula(e.lhs), printer.broken(e.rhs, [printer.formula(e.lhs)]), e.note)
                    for e in result.named),
        naming=printer.said(("with ", build.var("g_h", SCALAR), " for ", build.cot(output.name, "h", SCALAR))),
        shape=shape_of(result.form.shape, printer), is_scalar=is_scalar(result.form.shape),
        convention=_convention(result, lhs, printer),
        steps=steps(result.steps, printer), assumptions=tuple(map(printer.said, result.conditions)),
        check=check_line(result.report),
        indexed=Section(TITLES[notation], result_lines(result, printer, notation, lhs)), notes=model.notes)


def _lhs(result, shape, printer) -> str:
    """∂f/∂x, or ∂²f/∂x∂xᵀ, with vec where entries are stacked."""
    output = result.model.output
    if result.kind.startswith("hessian"):
        second = printer.second(output.name, result.wrt, shape)
        if result.times and not is_scalar(shape) and not is_column(shape):
            return printer.along(output.name, result.times, shape)
        return printer.beside([second, printer.name(result.times, shape)]) if result.times else second
    if result.kind == "gradient":
        return printer.formula(build.cot(output.name, result.wrt, shape))
    return printer.quotient(output.name, result.wrt, shape, result.meaning == STACKED, output.expr.shape)


def _convention(result, lhs: str, printer) -> str:
    """What the entries are, with the names of the output and the variable."""
    if result.meaning in (VECTOR, HESSIAN):
        return printer.entries(result.meaning, result.model.output.name, result.wrt)
    if result.meaning in (STACKED, HESSIAN_STACKED):
        return type(lhs)(f"{printer.maths(lhs)}, columns stacked")
    model, names = result.model, {"{F}": result.model.output.name, "{x}": result.wrt, "{v}": result.times}
    words = filter(None, re.split(r"(\{\w\})", result.meaning))
    return printer.said([build.var(names[w], model.shape_of(names[w])) if w in names else w for w in words])
