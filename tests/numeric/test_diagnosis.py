"""What is said of a wrong gradient names the mistake that was made."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.numeric.diagnosis import Evidence, diagnose
from matcalc.numeric.kinks import on_both_sides
from matcalc.numeric.mistakes import forward, gradients_or_none, mistakes, named_gradients
from matcalc.numeric.relations import common, factor_names, is_close, relations, where
from matcalc.numeric.sample import draw

RNG = np.random.default_rng(0)
G = RNG.normal(size=(4, 4))
V = RNG.normal(size=(4, 4))
SIZES = {"N": 7, "m": 4}


@pytest.mark.parametrize(("theirs", "words"), [
    (-G, "has the wrong sign"), (2 * G, "is 2 times too large"), (G / 2, "is half of the right one"),
    (7 * G, "is N times the right one (a sum where a mean is meant?)"),
    (G / 7, "is N times too small (averaged twice, or a mean where a sum is meant?)"),
    (-2 * G, "has the wrong sign and is 2 times too large"), (G.T, "is transposed"),
    (2 * G.T, "is transposed and is 2 times too large"), (1.3 * G, "is 1.3 times the right one"),
    (0 * G, "is zero: nothing flows back to it"), (V, "is the gradient of V"),
    ((G + G.T) / 2, "is the symmetric part of the right one, whose entries vary freely"),
    (G / np.linalg.norm(G), "is scaled to length 1"), (np.clip(G, -0.25, 0.25), "is clipped at 0.25"),
    (G.reshape(2, 8), "has the right numbers in the wrong shape"), (2 / 7 * G, "is 2/N times the right one"),
])
def test_relations(theirs, words):
    assert words in [r.words for r in relations(theirs, G, SIZES, {"V": V})]


def test_weight_decay():
    found = relations(G + 0.01 * V, G, SIZES, value=V)
    assert found[0].words == "has an extra term, 0.01 times the variable itself (weight decay?)"


def test_what_holds_at_one_point_only_is_chance():
    first, second = relations(4 * G, G, {"n": 4, "m": 5}), relations(6 * G, G, {"n": 6, "m": 5})
    assert [r.formula for r in common([first, second])][0] == "n gradient"
    assert "4 gradient" not in [r.formula for r in common([first, second])]


def test_numbers_before_sizes():
    assert [f for f, _ in factor_names(2.0, {"n": 2, "m": 5})][:2] == ["2", "n"]


@pytest.mark.parametrize(("places", "words"), [
    ([(0, 1)], "only in row 0"), ([(i, 2) for i in range(6)], "only in column 2"),
    ([(1, j) for j in range(6)] + [(2, j) for j in range(6)], "only in rows 1 to 2")])
def test_where(places, words):
    wrong = np.zeros((6, 6), dtype=bool)
    wrong[tuple(zip(*places, strict=True))] = True
    assert where(wrong) == words


MODEL = """x : n0
y : n2 target
f = W1*x + b1
h = sigmoid(f)
g = h + tanh(W3*h)
L = 1/2*norm2(W2*g - y)^2"""


def test_every_mistake_keeps_the_loss_and_changes_a_gradient():
    d = mc.derive(MODEL, check=False)
    point = draw(d.model, 0)
    right = d.numpy()(**{n: v[:, 0] if v.shape[1] == 1 else v for n, v in point.values.items()})[1]
    loss = forward(d.model, point)["L"]
    seen = list(mistakes(d.model))
    assert {m.kind for m in seen} == {"derivative missing", "wrong slope", "path missing"}
    for m in seen:
        wrong = gradients_or_none(m, [point], list(right), d.model)[0]
        assert any(not np.allclose(wrong[n].reshape(right[n].shape), right[n]) for n in right), m.words
        assert np.allclose(wrong["W2"], right["W2"])
        values = dict(point.values) | m.values(point, d.model)
        assert np.allclose(forward(m.model, type(point)(point.sizes, values))["L"], loss)


def backward(slope=lambda z, h: h * (1 - h), through=1.0, skip=1.0, scale=1.0):
    """The backward pass of MODEL with something wrong in it."""
    def gradients(x, y, W1, b1, W3, W2):
        z = W1 @ x + b1
        h = 1 / (1 + np.exp(-z))
        t = np.tanh(W3 @ h)
        r = W2 @ (h + t) - y
        dg = scale * W2.T @ r
        dt = dg * (1 - t ** 2)
        dz = (skip * dg + through * W3.T @ dt) * slope(z, h)
        return {"W2": np.outer(r, h + t), "W3": np.outer(dt, h), "W1": np.outer(dz, x), "b1": dz, "x": W1.T @ dz}
    return gradients


@pytest.mark.parametrize(("function", "words"), [
    (backward(slope=lambda z, h: 1), "the derivative of sigmoid is missing in h = sigmoid(f)"),
    (backward(slope=lambda z, h: 1 - h), "the derivative of sigmoid is written as 1 - h in h = sigmoid(f)"),
    (backward(slope=lambda z, h: h), "the derivative of sigmoid is written as h itself in h = sigmoid(f)"),
    (backward(slope=lambda z, h: z * (1 - z)),
     "the derivative of sigmoid is given the input where its formula wants the output in h = sigmoid(f)"),
    (backward(through=0), "the contribution of h through W3 h is missing in g = h + tanh(W3 h)"),
    (backward(skip=0), "the contribution of h through h + tanh(W3 h) is missing in g = h + tanh(W3 h)"),
    (backward(scale=2), "every one of W3, W1, b1, x is 2 times too large"),
])
def test_mistakes_in_a_backward_pass(function, words):
    report = mc.derive(MODEL, check=False).check_against(function)
    assert report.diagnosis == (words,)


def test_the_right_one_agrees():
    assert mc.derive(MODEL, check=False).check_against(backward()).verdict == "agrees"


def test_half_of_a_quadratic_form():
    report = mc.derive("x'*A*x", "x", check=False).check_against(lambda x, A: A @ x)
    assert "the contribution of x through" in report.diagnosis[0]


def test_swapped_variables():
    d = mc.derive("A : n x n; B : n x n; sum(A.^3) + sum(B.^2)", check=False)
    report = d.check_against(lambda A, B: (2 * B, 3 * A ** 2))
    assert report.diagnosis == ("A: the gradient is the gradient of B", "B: the gradient is the gradient of A")


MODELS = {
    "attention": """X : n x d; Wq : d x k; Wk : d x k; Wv : d x v; Y : n x v target
        Q = X*Wq; K = X*Wk; V = X*Wv; A = softmax_rows(Q*K'/sqrt(k)); L = 1/2*norm2(A*V - Y)^2""",
    "recurrent": "h1 = tanh(W*h0 + U*x1); h2 = tanh(W*h1 + U*x2); L = 1/2*norm2(h2 - y)^2",
    "classifier": "y : k onehot target; h = relu(W1*x + b1); L = cross_entropy(softmax(W2*h + b2), y)",
    "normalised": "h = standardize(W1*x, 1/100); L = sum(sigmoid(W2*h)) + 1/20*norm2(W1)^2",
    "residual": MODEL,
}


@pytest.mark.parametrize("name", MODELS)
def test_every_mistake_is_recognised(name):
    d = mc.derive(MODELS[name], check=False)
    points = on_both_sides(d.model, [draw(d.model, [0, k]) for k in range(2)], 0)
    names = list(d.gradients)
    right = [named_gradients(d, p) for p in points]
    seen = 0
    for m in mistakes(d.model):
        wrong = gradients_or_none(m, points, names, d.model)
        off = [n for n in names if wrong and any(not is_close(w[n], r[n], 1e-9) for w, r in zip(wrong, right, strict=True))]
        if not off:
            continue
        evidence = [Evidence(p, w, r) for p, w, r in zip(points, wrong, right, strict=True)]
        found = diagnose(d.model, evidence, off)
        assert found.whole or len(found.variables) == len(off), m.words
        seen += 1
        if found.whole and found.kind == m.kind:
            assert m.words == found.whole or "h (h - 1)" in m.words or "missing" in found.whole
    assert seen >= 3
