"""Exact arithmetic proves what is right, refutes what is wrong, and never says True of what is false."""

from __future__ import annotations

import random
import time

import numpy as np
import pytest

import matcalc as mc
from matcalc import reader
from matcalc.derive.textbook import textbook
from matcalc.expr import algebra as alg
from matcalc.expr.node import Expr, walk
from matcalc.expr.rename import replaced
from matcalc.expr.text import text
from matcalc.numeric import exact
from matcalc.numeric.decide import DIVISION
from matcalc.numeric.second import check_exactly
from tests.battery.tasks import TASKS
from tests.field.table import ENTRIES
from tests.properties.random_expressions import expression, values
from tests.properties.test_values import close, model_of, value

COOKBOOK = [e for e in ENTRIES if e.id.startswith("mc-") and e.kind != "named"]
SMALL = 1e-18
BEYOND = {"mc-2.5"}  # a matrix exponential that moves
UNKNOWN = ("fn", "softmax", "softmax_rows", "softmax_cols", "logsumexp", "logsumexp_rows", "logsumexp_cols", "norm1", "norm2",
           "max", "min", "argmax", "argmin", "expm", "frechet", "cross_entropy", "bce", "hinge", "const", "std", "standardize")
CASES = [pytest.param(t.result, t.by_hand, t.model, id=t.id) for t in TASKS]
CASES += [pytest.param(e.found, e.printed, e.read, id=e.id) for e in COOKBOOK if e.id not in BEYOND]


def is_rational(e: Expr) -> bool:
    return not any(x.op in UNKNOWN or x.op == "pow" and (x.args[1].op != "num" or x.args[1].data.denominator > 1)
                   for x in walk(e))


def mutants(e: Expr) -> dict[str, Expr]:
    """Formulas that look like e and have another value."""
    out = {"sign": alg.neg(e), "a billionth": alg.mul(alg.num("1.000000001"), e)}
    if e.rows == e.cols and not e.is_scalar:
        out["transposed"] = alg.transpose(e)
    for i, x in enumerate(x for x in walk(e) if x.op == "add"):
        for k in range(len(x.args)):
            rest = alg.add(*x.args[:k], *x.args[k + 1:])
            out[f"sum {i} without term {k}"] = replaced(e, {x: rest})
    return out


def differs(a: Expr, b: Expr, model) -> bool:
    """Whether floats show that the formulas have different values."""
    from matcalc.numeric.evaluate import evaluate
    from matcalc.numeric.sample import draw
    point = draw(model, 5)
    x, y = evaluate([a, b], point.values, point.sizes)
    return x.shape != y.shape or np.abs(x - y).max() > 1e-10 * np.abs(y).max()


@pytest.mark.parametrize(("result", "printed", "model"), CASES)
def test_textbook_derivatives_are_proved_and_mutants_refuted(result, printed, model):
    verdict = exact.check_result(result)[result.wrt]
    assert verdict.result and verdict.probability < SMALL, verdict
    same = exact.equal(result.form, printed, model)
    assert same.result and same.probability < SMALL, same
    for how, wrong in mutants(result.form).items():
        found = exact.equal(wrong, printed, model)
        if differs(wrong, printed, model):
            assert found.result is not True, (how, text(wrong))
            assert found.result is False or found.reason == DIVISION or not is_rational(result.form), (how, text(wrong))
        elif how != "a billionth":
            assert found.result is not False, (how, text(wrong))


@pytest.mark.parametrize("block", range(4))
def test_simplified_random_expressions_are_never_refuted(block: int):
    proved = 0
    for seed in range(block * 50, block * 50 + 50):
        rng = random.Random(seed)
        e = expression(rng, rng.choice(["scalar", "column", "square"]), 3)
        verdict = exact.equal(e, textbook(e), model_of(e), seed=seed)
        assert verdict.result is not False, text(e)
        proved += bool(verdict.result)
    assert proved >= 45


