"""Networks of symbolic depth: at every depth they are what the engine derives."""

from __future__ import annotations

import re

import numpy as np
import pytest

import matcalc as mc
from matcalc.derive.depth import Family, backpropagation, feedforward, recurrent
from matcalc.expr import algebra as alg
from matcalc.expr.canonical import canonical
from matcalc.expr.node import Expr
from matcalc.expr.rename import renamed
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

FAMILIES = {
    "softmax": feedforward(), "linear": feedforward("tanh", "linear"), "no bias": feedforward("relu", "softmax", False),
    "sigmoid": feedforward("sigmoid", "sigmoid"), "recurrent": recurrent(), "tanh recurrent": recurrent("tanh", False),
}


def at_layer(e: Expr, symbol: str, number: int) -> Expr:
    """W_i as W3, h_i-1 as h2."""
    def name(text: str) -> str:
        found = re.fullmatch(rf"(\w+?)_(?:{symbol}([+-]\d+)?|(\d))", text)
        if not found:
            return text
        stem, shift, plain = found.groups()
        return f"{stem}{plain or number + int(shift or 0)}"
    return renamed(e, name)


@pytest.mark.parametrize("depth", range(1, 7))
@pytest.mark.parametrize("name", FAMILIES)
def test_equations_of_every_layer_are_the_engines(name: str, depth: int):
    family = FAMILIES[name]
    general = backpropagation(family)
    d = mc.derive(family.text(depth), check=False)
    engine = {e.name: e.rhs for e in d.backward}
    known = set(d.model.variables) | {a.name for a in d.model.assignments}
    seen = 0
    for e in (*general.recurrence, *general.gradients):
        for layer in range(1, depth + 1):
            target = at_layer(e.lhs, family.index, layer).data[1]
            is_last = layer == depth and e in general.recurrence
            if e.is_sum or is_last or target not in known or target not in engine:
                continue
            assert canonical(at_layer(e.rhs, family.index, layer)) is canonical(engine[target]), target
            seen += 1
    for e in general.start:
        target = at_layer(e.lhs, family.last, depth).data[1]
        assert canonical(at_layer(e.rhs, family.last, depth)) is canonical(engine[target]), target
        seen += 1
    for e in general.gradients:
        if e.is_sum:
            terms = [at_layer(e.rhs, family.index, layer) for layer in range(1, depth + 1)]
            assert canonical(alg.add(*terms)) is canonical(engine[e.name]), e.name
            seen += 1
    assert seen >= 2 * depth


@pytest.mark.parametrize("depth", range(2, 7))
def test_the_unrolled_product(depth: int):
    """delta_1 is the product of all factors with delta_L."""
    family = feedforward("tanh", "softmax")
    general = backpropagation(family)
    d = mc.derive(family.text(depth), wrt="a1", check=False)
    point = draw(d.model, [depth])
    values = dict(point.values)
    for eq in d.forward:
        values[eq.name] = evaluate([eq.rhs], values, point.sizes)[0]
    for eq in d.backward:
        values[eq.lhs.data] = evaluate([eq.rhs], values, point.sizes)[0]
    product = values["J", f"a{depth}"]
    for layer in reversed(range(1, depth)):
        product = evaluate([at_layer(general.factor, "i", layer)], values, point.sizes)[0] @ product
    assert np.allclose(product, values["J", "a1"], rtol=1e-12)


def test_layers_that_differ_are_refused():
    def text(depth: int) -> str:
        lines = [f"a{i} = W{i}*h{i - 1}\nh{i} = {'tanh' if i % 2 else 'sin'}(a{i})" for i in range(1, depth)]
        return "\n".join(["h0 : n", *lines, f"a{depth} = W{depth}*h{depth - 1}", f"J = 1/2*norm2(a{depth} - y)^2"])
    with pytest.raises(mc.MatcalcError) as caught:
        backpropagation(Family("odd and even layers", text, "i", "L"))
    assert caught.value.diagnostic.code == "M325"


def test_formats():
    result = mc.backpropagation("tanh")
    assert result.report.verdict == "agrees"
    assert "δᵢ = (Wᵢ₊₁ᵀ δᵢ₊₁) ⊙ (1 − hᵢ∘²)" in str(result)
    assert r"\prod_{k=i}^{L - 1}" in result.render("latex")
    assert '"factor"' in result.render("json")
