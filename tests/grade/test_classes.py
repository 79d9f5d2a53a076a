"""A class: every answer once, whatever happens to the processes or to the run."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.grade import load, lock
from matcalc.grade.judging import judged
from matcalc.grade.lock import NAME as LOCK
from matcalc.grade.lock import alone_in
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
        assert graded.verdict.result == a["verdict"]
    few = mc.grade_class(ROOT / "examples" / "problems", recorded[::5], workers=1)
    assert few.graded == report.graded[::5]


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


def test_a_lock_on_a_file_that_is_gone_is_none(tmp_path: Path, monkeypatch):
    """The file is taken away between opening and locking it: the one that is there then has to be locked."""
    honest, times = lock._lock, []

    def interrupted(descriptor: int) -> bool:
        times.append(descriptor)
        if len(times) == 1:
            (tmp_path / LOCK).unlink()
        return honest(descriptor)

    monkeypatch.setattr(lock, "_lock", interrupted)
    with alone_in(tmp_path), pytest.raises(mc.MatcalcError), alone_in(tmp_path):
        pass
    assert len(times) == 3


def started(tmp_path: Path, *more: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "matcalc", "grade", str(ROOT / "examples" / "problems" / "p07.toml"),
               "--class", "class.jsonl", *more]
    return subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def test_a_command_that_is_killed_again_and_again_ends_with_the_same_bytes(tmp_path: Path):
    answers = "".join(json.dumps({"student": f"s{n}", "answer": f"{n + 3}*A*x + A'*x"}) + "\n" for n in range(60))
    (tmp_path / "class.jsonl").write_text(answers)
    results = tmp_path / "out" / "results.jsonl"
    seen = 0
    for _ in range(2):
        with started(tmp_path, "-o", "out", "--workers", "1") as run:
            until = time.monotonic() + 60
            while run.poll() is None and time.monotonic() < until and (
                    not results.exists() or results.read_bytes().count(b"\n") <= seen):
                time.sleep(0.005)
            run.kill()
        before = results.read_text().splitlines()
        assert len(before) > seen, "nothing was lost, and something was added"
        seen = len(before)
    kept = [line for line in before if line.endswith("}")]
    with started(tmp_path, "-o", "out", "--workers", "2") as run:
        run.communicate()
    with started(tmp_path, "-o", "whole", "--workers", "1") as run:
        run.communicate()
    assert set(kept) <= set(results.read_text().splitlines())
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_two_runs_in_one_folder(tmp_path: Path):
    (tmp_path / "class.jsonl").write_text('{"student": "a", "answer": "A*x"}\n')
    with alone_in(tmp_path / "out"):
        with started(tmp_path, "-o", "out") as second:
            said = second.communicate()[1].decode()
        assert second.returncode == 2 and "error[M435]" in said and f"process {os.getpid()}" in said
        with pytest.raises(mc.MatcalcError) as caught:
            mc.grade_class(PROBLEM, {"a": "x"}, tmp_path / "out", workers=1)
        assert caught.value.diagnostic.code == "M435"
    assert not list((tmp_path / "out").iterdir())
    with started(tmp_path, "-o", "out") as third:
        third.communicate()
    assert third.returncode == 0


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path):
    program = "import os, sys; from pathlib import Path; from matcalc.grade.lock import alone_in\n" \
              "with alone_in(Path(sys.argv[1])): os._exit(9)"
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert [p.name for p in tmp_path.iterdir()] == [LOCK]
    mc.grade_class(PROBLEM, {"a": "A*x"}, tmp_path, workers=1)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(FILES)


def test_only_one_of_many_has_the_folder(tmp_path: Path):
    """Threads take and give back the lock as fast as they can: never two at once, though its file comes and goes."""
    inside, most, refused = [], [], []

    def take() -> None:
        for _ in range(200):
            try:
                with alone_in(tmp_path):
                    inside.append(1)
                    most.append(len(inside))
                    inside.pop()
            except mc.MatcalcError:
                refused.append(1)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert set(most) == {1} and len(most) + len(refused) == 800


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


@pytest.mark.parametrize("change", [
    {"credit": {"wrong_sign": 0.5}}, {"accept": [{"answer": "-A*x - A'*x", "credit": 0.25}]}, {"layout": "either"},
    {"given": {"r": "A*x"}}, {"functions": {"g": "tanh"}}, {"rows_are": {"c": "A"}}, {"model": "A : n x n\nx : n\nf = -x'*A*x"},
    {"points": 3},
])
def test_another_problem_is_graded_again(change: dict, tmp_path: Path):
    """What the folder knows of the problem as it was does not stand for the problem as it is."""
    answers = {"a": "-(A + A')*x", "b": "(A + A')*x", "c": "r + A'*x", "d": "x'*A + x'*A'"}
    mc.grade_class(PROBLEM, answers, tmp_path, workers=1)
    again = mc.grade_class({**PROBLEM, **change}, answers, tmp_path, workers=1)
    assert [g.score for g in again] == [g.score for g in mc.grade_class({**PROBLEM, **change}, answers, workers=1)]


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
    assert "\n# Title" not in text and "  ````\n  x | y\n  # Title\n  `` ``` ``\n  ````" in text
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


def test_wrong_formulas_with_one_normal_form_are_one_group():
    same = ["3*A*x - A'*x", r"-A^\top x + 3 A x", "3*(A*x) - (x'*A)'", r"\delta = A x, \quad 3\delta - A^\top x",
            "-(A'*x - 3*A*x)"]
    other = ["3*A*x + A'*x", "3*A'*x - A*x"]
    report = mc.grade_class(PROBLEM, {f"s{n}": a for n, a in enumerate(same + other)}, workers=1)
    assert {g.verdict.result for g in report} == {"wrong"}
    forms = [g.judged.form for g in report]
    assert len(set(forms[:5])) == 1 and len(set(forms)) == 3 and all(forms)
    assert len({g.verdict.reading for g in report}) > 3
    assert "**5**" in report.markdown and "s0, s1, s2, s3, s4" in report.markdown


def test_the_teacher_is_told_everything_whatever_students_are(tmp_path: Path):
    answers = {"a": "A*x + A'*x", "b": "-(A + A')*x", "c": "A*(", "d": ""}
    mc.grade_class(PROBLEM, answers, tmp_path, workers=1, feedback="none")
    told = lines(tmp_path)
    for line, answer in zip(told, answers.values(), strict=True):
        for level in ("none", "verdict", "hint", "full"):
            found = judged(load(PROBLEM), answer, None, level)
            assert found.verdict == mc.grade(PROBLEM, answer, feedback=level)
            assert found.teacher == line["feedback_teacher"]
    right, wrong, unread, _ = told
    assert wrong["feedback_student"] == "" and "sign" in wrong["feedback_teacher"]
    assert "finite differences agree" in wrong["feedback_teacher"] and wrong["max_rel_error"] == 2
    assert right["max_rel_error"] == 0 and unread["max_rel_error"] is None and "M101" in unread["feedback_teacher"]


def test_fields_of_the_results(tmp_path: Path):
    mc.grade_class(PROBLEM, [{"student": "a", "answer": r"A^\top x", "format": "latex"}, {"id": 7, "answer": "x'"},
                             {"student": "c", "answer": ""}], tmp_path, workers=1, seed=5)
    first, second, third = lines(tmp_path)
    assert list(first)[:15] == ["student", "problem", "format", "answer", "read_as_latex", "shape", "expected_shape", "verdict",
                                "score", "max_score", "mistake", "feedback_student", "feedback_teacher", "max_rel_error", "seed"]
    assert first["shape"] == first["expected_shape"] == second["expected_shape"] == ["n"]
    assert second["student"] == "7" and second["shape"] == ["1", "n"] or second["shape"] == [1, "n"]
    assert [x["format"] for x in (first, second, third)] == ["latex", "text", ""] and first["seed"] == 5
    with open(tmp_path / "grades.csv", newline="") as file:
        assert next(csv.reader(file)) == ["student", "problem", "verdict", "score", "max_score", "mistake", "feedback"]


@pytest.mark.parametrize("text", ["A*x" + " + A*x" * 700, "A*x\0", "\ufeffA*x", "A*x\r\n", "A" * 4000, "(" * 4000,
                                  "\u2028", "9" * 4000, "A^" * 2000, "\\frac" * 800, "x\n" * 2000])
def test_strange_answers_have_a_verdict(text: str, tmp_path: Path):
    report = mc.grade_class(PROBLEM, {"a": text, "b": "A*x + A'*x"}, tmp_path, workers=1, seconds=30)
    assert [g.verdict.result for g in report][1] == "right" and lines(tmp_path)[0]["answer"] == text
    assert report.graded[0].verdict.how not in ("failed", "died")


def test_one_students_strange_file_costs_that_answer_only(tmp_path: Path):
    files = {"ava": b"\xef\xbb\xbfA*x + A'*x\r\n", "ben": "\u00fc*x".encode("latin-1"), "cho": "A*x".encode("utf-16"),
             "dev": b"", "eli": b"\0\0"}
    for name, data in files.items():
        (tmp_path / f"{name}.tex").write_bytes(data)
    found = {g.record.student: g.verdict.result for g in mc.grade_class(PROBLEM, tmp_path, workers=1)}
    assert found == {"ava": "right", "ben": "unreadable", "cho": "unreadable", "dev": "no_answer", "eli": "unreadable"}


def test_the_folder_of_one_student(tmp_path: Path):
    (tmp_path / "p.tex").write_text("A*x + A'*x")
    other = {**PROBLEM, "id": "q"}
    report = mc.grade_class([PROBLEM, other], tmp_path, workers=1, student="me")
    assert [(g.record.student, g.record.problem, g.verdict.result) for g in report] == [
        ("me", "p", "right"), ("me", "q", "no_answer")]
    (tmp_path / "r.tex").write_text("x")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "p.tex").write_text("x")
    for source, student, code in ((tmp_path, "me", "M440"), (tmp_path, None, "M440"), (tmp_path / "p.tex", "me", "M440")):
        with pytest.raises(mc.MatcalcError) as caught:
            mc.grade_class([PROBLEM, other], source, workers=1, student=student)
        assert caught.value.diagnostic.code == code


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
