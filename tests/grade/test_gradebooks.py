"""Canvas and Moodle: their own export with a column filled in, and every other byte kept."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.grade.systems.gradebooks import canvas, moodle

PROBLEM = {"id": "p", "wrt": "x", "points": 2.5, "model": "A : n x n\nx : n\nf = x'*A*x"}
ANSWERS = {"4001": "A*x + A'*x", "jo@x.y": "A*x", "Doe, Jo": "A*(", "..": "0"}
CANVAS = ('\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Old (7),HW3 "gradients" (901234)\r\n'.replace(
    'HW3 "gradients" (901234)', '"HW3 ""gradients"" (901234)"')
    + '    Points Possible,,,,,5,10\r\n"Alvarez, Ava",4001,30000001,av1,"COP-1",4.50,\r\n'
    + "Ben,4002,,jo@x.y,COP-1,,-\r\n\"Doe, Jo\",4003,,,'=x,EX,9")
MOODLE = ('Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (grade)","Feedback comments"\n'
          '"Participant 4001","Ava A",a@x.y,"",,100.00,-,\n"Participant 7",Jo,jo@x.y,"",3,100.00,"Monday, 1","old ""x"""\n')


@pytest.fixture(scope="module")
def report():
    return mc.grade_class(PROBLEM, ANSWERS, workers=1)


def test_canvas(report):
    done = canvas(report, CANVAS, column='HW3 "gradients" (901234)')
    assert done.files["canvas.csv"] == CANVAS.replace('4.50,\r\n', '4.50,2.5\r\n').replace("COP-1,,-\r\n", "COP-1,,0\r\n")
    assert done.absent == ("..",) and done.unscored == ("Doe, Jo",)


@pytest.mark.parametrize(("export", "column", "code"), [
    (CANVAS, None, "M421"), (CANVAS, "HW3", "M421"), (CANVAS, "Section", "M421"), ("", None, "M420"), (MOODLE, None, "M420"),
    ('Student,ID\n"a', None, "M420"),
])
def test_what_is_no_column_of_canvas(report, export: str, column: str | None, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        canvas(report, export, column=column)
    assert caught.value.diagnostic.code == code


def test_moodle(report):
    done = moodle(report, MOODLE)
    rows = list(csv.DictReader(io.StringIO(done.files["moodle.csv"])))
    assert [(r["Grade"], r["Last modified (grade)"]) for r in rows] == [("2.5", "-"), ("0", "Monday, 1")]
    assert rows[0]["Feedback comments"] == "Right." and "<" not in rows[1]["Feedback comments"]
    assert done.files["moodle.csv"].startswith(MOODLE.split(",,100.00")[0] + ",2.5,100.00,-,Right.\n")
    assert set(done.absent) == {"Doe, Jo", ".."}
    with pytest.raises(mc.MatcalcError) as caught:
        moodle(report, CANVAS)
    assert caught.value.diagnostic.code == "M420"


def test_commands(tmp_path: Path):
    from click.testing import CliRunner

    from matcalc.cli.group import matcalc
    (tmp_path / "p.toml").write_text("wrt = 'x'\nmodel = 'A : n x n; x : n; f = x^T*A*x'\n")
    (tmp_path / "class.csv").write_text("id,answer\n4001,A*x\n../up,2*A*x\n")
    (tmp_path / "canvas.csv").write_bytes(CANVAS.replace("Old (7)", "Old").encode())
    (tmp_path / "moodle.csv").write_bytes(MOODLE.encode())
    for system in ("canvas", "moodle", "gradescope"):
        more = [] if system == "gradescope" else ["--export", str(tmp_path / f"{system}.csv")]
        done = CliRunner().invoke(matcalc, ["grade", str(tmp_path / "p.toml"), "--class", str(tmp_path / "class.csv"),
                                            "-o", str(tmp_path / "out"), "--to", system, *more], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        assert system == "gradescope" or "not in the export: ../up" in done.output
    assert (tmp_path / "out" / "canvas.csv").read_bytes() == CANVAS.replace("Old (7)", "Old").replace(
        "4.50,\r\n", "4.50,0\r\n").encode()
    assert {p.name for p in (tmp_path / "out" / "gradescope").iterdir()} == {"4001", "%2E%2E%2Fup"}
