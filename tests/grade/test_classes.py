"""A class: every answer once, whatever happens to the processes or to the run."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.grade.records import answers as records
from matcalc.grade.results import cell

from . import judges

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = {"id": "p", "wrt": "x", "model": "A : n x n\nx : n\nf = x'*A*x"}
FILES = ("results.jsonl", "grades.csv", "report.md", "report.html")


def lines(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_recorded_answers_of_all_problems(tmp_path: Path):
    source = ROOT / "tests" / "data" / "student_answers.jsonl"
    recorded = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    report = mc.grade_class(ROOT / "examples" / "problems", source, tmp_path)
    assert [line["student"] for line in lines(tmp_path)] == [a["id"] for a in recorded] == [g.record.student for g in report]
    for graded, a in zip(report, recorded):
        assert graded.verdict.result == a["verdict"] or "def " in a["answer"]
    one = mc.grade_class(ROOT / "examples" / "problems", source, workers=1)
    assert one == report


def test_an_interrupted_run_loses_and_repeats_nothing(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("COUNTED", str(tmp_path / "counted"))
    answers = {f"s{n}": f"answer {n}" for n in range(30)}

    def interrupt(done: int, total: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mc.grade_class(PROBLEM, answers, tmp_path / "out", workers=1, judge=judges.counted, progress=interrupt)
    assert [line["student"] for line in lines(tmp_path / "out")] == list(answers)[:10]
    with open(tmp_path / "out" / "results.jsonl", "a") as file:
        file.write('{"id": "s10", "answ')
    shown = []
    mc.grade_class(PROBLEM, answers, tmp_path / "out", workers=1, judge=judges.counted,
                   progress=lambda done, total: shown.append((done, total)))
    assert [line["student"] for line in lines(tmp_path / "out")] == list(answers)
    assert shown[0] == (10, 30) and shown[-1] == (30, 30)
    assert sorted((tmp_path / "counted").read_text().splitlines()) == sorted(answers.values())


def test_a_killed_command_is_resumed(tmp_path: Path):
    answers = "".join(json.dumps({"id": f"s{n}", "answer": f"{n + 3}*A*x + A'*x"}) + "\n" for n in range(60))
    (tmp_path / "class.jsonl").write_text(answers)
    command = [sys.executable, "-m", "matcalc", "grade", str(ROOT / "examples" / "problems" / "p07.toml"),
               "--class", "class.jsonl", "-o", "out", "--workers", "2"]
    with subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}) as run:
        until = time.monotonic() + 60
        while not (tmp_path / "out" / "results.jsonl").exists() and time.monotonic() < until:
            time.sleep(0.02)
        run.send_signal(signal.SIGKILL)
    before = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
    assert 0 < len(before) <= 60
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
    after = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
    assert [json.loads(line)["student"] for line in after] == [f"s{n}" for n in range(60)]
    assert set(filter(lambda line: line.endswith("}"), before)) <= set(after)


def test_stuck_and_dying_processes_cost_their_own_answer_only():
    answers = {"a": "A*x + A'*x", "b": "hang", "c": "die", "d": "A*x", "e": "die", "f": "(A + A')*x", "g": "hang"}
    started = time.monotonic()
    report = mc.grade_class(PROBLEM, answers, workers=2, seconds=2, judge=judges.hostile)
    assert time.monotonic() - started < 60
    assert {g.record.student: g.verdict.result for g in report} == {
        "a": "right", "b": "undecided", "c": "undecided", "d": "wrong", "e": "undecided", "f": "right", "g": "undecided"}
    assert {g.record.student: g.verdict.how for g in report if g.score is None} == {
        "b": "time limit", "c": "died", "e": "died", "g": "time limit"}


def test_what_was_stuck_is_tried_again(tmp_path: Path):
    mc.grade_class(PROBLEM, {"a": "A*x", "c": "die"}, tmp_path, workers=1, judge=judges.hostile)
    again = mc.grade_class(PROBLEM, {"a": "A*x", "c": "die"}, tmp_path, workers=1)
    assert [g.verdict.result for g in again] == ["wrong", "unreadable"]


def test_equal_answers_are_graded_once_and_changed_ones_again(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("COUNTED", str(tmp_path / "counted"))
    mc.grade_class(PROBLEM, {"a": "A*x", "b": " A*x\n", "c": "2*A*x"}, tmp_path / "out", workers=1, judge=judges.counted)
    mc.grade_class(PROBLEM, {"a": "3*A*x", "b": "A*x", "d": "2*A*x"}, tmp_path / "out", workers=1, judge=judges.counted)
    assert (tmp_path / "counted").read_text().split() == ["A*x", "2*A*x", "3*A*x"]
    assert [(line["student"], line["answer"]) for line in lines(tmp_path / "out")] == [
        ("a", "3*A*x"), ("b", "A*x"), ("d", "2*A*x")]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path):
    answers = {f"s{n}": f"{n % 7}*A*x + A'*x" for n in range(20)}
    mc.grade_class(PROBLEM, answers, tmp_path / "1", workers=1, seed=3)
    mc.grade_class(PROBLEM, answers, tmp_path / "2", workers=2, seed=3)
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


HOSTILE = {"=cmd()": "=1+1", "+a": "<script>alert(1)</script>", "-b": "x | y\n\n# Title\n\n`` ``` ``", "@c": "\ud800 \u202e\0",
           "[l](http://x.y)": "![i](http://x.y/z)", "<b>": "$$\\input{x}$$ {{ 7*7 }}", "www.x.y": "A*x"}


def test_no_text_of_a_student_is_more_than_text(tmp_path: Path):
    mc.grade_class(PROBLEM, HOSTILE, tmp_path, workers=1)
    assert [line["answer"] for line in lines(tmp_path)] == list(HOSTILE.values())
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page and "<b>&lt;b&gt;" not in page and "\u202e" not in page
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "\n# Title" not in text and "```` x | y # Title `` ``` `` ````" in text
    assert "\\[l\\](http\\:\\/\\/x\\.y)" in text and "\\<b\\>" in text and "www\\.x\\.y" in text
    with open(tmp_path / "grades.csv", newline="", encoding="utf-8") as file:
        cells = [c for row in csv.reader(file) for c in row]
    assert not [c for c in cells if c.lstrip().startswith(("=", "+", "-", "@"))] and "'=cmd()" in cells


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "＝1"])
def test_cells_of_a_spreadsheet(text: str):
    assert cell(text) == "'" + text and cell("a" + text) == "a" + text


def test_equal_formulas_are_grouped_the_most_frequent_first():
    answers = {"a": "A*x", "b": "A x", "c": "2*A*x", "d": "A @ x", "e": "(A + A')*x", "f": "A*("}
    text = mc.grade_class(PROBLEM, answers, workers=1).markdown
    assert text.index("**3**") < text.index("a, b, d") < text.index("**1**") < text.index("To look at") < text.index("A*(")


def test_kinds_of_input(tmp_path: Path):
    one, two = ["p"], ["p", "q"]
    (tmp_path / "a.csv").write_text('Student;Answer\nava;"x; y"\n\nben;\n', encoding="utf-8-sig")
    assert [(r.student, r.answer) for r in records(tmp_path / "a.csv", one)] == [("ava", "x; y"), ("ben", "")]
    (tmp_path / "b.csv").write_text("id,problem,name,answer\n1,p,A,x\n1,q,A,y\n")
    assert [(r.student, r.problem, r.answer) for r in records(tmp_path / "b.csv", two)] == [("1", "p", "x"), ("1", "q", "y")]
    (tmp_path / "c.jsonl").write_text('{"student": 7, "answer": null}\n\n{"id": "8", "answer": 2}\n')
    assert [(r.student, r.answer) for r in records(tmp_path / "c.jsonl", one)] == [("7", ""), ("8", "2")]
    folder = tmp_path / "d"
    for name in ("ava/p.tex", "ava/q.txt", "ben/q.py", ".git/p.tex", "ben/notes.pdf"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    assert [(r.student, r.problem) for r in records(folder, two)] == [("ava", "p"), ("ava", "q"), ("ben", "q")]
    flat = tmp_path / "e"
    flat.mkdir()
    (flat / "ava.tex").write_text("x")
    assert [(r.student, r.problem, r.answer) for r in records(flat, one)] == [("ava", "p", "x")]


@pytest.mark.parametrize(("name", "text", "code"), [
    ("a.csv", "", "M412"), ("a.csv", "id,text\n1,x\n", "M412"), ("a.csv", "name,answer\n1,x\n", "M412"),
    ("a.csv", "id,answer\n", "M415"), ("a.csv", "id,answer\n1,f(x,y)\n", "M410"), ("a.csv", 'id,answer\n1,"x\n', "M410"),
    ("a.csv", "id,answer\n1,x\n1,y\n", "M413"), ("a.csv", "id,answer\n,y\n", "M412"),
    ("a.csv", "id,answer,problem\n1,x,q\n", "M414"), ("a.jsonl", "{", "M411"), ("a.jsonl", "[1]", "M412"),
    ("a.jsonl", '{"id": "a"}', "M412"), ("a.jsonl", '{"id": "a", "answer": ["x"]}', "M412"), ("a.jsonl", "[" * 9999, "M411"),
])
def test_input_that_is_none(tmp_path: Path, name: str, text: str, code: str):
    (tmp_path / name).write_text(text)
    with pytest.raises(mc.MatcalcError) as caught:
        records(tmp_path / name, ["p"])
    assert caught.value.diagnostic.code == code


def test_folders_and_scripts_that_do_not_fit(tmp_path: Path):
    def code(*arguments, **options) -> str:
        with pytest.raises(mc.MatcalcError) as caught:
            mc.grade_class(*arguments, **options)
        return caught.value.diagnostic.code

    (tmp_path / "results.jsonl").write_text('{"score": 1}\n')
    assert code(PROBLEM, {"a": "x"}, tmp_path) == "M418"
    (tmp_path / "empty").mkdir()
    assert code(PROBLEM, tmp_path / "empty") == "M415"
    assert code(tmp_path / "empty", {"a": "x"}) == "M416"
    assert code(PROBLEM, {"a": "x"}, tmp_path / "results.jsonl") == "M419"
    script = tmp_path / "script.py"
    script.write_text(f"import matcalc as mc\nmc.grade_class({PROBLEM!r}, {{'a': 'x'}})\n")
    done = subprocess.run([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True,
                          text=True, timeout=60, check=False)
    assert "M417" in done.stderr
