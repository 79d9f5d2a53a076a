"""Files for Gradescope, PrairieLearn, GitHub Classroom, Otter and nbgrader, against what their documentation says."""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.cli.grade import EXPORTS, SYSTEMS
from matcalc.grade import systems
from matcalc.grade.systems.autograders import github_classroom, gradescope, prairielearn
from matcalc.grade.systems.handed import folders
from matcalc.grade.systems.tables import NBGRADER, nbgrader, otter

from .test_classes import HOSTILE, ROOT

jsonschema = pytest.importorskip("jsonschema")
SCHEMAS = Path(__file__).parent / "schemas"
QUADRATIC = {"id": "q", "wrt": "x", "points": 4, "model": "A : n x n\nx : n\nf = x'*A*x",
             "accept": [{"answer": "2*A*x", "credit": 0.5, "feedback": "Is A symmetric?"}]}
NORM = {"id": "n", "wrt": "x", "points": 1, "model": "x : n\nf = norm2(x)^2"}
ANSWERS = [{"student": s, "problem": p, "answer": a, "name": "Ava van Dam" if s == "ava" else "", "email": ""}
           for s, q, n in [("ava", "(A + A')*x", "2*x"), ("ben", "2*A*x", "-2*x"), ("cho", "A*(", "x'"), ("dev", "", "2 x")]
           for p, a in (("q", q), ("n", n))]
TOTALS = {"ava": 5, "ben": 2, "cho": None, "dev": 1}


@pytest.fixture(scope="module")
def report():
    return mc.grade_class([QUADRATIC, NORM], ANSWERS, workers=1)


@pytest.fixture(scope="module")
def hostile():
    return mc.grade_class(NORM, HOSTILE, workers=1)


def schema(name: str):
    data = json.loads((SCHEMAS / f"{name}.json").read_text())
    jsonschema.Draft202012Validator.check_schema(data)
    return jsonschema.Draft202012Validator(data)


def decoded(line: str) -> dict:
    assert line.startswith("result=") and line.endswith("\n") and line.count("\n") == 1
    return json.loads(base64.b64decode(line.removeprefix("result=").rstrip(), validate=True))


@pytest.mark.parametrize(("system", "write", "read"), [
    ("gradescope", gradescope, json.loads), ("prairielearn", prairielearn, json.loads),
    ("github-classroom", github_classroom, decoded),
])
def test_files_fit_their_schemas(report, hostile, system: str, write, read):
    for graded in (report, hostile):
        files = write(graded).files
        whose = {(g.record.student, write is github_classroom and g.record.problem) for g in graded}
        assert len(files) == len(whose)
        for name, text in files.items():
            schema(system).validate(read(text))
            assert text.isascii() and "\r" not in text and name.startswith(f"{system}/") and ".." not in name.split("/")


BROKEN = {  # changes that each system's documentation forbids
    "gradescope": [("tests", 0, "status", "ok"), ("visibility", "public"), ("tests", 0, "number", 1), ("score", "5"),
                   ("tests", 0, "output_format", "markdown"), ("tests", 0, "verdict", "right")],
    "prairielearn": [("score", 5), ("gradable", "yes"), ("tests", 0, "points", None), ("tests", 0, "name", None)],
    "github-classroom": [("version", 2), ("max_score", 1.5), ("status", "passed"), ("tests", []),
                         ("tests", 0, "score", "1")],
}


@pytest.mark.parametrize(("system", "change"), [(s, c) for s, changes in BROKEN.items() for c in changes])
def test_the_schemas_refuse(report, system: str, change: tuple):
    write = {"gradescope": gradescope, "prairielearn": prairielearn, "github-classroom": github_classroom}[system]
    first = next(iter(write(report).files.values()))
    data = decoded(first) if system == "github-classroom" else json.loads(first)
    *path, last, value = change
    inside = data
    for step in path:
        inside = inside[step]
    inside.pop(last) if value is None else inside.update({last: value})
    assert not schema(system).is_valid(data)


def test_gradescope(report):
    files = {name.split("/")[1]: json.loads(text) for name, text in gradescope(report).files.items()}
    assert {s: d["score"] for s, d in files.items()} == {"ava": 5, "ben": 2, "cho": 0, "dev": 1}
    right, partial, unread = files["ava"]["tests"][0], files["ben"]["tests"][0], files["cho"]["tests"][0]
    assert right["status"] == "passed" and right["extra_data"]["rel_error"] == 0 and right["number"] == "1"
    assert (partial["score"], partial["max_score"], partial["status"]) == (2, 4, "failed")
    assert "Is A symmetric?" in partial["output"] and partial["output_format"] == "md"
    assert "score" not in unread and "status" not in unread and "```" in unread["output"]
    wrong_shape = files["cho"]["tests"][1]
    assert "shape 1 x n" in wrong_shape["output"] and "Expected: shape n x 1" in wrong_shape["output"] and wrong_shape["tags"]
    assert files["ben"]["output"] == "2 answers, 0 right" and "1 without a score yet" in files["cho"]["output"]


