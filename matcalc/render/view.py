"""The view of a derivation: plain data and printed formulas, in reading order.

A template decides where things stand; everything it prints is ready here.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import MatcalcError
from ..expr import build
from ..lang import all_of, one_by_one, said
from ..rules import RULES
from ..shapes import is_scalar
from .chains import FactorView, chain_rows
from .indexed import TITLES, derivation_lines
from .lines import Line, Section
from .printer import shape_of

MAX_LINES = 12       # of a closed form that is written out
MAX_COUNT = 4_000    # nodes of a closed form that is worth breaking into lines
MAX_NAMES = 8        # in the heading

STEP_TITLES = {"recognise": said("Known function"), "accumulate": said("Contributions added"), "fuse": said("Put together")}
REMARKS = {  # on variables: roles, and assumptions by their words in the input language
    "target": said("target"), "constant": said("constant"), "symmetric": said("symmetric"), "spd": said("spd"),
    "skew": said("skew"), "diagonal": said("diagonal"), "lower": said("lower"), "upper": said("upper"),
    "toeplitz": said("toeplitz"), "orthogonal": said("orthogonal"), "invertible": said("invertible"),
    "positive": said("positive"), "onehot": said("onehot"), "onehot_cols": said("onehot_cols"), "simplex": said("simplex")}
INFERRED = said("inferred")


@dataclass(frozen=True)
class VariableRow:
    """name : shape; remark says its role, assumptions, and whether it was inferred."""

    name: str
    shape: str
    is_scalar: bool
    remark: str


@dataclass(frozen=True)
class GradientView:
    """One gradient.

    symbol   its variable, printed
    rows     the factors of its chain product, line by line, or ()
    named    the named form, "" where it equals the closed form
    closed   the closed form, "" where it is too long, or not wanted
    note     why the gradient is zero, or why there is no closed form
    """

    name: str
    symbol: str
    lhs: str
    shape: str
    rows: tuple[tuple[FactorView, ...], ...]
    named: str
    closed: str
    note: str


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

    heading     what the page is about
    backward    equations of the named intermediates
    steps       the trail, of a single expression only
    rules       instead of it every step with its rule (`rule_steps`), where that is asked for
    sources     that the rules cite
    check       the check in one line, or ""
    indexed     the same with indices, or written out
    """

    heading: str
    variables: tuple[VariableRow, ...]
    forward: tuple[Line, ...]
    backward: tuple[Line, ...]
    gradients: tuple[GradientView, ...]
    steps: tuple[StepView, ...]
    assumptions: tuple[str, ...]
    check: str
    indexed: Section
    notes: tuple[str, ...] = ()
    rules: tuple = ()
    sources: tuple = ()


def view_of(derivation, printer, named: bool = False, notation: str = "matrix") -> View:
    """The view of a derivation, printed by `printer`; `named`: without closed forms;
    `notation`: with a section in index notation, or written out."""
    model = derivation.model
    is_single = len(model.assignments) == 1
    return View(
        heading=_heading(derivation, printer),
        variables=variables(model, printer),
        forward=equations(derivation.forward, printer),
        backward=equations([e for e in derivation.backward if e.name not in derivation.gradients], printer),
        gradients=_gradients(derivation, printer, named),
        steps=steps(derivation.trail, printer) if is_single else (),
        assumptions=tuple(map(printer.said, derivation.assumptions)),
        check=check_line(derivation.report, printer),
        indexed=Section(printer.plain(TITLES[notation]), derivation_lines(derivation, printer, notation)),
        notes=tuple(map(printer.said, model.notes)),
    )


def _heading(derivation, printer) -> str:
    model = derivation.model
    names = [printer.maths(printer.name(g.name, model.shape_of(g.name))) for g in derivation]
    output = printer.maths(printer.name(model.output.name))
    if len(names) == 1:
        return printer.said(said("Gradient of {output} with respect to {variable}", output=output, variable=names[0]))
    by = all_of(names) if len(names) <= MAX_NAMES else said("{n} variables", n=len(names))
    return printer.said(said("Gradients of {output} with respect to {variables}", output=output, variables=by))


def variables(model, printer) -> tuple[VariableRow, ...]:
    return tuple(VariableRow(printer.name(v.name, v.shape), shape_of(v.shape, printer), is_scalar(v.shape),
                             _remark(v, printer)) for v in model.variables.values())


def _remark(v, printer) -> str:
    words = [] if v.role == "variable" else [v.role]
    words += [w for w in sorted(v.assumptions) if w != v.role]
    return ", ".join(map(printer.plain, [REMARKS[w] for w in words] + ([] if v.declared else [INFERRED])))


def equations(lines, printer) -> tuple[Line, ...]:
    """Equations below one another."""
    heads = [printer.formula(e.lhs) for e in lines]
    return tuple(Line(head, printer.broken(e.rhs, heads), printer.plain(e.note))
                 for head, e in zip(heads, lines, strict=True))


def _gradients(derivation, printer, named: bool) -> tuple[GradientView, ...]:
    seen: set[tuple[str, str]] = set()
    return tuple(_gradient(derivation, g, seen, printer, named) for g in derivation)


def _gradient(derivation, g, seen: set, printer, only_named: bool) -> GradientView:
    model = derivation.model
    shape = model.shape_of(g.name)
    lhs = printer.formula(build.cot(model.output.name, g.name, shape))
    named = printer.broken(g.named_form, [lhs])
    closed, note = ("", g.note) if only_named else _closed(g, named, lhs, printer)
    if g.layout == "numerator":
        note = one_by_one([note, said("numerator layout: transposed")])
    rows = () if only_named else chain_rows(derivation, g, seen, printer)
    return GradientView(g.name, printer.name(g.name, shape), lhs, shape_of(g.named_form.shape, printer), rows,
                        "" if named == closed else named, closed, printer.plain(note))


def _closed(g, named: str, lhs: str, printer) -> tuple[str, str]:
    """The closed form and the gradient's note, which says why there is none."""
    try:
        form = g.closed_form
    except MatcalcError as problem:
        if problem.diagnostic.code != "M304":
            raise
        return "", problem.diagnostic.message
    if form is g.named_form:
        return named, g.note
    if form.count <= MAX_COUNT:
        closed = printer.broken(form, [lhs])
        if closed.count("\n") < MAX_LINES:
            return closed, g.note
    return "", said("the closed form would take more than {n} lines; this named form is the same", n=MAX_LINES)


def steps(trail, printer) -> tuple[StepView, ...]:
    """What a lecturer would write of a trail: not that a sum passes everything on."""
    return tuple(StepView(printer.plain(step_title(s)), printer.inline(s.target), printer.inline(s.after),
                          printer.plain(s.because)) for s in trail if s.after is not s.before)


def step_title(step) -> str:
    """The rule's title; a product of numbers is nobody's Hadamard product."""
    if step.rule == "had" and step.target.is_scalar:
        return said("Product")
    return said(RULES[step.rule].title) if step.rule in RULES else STEP_TITLES[step.rule]


def check_line(report, printer) -> str:
    return "" if report is None else printer.plain(report.line)
