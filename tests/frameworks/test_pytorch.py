"""Modules of PyTorch: their gradients against autograd, what is written, what is refused."""

from __future__ import annotations

import doctest
import re
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest

import matcalc as mc

from ..test_docs import OPTIONS, ROOT
from .modules import F, cases, module, nn, torch

CASES = cases()
square = mc.SquaredError()


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_autograds(name: str):
    made, example, loss = CASES[name]
    imported = mc.from_torch(made, example, loss=loss)
    report = imported.check(seed=1)
    assert report.verdict == "agrees", f"{imported.source}\n{report}"
    free = {id(p) for p in made.parameters() if p.requires_grad}
    own = {n: t for n, t in imported.tensors().items() if id(t) in free}
    assert len(own) == len(free)
    assert set(own) <= {row.name for row in report.rows}


def test_a_wrong_source_disagrees():
    imported = mc.from_torch(nn.Sequential(nn.Linear(4, 3), nn.Tanh()), torch.randn(5, 4), loss=square)
    imported.source = imported.source.replace("tanh", "sin")
    report = imported.check()
    assert report.verdict == "disagrees"
    assert "disagrees" in str(report)


def test_source_of_a_batch():
    made = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1))
    assert mc.from_torch(made, torch.randn(5, 4), loss=square, target="t").source == """\
X : N x n0
W1 : n1 x n0
b1 : n1
W2 : 1 x n1
b2 : 1
T : N x 1 target
A1 = X*W1' + vector(1)*b1'
H1 = tanh(A1)
a2 = H1*W2' + b2*vector(1)
L = 1/(2*N)*norm2(a2 - T)^2"""


def test_source_of_attention():
    made, example, loss = CASES["attention"]
    imported = mc.from_torch(made, example, loss=loss, names={"norm.weight": "gamma", "norm.bias": "beta"})
    assert imported.source.splitlines()[-11:] == [
        "Q = X*W_q'", "K = X*W_k' + vector(1)*b_k'", "Z1 = Q*K'", "Z2 = Z1/sqrt(3)", "P1 = softmax_rows(Z2)",
        "V = X*W_v' + vector(1)*b_v'", "Z3 = P1*V", "S1 = Z3 + X", "xhat1 = standardize_rows(S1, 1e-05)",
        "Z4 = (vector(1)*gamma') .* xhat1 + vector(1)*beta'", "L = 1/(2*N)*norm2(Z4 - Y)^2"]


def test_equal_sizes_of_the_example_stay_different():
    model = mc.from_torch(nn.Linear(4, 4), torch.randn(4, 4), loss=square).model
    assert [str(d) for d in model.variables["W1"].shape] == ["n1", "n0"]
    assert [str(d) for d in model.variables["X"].shape] == ["N", "n0"]


def test_values_are_the_modules_of_now():
    made = nn.Linear(3, 2)
    imported = mc.from_torch(made, torch.tensor([[1.0, 2.0, 3.0]] * 4), loss=square)
    with torch.no_grad():
        made.weight.fill_(2.0)
    values = imported.values()
    assert values["W1"].dtype == np.float64
    assert values["W1"].tolist() == [[2.0] * 3] * 2
    _, gradients = mc.derive(imported).numpy()(**values, Y=np.zeros((4, 2)))
    assert gradients["W1"].shape == (2, 3)
    assert imported.names["W1"] == "weight" and imported.target == "Y"


def test_indices_are_one_hot_rows():
    values = mc.from_torch(nn.Embedding(5, 2), torch.tensor([1, 4]), loss=square).values()
    assert values["X"].tolist() == [[0, 1, 0, 0, 0], [0, 0, 0, 0, 1]]


def test_the_module_is_left_alone():
    made = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    mc.from_torch(made, torch.randn(4, 3), loss=square).check()
    assert all(p.dtype == torch.float32 and p.grad is None for p in made.parameters())


def overwritten(h):
    h.t().relu_()
    return h


def no_gradient(m, x):
    with torch.no_grad():
        y = x * m.w
    return y * m.w


REFUSED = {
    "slice": (module(lambda m, x: x[:, 0] * m.w, w=torch.ones(5)), "M331", "`select`"),
    "flatten": (module(lambda m, x: x.flatten() * m.w, w=torch.ones(20)), "M331", "`flatten`"),
    "detach": (module(lambda m, x: x.detach() * (x * m.w).detach(), w=torch.ones(4)), "M331", "`detach`"),
    "softplus": (nn.Softplus(threshold=1), "M331", "`softplus`"),
    "no gradient": (module(no_gradient, w=torch.ones(4)), "M331", "grad"),
    "gelu": (nn.GELU(approximate="tanh"), "M331", "`gelu`"),
    "causal": (module(lambda m, x: F.scaled_dot_product_attention(x, x, x, is_causal=True)), "M331", "causal"),
    "overwritten view": (module(lambda m, x: overwritten(m.a(x)), a=nn.Linear(4, 4)), "M331", "`relu_`"),
    "dropout": (nn.Dropout(0.5), "M334", "`dropout`"),
    "fused dropout": (module(lambda m, x: F.scaled_dot_product_attention(x, x, x, dropout_p=0.1)), "M334", "attention"),
    "two values": (module(lambda m, x: (x, x + 1)), "M335", "2 values"),
    "multi-head": (nn.TransformerEncoderLayer(4, 1, 8).eval(), "M333", "3 axes"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name: str):
    made, code, words = REFUSED[name]
    with pytest.raises(mc.MatcalcError) as caught:
        mc.from_torch(made, torch.randn(5, 4), loss=square)
    assert caught.value.diagnostic.code == code
    assert words in str(caught.value)


@pytest.mark.parametrize("made", [nn.Embedding(6, 2, padding_idx=0), nn.Embedding(6, 2, scale_grad_by_freq=True)])
def test_embeddings_with_another_gradient_are_refused(made):
    with pytest.raises(mc.MatcalcError, match="M331"):
        mc.from_torch(made, torch.arange(5), loss=square)


def test_classes_as_a_target():
    imported = mc.from_torch(nn.Linear(3, 4), torch.randn(3, 3), loss=mc.SoftmaxCrossEntropy())
    assert imported.check(target=[0, 3, 1]).verdict == "agrees"


def test_indices_are_no_numbers():
    with pytest.raises(mc.MatcalcError, match="M331"):
        mc.from_torch(module(lambda m, x: x * m.w, w=torch.ones(5)), torch.arange(5), loss=square)


PAGES = [p for p in sorted((ROOT / "matcalc" / "messages").glob("M33*.md")) if p.stem != "M330"]


def shown(text: str) -> list[tuple[str, str]]:
    """(program, output) of the blocks of a page that stand behind each other."""
    return re.findall(r"^```python\n(import .*?)^```\n\n```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_pages_of_messages(page):
    (program, output), = shown(page.read_text())
    with pytest.raises(mc.MatcalcError) as caught:
        exec(program, {})
    assert doctest.OutputChecker().check_output(output, f"{caught.value}\n", doctest.ELLIPSIS)


def test_the_page_on_networks():
    text = (ROOT / "docs" / "networks.md").read_text()
    (program, output), = shown(text)
    names: dict = {}
    with redirect_stdout(StringIO()) as printed:
        exec(program, names)
    assert doctest.OutputChecker().check_output(output, printed.getvalue(), OPTIONS)
    report = str(names["imported"].check())
    errors = re.compile(r"\d\.\de[-+]\d+")
    assert errors.sub("", report) in errors.sub("", text)
