"""What entries mean is said with the names at hand; differentials stand apart; notes are in every format."""

from __future__ import annotations

from dataclasses import replace

import pytest

import matcalc as mc
from matcalc.cookbook.table import coverage, load
from matcalc.expr.latex import latex
from matcalc.expr.mathml import mathml
from matcalc.expr.typst import typst
from matcalc.render import cookbook_page

from .test_render import net

PAGES = ("text", "latex", "article", "html", "markdown", "notebook", "typst", "beamer", "slides", "json")


def answered(verb: str, *arguments, format: str = "text", **options) -> str:
    return getattr(mc, verb)(*arguments, check=False, **options).render(format)


def test_conventions_name_the_function_and_the_variable():
    assert "∂vec(G)/∂vec(W)ᵀ, columns stacked" in answered("jacobian", "G = A*W*B", "W")
    assert r"\operatorname{vec}(G)}{\partial \operatorname{vec}(W)^{\top}}$, columns stacked" in answered(
        "jacobian", "G = A*W*B", "W", format="latex")
    assert "entry by entry, in the shape of G" in answered("jacobian", "t : scalar; G = t*A", "t")
    assert "J[i, j] = ∂g[i]/∂z[j]" in answered("jacobian", "g = softmax(z)", "z")
    assert "∂²f/∂vec(W) ∂vec(W)ᵀ, columns stacked" in answered("hessian", "f = tr(W*W*B)", "W")
    assert "the derivative of the gradient along U" in answered("hessian", "f = tr(W*W*B)", "W", times="U")


@pytest.mark.parametrize("verb, source, by, convention", [
    ("jacobian", "g = softmax(z)", "z", "J[i, j] = dg_i/dz_j"),
    ("jacobian", "G = A*W*B", "W", "d vec(G) / d vec(W)^T, columns stacked"),
    ("hessian", "f = z'*A*z", "z", "H[i, j] = d^2 f / dz_i dz_j"),
])
def test_the_convention_of_a_result(verb, source, by, convention):
    assert getattr(mc, verb)(source, by, check=False).convention == convention


def test_intermediates_of_a_product_name_the_output():
    found = mc.hessian("h = tanh(W*x); f = norm2(h - y)^2", "W", times="V", check=False)
    assert "with gₕ for ∂f/∂h" in found.render("text")
    assert r"with $g_h$ for $\frac{\partial f}{\partial h}$" in found.render("latex")


@pytest.mark.parametrize("source, tex", [
    ("F = W*x", r"\mathrm{d}W \, x + W \, \mathrm{d}x"),
    ("F = A*X'*B", r"A \, \mathrm{d}X^{\top} \, B"),
    ("a : scalar; L = 3*a^2", r"6 a \, \mathrm{d}a"),
    ("L = x'*x", r"2 x^{\top} \, \mathrm{d}x"),
])
def test_differentials_stand_apart(source, tex):
    form = mc.differential(source, check=False).form
    assert tex in latex(form)
    assert typst(form).count(" thin ") == mathml(form).count('rspace="0.167em"') == latex(form).count(r"\,")


@pytest.mark.parametrize("format", PAGES)
def test_notes_are_in_every_format(format):
    d = net("L = x'*x")
    d = replace(d, model=replace(d.model, notes=("the loss is a mean",)))
    assert "the loss is a mean" in d.render(format)


def test_the_cookbook_takes_templates(tmp_path):
    table = load()
    rows = coverage(table)[:3]
    (tmp_path / "cookbook.tex.j2").write_text(r"Mine: \VAR{view.heading}")
    assert cookbook_page.article(table, rows, tmp_path) == "Mine: The matcalc cookbook\n"
    (tmp_path / "page.css").write_text("p { color: teal }")
    assert "color: teal" in cookbook_page.page(table, rows, tmp_path)


@pytest.mark.parametrize("source, wrt, sentence", [
    ("L = norm2(W*x)^2", "W", "dL = tr(Gᵀ dW) identifies the gradient G"),
    ("L = norm2(W*x)^2", None, "dL = tr(Gᵀ dX) identifies the gradient G"),
    ("G = A*W*B", "W", "vec(dG) = J vec(dW) identifies the Jacobian J, columns stacked"),
    ("J = A*z", "z", "dJ = J₁ dz identifies the Jacobian J₁"),
])
def test_differentials_are_identified_by_name(source, wrt, sentence):
    assert f"since {sentence}" in mc.differential(source, wrt, check=False).render("text")
