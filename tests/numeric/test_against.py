"""Somebody else's gradients: what is right agrees, and no known hole lets a wrong one through."""

from __future__ import annotations

import numpy as np
import pytest

import matcalc as mc

TWO_LAYERS = mc.derive("h = tanh(W1*x + b1); L = 1/2*norm2(W2*h - y)^2", check=False)
RELU = mc.derive("L = sum(relu(W*x))", check=False)
SIZES = {"n0": 4, "n1": 3, "n2": 2}


def right(W1, x, b1, W2, y):
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h - y
    dz = W2.T @ r * (1 - h ** 2)
    return {"W1": np.outer(dz, x), "b1": dz, "W2": np.outer(r, h), "x": W1.T @ dz}


def changed(**changes):
    """`right` with some gradients passed through functions."""
    def gradients(**values):
        found = right(**values)
        return found | {n: change(found[n]) for n, change in changes.items()}
    return gradients


def wrong(report) -> list[str]:
    return [v.name for v in report.variables if v.verdict == "disagrees"]


def of(source: str, function, **options):
    return mc.derive(source, check=False).check_against(function, **options)


# ---------------------------------------------------------------- what is right

def test_a_right_gradient_agrees():
    report = TWO_LAYERS.check_against(right)
    assert report.verdict == "agrees" and report.points == 3 and not report.faults
    assert all(v.relative_error < 1e-13 and abs(v.slope - 2) < 0.2 for v in report.variables)


def in_order(W1, x, b1, W2, y):
    g = right(W1, x, b1, W2, y)
    return [g[n] for n in ("W1", "x", "b1", "W2")]


@pytest.mark.parametrize("function", [
    in_order, lambda *values: in_order(*values), lambda **v: (1.0, right(**v)), lambda **v: (1.0, *in_order(**v)),
    lambda **v: {f"d{n}": g for n, g in right(**v).items()}, lambda a, b, c, d, e: in_order(a, b, c, d, e),
    lambda **v: (0.5, tuple(in_order(**v)))], ids=range(7))
def test_ways_to_return_and_to_be_called(function):
    assert TWO_LAYERS.check_against(function).verdict == "agrees"


def test_only_what_is_asked_for():
    d = mc.derive("1/2*norm2(W*x - y)^2", "x", check=False)
    assert d.check_against(lambda W, x, y: (0.0, W.T @ (W @ x - y))).verdict == "agrees"
    assert d.check_against(lambda W, x, y: {"x": W.T @ (W @ x - y)}).verdict == "agrees"


def test_a_python_word_as_a_name():
    assert of("sum(lambda*x)", lambda lambda_, x: {"lambda": x.sum(), "x": lambda_ * np.ones_like(x)}).verdict == "agrees"


# ---------------------------------------------------------------- the holes of gradient checkers

def test_wrong_sign_at_1e_8():
    report = of("1e-8*sum(tanh(W*x))", lambda W, x: _scaled_tanh(W, x, -1e-8))
    assert wrong(report) == ["W", "x"]
    assert report.diagnosis == ("every one of W, x has the wrong sign",)
    assert of("1e-8*sum(tanh(W*x))", lambda W, x: _scaled_tanh(W, x, 1e-8)).verdict == "agrees"


def _scaled_tanh(W, x, c):
    s = c * (1 - np.tanh(W @ x) ** 2)
    return {"W": np.outer(s, x), "x": W.T @ s}


def test_one_entry_with_a_wrong_sign_that_is_1e_8_of_the_others():
    def gradient(x):
        g = 2 * x
        g[1] *= -1
        return g
    at = {"x": np.array([1.0, 1e-8, 2.0])}
    report = of("x'*x", gradient, at=at)
    assert report.verdict == "disagrees" and report.variables[0].worst_index == (1,)
    assert of("x'*x", lambda x: 2 * x, at=at).verdict == "agrees"


@pytest.mark.parametrize("factor", [1.0001, 1 + 1e-6, 0.9995])
def test_a_small_error(factor):
    assert wrong(TWO_LAYERS.check_against(changed(W1=lambda g: factor * g))) == ["W1"]


