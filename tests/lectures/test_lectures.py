"""Every lecture example runs and gives what the lecture prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import matcalc as mc

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "lectures"
FILES = sorted(p.name for p in FOLDER.glob("*.mc"))


def closed(name: str) -> dict[str, str]:
    return {g.name: g.text for g in mc.derive(FOLDER / name)}


def named(name: str) -> dict[str, str]:
    return {g.name: g.named_text for g in mc.derive(FOLDER / name)}


def printed(name: str) -> str:
    done = subprocess.run([sys.executable, str(FOLDER / name)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", FILES)
def test_every_example_is_derived_and_checked(name: str):
    assert mc.derive(FOLDER / name).report.verdict == "agrees"


def test_every_example_is_listed():
    listed = (FOLDER.parent / "README.md").read_text()
    assert all(p.name in listed for p in FOLDER.iterdir() if p.suffix in (".mc", ".py"))


def test_01_scalar_example():
    out = printed("01_scalar_example.py")
    assert "(124.4404 - 123.5604) / 0.02 = 43.9999" in out
    assert "df/dx1 = 4 (2 x1 + 3 x2) = 44" in out
    assert "forward: 2 9 11 121 124" in out
    assert "backward: 1 22 1 2 product: 44" in out


def test_03_written_out():
    """Two neurons and three inputs, entry by entry."""
    out = mc.derive(FOLDER / "03_fully_connected.mc").render("text", notation="entries")
    assert "ŷ₁ = w₁₁ x₁ + w₁₂ x₂ + w₁₃ x₃" in out and "ŷ₂ = w₂₁ x₁ + w₂₂ x₂ + w₂₃ x₃" in out
    assert "∂L/∂W = ⎡ (∂L/∂ŷ₁) x₁   (∂L/∂ŷ₁) x₂   (∂L/∂ŷ₁) x₃ ⎤" in out
    assert "∂L/∂x = ⎡ w₁₁ (∂L/∂ŷ₁) + w₂₁ (∂L/∂ŷ₂) ⎤" in out


@pytest.mark.parametrize("name", ["05_one_layer.mc"])
def test_05_one_layer(name: str):
    assert closed(name) == {"W": "(W x - y) x^T", "x": "W^T (W x - y)"}


def test_06_three_layers():
    assert closed("06_three_layers.mc") == {
        "W3": "(W3 W2 W1 x - y)(W2 W1 x)^T", "W2": "W3^T (W3 W2 W1 x - y)(W1 x)^T",
        "W1": "W2^T W3^T (W3 W2 W1 x - y) x^T", "x": "W1^T W2^T W3^T (W3 W2 W1 x - y)"}


def test_06_factor_by_factor():
    factors = mc.derive(FOLDER / "06_three_layers.mc")["W1"].factors
    assert [(f.of, f.by, str(f.value), f.side) for f in factors] == [
        ("L", "f3", "W3 W2 W1 x - y", "seed"), ("f3", "f2", "W3^T", "left"), ("f2", "f1", "W2^T", "left"),
        ("f1", "W1", "x^T", "right")]


def test_08_softmax_table():
    out = printed("08_softmax.py")
    rows = [line.split() for line in out.splitlines()[:4]]
    assert [r[-2:] for r in rows] == [["0.03", "0.0006"], ["3.19", "0.0596"], ["0.44", "0.0083"], ["49.90", "0.9315"]]
    assert "dL/dx = yhat - y" in out


def test_09_activations():
    assert closed("09_activations.mc") == {"x": "sigmoid'(x)", "z": "step(z)", "v": "0"}


def test_11_network_in_the_order_of_the_lecture():
    forms = named("11_three_layer_network.mc")
    assert forms == {"W3": "(dL/da3) h2^T", "b3": "dL/da3", "W2": "(dL/da2) h1^T", "b2": "dL/da2",
                     "W1": "(dL/da1) x^T", "b1": "dL/da1"}
    backward = {e.name: str(e.rhs) for e in mc.derive(FOLDER / "11_three_layer_network.mc").backward}
    assert backward["a3"] == "yhat - y"
    assert backward["h2"] == "W3^T (dL/da3)"
    assert backward["a2"] == "(dL/dh2) .* g'(a2)"


def test_12_regression():
    assert named("12_regression.mc")["W"] == "(dL/dyhat) h^T"


def test_13_batches():
    assert closed("13_batch_rows.mc")["W"] == "2/N X^T (X W + ones b^T - Y)"
    assert closed("13_batch_columns.mc")["W"] == "2/N (W X + b ones^T - Y) X^T"


def test_14_thin_network():
    assert named("14_thin_network.mc")["W_111"] == "x (dL/da_11)"
    factors = mc.derive(FOLDER / "14_thin_network.mc")["W_111"].factors
    assert [(f.of, f.by) for f in factors] == [
        ("L", "yhat"), ("yhat", "h_21"), ("h_21", "a_21"), ("a_21", "h_11"), ("h_11", "a_11"), ("a_11", "W_111")]


@pytest.mark.parametrize(("weight", "unit"), [("W_111", "h_11"), ("W_211", "h_21")])
def test_14_compressed_forms(weight: str, unit: str):
    """dL/dW_111 = dL/dh_11 * dh_11/dW_111, and dL/dW_211 through h_21."""
    d = mc.derive(FOLDER / "14_thin_network.mc", weight, through=unit)
    assert [(f.of, f.by) for f in d[weight].factors] == [("L", unit), (unit, weight)]
    whole = mc.derive(FOLDER / "14_thin_network.mc", weight)
    at = dict(x=0.7, W_111=-1.2, W_211=0.4, W_311=2.0, y=0.3)
    assert float(d.numpy()(**at)[1][weight]) == pytest.approx(float(whole.numpy()(**at)[1][weight]), rel=1e-13)


def test_17_one_module_or_two():
    one = mc.gradient("phi(t) = 1/(1+exp(-t)); W : m x n; x : n; 1/2*norm2(phi(W*x) - y)^2", "W")
    two = mc.gradient("W : m x n; x : n; z = W*x; 1/2*norm2(sigmoid(z) - y)^2", "W")
    values = dict(W=[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6]], x=[1.0, 2.0], y=[0.0, 1.0, 0.5])
    assert abs(one.numpy(**values) - two.numpy(**values)).max() < 1e-14


def test_18_jacobians():
    out = printed("18_jacobians.py")
    assert "diag(softmax(x)) - softmax(x) softmax(x)^T" in out
    assert "diag(1 - tanh(x).^2)" in out
    assert "∂F/∂x = ⎡" in out and out.count("w₂₃") >= 1


def test_11_any_depth():
    out = printed("11_any_depth.py")
    assert "δᵢ = (Wᵢ₊₁ᵀ δᵢ₊₁) ⊙ g′(aᵢ)" in out and "δ_L ← ŷ − y" in out


def test_19_loops_are_named():
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("h = tanh(W*s); s = h; sum(s)")
    assert caught.value.diagnostic.code == "M108"


def test_20_transposed_convention():
    d = mc.derive(FOLDER / "20_transposed.mc")
    assert {g.name: g.named_text for g in d} == {"w2": "a1 (dL/da2)^T", "w1": "x (dL/da1)^T", "x": "w1 (dL/da1)"}
    assert {g.name: g.shape for g in d} == {"w2": (10, 5), "w1": (15, 10), "x": (15,)}


def test_21_two_sigmoid_layers():
    backward = {e.name: str(e.rhs) for e in mc.derive(FOLDER / "21_two_sigmoid_layers.mc").backward}
    assert backward["a2"] == "(dL/dh2) .* h2 .* (1 - h2)"


def test_22_chain_rule():
    assert closed("22_chain_rule.mc") == {"x": "x cos(1/2 x^2)"}


def drawn(name: str, folder: Path, *files: str) -> str:
    """What an example prints, after it has written its pictures."""
    done = subprocess.run([sys.executable, str(FOLDER / name), str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all("<svg" in (folder / f).read_text() for f in files)
    return done.stdout


def test_02_step_size(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="curves need matplotlib, which is not installed")
    out = drawn("02_finite_differences.py", tmp_path, "differences.svg")
    errors = [float(line.split()[-1]) for line in out.splitlines()[:4]]
    assert errors[1] < 1e-8 and errors[2] < 1e-8 and errors[0] > 1e-6 and errors[3] > 1e-6
    assert "price" in out


def test_07_summary_picture(tmp_path: Path):
    out = drawn("07_summary_picture.py", tmp_path, "summary_3.svg", "summary_6.svg", "layers.svg")
    assert "3 layers: dL/df3 df3/df2 df2/df1 df1/dW1" in out
    assert r"$\partial f_6/\partial f_5$" in (tmp_path / "summary_6.tex").read_text()


def test_10_gradient_descent(tmp_path: Path):
    pytest.importorskip("matplotlib", reason="curves need matplotlib, which is not installed")
    assert "w <- w - eta * 2/M X^T (X w - y)" in drawn("10_gradient_descent.py", tmp_path, "descent.svg", "depth.svg")
