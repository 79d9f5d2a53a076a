"""Jacobians and Hessians: the differential of a function, identified."""

from __future__ import annotations

from ..errors import fail
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr
from ..lang import Said, one_by_one, said
from ..model import Model
from ..shapes import is_column, is_scalar
from .closed import inlined
from .differential import differential
from .engine import check_scalar, checked_names, derivation
from .identify import coefficient
from .result import Result
from .structure import restricted
from .sweep import Step
from .textbook import textbook

# What entries mean: {F} is the output, {x} the variable.
VECTOR = "J[i, j] = d{F}_i/d{x}_j"
STACKED = "d vec({F}) / d vec({x})^T, columns stacked"
GRADIENT = said("denominator layout: the gradient has the shape of its variable")
HESSIAN = "H[i, j] = d^2 {F} / d{x}_i d{x}_j"
HESSIAN_STACKED = "d vec(grad) / d vec({x})^T, columns stacked"


def gradient(model: Model, wrt: str, entries: str = "free") -> Result:
    """The gradient of a scalar model with respect to one name.

    entries   "free"; "independent": only the entries that a declared structure leaves
              free (Matrix Cookbook 2.8); "tangent": projected on the tangent space

    Raises MatcalcError: M301, M302, M303, M304, M308.
    """
    name = _single(model, wrt)
    d = derivation(model, [name])
    form, varied = restricted(d[name].closed_form, _symbol(model, name), entries)
    meaning = GRADIENT if entries == "free" else one_by_one([GRADIENT, varied])
    return Result(model, "gradient", name, form, d.loss, meaning, d.trail, d, entries)


def jacobian(model: Model, wrt: str) -> Result:
    """The Jacobian of the model's output with respect to one variable.

    Raises MatcalcError: M302 (unknown name), M303, M306 (a tensor that has no
    form with Kronecker products).
    """
    name = _single(model, wrt)
    start, closed = inlined(model, [name])
    F = closed.forward(start.symbols[model.output.name])
    form, steps = derivative(F, start.symbols[name])
    x = model.shape_of(name)
    meaning = _by_scalar(model.output.name, F) if is_scalar(x) else VECTOR if is_column(x) and _is_vector(F) else STACKED
    return Result(model, "jacobian", name, start.restore(form), start.restore(F), meaning, steps)


def hessian(model: Model, wrt: str) -> Result:
    """The Hessian of a scalar model: the Jacobian of its gradient."""
    check_scalar(model)
    name = _single(model, wrt)
    d = derivation(model, [name])
    start, _ = inlined(model, [name])
    form, steps = derivative(d[name].moving_form, start.symbols[name])
    x = model.shape_of(name)
    meaning = HESSIAN if is_scalar(x) or is_column(x) else HESSIAN_STACKED
    return Result(model, "hessian", name, start.restore(form), d.loss, meaning, d.trail + steps, d,
                  moving=d[name].moving_form)


def _by_scalar(name: str, F: Expr) -> Said:
    return said("entry by entry, in the shape of {F}", F=build.var(name, F.shape))


def _symbol(model: Model, name: str) -> Expr:
    known = model.variables[name].assumptions if name in model.variables else frozenset()
    return build.var(name, model.shape_of(name), known)


def _single(model: Model, wrt: str) -> str:
    names = checked_names(model, wrt)
    if len(names) != 1:
        raise fail("M307", "exactly one variable is needed here", help=f"use wrt={names[0]!r}" if names else "name one variable")
    return names[0]


def _is_vector(F: Expr) -> bool:
    return F.is_scalar or F.is_column or F.is_row


def derivative(F: Expr, x: Expr) -> tuple[Expr, tuple[Step, ...]]:
    """d vec(F) / d vec(x)^T; for a scalar x dF/dx in the shape of F."""
    dx = alg.UNIT if x.is_scalar else build.dvar(x.name, x.shape)
    dF, steps = differential(F, {x: dx})
    if x.is_scalar:
        return textbook(dF), steps
    M = coefficient(dF, dx)
    if M is None:
        return alg.zeros((F.rows * F.cols, x.rows * x.cols)), steps
    return textbook(M), steps
