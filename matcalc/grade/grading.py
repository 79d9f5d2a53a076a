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
from .credit import accepted, credited
from .deciding import Decision, Referee
from .loading import load
from .problem import Problem
from .verdict import LEVELS, Verdict
from .wrong_rules import guesses

MAX_READINGS = 6


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
    with np.errstate(all="ignore"):  # values of any formula may overflow; nbgrader takes a warning for a failure
        return credited(problem, _graded(problem, answer, format, feedback, seed, seconds))


def _graded(problem: Problem, answer, format: str | None, feedback: str, seed: int, seconds: float | None) -> Verdict:
    if callable(answer):
        from .functions import judge_callable
        return judge_callable(problem, answer, feedback, seed)
    text = str(answer or "").strip()
    if not text:
        return Verdict("no_answer", feedback="" if feedback == "none" else "No answer was given.")
    from .functions import judge_text, program_in
    program = program_in(str(answer), format)
    if program is not None:
        return judge_text(problem, program, feedback, seed, seconds)
    try:
        reading = read_answer(text, problem.language, problem.functions, problem.wrt, problem.right.form.shape,
                              problem.rows_are)
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
    if found := accepted(problem, referee, readings, level):
        return found
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
