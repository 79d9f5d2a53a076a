"""The engine: named forms, the graph, errors, assumptions, the trail."""

from __future__ import annotations

import subprocess
import sys

import pytest

import matcalc as mc
from matcalc.expr import algebra as alg
from matcalc.expr.canonical import canonical
from matcalc.expr.text import text
from matcalc.reader import read_formula

THREE = "f1 = W1*x; f2 = W2*f1; f3 = W3*f2; L = 1/2*norm2(f3 - y)^2"


def forms(source: str, **options) -> dict[str, str]:
    return {g.name: g.text for g in mc.derive(source, **options)}


def code(source: str, **options) -> str:
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive(source, check=False, **options)
    return caught.value.diagnostic.code


def test_named_forms_and_their_order():
    assert [(g.name, g.named_text) for g in mc.derive(THREE)] == [
        ("W3", "(dL/df3) f2^T"), ("W2", "(dL/df2) f1^T"), ("W1", "(dL/df1) x^T"), ("x", "W1^T (dL/df1)")]


@pytest.mark.parametrize(("source", "expected"), [
    ("h = x + W*x; L = 1/2*norm2(h)^2", {"x": "x + W x + W^T (x + W x)", "W": "(x + W x) x^T"}),
    ("X : n x n; 1/2*norm2(X*X*x)^2", {"X": "X X x (X x)^T + X^T X X x x^T", "x": "X^T X^T X X x"}),
    ("x'*A*x", {"x": "(A + A^T) x", "A": "x x^T"}), ("A : n x n symmetric; x'*A*x", {"x": "2 A x", "A": "x x^T"}),
    ("log(det(X))", {"X": "X^-T"}), ("S : n x n spd; logdet(S)", {"S": "S^-1"}),
    ("log(sum(exp(x)))", {"x": "softmax(x)"}), ("sum(log(1 + exp(x)))", {"x": "sigmoid(x)"}),
    ("p = sigmoid(W*x); L = bce(p, y)", {"W": "(sigmoid(W x) - y) x^T", "x": "W^T (sigmoid(W x) - y)"}),
    ("y : k onehot target; p = softmax(z); L = cross_entropy(p, y)", {"z": "softmax(z) - y"}),
    ("y : k target; p = softmax(z); L = cross_entropy(p, y)", {"z": "sum(y) softmax(z) - y"}),
    ("1/2*norm2(y - X*w)^2", {"X": "-(y - X w) w^T", "w": "-X^T (y - X w)"}),
])
def test_closed_forms(source: str, expected: dict):
    found = forms(source)
    model = mc.read(source)
    assert set(found) == set(expected)
    for name, form in expected.items():  # the same up to the order of terms
        assert canonical(read_formula(found[name], model)) is canonical(read_formula(form, model)), found[name]
        assert len(found[name]) <= len(form)


def test_named_form_of_softmax_with_cross_entropy():
    d = mc.derive("y : k onehot target; z = W*x; p = softmax(z); L = cross_entropy(p, y)")
    assert {e.name: str(e.rhs) for e in d.backward}["z"] == "p - y"


def test_an_intermediate_as_variable():
    assert forms(THREE, wrt=["f2"]) == {"f2": "W3^T (W3 W2 W1 x - y)"}


def test_a_variable_that_does_not_occur():
    gradient = mc.derive("x : n; z : n; L = x'*x")["z"]
    assert (gradient.text, gradient.shape) == ("0", ("n",))
    assert gradient.note == "L does not depend on z"


def test_numerator_layout_is_the_transpose():
    assert forms("1/2*norm2(W*x - y)^2", layout="numerator") == {"W": "x (W x - y)^T", "x": "(W x - y)^T W"}
    assert mc.derive("1/2*norm2(W*x - y)^2", layout="numerator")["x"].shape == (1, "n")


RESIDUAL = "".join(f"h{i} = h{i - 1} + W{i}*h{i - 1}; " for i in range(1, 17)) + "L = 1/2*norm2(h16)^2"
RESIDUAL = "h0 : n; " + "".join(f"W{i} : n x n; " for i in range(1, 17)) + RESIDUAL


def test_refusals():
    assert code("W*x") == "M301"
    assert code("x'*x", wrt="z") == "M302"
    assert code("sum(X^k*B)", wrt="X") == "M303"
    assert code("x'*x", layout="mixed") == "M305"
    with pytest.raises(mc.MatcalcError) as caught:
        _ = mc.derive(RESIDUAL, check=False)["W1"].text
    assert caught.value.diagnostic.code == "M304"
    assert mc.derive(RESIDUAL)["W1"].named_text == "(dL/dh1) h0^T"


