"""Modules for NumPy, JAX and PyTorch against the evaluator, and against autograd."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.derive.engine import derivation
from matcalc.numeric.code import function_source, result_source
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw

from ..battery.numbers import POINTS
from ..battery.numbers import draw as draw_battery
from ..battery.tasks import TASKS
from ..properties.random_expressions import values as random_values
from ..properties.test_values import drawn, model_of
from .generated import LIBRARIES, TARGETS, given, load, run_alone, same

MODELS = [
    "f1 = W1*x; f2 = W2*f1; f3 = W3*f2; L = 1/2*norm2(f3 - y)^2", "logdet(X) + tr(X^2)", "sum(tanh(W*x + b).^2 ./ (1 + x0^2))",
    "X : N x d; W : d x k; b : k; Y : N x k onehot target; Z = X*W + ones*b'; P = softmax_rows(Z); L = 1/N*cross_entropy(P, Y)",
    "Q : q x d; K : N x d; V : N x p; G : q x p; A = softmax_rows(Q*K'/sqrt(d)); L = 1/2*norm2(A*V - G)^2",
    "phi(t) = t/(1+exp(-t)); sum(phi(W*x))", "lambda*sum(log(exp(A*x) + 1)) + a'*inv(S)*b", "norm1(A*x - b) + norm2(x) + max(x)",
    "A : n x n; B : n x n; tr(kron(A, B))", "tr(expm(A))", "sum(diag(x)*A*x)",
    "h1 = relu(W1*x); h2 = h1 + W2*h1; L = sum(h2 .* h1)", "sum(leaky_relu(x)) + sum(gelu(x)) + sum(elu(x)) + sum(silu(x)) + sum(softplus(x))",
    "mse(W*x, y) + hinge(V*x, y)", "p = sigmoid(W*x); L = bce(p, y)", "S : n x n spd; x'*inv(S)*x + logdet(S)",
    """X : N x d; g : d; b : d; T : N x d target; M = X - rowmean(X)*ones'; s = sqrt(rowmean(M.^2) + 0.01*ones)
    H = M ./ (s*ones'); Y = H .* (ones*g') + ones*b'; L = 1/2*norm2(Y - T)^2""",
    "r : 1 x n; A : n x n; r*A*r' + sum(exp(r))", "sum(X.^3) + sum(abs(x).^(-1/2)) + sum(1 ./ (1 + x.^2).^2)",
    "X : m x n; u = vec(X); sum(u.^2) + logsumexp(u)", "sum(logsumexp_rows(A*B)) + norm2(A*B)",
]
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = [p for p in sorted(ROOT.glob("examples/**/*.mc")) if "g(a" not in p.read_text()]
WHATS = ("both", "loss", "gradients", "hvp")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("source", MODELS)
def test_gradients_of_a_model(source: str, target: str):
    d = mc.derive(source, check=False)
    point = draw(d.model, 5)
    loss, gradients = load(d.code(target))["loss_and_gradients"](*given(d.model, point.values))
    assert same(loss, evaluate([d.loss], point.values, point.sizes)[0])
    for g in d:
        assert same(gradients[g.name], evaluate([g.closed_form], point.values, point.sizes)[0]), g.name


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("block", range(5))
def test_gradients_of_random_losses(block: int, target: str):
    checked = 0
    for seed in range(block * 30, block * 30 + (30 if target == "numpy" else 5)):
        e = drawn(seed, "scalar")
        d = derivation(model_of(e))
        at, sizes = random_values(seed)
        [expected] = evaluate([e], at, sizes)
        if not np.all(np.isfinite(expected)) or np.abs(expected).max() > 1e8:
            continue
        loss, gradients = load(function_source(d, target))["loss_and_gradients"](*given(d.model, at))
        assert same(loss, expected), f"{seed}: {e}"
        for g in d:
            assert same(gradients[g.name], evaluate([g.closed_form], at, sizes)[0]), f"{seed}, {g.name}: {e}"
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", ["gradient", "jacobian", "hessian"])
def test_derivatives_of_the_battery(kind: str, target: str):
    tasks = [t for t in TASKS if t.kind == kind]
    for task in tasks if target == "numpy" else tasks[::4]:
        values = draw_battery(task.model.variables, POINTS[0], 0)
        space = load(result_source(task.result, target))
        for name, form in ((kind, task.result.form), ("value", task.result.function)):
            assert same(space[name](*given(task.model, values)), evaluate([form], values, POINTS[0])[0]), task.id


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_every_module_of_the_examples_tests_itself(path: Path, target: str):
    d = mc.derive(path.read_text(), check=False)
    for what in WHATS if target == "numpy" else ("both",):
        run_alone(d.code(target, what))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("source", MODELS[::3])
