"""Every formula that we print in LaTeX is read by KaTeX, the strict way."""

from __future__ import annotations

import json
import re

import matcalc as mc
from matcalc.cookbook import table as cookbook
from matcalc.expr.compose import Notation
from matcalc.render import cookbook_page
from matcalc.render.markdown import Dollars
from matcalc.render.printer import Paper
from matcalc.render.statements import (
    contribution,
    definition,
    differential,
    gradients,
    slope,
)
from matcalc.rules import ENTRYWISE, RULES

from ..battery.tasks import TASKS
from ..expr.test_printers import ALL
from ..field.table import ENTRIES
from .gallery import examples, gallery, renderings
from .katex import formulas_of, formulas_of_markdown, needs_katex, refused

NOTATIONS = [Notation(), Notation(transpose="T", hadamard="\\circ", bold=True, gradient="nabla", sizes=True),
             Notation(gradient="delta"), Notation(gradient="d")]
pytestmark = needs_katex


def printed(expressions, notations=NOTATIONS) -> set[str]:
    """Expressions in several notations, and as they are in Markdown."""
    printers = [*map(Paper, notations), Dollars(flavour="github")]
    return {p.formula(e) for p in printers for e in expressions}


def equations(derivation) -> list:
    return [e.rhs for e in (*derivation.forward, *derivation.backward)]


def test_the_judge_refuses_what_is_wrong():
    wrong = [r"\frac{a}", r"\nothing", "W^T^T", r"\text{a_b}", r"\begin{aligned} a & b", "a % b", "é", "a &= b"]
    assert [formula for formula, _ in refused(["x^2", *wrong])] == sorted(wrong)
    assert formulas_of(r"A \$ $x$ \\ $y \$ z$ \[w\] \begin{align*}a\text{, $b$}\end{align*}") == [
        "x", r"y \$ z", "w", r"\begin{align*}a\text{, $b$}\end{align*}"]


def test_every_rule():
    sides = [side for rule in RULES.values() for of_scalars in (False, True)
             for statement in (definition(rule, of_scalars), *gradients(rule, of_scalars)) for side in statement]
    sides += [side for rule in RULES.values() for side in differential(rule) or ()]
    sides += [e for row in ENTRYWISE.values() for e in (slope(row), contribution(row))]
    assert refused(printed(sides)) == []


def test_every_operation():
    assert refused(printed(ALL.values())) == []


def test_every_derivative_of_the_tables():
    """The battery, the field, the cookbook: what was found, and what the sources print."""
    forms = [task.result.form for task in TASKS]
    for entry in ENTRIES:
        forms += [entry.formula, entry.printed]
        forms += equations(entry.found) if entry.kind == "named" else []
    assert refused(printed(forms, NOTATIONS[:2])) == []


def test_everything_in_latex():
    formulas = [f for _, text in renderings("latex") for f in formulas_of(text)]
    assert len(formulas) > 3000
    assert refused(formulas) == []


def test_everything_in_markdown():
    formulas = []
    for flavour in ("github", "jupyter"):
        for _, text in renderings("markdown", ("rules", "index", "nabla"), flavour=flavour):
            formulas += formulas_of_markdown(text, flavour)
    for name, d in examples().items():
        cells = json.loads(d.render("notebook"))["cells"]
        text = "\n".join("".join(c["source"]) + "\n" for c in cells if c["cell_type"] == "markdown")
        assert len(formulas_of_markdown(text, "jupyter")) > len(d.model.variables), name
        formulas += formulas_of_markdown(text, "jupyter")
    assert refused(formulas) == []


def test_what_a_notebook_shows_by_itself():
    assert refused(result._repr_latex_()[1:-1] for result in gallery().values()) == []


def test_the_cookbook():
    table = cookbook.load()
    document = cookbook_page.article(table, cookbook.coverage(table))
    cells = [argument(part) for part in document.split(r"mm}{")[1:] if part.count(r"\footnotesize") == 0]
    assert len(cells) > 150
    assert refused(formulas_of(document.split(r"\begin{document}")[1]) + cells) == []


def argument(text: str) -> str:
    """What stands before the brace that closes."""
    depth = 1
    for mark in re.finditer(r"\\.|[{}]", text):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if not depth:
            return text[:mark.start()]
    raise AssertionError("a brace is not closed")


def test_pictures_for_latex():
    pictures = [mc.plot("graph", d.model, format="tex") for d in examples().values()]
    assert refused(formula for picture in pictures for formula in formulas_of(picture)) == []
