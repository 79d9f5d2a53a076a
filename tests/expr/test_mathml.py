"""The MathML printer: golden formulas, and what must hold for every one."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from matcalc.expr import build as b
from matcalc.expr.compose import Notation
from matcalc.expr.mathml import mathml, mathml_symbol
from matcalc.expr.text import text

from .formulas import FORMULAS, x
from .samples import EVERY_OP, v

ALL = {**EVERY_OP, **FORMULAS}
OTHER = Notation(transpose="T", hadamard="\\circ", bold=True, gradient="nabla", sizes=True)

CORE = {  # MathML Core's elements, of those that a printer may use: element -> number of children, None for any
    "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "mrow": None, "mstyle": None, "msqrt": None, "mfrac": 2,
    "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3, "math": None, "mtable": None, "mtr": None, "mtd": None,
}
ATTRIBUTES = {"form", "stretchy", "largeop", "movablelimits", "lspace", "rspace", "minsize", "maxsize", "mathvariant", "accent", "accentunder",
              "class", "width", "display", "displaystyle", "scriptlevel"}


def assert_core(element: ET.Element) -> None:
    """Only elements and attributes of MathML Core, with as many children as they need."""
    for part in element.iter():
        children = CORE[part.tag]
        assert children is None or len(part) == children, ET.tostring(part)
        assert set(part.attrib) <= ATTRIBUTES, part.attrib


def shown(markup: str) -> str:
    """The characters that are seen."""
    return "".join(ET.fromstring(markup).itertext()).replace("\u2061", "").replace("\u2062", "")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("options", [Notation(), OTHER])
def test_every_formula_is_one_element_of_core(name, options):
    assert_core(ET.fromstring(mathml(ALL[name], options)))


@pytest.mark.parametrize("name, characters", [
    ("three layers dW2", "W3⊤(W3W2W1x−y)(W1x)⊤"), ("one layer", "12‖Wx−y‖22"), ("inverse of a transpose", "X−⊤"),
    ("leaky", "LeakyReLU(x)"), ("frechet", "Lexp(X⊤,C)"), ("softmax_rows", "softmaxrows(A)"), ("inner", "⟨A,B⟩"),
    ("logdet", "logdet(λI+A⊤A)"), ("entry power symbolic", "x∘a"), ("relu slope", "y⊙𝟏[x>0]")])
def test_what_is_seen(name, characters):
    assert shown(mathml(ALL[name])) == characters


def test_markup():
    assert mathml(b.transpose(v("W1", "m", "n"))) == "<msubsup><mi>W</mi><mn>1</mn><mi>⊤</mi></msubsup>"
    assert mathml(b.matmul(v("W", "m", "n"), b.fn("tanh", v("x", "n")))) == (
        '<mrow><mi>W</mi><mo rspace="0.167em">&#x2062;</mo><mrow><mi>tanh</mi><mo>&#x2061;</mo>'
        '<mrow><mo stretchy="false">(</mo><mi>x</mi><mo stretchy="false">)</mo></mrow></mrow></mrow>')
    assert mathml(b.cot("L", "x", x.shape)) == (
        "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><mi>x</mi></mrow></mfrac>")


def test_room_between_factors():
    dX = b.dvar("X", v("X", "n", "n").shape)
    room = '<mo rspace="0.167em">&#x2062;</mo>'
    for factors in ((v("A", "n", "n"), dX), (dX, v("x", "n")), (b.num(2), b.had(b.fn("tanh", x), x))):
        assert room in mathml(b.mul(*factors))
    assert room not in mathml(b.matmul(v("A", "n", "n"), v("x", "n")))


def test_only_what_is_tall_has_tall_brackets():
    tall = mathml(b.transpose(b.cot("L", "x", x.shape)))
    assert "<mo>(</mo>" in tall and 'stretchy="false">(' not in tall


@pytest.mark.parametrize("gradient, characters", [("nabla", "∇xL"), ("delta", "δx"), ("d", "dx")])
def test_options(gradient, characters):
    assert shown(mathml(b.cot("L", "x", x.shape), Notation(gradient=gradient))) == characters


@pytest.mark.parametrize("name, markup", [
    ("yhat1", '<msub><mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover><mn>1</mn></msub>'),
    ("loss", '<mi class="word">loss</mi>'),
    ("Gamma", '<mi mathvariant="normal">Γ</mi>'),
    ("a_ij", "<msub><mi>a</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub>"),
    ("W_i-1", '<msub><mi>W</mi><mrow><mi>i</mi><mo lspace="0" rspace="0">−</mo><mn>1</mn></mrow></msub>'),
    ("x_train", "<msub><mi>x</mi><mi>train</mi></msub>"),
    ("W_1_2", '<msub><mi>W</mi><mrow><mn>1</mn><mo lspace="0" rspace="0">,</mo><mn>2</mn></mrow></msub>'),
])
def test_names(name, markup):
    assert mathml_symbol(name) == markup


def test_bold_names_are_letters_of_their_own():
    bold = Notation(bold=True)
    assert [mathml_symbol(n, "matrix", bold) for n in ("W", "x", "theta", "Omega")] == [
        "<mi>𝐖</mi>", "<mi>𝐱</mi>", "<mi>𝜽</mi>", "<mi>𝛀</mi>"]
    assert mathml_symbol("a", "scalar", bold) == "<mi>a</mi>"


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", 'a" onclick="x', "a&b", "</math>", "\x00\u202e\ud800\n"])
def test_hostile_names_are_text(name):
    markup = mathml_symbol(name)
    element = ET.fromstring(markup)
    assert len(element) == 0 and element.tag == "mi" and set(element.attrib) == {"class"}
    assert element.text == name if name.isprintable() else element.text == "[U+0000][U+202E][U+D800][U+000A]"
    assert markup.encode()


def test_deep_expressions_do_not_recurse():
    e = x
    for _ in range(1100):
        e = b.fn("tanh", b.add(e, x))
    assert mathml(e).count("tanh") == text(e).count("tanh") == 1100
