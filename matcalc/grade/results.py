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
from .records import Record
from .verdict import RESULTS, Verdict
from .workers import DIED, TIME_LIMIT

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
COLUMNS = ("id", "problem", "result", "score", "points", "mistake", "feedback")
_ESCAPED = {"encoding": "utf-8", "errors": "backslashreplace"}  # half a surrogate pair, as JSON writes it


@dataclass(frozen=True)
class Graded:
    """A record with its verdict.

    score   points, 0, or None: unreadable and undecided answers are for a person to see
    key     what the verdict depends on: problem, answer, seed, feedback, version
    """

    record: Record
    verdict: Verdict
    points: float
    key: str

    @property
    def score(self) -> float | None:
        return {"right": self.points, "wrong": 0, "no_answer": 0}.get(self.verdict.result)

    @property
    def line(self) -> str:
        r = self.record
        data = {"id": r.id, "problem": r.problem, "answer": r.answer, "score": self.score, "points": self.points,
                **self.verdict.to_json(), "key": self.key}
        return json.dumps(data, ensure_ascii=False) + "\n"


class Results:
    """The file results.jsonl of a folder. Raises MatcalcError: M418 (it is another program's), M419 (no folder)."""

    def __init__(self, folder: Path):
        self.path = folder / "results.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            data = self.path.read_bytes() if self.path.exists() else b""
            whole = data[:data.rfind(b"\n") + 1]
            if whole != data:
                os.truncate(self.path, len(whole))
        except OSError:
            raise fail("M419", f"`{folder}` is no folder to write to", help="name another one with -o") from None
        self.known = dict(map(self._entry, filter(None, whole.split(b"\n"))))
        self.known = {k: v for k, v in self.known.items() if v.how not in (TIME_LIMIT, DIED)}

    def _entry(self, line: bytes) -> tuple[str, Verdict]:
        try:
            data = json.loads(line)
            verdict = Verdict(data["result"], data["mistake"], data["feedback"], data["reading"],
                              None if data["shape"] is None else tuple(data["shape"]), data["how"], tuple(data["notes"]))
            if verdict.result not in RESULTS:
                raise ValueError
            return str(data["key"]), verdict
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


def replace(path: Path, text: str) -> None:
    """Write a file: the old one stays until the new one is whole."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(text.encode(**_ESCAPED))
    os.replace(new, path)


def grades(graded: Iterable[Graded]) -> str:
    """grades.csv: an answer a row."""
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n").writerow
    write(COLUMNS)
    for g in graded:
        cells = (g.record.id, g.record.problem, g.verdict.result, number(g.score), number(g.points),
                 g.verdict.mistake, g.verdict.feedback)
        write(map(cell, cells))
    return out.getvalue()


def cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return "'" + text if text.lstrip(" ").startswith(FORMULA_SIGNS) else text.replace("\0", "\ufffd")


def number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
