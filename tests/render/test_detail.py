"""How much is shown: the answers, layer by layer, every rule with its sources."""

from __future__ import annotations

import re

import pytest

import matcalc as mc
from matcalc.render.breaking import width
from matcalc.rules import ENTRYWISE, RULES
from matcalc.rules.bibliography import bibliography, resolved

from .test_html import RESULTS, page, section
from .test_render import CLASSIFIER, NET, net

FORMATS = ("text", "latex", "article", "html", "markdown", "notebook")


def test_answers_only():
    assert net().render("text", detail="answer") == (
        "∂L/∂W₃ = (W₃ W₂ W₁ x − y)(W₂ W₁ x)ᵀ\n∂L/∂W₂ = W₃ᵀ(W₃ W₂ W₁ x − y)(W₁ x)ᵀ\n"
        "∂L/∂W₁ = W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y) xᵀ\n∂L/∂x = W₁ᵀ W₂ᵀ W₃ᵀ(W₃ W₂ W₁ x − y)\n")


def test_answers_say_what_they_rest_on():
    text = mc.gradient("sum(relu(A*x))", "x", check=False).render("text", detail="answer")
    assert "Assumptions\n  relu" in text


@pytest.mark.parametrize("detail", ["answer", "rules"])
@pytest.mark.parametrize("name", RESULTS)
def test_every_format_has_every_detail(name, detail):
    result = RESULTS[name]()
    for format in FORMATS:
        text = result.render(format, detail=detail)
        assert text and text == result.render(format, detail=detail)
        if format == "html":
            page(text)


def test_every_step_has_its_rule():
    d = net(CLASSIFIER)
    text = d.render("text", detail="rules")
    steps = re.search(r"Steps and their rules\n(.*?)\n\n", text, re.DOTALL).group(1)
    assert len(re.findall(r"^  +\d+\. ", steps, re.MULTILINE)) == len(d.trail)
    assert "Rule: y = tanh(x); ∂y/∂x = 1 − tanh(x)²" in text
    assert "Matrix product, in a₂, at W₂\n      ∂L/∂a₂  becomes  (∂L/∂a₂) h₁ᵀ\n" in text
    assert "Rule: Y = A B; ∂L/∂A = (∂L/∂Y) Bᵀ; ∂L/∂B = Aᵀ(∂L/∂Y)" in text


def test_a_product_of_numbers_has_the_rule_of_numbers():
    text = mc.derive("a*b*c", check=False).render("text", detail="rules")
    assert "Product, at a" in text and "⊙" not in text


@pytest.mark.parametrize("name", ["net 0", "hessian", "differentials"])
def test_citations_are_in_the_bibliography(name):
    text = RESULTS[name]().render("text", detail="rules")
    body, sources = text.split("\nSources\n")
    cited = set(re.findall(r"\[(\d+)\][,;\n]", body))
    assert cited == set(re.findall(r"^  \[(\d+)\] ", sources, re.MULTILINE)) != set()
    assert len(re.findall(r"^  \[", sources, re.MULTILINE)) == len(cited)


def test_no_line_is_wider_than_the_terminal():
    for columns in (60, 80, 120):
        text = net(CLASSIFIER).render("text", detail="rules", columns=columns)
        assert max(map(width, text.splitlines())) <= columns


def test_sources_of_a_page():
    root = page(net(NET).render("html", detail="rules"))
    assert "The Matrix Cookbook" in "".join(section(root, "Sources").itertext())
    assert len(section(root, "Steps and their rules").findall("ol/li")) == len(net(NET).trail)


def test_without_steps_nothing_is_cited():
    assert "Sources" not in net().render("text")


@pytest.mark.parametrize("cite", sorted({c for r in (*RULES.values(), *ENTRYWISE.values()) for c in r.cites}))
def test_every_citation_is_resolved(cite):
    source, place = resolved(cite)
    assert source.author and source.title and "{" not in place


def test_the_bibliography_has_nothing_else():
    cited = {c.partition(":")[0] for r in (*RULES.values(), *ENTRYWISE.values()) for c in r.cites}
    assert cited == set(bibliography())
    for source in bibliography().values():
        assert source.full.startswith(source.names)
        assert all(", " in a or source.type == "misc" for a in source.author.split(" and "))
