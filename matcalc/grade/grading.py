"""From an answer to a verdict: read, decide, say what went wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import MatcalcError, fail
from ..expr import algebra as alg
from ..expr.node import Expr
from ..reader.answers import Reading, read_answer, read_drafts
from ..shapes import outside
from .credit import accepted, credited
from .deciding import Decision, Referee
from .deciding import referee as referee_of
from .diagnosis.explain import Diagnostician
from .diagnosis.names import hint
from .diagnosis.wording import Named
from .feedback import Found, told
from .loading import load
from .problem import Problem
from .verdict import LEVELS, Verdict

MAX_READINGS = 16
UNSURE = "This could not be decided; it is not counted as wrong."


def grade(problem, answer, format: str | None = None, feedback: str = "full", seed: int = 0,
          seconds: float | None = None) -> Verdict:
    """A verdict on an answer.

    problem   path of a TOML file, the same as a dict, or a Problem
    answer    text (LaTeX, plain, NumPy or MATLAB expressions, or a Python program, which
              is run in a process of its own), or a function, which is called here
    format    "python" for a program without a function that looks like a formula;
              everything else is found out
    feedback  "none", "verdict", "hint" (never gives the answer away) or "full"
    seconds   for all calls of a program together, 6 by default

    Raises MatcalcError: M401 to M404, M438 and M441 (the problem, the level), M417 (no process can be
    started for a program); never because of the answer.
    """
    problem = load(problem)
    if feedback not in LEVELS:
        raise fail("M404", f"there is no feedback `{feedback}`", help=f"use {', '.join(LEVELS)}")
    return told(graded(problem, answer, format, seed, seconds), feedback)


def graded(problem: Problem, answer, format: str | None, seed: int, seconds: float | None = None) -> Found:
    """All that is found of an answer."""
    with np.errstate(all="ignore"):  # values of any formula may overflow; nbgrader takes a warning for a failure
        found = _graded(problem, answer, format, seed, seconds)
    return replace(found, verdict=credited(problem, found.verdict))


def _graded(problem: Problem, answer, format: str | None, seed: int, seconds: float | None) -> Found:
    if callable(answer):
        from .functions import judge_callable
        return judge_callable(problem, answer, seed)
    text = str(answer or "").strip()
    if not text:
        return Found(Verdict("no_answer", feedback="No answer was given."))
    from .functions import judge_text, program_in
    program = program_in(str(answer), format)
    if program is not None:
        return judge_text(problem, program, seed, seconds)
    try:
        reading = read_answer(text, problem.language, problem.functions, problem.wrt, problem.right.form.shape,
                              problem.rows_are)
    except MatcalcError as unread:
        return _unread(problem, text, unread, seed)
    return _judged(problem, referee_of(problem, seed), reading, text)


def _unread(problem: Problem, text: str, unread: MatcalcError, seed: int) -> Found:
    """Not read: unreadable. Read, but of no fitting shapes: wrong, and an edit or the shapes say why."""
    shown = str(unread).rstrip()
    if not unread.diagnostic.code.startswith("M2") or unread.diagnostic.code == "M209":  # M209: a size is open
        return Found(Verdict("unreadable", feedback=shown))
    found = next(Diagnostician(referee_of(problem, seed)).edits(_drafts(problem, text)), None) or Named("nonconforming", "")
    said = "\n".join(filter(None, [found.words, shown]))
    return Found(Verdict("wrong", found.mistake, said), hint(found.mistake))


def _drafts(problem: Problem, text: str) -> tuple[Expr, ...]:
    return read_drafts(text, problem.language, problem.functions, problem.wrt, problem.rows_are)[:MAX_READINGS]


def _judged(problem: Problem, referee: Referee, reading: Reading, text: str) -> Found:
    right = problem.right.form
    readings = [reading, *reading.alternatives][:MAX_READINGS]
    decisions = []
    for r in readings:
        decision, remark = _decided(problem, referee, r.answer, right)
        if decision.same:
            notes = (*r.notes, *remark, *_slips(referee, r, right))
            said = " ".join(["Right.", *remark])
            return Found(Verdict("right", "", said, r.latex, outside(r.shape), decision.how, notes), "", r.answer, referee)
        decisions.append(decision)
    if found := accepted(problem, referee, readings):
        return found
    shape, how = outside(reading.shape), decisions[0].how
    if any(d.same is None for d in decisions):
        return Found(Verdict("undecided", "", UNSURE, reading.latex, shape, how, reading.notes), "", reading.answer, referee)
    drafts = [r.answer for r in readings] if referee.has_formula else []
    found = Diagnostician(referee).of_value(referee.in_variables(reading.answer), drafts,
                                            lambda: _drafts(problem, text))
    found = _slipped(referee, reading, right, found)
    verdict = Verdict("wrong", found.mistake, found.words, reading.latex, shape, how, reading.notes)
    return Found(verdict, hint(found.mistake), reading.answer, referee)


def _decided(problem: Problem, referee: Referee, answer: Expr, right: Expr) -> tuple[Decision, tuple[str, ...]]:
    """Whether it is right, also transposed where the problem accepts that."""
    answer = referee.in_variables(answer)
    decision = referee.same(answer, right)
    if decision.same is False and problem.layout != "expected" and answer.shape == right.shape[::-1]:
        turned = referee.same(alg.transpose(answer), right)
        remark = ("It is the transpose of the derivative in the layout that was asked for.",)
        return turned, remark if turned.same and problem.layout == "report" else ()
    return decision, ()


def _slips(referee: Referee, reading: Reading, right: Expr) -> tuple[str, ...]:
    """Earlier members of a chain of equalities that are not equal to the last."""
    out = []
    for n, member in enumerate(reading.members[:-1], 1):
        if referee.same(referee.in_variables(member), right).same is False:
            out.append(f"line {n} is not equal to the last one")
    return tuple(out)


def _slipped(referee: Referee, reading: Reading, right: Expr, found: Named) -> Named:
    """The same, when an earlier member of the chain was right."""
    was_right = [n for n, m in enumerate(reading.members[:-1], 1)
                 if m.shape == right.shape and referee.same(referee.in_variables(m), right).same]
    if not was_right:
        return found
    n = was_right[-1]
    return Named("slip_between_steps", f"Line {n} is right; line {n + 1} is no longer equal to it. {found.words}")
