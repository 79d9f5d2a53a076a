"""Messages: places of both sides, and a help that works."""

from __future__ import annotations

import re

import pytest

from matcalc.errors import Diagnostic, MatcalcError
from matcalc.reader import read


def diagnostic(source: str) -> Diagnostic:
    with pytest.raises(MatcalcError) as caught:
        read(source)
    return caught.value.diagnostic


def marked(source: str) -> list[str]:
    return [source[x.start:x.end] for x in diagnostic(source).labels]


@pytest.mark.parametrize(("source", "places"), [
    ("W : m x n; x : m; sum(W*x)", ["W", "x"]), ("A : m x n; b : k; sum(A + b)", ["A", "b"]),
    ("x : n; z : m; sum(x .* z)", ["x", "z"]), ("sum(tahn(W*x))", ["tahn"]), ("A : m x n; logdet(A)", ["A"]),
    ("f = x; f = z; sum(f)", ["f", "f"]), ("sum(W*(x + y)", ["("]),
])
def test_places(source: str, places: list[str]):
    assert marked(source) == places


@pytest.mark.parametrize(("source", "wrong"), [
    ("W : m x n; x : m; sum(W*x)", "W*x"), ("X : N x d; W : k x d; sum(X*W)", "X*W"),
    ("A : m x n; B : m x k; sum(A*B)", "A*B"), ("x : n; z : n; sum(x*z)", "x*z"),
])
def test_help_for_products_works(source: str, wrong: str):
    help = diagnostic(source).help
    formula = re.sub(r"^.*write  ", "", help.removesuffix(" fits"))
    read(source.replace(wrong, formula))


def test_help_for_a_bias_works():
    source = "X : N x d; W : d x k; b : k; sum(X*W + b)"
    formula = diagnostic(source).help.split(":  ")[1]
    read(source.replace("+ b", "+ " + formula))


def test_shapes_in_words():
    remarks = [x.text for x in diagnostic("W1 : n1 x n0; V : n2 x n2; sum(V*W1)").labels]
    assert remarks == ["V is n2 x n2, so it has n2 columns", "W1 is n1 x n0, so it has n1 rows"]


def test_a_loop_is_named():
    assert diagnostic("h1 = tanh(W*h2); h2 = tanh(V*h1); sum(h2)").message == "h1 -> h2 -> h1 is a loop"


@pytest.mark.parametrize(("source", "code", "places"), [
    ("sin x", "M102", ["sin"]), ("log det X", "M102", ["log"]), ("√x²", "M101", ["√x²"]), ("1½ a", "M101", ["1½"]),
    ("tr(e^A)", "M205", ["e^A"]), ("x†", "M101", ["†"]), ("∇f", "M101", ["∇"]), ("hₜ₋₁", "M101", ["₋"]),
])
def test_what_could_mean_two_things_is_refused(source: str, code: str, places: list[str]):
    assert diagnostic(source).code == code
    assert marked(source) == places
