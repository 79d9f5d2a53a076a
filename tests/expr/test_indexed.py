"""Index notation: every entry has the value of the matrix form's entry."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc import reader
from matcalc.expr.indexed import Entries, delta, expanded
from matcalc.expr.latex import latex
from matcalc.expr.node import Expr
from matcalc.expr.unicode import unicode
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

DECLARED = "A : 2 x 3; B : 3 x 2; C : 3 x 3 invertible; x : 3; y : 2; z : 3; c : scalar; "
FORMULAS = [
    "A*x - y", "A*B", "A'*y", "A*C*B + c*A*B", "c*(A + B')", "A .* B'", "A ./ (B.^2)'", "sigmoid(A*x) .* y", "x*z'",
    "diag(x)*C", "diag(C)", "inv(C)*x", "softmax(A*x)", "(A*x - y)*x'", "x'*C*z", "tr(A*B)", "tr(C)", "sum(A)",
    "mean(A)", "norm2(A*x - y)^2", "norm2(x)", "norm1(A)", "rowsum(A)", "colsum(A)", "rowmean(C*B)", "colmean(A)",
    "inner(A, B')", "mse(A*x, y)", "cross_entropy(softmax(A*x), y)", "bce(sigmoid(A*x), y)", "eye(3)*C - C*eye(3)",
    "matrix(1)*C", "x'*z*C", "vector(1)'*C*vector(1)", "A*(x + z)", "log(det(C))*x", "C^2", "exp(c)*x/norm2(z)",
]


def value(e: Expr, values: dict, sizes: dict) -> float:
    """The number that an expanded entry has."""
    if e.op == "entry":
        [x] = evaluate([e.args[0]], values, sizes)
        i, j = (int(k) - 1 if k else 0 for k in e.data)
        return float(x[i, j])
    if e.op in ("add", "had"):
        return float(np.prod([value(a, values, sizes) for a in e.args]) if e.op == "had"
                     else sum(value(a, values, sizes) for a in e.args))
    if e.op == "pow":
        return value(e.args[0], values, sizes) ** value(e.args[1], values, sizes)
    if e.op == "fn":
        inner = np.array([[value(e.args[0], values, sizes)]])
        from matcalc.expr import build
        return float(evaluate([build.fn(e.data, build.var("t", e.shape))], {"t": inner}, {})[0][0, 0])
    return float(evaluate([e], values, sizes)[0][0, 0])


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_entry_has_its_value(formula: str):
    model = reader.read(DECLARED + f"F = {formula}")
    point = draw(model, [3])
    e = model.output.expr
    [whole] = evaluate([e], point.values, point.sizes)
    m, n = whole.shape
    for i in range(m):
        for j in range(n):
            at = (str(i + 1) if m > 1 else "", str(j + 1) if n > 1 else "")
            one = expanded(Entries("ABCxyzc").entry(e, at))
            assert np.isclose(value(one, point.values, point.sizes), whole[i, j]), (at, unicode(one))


@pytest.mark.parametrize(("formula", "shown", "in_latex"), [
    ("W*x", "∑ⱼ Wᵢⱼ xⱼ", r"\sum_{j=1}^{n} W_{ij} x_j"),
    ("W'*y", "∑ⱼ Wⱼᵢ yⱼ", r"\sum_{j=1}^{m} W_{ji} y_j"),
    ("norm2(W*x - y)^2", "∑ᵢ (∑ⱼ Wᵢⱼ xⱼ − yᵢ)²", r"\sum_{i=1}^{m} \left(\sum_{j=1}^{n} W_{ij} x_j - y_i\right)^2"),
    ("W*eye*x", "∑ₖ Wᵢₖ xₖ", r"\sum_{k=1}^{n} W_{ik} x_k"),
    ("inv(C)*x", "∑ⱼ (C⁻¹)_i,j xⱼ", r"\sum_{j=1}^{n} C^{-1}_{i,j} x_j"),
])
def test_printed(formula: str, shown: str, in_latex: str):
    model = reader.read(f"W : m x n; C : n x n; F = {formula}")
    e = model.output.expr
    entries = Entries("WCxyFmn")
    one = entries.entry(e, entries.indices(e.shape))
    assert unicode(one).replace("(C⁻¹)", "C⁻¹") == shown.replace("(C⁻¹)", "C⁻¹")
    assert latex(one).replace(r"\left(C^{-1}\right)", "C^{-1}").replace("(C^{-1})", "C^{-1}") == in_latex


def test_deltas():
    assert delta("i", "i").data == 1 and delta("1", "2").data == 0


@pytest.mark.parametrize(("source", "wrt", "line"), [
    ("A*X*B", "X", "∂Fᵢⱼ/∂X_l,q = Aᵢₗ B_q,j"),
    ("X : m x n; X'", "X", "∂Fᵢⱼ/∂Xₖₗ = δⱼₖ δᵢₗ"),
    ("x : n; softmax(x)", "x", "∂Fᵢ/∂xⱼ = "),
])
def test_jacobians(source: str, wrt: str, line: str):
    assert line in mc.jacobian(source, wrt).render("text", notation="index")


@pytest.mark.parametrize(("options", "code"), [
    ({"notation": "entry"}, "M520"), ({"notation": "entries"}, "M513"),
])
def test_messages(options: dict, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("W : m x n; norm2(W*x)^2").render("text", **options)
    assert caught.value.diagnostic.code == code


def test_formats():
    d = mc.derive("W : 2 x 3; f = W*x; L = 1/2*norm2(f - y)^2")
    assert r"\begin{pmatrix}" in d.render("latex", notation="entries")
    assert "<mtable>" in d.render("html", notation="entries")
    assert "munderover" in mc.derive("norm2(W*x)^2").render("html", notation="index")
