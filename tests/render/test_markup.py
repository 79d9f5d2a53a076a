"""Long MathML on lines: each line is whole, fits, and nothing is lost."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import matcalc as mc
from matcalc.expr.mathml import mathml
from matcalc.render.markup import broken, markup_width

from ..expr.test_mathml import assert_core
from .test_breaking import FORMS

TALL = [g.form for g in mc.derive("norm2((A/(1 + norm2(w)) + B + C)*(A/(1 + a) + D + E)*x + (F + G)*z)^2", check=False)]


def seen(markup: str) -> str:
    return "".join(ET.fromstring(markup).itertext())


@pytest.mark.parametrize("room", [20, 40, 60])
def test_nothing_is_lost(room):
    for form in FORMS + TALL:
        whole = mathml(form)
        lines = broken(whole, room, room - 2)
        assert "".join(map(seen, lines)) == seen(whole)
        for line in lines:
            assert_core(ET.fromstring(line))


def test_lines_fit():
    for form in FORMS:
        lines = broken(mathml(form), 60, 58)
        assert all(markup_width(line) <= 60 for line in lines)


def test_short_formulas_stay():
    assert all(broken(mathml(form), 1000, 1000) == [mathml(form)] for form in FORMS)


def test_a_sign_begins_a_line_and_keeps_its_room():
    for form in FORMS:
        for line in broken(mathml(form), 40, 38)[1:]:
            assert seen(line)[-1] not in "+−⊙"
            if seen(line)[0] in "+⊙":
                assert line.split(">", 2)[1].startswith('<mo form="infix"')


def test_tall_brackets_on_two_lines_are_of_one_size():
    """What closes on its own line still grows with what is in it."""
    form = next(f for f in TALL if len(broken(mathml(f), 30, 28)) > 2)
    lines = broken(mathml(form), 30, 28)
    fixed = [line for line in lines if "minsize" in line]
    assert fixed
    for line in lines:
        for group in ET.fromstring(line).iter("mrow"):
            first, last = group[0], group[-1]
            if (first.text, last.text) == ("(", ")"):
                assert first.attrib == last.attrib and "minsize" not in first.attrib


@pytest.mark.parametrize("markup, letters", [
    ("<mi>x</mi>", 1), ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", 1), ("<msup><mi>W</mi><mi>⊤</mi></msup>", 2.15),
    ("<mrow><mi>tanh</mi><mo>&#x2061;</mo><mo>(</mo><mi>x</mi><mo>)</mo></mrow>", 6)])
def test_widths_are_about_right(markup, letters):
    assert abs(markup_width(markup) - letters) < 0.5
