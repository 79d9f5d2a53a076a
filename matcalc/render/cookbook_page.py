"""The Matrix Cookbook as matcalc derives it: the coverage for a terminal and for
programs, and our own cookbook as an article.

Rows are those of `cookbook.table.coverage`; nothing is derived here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby

from ..expr.latex import latex
from ..expr.mathml import mathml
from ..expr.text import text
from ..expr.unicode import unicode
from ..shapes import is_column, is_scalar
from . import markup
from .board import table_lines
from .breaking import broken
from .browser import Browser
from .html import Html
from .printer import Paper, Terminal
from .render import tidy
from .tex import Tex

TITLE = "The matcalc cookbook"
ROOM = 30, 46  # the columns of functions and derivatives, as `typeset_width` counts


@dataclass(frozen=True)
class Line:
    """A row: number, function, variable, derivative, note."""

    number: str
    function: str
    by: str
    derivative: str
    note: str


@dataclass(frozen=True)
class Section:
    """A section of the article with its derivatives and what is missing."""

    number: str
    title: str
    lines: tuple[Line, ...]
    missing: tuple


@dataclass(frozen=True)
class CookbookView:
    heading: str
    sections: tuple[Section, ...]
    totals: dict[str, int]


def coverage_text(table, rows) -> str:
    """Section by section: the equation, the function, the variable, have or cannot."""
    cells = [(_number(r), _what(r), _by(r, _Plain()), "have" if r.is_had else f"cannot: {r.reason}") for r in rows]
    lines = dict(zip(map(id, rows), table_lines(cells), strict=True))
    out = []
    for number, title, members in _sections(table, rows):
        out += [f"{number} {title}", "", *(f"  {lines[id(r)]}" for r in members), ""]
    totals = _totals(rows)
    return "\n".join(out) + (f"\nThe Matrix Cookbook (2012), chapter 2: {totals['equations']} equations, "
                             f"have {totals['have']}, cannot {totals['cannot']}\n")


def coverage_json(table, rows) -> str:
    """The same for programs, with the derived formulas."""
    data = {"sections": [{"section": number, "title": title, "equations": [_data(r) for r in members]}
                         for number, title, members in _sections(table, rows)],
            "totals": _totals(rows)}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def article(table, rows, templates=None) -> str:
    """A LaTeX document: every function with the derivative found for it; `templates` as for
    `render`."""
    from .templating import filled
    return tidy(filled("cookbook.tex.j2", templates, view=_view(table, rows, _Typeset(), _cell), statement=_statement))


def page(table, rows, templates=None) -> str:
    """The same as a page for the browser."""
    from .templating import filled
    made = filled("page.html.j2", templates, view=_view(table, rows, _Marked(), _element), title=TITLE, body="cookbook.html.j2", picture="",
                  what=_what)
    return "\n".join(line for line in made.split("\n") if line.strip()) + "\n"


def _view(table, rows, printer, cell) -> CookbookView:
    sections = tuple(Section(number, title, tuple(_line(r, printer, cell) for r in members if r.is_had),
                             tuple(r for r in members if not r.is_had))
                     for number, title, members in _sections(table, rows))
    return CookbookView(TITLE, sections, _totals(rows))


# ---------------------------------------------------------------- what all three share

def _sections(table, rows):
    """(number, title, rows) for each section."""
    for number, members in groupby(rows, lambda r: r.equation.chapter):
        yield number, table.sections[number], tuple(members)


def _totals(rows) -> dict[str, int]:
    """Equations, not rows: one that states two functions counts once."""
    had = {_number(r): r.is_had for r in rows}
    return {"equations": len(had), "have": sum(had.values()), "cannot": len(had) - sum(had.values())}


def _number(row) -> str:
    """The equation's number, or its section's in brackets where it has none."""
    return row.equation.number or f"({row.equation.section})"


def _is_derivative(row) -> bool:
    return hasattr(row.equation, "wrt")


def _what(row) -> str:
    """The function, or the words of the table."""
    if not _is_derivative(row):
        return row.equation.what
    return unicode(_function(row))


def _function(row):
    """The function as it is written; definitions are inserted where it has any."""
    model = row.equation.read
    return model.output.expr if len(model.assignments) == 1 or row.result is None else row.result.function


def _by(row, printer) -> str:
    """The variable; where derivatives are stacked, its vec; of a Hessian, both."""
    if not _is_derivative(row):
        return printer.none
    e = row.equation
    shape = e.read.shape_of(e.wrt)
    by = printer.name(e.wrt, shape)
    if e.kind == "jacobian" and not (is_scalar(shape) or is_column(shape)):
        return type(by)(printer.stacked.format(by))
    if e.kind == "hessian":
        return type(by)(printer.twice.format(by) if is_scalar(shape) else printer.both.format(by))
    return by


def _data(row) -> dict:
    e = row.equation
    out = {"id": e.id, "equation": int(e.number) if e.number else None, "section": e.section,
           "source": e.source, "status": "have" if row.is_had else "cannot", "reason": row.reason}
    if not _is_derivative(row):
        return {**out, "what": e.what, "latex": e.statement}
    found = {"text": text(row.result.form), "latex": latex(row.result.form)} if row.result else {}
    return {**out, "kind": e.kind, "wrt": e.wrt, "entries": e.entries, "model": e.model, "printed": e.form,
            "note": e.note, **found}


# ---------------------------------------------------------------- the article and the page

def _line(row, printer, cell) -> Line:
    return Line(_number(row), cell(_function(row), ROOM[0]), _by(row, printer), cell(row.result.form, ROOM[1]), "; ".join(filter(None, [_structure(row.equation), row.equation.note])))


def _structure(entry) -> str:
    """What is assumed of matrices: W is symmetric."""
    said = [f"{v.name} is {' and '.join(sorted(v.assumptions))}" for v in entry.read.variables.values() if v.assumptions]
    return ", ".join(said + (["its independent entries vary"] if entry.entries == "independent" else []))


def _cell(formula, room: int) -> Tex:
    """A formula on as many lines as it needs."""
    lines = broken(latex(formula), room, room - 2)
    if len(lines) == 1:
        return Tex(lines[0])
    return Tex(r"\begin{aligned}[t] & " + r" \\ & \quad ".join(lines) + r" \end{aligned}")


def _element(formula, room: int) -> Html:
    """A formula as MathML, an element a line."""
    lines = markup.broken(mathml(formula), room, room - 2)
    return Html("".join(f"<div><math>{line}</math></div>" for line in lines))


def _statement(row) -> Tex:
    """An equation that is missing."""
    return Tex(latex(_function(row)) if _is_derivative(row) else row.equation.statement)


# ---------------------------------------------------------------- the two ways to write a variable

class _Plain(Terminal):
    none, stacked, twice, both = "", "vec({})", "{}, twice", "{0}, {0}ᵀ"


class _Marked(Browser):
    none, twice = Html(""), Html("<mrow>{0}<mo>,</mo>{0}</mrow>")
    stacked = Html("<msup><mrow><mi>vec</mi><mo>(</mo>{}<mo>)</mo></mrow><mi>⊤</mi></msup>")
    both = Html("<mrow>{0}<mo>,</mo><msup>{0}<mi>⊤</mi></msup></mrow>")


class _Typeset(Paper):
    none, stacked, twice, both = Tex(""), r"\operatorname{{vec}}({})^{{\top}}", r"{0}, {0}", r"{0}, {0}^{{\top}}"