def test_random_expressions_that_are_proved_equal_have_equal_values():
    for seed in range(80):
        a, b = (expression(random.Random(k), "scalar", 2) for k in (seed, seed + 1000))
        wrong = alg.mul(alg.num("1.01"), a)
        for other in (b, wrong):
            verdict = exact.equal(a, other, model_of(a))
            at = value(a, seed), value(other, seed)
            if all(np.all(np.isfinite(x)) for x in at):
                assert close(*at) or verdict.result is not True, f"{text(a)}  =  {text(other)}"
                assert not (verdict.result is False and a is other)
    assert values(0)


@pytest.mark.parametrize("seed", range(40))
def test_gradients_of_random_losses_are_proved_or_left(seed: int):
    e = expression(random.Random(seed), "scalar", 3)
    verdicts = exact.check_derivation(mc.derive(model_of(e), ["x", "A", "W"], check=False))
    assert all(v.result is not False for v in verdicts.values()), text(e)


TRUE = [
    "S : n x n symmetric; x : n; | x'*S | (S*x)'",
    "Q : n x n orthogonal; | Q*Q'*Q | Q",
    "Q : n x n orthogonal; | det(Q)^2 | 1",
    "A : n x n; K : n x n skew; x : n; | x'*K*x | 0*x'*x",
    "y : k onehot; x : k; | sum(y) | 1",
    "p : k simplex; | sum(p) | 1",
    "A : n x n; B : n x n; | det(A*B) | det(A)*det(B)",
    "x : n; | norm2(x)^2 | x'*x",
    "a : scalar; b : scalar; | exp(a+b) | exp(a)*exp(b)",
    "a : scalar positive; | sqrt(a^2*4)*1 | 2*a",
    "x : n; | tanh(x) | 2*sigmoid(2*x) - ones",
    "a : scalar; | sin(a)^2 + cos(a)^2 | 1",
    "a : scalar; | sin(-a) | -sin(a)",
    "a : scalar positive; b : scalar positive; | log(a/b) | log(a) - log(b)",
    "D : n x n diagonal; B : n x n diagonal; | D*B | B*D",
    "L : n x n lower; | tril(L) | L",
    "X : m x n; | tr(X'*X) | norm2(X)^2",
    "a : scalar; | sign(a)*abs(a) | a",
    "a : scalar positive; | abs(a) | a",
    "a : scalar; | abs(-a) | sqrt(a^2)",
    "a : scalar; | abs(exp(a)) | exp(a)",
    "a : scalar; | relu(a)^2 | a*relu(a)",
    "x : n; | norm2(x)*norm2(x) | x'*x",
    "Y : m x k onehot; | sum(Y .* Y) | sum(Y)",
]
NOT_TRUE = [
    "A : n x n; B : n x n; | A*B | B*A",
    "X : n x n; | inv(X) | inv(X')",
    "Q : n x n orthogonal; | det(Q) | 1",
    "S : n x n symmetric; A : n x n symmetric; | S*A | A*S",
    "y : k onehot; | y | y .* y + y",
    "a : scalar; | sqrt(a^2) | a",
    "X : n x n; x : n; | x'*X*x | x'*X'*x + 1e-12*x'*x",
    "A : n x n; | A | A'",
    "a : scalar; | abs(a) | a",
    "a : scalar; | exp(a) | 1 + a",
    "a : scalar; | sin(a) | cos(a)",
    "a : scalar; | relu(a) | a",
    "y : k onehot; a : k; L : k x k lower; | y'*L*y | y'*L*ones",
    "a : scalar; | 2305843009213693951*a | 0*a",
]


def sides(statement: str):
    declared, left, right = statement.split(" | ")
    names = [d.split(":")[0].strip() for d in declared.split(";") if ":" in d]
    model = reader.read(f"{declared} {' + '.join(f'norm2({n})^2' for n in names)}")
    return reader.read_formula(left, model), reader.read_formula(right, model), model


