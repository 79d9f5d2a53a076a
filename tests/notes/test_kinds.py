"""What items compute, against independent numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
import sympy

import matcalc as mc
from matcalc.derive.elementary import slopes
from matcalc.derive.pullback import pulled_back
from matcalc.derive.stored import stored
from matcalc.derive.through import through
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.same import same
from matcalc.numeric.studies import quotients
from matcalc.reader import read_formula

RNG = np.random.default_rng(3)

# ---------------------------------------------------------------- modules

MODULES = [  # source, the lecture's module in NumPy
    ("W : m x n; x : n; b : m; a = W*x + b", lambda v: v["W"] @ v["x"] + v["b"]),
    ("x : n; a = relu(x)", lambda v: np.maximum(v["x"], 0)),
    ("x : n; a = softplus(x)", lambda v: np.log(1 + np.exp(v["x"]))),
    ("x : n; a = leaky_relu(x)", lambda v: np.where(v["x"] > 0, v["x"], 0.01 * v["x"])),
    ("x : n; e : n constant; a = relu(x + e)", lambda v: np.maximum(v["x"] + v["e"], 0)),
    ("x : n; a = sigmoid(x)", lambda v: 1 / (1 + np.exp(-v["x"]))),
    ("x : n; a = tanh(x)", lambda v: np.tanh(v["x"])),
    ("x : n; a = softmax(x)", lambda v: np.exp(v["x"]) / np.exp(v["x"]).sum()),
    ("x : n; m : n constant; a = m .* x", lambda v: v["m"] * v["x"]),
    ("x : n; a = x/norm1(x)", lambda v: v["x"] / np.abs(v["x"]).sum()),
    ("x : n; a = x/norm2(x)", lambda v: v["x"] / np.sqrt((v["x"] ** 2).sum())),
]
SIZES = {"m": 3, "n": 4}


@pytest.mark.parametrize(("source", "function"), MODULES, ids=[s for s, _ in MODULES])
def test_modules_pull_gradients_back(source: str, function):
    """<C, a(x + h v)> differentiated along v is <dL/dx, v>, for dL/da = C."""
    model = mc.read(source)
    values = {v.name: RNG.normal(size=tuple(d.value(SIZES) for d in v.shape)) for v in model.variables.values()}
    known = {**values, "a": function(values)}
    C = RNG.normal(size=known["a"].shape)
    for name, (_, formula) in pulled_back(model, None, lambda m, names: mc.derive(m, names, check=False)).items():
        along = RNG.normal(size=values[name].shape)
        up, down = ((C * function({**values, name: values[name] + s * 1e-6 * along})).sum() for s in (1, -1))
        gradient = evaluate([formula], {**known, ("L", "a"): C}, SIZES)[0]
        assert gradient.shape == values[name].shape
        assert (gradient * along).sum() == pytest.approx((up - down) / 2e-6, rel=1e-6, abs=1e-8)


LOSSES = [("x : n; y : n target; 1/2*norm2(y - x)^2", "x - y"),
          ("x : n; y : n onehot target; cross_entropy(x, y)", "-y ./ x"),
          ("x : n; y : n onehot target; cross_entropy(softmax(x), y)", "softmax(x) - y")]


@pytest.mark.parametrize(("source", "printed"), LOSSES)
def test_losses_start_the_backward_pass(source: str, printed: str):
    found = pulled_back(mc.read(source), None, lambda m, names: mc.derive(m, names))
    assert str(found["x"][1]) == printed


# ---------------------------------------------------------------- the rules of school

FUNCTIONS = ["(2*x + 3)^2 + 3", "sin(1/2*x^2)", "exp(-x)*x^3", "(x + 1/x)^2", "tanh(3*x)*sin(x) + x", "5*x - 2"]


@pytest.mark.parametrize("formula", FUNCTIONS)
def test_slopes_multiply_to_the_derivative(formula: str):
    x = sympy.Symbol("x")
    exact = sympy.diff(sympy.sympify(formula.replace("^", "**")), x)
    d = mc.derive(f"x : scalar; {formula}", "x")
    _, product = slopes(d, "x")
    assert float(evaluate([product], {"x": np.array([[0.7]])}, {})[0][0, 0]) == pytest.approx(float(exact.subs(x, 0.7)))


def test_rules_are_named():
    d = mc.derive("x1 : scalar; x2 : scalar; a = 2*x1; b = 3*x2; c = a + b; e = c^2; g = e + 3", "x1")
    found, product = slopes(d, "x1")
    assert [(str(s.lhs), str(s.value), s.rules) for s in found] == [
        ("dg/de", "1", ("linearity", "constant")), ("de/dc", "2 c", ("monomial",)), ("dc/da", "1", ("linearity",)),
        ("da/dx1", "2", ("linearity",))]
    assert str(product) == "2 c * 2"


def test_ways_are_added():
    """u and v meet again: dL/dx is the sum over both ways."""
    d = mc.derive("x : scalar; u = x^2; v = sin(x); L = u*v", "x")
    found, product = slopes(d, "x")
    value = evaluate([product], {"x": np.array([[0.4]]), "u": np.array([[0.16]]), "v": np.array([[np.sin(0.4)]])}, {})[0]
    assert float(value[0, 0]) == pytest.approx(2 * 0.4 * np.sin(0.4) + 0.16 * np.cos(0.4))


def test_too_many_ways_are_refused():
    chain = "c0 = x^2; " + "; ".join(f"a{i} = c{i - 1}^2; b{i} = sin(c{i - 1}); c{i} = a{i} + b{i}" for i in range(1, 6))
    with pytest.raises(mc.MatcalcError) as caught:
        slopes(mc.derive(f"x : scalar; {chain}", "x", check=False), "x")
    assert caught.value.diagnostic.code == "M543"


# ---------------------------------------------------------------- through, stored, dimensions

NETWORK = "W1 : n1 x n0; W2 : n2 x n1; x : n0; y : n2; a1 = W1*x; h1 = {f}(a1); a2 = W2*h1; h2 = {f}(a2); L = 1/2*norm2(h2 - y)^2"


@pytest.mark.parametrize("names", ["h1", "a2", "h1, h2", "", ["a1", "a2"]])
def test_the_way_does_not_change_the_gradient(names):
    model = mc.read(NETWORK.format(f="sigmoid"))
    short = through(model, names)
    kept = [n.strip() for n in (names.split(",") if isinstance(names, str) else names) if n.strip()]
    assert [a.name for a in short.assignments] == [*kept, "L"]
    whole, found = mc.derive(model, check=False), mc.derive(short, check=False)
    at = whole.sample(1)
    for name, gradient in whole.numpy()(**at)[1].items():
        assert np.allclose(found.numpy()(**at)[1][name], gradient, rtol=1e-12)


@pytest.mark.parametrize(("function", "kept"), [("sigmoid", ("h1", "h2")), ("tanh", ("h1", "h2")), ("sin", ("a1", "h1", "a2", "h2"))])
def test_what_is_stored_is_enough(function: str, kept: tuple):
    """The backward pass without the other values, which are not there, gives the same gradients."""
    d = mc.derive(NETWORK.format(f=function), check=False)
    used, free = stored(d)
    assert used == kept and set(used) | set(free) == {"a1", "h1", "a2", "h2"}
    sizes = {"n0": 2, "n1": 3, "n2": 4}
    known = {v.name: RNG.normal(size=tuple(s.value(sizes) for s in v.shape)) for v in d.model.variables.values()}
    values = dict(known)
    for a in d.model.assignments:
        values[a.name] = evaluate([a.expr], values, sizes)[0]
    known |= {n: values[n] for n in used} | {("L", "L"): np.ones((1, 1))}
    for e in d.backward:
        known[("L", e.name)] = evaluate([e.rhs], known, sizes)[0]
    flat = {n: v.ravel() if v.shape[1] == 1 else v for n, v in values.items() if n in d.model.variables}
    for name, gradient in d.numpy()(**flat)[1].items():
        assert np.allclose(known[("L", name)].reshape(gradient.shape), gradient)


SHAPES = re.compile(r"\((\w+) × (\w+)\)")


@pytest.mark.parametrize("source", ["examples/lectures/20_transposed.mc", NETWORK.format(f="tanh"),
                                    "X : N x d; W : d x k; Y : N x k; F = X*W; L = norm2(F - Y)^2"])
def test_dimensions_fit(source: str):
    """Columns of each factor are the rows of the next; the outer ones are those of the left side."""
    text = mc.derive(source).render("text", notation="dimensions").split("Dimensions\n")[1]
    lines = [line.strip() for line in text.split("\n\n")[0].splitlines()]
    products = [line for line in lines if SHAPES.search(line)]
    assert len(products) >= 3
    for line in products:
        factors = SHAPES.findall(line)
        left = re.match(r"(\w+) × (\w+) =", line).groups()
        assert all(a[1] == b[0] for a, b in zip(factors, factors[1:], strict=False))
        assert left == (factors[0][0], factors[-1][1])


# ---------------------------------------------------------------- numbers

def test_quotients_are_those_of_the_lecture():
    d = mc.derive("x1 : scalar; x2 : scalar; (2*x1 + 3*x2)^2 + 3", "x1")
    row = quotients(d, "x1", {"x1": 1, "x2": 3}, [2e-2]).rows[0]
    assert f"{row.up:.4f}" == "124.4404" and f"{row.down:.4f}" == "123.5604"
    assert str(row.quotient).startswith("43.9999")


def test_the_practical_step_does_not_vanish_at_zero():
    d = mc.derive("x : scalar; x^3 - 2*x", "x")
    at_zero, at_three = (quotients(d, "x", {"x": x}, ["practical"]) for x in (0, 3))
    assert at_zero.rows[0].step == pytest.approx(2.0 ** (-52 / 3)) and at_zero.rows[0].quotient == pytest.approx(-2, abs=1e-8)
    assert at_three.rows[0].step == pytest.approx(3 * 2.0 ** (-52 / 3)) and at_three.rows[0].quotient == pytest.approx(25, abs=1e-8)


@pytest.mark.parametrize(("left", "right", "is_same"), [
    ("tanh(x)", "2*sigmoid(2*x) - 1", True), ("softmax(x - max(x)*ones)", "softmax(x)", True),
    ("diag(1 - tanh(x).^2)*v", "(1 - tanh(x).^2) .* v", True), ("softmax(x)", "exp(x)/sum(exp(x))", True),
    ("tanh(x)", "2*sigmoid(2*x) - 1.000000001", False), ("x'*v", "v'*x", True), ("x*v'", "v*x'", False)])
def test_same(left: str, right: str, is_same: bool):
    model = mc.read("x : n; v : n; x'*v")
    assert same(read_formula(left, model), read_formula(right, model), model).is_same is is_same


def test_the_bias_by_extension_is_the_bias():
    """The last column of the extended gradient is that of the bias, the others those of the weights."""
    folder = "examples/lectures/"
    plain, extended = mc.derive(folder + "04_bias.mc").numpy(), mc.derive(folder + "04_bias_extended.mc").numpy()
    W, b, x, y = RNG.normal(size=(2, 3)), RNG.normal(size=2), RNG.normal(size=3), RNG.normal(size=2)
    loss, gradients = plain(W=W, b=b, x=x, y=y)
    other, found = extended(W=np.c_[W, b], x=x, y=y, P=np.eye(4, 3), e=np.eye(4)[3])
    assert other == pytest.approx(loss)
    assert np.allclose(found["W"], np.c_[gradients["W"], gradients["b"]]) and np.allclose(found["x"], gradients["x"])
