"""The page: what it shows, that it needs nothing from elsewhere, and that names stay text."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import matcalc as mc
from matcalc.expr.mathml import mathml
from matcalc.render.browser import Browser
from matcalc.render.markdown import Dollars
from matcalc.render.printer import Paper, Terminal
from matcalc.render.typst import Sheet

from ..expr.test_mathml import CORE, assert_core
from .test_render import CLASSIFIER, LONG, NET, RESIDUAL, net

HTML = {"html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "div", "span",
        "ul", "ol", "li", "table", "tr", "th", "td", "figure"}
SVG = {"svg", "title", "desc", "style", "defs", "marker", "path", "rect", "text", "tspan"}


def page(text: str) -> ET.Element:
    """The elements of a page, which is XML too."""
    return ET.fromstring(text.removeprefix("<!DOCTYPE html>"))


def section(root: ET.Element, title: str) -> ET.Element:
    return next(s for s in root.iter("section") if s.find("h2") is not None and s.find("h2").text == title)


RESULTS = {
    "hessian": lambda: mc.hessian("logsumexp(A*x)", "x", check=False),
    "scalar hessian": lambda: mc.hessian("a^3", "a", check=False),
    "hessian times a vector": lambda: mc.hessian("h = tanh(W*x); L = norm2(h)^2", "x", times="v", check=False),
    "hessian times a matrix": lambda: mc.hessian("norm2(A*X)^2", "X", times="V", check=False),
    "jacobian": lambda: mc.jacobian("softmax(x)", "x"),
    "stacked jacobian": lambda: mc.jacobian("A*X*B", "X", check=False),
    "gradient": lambda: mc.gradient("sum(relu(A*x))", "x"),
    "differential": lambda: mc.differential("A*X*B", check=False),
    "differentials": lambda: mc.differential("f = W*x; L = norm2(f - y)^2"),
    "backpropagation": lambda: mc.backpropagation(check=False),
    "through time": lambda: mc.backpropagation("tanh", recurrent=True, check=False),
    "numerator": lambda: net(layout="numerator"),
    **{f"net {i}": partial(net, source) for i, source in enumerate([NET, CLASSIFIER, RESIDUAL, "logdet(X)", *LONG])},
}


@pytest.fixture(scope="module", params=RESULTS)
def text(request) -> str:
    """One page after the other."""
    return RESULTS[request.param]().render("html")


def test_all_printers_have_the_same_methods():
    public = [{name for name in dir(p) if not name.startswith("_")} for p in (Terminal, Paper, Browser, Dollars, Sheet)]
    assert all(methods == public[0] for methods in public)


def test_every_page_is_html_with_mathml_core_and_needs_nothing(text):
    root = page(text)
    drawn = {e for svg in root.iter("svg") for e in svg.iter()}
    for element in root.iter():
        assert element.tag in (SVG if element in drawn else HTML | set(CORE)), element.tag
        assert not {a for a in element.attrib if a.startswith("on") or a in ("src", "href", "style")}
    for formula in root.iter("math"):
        assert_core(formula)
    assert not re.search(r"https?:|//|url\((?!#)|@import|<script|<link", text)
    assert root.attrib == {"lang": "en"}
    assert "".join(root.find("head/title").itertext()).startswith(("Gradient", "Hessian", "Jacobian", "Differential", "Backpropagation"))


def test_elements_are_closed_where_they_were_opened(text):
    open_: list[str] = []

    class Nesting(HTMLParser):
        def handle_starttag(self, tag, attributes):
            open_.append(tag)

        def handle_endtag(self, tag):
            assert open_.pop() == tag

        def handle_startendtag(self, tag, attributes):
            assert tag == "meta" or tag in SVG

    parser = Nesting()
    parser.feed(text)
    parser.close()
    assert open_ == []


def test_every_formula_is_there():
    d = net()
    text = d.render("html")
    root = page(text)
    assert len(list(section(root, "Variables").iter("th"))) == len(d.model.variables)
    assert len(list(section(root, "Forward pass").iter("mtr"))) == len(d.forward) == 4
    assert len(list(section(root, "Backward pass").iter("mtr"))) == 3
    gradients = section(root, "Gradients").findall("section")
    assert len(gradients) == len(d.gradients) == 4
    for part, g, reused in zip(gradients, d, (0, 1, 2, 3), strict=True):
        assert len(part.findall(".//mtr")) == 3  # chain product, named form, closed form
        assert len(part.findall(".//munder[@accentunder]")) == len(g.factors)
        assert len(part.findall(".//mtext[@class='reused']")) == reused
    for e in (*[e.rhs for e in d.forward], *[g.named_form for g in d], *[g.closed_form for g in d]):
        assert f"<mo form=\"infix\">=</mo>{mathml(e)}</mtd>" in text
    for f in (f for g in d for f in g.factors):
        assert mathml(f.value) in text
    assert len(list(root.iter("math"))) == 5 + 2 * 5 + 1 + 1 + 4 * 2


def test_headings_go_down_one_step_at_a_time():
    levels = [int(h) for h in re.findall(r"<h(\d)>", net().render("html"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_assumptions_check_and_notes():
    assert "<p>checked: 4 gradients agree" in mc.derive(NET).render("html")
    assert "<h2>Check</h2>" not in net().render("html")
    listed = section(page(mc.derive("norm2(x)", check=False).render("html")), "Assumptions")
    assert ["".join(li.itertext()).strip() for li in listed.iter("li")] == ["x is not zero"]
    assert "numerator layout" in net(layout="numerator").render("html")


def test_named_forms_only():
    text = net().render("html", named=True)
    assert "munder" not in text
    assert text.count("<mtr>") == 4 + 3 + 4


def test_long_formulas_are_on_several_lines():
    assert '<mtd class="more">' in net(RESIDUAL).render("html")


def test_differentials_and_networks_of_any_depth():
    found = page(mc.differential("f = W*x; L = norm2(f - y)^2", check=False).render("html"))
    assert len(section(found, "Identified").findall(".//mtr")) == 2
    text = mc.backpropagation(check=False).render("html")
    assert "<munderover><mo>∏</mo>" in text
    assert len(list(section(page(text), "Algorithm").iter("li"))) >= 8


def test_results():
    text = mc.hessian("x'*A*x", "x", check=False).render("html")
    assert "<title>Hessian of L with respect to x</title>" in text
    form = section(page(text), "Hessian")
    assert "".join(form.find(".//mtr").itertext()) == "∂2L∂x∂x⊤=A+A⊤"
    stacked = section(page(mc.jacobian("A*X*B", "X", check=False).render("html")), "Jacobian")
    assert "".join(stacked.find(".//mtr/mtd").itertext()).replace("\u2061", "") == "∂vec(F)∂vec(X)⊤"


def test_hostile_names_stay_text():
    sympy = pytest.importorskip("sympy")
    names = ['<script>alert("1")</script>', "</title><img src=x onerror=alert(1)>"]
    n = sympy.Symbol("<b>n</b>", integer=True, positive=True)
    x, A = sympy.MatrixSymbol(names[0], n, 1), sympy.MatrixSymbol(names[1], n, n)
    text = mc.derive(x.T * A * x, check=False).render("html")
    root = page(text)
    assert {e.tag for e in root.iter()} <= HTML | set(CORE)
    assert {"".join(th.itertext()) for th in root.iter("th")} == set(names)
    assert all(name in root.find("head/title").text for name in names)


@pytest.mark.parametrize("source", ["norm2(<script>)^2", "x : <script>; norm2(x)^2", "f<b>(t) = t; sum(f(x))"])
def test_the_reader_refuses_markup(source):
    with pytest.raises(mc.MatcalcError, match="M1"):
        mc.derive(source)
