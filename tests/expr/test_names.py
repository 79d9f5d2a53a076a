"""How names are typeset."""

from __future__ import annotations

import pytest

from matcalc.expr.names import latex_function, latex_name, unicode_function, unicode_name


@pytest.mark.parametrize("name, tex, line", [
    ("x", "x", "x"),
    ("W1", "W_1", "W₁"),
    ("W12", "W_{12}", "W₁₂"),
    ("W_12", "W_{12}", "W₁₂"),
    ("a_ij", "a_{ij}", "aᵢⱼ"),
    ("x_train", r"x_{\mathrm{train}}", "x_train"),
    ("W_1_2", "W_{1,2}", "W_1,2"),
    ("yhat", r"\hat{y}", "ŷ"),
    ("y_hat", r"\hat{y}", "ŷ"),
    ("yhat1", r"\hat{y}_1", "ŷ₁"),
    ("y1hat", r"\hat{y}_1", "ŷ₁"),
    ("y_hat_1", r"\hat{y}_1", "ŷ₁"),
    ("f3hat", r"\hat{f}_3", "f̂₃"),
    ("xbar", r"\bar{x}", "x̄"),
    ("theta_tilde", r"\tilde{\theta}", "θ̃"),
    ("lambda", r"\lambda", "λ"),
    ("λ", r"\lambda", "λ"),
    ("lam", r"\lambda", "λ"),
    ("eps_1", r"\epsilon_1", "ε₁"),
    ("Sigma", r"\Sigma", "Σ"),
    ("alpha1", r"\alpha_1", "α₁"),
    ("x_alpha", r"x_{\alpha}", "x_α"),
    ("W₃", "W_3", "W₃"),
    ("ŷ", r"\hat{y}", "ŷ"),
    ("loss", r"\mathit{loss}", "loss"),
    ("loss2", r"\mathit{loss}_2", "loss₂"),
    ("foobar", r"\mathit{foobar}", "foobar"),
    ("W^{(1)}", r"\mathit{W\wedge{}\{(1)\}}", "W^{(1)}"),
    ("100%", r"\mathit{100\%}", "100%"),
    ("x#1", r"\mathit{x\#1}", "x#1"),
    (r"\input{a}", r"\mathit{\backslash{}input\{a\}}", r"\input{a}"),
    ("a b", r"\mathit{a\ b}", "a b"),
    ("_x", r"\mathit{\_x}", "_x"),
    ("中", r"\mathit{u4E2D}", "中"),
])
def test_names(name, tex, line):
    assert latex_name(name) == tex
    assert unicode_name(name) == line


def test_bold():
    assert latex_name("W1", bold=True) == r"\mathbf{W}_1"
    assert latex_name("theta_hat", bold=True) == r"\hat{\boldsymbol{\theta}}"


@pytest.mark.parametrize("name, is_user, tex, line", [
    ("tanh", False, r"\tanh", "tanh"),
    ("relu", False, r"\operatorname{ReLU}", "ReLU"),
    ("sigmoid", False, r"\sigma", "σ"),
    ("softmax_rows", False, r"\operatorname{softmax}_{\mathrm{rows}}", "softmax_rows"),
    ("sigma", True, r"\sigma", "σ"),
    ("g", True, "g", "g"),
    ("phi1", True, r"\phi_1", "φ₁"),
    ("swish", True, r"\operatorname{swish}", "swish"),
])
def test_functions(name, is_user, tex, line):
    assert latex_function(name, is_user) == tex
    assert unicode_function(name, is_user) == line
