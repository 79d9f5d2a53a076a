"""The view of a derivation: plain data and printed formulas, in reading order.

A template decides where things stand; everything it prints is ready here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import MatcalcError
from ..expr.node import Expr
from ..rules import RULES
from ..shapes import is_scalar
from .printer import Terminal, shape_of

PAGE_COLUMNS = 68  # characters under braces on a line of an article
MIN_COLUMNS = 8
MAX_FACTORS = 12  # a longer chain product says no more than its backward equations

STEP_TITLES = {"recognise": "Known function", "accumulate": "Contributions added",
               "fuse": "Put together", "differential": "Differential"}


@dataclass(frozen=True)
class VariableRow:
    """name : shape; remark says its role, assumptions, and whether it was inferred."""

    name: str
    shape: str
    is_scalar: bool
    remark: str


@dataclass(frozen=True)
class Line:
    """lhs = rhs"""

    lhs: str
    rhs: str
    note: str = ""


@dataclass(frozen=True)
class FactorView:
    """One factor: the quotient, what stands under its brace, whether an earlier
    gradient has it too, and how many characters the value is wide."""

    quotient: str
    value: str
    reused: bool
    columns: int


@dataclass(frozen=True)
class GradientView:
    """One gradient; named is "" where it equals the closed form, closed is ""
    where that is too long."""

    name: str
    lhs: str
    shape: str
    factors: tuple[FactorView, ...]
    named: str
    closed: str
    note: str

    @property
    def rows(self) -> tuple[tuple[FactorView, ...], ...]:
        """The factors as they fit on the lines of a page."""
        rows: list[list[FactorView]] = []
        used = PAGE_COLUMNS + 1
        for f in self.factors:
            if used + f.columns > PAGE_COLUMNS:
                rows.append([])
                used = 0
            rows[-1].append(f)
            used += f.columns
        return tuple(map(tuple, rows))


@dataclass(frozen=True)
class StepView:
    """One use of a rule."""

    title: str
    target: str
    after: str
    because: str


@dataclass(frozen=True)
class View:
    """Everything that a template prints.

    heading     what the page is about, in words
    backward    equations of the named intermediates
    steps       the trail, of a single expression only
    check       the check in one line, or ""
    """

    heading: str
    variables: tuple[VariableRow, ...]
    forward: tuple[Line, ...]
    backward: tuple[Line, ...]
    gradients: tuple[GradientView, ...]
    steps: tuple[StepView, ...]
    assumptions: tuple[str, ...]
    check: str
    notes: tuple[str, ...] = ()


def view_of(derivation, printer) -> View:
    """The view of a derivation, printed by `printer`."""
    model = derivation.model
    is_single = len(model.assignments) == 1
    gradients = _gradients(derivation, printer)
    return View(
        heading="Gradients of " + str(model.output.name),
        variables=variables(model, printer),
        forward=tuple(_line(e, printer) for e in derivation.forward),
        backward=tuple(_line(e, printer) for e in derivation.backward if e.name not in derivation.gradients),
        gradients=gradients,
        steps=steps(derivation.trail, printer) if is_single else (),
        assumptions=derivation.assumptions,
        check=check_line(derivation.report),
        notes=model.notes,
    )


def variables(model, printer) -> tuple[VariableRow, ...]:
    return tuple(VariableRow(printer.name(v.name, v.shape), shape_of(v.shape, printer), is_scalar(v.shape), _remark(v))
                 for v in model.variables.values())


def _remark(v) -> str:
    words = [] if v.role == "variable" else [v.role]
    words += [w for w in sorted(v.assumptions) if w != v.role]
    return ", ".join(words + ([] if v.declared else ["inferred"]))


def _line(equation, printer) -> Line:
    return Line(printer.formula(equation.lhs), printer.formula(equation.rhs), equation.note)


def _gradients(derivation, printer) -> tuple[GradientView, ...]:
    seen: set[tuple[str, str]] = set()
    return tuple(_gradient(derivation, g, seen, printer) for g in derivation)


def _gradient(derivation, g, seen: set, printer) -> GradientView:
    model = derivation.model
    shape = model.shape_of(g.name)
    closed, note = _closed(g, printer)
    named = printer.broken(g.named_form)
    if g.layout == "numerator":
        note = "; ".join(filter(None, [note, "numerator layout: transposed"]))
    return GradientView(
        g.name, printer.quotient(model.output.name, g.name, shape), shape_of(g.named_form.shape, printer),
        _factors(derivation, g, seen, printer), "" if named == closed else named, closed, note)


def _closed(g, printer) -> tuple[str, str]:
    """The closed form and the gradient's note, which says why there is none."""
    try:
        return printer.broken(g.closed_form), g.note
    except MatcalcError as problem:
        if problem.diagnostic.code != "M304":
            raise
        return "", problem.diagnostic.message


def _factors(derivation, g, seen: set, printer) -> tuple[FactorView, ...]:
    """The chain product, unless it is one factor only, too long, or transposed."""
    if g.layout != "denominator" or len(derivation.model.assignments) == 1:
        return ()
    try:
        factors = g.factors
    except MatcalcError:  # a value is too long to write out
        return ()
    if not 1 < len(factors) <= MAX_FACTORS:
        return ()
    out = []
    for f in factors:
        shape = derivation.model.shape_of(f.by)
        out.append(FactorView(printer.quotient(f.of, f.by, shape), _value(f.value, f.side, printer),
                              f.reused or (f.of, f.by) in seen,
                              max(MIN_COLUMNS, len(_value(f.value, f.side, Terminal())))))
    seen.update((f.of, f.by) for f in factors)
    return tuple(out)


def _value(e: Expr, side: str, printer) -> str:
    """What a factor multiplies with; a dot in front says: from the right."""
    formula = printer.formula(e)
    if e.op == "add":
        formula = printer.enclosed(formula)
    front = {"right": printer.right, "hadamard": printer.hadamard}.get(side, "")
    return type(formula)(front + formula)


def steps(trail, printer) -> tuple[StepView, ...]:
    return tuple(StepView(_step_title(s), printer.formula(s.target), printer.formula(s.after), s.because)
                 for s in trail)


def _step_title(step) -> str:
    """The rule's title; a product of numbers is nobody's Hadamard product."""
    if step.rule == "had" and step.target.is_scalar:
        return "Product"
    return RULES[step.rule].title if step.rule in RULES else STEP_TITLES.get(step.rule, step.rule)


def check_line(report) -> str:
    return "" if report is None else str(report.line)
