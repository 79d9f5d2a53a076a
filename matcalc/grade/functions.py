"""Programs as answers: a text with a function, or a callable, judged by its values.

The values take the place of a formula (`valued`), so that the verdict, the mistake and
the sentences are those of formulas.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from textwrap import dedent

from ..errors import MatcalcError
from ..numeric.sample import size_names
from ..reader.answers import Reading
from .binding import Misfit, bound
from .deciding import Referee
from .deciding import referee as referee_of
from .feedback import Found
from .grading import UNSURE, _decided, _judged
from .problem import Problem
from .report import plain, printable
from .sandbox.host import SECONDS, Ended, Guest
from .sandbox.inside import Inside
from .trials import Finding, Trial, has_vectors, printed, raised, tried
from .valued import Valued, Varied, common_shape
from .verdict import Verdict
from .workers import TIME_LIMIT

PROGRAM = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:]|import[ \t]+[\w.]+|"
                     r"from[ \t]+[\w.]+[ \t]+import\b|for[ \t]+\w[\w, ()]{0,60}[ \t]in[ \t]|(?:\w+[ \t]*=[ \t]*)?"
                     r"lambda[ \t]+[\w*][\w, =*]*:)", re.MULTILINE)
MOST_TEXT = 20_000
FLAT = "vectors were passed with one axis, (n,)"


def program_in(answer: str, format: str | None = None) -> str | None:
    """The program that an answer is, or None for a formula.

    format   "python" when it is known to be one
    """
    if format != "python" and not PROGRAM.search(answer):
        return None
    lines = answer.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    if len(lines) > 2 and lines[0].lstrip().startswith("```") and lines[-1].strip() == "```":
        lines = lines[1:-1]
    return dedent("\n".join(lines))


def judge_text(problem: Problem, code: str, seed: int, seconds: float | None = None) -> Found:
    """A verdict on a Python program, which is run in a process of its own."""
    if len(code) > MOST_TEXT:
        return _verdict(Finding("unreadable", "too_long", f"The program is longer than {MOST_TEXT} characters."))
    return _judged_by(problem, lambda: Guest(code, seconds or SECONDS), code, seed)


def judge_callable(problem: Problem, function, seed: int) -> Found:
    """A verdict on a function of this process."""
    return _judged_by(problem, lambda: Inside(function), "", seed)


def _judged_by(problem: Problem, start: Callable, code: str, seed: int) -> Found:
    referee = referee_of(problem, seed, Varied)
    problem.right  # noqa: B018  a problem without an answer is refused before anything runs
    unknown = [f.name for f in problem.model.functions.values() if f.body is None]
    if unknown or not referee.points:
        why = f" The function {unknown[0]} of the problem has no values." if unknown else ""
        return _verdict(Finding("undecided", "", UNSURE + why))
    try:
        host = _started(start)
        if isinstance(host, Finding):
            return _verdict(host)
        with host:
            return _with(host, problem, referee, code)
    except Ended as end:
        is_late = end.mistake == "time_limit"
        return _verdict(Finding("undecided" if is_late else "wrong", end.mistake, end.words),
                        how=TIME_LIMIT if is_late else "")


def _started(start: Callable) -> AbstractContextManager | Finding:
    """A process with the answer in it; or that it is no program."""
    try:
        return start()
    except MatcalcError as problem:
        if problem.diagnostic.code != "M422":
            raise
        return Finding("unreadable", "syntax", str(problem).rstrip())


def _with(host: AbstractContextManager, problem: Problem, referee: Referee, code: str) -> Found:
    model, loaded = problem.model, host.loaded
    if loaded.error is not None:
        return _verdict(raised(loaded.error, code, result="unreadable"))
    more = [*(a.name for a in model.assignments), *size_names(model)]
    binding = bound(loaded.offered, problem.wrt, list(model.variables), more, problem.function)
    if isinstance(binding, Misfit):
        return _verdict(Finding("unreadable", *binding))
    notes = (*binding.remarks, *printed(loaded))
    trials = []
    for is_flat in (False, True)[:1 + has_vectors(model, [*binding.used, problem.wrt])]:
        trial = tried(host, binding, problem.right.form, problem.wrt, model, referee.points, is_flat, code)
        if is_flat:
            trial.note(FLAT)
        trials.append((_worth(problem, referee, trial), trial))
        if trials[-1][0] == _RIGHT:
            break
    _, best = max(trials, key=lambda t: t[0])  # the first of the best
    return _of_trial(problem, referee, best, notes)


_RIGHT = 4


def _valued(problem: Problem, referee: Referee, trial: Trial) -> Valued | None:
    shape = common_shape(problem.right.form.shape, trial.values, referee.points)
    return None if shape is None else Valued(referee, trial.values, shape, trial.single)


def _worth(problem: Problem, referee: Referee, trial: Trial) -> int:
    """How near a trial came to an answer: raised, values, of the right shape, undecided, right."""
    if trial.finding is not None:
        return 0
    valued = _valued(problem, referee, trial)
    if valued is None:
        return 1
    same = _decided(problem, valued, valued.answer, problem.right.form)[0].same
    return _RIGHT if same else 3 if same is None else 1 + (valued.answer.shape == problem.right.form.shape)


def _of_trial(problem: Problem, referee: Referee, trial: Trial, notes: tuple[str, ...]) -> Found:
    notes = tuple(map(plain, (*notes, *trial.remarks)))
    valued = _valued(problem, referee, trial) if trial.finding is None else None
    if trial.finding is not None:
        return _verdict(trial.finding, notes)
    same = {(v.shape, v.tobytes()) for v in trial.values}
    if len(same) == 1 and len(trial.values) > 1 and trial.values[0].any() and not _is_right(problem, valued):
        return _verdict(Finding("wrong", "hard_coded", "The function returns the same numbers whatever its arguments are."),
                        notes)
    if valued is None:
        shapes = ", ".join(f"{v.shape[0]} x {v.shape[1]}" for v in trial.values)
        return _verdict(Finding("wrong", "wrong_shape", f"The shapes that the function returns ({shapes}) do not follow the "
                                "sizes of its arguments."), notes)
    found = _judged(problem, valued, Reading((valued.answer,), "", valued.answer.shape), "")
    if found.verdict.result == "right" and trial.changed:
        return _verdict(Finding("wrong", "changes_arguments", "The values are right, but the function changes "
                                f"{', '.join(trial.changed)} in place: whoever calls it loses the data. Work on a copy."),
                        notes)
    changed = (f"it changes {', '.join(trial.changed)} in place",) if trial.changed else ()
    return replace(found, verdict=replace(found.verdict, notes=(*notes, *changed, *found.verdict.notes)))


def _is_right(problem: Problem, valued: Valued | None) -> bool:
    return valued is not None and bool(_decided(problem, valued, valued.answer, problem.right.form)[0].same)


def _verdict(finding: Finding, notes: tuple[str, ...] = (), how: str = "") -> Found:
    """Trouble with running a program gives nothing away, so a hint may say all of it."""
    words = finding.words if finding.mistake == "syntax" else printable(finding.words)
    return Found(Verdict(finding.result, finding.mistake, words, how=how, notes=notes))
