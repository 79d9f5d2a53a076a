"""Sums over indices in models, against loops over the sums as they are written."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.expr.text import text
from matcalc.numeric.evaluate import evaluate
from matcalc.reader import read
from matcalc.shapes import outside

SIZES = {"N": 4, "m": 5, "n": 3, "d": 2, "k": 6, "p": 7}


def values(model, seed: int = 3) -> dict[str, np.ndarray]:
    """Positive random values of all variables, vectors as (n,), scalars as ()."""
    rng = np.random.default_rng(seed)
    return {v.name: rng.uniform(0.3, 1.7, [SIZES.get(s, s) for s in outside(v.shape)])
            for v in model.variables.values()}


def evaluated(model, given_values: dict) -> np.ndarray:
    inside = {n: v.reshape(-1, 1) if v.ndim < 2 else v for n, v in given_values.items()}
    return evaluate([model.formula], inside, SIZES)[0]


def rows(*extents: int):
    return itertools.product(*map(range, extents))


def softmax(z):
    return np.exp(z) / np.exp(z).sum()


# source, --shape, the sum as it is written
WRITTEN = [
    (r"-\sum_k y_k \log \hat y_k", {}, lambda y, yhat: -sum(y[k] * np.log(yhat[k]) for k in range(len(y)))),
    (r"\sum_i a_i x_i", {}, lambda a, x: sum(a[i] * x[i] for i in range(len(a)))),
    ("sum_i a_i*x_i", {}, lambda a, x: sum(a[i] * x[i] for i in range(len(a)))),
    ("∑ᵢ aᵢ xᵢ", {}, lambda a, x: sum(a[i] * x[i] for i in range(len(a)))),
    (r"\sum_{i,j} A_{ij} x_i x_j", {}, lambda A, x: sum(A[i, j] * x[i] * x[j] for i, j in rows(*A.shape))),
    (r"\sum_i \sum_j A_{ij} x_i z_j", {}, lambda A, x, z: sum(A[i, j] * x[i] * z[j] for i, j in rows(*A.shape))),
    (r"\sum_{i,j} A_{ij} B_{ji}", {}, lambda A, B: sum(A[i, j] * B[j, i] for i, j in rows(*A.shape))),
    (r"\sum_{i,j} (x_i - z_j)^2", {}, lambda x, z: sum((p - q) ** 2 for p in x for q in z)),
    (r"\log \sum_j e^{x_j}", {}, lambda x: np.log(sum(np.exp(v) for v in x))),
    (r"\sum_i (W x)_i^3", {}, lambda W, x: sum((W[i] @ x) ** 3 for i in range(len(W)))),
    (r"\sum_{i=1}^{N} x_i - \frac{1}{N}\left(\sum_{i=1}^{N} x_i\right)^2", {},
     lambda x: sum(x) - sum(x) ** 2 / len(x)),
    (r"\frac1N \sum_{i=1}^N (w^\top x_i - y_i)^2", {"X": ("N", "d"), "y": ("N",)},
     lambda X, w, y: sum((w @ X[i] - y[i]) ** 2 for i in range(len(X))) / len(X)),
    ("X : N x d; y : N; 1/N*sum_{i=1}^N (w'*x_i - y_i)^2", {},
     lambda X, w, y: sum((w @ X[i] - y[i]) ** 2 for i in range(len(X))) / len(X)),
    (r"X : N x d; y : N target; \frac{1}{2N}\sum_{i=1}^{N}\left(\mathbf{w}^\top\mathbf{x}^{(i)} - y^{(i)}\right)^2", {},
     lambda X, w, y: sum((w @ X[i] - y[i]) ** 2 for i in range(len(X))) / len(X) / 2),
    (r"\frac1N \sum_{n=1}^N \lVert W x_n - y_n\rVert^2", {"X": ("N", "d"), "Y": ("N", "k")},
     lambda W, X, Y: sum(np.sum((W @ X[n] - Y[n]) ** 2) for n in range(len(X))) / len(X)),
    (r"\sum_{n=1}^N \lVert W x_n - y_n\rVert", {"X": ("N", "d"), "Y": ("N", "k")},
     lambda W, X, Y: sum(np.sqrt(np.sum((W @ X[n] - Y[n]) ** 2)) for n in range(len(X)))),
    (r"\sum_{i=1}^m (b_i - a_i^\top x)^2 + \lambda \sum_j x_j^2", {"A": ("m", "n"), "b": ("m",)},
     lambda A, b, x, **c: sum((b[i] - A[i] @ x) ** 2 for i in range(len(b))) + c["lambda"] * sum(v * v for v in x)),
    (r"X \in \mathbb{R}^{N \times d}, y \in \mathbb{R}^N; \sum_{i=1}^N \log(1 + \exp(-y_i w^\top x_i))", {},
     lambda X, w, y: sum(np.log(1 + np.exp(-y[i] * (w @ X[i]))) for i in range(len(X)))),
    (r"z = W x + b; \hat y = softmax(z); L = -\sum_k y_k \log \hat y_k", {},
     lambda W, x, b, y: -sum(y[k] * np.log(softmax(W @ x + b)[k]) for k in range(len(y)))),
    (r"L = -\sum_k y_k \log \operatorname{softmax}(W x)_k", {},
     lambda W, x, y: -sum(y[k] * np.log(softmax(W @ x)[k]) for k in range(len(y)))),
    ("X : N x d; Y : N x k; P = softmax_rows(X*W); -1/N*sum_{n=1}^N (sum_k y_nk*log(p_nk))", {},
     lambda X, Y, W: -sum(Y[n, k] * np.log(softmax(X[n] @ W)[k]) for n, k in rows(*Y.shape)) / len(X)),
    (r"X : N x d; m : d; \sum_{i=1}^N \sum_{j=1}^N x_i^\top x_j - \sum_{i=1}^N m^\top x_i", {},
     lambda X, m: sum(X[i] @ X[j] for i, j in rows(len(X), len(X))) - sum(m @ X[i] for i in range(len(X)))),
    (r"X : N x d; a : N; \lVert\sum_i a_i x_i\rVert^2", {}, lambda X, a: np.sum(sum(a[i] * X[i] for i in range(len(a))) ** 2)),
    (r"X : N x d; \operatorname{tr}(B \sum_{i=1}^N x_i x_i^\top)", {},
     lambda X, B: np.trace(B @ sum(np.outer(X[i], X[i]) for i in range(len(X))))),
    (r"\sum_{i=1}^3 x_i^2", {}, lambda x: sum(v * v for v in x) if len(x) == 3 else None),
    (r"x : N; \sum_{i=1}^N (x_i + 2)", {}, lambda x: sum(v + 2 for v in x)),
]


@pytest.mark.parametrize(("source", "shapes", "written"), WRITTEN)
def test_against_the_sum_as_it_is_written(source, shapes, written):
    derivation = mc.derive(source, shapes=shapes)
    point = values(derivation.model)
    np.testing.assert_allclose(evaluated(derivation.model, point).item(), written(**point), rtol=1e-12)
    assert derivation.report.verdict == "agrees"


@pytest.mark.parametrize(("source", "printed"), [
    (r"X : N x d; y : N; \frac1N \sum_{i=1}^N (w^\top x_i - y_i)^2", "1/N norm2(X w - y)^2"),
    (r"A : m x n; b : m; \sum_{i=1}^m (b_i - a_i^\top x)^2", "norm2(b - A x)^2"), (r"\sum_{ij} A_{ij}", "sum(A)"),
    (r"-\sum_k y_k \log \hat y_k", "-y^T log(yhat)"),
])
def test_it_is_the_matrix_form(source: str, printed: str):
    assert text(read(source).output.expr) == printed


def test_the_gradient_is_the_lecturers():
    derivation = mc.derive(r"X : N x d; y : N; \frac1N \sum_{i=1}^N (w^\top x_i - y_i)^2", wrt="w")
    assert derivation["w"].text == "2/N X^T (X w - y)"
    assert derivation.model.notes == ("x_i is row i of X, as a column",)


def test_pages_say_how_rows_were_read():
    derivation = mc.derive(r"X : N x d; y : N; \sum_{i=1}^N (w^\top x_i - y_i)^2", wrt="w")
    assert "$x_i$ is row $i$ of $X$, as a column" in derivation.render("latex")
    assert "$x_i$ ist Zeile $i$ von $X$, als Spalte" in derivation.render("latex", lang="de")
    assert "xᵢ is row i of X, as a column" in derivation.render("text")


REFUSED = [
    (r"\frac1N\sum_{i=1}^N (w^\top x_i - y_i)^2", "x_i"), (r"\sum_{n=1}^N \|W x_n - y_n\|^2", "x_n"),
    (r"\sum_n \|x_n\|^2", "x_n"), (r"\sum_i x_i x_i^\top", "x_i"), (r"\sum_i w x_i", "x_i"), (r"\sum_i x_i \odot z_i", "x_i"),
    (r"\sum_i \langle a_i, b_i\rangle", "a_i"), (r"X : N x d; \sum_{i=1}^N (w^\top x_i - y_i)^2", "y_i"),
    (r"X : N x d; \sum_{n=1}^N (W x_n - y_n)^\top(W x_n - y_n)", "y_n"),
    (r"X : N x d; \sum_i c_i x_i", "c_i"),
    (r"\sum_i x_i^2 + a_i", "a_i"), (r"X : N x d; \sum_i x_t^\top x_i", "x_t"), (r"r_i = x_i; \sum_i r_i^2", "r_i"), ("x_i : d; \\sum_i x_i", "x_i"),
    (r"\sum_i i x_i", "i"), (r"\sum_t \gamma^t r_t", "t"), (r"\sum_i x^i", "i"), (r"\sum_j W_{kj} x_j", "W_{kj}"),
    (r"\sum_i x_{ijk}", "x_{ijk}"), (r"\sum_i x_{i1}", "x_{i1}"), (r"\sum_i x_i^{(i)}", "^{(i)}"),
    (r"\sum_{i=1}^{N-1} x_i", r"\sum_{i=1}^{N-1} "), (r"\sum_{i=0}^{N} x_i", r"\sum_{i=0}"),
    (r"\sum_{i=1}^n \sum_{j=1}^i A_{ij}", r"\sum_{j=1}^i "), (r"\sum_i \sum_i x_i", r"\sum_i "), (r"\sum_I x_I", r"\sum_I "),
    (r"\sum_i c", r"\sum_i c"), (r"\sum_{i<j} A_{ij}", r"\sum_{i<j}"), (r"\sum_i softmax(x_i)", "x_i"),
    ("x : n; \\sum_i sum(x_i)", "sum(x_i)"), (r"x : n; \sum_i x_i w_k", "w_k"), (r"\sum_i (W x)_i z_j", "z_j"),
]


@pytest.mark.parametrize(("source", "marked"), REFUSED)
def test_what_could_be_something_else_is_refused(source: str, marked: str):
    with pytest.raises(MatcalcError) as caught:
        read(source)
    diagnostic = caught.value.diagnostic
    assert diagnostic.code == "M117"
    assert source[diagnostic.labels[0].start:diagnostic.labels[0].end] == marked


@pytest.mark.parametrize(("source", "code"), [
    (r"x : n; \sum_{i=1}^m x_i", "M203"), (r"x : n; z : m; \sum_i x_i z_i", "M203"), ("A : m x n; \\sum_i A_{ii}", "M203"),
    (r"N : scalar; \sum_{i=1}^N x_i", "M210"), (r"N = 3; L = \sum_{i=1}^N x_i", "M210"), (r"c : scalar; \sum_i c_i", "M208"),
    (r"x : n; \sum_{ij} x_{ij}", "M208"), (r"c : scalar; x : T; \sum_{i=1}^T c^T x_i", "M205"),
    (r"u : k; \sum_i \|(W x)_i - u\|^2", "M203"), (r"W : k x d; u : k; \|x\|^2 + \sum_i \|W x_i - u\|^2", "M203"),
    (r"X : N x d; y : m; \sum_{i=1}^N (w^\top x_i - y_i)^2", "M203"), (r"\sum_i" * 20 + " x_i", "M105"),
    ("".join(rf"\sum_{c}" for c in "abcdefghijklmnopq") + " x_i", "M105"), (r"\sum_i (" + "x_i + " * 300 + "x_i)", "M105"),
])
def test_messages(source: str, code: str):
    with pytest.raises(MatcalcError) as caught:
        read(source)
    assert caught.value.diagnostic.code == code


@pytest.mark.parametrize(("source", "choices"), [
    (r"\frac1N\sum_{i=1}^N (w^\top x_i - y_i)^2", "Xy"), (r"\sum_{n=1}^N \|W x_n - y_n\|^2", "XY"),
    (r"\sum_i w x_i", "x"), (r"X : n x d; \sum_{i=1}^n (w^\top x_i - y_i)^2", "y"), (r"\sum_{i} \|x_i\|^2", "x"),
])
def test_the_help_works(source: str, choices: str):
    """The declaration that the message offers is put in front until the model is read."""
    for name in choices:
        with pytest.raises(MatcalcError) as caught:
            read(source)
        help = caught.value.diagnostic.help
        start = help.index(f"  {name} :")
        source = f"{help[start:help.index('  when', start)].strip()}; {source}"
    read(source)


def test_an_index_without_a_sum_is_part_of_the_name():
    assert set(read("x_i*w_k + c_0").variables) == {"x_i", "w_k", "c_0"}
    assert set(read(r"w_k : scalar; x : n; \sum_i x_i w_k").variables) == {"x", "w_k"}
    assert set(read(r"x : n; c_0 \sum_i x_i").variables) == {"x", "c0"}


# ---------------------------------------------------------------- any sum

LEAVES = {"a": "i", "b": "j", "A": "ij", "B": "ji", "C": "ii"}
EXTENT = {"i": "m", "j": "n"}


def leaf(name: str):
    index = LEAVES[name]
    return f"{name}_{{{index}}}", lambda v, at: v[name][tuple(at[x] for x in index)]


def binary(sign: str, f):
    def of(pair):
        (p, g), (q, h) = pair
        return (f"({p} {sign} {q})", lambda v, at: f(g(v, at), h(v, at)))
    return of


def grown(inner):
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(binary("+", np.add)), pairs.map(binary("-", np.subtract)), pairs.map(binary("", np.multiply)),
        inner.map(lambda x: (rf"\sin({x[0]})", lambda v, at: np.sin(x[1](v, at)))),
        inner.map(lambda x: (f"({x[0]})^2", lambda v, at: x[1](v, at) ** 2)),
        inner.map(lambda x: (f"({x[0]} + 2)", lambda v, at: x[1](v, at) + 2)))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.recursive(st.sampled_from(sorted(LEAVES)).map(leaf), grown, max_leaves=5))
def test_any_sum_over_two_indices(body):
    written, value = body
    model = read(r"a : m; b : n; A : m x n; B : n x m; C : m x m; \sum_{i=1}^m \sum_{j=1}^n " + written)
    point = values(model)
    looped = sum(value(point, {"i": i, "j": j}) for i, j in rows(SIZES["m"], SIZES["n"]))
    np.testing.assert_allclose(evaluated(model, point).item(), looped, rtol=1e-9, atol=1e-9)


ROWS = {r"w^\top x_i": lambda v, i: v["w"] @ v["X"][i], "y_i": lambda v, i: v["y"][i], "c": lambda v, i: v["c"],
        r"\lVert V x_i - z_i\rVert^2": lambda v, i: np.sum((v["V"] @ v["X"][i] - v["Z"][i]) ** 2),
        r"x_i^\top S x_i": lambda v, i: v["X"][i] @ v["S"] @ v["X"][i], r"u^\top (V x_i)": lambda v, i: v["u"] @ v["V"] @ v["X"][i],
        r"\langle w, x_i\rangle": lambda v, i: v["w"] @ v["X"][i], "(X w)_i": lambda v, i: v["X"][i] @ v["w"],
        r"\sum_j X_{ij} w_j": lambda v, i: v["X"][i] @ v["w"], r"\lVert x_i \rVert": lambda v, i: np.sqrt(v["X"][i] @ v["X"][i])}


def row(written: str):
    return f"({written})", lambda v, i: ROWS[written](v, i)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.recursive(st.sampled_from(sorted(ROWS)).map(row), grown, max_leaves=4))
def test_any_sum_over_rows(body):
    written, value = body
    model = read(r"X : N x d; Z : N x k; V : k x d; S : d x d; w : d; u : k; y : N; c : scalar; \sum_{i=1}^N " + written)
    point = values(model)
    looped = sum(value(point, i) for i in range(SIZES["N"]))
    np.testing.assert_allclose(evaluated(model, point).item(), looped, rtol=1e-9, atol=1e-9)


PIECES = [r"\sum_i ", r"\sum_{i,j} ", r"\sum_{i=1}^N ", "x_i", "A_{ij}", "x_j", "x", "A", "^{(i)}", "_i", "_{ij}", "(", ")", "+", "-",
          "^2", r"^\top ", r"\|", r"\log ", "c", "i", "2", "; ", "=", "X : N x d; ", "x_i = ", "/", r"\odot ", "'", r"\frac1N"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join))
def test_any_text_is_read_or_refused(source: str):
    try:
        read(source)
    except MatcalcError as error:
        assert error.diagnostic.code.startswith(("M1", "M2"))
