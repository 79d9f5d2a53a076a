"""Markdown: what GitHub and Jupyter take, and that names stay text."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.render.markdown import escape

from .test_html import RESULTS

FLAVOURS = ("github", "jupyter")


@pytest.fixture(scope="module", params=[(name, flavour) for name in RESULTS for flavour in FLAVOURS],
                ids=lambda p: "-".join(p))
def page(request) -> tuple[str, str]:
    """(text, flavour) of one page after the other."""
    name, flavour = request.param
    return RESULTS[name]().render("markdown", flavour=flavour), flavour


def displays(text: str, flavour: str) -> list[str]:
    pattern = r"^```math\n(.*?)^```$" if flavour == "github" else r"^\$\$\n(.*?)^\$\$$"
    return re.findall(pattern, text, re.MULTILINE | re.DOTALL)


def test_formulas_stand_in_their_fences(page):
    text, flavour = page
    assert displays(text, flavour)
    for formula in displays(text, flavour):
        assert formula.count(r"\begin{aligned}") == formula.count(r"\end{aligned}") == 1
        assert formula.count("{") == formula.count("}")
        assert "\n\n" not in formula
        assert "$" not in formula and "`" not in formula and "<" not in formula
    rest = text
    for formula in displays(text, flavour):
        rest = rest.replace(formula, "")
    assert "\\frac" not in re.sub(r"\$.*?\$", "", rest)


def test_github_gets_no_macro_that_it_refuses(page):
    text, flavour = page
    assert flavour != "github" or "operatorname" not in text


def test_headings(page):
    text, _ = page
    levels = re.findall(r"^(#+) ", text, re.MULTILINE)
    assert levels[0] == "#" and set(levels[1:]) == {"##"}


def test_the_three_layers():
    text = mc.derive("f = W*x; L = 1/2*norm2(f - y)^2", check=False).render("markdown")
    assert text.startswith("# Gradients of $`L`$ with respect to $`W`$ and $`x`$\n\n## Variables\n\n- $`W`$: $`m \\times n`$ (inferred)\n")
    assert "```math\n\\begin{aligned}\n  f &= W x \\\\\n  L &=" in text
    assert r"\underbrace{\;\frac{\partial L}{\partial f}\;}_{\textstyle (W x - y)}" in text


def test_escaping():
    assert escape("a_b *c* <d> [e] `f` $g$ #h") == r"a\_b \*c\* \<d\> \[e\] \`f\` \$g\$ \#h"
    assert escape("- item") == r"\- item"
    assert escape("two\nlines\x00") == r"two lines\[U+0000\]"


def test_hostile_names_stay_text():
    sympy = pytest.importorskip("sympy")
    for name in ("<script>alert(1)</script>", "`$ end $$", "a # heading", "$x$", "]](http://x)"):
        x = sympy.MatrixSymbol(name, 3, 1)
        for flavour in FLAVOURS:
            text = mc.derive(x.T * x, check=False).render("markdown", flavour=flavour)
            assert "<" not in text and "\n# heading" not in text
            assert text.count("`") % 2 == 0 and text.count("$") % 2 == 0
            assert len(displays(text, flavour)) == 2


def test_functions_with_an_index_keep_it_behind_them():
    text = mc.jacobian("softmax_rows(X)", "X", check=False).render("markdown")
    assert r"\mathrm{softmax}_{\mathrm{rows}}(X)" in text
    assert r"\mathop{\mathrm{diag}}" in text
