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
from ..shapes import outside
from . import workers as crew
from .judging import Judged
from .loading import load
from .lock import alone_in
from .problem import Problem
from .records import Record
from .records import answers as read_answers
from .report import report_html, report_markdown, report_text, summary
from .results import Graded, Results, grades, replace
from .verdict import LEVELS

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

    def to_json(self) -> dict:
        """Answers, verdicts and mistakes counted: of all, and of each problem."""
        return summary(self.graded)


def grade_class(problem, answers, out=None, *, feedback: str = "full", seed: int = 0, workers: int | None = None,
                seconds: float = crew.SECONDS, progress: Callable[[int, int], None] | None = None,
                judge: Callable[[crew.Task], Judged] = crew.judge, dask: str | None = None,
                student: str | None = None) -> ClassReport:
    """Grade the answers of a class.

    problem   what `grade` takes, a list of such, or a folder of problem files
    answers   a .csv or .jsonl file (its path), a folder of files, {student: answer}, or a
              list of {"student": ..., "answer": ..., "problem": ...}
    out       folder for results.jsonl, grades.csv, report.md and report.html; what is
              graded there already is not graded again
    feedback  what students are told; results.jsonl tells the teacher everything
    workers   processes, as many as there are processors by default
    seconds   for one answer; past that its process is killed and it is undecided
    progress  called with (answers graded, answers)
    judge     what a process does with a task: a function of a module
    dask      address of a Dask scheduler, whose workers then do the work
    student   `answers` is the folder of this one student, with a file for each problem

    Equal answers are graded once. Raises MatcalcError: M404, M410 to M419, M435 to M437,
    M440, and what loading a problem raises; never because of an answer.
    """
    if feedback not in LEVELS:
        raise fail("M404", f"there is no feedback `{feedback}`", help=f"use {', '.join(LEVELS)}")
    problems = _problems(problem)
    records = read_answers(answers, problems, student)
    for name in {r.problem for r in records}:
        problems[name].right  # noqa: B018  refused here if it has none; the processes get it derived
    run = _Run(problems, feedback, seed)
    team = _team(dask, workers, seconds, judge)
    report = progress or (lambda done, total: None)
    if out is None:
        return run.graded(records, None, team, report)
    with alone_in(Path(out)):
        store = Results(Path(out))
        result = run.graded(records, store, team, report)
        store.finish(result)
        for name, text in zip(FILES[1:], (result.csv, result.markdown, result.html)):
            replace(store.path.with_name(name), text)
    return result


def _team(dask: str | None, workers: int | None, seconds: float, judge: Callable) -> Callable:
    """What turns tasks into (task, what was found), as they come."""
    if dask is None:
        return lambda tasks: crew.verdicts(tasks, workers or _processors(), seconds, judge)
    from .cluster import verdicts_on
    return lambda tasks: verdicts_on(dask, tasks, seconds, judge)


class _Run:
    """The problems with what their verdicts depend on."""

    def __init__(self, problems: dict[str, Problem], feedback: str, seed: int):
        self.problems, self.feedback, self.seed = problems, feedback, seed
        self.prints = {name: _fingerprint(p, feedback, seed) for name, p in problems.items()}

    def key(self, r: Record) -> str:
        return _digest([self.prints[r.problem], r.answer.strip(), r.format])

    def graded(self, records: list[Record], store: Results | None, team: Callable,
               report: Callable[[int, int], None]) -> ClassReport:
        """All records, each equal answer judged once, and none that the store knows."""
        keys = {r: self.key(r) for r in records}
        known = dict(store.known) if store else {}
        same: dict[str, list[Record]] = {}
        for r, key in keys.items():
            same.setdefault(key, []).append(r)

        def result(r: Record) -> Graded:
            problem = self.problems[r.problem]
            return Graded(r, known[keys[r]], problem.points, outside(problem.right.form.shape), self.seed, keys[r],
                          problem.title)

        packed = {name: pickle.dumps(self.problems[name]) for name in {r.problem for r in records}}
        tasks = [crew.Task(key, packed[rs[0].problem], rs[0].answer, rs[0].format, self.feedback, self.seed)
                 for key, rs in same.items() if key not in known]
        done = sum(len(rs) for key, rs in same.items() if key in known)
        report(done, len(records))
        for task, found in team(tasks):
            known[task.key] = found
            if store:
                store.add(map(result, same[task.key]))
            done += len(same[task.key])
            report(done, len(records))
        return ClassReport(tuple(map(result, records)))


def _problems(source) -> dict[str, Problem]:
    """The problems by their ids."""
    if isinstance(source, (str, os.PathLike)) and Path(source).is_dir():
        source = sorted(Path(source).glob("*.toml"))
    out: dict[str, Problem] = {}
    for p in map(load, source if isinstance(source, (list, tuple)) else [source]):
        p = p if p.id else changed(p, id="problem")
        if p.id in out:
            raise fail("M416", f"two problems have the id `{p.id}`", help="give each an id of its own")
        out[p.id] = p
    if not out:
        raise fail("M416", "there are no problems", help="name a TOML file, or a folder that has some")
    return out


def _fingerprint(problem: Problem, feedback: str, seed: int) -> list:
    """What a verdict depends on besides the answer."""
    p, m = problem, problem.model
    return [__version__, feedback, seed, p.wrt, p.kind, p.layout, p.function,
            *(sorted(table.items()) for table in (p.functions, p.rows_are, p.credit)),
            [[a.name, a.expr.digest] for a in (*m.assignments, *p.given)], len(p.given),
            [[a.formula.digest, a.credit, a.feedback, a.mistake] for a in p.accept],
            [[n, v.to_json()] for n, v in m.variables.items()]]


def _digest(data: list) -> str:
    return sha256(json.dumps(data, default=str).encode()).hexdigest()[:20]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
