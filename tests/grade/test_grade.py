"""Verdicts on recorded answers, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.grade import load

ROOT = Path(__file__).resolve().parents[2]
PROBLEMS = {p.stem: load(p) for p in sorted((ROOT / "examples" / "problems").glob("*.toml"))}
ANSWERS = [json.loads(line) for line in (ROOT / "tests" / "data" / "student_answers.jsonl").read_text(
    encoding="utf-8").splitlines()]
FORMULAS = [a for a in ANSWERS if "def " not in a["answer"]]  # programs: test_functions.py
EQUIVALENT = {  # the record's name -> what is said as well
    "extra_constant": {"missing_constant"}, "symmetric_formula_used": {"structured_symmetric_convention"},
}


@pytest.mark.parametrize("recorded", FORMULAS, ids=lambda a: a["id"])
def test_recorded_verdicts(recorded: dict):
    verdict = mc.grade(PROBLEMS[recorded["problem"]], recorded["answer"])
    assert verdict.result == recorded["verdict"], verdict
    if verdict.result == "wrong":
        assert verdict.mistake in {recorded["mistake"], *EQUIVALENT.get(recorded["mistake"], ())}, verdict


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("recorded", FORMULAS[::7], ids=lambda a: a["id"])
def test_another_seed_gives_the_same_verdict(recorded: dict, seed: int):
    problem = PROBLEMS[recorded["problem"]]
    assert mc.grade(problem, recorded["answer"], seed=seed).result == recorded["verdict"]
    assert mc.grade(problem, recorded["answer"], seed=seed) == mc.grade(problem, recorded["answer"], seed=seed)


@pytest.mark.parametrize("recorded", [a for a in FORMULAS if a["verdict"] == "wrong"], ids=lambda a: a["id"])
def test_a_hint_gives_nothing_away(recorded: dict):
    verdict = mc.grade(PROBLEMS[recorded["problem"]], recorded["answer"], feedback="hint")
    assert verdict.feedback and "$" not in verdict.feedback and "=" not in verdict.feedback
    assert mc.grade(PROBLEMS[recorded["problem"]], recorded["answer"], feedback="none").feedback == ""


@pytest.mark.parametrize(("answer", "result"), [
    ("", "no_answer"), ("   ", "no_answer"), ("W_3^\\top (", "unreadable"), ("I don't know", "unreadable"),
    ("def grad(W): return W", "unreadable"), ("\\input{secret}", "unreadable"), ("(" * 500, "unreadable"),
    ("dL/df2", "unreadable"), ("0", "wrong"),
])
def test_hostile_and_empty_answers(answer: str, result: str):
    assert mc.grade(PROBLEMS["p01"], answer).result == result


def test_layouts():
    transposed = "(W1*x)*(W3*W2*W1*x - y)'*W3"
    given = {"wrt": "W2", "model": "W1 : n1 x n0; W2 : n2 x n1; W3 : n3 x n2; x : n0; L = 1/2*norm2(W3*W2*W1*x - y)^2"}
    results = {layout: mc.grade({**given, "layout": layout}, transposed) for layout in ("expected", "either", "report")}
    assert [v.result for v in results.values()] == ["wrong", "right", "right"]
    assert "transpose" in results["report"].feedback and results["expected"].mistake == "layout_transposed"


@pytest.mark.parametrize(("model", "kind", "answer", "result"), [
    ("X : n x n; f = tr(X)", "gradient", "I", "right"), ("X : n x n; f = tr(X)", "gradient", "-I", "wrong"),
    ("X : n; f = sum(X)", "gradient", "\\mathbf{1}", "right"), ("X : n; F = 2*X", "jacobian", "2I", "right"),
    ("X : m x n; f = sum(X)", "gradient", "\\mathbf{1}\\mathbf{1}^\\top", "right"),
    ("X : n; f = sum(X)", "gradient", "\\mathbf{1}\\mathbf{1}^\\top", "unreadable"),
])
def test_a_constant_has_the_size_of_the_derivative(model: str, kind: str, answer: str, result: str):
    assert mc.grade({"wrt": "X", "kind": kind, "model": model}, answer).result == result


def test_functions_as_answers():
    problem = PROBLEMS["p04"]
    assert mc.grade(problem, lambda X, w, y: X.T @ (X @ w - y)).result == "right"
    assert mc.grade(problem, lambda X, w, y: X.T @ (y - X @ w)).result == "wrong"


SQUARES = {"wrt": "w", "model": "X : N x d; w : d; y : N; L = 1/2*norm2(X*w - y)^2"}
LINEAR = {"wrt": "X", "model": "A : n x n; X : n x n; f = tr(A*X)"}
THIRD = {"wrt": "x", "model": "x : n; b : n; f = 1/3*b'*x"}
RELU = {"wrt": "z", "model": "z : n; c : n; f = c'*relu(z)"}


@pytest.mark.parametrize(("problem", "answer", "result"), [
    (SQUARES, "X'X(w - (X'X)^{-1}X'y)", "right"), (SQUARES, "(X'X)^{-1}X'y", "wrong"),  # singular where N < d
    (LINEAR, "sqrt(-1)*A'", "undecided"), (LINEAR, "log(-1)*A", "undecided"), (LINEAR, "A'/(1-1)", "undecided"),
    (LINEAR, "A' + expm(1000000*X)", "undecided"), (LINEAR, "kron(kron(kron(X,X),X),X)*kron(X,X)", "wrong"),
    (THIRD, "b/3", "right"), (THIRD, "0.33*b", "wrong"), (THIRD, "0.3333333333*b", "undecided"), (THIRD, "0.333334*b", "undecided"),
    (RELU, "c .* (z > 0)", "right"), (RELU, "c \\odot \\mathbb 1[z \\ge 0]", "right"), (RELU, "c ./ (z > 0)", "undecided"),
    (RELU, "c .* (c > 0)", "wrong"),
])
def test_hard_decisions(problem: dict, answer: str, result: str):
    assert mc.grade(problem, answer).result == result


@pytest.mark.parametrize(("problem", "code"), [
    ({"model": "norm2(x)^2"}, "M402"), ({"wrt": "x", "model": "norm2(x)^2", "point": 3}, "M402"),
    ({"wrt": "z", "model": "norm2(x)^2"}, "M403"), ({"wrt": "x", "model": "norm2(x)^2", "kind": "slope"}, "M403"),
])
def test_problems_that_are_none(problem: dict, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grade(problem, "2*x")
    assert caught.value.diagnostic.code == code


def test_feedback_level():
    with pytest.raises(mc.MatcalcError) as caught:
        mc.grade(PROBLEMS["p04"], "x", feedback="all")
    assert caught.value.diagnostic.code == "M404"
