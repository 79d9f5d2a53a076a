"""Gradescope, PrairieLearn and GitHub Classroom: a file of results for each student."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence

from ... import __version__
from ...errors import fail
from ..report import block, code, escaped
from ..results import Graded
from .handed import Handed, by_student, folders, total, unscored


def gradescope(graded: Sequence[Graded], title: str = "") -> Handed:
    """gradescope/STUDENT/results.json."""
    def data(answers: Sequence[Graded]) -> dict:
        return {"score": sum(g.score or 0 for g in answers), "output": _summary(answers), "output_format": "md",
                "visibility": "visible", "stdout_visibility": "hidden",
                "tests": [_gradescope_test(n, g) for n, g in enumerate(answers, 1)],
                "extra_data": {"matcalc": {"version": __version__, "schema": 1}}}

    return _each("gradescope", graded, data)


def _gradescope_test(n: int, g: Graded) -> dict:
    """One answer; without a score where a person has to look at it."""
    v = g.verdict
    scored = {} if g.score is None else {"score": g.score, "status": "passed" if v.result == "right" else "failed"}
    return {"number": str(n), "name": g.record.problem, "name_format": "text", "max_score": g.points, **scored,
            "output": _markdown(g), "output_format": "md", "tags": [v.mistake] if v.mistake else [],
            "visibility": "visible",
            "extra_data": {"problem": g.record.problem, "verdict": v.result, "mistake": v.mistake or None,
                           "rel_error": g.judged.error, "seed": g.seed}}


def _markdown(g: Graded) -> str:
    """What was read and what is said of it; nothing that a student wrote is more than text."""
    v, lines = g.verdict, []
    if v.reading:
        lines.append(f"We read: {code(v.reading)}" + ("" if v.shape is None else f", {_shape(v.shape)}."))
        if v.shape is not None and v.shape != g.expected:
            lines.append(f"Expected: {_shape(g.expected)}.")
    said = block(v.feedback) if "\n" in v.feedback else escaped(v.feedback)
    return "\n\n".join(filter(None, ["  \n".join(lines), said]))


def _shape(outside: tuple) -> str:
    pair = (*outside, "1")[:2] if outside else ("1", "1")
    return "a number" if not outside else f"shape {pair[0]} x {pair[1]}"


def prairielearn(graded: Sequence[Graded], title: str = "") -> Handed:
    """prairielearn/STUDENT/results.json; with an answer that has no score, no attempt is lost."""
    def data(answers: Sequence[Graded]) -> dict:
        points = total(answers)
        tests = [{"name": g.record.problem, "description": "", "message": g.verdict.feedback,
                  "output": f"Read as: {g.verdict.reading}" if g.verdict.reading else "",
                  **({} if points is None else {"points": g.score, "max_points": g.points})} for g in answers]
        if points is None:
            return {"gradable": False, "tests": tests, "message": _summary(answers),
                    "format_errors": [f"{g.record.problem}: {g.verdict.feedback or g.verdict.result}"
                                      for g in answers if g.score is None]}
        return {"gradable": True, "score": points / sum(g.points for g in answers), "message": _summary(answers),
                "tests": tests}

    return _each("prairielearn", graded, data)


def github_classroom(graded: Sequence[Graded], title: str = "") -> Handed:
    """github-classroom/STUDENT/PROBLEM.txt: the line that a grading step adds to $GITHUB_OUTPUT.

    A step is a problem: so the score that the reporter prints (passed tests) and the one
    that it reports (points) agree, whatever the points of the problems are.
    Raises MatcalcError: M439 (points that are not whole).
    """
    for g in graded:
        if g.points != int(g.points):
            raise fail("M439", f"problem `{g.record.problem}` has {g.points:g} points",
                       facts=("GitHub Classroom has whole ones",), help="multiply the points of all problems")
    names, problems = folders(g.record.student for g in graded), folders(g.record.problem for g in graded)
    files = {f"github-classroom/{names[g.record.student]}/{problems[g.record.problem]}.txt": _classroom_line(g)
             for g in graded}
    return Handed(files, unscored=unscored(graded))


def _classroom_line(g: Graded) -> str:
    status = {"right": "pass", "wrong": "fail", "no_answer": "fail"}.get(g.verdict.result, "error")
    said = "\n".join(filter(None, [g.verdict.feedback, f"Read as: {g.verdict.reading}" if g.verdict.reading else ""]))
    test = {"name": g.record.problem, "status": status, "message": said, "test_code": g.record.answer, "task_id": 0,
            "filename": g.record.problem, "line_no": 0, "duration": 0, "score": g.score or 0, "output": g.verdict.reading}
    data = {"version": 3, "status": status, "message": said, "max_score": int(g.points), "tests": [test]}
    return f"result={b64encode(_json(data).encode()).decode()}\n"


def _each(system: str, graded: Sequence[Graded], data: Callable[[Sequence[Graded]], dict]) -> Handed:
    students = by_student(graded)
    names = folders(students)
    return Handed({f"{system}/{names[s]}/results.json": _json(data(answers), indent=2) + "\n"
                   for s, answers in students.items()}, unscored=unscored(graded))


def _json(data: dict, indent: int | None = None) -> str:
    """JSON of ASCII only: half a surrogate pair, which an answer may hold, is no UTF-8."""
    return json.dumps(data, indent=indent)


def _summary(answers: Sequence[Graded]) -> str:
    right = sum(g.verdict.result == "right" for g in answers)
    open_ = sum(g.score is None for g in answers)
    return (f"{len(answers)} answer{'s' if len(answers) != 1 else ''}, {right} right"
            + (f", {open_} without a score yet" if open_ else ""))
