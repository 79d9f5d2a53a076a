"""Golden tests of the printers, and what must hold for every formula."""

from __future__ import annotations

import re

import pytest

from matcalc.expr import build as b
from matcalc.expr.compose import Notation
from matcalc.expr.latex import latex
from matcalc.expr.marks import fold
from matcalc.expr.notation import length, notation
from matcalc.expr.text import text
from matcalc.expr.unicode import unicode

from .formulas import FORMULAS, W1, W2, chain, cot, f2, half, x, y3
from .golden import GOLDEN
from .samples import A, B, C, EVERY_OP, T, X, a, c, m, n, v

ALL = {**EVERY_OP, **FORMULAS}
OTHER = Notation(transpose="T", hadamard="\\circ", bold=True, gradient="nabla", sizes=True)


@pytest.mark.parametrize("name", FORMULAS)
def test_golden(name):
    e = FORMULAS[name]
    assert (text(e), unicode(e), latex(e)) == GOLDEN[name]


def balanced(tex: str) -> bool:
    """Braces, brackets and \\left ... \\right match."""
    stack = []
    pairs = {"{": "}", "(": ")", "[": "]", r"\left": r"\right", r"\lVert": r"\rVert",
             r"\lvert": r"\rvert", r"\langle": r"\rangle"}
    for token in re.findall(r"\\[A-Za-z]+|\\.|[{}()\[\]]", tex):
        if token in pairs:
            stack.append(pairs[token])
        elif token in pairs.values() and (not stack or stack.pop() != token):
            return False
    return not stack


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("options", [Notation(), OTHER])
def test_latex_is_well_formed(name, options):
    out = latex(ALL[name], options)
    # \left( ... \right): the delimiter follows the word, so drop the words' partners first
    assert balanced(re.sub(r"\\(left|right)(?=[(\[)\]]|\\)", "", out)), out
    assert out.count(r"\left") - out.count(r"\leftarrow") == out.count(r"\right")
    assert not re.search(r"\^(\{[^{}]*\}|.)\^|_(\{[^{}]*\}|.)_", out), "double script: " + out
    assert out.isascii()


@pytest.mark.parametrize("name", ALL)
def test_text_is_ascii_and_unicode_has_no_leftovers(name):
    assert text(ALL[name]).isascii()
    assert "\\" not in unicode(ALL[name], OTHER)


@pytest.mark.parametrize("options, printed", [
    (Notation(transpose="T"), r"W_1^T \frac{\partial L}{\partial f_2}"),
    (Notation(gradient="nabla"), r"W_1^{\top} \nabla_{f_2} L"),
    (Notation(gradient="delta"), r"W_1^{\top} \delta_{f_2}"),
    (Notation(gradient="d"), r"W_1^{\top} \, \mathrm{d}f_2"),
    (Notation(bold=True), r"\mathbf{W}_1^{\top} \frac{\partial L}{\partial \mathbf{f}_2}"),
])
def test_options(options, printed):
    assert latex(b.matmul(T(W1), cot("f2", f2)), options) == printed


def test_options_of_signs_and_sizes():
    e = b.add(b.had(X, C), b.eye(n), b.matmul(b.ones((n, b.ONE)), b.ones((b.ONE, n))))
    assert latex(e, Notation(hadamard="\\circ", sizes=True)) == (
        r"X \circ C + I_n + \mathbf{1}_n \mathbf{1}_n^{\top}")
    assert unicode(e, Notation(hadamard="\\circ", sizes=True)) == "X ∘ C + Iₙ + 𝟏ₙ 𝟏ₙᵀ"
    assert latex(b.kron(b.eye(m), C), Notation(sizes=False)) == r"I \otimes C"
    assert latex(b.fn("tanh", v("theta", "n")), Notation(bold=True)) == r"\tanh(\boldsymbol{\theta})"
    assert latex(b.matmul(b.cot("L", "f2", f2.shape), T(x)), Notation(gradient="nabla")) == (
        r"(\nabla_{f_2} L) x^{\top}")


def test_length_counts_symbols_without_brackets():
    assert length(x) == 1
    assert length(b.matmul(W2, W1)) == 2
    assert length(b.sub(chain, y3)) == 6
    assert length(b.had(half, b.call("sqnorm", b.sub(chain, y3)))) == 3 + 2 + 6
    assert length(b.matmul(T(W2), b.add(x, x))) == length(b.add(b.matmul(T(W2), x), x))
    assert length(b.kron(A, B)) == length(b.add(A, B)) == 3
    assert length(b.neg(x)) == 2


def test_deep_expressions_do_not_recurse():
    e = x
    for _ in range(3000):
        e = b.fn("tanh", b.add(e, x))
    assert text(e).count("tanh") == unicode(e).count("tanh") == latex(e).count("tanh") == 3000


def test_shared_parts_are_printed_once():
    """A tree of 2^18 leaves from 18 nodes: the parts are folded once each."""
    calls = []
    e = a
    for _ in range(18):
        e = b.node("had", (e, e), None, e.shape)
    tree = notation(b.fn("exp", b.fn("exp", b.add(c, c))), "page")
    fold(tree, {k: lambda m, parts, _: calls.append(m.kind) for k in ("symbol", "sum", "call")})
    assert calls == ["symbol", "sum", "call", "call"]
    assert notation(e).size == 2 ** 18
