"""The numbers of the curves, and the files that matplotlib writes."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import matcalc as mc
from matcalc.numeric import studies

REGRESSION = "X : N x d; y : N target; L = 1/N*norm2(X*w - y)^2"
CURVES = [("differences", "sin(x)^3", {"at": {"x": 1.0}}), ("norms", "sigmoid, relu:2", {"depth": 5, "width": 6}),
          ("norms", "L = norm2(W2*tanh(W1*x) - y)^2", {}), ("descent", REGRESSION, {"wrt": "w"}),
          ("descent", REGRESSION, {"wrt": "w", "rates": [0.01, 0.1]})]


def test_the_v():
    found = studies.differences(mc.derive("sin(x)^3"), "x", {"x": 1.0}, 0)
    best = found.steps[np.argmin(found.central)]
    assert 1e-7 < best < 1e-4 and found.central.min() < 1e-9
    assert found.central[0] > 1e-6 and found.central[-1] > 1e-3
    assert found.practical == pytest.approx(6.06e-6, rel=1e-3)


def test_rates_are_what_they_are_called():
    d = mc.derive(REGRESSION, "w", check=False)
    start = studies.point(d.model, None, 0)
    low, right, high = studies.rates(d, ["w"], start, 40)
    losses = [studies.descent(d, ["w"], start, r, 40) for r in (low, right, high)]
    assert losses[1][-1] < losses[0][-1] < losses[0][0]
    assert len(losses[2]) < 41 or losses[2][-1] > losses[2][0]


def test_no_rate_at_a_minimum():
    d = mc.derive("x : 2; x'*x", check=False)
    with pytest.raises(mc.MatcalcError) as caught:
        studies.rates(d, ["x"], {"x": np.zeros(2)}, 5)
    assert caught.value.diagnostic.code == "M536"


def test_sigmoid_vanishes_and_large_weights_explode():
    from matcalc.plot.curves import _network
    ends = []
    for function, gain in (("sigmoid", 1), ("relu", 2.5)):
        d = mc.derive(_network(function, 12, 16), ["h1", "h12"], check=False)
        first, last = studies.norms(d, ["h1", "h12"], studies.weights(d.model, gain, 0))
        ends.append(first / last)
    assert ends[0] < 1e-4 and ends[1] > 1e2


@pytest.mark.parametrize(("kind", "source", "options"), CURVES)
def test_files(kind: str, source: str, options: dict):
    pytest.importorskip("matplotlib", reason="curves need matplotlib, which is not installed")
    svg = mc.plot(kind, source, **options)
    ElementTree.fromstring(svg)
    assert svg == mc.plot(kind, source, **options)
    for form, head in (("png", b"\x89PNG"), ("pdf", b"%PDF")):
        data = mc.plot(kind, source, format=form, **options)
        assert data.startswith(head) and data == mc.plot(kind, source, format=form, **options)


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_graphs_with_matplotlib(form: str, tmp_path):
    pytest.importorskip("matplotlib", reason="curves need matplotlib, which is not installed")
    data = mc.plot("graph", "norm2(W*x - y)^2", tmp_path / f"graph.{form}")
    assert (tmp_path / f"graph.{form}").read_bytes() == data


@pytest.mark.parametrize("kind", ["differences", "norms", "descent"])
def test_without_matplotlib(kind: str, monkeypatch):
    for name in [m for m in sys.modules if m.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(mc.MatcalcError) as caught:
        mc.plot(kind, "norm2(W*x)^2")
    assert caught.value.diagnostic.code == "M530"


def test_odd_names():
    pytest.importorskip("matplotlib", reason="curves need matplotlib, which is not installed")
    sympy = pytest.importorskip("sympy")
    ElementTree.fromstring(mc.plot("differences", sympy.Symbol("$\\frac$") ** 3))
