"""Any text gives a model or one error with its place, and quickly."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcalc.errors import MatcalcError
from matcalc.reader import read
from matcalc.reader.answers import read_answer

VALID = ("W1 : n1 x n0; x : n0; f1 = W1*x; L = 1/2*norm2(f1 - y)^2", "sum(tanh(W*x + b)) + lambda/2*norm2(W)^2",
         "S : n x n spd\nx'*inv(S)*x + logdet(S)  # comment", "phi(t) = t/(1+exp(-t)); sum(phi(W*x))")


MODEL = read("W : m x n; x : n; y : m; h = tanh(W*x); L = 1/2*norm2(h - y)^2")


def outcome(text: str, reader=read) -> str:
    """"ok", or the code of the error; its labels lie in the text."""
    try:
        reader(text)
    except MatcalcError as error:
        diagnostic = error.diagnostic
        assert all(0 <= x.start <= len(text) and x.end <= len(text) + 1 for x in diagnostic.labels)
        assert str(error) == diagnostic.render()
        assert "\n\n" not in diagnostic.message
        return diagnostic.code
    return "ok"


@pytest.mark.parametrize(("text", "code"), [
    ("(" * 5000, "M105"), ("(" * 5000 + "x" + ")" * 5000, "M105"), ("x+" * 500_000 + "x", "M105"),
    ("tanh(" * 3000, "M105"), ("||" * 5000 + "x", "M105"), ("x" + "'" * 50_000, "M105"), ("-" * 90_000 + "x", "M105"),
    ("a" * 99_999, "M105"), ("W1" * 40_000, "M105"), ("1" * 99_999, "M105"), ("x^999999", "M105"), ("1e999999999", "M105"),
    ("__import__('os').system('true')", "M101"), ("\\input{/etc/passwd}", "M114"), ("$\\def\\x{\\x}\\x$", "M114"),
    ("x + \u0430b", "M106"), ("x\u202e+y", "M101"), ("\x00", "M101"), ("\ud800", "M101"), ("", "M104"), ("# only", "M104"),
    (";" * 99_999, "M104"), ("f = f", "M108"), ("sum(x)/0", "M206"), ("W : m x n; W*W", "M201"), ("e,t", "M110"),
    ("√" * 90_000 + "x", "M105"), ("⟨" * 90_000, "M105"), ("x" + "²" * 90_000, "M105"), ("𝟏[" * 90_000, "M105"),
    ("x" + "⁺" * 90_000, "M105"), ("I_(" * 90_000, "M105"),
])
def test_hostile_texts(text: str, code: str):
    assert outcome(text) == code


LATEX = [
    (r"\frac{" * 5000, "M105"), ("$" + "{" * 90_000, "M105"), (r"\hat" * 20_000 + "x", "M105"), ("x^{" * 5000, "M105"),
    (r"\left(" * 9000, "M105"), (r"\sqrt{" * 1000 + "x" + "}" * 1000, "M105"), (r"\partial" * 9000, "M105"),
    (r"x\odot " * 9000 + "x", "M105"), (r"\mathrm{" + "a" * 90_000 + "}", "M105"), ("^" * 1000 + "{", "M105"),
    ("$" + "W1" * 40_000, "M105"), ("$" + "x_{1" * 9000, "M105"), ("\\", "M101"), ("$" * 90_000, "M104"),
    (r"\write18{ls}", "M114"), (r"\csname x\endcsname", "M114"), (r"\begin{input}x\end{input}", "M114"),
    (r"\text{" * 5000, "M101"), (r"\href{javascript:x}{y}", "M114"), (r"\x\x\x", "M114"), (r"\frac{1}{0}", "M206"),
]


@pytest.mark.parametrize(("text", "code"), LATEX)
def test_hostile_latex(text: str, code: str):
    start = time.process_time()
    assert outcome(text) == code
    assert outcome(text, answer)[0] == "M"
    assert time.process_time() - start < 2


def answer(text: str):
    return read_answer(text, MODEL)


@pytest.mark.parametrize("text", [
    "a=b\n" * 2000, "a=b=" * 2000 + "x", ";".join(f"a{i}=a{i - 1}*2" for i in range(1, 90)) + ";x", "x*x.T*" * 60 + "x",
    r"\sum_{i}(x_i+x_i)" * 60, "(x_i+x_i)" * 30, "np.dot(" * 1200, "x.dot(" * 600 + "x" + ")" * 600, "x.T" * 3000,
    "W*W+" * 100 + "W", r"W\odot W W+" * 100 + "W", "ones((" * 1500, "x.reshape(" * 900, "(x>x)" * 900, "A^T" * 3000,
    "__import__('os').system('true')", "().__class__.__base__", "lambda x: x", "import os", "\x00", "\ud800", "x\u202e",
    "1e40*" * 300 + "x", "a0 = W'; " + "; ".join(f"a{i} = a{i - 1} .* a{i - 1} + W'*x*a{i - 1}" for i in range(1, 40)) + "; a39",
    "a = b\nb = a\na", "kron(" * 20 + "W" + ",W)" * 20, "np.einsum('" + "ij," * 500 + "ij->ij'," + "W," * 500 + "W)",
    r"\begin{cases}" * 100, "d = W\n" + "d[W < 0] = 0\n" * 90 + "d", "S" + "\\" * 3000, "|h|" * 900, "\u202eW\u202c",
    "W" + "\u0301" * 3000, "\u200b" * 3000, "the gradient is " * 200, "((((W^64)^64)^64)^64)^64", "9^9^9^9", "x^999999", "1e999999", "\n" * 9999, "=" * 9999, "where " * 1600, "∇" * 9999, "Σ_i" * 3000, "x_" + "i" * 9000,
])
def test_hostile_answers(text: str):
    start = time.process_time()
    outcome(text, answer)
    assert time.process_time() - start < 1


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([
    "x", "y", "W", "h", "h_i", "W_{ij}", "^T", "'", "^2", "^{-1}", "+", "-", "*", "@", ".*", "/", "(", ")", "{", "}", "[", "]", "=",
    "\n", ",", ".T", ".dot(", "np.sum(", "axis=0", r"\frac", r"\odot ", r"\cdot ", r"\sum_i ", r"\left", r"\right", r"\mathbf{1}",
    r"\|", r"\partial ", r"\nabla_W ", r"\\", r"\text{where}", r"\begin{aligned}", r"\mathbb 1[", ">", "0", "2", " ", "diag",
    r"\tanh", "^{(1)}", "_2", ":", ";", "e", "1", r"\otimes "]), max_size=25).map("".join))
def test_random_answers(text: str):
    outcome(text, answer)
    outcome(text)


def test_nan_is_a_name():
    assert outcome("NaN") == "ok"


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xyWAb()+-*/^'.,:=;|\n 12eT#ᵀ²‖λ∂½√⟨⟩⊗∘⁻⁺ᵏ𝟏ₙIK_$\\{}[]<>sumtanh", max_size=60))
def test_random_texts(text: str):
    outcome(text)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(VALID), st.integers(0, 10 ** 6))
def test_broken_programs(source: str, seed: int):
    rng = random.Random(seed)
    chars = list(source)
    for _ in range(rng.randint(1, 4)):
        place = rng.randrange(len(chars))
        chars[place] = rng.choice(["", chars[place] * 2, rng.choice(source), "("])
    outcome("".join(chars))


@pytest.mark.parametrize("source", VALID)
def test_same_input_same_bytes(source: str):
    broken = source.replace("*", "**", 1).replace(")", "", 1)
    assert outcome(broken) == outcome(broken)


@pytest.mark.parametrize(("text", "limit"), [
    ("W'" + " " * 4000, "4,000 characters"), ("(" * 61 + "W" + ")" * 61, "the limit of 60"), ("W" + "+W" * 400, "400 names"),
    ("1e40*1e40*1e40*W", "100 digits"),
    ("a0 = W; " + "; ".join(f"a{i} = tanh(a{i - 1}) .* a{i - 1}" for i in range(1, 40)) + "; a39", "20,000 operations")])
def test_limits_of_answers(text: str, limit: str):
    with pytest.raises(MatcalcError, match=limit) as caught:
        answer(text)
    assert caught.value.diagnostic.code == "M105"
