"""What an answer is worth: a part of the points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..reader.answers import Reading
from ..shapes import outside
from .deciding import Referee
from .feedback import Found
from .problem import Problem
from .verdict import Verdict

_CREDIT = {"right": 1, "wrong": 0, "no_answer": 0}  # of others a person decides


def credited(problem: Problem, verdict: Verdict) -> Verdict:
    """The verdict with its credit: by its result, or by the problem's table of mistakes."""
    if verdict.credit is not None:
        return verdict
    credit = _CREDIT.get(verdict.result)
    if verdict.result == "wrong":
        credit = problem.credit.get(verdict.mistake, credit)
    return replace(verdict, credit=credit)


def accepted(problem: Problem, referee: Referee, readings: Sequence[Reading]) -> Found | None:
    """What is found of an answer that the problem accepts besides the derivative; None when it is no such one."""
    for one in problem.accept:
        formula = referee.in_variables(one.formula)
        for r in readings:
            decision = referee.same(referee.in_variables(r.answer), formula)
            if decision.same:
                said = " ".join(filter(None, ["Right." if one.credit == 1 else "", one.feedback]))
                verdict = Verdict("right" if one.credit == 1 else "wrong", one.mistake, said, r.latex, outside(r.shape),
                                  decision.how, r.notes, one.credit)
                return Found(verdict, "", r.answer, referee)
    return None
