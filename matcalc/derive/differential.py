"""Differentials: dF in terms of dX, pushed forward through the rules."""

from __future__ import annotations

from ..expr import algebra as alg
from ..expr.node import Expr, walk
from ..rules import RULES
from .sweep import Step


def differential(root: Expr, changes: dict[Expr, Expr]) -> tuple[Expr, tuple[Step, ...]]:
    """d root, when each variable in `changes` changes by its value (a `dvar` node).

    The result is linear in the dvars.  Raises MatcalcError (M303) where a rule
    has no closed form.
    """
    d: dict[Expr, Expr] = {}
    steps: list[Step] = []
    for e in walk(root):
        if e in changes:
            d[e] = changes[e]
            continue
        dargs = tuple(d[a] for a in e.args)
        if all(alg.is_zero(x) for x in dargs):
            d[e] = alg.zeros(e.shape)
            continue
        rule = RULES[e.op]
        d[e] = rule.differential(e, e.args, dargs, e.data)
        steps.append(Step(e.op, "differential", e, e, d[e], rule.why, rule.cites))
    return d[root], tuple(steps)
