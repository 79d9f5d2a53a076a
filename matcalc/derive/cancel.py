"""Factors that cancel or belong together: relu(u) step(u), sigmoid'(u)/sigmoid(u), ..."""

from __future__ import annotations

from typing import Iterable

from ..expr import algebra as alg
from ..expr.canonical import canonical
from ..expr.node import Expr
from .patterns import is_function


def cancelled(e: Expr) -> Expr:
    """The product e with every pair of factors that has a shorter form put together."""
    number, scalars, body = alg.split(e)
    shorter = _together(_means(scalars))
    entries = () if body is None else body.args if body.op == "had" else (body,)
    kept, scalars_left = _chosen_entry(_together(entries), shorter)
    if scalars_left == tuple(scalars) and kept == tuple(entries):
        return e
    front = alg.had(alg.num(number), *scalars_left)
    return front if body is None else alg.mul(front, alg.had(alg.ones(body.shape), *kept))


def flipped(e: Expr) -> Expr:
    """-(a - b) as b - a."""
    number, scalars, body = alg.split(e)
    inside = (*scalars, *([body] if body is not None else []))
    if number == -1 and len(inside) == 1 and inside[0].op == "add" and any(
            alg.split(t)[0] < 0 for t in inside[0].args):
        return alg.add(*map(alg.neg, inside[0].args))
    return e


def complement(e: Expr) -> Expr:
    """1 - sigmoid(-u) is sigmoid(u)."""
    if len(e.args) == 2 and alg.is_ones(e.args[0]):
        y = alg.neg(e.args[1])
        if is_function(y, "sigmoid") and alg.split(y.args[0])[0] < 0:
            return alg.fn("sigmoid", alg.neg(y.args[0]))
    return e


def _together(factors: Iterable[Expr]) -> tuple[Expr, ...]:
    """Factors with each known pair replaced by what it is."""
    out = list(factors)
    i = 0
    while i < len(out):
        for j, other in enumerate(out):
            found = _pair(out[i], other) if i != j else None
            if found is not None:
                out = [f for k, f in enumerate(out) if k not in (i, j)] + [found]
                i = -1
                break
        i += 1
    return tuple(out)


def _pair(a: Expr, b: Expr) -> Expr | None:
    """What a and b are together, in the order a over b."""
    if is_function(a, "relu") and is_function(b, "step") and a.args[0] is b.args[0]:
        return a
    if a.op != "fn" or b.op != "pow" or not alg.is_num(b.args[1], -1):
        return None
    below, u = b.args[0], a.args[0]
    for top, bottom, quotient in (("sinh", "cosh", "tanh"), ("sin", "cos", "tan")):
        if is_function(a, top) and is_function(below, bottom) and below.args[0] is u:
            return alg.fn(quotient, u)
    if is_function(a, "sign") and is_function(below, "abs") and below.args[0] is u:
        return alg.power(u, alg.MINUS)
    if a.data.name == "sigmoid" and a.data.order == 1 and not a.data.is_user:
        y = alg.fn("sigmoid", u)
        other = alg.sub(alg.ones(y.shape), y)
        return other if below is y else y if below is other else None
    return None


def _means(scalars: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """sum(x)/n as mean(x), for a vector x with n entries."""
    for total in scalars:
        if total.op == "sum" and total.args[0].is_column:
            per = alg.power(alg.size_number(total.args[0].rows), alg.MINUS)
            if per in scalars:
                rest = tuple(f for f in scalars if f is not total and f is not per)
                return (*rest, alg.call("mean", total.args[0]))
    return scalars


def _chosen_entry(entries: tuple[Expr, ...], scalars: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """y .* x/(y^T x) is y for a one-hot y: both choose the same entry."""
    for y in entries:
        if not (alg.assumed(y, "onehot") and y.is_column):
            continue
        others = tuple(f for f in entries if f is not y)
        if not others:
            continue
        chosen = canonical(alg.matmul(alg.transpose(y), alg.had(*others)))
        for f in scalars:
            if f.op == "pow" and alg.is_num(f.args[1], -1) and canonical(f.args[0]) is chosen:
                return (y,), tuple(s for s in scalars if s is not f)
    return entries, scalars
