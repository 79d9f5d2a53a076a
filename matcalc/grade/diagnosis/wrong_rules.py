"""Derivatives that come out when one rule is applied wrongly.

A wrong rule of an operation is a stand-in: an expression S of the operands with which
the operation is replaced by S + C, where the constant C makes the values the same.
Everything is then derived as ever, and the derivative has this one mistake in it.
"""

from __future__ import annotations

from itertools import islice
from typing import Callable, Iterator, NamedTuple

from ...expr import algebra as alg
from ...expr import build
from ...expr.latex import latex
from ...expr.node import Expr, node, walk
from ...model import Model
from ...numeric.mistakes import LAYERS, Mistake, called, is_through, stand_in
from ...rules import ENTRYWISE

MOST = 80


class WrongRule(NamedTuple):
    """ops     the operations that it is of
    mistake   its name
    words     a sentence: {f} is the operation, {x} its operand
    stand_in  node, held -> S, or None where there is none; held(value) is a constant
    """

    ops: tuple[str, ...]
    mistake: str
    words: str
    stand_in: Callable[[Expr, Callable[[Expr], Expr]], Expr | None]


def _one_minus(p: Expr) -> Expr:
    return alg.sub(alg.mul(alg.UNIT, alg.ones(p.shape)), p)


def _diagonal(p: Expr) -> Expr:
    return alg.had(p, _one_minus(p))


def _slope(e: Expr) -> Expr | None:
    if e.op != "fn":
        return _diagonal(e)
    f = e.data
    return None if f.is_user or f.order else ENTRYWISE[f.name].derivative(e.args[0], e)


def _once_more(e: Expr, held) -> Expr | None:
    slope = _slope(e)
    if slope is None:
        return None
    z, factor = e.args[0], held(slope)
    return node(e.op, (build.add(build.had(factor, z), held(alg.sub(z, alg.had(slope, z)))), *e.args[1:]), e.data, e.shape)


def _square(x: Expr) -> Expr:
    return alg.matmul(alg.inverse(x), alg.inverse(x))


def _of_another(name: str, of_output: bool):
    """The slope of another function at the same point, or its formula in the output with this output."""
    def made(e: Expr, held) -> Expr | None:
        if e.data.is_user or e.data.order or e.data.name == name or e.data.name not in _ACTIVATIONS:
            return None
        z = e.args[0]
        return build.had(held(ENTRYWISE[name].derivative(z, e if of_output else alg.fn(name, z))), z)
    return made


_ACTIVATIONS = ("tanh", "sigmoid", "relu", "softplus", "exp", "sin", "cos")
_SOFTMAX = ("softmax", "softmax_rows", "softmax_cols")
_HALF = alg.power(alg.num(2), alg.MINUS)
RULES = (
    WrongRule(("inv",), "inverse_not_differentiated",
              "The inverse of {x} is not differentiated: that is the derivative with {x} in its place. "
              "$d(X^{{-1}}) = -X^{{-1}}\\, dX\\, X^{{-1}}$.", lambda e, held: e.args[0]),
    *(WrongRule(("inv",), "scalar_inverse_rule",
                "The inverse is differentiated like 1/x. $d(X^{{-1}}) = -X^{{-1}}\\, dX\\, X^{{-1}}$: "
                "dX stands between the two inverses.", make)
      for make in (lambda e, held: build.neg(build.matmul(held(_square(e.args[0])), e.args[0])),
                   lambda e, held: build.neg(build.matmul(e.args[0], held(_square(e.args[0])))),
                   lambda e, held: build.neg(build.matmul(held(alg.transpose(_square(e.args[0]))), e.args[0])),
                   lambda e, held: build.neg(build.matmul(e.args[0], held(alg.transpose(_square(e.args[0]))))))),
    WrongRule(("logdet",), "log_chain_missing",
              "That is the derivative of det {x}: the logarithm divides it by det {x}.",
              lambda e, held: build.call("det", e.args[0])),
    WrongRule(("logdet", "det"), "inverse_without_transpose",
              "The inverse must be transposed; the two are equal only for a symmetric {x}.",
              lambda e, held: alg.inner(held(alg.mul(alg.UNIT if e.op == "logdet" else e, alg.inverse(e.args[0]))), e.args[0])),
    WrongRule(("norm2",), "norm_treated_as_squared",
              "The norm of {x} is treated as if it were squared: the derivative of a norm divides by the norm.",
              lambda e, held: build.call("sqnorm", e.args[0])),
    WrongRule(("norm2",), "norm_treated_as_squared",
              "The norm of {x} is treated as if it were squared: the derivative of a norm divides by the norm.",
              lambda e, held: build.mul(_HALF, build.call("sqnorm", e.args[0]))),
    WrongRule(("sqnorm",), "squared_norm_treated_as_norm",
              "The norm of {x} is squared; that is the derivative of the norm itself.",
              lambda e, held: build.call("norm2", e.args[0])),
    WrongRule(_SOFTMAX, "softmax_coupling_missed",
              "Only the diagonal of the derivative of softmax is there: every entry of softmax depends on "
              "every entry of {x}, with the derivatives $-p_k p_j$ off the diagonal.",
              lambda e, held: build.had(held(_diagonal(e)), e.args[0])),
    WrongRule(("fn", *_SOFTMAX), "extra_activation_derivative",
              "The derivative of {f} is there once too often.", _once_more),
    *(WrongRule(("fn",), "wrong_activation_derivative",
                f"That is {'the formula for ' if of_output else ''}the derivative of "
                f"{'the logistic function' if name == 'sigmoid' else name}, but the activation is {{f}}.", _of_another(name, of_output))
      for name in _ACTIVATIONS for of_output in (True, False)),
)


class Wrong(NamedTuple):
    """A model with one wrong rule in it, the name of the mistake and a sentence."""

    mistake: str
    words: str
    model: Mistake


def wrong_rules(model: Model, through: set[str]) -> Iterator[Wrong]:
    """Every wrong rule at every place where it can be applied to one of these names."""
    made = (_made(model, k, e, rule) for k, a in enumerate(model.assignments) for e in walk(a.expr)
            for rule in RULES if e.op in rule.ops and is_through(e, through))
    yield from islice((m for m in made if m is not None), MOST)


def _made(model: Model, k: int, e: Expr, rule: WrongRule) -> Wrong | None:
    constants: dict[str, tuple[Expr, Expr | None]] = {}

    def held(value: Expr) -> Expr:
        name = f"held {len(constants)}"
        constants[name] = (value, None)
        return build.var(name, value.shape)
    instead = rule.stand_in(e, held)
    if instead is None or instead.shape != e.shape:
        return None
    rest = f"held {len(constants)}"
    constants[rest] = (e, instead)
    words = rule.words.format(f=called(e) if e.op in LAYERS else e.op, x=f"${latex(e.args[0])}$")
    wrong = stand_in(rule.mistake, words, model, k, {e: build.add(instead, build.var(rest, e.shape))}, constants)
    return Wrong(rule.mistake, words, wrong)
