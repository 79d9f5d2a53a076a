"""The view of a gradient, Jacobian or Hessian of one expression."""

from __future__ import annotations

from dataclasses import dataclass

from ..derive.jacobian import HESSIAN, HESSIAN_STACKED, STACKED, VECTOR
from ..expr import build
from ..lang import said
from ..shapes import SCALAR, is_column, is_scalar
from .indexed import TITLES, result_lines
from .lines import Line, Section
from .printer import shape_of
from .view import StepView, VariableRow, check_line, equations, steps, variables

TITLES_OF = {"gradient": said("Gradient"), "jacobian": said("Jacobian"), "hessian": said("Hessian"),
             "hessian product": said("Hessian product")}


@dataclass(frozen=True)
class ResultView:
    """heading: what it is, in words; title: its kind; function and result: the two lines; named: of a
    Hessian-vector product its equations in named intermediates; naming: what is new in them."""

    heading: str
    kind: str
    title: str
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
    title = TITLES_OF[result.kind]
    heading = said("{kind} of {output} with respect to {variable}", kind=title, output=printer.maths(of),
                   variable=printer.maths(by))
    return ResultView(
        heading=printer.said(heading), kind=result.kind, title=printer.plain(title),
        variables=variables(model, printer),
        function=Line(of, printer.broken(result.function, [of])),
        result=Line(lhs, printer.broken(result.form, [lhs])),
        named=tuple(line for e in result.named for line in equations([e], printer)),
        naming=printer.said(said("with {g} for {cotangent}", g=build.var("g_h", SCALAR),
                                 cotangent=build.cot(output.name, "h", SCALAR))),
        shape=shape_of(result.form.shape, printer), is_scalar=is_scalar(result.form.shape),
        convention=_convention(result, lhs, printer),
        steps=steps(result.steps, printer), assumptions=tuple(map(printer.said, result.assumptions)),
        check=check_line(result.report, printer),
        indexed=Section(printer.plain(TITLES[notation]), result_lines(result, printer, notation, lhs)), notes=tuple(map(printer.said, model.notes)))


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
        return printer.said(said("{derivative}, columns stacked", derivative=printer.maths(lhs)))
    return printer.said(result.convention)
