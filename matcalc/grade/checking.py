"""A number for one answer, as an autograded cell of a notebook ends with."""

from __future__ import annotations

from .grading import grade
from .loading import load


def check(answer, problem, format: str | None = None, seed: int = 0) -> float:
    """The points of an answer: 0.0 to the points of the problem. What is wrong is printed.

    nbgrader takes the number at the end of a cell for its score, and gives none when
    anything is written to stderr: nothing is. An answer that cannot be read or decided
    has 0.0, and the printed sentence says that it is for a person to see.
    Raises MatcalcError for a problem that is none; never because of the answer.
    """
    problem = load(problem)
    verdict = grade(problem, answer, format, seed=seed)
    print(f"{verdict.result.replace('_', ' ')}: {verdict.feedback}" if verdict.result != "right" else verdict.feedback)
    if verdict.credit is None:
        print("This is for a person to look at.")
    return float(problem.points * (verdict.credit or 0))
