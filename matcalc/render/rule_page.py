"""The page of a rule, made from its record: statements are printed from the
formulas with symbolic operands, never typed."""

from __future__ import annotations

from functools import reduce

from ..errors import fail
from ..expr import build
from ..expr.unicode import unicode
from ..lang import ENGLISH, Language, Said, said
from ..rules import ENTRYWISE, FUNCTION_NAMES, RULES
from ..rules.bibliography import resolved
from ..rules.rule import Entrywise, Rule
from ..suggest import closest
from .board import table_lines
from .statements import contribution, definition, differential, gradients, point, slope


def rule_list(language: Language = ENGLISH) -> str:
    """All rules and entrywise functions, a line each."""
    rows = [(said("Rule"), said("Title"), said("Shapes"))] + [(r.op, said(r.title), r.signature) for r in RULES.values()]
    functions = [(said("Function"), said("Derivative at x"), said("Domain"))] + [
        (f.name, unicode(slope(f)), said(f.domain or f.at_kink)) for f in ENTRYWISE.values()]
    last = said("The page of one: {first}, {second}", first="matcalc rules matmul", second="matcalc rules tanh")
    return "\n\n".join([_table(rows, language), _table(functions, language), language.plain(last)]) + "\n"


def rule_page(name: str, language: Language = ENGLISH) -> str:
    """The page of one rule or function. Raises MatcalcError (M507) for an unknown name."""
    calls = {call: r.op for r in RULES.values() for call in r.calls}
    if name in RULES or name in calls:
        return _text(_rule_lines(RULES.get(name) or RULES[calls[name]]), language)
    if name in FUNCTION_NAMES:
        return _text(_function_lines(ENTRYWISE[FUNCTION_NAMES[name]]), language)
    known = [*RULES, *calls, *FUNCTION_NAMES]
    raise fail("M507", f"there is no rule `{name}`", help=closest(name, known) or "matcalc rules lists them all")


# ---------------------------------------------------------------- one rule

def _text(lines: list, language: Language) -> str:
    return "\n".join(map(language.plain, lines)) + "\n"


def _rule_lines(rule: Rule) -> list:
    calls = [c + "(...)" for c in rule.calls]
    title = said(rule.title)
    lines = [said("{title} (written {calls})", title=title, calls=_either(calls)) if calls else title, "",
             said("  shapes    {signature}", signature=rule.signature), "", *_statements(rule), "",
             said("  {why}", why=said(rule.why))]
    if rule.domain:
        lines.append(said("  Holds where {domain}.", domain=Said(rule.domain, dict(zip("01", rule.operands)))))
    return lines + _sources(rule.cites)


def _either(names: list):
    """a or b or c"""
    return reduce(lambda a, b: said("{a} or {b}", a=a, b=b), names)


def _statements(rule: Rule) -> list[str]:
    """Y = ..., then ∂L/∂A for each operand, then dY."""
    last = differential(rule)
    first, *more = (f"  {unicode(lhs)} = {unicode(rhs)}"
                    for lhs, rhs in [definition(rule), *gradients(rule), *([last] if last else [])])
    return [first, "", *more]


# ---------------------------------------------------------------- one function

def _function_lines(row: Entrywise) -> list:
    x, y = point("x"), point("y")
    short, full = unicode(row.derivative(x, y)), unicode(slope(row))
    title = said("{name}, an entrywise function", name=row.name)
    lines = [said("{title} (also {names})", title=title, names=row.aliases) if row.aliases else title,
             "", f"  y = {unicode(build.fn(row.name, x))}", f"  dy/dx = {full}"]
    if short != full:
        lines.append(f"        = {short}")
    lines += ["", f"  ∂L/∂x = {unicode(contribution(row))}", "", said("  {why}", why=said(row.why or RULES["fn"].why))]
    lines += [said("  Holds where {domain}.", domain=said(row.domain))] if row.domain else []
    lines += [said("  Note: {remark}.", remark=said(row.at_kink))] if row.at_kink else []
    return lines + _sources(row.cites or RULES["fn"].cites)


def _sources(cites: tuple[str, ...]) -> list:
    """A line for each source, with the place in it."""
    lines = [said("  {source}, {place}", source=source.text, place=place) if place else said("  {source}", source=source.text)
             for source, place in map(resolved, cites)]
    return ["", *lines] if lines else []


def _table(rows: list[tuple[str, ...]], language: Language) -> str:
    return "\n".join(table_lines([tuple(map(language.plain, row)) for row in rows]))
