"""The answers of a class: CSV, JSON Lines, a folder of files, or Python data."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..api.sources import file_text
from ..errors import fail
from ..suggest import closest

SUFFIXES = (".tex", ".txt", ".py", ".m", ".md")
STUDENT = ("student", "id")
MOST = 2 ** 28  # bytes of a file with all answers
FOLDER_HELP = f"it holds STUDENT/PROBLEM or STUDENT files that end in {', '.join(SUFFIXES)}"


@dataclass(frozen=True)
class Record:
    """One answer: whose it is, to which problem, and its text.

    format       what it is written in, where that was said: "latex", "text", "numpy", ...
    name, email  of the student, where they were said
    """

    student: str
    problem: str
    answer: str
    format: str = ""
    name: str = ""
    email: str = ""


def answers(source, problems: Iterable[str], student: str | None = None) -> list[Record]:
    """The answers in a source, in its order.

    source    path of a .csv file, of a .jsonl file or of a folder; {student: answer};
              or mappings with student (or id), answer and, where it is needed, problem
    problems  the ids of the problems; with one only, an answer need not name it
    student   the folder is this one's, with files PROBLEM.tex; what is missing is an empty answer

    Raises MatcalcError: M410 (no CSV), M411 (no JSON Lines), M412 (a column or entry
    is missing), M413 (two answers with one id), M414 (no such problem), M415 (none at
    all), M440 (no folder, or a file too deep in it), and what reading a file raises.
    """
    known = list(problems)
    if isinstance(source, Mapping):
        entries: Iterator = ((f"answer {k!r}", {"student": k, "answer": a}) for k, a in source.items())
    elif isinstance(source, (str, os.PathLike)):
        entries = _of_path(Path(source), known, student)
    else:
        entries = ((f"answer {n}", row) for n, row in enumerate(source, 1))
    out: dict[tuple[str, str], Record] = {}
    for place, row in entries:
        record = _record(place, row, known)
        if (record.student, record.problem) in out:
            raise fail("M413", f"there are two answers of `{record.student}` to problem `{record.problem}`", facts=(place,),
                       help="keep one of them, or give each a name of its own")
        out[record.student, record.problem] = record
    if student is not None:
        out = {(student, p): out.get((student, p), Record(student, p, "")) for p in known}
    if not out:
        raise fail("M415", "there are no answers",
                   help=FOLDER_HELP if _is_folder(source) else "give one answer at least")
    return list(out.values())


def _record(place: str, row, known: list[str]) -> Record:
    if not isinstance(row, Mapping):
        raise fail("M412", "an answer has no names for its entries", facts=(place,),
                   help='write {"student": "...", "answer": "..."}')
    name = next((row[k] for k in STUDENT if row.get(k) not in (None, "")), None)
    if name is None or isinstance(name, (list, dict)) or not str(name).strip():
        raise fail("M412", "an answer names no student", facts=(place,), help=f"fill in `{STUDENT[0]}` or `{STUDENT[1]}`")
    if "answer" not in row:
        raise fail("M412", f"`{name}` has no `answer`", facts=(place,), help="an empty answer is written as \"\"")
    answer = row["answer"]
    if answer is not None and not isinstance(answer, (str, int, float)):
        raise fail("M412", f"the answer of `{name}` is no text", facts=(place,), help="write the formula between quotes")
    problem = str(row.get("problem") or "").strip() or (known[0] if len(known) == 1 else "")
    if problem not in known:
        said = f"there is no problem `{problem}`" if problem else f"the answer of `{name}` names no problem"
        raise fail("M414", said, facts=(place,), help=closest(problem, known) or f"the problems are {', '.join(known)}")
    more = (str(row[k]).strip() if isinstance(row.get(k), (str, int, float)) else "" for k in ("format", "name", "email"))
    return Record(str(name).strip(), problem, "" if answer is None else str(answer), *more)


def _is_folder(source) -> bool:
    return isinstance(source, (str, os.PathLike)) and Path(source).is_dir()


def _of_path(path: Path, known: list[str], student: str | None) -> Iterator[tuple[str, Mapping]]:
    if path.is_dir() or student is not None:
        return _of_folder(path, known, student)
    text = file_text(path, MOST)
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return _of_lines(text, path)
    return _of_table(text, path)


def _of_table(text: str, path: Path) -> Iterator[tuple[str, Mapping]]:
    """Rows of a CSV file; the sign between its columns is what its first line has most of."""
    first = text.split("\n", 1)[0]
    before = csv.field_size_limit(MOST)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True))
    except csv.Error as problem:
        raise fail("M410", f"`{path}` is no CSV file", facts=(str(problem),),
                   help="the first line names the columns: student,answer") from None
    finally:
        csv.field_size_limit(before)
    names = [n.strip().lower() for n in rows[0]] if rows else []
    if "answer" not in names or not {*STUDENT} & {*names}:
        lacks = "answer" if "answer" not in names else STUDENT[0]
        raise fail("M412", f"`{path}` has no column `{lacks}`", facts=(f"its columns are {', '.join(names) or 'none'}",),
                   help="the first line names the columns: student,answer")
    for n, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            raise fail("M410", f"row {n} of `{path}` has {len(row)} cells, its first row {len(names)}",
                       facts=(f"it begins with {row[0][:40]!r}",), help="put an answer that has commas between quotes")
        yield f"row {n} of {path}", dict(zip(names, row))


def _of_lines(text: str, path: Path) -> Iterator[tuple[str, Mapping]]:
    for n, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise fail("M411", f"line {n} of `{path}` is no JSON",
                       help='write {"student": "...", "answer": "..."} on every line') from None
        yield f"line {n} of {path}", row


def _of_folder(folder: Path, known: list[str], student: str | None) -> Iterator[tuple[str, Mapping]]:
    """STUDENT.tex, or STUDENT/PROBLEM.tex; hidden files and other kinds are not answers.

    A file that is not UTF-8 is one unreadable answer: what is no character is refused by the reader.
    """
    if not folder.is_dir():
        raise fail("M440", f"`{folder}` is no folder", help="name the folder with the files of this student")
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()):
        parts = path.relative_to(folder).parts
        if any(p.startswith(".") for p in parts):
            continue
        if student is not None:
            parts = (student, *parts)
        if len(parts) > 2:
            raise fail("M440", f"`{path}` is too deep to be an answer", facts=(f"in `{folder}`",),
                       help="name the folder above it, or move it away" if student is None else "files are PROBLEM.tex")
        row = {"student": parts[0], "problem": path.stem} if len(parts) == 2 else {"student": path.stem}
        if len(known) == 1 and row.get("problem") not in known:
            row.pop("problem", None)
        yield str(path), {**row, "answer": file_text(path, errors="replace")}
