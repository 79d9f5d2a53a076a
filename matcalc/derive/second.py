"""Hessian-vector products: the differential of backpropagation along a direction
(Pearlmutter 1994, Fast exact multiplication by the Hessian; his R{.} is d here).

The forward and the backward equations are differentiated one by one with dx = v,
so the product costs about two more passes and no Hessian is ever formed.
"""

from __future__ import annotations

from dataclasses import replace

from ..errors import fail
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..lang import said
from ..model import Model, Variable
from .closed import inlined
from .differential import differential
from .engine import check_scalar, checked_names, derivation
from .result import Equation, Result
from .textbook import textbook



def hessian_product(model: Model, wrt: str, times: str = "v") -> Result:
    """H v of a scalar model, in closed form and in named intermediates.

    times   name of the direction, a new variable with the shape of `wrt`

    Raises MatcalcError: M301, M302, M303, M304, M307, M311 (the name is taken).
    """
    check_scalar(model)
    names = checked_names(model, wrt)
    if len(names) != 1 or names[0] not in model.variables:
        raise fail("M307", "exactly one variable is needed here", help="name one variable of the model")
    taken = [*model.variables, *(a.name for a in model.assignments)]
    if times in taken or not times.isidentifier():
        raise fail("M311", f"`{times}` cannot name the direction", facts=(f"the model has {', '.join(taken)}",),
                   help="choose another name, for instance v")
    [name] = names
    d = derivation(model, [name])
    start, _ = inlined(model, [name])
    x = start.symbols[name]
    v = build.var(times, x.shape)
    moving = d[name].moving_form
    form, steps = differential(moving, {x: v})
    with_v = replace(model, variables={**model.variables, times: Variable(times, x.shape, "constant", declared=True)})
    meaning = said("the derivative of the gradient along {v}", v=v)
    return Result(with_v, "hessian product", name, start.restore(textbook(form)), d.loss, meaning,
                  d.trail + steps, d, moving=moving, named=tuple(_tangents(d, x, v)), times=times)


def _tangents(d, x: Expr, v: Expr):
    """dh = ... for every forward and backward equation that x moves; g_h stands for dL/dh."""
    model = d.model
    changes: dict[Expr, Expr] = {x: v}
    for eq in d.forward[:-1]:
        yield from _moved(eq.name, eq.rhs, eq.rhs, changes, build.var(eq.name, eq.rhs.shape))
    cotangents = {build.cot(model.output.name, eq.name, eq.rhs.shape): build.var(f"g_{eq.name}", eq.rhs.shape)
                  for eq in d.backward}
    for eq in d.backward:
        rhs = replaced(eq.rhs, {c: g for c, g in cotangents.items() if any(e is c for e in walk(eq.rhs))})
        yield from _moved(f"g_{eq.name}", eq.rhs, rhs, changes, cotangents[eq.lhs], is_last=eq.name == x.name)


def _moved(name: str, shown: Expr, rhs: Expr, changes: dict[Expr, Expr], symbol: Expr, is_last: bool = False):
    """The equation of a name, if it moves; its symbol is from then on one that changes."""
    by_name = {build.var(e.name, e.shape): change for e, change in changes.items()}
    here = {e: by_name[plain] for e in walk(rhs) if e.op == "var"
            and (plain := build.var(e.name, e.shape)) in by_name}
    change, _ = differential(rhs, here)
    if alg.is_zero(change):
        return
    changes[symbol] = build.dvar(name, symbol.shape)
    yield Equation(name, changes[symbol], textbook(change), said("the product") if is_last else "")