def decided(statement: str):
    a, b, model = sides(statement)
    return exact.equal(a, textbook(b), model)


@pytest.mark.parametrize("statement", TRUE)
def test_identities(statement: str):
    verdict = decided(statement)
    assert verdict.result, verdict


@pytest.mark.parametrize("statement", NOT_TRUE)
def test_what_is_no_identity_is_never_proved(statement: str):
    assert decided(statement).result is not True


def test_a_report_says_so():
    report = mc.derive("1/2*norm2(W2*W1*x - y)^2", check=False).check(exact=True)
    assert report.verdict == "agrees"
    assert {v.how for v in report.variables} == {"exactly"}
    assert "exactly" in report.line and report.probability < 1e-30


def test_what_is_not_rational_gets_many_digits():
    report = mc.derive("tr(expm(A)*B)", check=False).check(exact=True)
    assert {v.name: v.how for v in report.variables} == {"A": "50 digits", "B": "exactly"}
    assert "expm" in report.line


@pytest.mark.parametrize("source", ["1/2*norm2(W*x - y)^2", "logdet(W*W' + eye)", "norm2(W*x)"])
@pytest.mark.parametrize("how", ["sign", "a billionth"])
def test_wrong_gradients_disagree_exactly(source: str, how: str):
    d = mc.derive(source, check=False)
    d["W"].__dict__["closed_form"] = mutants(d["W"].closed_form)[how]
    report = check_exactly(d)
    assert {v.name: v.verdict for v in report.variables} == {n: "disagrees" if n == "W" else "agrees" for n in d.gradients}
    assert report.variables[[v.name for v in report.variables].index("W")].how == "exactly"


def test_the_named_form_is_decided_too():
    d = mc.derive("f = W*x; L = 1/2*norm2(f - y)^2", check=False)
    d["W"].__dict__["named_form"] = alg.neg(d["W"].named_form)
    assert exact.check_derivation(d)["W"].result is False


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
def test_layouts(layout: str):
    d = mc.derive("1/2*norm2(W2*W1*x - y)^2", layout=layout, check=False)
    assert all(v.result for v in exact.check_derivation(d).values())


def test_differentials():
    found = mc.differential("logdet(X) + tr(A*X)", "X", check=False).check(exact=True)
    assert found.verdict == "agrees" and found.variables[0].how == "exactly"


@pytest.mark.parametrize("statement", ["x : m; y : n; z : k; A : m x n; | m*sum(A) | {}*sum(A)", "x : n; | n*sum(x) | {}*sum(x)"])
def test_a_size_is_not_a_number(statement: str):
    for number in (2, 3, 4):
        assert decided(statement.format(number)).result is False


def test_declared_sizes_are_kept():
    d = mc.derive("W : 3 x 2; x : 2; sum(W*x)", check=False)
    assert exact.check_derivation(d)["W"].result
    assert exact.check_derivation(mc.derive("W : 30000 x 40000; x : 40000; sum(W*x)", check=False))["W"].result is None


def test_three_layers_within_50_milliseconds():
    d = mc.derive("1/2*norm2(W3*W2*W1*x - y)^2", check=False)
    exact.check_derivation(d)
    times = []
    for _ in range(5):
        start = time.process_time()
        exact.check_derivation(d)
        times.append(time.process_time() - start)
    assert min(times) < 0.05


def test_the_same_seed_gives_the_same_report():
    assert str(mc.derive("tr(expm(A)*B)").check(3, exact=True)) == str(mc.derive("tr(expm(A)*B)").check(3, exact=True))


def test_nothing_is_proved_where_no_number_has_a_value():
    """The logarithm of a negative number is none, whatever a prime field says."""
    report = mc.derive("log(-norm2(x)^2 - 1)", check=False).check(exact=True)
    assert report.verdict == "cannot tell" and "domain" in report.reason
