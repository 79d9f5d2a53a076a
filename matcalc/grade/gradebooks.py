"""Files for Gradescope, Canvas and Moodle."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from .. import __version__
from ..api.sources import file_text
from ..errors import fail
from ..suggest import closest
from .cells import Table
from .records import MOST
from .results import Graded, cell, number, replace

SYSTEMS = ("gradescope", "canvas", "moodle")
CANVAS_NAMES = ("ID", "SIS User ID", "SIS Login ID", "Student")
MOODLE_NAMES = ("Identifier", "ID number", "Email address", "Full name")


class Filled(NamedTuple):
    """An export with its column filled in.

    absent    students with answers that the export does not have (or has twice)
    unscored  students with an answer that a person has to look at: their cell is as it was
    """

    text: str
    absent: tuple[str, ...]
    unscored: tuple[str, ...]


def gradescope(graded: Sequence[Graded]) -> dict[str, str]:
    """{name of a folder: results.json} of each student."""
    out = {}
    for student, answers in _students(graded).items():
        data = {"score": sum(g.score or 0 for g in answers), "visibility": "visible", "stdout_visibility": "hidden",
                "tests": [_test(n, g) for n, g in enumerate(answers, 1)],
                "extra_data": {"matcalc": {"version": __version__, "schema": 1}}}
        out[_folder(student)] = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return out


def _test(n: int, g: Graded) -> dict:
    """One answer; without a score where a person has to look at it."""
    v = g.verdict
    read = [f"Read as: {v.reading}"] if v.reading else []
    scored = {} if g.score is None else {"score": g.score, "status": "passed" if v.result == "right" else "failed"}
    return {"number": str(n), "name": g.record.problem, "max_score": g.points, **scored,
            "output": "\n".join([*filter(None, [v.feedback]), *read]), "output_format": "text",
            "tags": [v.mistake] if v.mistake else [], "visibility": "visible",
            "extra_data": {"problem": g.record.problem, "verdict": v.result, "mistake": v.mistake}}


def _folder(student: str) -> str:
    """A name of a folder that is nothing else, from any text."""
    name = quote(student.encode(errors="backslashreplace"), safe=" @+").replace(".", "%2E" if not student.strip(".") else ".")
    return name if len(name) <= 150 else sha256(name.encode()).hexdigest()


def canvas(graded: Sequence[Graded], export: str, name: str = "<export>", column: str | None = None) -> Filled:
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
    return _fill(table, rows, CANVAS_NAMES, graded, lambda answers: {wanted: number(_total(answers))})


def moodle(graded: Sequence[Graded], export: str, name: str = "<export>") -> Filled:
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
        return {"Grade": number(_total(answers)), **({"Feedback comments": cell(html)} if "Feedback comments" in titles else {})}

    return _fill(table, list(range(1, len(table.rows))), MOODLE_NAMES, graded, values, prefix="Participant ")


def _fill(table: Table, rows: list[int], names: Sequence[str], graded: Sequence[Graded], values, prefix: str = "") -> Filled:
    titles, cells, absent, unscored = table.rows[0], {}, [], []
    by = [titles.index(n) for n in names if n in titles]
    rows = [n for n in rows if len(table.rows[n]) == len(titles)]
    for student, answers in _students(graded).items():
        wanted = student.removeprefix(prefix)
        found = next(filter(None, ([n for n in rows if table.rows[n][k] == wanted] for k in by)), [])
        if len(found) != 1:
            absent.append(student)
        elif _total(answers) is None:
            unscored.append(student)
        else:
            cells |= {(found[0], titles.index(title)): value for title, value in values(answers).items()}
    return Filled(table.filled(cells), tuple(absent), tuple(unscored))


def write(graded: Sequence[Graded], folder: Path, system: str, export: Path | None = None,
          column: str | None = None) -> Filled | None:
    """Write FOLDER/gradescope/STUDENT/results.json, FOLDER/canvas.csv or FOLDER/moodle.csv."""
    if system == "gradescope":
        for name, text in gradescope(graded).items():
            (folder / system / name).mkdir(parents=True, exist_ok=True)
            replace(folder / system / name / "results.json", text)
        return None
    text = file_text(export, MOST, "utf-8")
    done = canvas(graded, text, str(export), column) if system == "canvas" else moodle(graded, text, str(export))
    replace(folder / f"{system}.csv", done.text)
    return done


def _students(graded: Sequence[Graded]) -> dict[str, list[Graded]]:
    out: dict[str, list[Graded]] = {}
    for g in graded:
        out.setdefault(g.record.id, []).append(g)
    return out


def _total(answers: Sequence[Graded]) -> float | None:
    scores = [g.score for g in answers]
    return None if None in scores else sum(scores)
