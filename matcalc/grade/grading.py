"""From an answer to a verdict: read, decide, say what went wrong."""

from __future__ import annotations

from ..errors import MatcalcError, fail
from ..expr import algebra as alg
from ..expr.node import Expr
from ..reader.answers import Reading, read_answer, read_drafts
from ..shapes import outside
from . import feedback as say
from .deciding import Decision, Referee
from .deciding import referee as referee_of
from .diagnosis.explain import diagnostician
from .diagnosis.wording import Named
from .problem import Problem, load
from .verdict import LEVELS, Verdict

MAX_READINGS = 6


def grade(problem, answer, format: str | None = None, feedback: str = "full", seed: int = 0) -> Verdict:
    """A verdict on an answer.

    problem   path of a TOML file, the same as a dict, or a Problem
    answer    text (LaTeX, plain, NumPy or MATLAB expressions), or a function of the
              variables by name that returns the gradient
    format    of the text, if it is known; it is found out otherwise
    feedback  "none", "verdict", "hint" (never gives the answer away) or "full"

    Raises MatcalcError: M401 to M404 (the problem, the level); never because of the answer.
    """
    problem = load(problem)
    if feedback not in LEVELS:
        raise fail("M404", f"there is no feedback `{feedback}`", help=f"use {', '.join(LEVELS)}")
    if callable(answer):
        return _of_function(problem, answer, feedback, seed)
    text = str(answer or "").strip()
    if not text:
        return Verdict("no_answer", feedback="" if feedback == "none" else "No answer was given.")
    try:
        reading = read_answer(text, problem.model, problem.functions, problem.wrt, problem.right.form.shape)
    except MatcalcError as unread:
        return _unread(problem, text, unread, feedback, seed)
    return _judged(problem, referee_of(problem, seed), reading, text, feedback)


def _unread(problem: Problem, text: str, unread: MatcalcError, level: str, seed: int) -> Verdict:
    """Not read: unreadable. Read, but of no fitting shapes: wrong, and an edit or the shapes say why."""
    shown = str(unread).rstrip()
    if not unread.diagnostic.code.startswith("M2") or unread.diagnostic.code == "M209":  # M209: a size is open
        return Verdict("unreadable", feedback="" if level in ("none", "verdict") else shown)
    found = next(diagnostician(referee_of(problem, seed)).edits(_drafts(problem, text)), None) or Named("nonconforming", "")
    said = Named(found.mistake, "\n".join(filter(None, [found.words, shown])))
    return Verdict("wrong", found.mistake, say.sentence(level, said))


def _drafts(problem: Problem, text: str) -> tuple[Expr, ...]:
    return read_drafts(text, problem.model, problem.functions, problem.wrt)[:MAX_READINGS]


def _judged(problem: Problem, referee: Referee, reading: Reading, text: str, level: str) -> Verdict:
    right = problem.right.form
    readings = [reading, *reading.alternatives][:MAX_READINGS]
    decisions = []
    for r in readings:
        decision, remark = _decided(problem, referee, r.answer, right)
        if decision.same:
            notes = (*r.notes, *remark, *_slips(referee, r, right))
            text = "" if level in ("none", "verdict") else " ".join(["Right.", *remark])
            return Verdict("right", "", text, r.latex, outside(r.shape), decision.how, notes)
        decisions.append(decision)
    shape, how = outside(reading.shape), decisions[0].how
    if any(d.same is None for d in decisions):
        text = "" if level == "none" else "This could not be decided; it is not counted as wrong."
        return Verdict("undecided", "", text, reading.latex, shape, how, reading.notes)
    found = diagnostician(referee).of_value(referee.in_variables(reading.answer), [r.answer for r in readings],
                                            lambda: _drafts(problem, text))
    found = _slipped(referee, reading, right, found)
    return Verdict("wrong", found.mistake, say.sentence(level, found), reading.latex, shape, how, reading.notes)


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


def _of_function(problem: Problem, function, level: str, seed: int) -> Verdict:
    """A function of the variables: compared entry by entry."""
    from ..api import derive
    try:
        report = derive(problem.model, problem.wrt).check_against(function, seed)
    except MatcalcError as problem_of_call:
        return Verdict("undecided", feedback="" if level == "none" else str(problem_of_call).rstrip())
    result = {"agrees": "right", "disagrees": "wrong"}.get(report.verdict, "undecided")
    return Verdict(result, feedback="" if level in ("none", "verdict") else str(report), how="values")
