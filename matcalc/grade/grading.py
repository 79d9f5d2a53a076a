"""From an answer to a verdict: read, decide, say what went wrong."""

from __future__ import annotations

import numpy as np

from ..errors import MatcalcError, fail
from ..expr import algebra as alg
from ..expr.node import Expr
from ..numeric.diagnosis import diagnose
from ..reader.answers import Reading, read_answer
from ..shapes import outside
from . import feedback as say
from .deciding import Decision, Referee
from .problem import Problem, load
from .verdict import LEVELS, Verdict
from .wrong_rules import guesses

MAX_READINGS = 16


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
        return _unread(unread, feedback)
    return _judged(problem, Referee(problem, seed), reading, feedback)


def _unread(unread: MatcalcError, level: str) -> Verdict:
    """Not read: unreadable. Read, but of no fitting shapes: wrong, and the shapes say why."""
    code = unread.diagnostic.code
    shown = "" if level in ("none", "verdict") else str(unread).rstrip()
    if code.startswith("M2"):
        return Verdict("wrong", "shape", say.sentence(level, "shape", shown))
    return Verdict("unreadable", feedback=shown)


def _judged(problem: Problem, referee: Referee, reading: Reading, level: str) -> Verdict:
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
    mistake, full = _explained(problem, referee, reading.answer, right)
    return Verdict("wrong", mistake, say.sentence(level, mistake, full), reading.latex, shape, how, reading.notes)


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


def _explained(problem: Problem, referee: Referee, answer: Expr, right: Expr) -> tuple[str, str]:
    """(kind of mistake, a sentence that is true at every point that was tried)."""
    answer = referee.in_variables(answer)
    evidence = referee.evidence(answer)
    found = diagnose(problem.model, evidence, [problem.wrt]) if evidence else None
    is_simple = found is not None and (found.variables or found.whole and ", and the rest" not in found.whole)
    if is_simple and not _is_vague(found):
        words = found.whole or f"Your formula {found.variables[problem.wrt]}"
        return found.kind or _kind(found.formulas.get(problem.wrt, "")), _sentence(words)
    for guess in guesses(problem):
        if answer.shape == right.shape and referee.same(answer, guess.formula).same:
            return guess.mistake, guess.words
    if answer.shape != right.shape:
        turned = answer.shape == right.shape[::-1] and referee.same(alg.transpose(answer), right).same
        return ("transposed", "Your formula is the transpose of the derivative: a gradient has the shape of its variable."
                if problem.kind == "gradient" else "Your formula is the transpose of the Jacobian."
                ) if turned else ("shape", say.shapes(answer, right, problem.wrt))
    if found is not None and found.whole:
        return found.kind, _sentence(found.whole)
    for e in evidence:
        theirs, ours = e.theirs[problem.wrt], e.ours[problem.wrt]
        if np.all(np.isfinite(theirs)) and not np.allclose(theirs, ours):
            return "", say.counterexample(theirs, ours, e.point.sizes)
    return "", "It has another value than the derivative."


def _is_vague(found) -> bool:
    """Whether a sentence is true but says little: what is more specific is tried first."""
    return not found.whole and any("shape" in w or "direction" in w for w in found.variables.values())


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:].rstrip(".") + "."


def _kind(formula: str) -> str:
    """The word for a relation, from its formula."""
    if "^T" in formula:
        return "transposed"
    return "sign" if formula.startswith("-gradient") else "factor" if "gradient" in formula else ""


def _of_function(problem: Problem, function, level: str, seed: int) -> Verdict:
    """A function of the variables: compared entry by entry."""
    from ..api import derive
    try:
        report = derive(problem.model, problem.wrt).check_against(function, seed)
    except MatcalcError as problem_of_call:
        return Verdict("undecided", feedback="" if level == "none" else str(problem_of_call).rstrip())
    result = {"agrees": "right", "disagrees": "wrong"}.get(report.verdict, "undecided")
    return Verdict(result, feedback="" if level in ("none", "verdict") else str(report), how="values")
