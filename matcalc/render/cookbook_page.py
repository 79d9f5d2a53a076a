"""The Matrix Cookbook as matcalc derives it: the coverage for a terminal and for
programs, and our own cookbook as an article.

Rows are those of `cookbook.table.coverage`; nothing is derived here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby

from ..derive.assumptions import PROPERTIES
from ..expr.latex import latex
from ..expr.mathml import mathml
from ..expr.text import text
from ..expr.unicode import unicode
from ..lang import ENGLISH, Language, all_of, one_by_one, said
from ..shapes import is_column, is_scalar
from . import markup
from .board import table_lines
from .breaking import broken
from .browser import Browser
from .html import Html
from .printer import Paper, Terminal
from .render import dense, tidy
from .tex import Tex

TITLE = said("The matcalc cookbook")
BOOK = "The Matrix Cookbook"
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
class Missing:
    """An equation that is not derived: its number, what it says, why it is missing."""

    number: str
    what: str
    reason: str


@dataclass(frozen=True)
class Section:
    """A section of the article with its derivatives and what is missing."""

    number: str
    title: str
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class CookbookView:
    heading: str
    sections: tuple[Section, ...]
    totals: dict[str, int]


def coverage_text(table, rows, language: Language = ENGLISH) -> str:
    """Section by section: the equation, the function, the variable, have or cannot."""
    printer = _Plain().speaking(language)
    cells = [(_number(r), _what(r, printer), _by(r, printer), printer.plain(_status(r))) for r in rows]
    lines = dict(zip(map(id, rows), table_lines(cells), strict=True))
    out = []
    for number, title, members in _sections(table, rows):
        out += [f"{number} {printer.plain(title)}", "", *(f"  {lines[id(r)]}" for r in members), ""]
    totals = _totals(rows)
    return "\n".join(out) + "\n" + printer.plain(
        said("{book} (2012), chapter 2: {equations} equations, have {have}, cannot {cannot}", book=BOOK, **totals)) + "\n"


def _status(row):
    return said("have") if row.is_had else said("cannot: {reason}", reason=said(row.reason))


def coverage_json(table, rows) -> str:
    """The same for programs, with the derived formulas."""
    data = {"sections": [{"section": number, "title": title, "equations": [_data(r) for r in members]}
                         for number, title, members in _sections(table, rows)],
            "totals": _totals(rows)}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def article(table, rows, templates=None, language: Language = ENGLISH) -> str:
    """A LaTeX document: every function with the derivative found for it; `templates` as for
    `render`."""
    from .templating import filled
    view = _view(table, rows, _Typeset().speaking(language), _cell, _statement)
    return tidy(filled("cookbook.tex.j2", templates, language, view=view, picture=""))


def page(table, rows, templates=None, language: Language = ENGLISH) -> str:
    """The same as a page for the browser."""
    from .templating import filled
    printer = _Marked().speaking(language)
    view = _view(table, rows, printer, _element, lambda row: _what(row, printer))
    return dense(filled("page.html.j2", templates, language, view=view, title=view.heading, body="cookbook.html.j2",
                        picture=""))


def _view(table, rows, printer, cell, what) -> CookbookView:
    def missing(row) -> Missing:
        return Missing(row.equation.number, what(row), printer.plain(row.reason))

    sections = tuple(Section(number, printer.plain(title), tuple(_line(r, printer, cell) for r in members if r.is_had),
                             tuple(missing(r) for r in members if not r.is_had))
                     for number, title, members in _sections(table, rows))
    return CookbookView(printer.plain(TITLE), sections, _totals(rows))


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


def _what(row, printer) -> str:
    """The function, or the words of the table."""
    if not _is_derivative(row):
        return printer.plain(row.equation.what)
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
    note = one_by_one([_structure(row.equation), said(row.equation.note)])
    return Line(_number(row), cell(_function(row), ROOM[0]), _by(row, printer), cell(row.result.form, ROOM[1]),
                printer.plain(note))


def _structure(entry):
    """What is assumed of matrices: W is symmetric."""
    known = [said("{x} is {properties}", x=v.name, properties=all_of([PROPERTIES[w] for w in sorted(v.assumptions)]))
             for v in entry.read.variables.values() if v.assumptions]
    known += [said("its independent entries vary")] if entry.entries == "independent" else []
    return said("{known}", known=tuple(known))


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
    none, stacked, twice, both = "", "vec({})", "{0}, {0}", "{0}, {0}ᵀ"


class _Marked(Browser):
    none, twice = Html(""), Html("<mrow>{0}<mo>,</mo>{0}</mrow>")
    stacked = Html("<msup><mrow><mi>vec</mi><mo>(</mo>{}<mo>)</mo></mrow><mi>⊤</mi></msup>")
    both = Html("<mrow>{0}<mo>,</mo><msup>{0}<mi>⊤</mi></msup></mrow>")


class _Typeset(Paper):
    none, stacked, twice, both = Tex(""), r"\operatorname{{vec}}({})^{{\top}}", r"{0}, {0}", r"{0}, {0}^{{\top}}"
