"""Generated NumPy code: stand-alone, right, and careful with its arguments."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

import matcalc as mc
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

MODELS = [
    "f1 = W1*x; f2 = W2*f1; f3 = W3*f2; L = 1/2*norm2(f3 - y)^2", "logdet(X) + tr(X^2)", "sum(tanh(W*x + b).^2 ./ (1 + x0^2))",
    "X : N x d; W : d x k; b : k; Y : N x k onehot target; Z = X*W + ones*b'; P = softmax_rows(Z); L = 1/N*cross_entropy(P, Y)",
    "Q : q x d; K : N x d; V : N x p; G : q x p; A = softmax_rows(Q*K'/sqrt(d)); L = 1/2*norm2(A*V - G)^2",
    "phi(t) = t/(1+exp(-t)); sum(phi(W*x))", "lambda*sum(log(exp(A*x) + 1)) + a'*inv(S)*b", "norm1(A*x - b) + norm2(x) + max(x)",
    "A : n x n; B : n x n; tr(kron(A, B))", "tr(expm(A))", "sum(diag(x)*A*x)",
    "h1 = relu(W1*x); h2 = h1 + W2*h1; L = sum(h2 .* h1)", "sum(leaky_relu(x)) + sum(gelu(x)) + sum(elu(x)) + sum(silu(x)) + sum(softplus(x))",
    "mse(W*x, y) + hinge(V*x, y)", "p = sigmoid(W*x); L = bce(p, y)",
]


@pytest.mark.parametrize("source", MODELS)
def test_function_gives_the_gradients(source: str):
    d = mc.derive(source)
    point = draw(d.model, 5)
    arguments = {n: v.reshape(()) if v.size == 1 else v for n, v in point.values.items()}
    loss, gradients = d.numpy()(**arguments)
    [expected] = evaluate([d.loss], point.values, point.sizes)
    assert np.isclose(loss, expected[0, 0])
    for g in d:
        [value] = evaluate([g.closed_form], point.values, point.sizes)
        assert np.allclose(np.asarray(gradients[g.name]).reshape(value.shape), value, rtol=1e-9, atol=1e-12), g.name


@pytest.mark.parametrize("source", MODELS[:4])
def test_module_runs_alone_and_tests_itself(source: str, tmp_path):
    path = tmp_path / "generated.py"
    path.write_text(mc.derive(source).code("numpy"))
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert "relative error" in done.stdout


def test_vectors_come_back_as_they_came():
    f = mc.derive("1/2*norm2(W*x - y)^2").numpy()
    W, x, y = np.ones((2, 3)), np.ones(3), np.ones(2)
    assert f(W=W, x=x, y=y)[1]["x"].shape == (3,)
    assert f(W=W, x=x[:, None], y=y[:, None])[1]["x"].shape == (3, 1)


def test_a_chain_that_ends_in_a_vector_has_no_matrix_product():
    source = mc.derive("1/2*norm2(W3*W2*W1*x - y)^2").code("numpy")
    assert "W3 @ (W2 @ (W1 @ x))" in source


@pytest.mark.parametrize(("values", "code"), [
    ({"W": [[1.0]]}, "M604"), ({"W": [[1.0]], "x": [1.0], "z": 1}, "M604"), ({"W": [[1.0, 2.0]], "x": [1.0]}, "M605"),
    ({"W": "a", "x": [1.0]}, "M606"), ({"W": [[1.0]], "x": [[[1.0]]]}, "M605")])
def test_wrong_arguments(values: dict, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("sum(W*x)").numpy()(**values)
    assert caught.value.diagnostic.code == code
