"""Programs in a class: run once, measured like formulas, and shown line by line."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.grade import functions, load
from matcalc.grade.judging import judged

PROBLEM = {"id": "p", "wrt": "x", "model": "A : n x n\nx : n\nf = x'*A*x"}


@pytest.mark.parametrize("level", ["none", "verdict", "hint", "full"])
def test_a_program_is_run_once_whatever_students_are_told(monkeypatch, level: str):
    started = []

    class Counted(functions.Guest):
        def __init__(self, *given):
            started.append(given)
            super().__init__(*given)

    monkeypatch.setattr(functions, "Guest", Counted)
    found = judged(load(PROBLEM), "def grad(A, x): return -(A + A.T) @ x", None, level)
    assert len(started) == 1 and found.verdict.mistake == "wrong_sign"
    assert found.error == 2 and "finite differences agree" in found.teacher and "wrong sign" in found.teacher


def test_a_program_keeps_its_lines_in_the_report(tmp_path: Path):
    problem = {**PROBLEM, "title": "A form <of> second degree"}
    bad = "def g(A, x):\n\n\tfor i in '```':\n\t\tpass # <b>\x1b\u2028\n\treturn x\n" + " " * 9999 + "# far"
    report = mc.grade_class(problem, {"a": bad, "b": "A*x"}, tmp_path, workers=1)
    shown = ["def g(A, x):", "    for i in '```':", "        pass # <b>\ufffd", "    return x", " " * 40 + "# far"]
    assert "````\n  " + "\n  ".join(shown) + "\n  ````" in report.markdown
    assert "\n".join(shown) in html.unescape(report.html) and "<b>\ufffd" not in report.html
    assert "&lt;of&gt;" in report.html and "second degree" in report.markdown
    said = (tmp_path / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["format"] for line in said] == ["python", "text"]