def test_a_wrong_block_of_a_million():
    d = mc.derive("L = 1/2*norm2(W*x - y)^2", "W", check=False)

    def gradient(W, x, y):
        g = np.outer(W @ x - y, x)
        g[40:50, 100:110] *= 1.3
        return g
    report = d.check_against(gradient, sizes={"m": 1000, "n": 1000})
    assert report.parameters == 10 ** 6 and report.verdict == "disagrees"
    assert report.diagnosis == ("W: the gradient is wrong only in rows 40 to 49; there it is 1.3 times the right one",)
    assert d.check_against(lambda W, x, y: np.outer(W @ x - y, x), sizes={"m": 1000, "n": 1000}).verdict == "agrees"


def test_a_wrong_bias_among_large_weights():
    d = mc.derive("1/2*norm2(W*x + b)^2", "W, b", check=False)
    report = d.check_against(lambda W, x, b: (np.outer(W @ x + b, x), 1.001 * (W @ x + b)), sizes={"m": 300, "n": 200})
    assert wrong(report) == ["b"]


def test_a_kink_is_no_error():
    at = {"W": np.eye(2), "x": np.array([0.0, 1.0])}

    def subgradient(slope):
        def gradients(W, x):
            z = W @ x
            s = np.where(z > 0, 1.0, np.where(z == 0, slope, 0.0))
            return {"W": np.outer(s, x), "x": W.T @ s}
        return gradients
    for slope in (0, 0.5, 1):
        report = RELU.check_against(subgradient(slope), at=at)
        assert report.verdict == "agrees"
        assert [f.code for f in report.faults] == ["M639"]


def test_both_sides_of_a_kink_are_visited():
    source = "y : k onehot target; h = relu(W1*x + b1); L = cross_entropy(softmax(W2*h + b2), y)"

    def gradients(slope):
        def function(y, W1, x, b1, W2, b2):
            z = W1 @ x + b1
            h = np.maximum(z, 0)
            e = np.exp(W2 @ h + b2)
            r = e / e.sum() - y
            dz = W2.T @ r * slope(z)
            return {"W1": np.outer(dz, x), "b1": dz, "W2": np.outer(r, h), "b2": r, "x": W1.T @ dz}
        return function
    report = of(source, gradients(lambda z: 1))
    assert report.diagnosis == ("the derivative of relu is missing in h = relu(W1 x + b1)",)
    right = of(source, gradients(lambda z: z > 0))
    assert right.verdict == "agrees" and not right.faults


def test_one_side_of_a_kink_is_said():
    report = of("x : n positive; sum(relu(x))", lambda x: np.ones_like(x))
    assert report.verdict == "agrees" and codes(report) == ["M643"]


def test_cancellation_at_an_offset():
    source = "1e8 + 1/2*norm2(W*x - y)^2"

    def gradients(W, x, y):
        r = W @ x - y
        return {"W": np.outer(r, x), "x": W.T @ r}
    report = of(source, gradients)
    assert report.verdict == "agrees"
    assert all(v.slope is None or v.slope > 1.8 for v in report.variables)
    off = of(source, lambda **v: {n: 1.0001 * g for n, g in gradients(**v).items()})
    assert off.verdict == "disagrees"


def test_differences_of_an_offset_loss_are_no_evidence():
    def by_differences(x):
        def loss(z):
            return 1e8 + z @ z
        return np.array([(loss(x + 1e-6 * e) - loss(x - 1e-6 * e)) / 2e-6 for e in np.eye(len(x))])
    report = of("1e8 + x'*x", by_differences)
    assert report.verdict == "cannot tell" and "hides the answer" in report.diagnosis[0]


def test_a_small_constant_in_a_denominator():
    report = of("norm2(x)", lambda x: x / (np.linalg.norm(x) + 1e-8))
    assert report.verdict == "cannot tell" and "a small constant in a denominator?" in report.diagnosis[0]


def test_a_complex_step_through_abs_is_caught():
    def complex_step(x):
        return np.array([np.sum(np.abs(x + 1e-30j * e) ** 2).imag / 1e-30 for e in np.eye(len(x))])
    report = of("sum(abs(x).^2)", complex_step)
    assert report.verdict == "disagrees" and "is zero" in report.diagnosis[0]
    assert of("sum(abs(x).^2)", lambda x: 2 * x).verdict == "agrees"


