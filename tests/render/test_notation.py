"""Options of notation, in all printers; what is refused."""

from __future__ import annotations

import json

import pytest

import matcalc as mc

from ..cli.process import matcalc
from .test_render import CLASSIFIER, NET, net

OTHER = {"gradient": "nabla", "transpose": "T", "hadamard": "circ", "bold": True}
WORDS = ("text", "latex", "article", "html", "markdown")


@pytest.mark.parametrize(("gradient", "line"), [
    ("partial", "∂L/∂W₁ = (∂L/∂f₁) xᵀ"), ("nabla", "∇_W₁ L = (∇_f₁ L) xᵀ"), ("delta", "δ_W₁ = δ_f₁ xᵀ"),
    ("d", "dW₁ = df₁ xᵀ")])
def test_gradients_on_a_terminal(gradient, line):
    assert line in net().render("text", gradient=gradient, named=True)


@pytest.mark.parametrize(("gradient", "lhs"), [
    ("partial", r"\frac{\partial L}{\partial W_1}"), ("nabla", r"\nabla_{W_1} L"), ("delta", r"\delta_{W_1}"),
    ("d", r"\mathrm{d}W_1")])
@pytest.mark.parametrize("format", ["latex", "markdown"])
def test_gradients_in_latex(gradient, lhs, format):
    text = net().render(format, gradient=gradient)
    assert f"  {lhs} &= " in text
    assert (r"\partial L" in text) == (gradient == "partial")


def test_gradients_in_a_page():
    text = net().render("html", gradient="nabla")
    assert '<msub><mi mathvariant="normal">∇</mi><msub><mi>W</mi><mn>1</mn></msub></msub><mi>L</mi>' in text
    assert "<mi>δ</mi>" in net().render("html", gradient="delta")


def test_the_first_factor_of_a_chain_is_a_gradient_too():
    text = net().render("text", gradient="nabla")
    assert "∇_W₂ L =      ∇_f₃ L      · ∂f₃/∂f₂ ·  ∂f₂/∂W₂" in text


@pytest.mark.parametrize("format", ["latex", "article", "markdown"])
def test_signs_in_latex(format):
    text = net(CLASSIFIER).render(format, **OTHER)
    assert r"\top" not in text and r"\odot" not in text
    assert r"\mathbf{W}_2^T" in text and r"\circ" in text
    assert r"\mathbf{W}_1\colon" in text or r"$`\mathbf{W}_1`$:" in text


def test_what_is_differentiated_is_bold_too():
    assert r"\frac{\partial \mathbf{f}_3}{\partial \mathbf{W}_3}" in net().render("latex", bold=True)
    assert r"\frac{\partial \mathbf{f}}{\partial \mathbf{x}}" in (
        mc.jacobian("f = A*x", "x", check=False).render("latex", bold=True))


def test_signs_elsewhere():
    page = net(CLASSIFIER).render("html", **OTHER)
    assert "⊤" not in page and "⊙" not in page and "<mi>𝐖</mi>" in page
    assert "⊙" not in net(CLASSIFIER).render("text", **OTHER)


def test_results_follow():
    assert "∇_x L = " in mc.gradient("x'*A*x", "x", check=False).render("text", gradient="nabla")
    assert "∇²_x L = A + Aᵀ" in mc.hessian("x'*A*x", "x", check=False).render("text", gradient="nabla")
    assert r"\nabla^2_{x} L" in mc.hessian("x'*A*x", "x", check=False).render("latex", gradient="nabla")
    assert "∂f/∂x" in mc.jacobian("f = A*x", "x", check=False).render("text", gradient="nabla")
    assert r"x^T" in mc.hessian("x'*A*x", "x", check=False).render("latex", transpose="T")


def test_in_a_differential_d_is_a_differential():
    d = mc.differential("f = W*x; L = norm2(f - y)^2", check=False)
    assert d.render("text", gradient="d") == d.render("text")
    assert "∇_W L" in d.render("text", gradient="nabla")


@pytest.mark.parametrize("format", WORDS)
def test_what_is_not_said_is_as_ever(format):
    assert net().render(format) == net().render(format, gradient="partial", transpose="top", hadamard="odot", bold=False)
    assert net().render(format, **OTHER) == net().render(format, **OTHER)


@pytest.mark.parametrize(("option", "value"), [
    ("gradient", "nable"), ("transpose", "t"), ("hadamard", r"\input{x}"), ("bold", "yes"), ("detail", 1),
    ("flavour", ""), ("columns", "wide"), ("columns", 0), ("templates", 3), ("gradient", []), ("named", None)])
def test_values_that_there_are_not(option, value):
    with pytest.raises(mc.MatcalcError, match="M520"):
        net().render("text", **{option: value})


def test_on_the_command_line():
    out = matcalc("derive", "norm2(W*x)^2", "--no-check", "--format", "latex", "--gradient", "nabla", "--bold",
                  "--transpose", "T", "--hadamard", "circ").stdout
    assert r"\nabla_{\mathbf{W}} L &= 2 \mathbf{W} \mathbf{x} \mathbf{x}^T" in out
    assert "∇²_x L" in matcalc("hessian", "x'*A*x", "--wrt", "x", "--no-check", "--gradient", "nabla").stdout
    assert "δ_Wᵢ" in matcalc("backprop", "--gradient", "delta").stdout
    done = matcalc("derive", "x'*x", "--gradient", "nable")
    assert done.returncode == 2 and "nabla" in done.stderr


