"""What needs no PyTorch: sizes, names, and the message when it is missing."""

from __future__ import annotations

import sys

import pytest

import matcalc as mc
from matcalc.frameworks.names import ParameterNames, Use
from matcalc.frameworks.sizes import Sizes
from matcalc.frameworks.writer import Term, Writer, number

from ..test_docs import ROOT


def test_without_pytorch(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(mc.MatcalcError) as caught:
        mc.from_torch(None, None)
    assert f"```text\n{caught.value}\n```" in (ROOT / "matcalc" / "messages" / "M330.md").read_text()


def test_sizes():
    sizes = Sizes()
    batch, a, b, c = sizes.new(5, "N"), sizes.new(4), sizes.new(4), sizes.new()
    assert sizes.new(1) == "1"
    sizes.unify(c, b)
    assert sizes.number(c) == 4
    assert sizes.named(f"{batch} x {b}, {c} x {a}") == "N x n0, n0 x n1"
    with pytest.raises(ValueError, match="4 and 5"):
        sizes.unify(batch, c)


@pytest.mark.parametrize(("have", "want", "text"), [
    (("<0>",), ("<1>", "<0>"), "vector(1)*v'"), (("<0>",), ("1", "<0>"), "v'"), ((), ("<1>", "<0>"), "v*matrix(1)"),
    (("1", "<0>"), ("<1>", "<0>"), "vector(1)*v"), (("<1>", "1"), ("<1>", "<0>"), "v*vector(1)'"), ((), (), "v"),
    (("1",), ("<1>", "1"), "v*vector(1)"), (("1",), ("1", "<0>"), "v*vector(1)'"), (("<0>",), ("<0>",), "v"),
])
def test_broadcasting(have: tuple, want: tuple, text: str):
    assert Writer().spread(Term("v", have), want) == text


def test_names():
    names = ParameterNames({"head.weight": "V"}, ("L", "Y"))
    given = {("0.weight", "linear", 1): "W1", ("0.bias", "linear", 2): "b1", ("1.weight", "layer_norm", 2): "gamma1",
             ("q.weight", "linear", 1): "W_q", ("head.weight", "linear", 1): "V", ("out.weight", "linear", 1): "W2",
             ("N", "mul", 1): "N_", ("Y", "mul", 1): "Y_2", ("a.b-c", "mul", 0): "a_b_c"}
    assert {use: names.parameter(Use(*use)) for use in given} == given


@pytest.mark.parametrize(("value", "text"), [(2.0, "2"), (3 ** 0.5, "sqrt(3)"), (-0.5, "(-0.5)"), (1e-5, "1e-05")])
def test_numbers(value: float, text: str):
    assert number(value) == text
