"""Gradients of structured variables, against differences of their free parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import matcalc as mc
from matcalc.expr import algebra as alg
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

LOSS = "A : n x n; B : n x n; tr(A*X*B*X) + 1/2*norm2(X*A - B)^2"
H = 1e-6


def moved(structure: str, X: np.ndarray, i: int, j: int, h: float) -> np.ndarray:
    """The matrix with the same structure whose free entry (i, j) is larger by h."""
    Z = X.copy()
    if structure == "toeplitz":
        for k in range(len(X)):
            for m in range(len(X)):
                Z[k, m] += h * (m - k == j - i)
        return Z
    if structure == "diagonal" and i != j or structure == "lower" and i < j or structure == "upper" and i > j:
        return Z
    Z[i, j] += h
    if structure in ("symmetric", "spd") and i != j:
        Z[j, i] += h
    if structure == "skew":
        Z[j, i] -= h
    return Z


@pytest.mark.parametrize("structure", ["symmetric", "spd", "skew", "diagonal", "lower", "upper", "toeplitz"])
def test_independent_entries(structure: str):
    result = mc.gradient(f"X : n x n {structure}; {LOSS}", "X", entries="independent")
    assert result.report.verdict == "agrees"
    point = draw(result.model, [2])
    [found] = evaluate([result.form], point.values, point.sizes)
    X = point.values["X"]

    def loss(Z: np.ndarray) -> float:
        return float(evaluate([result.model.formula], {**point.values, "X": Z}, point.sizes)[0][0, 0])
    for i in range(len(X)):
        for j in range(len(X)):
            slope = (loss(moved(structure, X, i, j, H)) - loss(moved(structure, X, i, j, -H))) / (2 * H)
            assert np.isclose(found[i, j], slope, rtol=1e-5, atol=1e-4), (i, j)


@pytest.mark.parametrize(("structure", "is_tangent"), [
    ("orthogonal", lambda G, Q: Q.T @ G + G.T @ Q), ("symmetric", lambda G, X: G - G.T), ("skew", lambda G, X: G + G.T)])
def test_tangent_gradients(structure: str, is_tangent):
    """In the tangent space, and the free gradient less a normal: the closest tangent to it."""
    free, tangent = (mc.gradient(f"X : n x n {structure}; {LOSS}", "X", entries=e) for e in ("free", "tangent"))
    assert tangent.report.verdict == "agrees"
    point = draw(free.model, [3])
    G, P = evaluate([free.form, tangent.form], point.values, point.sizes)
    X = point.values["X"]
    assert np.allclose(is_tangent(P, X), 0, atol=1e-9)
    rng = np.random.default_rng(0)
    for _ in range(5):
        S = rng.normal(size=X.shape)
        T = {"orthogonal": X @ (S - S.T), "symmetric": S + S.T, "skew": S - S.T}[structure]
        assert np.isclose(np.sum((G - P) * T), 0, atol=1e-8)


@pytest.mark.parametrize(("structure", "entries"), [
    ("symmetric", "independent"), ("skew", "independent"), ("toeplitz", "independent"), ("orthogonal", "tangent"),
    ("skew", "tangent")])
def test_the_check_sees_a_wrong_formula(structure: str, entries: str):
    result = mc.gradient(f"X : n x n {structure}; {LOSS}", "X", entries=entries, check=False)
    free = mc.gradient(f"X : n x n {structure}; {LOSS}", "X", check=False)
    for wrong in (alg.neg(result.form), alg.transpose(result.form) if structure == "toeplitz" else free.form,
                  alg.mul(alg.num(2), result.form)):
        assert replace(result, form=wrong).check().verdict == "disagrees"


def test_the_convention_is_printed():
    shown = mc.gradient("S : n x n spd; log(det(S))", "S", entries="independent").render("text")
    assert "2 S⁻¹ − S⁻¹ ⊙ I" in shown and "Cookbook 138" in shown
