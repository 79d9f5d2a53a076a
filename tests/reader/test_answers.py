"""Answers are read as their writers meant them: verdicts, spellings, readings."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.expr.latex import latex
from matcalc.expr.text import text
from matcalc.expr.unicode import unicode
from matcalc.reader import read, read_formula
from matcalc.reader.answers import read_answer

from .problems import agree, problem, records, reference

ANSWERS = records("student_answers.jsonl")
SPELLINGS = records("spellings.jsonl")


def ids(found: list[dict]) -> list[str]:
    return [f"{r['problem']}:{r['answer'][:40]}" for r in found]


@pytest.mark.parametrize("record", ANSWERS, ids=[r["id"] for r in ANSWERS])
def test_verdicts_of_students(record: dict):
    model, functions, wrt, _ = problem(record["problem"])
    is_program = record["answer"].startswith("def ")
    try:
        reading = read_answer(record["answer"], model, functions, wrt)
    except MatcalcError as error:
        code = error.diagnostic.code
        assert code == "M118" if is_program else code.startswith("M2") and record["verdict"] == "wrong"
        return
    assert not is_program
    expected = reference(record["problem"])
    verdicts = {agree(model, r.answer, expected) for r in (reading, *reading.alternatives)}
    assert verdicts == {record["verdict"] == "right"}


@pytest.mark.parametrize("record", [r for r in SPELLINGS if r["means"]], ids=ids([r for r in SPELLINGS if r["means"]]))
def test_spellings(record: dict):
    model, functions, wrt, _ = problem(record["problem"])
    reading = read_answer(record["answer"], model, functions, wrt)
    assert agree(model, reading.answer, read_formula(record["means"], model))


@pytest.mark.parametrize("record", [r for r in SPELLINGS if not r["means"]],
                         ids=ids([r for r in SPELLINGS if not r["means"]]))
def test_unreadable_and_misfits(record: dict):
    model, functions, wrt, _ = problem(record["problem"])
    with pytest.raises(MatcalcError) as caught:
        read_answer(record["answer"], model, functions, wrt)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code.startswith("M2" if record.get("misfit") else "M1") and diagnostic.labels


@pytest.mark.parametrize("name", ["p01", "p12", "p17", "p25", "p38", "deep", "hh", "attn", "lr", "gauss"])
@pytest.mark.parametrize("printed", [latex, text, unicode])
def test_printed_gradients_are_read_back(name: str, printed):
    model = problem(name)[0]
    for gradient in mc.derive(model, check=False).gradients.values():
        assert agree(model, read_answer(printed(gradient.closed_form), model).answer, gradient.closed_form)


NET = read("x : n0; y : n2; W1 : n1 x n0; W2 : n2 x n1; h = tanh(W1*x); L = 1/2*norm2(W2*h - y)^2")
@pytest.mark.parametrize(("model", "wrt", "answer", "means"), [
    ("x : n; p = softmax(x); L = sum(p.^3)", "x", r"\hat p", "p"),
    ("E : N x k; b : 1 x k; L = sum(E*b')", "b", r"\sum_{i=1}^N E_{i,:}", "ones'*E"),
    ("A : m x n; X : m x n; L = sum(A.*X)", "X", "A_{ij}X_{ij}", "A.*X"),
    ("h : m; W : m x n; L = sum(h'*W)", "W", "(1-h**2)[:,None]*W", "diag(1 - h.^2)*W"),
    ("X : N x d; b : d; y : N; e = X*b; L = y'*e", "b", r"X^\top(e^{Xb} - y)", "X'*(exp(X*b) - y)"),
    ("U : m x r; V : n x r; E : m x n; L = sum(U*V' - E)", "U",
     r"\frac{\partial L}{\partial U_{ia}} = \sum_j E_{ij}V_{ja}", "E*V"),
])
def test_notations_that_look_like_something_else(model: str, wrt: str, answer: str, means: str):
    known = read(model)
    assert agree(known, read_answer(answer, known, wrt=wrt).answer, read_formula(means, known))


SQUARE = read("A : n x n; B : n x n; X : n x n; x : n; z : n; f = tr(A*X*B) + x'*z")


def readings(answer: str, model=SQUARE) -> list[str]:
    reading = read_answer(answer, model)
    return [repr(r.answer) for r in (reading, *reading.alternatives)]


@pytest.mark.parametrize(("answer", "expected"), [
    ("A*B", ["A B", "A .* B"]), (r"A \odot B X", ["A .* (B X)", "(A .* B) X"]), ("A @ B", ["A B"]),
    ("(A*B) @ X", ["(A .* B) X"]), ("A.*B*X", ["(A .* B) X"]), ("A*B", ["A B", "A .* B"]),
    (r"x \cdot z", ["x^T z", "x .* z"]), ("x*z", ["x .* z"]), ("X'B", ["X^T B"]), ("XB", ["X B"]),
    (r"A^2", ["A^2", "A.^2"]), (r"\tr A X", ["ERR"]), (r"\operatorname{tr} A X", ["tr(A X)", "tr(A) X"]),
    ("sum(A)", ["sum(A)", "colsum(A)"]),
])
def test_all_readings_that_fit(answer: str, expected: list[str]):
    if expected == ["ERR"]:
        with pytest.raises(MatcalcError):
            read_answer(answer, SQUARE)
    else:
        assert readings(answer) == expected


def test_members_of_a_chain():
    reading = read_answer(r"\frac{\partial L}{\partial W_2} = \frac{\partial L}{\partial q}\frac{\partial q}{\partial W_2}"
                          r" = (W_2 h - y) h^\top = W_2 h h^\top - y h^\top", NET)
    assert [repr(m) for m in reading.members] == ["(W2 h - y) h^T", "W2 h h^T - y h^T"]
    assert [d.code for d in reading.skipped] == ["M115"]
    assert reading.target == "W2"
    assert reading.latex == r"(W_2 h - y) h^{\top} = W_2 h h^{\top} - y h^{\top}"


def test_cotangents_stay():
    assert repr(read_answer(r"\frac{\partial L}{\partial h} x^\top", NET).answer) == "(dL/dh) x^T"


def test_the_asked_variable_chooses_the_line():
    lines = "dW2 = (W2 @ h - y) @ h.T\ndh = W2.T @ (W2 @ h - y)\ndW1 = (dh * (1 - h**2)) @ x.T"
    assert read_answer(lines, NET, wrt="W2").target == "W2"
    assert repr(read_answer(lines, NET, wrt="W2").answer) == "(W2 h - y) h^T"
    assert read_answer(lines, NET, wrt="W1").target == "W1"


@pytest.mark.parametrize(("answer", "marked"), [
    (r"W_2^\top (V h - y)", "V"), (r"\mathbf{W}_2 \foo h", r"\foo"), ("W2' * (W2*h - y", "("), ("W2*hq", "hq"),
    (r"\frac{W_2}{", "{"), ("(W2*h - y)*h'*q", "q"),
])
def test_carets_point_into_the_answer(answer: str, marked: str):
    with pytest.raises(MatcalcError) as caught:
        read_answer(answer, NET)
    label = caught.value.diagnostic.labels[0]
    assert answer[label.start:label.end] == marked


def test_misfits_name_both_factors():
    with pytest.raises(MatcalcError) as caught:
        read_answer(r"W_2 (W_2 h - y) h^\top", NET)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == "M201"
    assert [x.text for x in diagnostic.labels] == ["W_2 is n2 x n1, so it has n1 columns",
                                                   "(W_2 h - y) is a vector with n2 entries, so it has n2 rows"]


def test_own_definitions_in_any_order_but_no_loops():
    assert repr(read_answer("e h' where e = W2 h - y", NET).answer) == "(W2 h - y) h^T"
    assert repr(read_answer("d = h\nd = d*2\nd*x'", NET).answer) == "2 h x^T"
    with pytest.raises(MatcalcError) as caught:
        read_answer("r h' where r = 2 q, q = r + y", NET)
    assert caught.value.diagnostic.code == "M108"
