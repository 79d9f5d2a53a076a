"""Renderings: what they show, and that they are stable."""

from __future__ import annotations

import json

import pytest

import matcalc as mc
from matcalc.render.board import brace
from matcalc.render.breaking import width
from matcalc.render.tex import Tex, escape, finalize

NET = "x : n0; y : n3; W1 : n1 x n0; W2 : n2 x n1; W3 : n3 x n2; f1 = W1*x; f2 = W2*f1; f3 = W3*f2; L = 1/2*norm2(f3 - y)^2"
CLASSIFIER = "b1 : h; a1 = W1*x + b1; h1 = tanh(a1); a2 = W2*h1; yhat = softmax(a2); L = cross_entropy(yhat, y)"
RESIDUAL = "x : n; h1 = x + tanh(W1*x); h2 = h1 + tanh(W2*h1); L = norm2(h2 - y)^2"


LONG = [CLASSIFIER, RESIDUAL, "norm2(W3*tanh(W2*tanh(W1*x + b1) + b2) + b3 - y)^2",
        "a1 = tanh(W1*x); a2 = tanh(W2*a1); a3 = tanh(W3*a2); L = norm2(a3 - y)^2"]


def net(text: str = NET, **options):
    return mc.derive(text, check=False, **options)


def test_board_of_the_three_layers():
    text = net().render("text")
    assert """
  ∂L/∂W₁ =      ∂L/∂f₃      · ∂f₃/∂f₂ · ∂f₂/∂f₁ · ∂f₁/∂W₁
           ╰──────┬───────╯   ╰──┬──╯   ╰──┬──╯   ╰──┬──╯
           (W₃ W₂ W₁ x − y)     W₃ᵀ       W₂ᵀ      · xᵀ
                reused        reused
         = (∂L/∂f₁) xᵀ
         = W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y) xᵀ
""" in text


def test_factors_that_do_not_fit_lose_the_values_that_were_shown_before():
    text = net().render("text", columns=50)
    assert """
  ∂L/∂W₁ = ∂L/∂f₃ · ∂f₃/∂f₂ · ∂f₂/∂f₁ · ∂f₁/∂W₁
           ╰─┬──╯   ╰──┬──╯   ╰──┬──╯   ╰──┬──╯
           reused   reused      W₂ᵀ      · xᵀ
""" in text


def test_chains_that_still_do_not_fit_are_wrapped():
    lines = net().render("text", columns=40).splitlines()
    row = next(line for line in lines if line.rstrip().endswith("∂f₁/∂W₁"))
    assert row.lstrip().startswith("· ")
    assert all(width(line) <= 40 for line in lines if "╰" in line)


def test_no_line_is_wider_than_the_terminal():
    for source in (NET, *LONG):
        for columns in (60, 80, 120):
            assert max(map(width, net(source).render("text", columns=columns).splitlines())) <= columns


def test_named_forms_only():
    text = net().render("text", named=True)
    assert "∂L/∂W₁ = (∂L/∂f₁) xᵀ" in text
    assert "W₂ᵀ W₃ᵀ" not in text and "╰" not in text


def test_the_heading_says_what_it_is_about():
    assert net().render("text").startswith("Gradients of L with respect to W₃, W₂, W₁ and x\n")
    assert r"\section*{\raggedright Gradient of $L$ with respect to $W_1$}" in net(wrt="W1").render("article")


def test_inferred_shapes_are_said():
    text = mc.derive("W : m x n; L = norm2(W*x - y)^2", check=False).render("text")
    assert "W : m × n\n" in text
    assert "x : n      (inferred)" in text
    assert "(target, inferred)" in text


def test_no_single_path_gives_backward_equations():
    text = net(RESIDUAL).render("text")
    assert "∂L/∂h₁ = ∂L/∂h₂ + W₂ᵀ(" in text
    assert "╰" not in text


def test_a_closed_form_that_is_too_long_is_named_only():
    blocks = "".join(f"h{i} = h{i - 1} + tanh(W{i}*h{i - 1}); " for i in range(1, 17))
    d = net(f"h0 : n; {blocks} L = norm2(h16 - y)^2")
    assert "too long to write out" in d.render("text")
    assert "too long to write out" in d.render("latex")
    assert json.loads(d.render("json"))["gradients"]["W1"]["text"] is None


def test_one_expression_shows_its_steps():
    text = mc.derive("logdet(X)", check=False).render("text")
    assert "Log-determinant  at X  gives X⁻ᵀ" in text


def test_latex_has_underbraces():
    latex = net().render("latex")
    assert r"\underbrace{\;\frac{\partial L}{\partial f_3}\;}_{\textstyle (W_3 W_2 W_1 x - y)}" in latex
    assert r"\textstyle \cdot\, x^{\top}" in latex
    assert r"\documentclass" not in latex


@pytest.mark.parametrize("name", ["a_b_c", "W_hat", "lambda1"])
def test_names_never_become_commands(name):
    latex = mc.derive(f"norm2({name} - y)^2", check=False, shapes={name: ("n",)}).render("article")
    assert f" {name} " not in latex or "_" not in name


def test_escaping():
    assert escape("a_b & 50% {x} \\input") == r"a\_b \& 50\% \{x\} \textbackslash{}input"
    assert finalize(Tex(r"\frac{1}{2}")) == r"\frac{1}{2}"
    assert escape("☃") == "[U+2603]"
    assert escape("Čapek – „Ja“, 20\u202f000") == r"Čapek – ,,Ja“, 20\,000"


def test_json_round_trips():
    data = json.loads(net(CLASSIFIER).render("json"))
    assert data["gradients"]["b1"]["shape"] == ["h"]
    assert data["check"] is None


def test_unknown_formats_and_options():
    with pytest.raises(mc.MatcalcError, match="M501"):
        net().render("docx")
    with pytest.raises(mc.MatcalcError, match="M503"):
        net().render("text", colour=True)


def test_results_render():
    r = mc.hessian("x'*A*x", "x", check=False)
    assert "∂²L/∂x ∂xᵀ = A + Aᵀ" in r.render("text")
    assert r"\partial^{2} L" in r.render("latex")
    assert json.loads(r.render("json"))["text"] == "A + A^T"
    stacked = mc.jacobian("A*X*B", "X", check=False)
    assert "∂vec(F)/∂vec(X)ᵀ = Bᵀ ⊗ A" in stacked.render("text")


def test_same_bytes_every_time():
    for format in ("text", "latex", "article", "html", "json"):
        assert net(CLASSIFIER).render(format) == net(CLASSIFIER).render(format)


def test_sums_that_pass_everything_on_are_no_steps():
    assert "Sum " not in mc.derive("norm2(W*x - y)^2", check=False).render("text")


def test_results_say_what_they_rest_on():
    r = mc.hessian("sum(relu(A*x))", "x", check=False)
    assert any("relu" in a for a in r.assumptions)
    assert "Assumptions" in r.render("text") and "Assumptions" in r.render("latex")


def test_numerator_layout_is_said():
    text = net(layout="numerator").render("text")
    assert "numerator layout" in text
    assert "╰" not in text


def test_braces():
    assert [brace(n) for n in (3, 4, 7)] == ["╰┬╯", "╰┬─╯", "╰──┬──╯"]
    assert width("ŷ₁") == width("y\u0302₁") == 2
