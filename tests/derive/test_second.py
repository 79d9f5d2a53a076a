"""Second order: Hessian-vector products, gradients of gradients."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

MODELS = [
    ("logsumexp(A*x)", "x"),
    ("f = W*x; h = tanh(f); L = 1/2*norm2(h - y)^2", "W"),
    ("f = W1*x; h = sigmoid(f); o = W2*h; L = 1/2*norm2(o - y)^2", "W1"),
    ("h = W*x; s = h + x; L = sum(log(1 + exp(s .* h)))", "x"),
    ("W : m x n; y : m onehot; a = W*x; p = softmax(a); L = cross_entropy(p, y)", "W"),
    ("X : n x n invertible; L = logdet(X*X') + tr(inv(X))", "X"),
    ("g = standardize(x); L = sum(exp(g))", "x"),
    ("c : scalar; sum(sin(c*x))", "c"),
]
each = pytest.mark.parametrize(("source", "wrt"), MODELS)


@each
def test_hessian_products(source: str, wrt: str):
    """Closed form, named equations, the Hessian itself, and the gradient of <grad, v> agree."""
    product = mc.hessian(source, wrt, times="v1")
    assert product.report.verdict == "agrees"
    point = draw(product.model, [4])
    values = dict(point.values)
    [closed] = evaluate([product.form], values, point.sizes)

    d = product.derivation
    for eq in d.forward:
        values[eq.name] = evaluate([eq.rhs], values, point.sizes)[0]
    for eq in d.backward:
        values[f"g_{eq.name}"] = values[eq.lhs.data] = evaluate([eq.rhs], values, point.sizes)[0]
    for eq in product.named:
        values["d", eq.name] = evaluate([eq.rhs], values, point.sizes)[0]
    assert eq.name == f"g_{wrt}" and eq.note == "the product"
    assert np.allclose(values["d", f"g_{wrt}"], closed, rtol=1e-9)

    hessian = evaluate([mc.hessian(source, wrt, check=False).form], values, point.sizes)[0]
    direction = values["v1"]
    assert np.allclose((hessian @ direction.ravel(order="F")).reshape(closed.shape, order="F"), closed, rtol=1e-8)

    assert mc.jacobian(mc.gradient(source, wrt, check=False), wrt).report.verdict == "agrees"


def test_order_two_is_the_hessian():
    assert mc.gradient("x'*A*x", "x", order=2).text == "A + A^T"


def test_a_gradient_can_be_differentiated_again():
    d = mc.derive("1/2*norm2(W*x - y)^2")
    assert mc.jacobian(d["x"], "x").text == "W^T W"


@pytest.mark.parametrize("name", ["A", "x", "L", "2v"])
def test_the_direction_needs_its_own_name(name: str):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.hessian("L = logsumexp(A*x)", "x", times=name)
    assert caught.value.diagnostic.code == "M311"
