"""Problem files: every key, every mistake in one with its line, and the problems of the lectures."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcalc as mc
from matcalc.grade import load
from matcalc.grade.loading import ACCEPT_KEYS, KEYS
from matcalc.grade.diagnosis.names import MISTAKES
from matcalc.grade.toml_places import places

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "problems"
LECTURES = [json.loads(line) for line in (ROOT / "tests" / "data" / "lecture_answers.jsonl").read_text().splitlines()]
PROBLEMS = {name: load(FOLDER / f"{name}.toml") for name in dict.fromkeys(a["problem"] for a in LECTURES)}
QUADRATIC = {"wrt": "x", "model": "A : n x n\nx : n\nf = x'*A*x"}


@pytest.mark.parametrize("recorded", LECTURES, ids=lambda a: f"{a['problem']}-{a['verdict']}")
def test_answers_to_the_lectures(recorded: dict):
    assert mc.grade(PROBLEMS[recorded["problem"]], recorded["answer"]).result == recorded["verdict"]


def test_every_lecture_problem_has_a_right_and_a_wrong_answer():
    files = {p.stem for p in FOLDER.glob("lecture_*.toml")}
    assert files == set(PROBLEMS)
    for name in files:
        assert {a["verdict"] for a in LECTURES if a["problem"] == name} == {"right", "wrong"}
    items = {int(name.split("_")[1]) for name in files}
    assert items == {1, 3, 4, 5, 6, 8, 9, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22}


def test_every_key_is_documented():
    text = (ROOT / "docs" / "grading.md").read_text()
    for key in (*KEYS, *ACCEPT_KEYS):
        assert re.search(rf"`{key}`|^\[*{key}\b", text, re.MULTILINE), key


def test_accepted_answers_have_their_own_credit_and_words():
    problem = {**QUADRATIC, "points": 4, "accept": [
        {"answer": "2*A*x", "credit": 0.5, "feedback": "Is A symmetric?", "mistake": "assumed_symmetric"},
        {"answer": "2*A^T*x", "feedback": "A' for A is fine here."}]}
    half = mc.grade(problem, r"A x + A x")
    assert (half.result, half.credit, half.mistake, half.feedback) == ("wrong", 0.5, "assumed_symmetric", "Is A symmetric?")
    whole = mc.grade(problem, "A'x + A'x")
    assert (whole.result, whole.credit, whole.feedback) == ("right", 1, "Right. A' for A is fine here.")
    assert mc.grade(problem, "(A + A') x").credit == 1 and mc.grade(problem, "A x").credit == 0
    assert mc.grade(problem, "2 A x", feedback="hint").feedback == "Is A symmetric?"
    assert mc.grade(problem, "2 A x", feedback="verdict").feedback == ""
    assert [g.score for g in mc.grade_class(problem, {"a": "2 A x", "b": "2 A' x", "c": "A x", "d": "A("}, workers=1)] == [
        2, 4, 0, None]


def test_credit_for_a_mistake():
    named = mc.grade(QUADRATIC, "-(A + A')*x")
    assert named.credit == 0 and named.mistake in MISTAKES
    problem = {**QUADRATIC, "points": 3, "credit": {named.mistake: 0.5}}
    assert mc.grade(problem, "-(A + A')*x").credit == 0.5 and mc.grade(problem, "A*x").credit == 0
    assert mc.grade(problem, "A*(").credit is None and mc.grade(problem, "").credit == 0
    assert mc.check("-(A + A')*x", problem) == 1.5


def test_every_mistake_that_is_named_may_have_credit():
    recorded = [json.loads(line) for line in (ROOT / "tests/data/student_answers.jsonl").read_text().splitlines()]
    for a in [*LECTURES, *recorded]:
        if a["verdict"] == "wrong" and "def " not in a["answer"]:
            problem = PROBLEMS.get(a["problem"]) or FOLDER / f"{a['problem']}.toml"
            mistake = mc.grade(problem, a["answer"]).mistake
            assert mistake in ("", *MISTAKES)


def test_given_names_and_functions_may_be_used_in_answers():
    problem = {"wrt": "w", "model": "X : N x d; w : d; y : N\nL = sum(sigmoid(X*w - y))",
               "functions": {"g": "sigmoid"}, "given": {"r": "X*w - y", "s": r"g(r)"}}
    assert mc.grade(problem, r"X^\top (s \odot (1 - s))").result == "right"
    assert mc.grade(problem, r"X^\top (g(r) \odot (1 - s))").result == "right"
    assert mc.grade(problem, r"X^\top (r \odot (1 - s))").result == "wrong"
    assert mc.grade({**problem, "given": {}}, r"X^\top (s \odot (1 - s))").result == "unreadable"


def test_given_names_may_use_the_output_of_a_jacobian():
    problem = {"wrt": "z", "kind": "jacobian", "model": "z : k\nh = tanh(z)", "given": {"g": "1 - h .* h"}}
    assert mc.grade(problem, "diag(g)").result == "right" and mc.grade(problem, "diag(1 - g)").result == "wrong"


def test_rows_of_a_matrix_have_the_letter_that_the_problem_says():
    problem = {"wrt": "w", "model": "X : N x d; w : d; y : N\nL = 1/2*norm2(X*w - y)^2", "rows_are": {"a": "X"}}
    for text, result in ((r"\sum_i (a_i^\top w - y_i) a_i", "right"), (r"\sum_i a_i a_i^\top w", "wrong")):
        assert mc.grade(problem, text).result == result
    assert mc.grade({**problem, "rows_are": {}}, r"\sum_i (a_i^\top w - y_i) a_i").result == "unreadable"


GOOD = '# a problem\nid = "p"\nwrt = "x"\n\nmodel = """\nA : n x n\nx : n\nf = x\'*A*x\n"""\n'


