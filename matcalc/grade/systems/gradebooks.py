"""Canvas and Moodle: their own export, with a column filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from ...errors import fail
from ...suggest import closest
from ..results import Graded, cell, number
from .cells import Table
from .handed import Handed, by_student, total

CANVAS_NAMES = ("ID", "SIS User ID", "SIS Login ID", "Student")
MOODLE_NAMES = ("Identifier", "ID number", "Email address", "Full name")


def canvas(graded: Sequence[Graded], export: str, name: str = "<export>", column: str | None = None) -> Handed:
    """Canvas' gradebook export with the column of an assignment filled in.

    column  its title with the number behind it, "HW3 (901234)"; it need not be said where
            the export has only one. Raises MatcalcError: M420, M421 (the column).
    """
    table = Table(export, name)
    titles = table.rows[0] if table.rows else []
    if "ID" not in titles[:3]:
        raise fail("M420", f"`{name}` is no export of Canvas' gradebook", help="its first line begins with Student,ID")
    assignments = [t for t in titles if re.search(r"\(\d+\)\s*$", t)]
    wanted = column or (assignments[0] if len(assignments) == 1 else "")
    if titles.count(wanted) != 1 or wanted not in assignments:
        raise fail("M421", f"`{name}` has no column `{wanted}`" if wanted else f"`{name}` has several assignments",
                   help=closest(wanted, assignments) or f"use --column with one of: {', '.join(assignments) or 'none'}")
    rows = [n for n, row in enumerate(table.rows) if n and not row[0].strip().startswith("Points Possible")]
    return _fill("canvas.csv", table, rows, CANVAS_NAMES, graded, lambda answers: {wanted: number(total(answers))})


def moodle(graded: Sequence[Graded], export: str, name: str = "<export>") -> Handed:
    """Moodle's grading worksheet of an assignment, with grade and feedback filled in together."""
    table = Table(export, name)
    titles = table.rows[0] if table.rows else []
    if not {"Identifier", "Grade", "Last modified (grade)"} <= {*titles}:
        raise fail("M420", f"`{name}` is no grading worksheet of Moodle",
                   help="it has the columns Identifier, Grade and Last modified (grade)")
    for row in table.rows[1:]:
        row[titles.index("Identifier")] = row[titles.index("Identifier")].removeprefix("Participant ")

    def values(answers: Sequence[Graded]) -> dict[str, str]:
        said = [f"{g.record.problem}: {g.verdict.feedback}" if len(answers) > 1 else g.verdict.feedback for g in answers]
        html = "<br>".join(escape(text).replace("\n", "<br>") for text in said if text)
        comments = {"Feedback comments": cell(html)} if "Feedback comments" in titles else {}
        return {"Grade": number(total(answers)), **comments}

    rows = list(range(1, len(table.rows)))
    return _fill("moodle.csv", table, rows, MOODLE_NAMES, graded, values, prefix="Participant ")


def _fill(file: str, table: Table, rows: list[int], names: Sequence[str], graded: Sequence[Graded], values,
          prefix: str = "") -> Handed:
    titles, cells, absent, unscored = table.rows[0], {}, [], []
    by = [titles.index(n) for n in names if n in titles]
    rows = [n for n in rows if len(table.rows[n]) == len(titles)]
    for student, answers in by_student(graded).items():
        wanted = student.removeprefix(prefix)
        found = next(filter(None, ([n for n in rows if table.rows[n][k] == wanted] for k in by)), [])
        if len(found) != 1:
            absent.append(student)
        elif total(answers) is None:
            unscored.append(student)
        else:
            cells |= {(found[0], titles.index(title)): value for title, value in values(answers).items()}
    return Handed({file: table.filled(cells)}, tuple(absent), tuple(unscored))
