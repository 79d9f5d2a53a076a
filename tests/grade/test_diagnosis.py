"""What is said of wrong answers: the name of the mistake, and nothing that is not so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.grade import load
from matcalc.grade.deciding import Referee
from matcalc.grade.diagnosis.counterexample import counterexample
from matcalc.grade.diagnosis.drafts import Values
from matcalc.grade.diagnosis.names import GENERAL, HINTS, PROGRAMS, hint
from matcalc.grade.diagnosis.repair import repairs
from matcalc.grade.diagnosis.vocabulary import vocabulary
from matcalc.numeric.mistakes import forward
from matcalc.numeric.sample import draw
from matcalc.reader.answers import read_answer, read_drafts

from .mutants import mutants, value

DATA = tomllib.loads((Path(__file__).parent / "data" / "wrong_answers.toml").read_text(encoding="utf-8"))["problem"]
PROBLEMS = {p["id"]: load({k: p[k] for k in ("id", "wrt", "kind", "model", "functions") if k in p}) for p in DATA}


@pytest.mark.parametrize("given", DATA, ids=lambda p: p["id"])
def test_wrong_answers_are_named(given: dict):
    problem = PROBLEMS[given["id"]]
    assert all(mc.grade(problem, answer).result == "right" for answer in given["right"])
    for answer, names in given["wrong"]:
        verdict = mc.grade(problem, answer)
        assert verdict.result == "wrong", answer
        assert verdict.mistake in names.split("|"), (answer, verdict.mistake, verdict.feedback)
        assert verdict.feedback


def test_nine_of_ten_have_a_name():
    names = [names for p in DATA for _, names in p["wrong"]]
    assert len(names) >= 240 and sum(not n for n in names) <= 0.02 * len(names)


def differences(problem, point) -> np.ndarray:
    """The derivative from values of the function alone, by central differences written out here."""
    x, rows = point.values[problem.wrt], []

    def f(moved):
        return forward(problem.model, type(point)(point.sizes, {**point.values, problem.wrt: moved}))[problem.model.output.name]
    for i in np.ndindex(*x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-6
        rows.append((f(x + step) - f(x - step)).ravel() / 2e-6)
    table = np.array(rows)
    return table.reshape(x.shape) if problem.kind == "gradient" else table.T


@pytest.mark.parametrize("given", DATA, ids=lambda p: p["id"])
def test_an_edit_makes_the_formula_right(given: dict):
    """At a point that the search has not seen, by finite differences."""
    problem = PROBLEMS[given["id"]]
    referee, fresh = Referee(problem), draw(problem.model, 12345)
    point, right = referee.points[0], problem.right.form
    wanted, words = differences(problem, fresh), vocabulary(problem.model, right)
    for answer, _ in given["wrong"][::2]:
        try:
            drafts = [read_answer(answer, problem.model, problem.functions, problem.wrt, right.shape).answer]
        except MatcalcError:
            drafts = list(read_drafts(answer, problem.model, problem.functions, problem.wrt))
        for draft in drafts:
            values = Values(point, forward(problem.model, point))
            found = repairs(draft, Referee.values(right, point), values, words,
                            lambda f: bool(referee.same(referee.in_variables(f), right).same))
            for r in found[:2]:
                got = Referee.values(referee.in_variables(r.formula), fresh)
                assert np.allclose(got, wanted, rtol=1e-4, atol=1e-5), (answer, r.edit)


@pytest.mark.parametrize("given", DATA, ids=lambda p: p["id"])
def test_a_hint_has_nothing_of_the_formula_in_it(given: dict):
    problem = PROBLEMS[given["id"]]
    names = {n for n in [*problem.model.variables, *(a.name for a in problem.model.assignments)] if n not in "aA"}
    for answer, _ in given["wrong"][::2]:
        said = mc.grade(problem, answer, feedback="hint").feedback
        assert said in {*HINTS.values(), GENERAL}
        assert not names & set(said.replace(",", " ").replace("?", " ").replace(".", " ").split()), said


def test_hints_are_words():
    for name, said in HINTS.items():
        assert not set("$^=*\\_0123456789") & set(said) and said.endswith((".", "?")), name
    assert hint("") == hint("nothing of the kind") == GENERAL


def test_every_name_that_is_given_has_a_hint():
    given = {name for p in DATA for _, names in p["wrong"] for name in names.split("|")} - {""}
    assert given <= set(HINTS)


MUTATED = {
    "linear": ("W2", "x : n0; y : n3; W1 : n1 x n0; W2 : n2 x n1; W3 : n3 x n2; L = 1/2*norm2(W3*W2*W1*x - y)^2",
               "W3.T @ (W3 @ W2 @ W1 @ x - y) @ (W1 @ x).T"),
    "tanh": ("W1", "x : n0; y : n2; W1 : n1 x n0; b1 : n1; W2 : n2 x n1; z = W1*x + b1; h = tanh(z); L = 1/2*norm2(W2*h - y)^2",
             "((W2.T @ (W2 @ h - y)) * (1 - h**2)) @ x.T"),
    "factors": ("U", "R : m x n; U : m x k; V : n x k; lam : scalar; L = norm2(R - U*V')^2 + lam*norm2(U)^2",
                "-2 * (R - U @ V.T) @ V + 2 * lam * U"),
    "inverse": ("X", "a : n; b : n; X : n x n invertible; f = a'*inv(X)*b",
                "-np.linalg.inv(X).T @ a @ b.T @ np.linalg.inv(X).T"),
    "logistic": ("w", "X : N x d; w : d; y : N target; p = sigmoid(X*w); L = -sum(y .* log(p) + (1 - y) .* log(1 - p))",
                 "X.T @ (p - y)"),
}


def test_mutants_of_right_answers():
    """Every third formula that is one edit away and has another value is wrong, and nearly every edit is named."""
    named = total = 0
    for wrt, model, right in MUTATED.values():
        problem = load({"wrt": wrt, "model": model})
        referee = Referee(problem)
        values = forward(problem.model, referee.points[0])
        wanted = value(right, values)
        assert np.allclose(wanted, Referee.values(problem.right.form, referee.points[0]))
        names = [n for n in values if n != problem.model.output.name]
        for kind, text in list(dict.fromkeys(mutants(right, names)))[::3]:
            got = value(text, values)
            if got is None and kind in ("entrywise", "matrix product"):
                continue  # read as the product that fits
            if got is not None and np.shape(got) == wanted.shape and np.allclose(got, wanted):
                continue
            verdict = mc.grade(problem, text)
            assert verdict.result == "wrong", text
            total += 1
            named += verdict.mistake not in ("", "nonconforming", "wrong_shape", "wrong_part")
    assert total > 60 and named >= 0.95 * total, (named, total)


@pytest.mark.parametrize(("answer", "words"), [
    ("2*W3*(W3*W2*W1*x - y)*(W1*x)'", "the whole must be multiplied by $\\frac{1}{2}$."),
    ("W3*(y - W3*W2*W1*x)*(W1*x)'", "the sign is wrong."),
])
def test_an_edit_and_a_factor(answer: str, words: str):
    wrt, model, _ = MUTATED["linear"]
    verdict = mc.grade({"wrt": wrt, "model": model}, answer)
    assert verdict.mistake == "missing_transpose" and f"Besides, {words}" in verdict.feedback


def test_the_smallest_counterexample():
    problem = load({"wrt": "w", "model": "X : N x d; w : d; y : N; L = 1/2*norm2(X*w - y)^2"})
    said = mc.grade(problem, "w").feedback
    assert said == ("For $X$ = 1, $w$ = 2, $y$ = 3 your formula gives 2; finite differences of the function give -1, "
                    "and so does the right one.")  # 1 (1 2 - 3) = -1


def test_a_counterexample_needs_matrices_when_numbers_commute():
    problem = load({"wrt": "X", "model": "A : n x n; X : n x n; f = tr(A*X*A*X)"})
    answer = read_answer("2*A*X*A", problem.model).answer
    referee = Referee(problem)
    said = counterexample(problem, answer, problem.right.form, referee.points, True)
    assert said.startswith("For $A$ = [") and "; finite differences" in said


DEEP = """W1 : a x n; W2 : b x a; W3 : c x b; x : n; y : c target
    h1 = tanh(W1*x); h2 = tanh(W2*h1); h3 = tanh(W3*h2); L = 1/2*norm2(h3 - y)^2"""
BACKWARD = """d3 = (h3 - y)*({slope3}); d2 = (W3.T @ d3)*({slope2}); d1 = (W2.T @ d2)*({slope1}); np.outer(d1, x)"""


@pytest.mark.parametrize(("slope", "words"), [
    ("1 - h{}", "Every derivative of tanh is written as 1 - h (h is its output)."), ("1", "Every derivative of tanh is missing."),
    ("h{}*(1 - h{})", "Every derivative of tanh is written as h (1 - h) (h is its output)."),
])
def test_the_same_mistake_in_every_layer(slope: str, words: str):
    answer = BACKWARD.format(**{f"slope{k}": slope.replace("{}", str(k)) for k in (1, 2, 3)})
    assert mc.grade({"wrt": "W1", "model": DEEP}, answer).feedback == words


@pytest.mark.parametrize(("model", "wrt", "answer", "expected"), [
    ("X : m x n; w : n; y : m; L = norm2(X*w - y)^2", "w", "(X'*X)^{-1}*X'*y", True),
    ("X : m x n; w : n; y : m; l : scalar; L = norm2(X*w - y)^2 + l*norm2(w)^2", "w", "inv(X'*X + l*eye)*X'*y", True),
    ("x : n; w : n; f = x'*w/(norm2(x)*norm2(w))", "x", "w/(norm2(x)*norm2(w))", False),
    ("x : n; A : n x n; f = x'*A*x", "x", "0*x", False),
])
def test_where_the_gradient_is_zero_is_no_gradient(model: str, wrt: str, answer: str, expected: bool):
    verdict = mc.grade({"wrt": wrt, "model": model}, answer)
    assert verdict.result == "wrong" and (verdict.mistake == "stationary_point") == expected


@pytest.mark.parametrize("code", ["(W2.T @ (W2 @ h - y))*(1 - h)", "x @ ((W2.T @ (W2 @ h - y))*(1 - h**2)).T",
                                  "W2.T @ (W2 @ h - y) @ x.T", "2*((W2.T @ (W2 @ h - y))*(1 - h**2)) @ x.T"])
def test_values_are_explained_like_formulas(code: str):
    problem = {"wrt": "W1", "model": "W1 : m x n; W2 : k x m; x : n; y : k target; z = W1*x; h = tanh(z); "
                                     "L = 1/2*norm2(W2*h - y)^2"}
    code = code if "x.T" in code or code.startswith("x") else f"({code}) @ x.T"
    program = f"import numpy as np\ndef grad(W1, W2, x, y):\n    h = np.tanh(W1 @ x)\n    return {code}"
    formula, values = mc.grade(problem, code), mc.grade(problem, program)
    assert (formula.mistake, formula.feedback) == (values.mistake, values.feedback) and formula.result == "wrong"


def test_offsets_and_diagonals_are_seen():
    problem = {"wrt": "X", "model": "X : n x n; B : n x n; f = tr(X'*X*B)"}
    assert mc.grade(problem, "X*(B + B') + 5*ones(n)*ones(n)'").mistake in ("offset", "extra_term")
    assert mc.grade(problem, "X*(B + B') + 3*diag(diag(B*B*X))").mistake in ("wrong_part", "extra_term")


@pytest.mark.parametrize("answer", [
    "W_3" + " W_3" * 60, "+".join(["W3'*(W3*W2*W1*x - y)*(W1*x)'"] * 40), "(" * 40 + "W2" + ")" * 40,
    "inv(W2)", "W2^{64}", "diag(W2) diag(x)", "W3 W2 W1 x - y + ones + 1", "0*W2", "W2/0",
])
def test_strange_answers_have_a_verdict(answer: str):
    problem = load({"wrt": "W2", "model": "W1 : n1 x n0; W2 : n2 x n1; W3 : n3 x n2; x : n0; y : n3; "
                                          "L = 1/2*norm2(W3*W2*W1*x - y)^2"})
    assert mc.grade(problem, answer).result in ("wrong", "unreadable", "undecided")


def test_the_documented_names():
    docs = Path(__file__).resolve().parents[2] / "docs"
    table = (docs / "mistakes.md").read_text(encoding="utf-8").partition("|---|")[2]
    assert set(re.findall(r"`(\w+)`", table)) == set(HINTS)
    text = (docs / "programs.md").read_text(encoding="utf-8")
    table = text[text.index("| `mistake` | result |"):text.index("## What keeps")]
    assert {*PROGRAMS, "wrong_shape"} <= set(re.findall(r"`(\w+)`", table))
