"""The tables of functions in docs/language.md, made from the tables of the program."""

from __future__ import annotations

from matcalc.expr import build
from matcalc.expr.node import Func
from matcalc.expr.unicode import unicode
from matcalc.rules import ENTRYWISE, RULES, Entrywise, Rule
from matcalc.rules.entrywise import derivative_expr
from matcalc.shapes import SCALAR

START, END = "<!-- {} -->\n", "<!-- end -->"


def tables() -> dict[str, str]:
    """Name of a table -> its Markdown."""
    return {
        "operations": _table(("written", "shapes", "what it is; where its gradient holds"),
                             [_operation(r) for r in RULES.values() if r.calls]),
        "entrywise": _table(("written", "derivative at x", "where"), [_entrywise(r) for r in ENTRYWISE.values()]),
    }


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _names(names: tuple[str, ...], operands: str) -> str:
    return ", ".join([f"`{names[0]}({operands})`", *(f"`{n}`" for n in names[1:])])


def _operation(rule: Rule) -> tuple[str, ...]:
    operands, result = rule.signature.split("->")
    shapes = ", ".join(map(_shape, operands.split(","))) + " → " + _shape(result)
    domain = "; " + rule.domain.format(*rule.operands) if rule.domain else ""
    return _names(rule.calls, ", ".join(rule.operands)), shapes, rule.title + domain


def _shape(words: str) -> str:
    rows, columns = (w.replace("*", " ") for w in words.split())
    return "scalar" if rows == columns == "1" else rows if columns == "1" else f"{rows} × {columns}"


def _entrywise(row: Entrywise) -> tuple[str, ...]:
    x = build.var("x", SCALAR)
    slope = unicode(derivative_expr(Func(row.name, 1), x))
    return _names((row.name, *row.aliases), "x"), slope, row.domain or row.at_kink


def filled(page: str) -> str:
    """The page with its tables as they are now."""
    for name, table in tables().items():
        before, rest = page.split(START.format(name))
        page = before + START.format(name) + table + rest[rest.index(END):]
    return page
