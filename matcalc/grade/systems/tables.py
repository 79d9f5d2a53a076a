"""Otter Grader and nbgrader: the table of grades that each of them writes."""

from __future__ import annotations

from collections.abc import Sequence

from ..results import Graded, table
from .handed import Handed, by_student, total, unscored

NBGRADER = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
            "late_submission_penalty", "score", "max_score")


def otter(graded: Sequence[Graded], title: str = "") -> Handed:
    """otter/final_grades.csv: a row for each student, a column for each problem, in order of their names."""
    points = dict(sorted({g.record.problem: float(g.points) for g in graded}.items()))
    most = sum(points.values())
    rows = [("file", *points, "total_points_earned", "percent_correct", "grading_status"),
            ("points-per-question", *map(str, points.values()), str(most), "", "")]
    for student, answers in by_student(graded).items():
        scores = {g.record.problem: g.score for g in answers}
        have = [scores.get(p, 0) for p in points]
        open_ = [p for p, s in zip(points, have) if s is None]
        whole = None if open_ else sum(have)
        rows.append((student, *map(_float, have), _float(whole), _float(None if open_ else whole / most),
                     f"No score yet: {', '.join(open_)}" if open_ else "Completed"))
    return Handed({"otter/final_grades.csv": table(rows)}, unscored=unscored(graded))


def nbgrader(graded: Sequence[Graded], title: str = "homework") -> Handed:
    """nbgrader/grades.csv: a row for each student; the assignment is called by the title."""
    points = {g.record.problem: float(g.points) for g in graded}
    rows = [NBGRADER]
    for student, answers in by_student(graded).items():
        first, _, last = next((g.record.name for g in answers if g.record.name), "").rpartition(" ")
        email = next((g.record.email for g in answers if g.record.email), "")
        score = _float(total(answers))
        rows.append((title, "", "", student, last, first, email, score, "0.0", score, str(sum(points.values()))))
    return Handed({"nbgrader/grades.csv": table(rows)}, unscored=unscored(graded))


def _float(value: float | None) -> str:
    """A number as these systems write it."""
    return "" if value is None else str(float(value))
