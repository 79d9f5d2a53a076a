"""Models of a batch: the mean over the examples, and its gradients."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc
from matcalc.shapes import is_column, is_scalar

MODELS = [
    "a1 = W1*x + b1; h1 = tanh(a1); a2 = W2*h1 + b2; y : k onehot target; p = softmax(a2)\n"
    "W1 : m x n; b1 : m; W2 : k x m; b2 : k; lam : scalar; L = cross_entropy(p, y) + lam/2*norm2(W1)^2",
    "W : m x n; x : n; 1/2*norm2(W*x - y)^2",
    "A : n x n; c : n; x : n; x'*A*x + c'*x + norm2(x)",
    "x : n; gamma : n; y : n; xhat = standardize(x); L = norm1(gamma .* xhat - y)",
    "w : n; x : n; y : scalar target; softplus(-y*(w'*x))",
    "W : m x n; x : n; y : m target; z = relu(W*x); s = sum(z); u = z/s; L = mse(u, y) + logsumexp(z)*mean(x)",
    "W : m x n; x : n; y : m target; p = sigmoid(W*x); L = bce(p, y) + hinge(W*x, y)",
]


def plain(model, values: dict) -> dict:
    return {n: np.asarray(v, dtype=float) for n, v in values.items() if n in model.variables}


@pytest.mark.parametrize("along", ["columns", "rows"])
@pytest.mark.parametrize("source", MODELS)
def test_it_is_the_mean_of_the_examples(source: str, along: str):
    model = mc.read(source)
    batch = mc.batched(model, along)
    d = mc.derive(batch)
    assert d.report.verdict == "agrees"
    values = d.sample(seed=3)
    loss, gradients = d.numpy()(**values)
    moving = [v.name for v in model.variables.values() if batch.variables[v.name].shape != v.shape]
    N = next(iter(np.shape(values[n])[along == "columns" and -1 or 0] for n in moving))
    one = mc.derive(model, wrt=[n for n in gradients if n not in moving], check=False).numpy()
    losses, sums = [], {n: 0.0 for n in gradients if n not in moving}
    for i in range(N):
        example = {n: _example(model.variables[n], values[n], along, i) if n in moving else values[n] for n in model.variables}
        value, found = one(**example)
        losses.append(value)
        for n in sums:
            sums[n] = sums[n] + found[n] / N
    assert np.isclose(loss, np.mean(losses))
    for n, expected in sums.items():
        assert np.allclose(gradients[n], expected, rtol=1e-9, atol=1e-12), n


def _example(variable, values, along: str, i: int):
    values = np.asarray(values)
    one = values[..., i] if along == "columns" else values[i]
    return float(np.squeeze(one)) if is_scalar(variable.shape) else one.reshape(-1) if is_column(variable.shape) else one


def test_weight_decay_is_added_once():
    batch = mc.batched(MODELS[0])
    assert "lam/2 norm2(W1)^2" in mc.derive(batch, check=False).model.output.expr.__repr__()


@pytest.mark.parametrize(("source", "options", "code"), [
    ("W : m x n; z : n; sum(W*z)", {}, "M340"), ("sum(x)", {"along": "both"}, "M340"),
    ("x : n; A : n x n; tr(A*x*x')", {}, "M341"), ("x : n; W : m x n; max(W*x)", {}, "M341"),
    ("W : m x n; x : n; W*x", {}, "M301"), ("W : m x n; x : n; sum(W*x)", {"examples": "W"}, "M340"),
])
def test_messages(source: str, options: dict, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.batched(source, **options)
    assert caught.value.diagnostic.code == code