@pytest.mark.parametrize(("more", "code", "line", "words"), [
    ('colour = "red"', "M402", 1, "no entry `colour`"),
    ('layuot = "either"', "M402", 1, "did you mean `layout`"),
    ('layout = "eiter"', "M403", 1, "cannot be `eiter`"),
    ("points = 0", "M403", 1, "`points`"),
    ("points = nan", "M403", 1, "`points`"),
    ('points = "2"', "M403", 1, "a number above 0"),
    ("points = true", "M403", 1, "a number above 0"),
    ("title = 3", "M403", 1, "text"),
    ('[functions]\nsigma = "sigmoyd"', "M403", 2, "did you mean `sigmoid`"),
    ("[credit]\n\nwrong_sing = 0.5", "M438", 3, "did you mean `wrong_sign`"),
    ("[credit]\nwrong_sign = 1.5", "M403", 2, "from 0 to 1"),
    ("credit = { wrong_sign = -1 }", "M403", 1, "from 0 to 1"),
    ('[[accept]]\nanswer = "A*x"\n[[accept]]\nanswr = "x"', "M402", 4, "did you mean `answer`"),
    ("[[accept]]\ncredit = 1", "M402", 1, "says no `answer`"),
    ('[[accept]]\nanswer = "A*x"\ncredit = 2', "M403", 3, "from 0 to 1"),
    ('[[accept]]\nanswer = "A*q*x"', "M441", 2, "`q`"),
    ('[[accept]]\nanswer = "x"\nmistake = "typo"', "M438", 3, "no mistake `typo`"),
    ("accept = [1]", "M403", 1, "list of tables"),
    ('[given]\nr = "A*("', "M441", 2, "operand"),
    ('[given]\nA = "x"', "M403", 2, "already"),
    ("[given]\nr = 1", "M403", 2, "formula is text"),
    ('[rows_are]\na = "x"', "M403", 2, "no matrix `x`"),
    ('kind = ["gradient"]', "M403", 1, "text"),
])
def test_mistakes_in_a_file_are_shown_with_their_line(tmp_path: Path, more: str, code: str, line: int, words: str):
    path = tmp_path / "p.toml"
    path.write_text(GOOD.replace("\n", "\r\n") + more)
    with pytest.raises(mc.MatcalcError) as caught:
        load(path)
    d = caught.value.diagnostic
    assert d.code == code and words in str(caught.value), caught.value
    assert d.labels and d.line == GOOD.count("\n") + line


def test_mistakes_in_the_model_are_shown_with_the_line_of_the_file(tmp_path: Path):
    path = tmp_path / "p.toml"
    path.write_text(GOOD.replace("x'*A*x", "x'*A*"))
    with pytest.raises(mc.MatcalcError) as caught:
        load(path)
    assert f"{path}:8:" in str(caught.value)


NAMES = st.text("abcz_-09", min_size=1, max_size=4)


VALUES = st.one_of(st.integers(), st.just('"""\nx = 1\n[t]\n"""'), st.just('"[a] b = 1"'))
TABLES = st.tuples(NAMES, st.booleans(), st.lists(NAMES, unique=True, max_size=3))


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.lists(TABLES, max_size=4, unique_by=lambda t: t[0]))
def test_places_are_those_of_the_keys_that_the_library_reads(top: dict, tables: list):
    text = "".join(f"{k} = {v}\n" for k, v in top.items())
    wanted = {(k,) for k in top}
    for name, is_array, keys in tables:
        if name in top:
            continue
        inside = "".join(f"  {k} = 'y = 2' # z = 3\n" for k in keys)
        text += f"[[{name}]] # x = 1\n{inside}" * 2 if is_array else f"[ {name} ]\n{inside}"
        for path in ((name, 0), (name, 1)) if is_array else ((name,),):
            wanted |= {path, *((*path, k) for k in keys)}
    tomllib.loads(text)
    found = places(text)
    assert set(found) == wanted
    for path, label in found.items():
        assert text[label.start:label.end].strip() == [x for x in path if isinstance(x, str)][-1]
