"""The page of a rule, made from its record: statements are printed from the
formulas with symbolic operands, never typed."""

from __future__ import annotations

from ..errors import fail
from ..expr import build
from ..expr.unicode import unicode
from ..rules import ENTRYWISE, FUNCTION_NAMES, RULES
from ..rules.bibliography import resolved
from ..rules.rule import Entrywise, Rule
from ..suggest import closest
from .board import table_lines
from .statements import contribution, definition, differential, gradients, point, slope


def rule_list() -> str:
    """All rules and entrywise functions, a line each."""
    rows = [("Rule", "Title", "Shapes")] + [(r.op, r.title, r.signature) for r in RULES.values()]
    functions = [("Function", "Derivative at x", "Domain")] + [
        (f.name, unicode(slope(f)), f.domain or f.at_kink) for f in ENTRYWISE.values()]
    return (f"{_table(rows)}\n\n{_table(functions)}\n\n"
            "The page of one: matcalc rules matmul, matcalc rules tanh\n")


def rule_page(name: str) -> str:
    """The page of one rule or function. Raises MatcalcError (M507) for an unknown name."""
    calls = {call: r.op for r in RULES.values() for call in r.calls}
    if name in RULES or name in calls:
        return _rule_text(RULES.get(name) or RULES[calls[name]])
    if name in FUNCTION_NAMES:
        return _function_text(ENTRYWISE[FUNCTION_NAMES[name]])
    known = [*RULES, *calls, *FUNCTION_NAMES]
    raise fail("M507", f"there is no rule `{name}`", help=closest(name, known) or "matcalc rules lists them all")


# ---------------------------------------------------------------- one rule

def _rule_text(rule: Rule) -> str:
    names = f" (written {' or '.join(c + '(...)' for c in rule.calls)})" if rule.calls else ""
    lines = [f"{rule.title}{names}", "", f"  shapes    {rule.signature}", "", *_statements(rule), "",
             f"  {rule.why}"]
    if rule.domain:
        lines.append(f"  Holds where {rule.domain.format(*rule.operands)}.")
    return "\n".join(lines + _sources(rule.cites)) + "\n"


def _statements(rule: Rule) -> list[str]:
    """Y = ..., then ∂L/∂A for each operand, then dY."""
    last = differential(rule)
    first, *more = (f"  {unicode(lhs)} = {unicode(rhs)}"
                    for lhs, rhs in [definition(rule), *gradients(rule), *([last] if last else [])])
    return [first, "", *more]


# ---------------------------------------------------------------- one function

def _function_text(row: Entrywise) -> str:
    x, y = point("x"), point("y")
    short, full = unicode(row.derivative(x, y)), unicode(slope(row))
    lines = [f"{row.name}, an entrywise function" + (f" (also {', '.join(row.aliases)})" if row.aliases else ""),
             "", f"  y = {unicode(build.fn(row.name, x))}", f"  dy/dx = {full}"]
    if short != full:
        lines.append(f"        = {short}")
    lines += ["", f"  ∂L/∂x = {unicode(contribution(row))}", "", f"  {row.why or RULES['fn'].why}"]
    lines += [f"  Holds where {row.domain}."] if row.domain else []
    lines += [f"  {row.at_kink[0].upper()}{row.at_kink[1:]}."] if row.at_kink else []
    return "\n".join(lines + _sources(row.cites or RULES["fn"].cites)) + "\n"


def _sources(cites: tuple[str, ...]) -> list[str]:
    """A line for each source, with the place in it."""
    found = map(resolved, cites)
    lines = [f"  {source.text}" + (f", {place}" if place else "") for source, place in found]
    return ["", *lines] if lines else []


def _table(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(table_lines(rows))