def test_every_kind_of_module_tests_itself(source: str, target: str, capsys):
    d = mc.derive(source, check=False)
    for what in WHATS:
        if what == "hvp" and "expm" in source:
            continue
        run_alone(d.code(target, what))
        assert ("loss: " if what == "loss" else "relative error") in capsys.readouterr().out


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("verb", "source", "wrt"), [
    ("jacobian", "softmax(W*x)", "x"), ("jacobian", "A*X*B", "X"), ("jacobian", "x*x'", "x"), ("jacobian", "a*x", "a"),
    ("hessian", "sum(exp(A*x))", "x"), ("hessian", "norm2(A*X - B)^2", "X"), ("hessian", "a^4 + a", "a"),
    ("gradient", "logdet(X)", "X")])
def test_derivatives_test_themselves(verb: str, source: str, wrt: str, target: str, capsys):
    run_alone(getattr(mc, verb)(source, wrt, check=False).code(target))
    assert "relative error" in capsys.readouterr().out


def test_hessian_of_a_derivation():
    run_alone(mc.derive("x'*A*x", wrt="x", check=False).code(what="hessian"))
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("x'*A*x", check=False).code(what="hessian")
    assert caught.value.diagnostic.code == "M307"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("source", MODELS[:13])
def test_float32(source: str, target: str):
    if target == "jax":
        import jax
        if jax.config.jax_enable_x64:  # another module has switched it on
            jax.config.update("jax_enable_x64", False)
    d = mc.derive(source, check=False)
    point = draw(d.model, 5)
    single = [np.float32(v) for v in given(d.model, point.values)]
    loss, gradients = load(d.code(target, dtype="float32"))["loss_and_gradients"](*single)
    assert np.allclose(float(loss), evaluate([d.loss], point.values, point.sizes)[0], rtol=1e-3)
    for g in d:
        found = np.asarray(gradients[g.name])
        assert found.dtype == np.float32, g.name
        [expected] = evaluate([g.closed_form], point.values, point.sizes)
        assert np.allclose(found.reshape(expected.shape), expected, rtol=1e-2, atol=1e-3 * np.abs(expected).max()), g.name


# ------------------------------------------------------------ the frameworks' own derivatives

def smooth(source: str):
    d = mc.derive(source, check=False)
    return d, [np.asarray(v, dtype=float) for v in given(d.model, draw(d.model, 3).values)]


@pytest.mark.parametrize("target", LIBRARIES)
@pytest.mark.parametrize("source", MODELS)
def test_gradients_against_autograd(source: str, target: str):
    d, values = smooth(source)
    names = list(d.model.variables)
    loss = load(d.code(target, "loss"))["loss"]
    gradients = load(d.code(target, "gradients"))["gradients"](*values)
    if target == "jax":
        import jax
        expected = dict(zip(names, jax.grad(loss, argnums=tuple(range(len(names))))(*values), strict=True))
    else:
        import torch
        tensors = [torch.tensor(v, requires_grad=True) for v in values]
        found = torch.autograd.grad(loss(*tensors), tensors, allow_unused=True)
        expected = {n: torch.zeros_like(t) if g is None else g for n, t, g in zip(names, tensors, found, strict=True)}
    for g in d:
        assert same(gradients[g.name], np.asarray(expected[g.name])), g.name


def test_jax_modules_can_be_compiled():
    jax = pytest.importorskip("jax", reason="jax is not installed: its modules are NOT tested")
    for source in MODELS[::2]:
        d, values = smooth(source)
        f = load(d.code("jax"))["loss_and_gradients"]
        (loss, gradients), (compiled, others) = f(*values), jax.jit(f)(*values)
        assert same(compiled, np.asarray(loss))
        assert all(same(others[n], np.asarray(v)) for n, v in gradients.items())


def test_products_with_the_hessian_against_jax():
    jax = pytest.importorskip("jax", reason="jax is not installed: its modules are NOT tested")
    for source in MODELS[:4]:
        d, values = smooth(source)
        space = load(d.code("jax", "hvp"))
        rng = np.random.default_rng(0)
        names = list(d.model.variables)
        moved = list(d.gradients)
        directions = [rng.normal(size=np.shape(values[names.index(n)])) for n in moved]
        tangents = [directions[moved.index(n)] if n in moved else np.zeros_like(v) for n, v in zip(names, values, strict=True)]
        loss = load(d.code("jax", "loss"))["loss"]
        _, expected = jax.jvp(jax.grad(loss, argnums=tuple(range(len(names)))), tuple(values), tuple(tangents))
        found = space["hessian_vector_product"](*values, *directions)
        for n in moved:
            assert same(found[n], np.asarray(expected[names.index(n)])), n


def test_nothing_warns():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for source in MODELS:
            run_alone(mc.derive(source, check=False).code())
