"""What was graded: results.jsonl, which grows line by line and survives an interruption, and grades.csv."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import fail
from ..reader.latex import is_latex
from .functions import program_in
from .judging import Judged
from .records import Record
from .verdict import RESULTS, Verdict
from .workers import DIED, TIME_LIMIT

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = ("student", "problem", "verdict", "score", "max_score", "mistake", "feedback")
_ESCAPED = {"encoding": "utf-8", "errors": "backslashreplace"}  # half a surrogate pair, as JSON writes it

_LINE_ENDS = {ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029"}  # JSON lets them be; not every reader of lines does


@dataclass(frozen=True)
class Graded:
    """A record with what was found.

    points    for a right answer
    expected  shape of the derivative, () (n,) or (m, n)
    seed      of the random points
    key       what the verdict depends on: problem, answer, seed, feedback, version
    title     of the problem, for people
    """

    record: Record
    judged: Judged
    points: float
    expected: tuple
    seed: int
    key: str
    title: str = ""

    @property
    def verdict(self) -> Verdict:
        return self.judged.verdict

    @property
    def score(self) -> float | None:
        """points * credit, or None: unreadable and undecided answers are for a person to see."""
        credit = self.verdict.credit
        return None if credit is None else round(self.points * credit, 10)

    @property
    def line(self) -> str:
        r, v, j = self.record, self.verdict, self.judged
        data = {"student": r.student, "problem": r.problem, "format": r.format or format_of(r.answer), "answer": r.answer,
                "read_as_latex": v.reading, "shape": None if v.shape is None else list(v.shape),
                "expected_shape": list(self.expected), "verdict": v.result, "score": self.score, "max_score": self.points,
                "mistake": v.mistake, "feedback_student": v.feedback, "feedback_teacher": j.teacher,
                "max_rel_error": j.error, "seed": self.seed, "credit": v.credit, "how": v.how, "notes": list(v.notes),
                "form": j.form, "key": self.key}
        return json.dumps(data, ensure_ascii=False).translate(_LINE_ENDS) + "\n"


def format_of(answer: str) -> str:
    """What an answer looks as if it were written in, where nobody said it."""
    if not answer.strip():
        return ""
    return "python" if program_in(answer) else "latex" if is_latex(answer) else "text"


def judged_of(data: dict) -> Judged:
    """What a line of results.jsonl says was found. Raises ValueError, KeyError or TypeError."""
    shape = data["shape"]
    verdict = Verdict(data["verdict"], data["mistake"], data["feedback_student"], data["read_as_latex"],
                      None if shape is None else tuple(shape), data["how"], tuple(data["notes"]), data["credit"])
    if verdict.result not in RESULTS:
        raise ValueError
    return Judged(verdict, data["feedback_teacher"], data["max_rel_error"], data["form"])


class Results:
    """The file results.jsonl of a folder. Raises MatcalcError: M418 (it is another program's), M419 (no folder)."""

    def __init__(self, folder: Path):
        self.path = folder / "results.jsonl"
        try:
            data = self.path.read_bytes() if self.path.exists() else b""
            whole = data[:data.rfind(b"\n") + 1]
            if whole != data:
                os.truncate(self.path, len(whole))
        except OSError:
            raise no_folder(folder) from None
        self.known = dict(map(self._entry, filter(None, whole.split(b"\n"))))
        self.known = {k: j for k, j in self.known.items() if j.verdict.how not in (TIME_LIMIT, DIED)}

    def _entry(self, line: bytes) -> tuple[str, Judged]:
        try:
            data = json.loads(line)
            return str(data["key"]), judged_of(data)
        except (ValueError, KeyError, TypeError, RecursionError):
            raise fail("M418", f"`{self.path}` holds something else than results of this command",
                       help="name another folder with -o") from None

    def add(self, graded: Iterable[Graded]) -> None:
        """Append, and leave nothing in a buffer."""
        with open(self.path, "a", newline="", **_ESCAPED) as file:
            file.write("".join(g.line for g in graded))

    def finish(self, graded: Iterable[Graded]) -> None:
        """All results, in the order of the answers."""
        replace(self.path, "".join(g.line for g in graded))


def no_folder(folder: Path):
    return fail("M419", f"`{folder}` is no folder to write to", help="name another one with -o")


def replace(path: Path, text: str) -> None:
    """Write a file: the old one stays until the new one is whole."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(text.encode(**_ESCAPED))
    os.replace(new, path)


def grades(graded: Iterable[Graded]) -> str:
    """grades.csv: an answer a row."""
    return table([COLUMNS, *((g.record.student, g.record.problem, g.verdict.result, number(g.score), number(g.points),
                              g.verdict.mistake, g.verdict.feedback) for g in graded)])


def table(rows: Iterable[Iterable[str]]) -> str:
    """A CSV file for spreadsheets."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(map(cell, row) for row in rows)
    return out.getvalue()


def cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text.lstrip(" ").startswith(FORMULA_SIGNS) else text.replace("\0", "\ufffd")


def number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