def test_zero_everywhere_is_no_evidence():
    at = {"x": np.zeros(3)}
    report = of("x'*x", lambda x: -2 * x, at=at)
    assert report.verdict == "cannot tell" and report.faults[0].code == "M640"


def test_an_unstable_but_right_gradient_is_not_wrong():
    def gradient(x):  # 1 - tanh^2 by way of a difference of large numbers
        return (1e6 + 1 - np.tanh(x) ** 2) - 1e6
    assert of("sum(tanh(x))", gradient).verdict == "agrees"


def test_large_arrays_are_diagnosed_at_small_ones():
    def forgets(W1, x, b1, W2, y):
        h = np.tanh(W1 @ x + b1)
        dz = W2.T @ (W2 @ h - y)
        return right(W1, x, b1, W2, y) | {"W1": np.outer(dz, x), "b1": dz, "x": W1.T @ dz}
    report = TWO_LAYERS.check_against(forgets, sizes={"n0": 300, "n1": 200, "n2": 100})
    assert report.diagnosis == ("the derivative of tanh is missing in h = tanh(W1 x + b1)",)
    assert report.sizes["n0"] == 300


# ---------------------------------------------------------------- answers that are no good

def codes(report) -> list[str]:
    return [f.code for f in report.faults]


def test_a_wrong_shape():
    report = TWO_LAYERS.check_against(changed(b1=lambda g: g[:, None], W1=lambda g: g.T))
    assert report.verdict == "disagrees" and codes(report) == ["M631", "M631"]
    assert set(report.diagnosis) == {"b1: the gradient has the right numbers in the wrong shape",
                                     "W1: the gradient is transposed"}


def test_a_batch_that_is_not_summed():
    d = mc.derive("X : N x d; W : d x k; b : k; L = 1/2*norm2(X*W + ones*b')^2", "b", check=False)
    report = d.check_against(lambda X, W, b: X @ W + b)
    assert report.diagnosis == ("b: the gradient is not summed over axis 0 (the batch?)",)


def test_a_list_is_remarked():
    report = TWO_LAYERS.check_against(changed(W1=lambda g: g.tolist()))
    assert report.verdict == "agrees" and codes(report) == ["M632"]


@pytest.mark.parametrize("value", [None, "text", [1.0, "a"]])
def test_no_numbers(value):
    report = TWO_LAYERS.check_against(changed(W1=lambda g: value))
    assert wrong(report) == ["W1"] and codes(report) == ["M632"]


def test_nan():
    def poisoned(g):
        g[0, 1] = np.nan
        return g
    report = TWO_LAYERS.check_against(changed(W1=poisoned))
    assert wrong(report) == ["W1"] and codes(report) == ["M633"]
    assert "the first at [0, 1]" in report.faults[0].words


def test_float32():
    single = {n: lambda g: g.astype(np.float32) for n in ("W1", "x", "b1", "W2")}
    report = TWO_LAYERS.check_against(changed(**single))
    assert report.verdict == "agrees" and set(codes(report)) == {"M634"}
    off = TWO_LAYERS.check_against(changed(**single | {"b1": lambda g: (1.0001 * g).astype(np.float32)}))
    assert wrong(off) == ["b1"]


def test_an_argument_that_is_changed():
    def careless(W1, x, b1, W2, y):
        g = right(W1, x, b1, W2, y)
        W1 -= 0.1 * g["W1"]
        return g
    report = TWO_LAYERS.check_against(careless)
    assert report.verdict == "disagrees" and wrong(report) == []
    assert report.faults[0].line == "W1: the function changes its argument in place (M635)"


def test_printing_is_kept_out(capsys):
    def chatty(**values):
        print("loss", 3)
        return right(**values)
    report = TWO_LAYERS.check_against(chatty)
    assert report.verdict == "agrees" and codes(report) == ["M636"]
    assert capsys.readouterr().out == ""


def test_chance():
    rng = np.random.default_rng(0)
    report = TWO_LAYERS.check_against(changed(W1=lambda g: g * (rng.uniform(size=g.shape) > 0.5)))
    assert report.faults[0].code == "M637" and report.reason


