"""What an answer rests on: domains of the rules used, kinks, stated derivatives."""

from __future__ import annotations

from dataclasses import replace

from ..expr import build
from ..expr.node import Expr, Func, walk
from ..lang import Said, all_of, said
from ..model import Model
from ..rules import ENTRYWISE, RULES
from ..rules.entrywise import derivative_expr
from ..shapes import SCALAR


def sentences(model: Model, shown: list[Expr]) -> tuple[Said, ...]:
    """One sentence an assumption, in order of first use, none twice.

    shown   the formulas of the answer; primes in them are defined
    """
    out: list[Said] = []
    for v in model.variables.values():
        known = [PROPERTIES[w] for w in sorted(v.assumptions - {"constant"})]
        if known:
            out.append(said("{x} is {properties}", x=build.var(v.name, v.shape), properties=all_of(known)))
    roots = [a.expr for a in model.assignments]
    for e in walk(*roots):
        out += _domain(e)
    for e in walk(*shown):
        if e.op == "fn" and e.data.order > 0:
            out.append(_definition(e.data))
    return tuple(dict.fromkeys(out))


PROPERTIES = {
    "symmetric": said("symmetric"), "spd": said("symmetric positive definite"), "skew": said("skew-symmetric"),
    "diagonal": said("diagonal"), "lower": said("lower triangular"), "upper": said("upper triangular"),
    "toeplitz": said("a Toeplitz matrix"), "orthogonal": said("orthogonal"), "invertible": said("invertible"),
    "positive": said("positive"), "onehot": said("one-hot"), "onehot_cols": said("one-hot in each column"),
    "simplex": said("non-negative with sum one")}


def _domain(e: Expr) -> list[Said]:
    if e.op in ("fn", "pow") and not any(n.op == "var" for n in walk(e.args[0])):
        return []  # of a number or a size: nothing is assumed
    if e.op == "fn":
        row = ENTRYWISE.get(e.data.name)
        if row is None or e.data.is_user:
            return []
        f, x = e.data.name, e.args[0]
        out = [said("{f}: {domain} in {x}", f=f, domain=said(row.domain), x=x)] if row.domain else []
        return out + ([said("{f}: {remark}", f=f, remark=said(row.at_kink))] if row.at_kink else [])
    if e.op == "pow":
        return _power_domain(e)
    domain = RULES[e.op].domain if e.op in RULES else ""
    return [Said(domain, {str(i): x for i, x in enumerate(e.args)})] if domain else []


def _power_domain(e: Expr) -> list[Said]:
    base, p = e.args
    if p.op == "num" and p.data.denominator == 1:
        if p.data >= 0 or base.op in ("num", "size"):
            return []
        return [said("{x} is not zero", x=base) if base.is_scalar else said("no entry of {x} is zero", x=base)]
    return [said("{x} is positive", x=base) if base.is_scalar else said("the entries of {x} are positive", x=base)]


def _definition(f: Func) -> Said:
    """sigmoid'(t) = sigmoid(t) .* (1 - sigmoid(t)), said once."""
    t = build.var("t", SCALAR)
    if f.is_abstract:
        return said("{slope} denotes the derivative of {f}", slope=build.fn(f, t), f=build.fn(replace(f, order=f.order - 1), t))
    return said("{left} = {right}", left=build.fn(f, t), right=derivative_expr(f, t))
