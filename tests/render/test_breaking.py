"""Long formulas: where they are broken, and that nothing is lost."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.expr.latex import latex
from matcalc.expr.unicode import unicode
from matcalc.render.breaking import broken, typeset_width, width, wrapped

SOURCES = [
    "norm2(W3*tanh(W2*tanh(W1*x + b1) + b2) + b3 - y)^2",
    "h1 = x + tanh(W1*x); h2 = h1 + tanh(W2*h1); L = norm2(h2 - y)^2",
    "yhat = softmax(W3*relu(W2*tanh(W1*x + b1) + b2) + b3); L = cross_entropy(yhat, y)",
    "norm2(A*x - b)^2/(1 + exp(x'*B*x)) + logdet(X'*S*X)*norm2(x)",
]
FORMS = [g.form for source in SOURCES for g in mc.derive(source, check=False)]


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_every_line_fits_a_terminal(columns):
    for form in FORMS:
        lines = wrapped(unicode(form), columns, columns - 4)
        assert all(width(line) <= columns for line in lines)
        assert " ".join(lines) == unicode(form)


def test_a_sign_begins_a_line_and_never_ends_one():
    assert wrapped("aaaa + bbbb ⊙ (cccc − dddd) + eeee", 16, 16) == ["aaaa + bbbb", "⊙ (cccc − dddd)", "+ eeee"]
    for form in FORMS:
        assert not any(line.endswith(("+", "−", "⊙")) for line in wrapped(unicode(form), 50, 46))


def test_few_brackets_are_broken_first():
    assert wrapped("f(aaaaa + bbbbb) + g(ccccc + ddddd)", 26, 26) == ["f(aaaaa + bbbbb)", "+ g(ccccc + ddddd)"]


def test_latex_loses_nothing():
    for form in FORMS:
        whole = latex(form)
        lines = broken(whole, 40, 38)
        joined = "".join(lines).replace(" ", "")
        for size in ("Big", "big"):
            joined = joined.replace(f"\\{size}l", r"\left").replace(f"\\{size}r", r"\right")
        assert joined == whole.replace(" ", "")
        assert len(lines) == 1 or not any(r"\left" in line for line in lines)
        assert all(line.count("{") == line.count("}") for line in lines)


def test_the_plus_of_a_pseudoinverse_is_no_sign():
    for room in range(2, 20):
        assert not any(line.endswith("^") for line in broken("P P^+ + P^+ P + P P^+", room, room))


def test_short_formulas_stay():
    assert broken(r"\left(\frac{1}{2}\right) x", 60, 58) == [r"\left(\frac{1}{2}\right) x"]
    assert wrapped("a + b", 60, 58) == ["a + b"]


@pytest.mark.parametrize(("formula", "letters"), [
    ("x", 1), (r"\frac{1}{2}", 1), (r"\tanh(x)", 6), (r"W_1^{\top} x", 4), (r"\operatorname{softmax}(x)", 9)])
def test_widths_are_about_right(formula, letters):
    assert abs(typeset_width(formula) - letters) < 1.5
