"""What a notebook and a terminal show of our objects."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import matcalc as mc

from ..expr.test_mathml import assert_core
from .test_render import CLASSIFIER, NET, net

OBJECTS = {
    "model": lambda: mc.read(NET),
    "derivation": net,
    "gradient": lambda: net()["W2"],
    "result": lambda: mc.hessian("x'*A*x", "x", check=False),
    "jacobian": lambda: mc.jacobian("softmax(W*x)", "x", check=False),
    "differential": lambda: mc.differential("f = W*x; L = norm2(f - y)^2", check=False),
    "backpropagation": lambda: mc.backpropagation(check=False),
}


def maths(html: str) -> ET.Element:
    root = ET.fromstring(html)
    for formula in root.iter("math"):
        for cell in formula.iter("mtd"):
            cell.attrib.pop("style", None)
        assert_core(formula)
    return root


@pytest.mark.parametrize("name", OBJECTS)
def test_all_kinds(name):
    thing = OBJECTS[name]()
    bundle = thing._repr_mimebundle_()
    assert list(bundle) == ["text/plain", "text/latex", "text/html"]
    assert bundle["text/latex"] == thing._repr_latex_()
    assert bundle["text/latex"].startswith("$\\displaystyle ") and bundle["text/latex"].endswith("$")
    assert bundle["text/latex"].count("$") == 2
    assert len(list(maths(bundle["text/html"]).iter("mtr"))) == bundle["text/plain"].count("\n") + 1
    assert list(thing._repr_mimebundle_(include=["text/latex"])) == ["text/latex"]
    assert "text/html" not in thing._repr_mimebundle_(exclude=["text/html"])
    assert bundle == OBJECTS[name]()._repr_mimebundle_()
    assert "\n" not in repr(thing)


def test_what_they_say():
    assert net()["W2"]._repr_latex_() == (
        r"$\displaystyle \frac{\partial L}{\partial W_2} = W_3^{\top}(W_3 W_2 W_1 x - y)(W_1 x)^{\top}$")
    assert str(mc.read("f = W*x; L = norm2(f)^2")) == "f = W x\nL = ‖f‖²"
    assert mc.read("f = W*x; L = norm2(f)^2")._repr_latex_() == (
        "$\\displaystyle \\begin{aligned}\nf &= W x \\\\\nL &= \\lVert f\\rVert_2^2\n\\end{aligned}$")
    assert repr(net()["W2"]) == "<Gradient with respect to W2: (dL/df2) f1^T>"


def test_a_gradient_that_is_too_long_shows_its_named_form():
    blocks = "".join(f"h{i} = h{i - 1} + tanh(W{i}*h{i - 1}); " for i in range(1, 17))
    d = net(f"h0 : n; {blocks} L = norm2(h16 - y)^2")
    assert d["W1"]._repr_latex_().endswith(r"\frac{\partial L}{\partial h_1} \odot (1 - \tanh(W_1 h_0)^{\circ 2})) h_0^{\top}$") or (
        r"\frac{\partial L}{\partial h_1}" in d["W1"]._repr_latex_())
    assert len(d._repr_latex_()) < 10_000


def test_a_report():
    report = net(CLASSIFIER).check()
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"] == str(report)
    assert len(list(ET.fromstring(f"<div>{bundle['text/html']}</div>").iter("tr"))) == 1 + len(report.variables)


def test_names_stay_text():
    sympy = pytest.importorskip("sympy")
    x = sympy.MatrixSymbol("<img src=x onerror=alert(1)>", 3, 1)
    d = mc.derive(x.T * x)
    for thing in (d, d.model, d[x.name], d.report):
        html = thing._repr_mimebundle_()["text/html"]
        assert "<img" not in html
        ET.fromstring(f"<div>{html}</div>")
