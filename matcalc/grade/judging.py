"""One answer of a class: the verdict for the student, and what a teacher wants to know besides."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from ..expr import algebra as alg
from ..expr.canonical import canonical
from ..expr.node import Expr
from .deciding import Referee
from .feedback import told
from .grading import graded
from .problem import Problem
from .verdict import Verdict

ROUNDING = 1e-12  # differences below are rounding: they are said to be 0, on every machine


@dataclass(frozen=True)
class Judged:
    """A verdict and its evidence.

    verdict  with the feedback that the student gets
    teacher  all that can be said, whatever the student's level, and what the referee found
    error    largest relative difference of the values from the derivative's; None where
             there are none to compare
    form     a word for the normal form of the formula: the same for formulas that differ
             in the order of sums, brackets or signs only; "" when nothing was read
    """

    verdict: Verdict
    teacher: str = ""
    error: float | None = None
    form: str = ""


def judged(problem: Problem, answer: str, format: str | None = None, feedback: str = "full", seed: int = 0) -> Judged:
    """Grade an answer, and measure it."""
    found = graded(problem, answer, format, seed)
    error, form = (None, "") if found.formula is None else _measured(problem, found.formula, found.referee)
    full = found.verdict
    teacher = "\n".join(filter(None, [full.feedback, *full.notes, _referee(problem, error, seed)]))
    return Judged(told(found, feedback), teacher, error, form)


def _measured(problem: Problem, formula: Expr, referee: Referee) -> tuple[float | None, str]:
    """The largest relative difference, and a word for the normal form, of what was judged."""
    right, formula = problem.right.form, referee.in_variables(formula)
    form = sha256(str(canonical(formula).digest).encode()).hexdigest()[:12] if referee.has_formula else ""
    if formula.shape != right.shape and problem.layout != "expected":
        formula = alg.transpose(formula)
    return _difference(referee, formula, right) if formula.shape == right.shape else None, form


def _difference(referee: Referee, formula: Expr, right: Expr) -> float | None:
    found = []
    for point in referee.points:
        a, b = referee.values(formula, point), referee.values(right, point)
        scale = max(float(np.linalg.norm(a)), float(np.linalg.norm(b)))
        if np.isfinite(scale):
            found.append(float(np.linalg.norm(a - b)) / scale if scale else 0.0)
    if not found:
        return None
    return 0.0 if max(found) < ROUNDING else float(f"{max(found):.3g}")


def _referee(problem: Problem, error: float | None, seed: int) -> str:
    """What finite differences say of the derivative, and how far the answer is from it."""
    if error is None:
        return ""
    report = problem.right.report
    differ = f"values differ from the derivative's by {error:g} (relative, seed {seed})"
    if report is None or report.verdict != "agrees":
        return f"Its {differ}."
    return f"Its {differ}; finite differences agree with the derivative."
