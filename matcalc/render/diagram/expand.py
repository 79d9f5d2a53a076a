"""A model with one assignment for each operation."""

from __future__ import annotations

from dataclasses import replace

from ...expr import build
from ...expr.node import Expr, node, variables, walk
from ...model import Assignment, Model


def expanded(model: Model) -> Model:
    """The same model with a name for the result of every operation: v1, v2, ...

    Numbers, signs, transposes and reciprocals stay where they are written; a product
    with a vector is cut from the right: W2 (W1 x).
    """
    taken = {*model.variables, *(a.name for a in model.assignments)}
    out: list[Assignment] = []

    def named(e: Expr) -> Expr:
        k = next(k for k in range(1, len(taken) + 2) if f"v{k}" not in taken)
        taken.add(f"v{k}")
        out.append(Assignment(f"v{k}", e))
        return build.var(f"v{k}", e.shape)

    memo: dict[Expr, Expr] = {}
    for a in model.assignments:
        for e in walk(a.expr):
            args = tuple(memo[x] for x in e.args)
            if e.op == "matmul" and e.is_column:
                while len(args) > 2:
                    args = (*args[:-2], named(build.matmul(*args[-2:])))
            made = node(e.op, args, e.data, e.shape) if args else e
            if e is a.expr:
                out.append(replace(a, expr=made))
                memo[e] = build.var(a.name, e.shape)
            elif e not in memo:
                memo[e] = made if _stays(made) else named(made)
    return replace(model, assignments=tuple(out))


def _stays(e: Expr) -> bool:
    """Whether an expression is too little for a box of its own."""
    leaves = [a for a in e.args if a.args]
    return (not variables(e) or not e.args or not leaves and (
        e.op == "T" or e.op == "pow" and e.args[1].op == "num" and e.args[1].data == -1
        or e.op in ("scale", "had") and len(e.args) == 2 and e.args[0].op == "num" and e.args[0].data == -1))
