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
IDS = ("id", "student")
MOST = 2 ** 28  # bytes of a file with all answers
FOLDER_HELP = f"it holds STUDENT/PROBLEM or STUDENT files that end in {', '.join(SUFFIXES)}"


@dataclass(frozen=True)
class Record:
    """One answer: whose it is, to which problem, and its text."""

    id: str
    problem: str
    answer: str


def answers(source, problems: Iterable[str]) -> list[Record]:
    """The answers in a source, in its order.

    source    path of a .csv file, of a .jsonl file or of a folder; {id: answer};
              or mappings with id (or student), answer and, where it is needed, problem
    problems  the ids of the problems; with one only, an answer need not name it

    Raises MatcalcError: M410 (no CSV), M411 (no JSON Lines), M412 (a column or entry
    is missing), M413 (two answers with one id), M414 (no such problem), M415 (none at
    all), and what reading a file raises.
    """
    known = list(problems)
    if isinstance(source, Mapping):
        entries: Iterator = ((f"answer {k!r}", {"id": k, "answer": a}) for k, a in source.items())
    elif isinstance(source, (str, os.PathLike)):
        entries = _of_path(Path(source), known)
    else:
        entries = ((f"answer {n}", row) for n, row in enumerate(source, 1))
    out: dict[tuple[str, str], Record] = {}
    for place, row in entries:
        record = _record(place, row, known)
        if (record.id, record.problem) in out:
            raise fail("M413", f"there are two answers of `{record.id}` to problem `{record.problem}`", facts=(place,),
                       help="keep one of them, or give each an id of its own")
        out[record.id, record.problem] = record
    if not out:
        raise fail("M415", "there are no answers", help=FOLDER_HELP if _is_folder(source) else "give one answer at least")
    return list(out.values())


def _record(place: str, row, known: list[str]) -> Record:
    if not isinstance(row, Mapping):
        raise fail("M412", "an answer has no names for its entries", facts=(place,),
                   help='write {"id": "...", "answer": "..."}')
    name = next((row[k] for k in IDS if row.get(k) not in (None, "")), None)
    if name is None or isinstance(name, (list, dict)) or not str(name).strip():
        raise fail("M412", "an answer has no id", facts=(place,), help=f"fill in `{IDS[0]}` or `{IDS[1]}`")
    if "answer" not in row:
        raise fail("M412", f"`{name}` has no `answer`", facts=(place,), help="an empty answer is written as \"\"")
    answer = row["answer"]
    if answer is not None and not isinstance(answer, (str, int, float)):
        raise fail("M412", f"the answer of `{name}` is no text", facts=(place,), help="write the formula between quotes")
    problem = str(row.get("problem") or "").strip() or (known[0] if len(known) == 1 else "")
    if problem not in known:
        said = f"there is no problem `{problem}`" if problem else f"the answer of `{name}` names no problem"
        raise fail("M414", said, facts=(place,), help=closest(problem, known) or f"the problems are {', '.join(known)}")
    return Record(str(name).strip(), problem, "" if answer is None else str(answer))


def _is_folder(source) -> bool:
    return isinstance(source, (str, os.PathLike)) and Path(source).is_dir()


def _of_path(path: Path, known: list[str]) -> Iterator[tuple[str, Mapping]]:
    if path.is_dir():
        return _of_folder(path, known)
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
                   help="the first line names the columns: id,answer") from None
    finally:
        csv.field_size_limit(before)
    names = [n.strip().lower() for n in rows[0]] if rows else []
    if "answer" not in names or not {*IDS} & {*names}:
        lacks = "answer" if "answer" not in names else "id"
        raise fail("M412", f"`{path}` has no column `{lacks}`", facts=(f"its columns are {', '.join(names) or 'none'}",),
                   help="the first line names the columns: id,answer")
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
            raise fail("M411", f"line {n} of `{path}` is no JSON", help='write {"id": "...", "answer": "..."} on every line'
                       ) from None
        yield f"line {n} of {path}", row


def _of_folder(folder: Path, known: list[str]) -> Iterator[tuple[str, Mapping]]:
    """STUDENT.tex, or STUDENT/PROBLEM.tex; hidden files and other kinds are not answers."""
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()):
        parts = path.relative_to(folder).parts
        if len(parts) > 2 or any(p.startswith(".") for p in parts):
            continue
        row = {"id": parts[0], "problem": path.stem} if len(parts) == 2 else {"id": path.stem}
        if len(known) == 1 and row.get("problem") not in known:
            row.pop("problem", None)
        yield str(path), {**row, "answer": file_text(path)}