def test_prairielearn(report):
    files = {name.split("/")[1]: json.loads(text) for name, text in prairielearn(report).files.items()}
    assert {s: d.get("score") for s, d in files.items()} == {"ava": 1, "ben": 0.4, "cho": None, "dev": 0.2}
    assert [d["gradable"] for d in files.values()] == [True, True, False, True]
    assert files["cho"]["format_errors"][0].startswith("q: error[M101]") and len(files["cho"]["format_errors"]) == 1


def test_github_classroom_prints_what_it_reports(report):
    """The reporter prints passed tests / tests * max_score, and reports the sum of the scores."""
    for name, text in github_classroom(report).files.items():
        data = decoded(text)
        passed = sum(t["status"] == "pass" for t in data["tests"]) / len(data["tests"]) * data["max_score"]
        assert sum(t["score"] for t in data["tests"]) == (2 if name == "github-classroom/ben/q.txt" else passed)
    half = mc.grade_class({**NORM, "points": 0.5}, {"a": "x"}, workers=1)
    with pytest.raises(mc.MatcalcError) as caught:
        github_classroom(half)
    assert caught.value.diagnostic.code == "M439"


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_otter(report):
    header, points, *students = rows(otter(report).files["otter/final_grades.csv"])
    assert header == ["file", "n", "q", "total_points_earned", "percent_correct", "grading_status"]
    assert points[:4] == ["points-per-question", "1.0", "4.0", "5.0"]
    assert [(r[0], float(r[3]) if r[3] else None) for r in students] == list(TOTALS.items())
    assert students[1][4] == "0.4" and students[0][5] == "Completed" and students[2][1:5] == ["0.0", "", "", ""]


def test_nbgrader(report):
    header, *students = rows(nbgrader(report, "hw3").files["nbgrader/grades.csv"])
    assert header == list(NBGRADER)
    found = [dict(zip(header, r)) for r in students]
    assert {r["student_id"]: float(r["score"]) if r["score"] else None for r in found} == TOTALS
    assert all(r["assignment"] == "hw3" and r["max_score"] == "5.0" and r["raw_score"] == r["score"] for r in found)
    assert (found[0]["first_name"], found[0]["last_name"]) == ("Ava van", "Dam")


def test_who_has_no_score_is_said(report):
    for write in (gradescope, prairielearn, github_classroom, otter, nbgrader):
        assert write(report, "hw").unscored == ("cho",)


def test_names_of_folders_are_nothing_else():
    wild = ["ava", "AVA", "../up", "..", ".", "a/b", "a\\b", "C:", "x" * 300, "a.", "a ", "", "\0", "é", "~", "\ud800"]
    made = list(folders(wild).values())
    assert made[0] == "ava" and len({m.lower() for m in made}) == len(wild)
    for name in made:
        assert name and not set("/\\:\0~") & set(name) and name.strip(". ") == name and len(name) <= 150


def test_the_command_knows_all_systems(tmp_path: Path, report):
    assert set(SYSTEMS) == set(systems.SYSTEMS) and set(EXPORTS) == set(systems.EXPORTS)
    for system in set(SYSTEMS) - set(EXPORTS):
        done = systems.write(report, tmp_path, system)
        assert all((tmp_path / name).read_text() == text for name, text in done.files.items())


@pytest.mark.parametrize(("answer", "points"), [
    ("(A + A')*x", 4), ("2*A*x", 2), ("A*x", 0), ("A*(", 0), ("", 0), ("x/0", 0), ("log(-x)", 0), ("exp(800*x)", 0),
])
def test_points_in_a_notebook_cell(answer: str, points: float, capsys):
    assert mc.check(answer, QUADRATIC) == points
    said = capsys.readouterr()
    assert said.out and not said.err


def test_a_notebook_cell_writes_nothing_to_stderr():
    """nbgrader gives no points to a cell with anything on stderr: no warning may come out of a fresh process."""
    answers = ["x/0", "log(-x)", "exp(800*x)", "A x"]
    program = f"import matcalc as mc\nprint([mc.check(a, {QUADRATIC!r}) for a in {answers}])"
    done = subprocess.run([sys.executable, "-W", "always", "-c", program], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert done.stderr == "" and done.stdout.endswith("[0.0, 0.0, 0.0, 0.0]\n")