def test_the_command_line_has_every_format_and_option():
    from matcalc.cli import rendering
    from matcalc.render import FORMATS
    from matcalc.render.options import CHOICES, OPTIONS
    assert rendering.FORMATS == FORMATS
    assert {"columns", *rendering._CHOSEN} == set(OPTIONS)
    choices = {o.name: tuple(o.type.choices) for o in matcalc_derive().params if hasattr(o.type, "choices")}
    assert all(choices[n] == c for n, c in CHOICES.items() if n in choices)


def matcalc_derive():
    from matcalc.cli.derive import derive
    return derive


def test_json_has_one_notation():
    assert json.loads(net(NET).render("json", **OTHER)) == json.loads(net(NET).render("json"))


# ---------------------------------------------------------------- index notation and decks

SMALL = "W : 2 x 3; f = tanh(W*x); L = 1/2*norm2(f - y)^2"


@pytest.mark.parametrize("detail", ["answer", "layers", "rules"])
@pytest.mark.parametrize(("format", "index", "entries"), [
    ("text", "∂L/∂Wᵢⱼ = ", "⎣ "), ("latex", r"\sum_{i=1}^{2}", r"\begin{pmatrix}"), ("article", "W_{ij}", "w_{23}"),
    ("html", "<munderover>", "<mtable>"), ("markdown", r"\sum_{i=1}^{2}", r"\begin{pmatrix}"),
    ("notebook", "W_{ij}", "w_{23}"), ("typst", "sum_(i = 1)^(2) (f_(i) − y_(i))^(2)", "mat(row-gap: #0.6em, frac(∂ L, ∂ f_(1))"),
])
def test_every_format_has_a_section_of_entries(format: str, index: str, entries: str, detail: str):
    d = net(SMALL)
    for notation, title, formula in [("index", "In index notation", index), ("entries", "Written out", entries)]:
        out = d.render(format, notation=notation, detail=detail)
        assert title in out and formula in out.split(title)[1]
        assert title not in d.render(format, detail=detail)


@pytest.mark.parametrize("format", ["beamer", "slides"])
def test_decks_have_notation_and_index_notation(format: str):
    out = net(SMALL).render(format, notation="index", gradient="nabla", transpose="T", bold=True)
    assert "In index notation" in out
    for part in {"beamer": (r"\mathbf{x}^T", r"\nabla_{\mathbf{W}} L"), "slides": ("∇", "<mi>T</mi>")}[format]:
        assert part in out


@pytest.mark.parametrize("format", ["markdown", "typst"])
def test_hessians_and_jacobians_by_entries(format: str):
    second = mc.hessian("x : 2; x'*A*x", "x", check=False).render(format, notation="index")
    assert {"markdown": r"\partial x_i \, \partial x_j", "typst": "∂ x_(i) thin ∂ x_(j)"}[format] in second
    first = mc.jacobian("softmax(x)", "x", check=False).render(format, notation="index")
    assert {"markdown": r"\delta_{ij}", "typst": "δ_(i j)"}[format] in first


@pytest.mark.parametrize(("make", "format", "options"), [
    (lambda: net(), "text", {"steps": "fine"}), (lambda: net(), "html", {"handout": True}),
    (lambda: net(), "beamer", {"detail": "rules"}), (lambda: net(), "slides", {"detail": "answer"}),
    (lambda: mc.differential("A*X", check=False), "text", {"notation": "index"}),
    (lambda: mc.backpropagation(check=False), "latex", {"notation": "entries"}),
])
def test_options_that_contradict(make, format: str, options: dict):
    with pytest.raises(mc.MatcalcError, match="M505"):
        make().render(format, **options)


def test_a_matrix_that_is_written_out_is_called_what_it_is():
    hessian = mc.hessian("x : 2; sum(x.^3)", "x", check=False).render("text", detail="answer", notation="entries")
    assert hessian.count("∂²L/∂x ∂xᵀ =") == 2 and "∂L/∂x" not in hessian
    stacked = mc.jacobian("A : 2 x 2; X : 2 x 1; A*X", "A", check=False).render("text", detail="answer", notation="entries")
    assert stacked.count("∂vec(F)/∂vec(A)ᵀ =") == 2


@pytest.mark.parametrize("make", [mc.jacobian, mc.derive])
def test_a_matrix_that_is_too_wide_is_written_entry_by_entry(make):
    source = "W : 2 x 3; x : 3; softmax(W*x)" if make is mc.jacobian else "W : 2 x 3; x : 3; norm2(tanh(W'*tanh(W*x)) - x)^2"
    by = "x" if make is mc.jacobian else "W"
    latex = make(source, by, check=False).render("latex", notation="entries").split("Written out")[1]
    assert r"\begin{pmatrix}" not in latex
    assert latex.count("&=") >= 6
