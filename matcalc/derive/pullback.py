"""A module by itself: what becomes of the gradient that arrives at its output."""

from __future__ import annotations

from dataclasses import replace

from ..expr import build
from ..expr.node import Expr
from ..expr.rename import replaced
from ..model import Assignment, Model, Variable
from ..shapes import is_scalar
from .engine import checked_names, differentiable


def seeded(model: Model, loss: str = "L") -> tuple[Model, dict[Expr, Expr]]:
    """The model with a scalar output behind it, <C, a> for its output a, so that the gradient
    that arrives at a is C; and what C stands for, dL/da. A scalar output is a loss itself."""
    output = model.output
    if is_scalar(output.expr.shape):
        return model, {}
    taken = {*model.variables, *(a.name for a in model.assignments)}
    cotangent = build.var(_free("C", taken), output.expr.shape)
    name = _free(loss, taken | {cotangent.name})
    seed = Variable(cotangent.name, cotangent.shape, "constant")
    value = build.call("sum", build.had(cotangent, build.var(output.name, output.expr.shape)))
    made = replace(model, variables={**model.variables, seed.name: seed},
                   assignments=(*model.assignments, Assignment(name, value)), source="")
    return made, {cotangent: build.cot(name, output.name, output.expr.shape)}


def pulled_back(model: Model, wrt, derive) -> dict[str, tuple[Expr, Expr]]:
    """dL/dv for each name v, given dL/da at the output a: {"W": (dL/dW, formula)}.

    wrt      names; default: every variable but targets and constants
    derive   from a model and names to a checked derivation

    Raises MatcalcError as deriving does.
    """
    names = checked_names(model, wrt) if wrt is not None else differentiable(model)
    made, meaning = seeded(model)
    derivation = derive(made, names)
    loss = made.output.name
    return {n: (build.cot(loss, n, made.shape_of(n)), replaced(derivation[n].named_form, meaning)) for n in names}


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "0"
    return name