def test_refusals_of_results():
    for call, expected in ((lambda: mc.jacobian("diag(x)", "x"), "M306"),
                           (lambda: mc.gradient("logdet(S)", "S", entries="some"), "M308")):
        with pytest.raises(mc.MatcalcError) as caught:
            call()
        assert caught.value.diagnostic.code == expected


def test_independent_entries():
    result = mc.gradient("logdet(S)", "S", assume={"S": "symmetric"}, entries="independent")
    assert result.text == "2 S^-1 - S^-1 .* eye"
    assert mc.gradient("logdet(S)", "S", assume={"S": "symmetric"}).text == "S^-1"


def test_the_trail_folds_to_the_gradients():
    d = mc.derive("h = tanh(W*x); L = 1/2*norm2(h - V*x)^2")
    arrived: dict = {}
    for step in d.trail:
        if step.rule not in ("recognise", "accumulate", "fuse") and step.target.op == "var":
            arrived.setdefault(step.target.name, []).append(step.after)
    for name in ("W", "V"):
        total = alg.add(*arrived[name])
        assert canonical(total) is canonical(d[name].named_form) or text(total)


def test_every_step_has_its_reason():
    assert all(step.because for step in mc.derive(THREE).trail)


@pytest.mark.parametrize(("source", "wrt", "expected"), [
    ("x'*A*x", "x", "x^T (A + A^T) dx"), ("A*X*B", "X", "A dX B"), ("inv(X)", "X", "-X^-1 dX X^-1"),
    ("det(X)", "X", "det(X) tr(X^-1 dX)")])
def test_differentials(source: str, wrt: str, expected: str):
    assert mc.differential(source, wrt).text == expected


@pytest.mark.parametrize(("source", "wrt", "expected"), [
    ("A*x", "x", "A"), ("tanh(A*x)", "x", "diag(1 - tanh(A x).^2) A"), ("A*X*B", "X", "kron(B^T, A)"),
    ("x/norm2(x)", "x", "1/norm2(x) (eye - x x^T/norm2(x)^2)"), ("inv(Q + s*R)", "s", "-(Q + s R)^-1 R (Q + s R)^-1")])
def test_jacobians(source: str, wrt: str, expected: str):
    shapes = {"s": ()} if wrt == "s" else None
    assert mc.jacobian(source, wrt, shapes=shapes).text == expected


@pytest.mark.parametrize(("source", "expected"), [
    ("x'*A*x", "A + A^T"), ("norm2(A*x - b)^2", "2 A^T A"),
    ("logsumexp(x)", "diag(softmax(x)) - softmax(x) softmax(x)^T")])
def test_hessians(source: str, expected: str):
    assert mc.hessian(source, "x").text == expected


def test_same_bytes_in_every_process():
    command = [sys.executable, "-c", f"import matcalc as mc; print(mc.derive({THREE!r}).render('json'))"]
    runs = {subprocess.run(command, capture_output=True, check=True, env={"PYTHONHASHSEED": s, "PATH": ""}).stdout
            for s in ("1", "2", "3")}
    assert len(runs) == 1


@pytest.mark.parametrize(("source", "wrt", "form"), [
    ("S : n x n symmetric; A : n x n; tr(A*S')", "S", "A"),
    ("S : n x n symmetric; A : n x n; tr(A*S)", "S", "A^T"),
    ("Q : n x n orthogonal; A : n x n; tr(A*Q'*Q)", "Q", "Q (A + A^T)"),
    ("y : n onehot; z : n; y'*(logsumexp(z)*vector(1) - z)", "y", "logsumexp(z) ones - z"),
    ("p : n simplex; a : n; a'*p/sum(p)", "p", "a - (a^T p) ones"),
])
def test_structure_is_used_only_after_the_derivative_is_taken(source: str, wrt: str, form: str):
    """While all entries move, S^T is not S, and the entries of y do not add up to 1."""
    assert mc.gradient(source, wrt).text == form
    assert mc.derive(source, wrt=wrt)[wrt].text == form


def test_nothing_is_assumed_of_numbers_and_sizes():
    d = mc.derive("Q : n x k; K : n x k; S = 1/sqrt(k)*Q*K'/sqrt(3); sum(softmax_rows(S)*K)", check=False)
    assert not [s for s in d.assumptions if "sqrt" in s or "√" in s]


@pytest.mark.parametrize(("source", "wrt", "named"), [
    ("x : n; u = x/norm2(x); L = 1/2*norm2(u - y)^2", "x", "1/norm2(x) (dL/du - ((dL/du)^T u) u)"),
    ("c : n; z = c/sqrt(mean(c.^2)); L = 1/2*norm2(z - y)^2", "c", "1/sqrt(mean(c.^2)) (dL/dz - 1/n ((dL/dz)^T z) z)"),
])
def test_a_layers_own_value_is_used_in_its_derivative(source: str, wrt: str, named: str):
    assert mc.derive(source, wrt=wrt)[wrt].named_text == named
