"""Generated NumPy code: stand-alone, right, careful with its arguments, and well written."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

import matcalc as mc

from .generated import load, run_alone

NET = """X : N x d; W1 : d x k; b1 : k; W2 : k x c; b2 : c; Y : N x c onehot target
H = sigmoid(X*W1 + ones*b1')
Z = H*W2 + ones*b2'
P = softmax_rows(Z)
L = 1/N*cross_entropy(P, Y)"""


def code(source: str, **options) -> str:
    return mc.derive(source, check=False).code(**options)


def test_module_runs_alone_and_tests_itself(tmp_path):
    path = tmp_path / "generated.py"
    path.write_text(code(NET))
    done = subprocess.run([sys.executable, "-I", str(path)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("relative error") == 5


def test_a_wrong_gradient_fails_the_self_test(tmp_path):
    path = tmp_path / "generated.py"
    path.write_text(code(NET).replace("dZ -= Y", "dZ += Y"))
    assert subprocess.run([sys.executable, "-I", str(path)], capture_output=True, check=False).returncode == 1


def test_vectors_come_back_as_they_came():
    f = mc.derive("1/2*norm2(W*x - y)^2").numpy()
    W, x, y = np.ones((2, 3)), np.ones(3), np.ones(2)
    assert f(W=W, x=x, y=y)[1]["x"].shape == (3,)
    assert f(W=W, x=x[:, None], y=y[:, None])[1]["x"].shape == (3, 1)
    assert f(W=W, x=x, y=y)[1]["x"].shape == (3,)


@pytest.mark.parametrize(("values", "wanted"), [
    ({"W": [[1.0]]}, "M604"), ({"W": [[1.0]], "x": [1.0], "z": 1}, "M604"), ({"W": [[1.0, 2.0]], "x": [1.0]}, "M605"),
    ({"W": "a", "x": [1.0]}, "M606"), ({"W": [[1.0]], "x": [[[1.0]]]}, "M605")])
def test_wrong_arguments(values: dict, wanted: str):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("sum(W*x)").numpy()(**values)
    assert caught.value.diagnostic.code == wanted


def test_wrong_arguments_after_a_good_call():
    f = mc.derive("sum(W*x)").numpy()
    W, x = np.ones((2, 3)), np.ones(3)
    f(W=W, x=x)
    for bad in ({"W": W, "x": np.ones(2)}, {"W": W.astype(str), "x": np.array(["a", "b", "c"])}, {"W": W, "x": x, "z": 1}):
        with pytest.raises(mc.MatcalcError):
            f(**bad)
    assert f(x=x, W=W)[0] == 6


def test_names_that_are_no_identifiers():
    f = mc.derive("lambda*norm2(x)^2").numpy()
    loss, gradients = f(**{"lambda": 2.0, "x": np.array([1.0, 2.0])})
    assert (loss, gradients["lambda"], gradients["x"].tolist()) == (10, 5, [4, 8])


def test_names_that_the_code_uses_itself():
    source = "known : n; others : n; float : n; np : n; t1 : n; residual : n; math : n; out : n; values : n; h : n; d : n\n"
    names = [line.split()[0] for line in source.split(";")]
    f = mc.derive(source + "norm2(" + " + ".join(names) + ")^2 + sum(exp(np) .* tanh(np))/sqrt(n)", check=False)
    run_alone(f.code())
    assert np.isclose(f.numpy()(**{n: np.ones(2) for n in names})[0], 242 + 2 ** 0.5 * np.e * np.tanh(1))


# ------------------------------------------------------------ how it is written

def test_a_chain_that_ends_in_a_vector_has_no_matrix_product():
    source = code("1/2*norm2(W3*W2*W1*x - y)^2")
    assert "W1 @ x" in source and "W3 @ W2" not in source and "W2 @ W1" not in source


def test_biases_broadcast():
    source = code(NET)
    assert "Z += b2" in source and "db2 = dZ.sum(axis=0)" in source
    assert "ones(" not in source


def test_a_bias_of_columns_broadcasts():
    source = code("X : d x N; W : k x d; b : k; T : k x N target; 1/2*norm2(tanh(W*X + b*ones') - T)^2")
    assert "b[:, None]" in source and ".sum(axis=1)" in source and "ones(" not in source


def test_logarithms_of_softmax_and_sigmoid_are_stable():
    f = mc.derive("z : n; y : n onehot target; p = softmax(z); cross_entropy(p, y)", check=False).numpy()
    loss, gradients = f(z=np.array([0.0, 1000.0]), y=np.array([1.0, 0.0]))
    assert (loss, gradients["z"].tolist()) == (1000, [-1, 1])
    f = mc.derive("z : n; y : n target; p = sigmoid(z); bce(p, y)", check=False).numpy()
    assert f(z=np.array([800.0, -800.0]), y=np.array([0.0, 1.0]))[0] == 1600
    with np.errstate(over="raise", invalid="raise"):
        assert mc.derive("sum(log(1 + exp(x)))", check=False).numpy()(x=np.array([800.0]))[0] == 800


def test_a_system_is_solved_rather_than_inverted():
    source = code("S : n x n; a : n; b : n; a'*inv(S)*b")
    assert source.count("np.linalg.solve") == 2 and "inv(" not in source
    assert "S_inv = np.linalg.inv(S)" in code("S : n x n; a : n; a'*inv(S)*a + tr(inv(S))")


def test_what_is_not_needed_is_left_out():
    assert "dP" not in code(NET)
    assert "loss =" not in load(code(NET, what="gradients"))["gradients"].__doc__
    assert "log_P" not in code(NET, what="gradients").split("def gradients")[1]


def test_results_share_no_memory():
    f = mc.derive("x'*y + sum(a + b)", check=False, shapes={"a": ("n",), "b": ("n",)}, wrt=["x", "y", "a", "b"]).numpy()
    x, y, a, b = np.random.default_rng(0).normal(size=(4, 3))
    arrays = [*f(x=x, y=y, a=a, b=b)[1].values(), x, y, a, b]
    assert not any(np.shares_memory(u, v) for i, u in enumerate(arrays) for v in arrays[:i])


def test_arguments_are_never_written_to():
    f = mc.derive(NET, check=False).numpy()
    rng = np.random.default_rng(0)
    values = {"X": rng.normal(size=(5, 4)), "W1": rng.normal(size=(4, 3)), "b1": rng.normal(size=3),
              "W2": rng.normal(size=(3, 2)), "b2": rng.normal(size=2), "Y": np.eye(2)[[0, 1, 1, 0, 1]]}
    before = {n: v.copy() for n, v in values.items()}
    first = f(**values)
    assert all(np.array_equal(before[n], values[n]) for n in values)
    assert all(np.array_equal(v, f(**values)[1][n]) for n, v in first[1].items())


def test_a_deep_network_gives_its_memory_back():
    lines = ["h0 : B x n constant; y : B x n target", *(f"W{i} : n x n" for i in range(1, 11))]
    lines += [f"h{i} = h{i - 1} + tanh(h{i - 1}*W{i})" for i in range(1, 11)]
    f = mc.derive("\n".join([*lines, "L = 1/2*norm2(h10 - y)^2"]), check=False).numpy()
    rng = np.random.default_rng(0)
    values = {f"W{i}": rng.normal(size=(8, 8)) / 3 for i in range(1, 11)}
    values |= {"h0": rng.normal(size=(1000, 8)), "y": rng.normal(size=(1000, 8))}
    f(**values)
    tracemalloc.start()
    f(**values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * 8 * 8 * 1000  # two activations a block, and a little


def test_a_very_deep_chain():
    lines = ["x : n", *(f"W{i} : n x n" for i in range(1, 301)), "f1 = W1*x"]
    lines += [f"f{i} = W{i}*f{i - 1}" for i in range(2, 301)]
    model = "\n".join([*lines, "sum(f300)"])
    load(code(model)), load(code(model, what="loss"))
