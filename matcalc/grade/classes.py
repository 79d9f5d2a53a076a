"""A class: many answers, graded in several processes, resumed after an interruption."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as changed
from hashlib import sha256
from pathlib import Path

from .. import __version__
from ..errors import fail
from . import workers as crew
from .problem import Problem, load
from .records import Record
from .records import answers as read_answers
from .report import report_html, report_markdown, report_text
from .results import Graded, Results, grades, replace
from .verdict import LEVELS, Verdict

FILES = ("results.jsonl", "grades.csv", "report.md", "report.html")


@dataclass(frozen=True)
class ClassReport:
    """The graded answers, in their order; printing it gives the summary."""

    graded: tuple[Graded, ...]

    def __str__(self) -> str:
        return report_text(self.graded)

    def __iter__(self):
        return iter(self.graded)

    def __len__(self) -> int:
        return len(self.graded)

    @property
    def markdown(self) -> str:
        return report_markdown(self.graded)

    @property
    def html(self) -> str:
        return report_html(self.graded)

    @property
    def csv(self) -> str:
        return grades(self.graded)


def grade_class(problem, answers, out=None, *, feedback: str = "full", seed: int = 0, workers: int | None = None,
                seconds: float = crew.SECONDS, progress: Callable[[int, int], None] | None = None,
                judge: Callable[[crew.Task], Verdict] = crew.judge) -> ClassReport:
    """Grade the answers of a class.

    problem   what `grade` takes, a list of such, or a folder of problem files
    answers   a .csv or .jsonl file (its path), a folder of files, {id: answer}, or a
              list of {"id": ..., "answer": ..., "problem": ...}
    out       folder for results.jsonl, grades.csv, report.md and report.html; what is
              graded there already is not graded again
    workers   processes, as many as there are processors by default
    seconds   for one answer; past that its process is killed and it is undecided
    progress  called with (answers graded, answers)
    judge     what a process does with a task: a function of a module

    Equal answers are graded once. Raises MatcalcError: M404, M410 to M419, and what
    loading a problem raises; never because of an answer.
    """
    if feedback not in LEVELS:
        raise fail("M404", f"there is no feedback `{feedback}`", help=f"use {', '.join(LEVELS)}")
    problems = _problems(problem)
    records = read_answers(answers, problems)
    prints = {name: _fingerprint(p, feedback, seed) for name, p in problems.items()}
    keys = {r: _digest([prints[r.problem], r.answer.strip()]) for r in records}
    store = Results(Path(out)) if out is not None else None
    known = dict(store.known) if store else {}
    same: dict[str, list[Record]] = {}
    for r, key in keys.items():
        same.setdefault(key, []).append(r)

    def graded(r: Record) -> Graded:
        return Graded(r, known[keys[r]], problems[r.problem].points, keys[r])

    packed = {name: pickle.dumps(p) for name, p in problems.items()}
    tasks = [crew.Task(key, packed[rs[0].problem], rs[0].answer, feedback, seed)
             for key, rs in same.items() if key not in known]
    done = sum(len(rs) for key, rs in same.items() if key in known)
    report = progress or (lambda done, total: None)
    report(done, len(records))
    for task, verdict in crew.verdicts(tasks, workers or _processors(), seconds, judge):
        known[task.key] = verdict
        if store:
            store.add(map(graded, same[task.key]))
        done += len(same[task.key])
        report(done, len(records))
    result = ClassReport(tuple(map(graded, records)))
    if store:
        store.finish(result)
        for name, text in zip(FILES[1:], (result.csv, result.markdown, result.html)):
            replace(store.path.with_name(name), text)
    return result


def _problems(source) -> dict[str, Problem]:
    """The problems by their ids, each with its derivative."""
    if isinstance(source, (str, os.PathLike)) and Path(source).is_dir():
        source = sorted(Path(source).glob("*.toml"))
    out: dict[str, Problem] = {}
    for p in map(load, source if isinstance(source, (list, tuple)) else [source]):
        p = p if p.id else changed(p, id="problem")
        if p.id in out:
            raise fail("M416", f"two problems have the id `{p.id}`", help="give each an id of its own")
        p.right  # noqa: B018  a problem without an answer is refused here; the processes get it derived
        out[p.id] = p
    if not out:
        raise fail("M416", "there are no problems", help="name a TOML file, or a folder that has some")
    return out


def _fingerprint(problem: Problem, feedback: str, seed: int) -> list:
    """What a verdict depends on besides the answer."""
    m = problem.model
    return [__version__, feedback, seed, problem.wrt, problem.kind, problem.layout, sorted(problem.functions.items()), problem.function,
            [[n, v.to_json()] for n, v in m.variables.items()], [[a.name, a.expr.digest] for a in m.assignments]]


def _digest(data: list) -> str:
    return sha256(json.dumps(data, default=str).encode()).hexdigest()[:20]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
