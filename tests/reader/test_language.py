"""What the language means: readings, shapes, roles."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from matcalc.errors import MatcalcError
from matcalc.expr.text import text
from matcalc.reader import read, read_formula
from matcalc.shapes import outside


def shapes(source: str, **options) -> dict:
    return {v.name: outside(v.shape) for v in read(source, **options).variables.values()}


def formula(source: str) -> str:
    return text(read(source).output.expr)


@pytest.mark.parametrize("spelling", [
    "1/2*norm2(W3*W2*W1*x - y)^2", "1/2||W₃W₂W₁x − y||²", "(1/2) norm2(W3 W2 W1 x - y)^2",
    "0.5*norm2(W3@W2@W1@x - y)**2", "1/2*‖W3W2W1x - y‖^2", "1/2*||W3 W2 W1 x - y||_2^2",
])
def test_spellings_of_one_formula(spelling: str):
    assert formula(spelling) == "1/2 norm2(W3 W2 W1 x - y)^2"
    assert shapes(spelling) == {"W3": ("n3", "n2"), "W2": ("n2", "n1"), "W1": ("n1", "n0"), "x": ("n0",), "y": ("n3",)}


@pytest.mark.parametrize(("source", "expected"), [
    ("x'*A*x", "x^T A x"), ("x.T*A*x", "x^T A x"), ("xᵀ A x", "x^T A x"), ("x^T A x", "x^T A x"),
    ("tr(X^-1)", "tr(X^-1)"), ("a'*X^-T*b", "a^T X^-T b"), ("tr(X⁻¹)", "tr(X^-1)"),
    ("sum(x.^2 ./ z)", "sum(x.^2 ./ z)"), ("sum(A ⊙ B)", "sum(A .* B)"), ("λ*x'*x", "lambda x^T x"),
    ("sum(tanh'(W*x))", "sum(tanh'(W x))"), ("e^(a'*x)", "exp(a^T x)"), ("outer(x, z)'*q", "(x z^T)^T q"),
    ("norm1(x) + ||z||_1", "norm1(x) + norm1(z)"), ("-x'*x", "-x^T x"), ("2^3*x'*x", "2^3 x^T x"),
])
def test_readings(source: str, expected: str):
    assert formula(source) == expected


@pytest.mark.parametrize(("source", "expected"), [
    ("norm2(A*x - b)^2", {"A": ("m", "n"), "x": ("n",), "b": ("m",)}),
    ("a'*x", {"a": ("n",), "x": ("n",)}),
    ("c*x'*x", {"c": (), "x": ("n",)}),
    ("lam*λ₁*alpha_2*x", {"lam": (), "lambda1": (), "alpha_2": (), "x": ("n",)}),
    ("X*W + ones*b' - Y", {"X": ("m", "n"), "W": ("n", "k"), "b": ("k",), "Y": ("m", "k")}),
    ("X : 5 x 3; X*w", {"X": (5, 3), "w": (3,)}),
    ("sin(0.5*x^2)", {"x": ()}),
    ("sum(log(exp(-y.*(X*w)) + vector(1)))", {"y": ("n",), "X": ("n", "m"), "w": ("m",)}),
])
def test_inferred_shapes(source: str, expected: dict):
    assert shapes(source) == expected


@pytest.mark.parametrize(("pasted", "expected"), [
    ("sum(x∘²)", "sum(x.^2)"), ("sum(x∘^(1/3))", "sum(x.^(1/3))"), ("sum(x∘⁻¹ ⊙ z)", "sum(z ./ x)"),
    ("½ x'*x", "1/2 x^T x"), ("a¹⁰", "a^10"), ("aᶜ⁺¹", "a^(c + 1)"), ("tr((X + C)⁻²)", "tr((X + C)^-2)"),
    ("‖W‖_F²", "norm2(W)^2"), ("‖W‖²_F", "norm2(W)^2"), ("||W||_{F}^2", "norm2(W)^2"), ("‖x‖₁", "norm1(x)"),
    ("‖x‖₂²", "norm2(x)^2"), ("sum(A ⊗ B)", "sum(kron(A, B))"), ("⟨A, B⟩", "inner(A, B)"), ("sum(A⁺ u)", "sum(pinv(A) u)"),
    ("√(a + c)", "sqrt(a + c)"), ("𝟏ᵀ x", "ones^T x"), ("𝟏ₙᵀ x", "ones^T x"), ("tr(Iₙ + A)", "tr(eye + A)"),
    ("sum(z ⊙ 𝟏[x > 0])", "sum(z .* step(x))"), ("MSE(x, z)", "mse(x, z)"), ("θᵢⱼᵀ x", "theta_ij^T x"), ("ẋ'*x", "xdot^T x"),
    ("sum(LeakyReLU(x) + ELU(x) + SiLU(x))", "sum(leaky_relu(x) + elu(x) + silu(x))"),
])
def test_typographic_characters(pasted: str, expected: str):
    assert formula(pasted) == expected


def test_sizes_in_calls():
    assert formula("X : m x n; norm2(kron(X, X) - ones(m m, n*n))^2") == "norm2(kron(X, X) - 1)^2"
    assert formula("1/n*ones(n)'*x") == "1/n ones^T x"
    assert shapes("1/n*ones(n)'*x") == {"x": ("n",)}
    assert shapes("norm2(A - eye(k))^2") == shapes("norm2(A - I_k)^2") == {"A": ("k", "k")}
    assert shapes("tr(I_c)") == {"I_c": ("n", "n")}


def test_an_accent_is_the_known_name():
    assert formula("y_hat = softmax(z); y'*log(ŷ)") == "y^T log(y_hat)"


def test_the_printed_sigmoid_in_a_formula_of_a_model():
    assert text(read_formula("σ′(z)", read("sum(sigmoid(z))"))) == "sigmoid'(z)"
    assert text(read_formula("σ(z)", read("sum(sigma(z))"))) == "sigma(z)"


def test_sizes_are_numbers_too():
    assert formula("X : N x d; w : d; y : N; 1/(2*N)*norm2(X*w - y)^2") == "1/(2 N) norm2(X w - y)^2"


def test_roles_and_assumptions():
    model = read("S : n x n spd; y : n; c : n constant; t : k onehot target; sum(S*y + c) + sum(t)", assume={"c": "positive"})
    roles = {v.name: v.role for v in model.variables.values()}
    assert roles == {"S": "variable", "y": "target", "c": "constant", "t": "target"}
    assert model.variables["S"].assumptions == {"spd"}
    assert model.variables["c"].assumptions == {"positive"}


def test_a_y_that_is_no_target():
    assert read("y : n variable; y'*y").variables["y"].role == "variable"


def test_given_shapes_come_first():
    assert shapes("A*x", shapes={"A": (2, 3)}) == {"A": (2, 3), "x": (3,)}


def test_the_users_functions():
    model = read("phi(t) = t/(1+exp(-t)); g : entrywise; sum(phi(W*x)) + sum(g(x))")
    assert set(model.functions) == {"phi", "g"}
    assert model.functions["g"].body is None


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "examples").rglob("*.mc")), ids=lambda p: p.stem)
def test_examples_are_read(path: Path):
    assert read(path.read_text(encoding="utf-8")).assignments


def test_formulas_of_a_model():
    model = read("f = W*x; L = 1/2*norm2(f - y)^2")
    assert text(read_formula("(dL/df) x^T", model)) == "(dL/df) x^T"
    with pytest.raises(MatcalcError):
        read_formula("(dL/df) x", model)


def test_problem_with_functions_of_other_names():
    source = tomllib.loads('model = """\nW : m x n\nx : n\na = W*x\nh = tanh(a)\n"""')["model"]
    assert [a.name for a in read(source).assignments] == ["a", "h"]
