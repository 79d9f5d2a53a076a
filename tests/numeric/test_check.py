"""The checker agrees with what is right, contradicts what is wrong, and knows its limits."""

from __future__ import annotations

import sys

import pytest

import matcalc as mc
from matcalc.expr import algebra as alg
from matcalc.numeric.check import check_derivation

RIGHT = ["1/2*norm2(W*x - y)^2", "logdet(X)", "sum(log(x)) + sum(sqrt(x))", "norm1(A*x - b)", "sum(relu(W*x))", "a^b",
         "tr(inv(X)*A)", "sum(arcsin(x))", "max(W*x)", "tr(X^k)", "sum(sigma(W*x))", "logsumexp(A*x)", "tr(expm(A))",
         "tr(A*pinv(B))", "bce(sigmoid(W*x), y)", "S : n x n spd; x'*inv(S)*x + logdet(S)"]


@pytest.mark.parametrize("source", RIGHT)
def test_right_gradients_agree(source: str):
    report = mc.derive(source, check=False).check()
    assert report.verdict == "agrees", str(report)
    assert all(v.relative_error < 1e-6 for v in report.variables)


WRONG = {"negated": alg.neg, "a hundredth of a percent": lambda e: alg.mul(alg.num("1.0001"), e), "halved":
         lambda e: alg.mul(alg.num("1/2"), e), "zero": lambda e: alg.zeros(e.shape)}


@pytest.mark.parametrize("how", WRONG)
@pytest.mark.parametrize("source", ["1/2*norm2(W*x - y)^2", "logdet(W*W' + eye)", "1e-6*sum(tanh(W*x))"])
def test_wrong_gradients_disagree(source: str, how: str):
    d = mc.derive(source, check=False)
    gradient = d["W"]
    gradient.__dict__["closed_form"] = WRONG[how](gradient.closed_form)
    report = check_derivation(d)
    assert report.verdict == "disagrees"
    assert [v.name for v in report.variables if v.verdict == "disagrees"] == ["W"]


def test_a_transposed_gradient_disagrees():
    d = mc.derive("X : n x n; logdet(X)", check=False)
    d["X"].__dict__["closed_form"] = alg.transpose(d["X"].closed_form)
    assert check_derivation(d).verdict == "disagrees"


def test_the_named_form_is_checked_too():
    d = mc.derive("f = W*x; L = 1/2*norm2(f - y)^2", check=False)
    d["W"].__dict__["named_form"] = alg.neg(d["W"].named_form)
    assert check_derivation(d).verdict == "disagrees"


def test_a_slope_that_is_wrong_on_one_side_of_a_kink():
    source = "y : k onehot target; h = relu(W1*x + b1); L = cross_entropy(softmax(W2*h + b2), y)"
    d = mc.derive(source, check=False)
    assert check_derivation(d).verdict == "agrees"
    without = mc.derive(source.replace("relu(W1*x + b1)", "W1*x + b1"), check=False)
    d["b1"].__dict__["closed_form"] = without["b1"].closed_form
    assert check_derivation(d).verdict == "disagrees"


def test_a_wrong_bias_among_large_weights():
    d = mc.derive("W : 30 x 40; x : 40; b : 30; 1/2*norm2(W*x + b)^2", check=False)
    d["b"].__dict__["closed_form"] = alg.mul(alg.num("1.001"), d["b"].closed_form)
    assert [v.name for v in check_derivation(d).variables if v.verdict == "disagrees"] == ["b"]


def test_no_point_in_the_domain():
    report = mc.derive("log(-norm2(x)^2 - 1)", check=False).check()
    assert report.verdict == "cannot tell"
    assert "domain" in report.line


def test_a_contradiction_is_never_shown(monkeypatch):
    from matcalc.rules import RULES
    sweep = sys.modules["matcalc.derive.sweep"]
    monkeypatch.setattr(sweep, "RULES", RULES | {"logdet": _mutant(RULES["logdet"])})
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("logdet(X)")
    assert caught.value.diagnostic.code == "M600"


def _mutant(rule):
    from dataclasses import replace
    return replace(rule, vjp=lambda G, Y, i, args, data: alg.mul(G, alg.inverse(args[0])))


@pytest.mark.parametrize(("verb", "source", "wrt"), [
    (mc.jacobian, "softmax(A*x)", "x"), (mc.jacobian, "A*X*B", "X"), (mc.jacobian, "inv(Q + s*R)", "s"),
    (mc.hessian, "logsumexp(A*x)", "x"), (mc.hessian, "logdet(X)", "X"), (mc.hessian, "x'*A*x", "x")])
def test_results_are_checked(verb, source: str, wrt: str):
    assert verb(source, wrt).report.verdict == "agrees"


def test_same_seed_same_report():
    assert str(mc.derive("sum(tanh(W*x))").check(3)) == str(mc.derive("sum(tanh(W*x))").check(3))