def test_another_loss():
    report = TWO_LAYERS.check_against(lambda **v: (7.0, right(**v)))
    assert report.verdict == "agrees" and codes(report) == ["M638"]


@pytest.mark.parametrize(("function", "code"), [
    (lambda **v: 1 / 0, "M623"), (lambda **v: [1.0, 2.0], "M624"), (lambda **v: {"W1": 1.0}, "M624"),
    (lambda **v: None, "M624"), (lambda a: a, "M622"), (lambda x, other: x, "M622"), (3, "M622")])
def test_refused(function, code):
    with pytest.raises(mc.MatcalcError) as caught:
        TWO_LAYERS.check_against(function)
    assert caught.value.diagnostic.code == code


@pytest.mark.parametrize(("source", "options", "code"), [
    ("sum(sigma(W*x))", {}, "M603"), ("sum(W*x)", {"order": ["q"]}, "M302"), ("sum(W*x)", {"order": ["x"]}, "M302"),
    ("sum(W*x)", {"isolate": True}, "M620")])
def test_what_cannot_be_compared(source, options, code):
    with pytest.raises(mc.MatcalcError) as caught:
        of(source, right, **options)
    assert caught.value.diagnostic.code == code


def test_where_it_was_raised():
    def failing(**values):
        raise ValueError("no such thing")
    with pytest.raises(mc.MatcalcError, match=r"raises ValueError: no such thing\n  = line \d+ of test_against.py"):
        TWO_LAYERS.check_against(failing)


def test_an_unknown_size():
    with pytest.raises(mc.MatcalcError, match="M626"):
        TWO_LAYERS.check_against(right, sizes={"q": 3})


# ---------------------------------------------------------------- frameworks

def test_jax():
    jax = pytest.importorskip("jax")
    jnp = jax.numpy

    def loss(W1, x, b1, W2, y):
        return 0.5 * jnp.sum((W2 @ jnp.tanh(W1 @ x + b1) - y) ** 2)
    for function in (loss, jax.jit(loss), jax.grad(loss, argnums=(0, 1, 2, 3)),
                     jax.value_and_grad(loss, argnums=(0, 1, 2, 3))):
        report = TWO_LAYERS.check_against(function, arrays="jax")
        assert report.verdict == "agrees" and all(v.relative_error < 1e-12 for v in report.variables)
    assert TWO_LAYERS.check_against(lambda *v: 2 * loss(*v), arrays="jax").verdict == "disagrees"


def test_torch():
    torch = pytest.importorskip("torch")

    def loss(W1, x, b1, W2, y):
        return 0.5 * ((W2 @ torch.tanh(W1 @ x + b1) - y) ** 2).sum()

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            for name, shape in (("W1", (3, 4)), ("b1", (3,)), ("W2", (2, 3))):
                setattr(self, name, torch.nn.Parameter(torch.zeros(shape)))

        def forward(self, x, y):
            return loss(self.W1, x, self.b1, self.W2, y)

    class Forgets(torch.autograd.Function):
        @staticmethod
        def forward(ctx, W1, x, b1, W2, y):
            ctx.save_for_backward(W1, x, b1, W2, y)
            return loss(W1, x, b1, W2, y)

        @staticmethod
        def backward(ctx, g):
            W1, x, b1, W2, y = ctx.saved_tensors
            h = torch.tanh(W1 @ x + b1)
            r = W2 @ h - y
            dz = W2.T @ r
            return g * torch.outer(dz, x), g * (W1.T @ dz), g * dz, g * torch.outer(r, h), None
    assert TWO_LAYERS.check_against(loss, arrays="torch").verdict == "agrees"
    assert TWO_LAYERS.check_against(Net()).verdict == "agrees"
    report = TWO_LAYERS.check_against(Forgets)
    assert report.diagnosis == ("the derivative of tanh is missing in h = tanh(W1 x + b1)",)


def test_an_unknown_framework():
    with pytest.raises(mc.MatcalcError, match="M627"):
        TWO_LAYERS.check_against(right, arrays="tensorflow")
