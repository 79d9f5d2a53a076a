"""A model with only some of its intermediates: the chain rule in a compressed form."""

from __future__ import annotations

from dataclasses import replace

from ..errors import fail
from ..expr import build
from ..expr.node import Expr
from ..expr.rename import replaced
from ..model import Model
from ..suggest import closest


def through(model: Model, names) -> Model:
    """The same model with the intermediates in `names` alone; all others are inserted.

    dL/dW_1 = dL/dh_1 * dh_1/dW_1 is the chain rule through h_1.

    names   names of assignments, as a list or "h1,h2"

    Raises MatcalcError (M542) for a name that is no intermediate.
    """
    listed = names.split(",") if isinstance(names, str) else names
    kept = [n.strip() for n in listed if n.strip()]
    known = [a.name for a in model.assignments]
    for n in kept:
        if n not in known:
            raise fail("M542", f"there is no intermediate `{n}` to go through",
                       facts=(f"the model has {', '.join(known)}",), help=closest(n, known) or "name one of them")
    inside: dict[Expr, Expr] = {}
    out = []
    for a in model.assignments:
        expr = replaced(a.expr, inside)
        if a.name in kept or a is model.output:
            out.append(replace(a, expr=expr))
        else:
            inside[build.var(a.name, a.expr.shape)] = expr
    return replace(model, assignments=tuple(out), source="")
