"""Any text gives a model or one error with its place, and quickly."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcalc.errors import MatcalcError
from matcalc.reader import read

VALID = ("W1 : n1 x n0; x : n0; f1 = W1*x; L = 1/2*norm2(f1 - y)^2", "sum(tanh(W*x + b)) + lambda/2*norm2(W)^2",
         "S : n x n spd\nx'*inv(S)*x + logdet(S)  # comment", "phi(t) = t/(1+exp(-t)); sum(phi(W*x))")


def outcome(text: str) -> str:
    """"ok", or the code of the error; its labels lie in the text."""
    try:
        read(text)
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
    ("__import__('os').system('true')", "M101"), ("\\input{/etc/passwd}", "M101"), ("$\\def\\x{\\x}\\x$", "M101"),
    ("x + \u0430b", "M106"), ("x\u202e+y", "M101"), ("\x00", "M101"), ("\ud800", "M101"), ("", "M104"), ("# only", "M104"),
    (";" * 99_999, "M104"), ("f = f", "M108"), ("sum(x)/0", "M206"), ("W : m x n; W*W", "M201"), ("e,t", "M110"),
    ("√" * 90_000 + "x", "M105"), ("⟨" * 90_000, "M105"), ("x" + "²" * 90_000, "M105"), ("𝟏[" * 90_000, "M105"),
    ("x" + "⁺" * 90_000, "M105"), ("I_(" * 90_000, "M105"),
])
def test_hostile_texts(text: str, code: str):
    assert outcome(text) == code


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
