"""LaTeX as the source of a model."""

from __future__ import annotations

import pytest

from matcalc.errors import MatcalcError
from matcalc.expr.text import text
from matcalc.reader import read
from matcalc.shapes import outside


@pytest.mark.parametrize(("source", "expected"), [
    (r"\frac12\lVert W_3W_2W_1x-y\rVert_2^2", "1/2 norm2(W3 W2 W1 x - y)^2"),
    (r"\tfrac{1}{2} \left\| \mathbf{W}_2 \tanh(\mathbf W_1 \mathbf x + \mathbf b_1) - \mathbf y \right\|_2^2",
     "1/2 norm2(W2 tanh(W1 x + b1) - y)^2"),
    (r"\log\det X", "logdet(X)"), (r"\operatorname{tr}(A^{\top} X B)", "tr(A^T X B)"), (r"\mathrm{Tr}(AX)", "tr(A X)"),
    (r"a^T X^{-1} b", "a^T X^-1 b"), (r"x^{\top}Ax", "x^T A x"), (r"\mathbf{1}^\top \left(h \odot (1-h)\right)", "ones^T (h .* (1 - h))"),
    (r"-y^\top \log \operatorname{softmax}(Wx)", "-y^T log(softmax(W x))"), (r"\lVert X \rVert_F^2", "norm2(X)^2"),
    (r"\sum", ""), (r"\lVert x \rVert_1 + \sqrt{x^\top x}", "norm1(x) + sqrt(x^T x)"),
    (r"\frac{1}{2N}\|X w - y\|^2 + \frac{\lambda}{2}\|w\|^2", "1/(2 N) norm2(X w - y)^2 + lambda/2 norm2(w)^2"),
    (r"$$ \tilde{x}^\top A \tilde{x} $$", "xtilde^T A xtilde"), (r"\sigma(w^\top x)", "sigma(w^T x)"),
    (r"e^{a^\top x}", "exp(a^T x)"), (r"\tanh^2(w^\top x)", "tanh(w^T x)^2"), (r"\langle A, X \rangle", "inner(A, X)"),
])
def test_formulas(source: str, expected: str):
    if not expected:
        with pytest.raises(MatcalcError):
            read(source)
    else:
        assert text(read(source).output.expr) == expected


LAYERS = [r"\begin{align} f_1 &= W_1 x \\ f_2 &= \tanh(f_1) \\ L &= \frac12 \|f_2 - y\|_2^2 \end{align}",
          r"L = \frac12 \|f_2 - y\|_2^2 \text{ where } f_1 = W_1 x, f_2 = \tanh(f_1)",
          r"f_1 = W_1 x, \quad f_2 = \tanh(f_1), \quad L = \frac{1}{2} \lVert f_2 - y \rVert^2"]


@pytest.mark.parametrize("source", LAYERS)
def test_layers(source: str):
    assert [(a.name, text(a.expr)) for a in read(source).assignments] == [
        ("f1", "W1 x"), ("f2", "tanh(f1)"), ("L", "1/2 norm2(f2 - y)^2")]


@pytest.mark.parametrize("source", [r"L(W) = \frac12\|Wx - y\|^2", r"L(W, x) = \frac{1}{2}\|W x - y\|^2",
                                    "L(x) = 1/2*norm2(W*x - y)^2", r"\mathcal{L}(\mathbf{W}, \mathbf x) = \frac12 \lVert \mathbf{W x} - \mathbf y \rVert^2"])
def test_a_loss_written_with_its_variables(source: str):
    output = read(source).output
    assert (output.name, text(output.expr)) == ("L", "1/2 norm2(W x - y)^2")


def test_declarations():
    model = read(r"W, V \in \mathbb{R}^{m \times n}, x \in \mathbb{R}^n; x^\top W^\top V x")
    assert {v.name: outside(v.shape) for v in model.variables.values()} == {"W": ("m", "n"), "V": ("m", "n"), "x": ("n",)}


def test_declarations_in_words():
    model = read(r"y : k onehot target; S : n x n spd; x^\top S x - y^\top \log p")
    assert model.variables["y"].role == "target"
    assert model.variables["y"].assumptions == {"onehot"}
    assert model.variables["S"].assumptions == {"spd"}


@pytest.mark.parametrize(("source", "code", "marked"), [
    (r"\frac12 \|x\rfloor", "M114", r"\rfloor"), (r"x^\top A \bmatrix x", "M114", r"\bmatrix"),
    (r"\frac{1}{2", "M103", "{"), (r"\tahn(x)", "M114", r"\tahn"), (r"\min_i x_i", "M117", "_i"),
    (r"\begin{bmatrix} a & b \end{bmatrix} x", "M114", r"\begin{bmatrix}"), (r"x^{*}", "M114", "^{*}"),
    (r"\text{the loss is small}", "M114", r"\text{the loss is small}"),
])
def test_what_is_not_read_is_marked(source: str, code: str, marked: str):
    with pytest.raises(MatcalcError) as caught:
        read(source)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == code
    assert source[diagnostic.labels[0].start:diagnostic.labels[0].end] == marked


@pytest.mark.parametrize(("source", "printed"), [
    (r"L = \frac12\|\hat y - y\|^2, \text{ where } \hat y = W_2 h, \; h = \sigma(W_1 x)", "1/2 norm2(yhat - y)^2"),
    (r"L = \|z\|^2 \text{ with } z = Wx", "norm2(z)^2"),
    (r"\min_w \frac12 \|Xw - y\|_2^2", "1/2 norm2(X w - y)^2"), (r"\min_{w} \|Xw - y\|_2^2", "norm2(X w - y)^2"),
    ("\\begin{align}\n z &= W x \\\\ % hidden\n L &= \\tfrac12 \\lVert z - y\\rVert^2 \\label{eq:l}\\nonumber\n\\end{align}",
     "1/2 norm2(z - y)^2"),
])
def test_what_lecturers_paste(source: str, printed: str):
    assert text(read(source).output.expr) == printed


def test_near_commands_are_named():
    with pytest.raises(MatcalcError) as caught:
        read(r"\tahn(x)")
    assert r"`\tanh`" in caught.value.diagnostic.help
