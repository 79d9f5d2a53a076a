"""A small evaluator for the tests of the border: the rules' oracles over NumPy arrays."""

from __future__ import annotations

import numpy as np

from matcalc.expr.node import Expr, walk
from matcalc.rules import RULES
from matcalc.rules.entrywise import derivative_expr, lift

SIZES = {"m": 4, "n": 3, "p": 2, "q": 5, "N": 6, "d": 3, "k": 2, "n0": 2, "n1": 3, "n2": 4, "n3": 2}


def shape(e: Expr) -> tuple[int, int]:
    return tuple(d.value(SIZES) for d in e.shape)


def draw(e: Expr) -> np.ndarray:
    """Positive entries that depend on the name only; squares near the identity."""
    name = str(e.data[0] if e.op == "var" else e.data)
    rows, cols = shape(e)
    if name == "k":  # an exponent
        return np.array([[3.0]])
    rng = np.random.default_rng(sum(map(ord, name)) + rows)
    out = rng.uniform(0.1, 0.9, (rows, cols))
    if rows == cols > 1:
        out = out / 3 + np.eye(rows)
        out = (out + out.T) / 2 if e.op == "var" and "symmetric" in e.assumptions else out
    return out


def evaluate(root: Expr) -> np.ndarray:
    memo: dict[Expr, np.ndarray] = {}
    for e in walk(root):
        memo[e] = _value(e, [memo[a] for a in e.args])
        assert memo[e].shape == shape(e), (e, memo[e].shape, shape(e))
    return memo[root]


def _value(e: Expr, args: list[np.ndarray]) -> np.ndarray:
    leaf = {"num": lambda: float(e.data), "const": lambda: getattr(np, e.data),
            "size": lambda: float(e.data.value(SIZES))}.get(e.op)
    if leaf:
        return np.array([[leaf()]])
    if e.op in ("var", "cot", "dvar"):
        return draw(e)
    if e.op == "eye":
        return np.eye(shape(e)[0])
    if e.op in ("ones", "zeros"):
        return getattr(np, e.op)(shape(e))
    if e.op == "commutation":
        m, n = (d.value(SIZES) for d in e.data)
        return np.eye(m * n)[np.arange(m * n).reshape(n, m).T.ravel()]
    if e.op == "fn" and e.data.is_abstract:
        return np.cos(args[0] + len(e.data.name) + e.data.order)
    if e.op == "fn" and e.data.is_user and not e.data.order:
        return evaluate(lift(e.data.body, e.data.parameter, e.args[0]))
    if e.op == "fn" and (e.data.is_user or e.data.order):
        return evaluate(derivative_expr(e.data, e.args[0]))
    return np.asarray(RULES[e.op].oracle(np, args, e.data, SIZES), dtype=float)
