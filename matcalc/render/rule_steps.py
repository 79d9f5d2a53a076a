"""Every step of a trail with its rule: name, statement, reason, and where to read it up."""

from __future__ import annotations

from dataclasses import dataclass

from ..expr import build
from ..expr.node import Expr, walk
from ..lang import one_by_one, said
from ..rules import ENTRYWISE, RULES
from ..rules.bibliography import resolved
from .lines import Line
from .statements import contribution, definition, gradients, point, slope
from .view import step_title


@dataclass(frozen=True)
class RuleStep:
    """One step.

    place       the assignment it happened in, printed, or ""
    before, after    the cotangent that arrived, and what it became
    statement   the rule in general: what is computed, and its derivatives
    cites       "[1], eq. 37; [2], section 2.2.1"
    """

    title: str
    place: str
    target: str
    before: str
    after: str
    statement: tuple[Line, ...]
    because: str
    cites: str


@dataclass(frozen=True)
class Reference:
    """A line of the bibliography."""

    number: int
    text: str


def rule_steps(trail, model, printer, numbers: dict | None = None) -> tuple[tuple[RuleStep, ...], tuple[Reference, ...]]:
    """The steps of a trail, and the sources that they cite.

    numbers   source -> its number: of those that are cited already, where trails share a bibliography
    """
    numbers = {} if numbers is None else numbers
    steps = tuple(_step(s, model, printer, numbers) for s in trail)
    return steps, tuple(Reference(n, printer.plain(source.full)) for source, n in numbers.items())


def _step(step, model, printer, numbers: dict) -> RuleStep:
    source = {a.name: a for a in model.assignments}.get(step.source)
    row = _function(step, source)
    return RuleStep(
        title=printer.plain(said("{rule} {function}", rule=step_title(step), function=row.name) if row else step_title(step)),
        place=printer.name(source.name, source.expr.shape) if source and len(model.assignments) > 1 else "",
        target=printer.inline(step.target), before=printer.inline(step.before), after=printer.inline(step.after),
        statement=_of_function(row, printer) if row else _of_rule(step, printer),
        because=printer.plain((row.why if row else "") or step.because),
        cites=printer.plain(one_by_one([_cited(c, numbers) for c in (row.cites if row and row.cites else step.cites)])))


def _function(step, source):
    """The row of the entrywise function that a step is about, or None."""
    if step.rule != "fn" or source is None:
        return None
    found = {e.data.name for e in walk(source.expr) if e.op == "fn" and _is_about(e, step.target)}
    return ENTRYWISE.get(found.pop()) if len(found) == 1 else None


def _is_about(e: Expr, target: Expr) -> bool:
    return target in (e, e.args[0])


def _of_rule(step, printer) -> tuple[Line, ...]:
    if step.rule not in RULES:
        return ()
    rule, of_scalars = RULES[step.rule], step.rule == "had" and step.target.is_scalar
    statements = (definition(rule, of_scalars), *gradients(rule, of_scalars))
    return tuple(Line(printer.formula(lhs), printer.formula(rhs)) for lhs, rhs in statements)


def _of_function(row, printer) -> tuple[Line, ...]:
    x, y = point("x"), point("y")
    return (Line(printer.formula(y), printer.formula(build.fn(row.name, x))),
            Line(printer.quotient("y", "x", x.shape), printer.formula(slope(row))),
            Line(printer.formula(build.cot("L", "x", x.shape)), printer.formula(contribution(row))))


def _cited(cite: str, numbers: dict):
    source, place = resolved(cite)
    number = numbers.setdefault(source, len(numbers) + 1)
    return said("[{number}], {place}", number=number, place=place) if place else said("[{number}]", number=number)
