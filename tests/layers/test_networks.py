"""Layer objects: their equations, gradients and messages."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc import reader
from matcalc.expr.notation import length
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

from .networks import NETWORKS

each = pytest.mark.parametrize("name", NETWORKS)


@each
def test_backward_equations(name: str):
    """As the references print them: equal in value, and not longer."""
    network, printed = NETWORKS[name]
    d = mc.derive(network, wrt=[*printed, *mc.derive(network, check=False).gradients], check=False)
    point = draw(network.model, [5])
    values = dict(point.values)
    for eq in d.forward:
        values[eq.name] = evaluate([eq.rhs], values, point.sizes)[0]
    for eq in d.backward:
        values[eq.lhs.data] = evaluate([eq.rhs], values, point.sizes)[0]
    for variable, text in printed.items():
        ours, expected = d[variable].named_form, reader.read_formula(text, network.model)
        a, b = evaluate([ours, expected], values, point.sizes)
        assert np.allclose(a, b, rtol=1e-9, atol=1e-12), f"{variable}: {ours}"
        assert length(ours) <= length(expected), f"{variable}: {ours}"


@each
def test_agrees_with_differences(name: str):
    assert mc.derive(NETWORKS[name][0]).report.verdict == "agrees"


@each
def test_source_is_the_same_network(name: str):
    network, _ = NETWORKS[name]
    again = mc.read(network.source)
    assert [a.expr for a in again.assignments] == [a.expr for a in network.model.assignments]


def test_a_shared_weight_is_declared_once():
    network, _ = NETWORKS["autoencoder with tied weights"]
    assert network.source.count("W :") == 1


def test_a_graph_writes_every_node_once():
    hidden = mc.Tanh()(mc.Linear("W1")(mc.Input("x")))
    network = mc.Network(mc.Linear("W2", features="n1")(hidden) + hidden, loss=mc.SquaredError())
    assert network.source.count("tanh") == 1
    assert mc.derive(network, wrt="h1")["h1"].named_text == "dL/ds2 + W2^T (dL/da2)"


@pytest.mark.parametrize(("make", "code"), [
    (lambda: mc.Network(mc.Linear("W"), mc.BatchNorm(), loss=mc.SquaredError()).model, "M320"),
    (lambda: mc.Network(mc.Attention(), loss=mc.SquaredError()).model, "M321"),
    (lambda: mc.Network(mc.RNN(), loss=mc.SquaredError(), batch="rows").model, "M322"),
    (lambda: mc.Network(mc.Tanh), "M323"),
    (lambda: mc.Network(), "M323"),
    (lambda: mc.Network(mc.Tanh(), batch="both"), "M323"),
    (lambda: mc.derive(mc.Network(mc.Linear("W"))), "M301"),
    (lambda: mc.derive(mc.Network(mc.Linear("2W"), loss=mc.SquaredError())), "M101"),
    (lambda: mc.Network(mc.Conv2d("w"), loss=mc.SquaredError()).model, "M324"),
])
def test_messages(make, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        make()
    assert caught.value.diagnostic.code == code


@each
def test_generated_code(name: str):
    """The module of a network computes what the closed forms say."""
    network, _ = NETWORKS[name]
    d = mc.derive(network, check=False)
    values = d.sample(seed=2)
    _, gradients = d.numpy()(**values)
    point = {n: np.asarray(v, dtype=float).reshape([s.value(_sizes(d, values)) for s in d.model.variables[n].shape])
             for n, v in values.items()}
    for g in d:
        [expected] = evaluate([g.closed_form], point, _sizes(d, values))
        assert np.allclose(np.ravel(gradients[g.name]), np.ravel(expected), rtol=1e-8, atol=1e-10), g.name


def _sizes(d, values: dict) -> dict[str, int]:
    """Numbers of the sizes, from the arrays."""
    out: dict[str, int] = {}
    for v in d.model.variables.values():
        for size, n in zip(v.shape, [*np.shape(values[v.name]), 1, 1], strict=False):
            if len(size.names) == 1:
                out[size.names[0]] = n
    return out
