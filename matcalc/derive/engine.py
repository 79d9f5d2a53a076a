"""From a model to a derivation."""

from __future__ import annotations

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import walk
from ..lang import said
from ..model import Model
from ..shapes import is_scalar, words
from ..suggest import closest
from .closed import ClosedForms
from .result import Derivation, Equation, Gradient
from .sweep import Sweep, sweep

LAYOUTS = ("denominator", "numerator")


def differentiable(model: Model) -> list[str]:
    """The default `wrt`: every variable that is no target, no constant, and no
    exponent of a matrix power (a whole number)."""
    exponents = {e.args[1] for a in model.assignments for e in walk(a.expr) if e.op == "matpow"}
    fixed = {e.name for e in walk(*exponents) if e.op == "var"}
    return [v.name for v in model.variables.values()
            if v.role == "variable" and "constant" not in v.assumptions and v.name not in fixed]


def derivation(model: Model, wrt=None, layout: str = "denominator") -> Derivation:
    """Gradients of the model's output, which must be a scalar.

    wrt      names of variables or named intermediates; default: every variable
             but targets and constants
    layout   "denominator": a gradient has its variable's shape; "numerator": transposed

    Raises MatcalcError: M301 (output not scalar), M302 (unknown name), M303 (a
    rule without closed form), M305 (unknown layout).
    """
    if layout not in LAYOUTS:
        raise fail("M305", f"there is no layout `{layout}`", help="use denominator or numerator")
    check_scalar(model)
    names = checked_names(model, wrt) if wrt is not None else differentiable(model)
    result = sweep(model, set(names))
    closed = ClosedForms(result)
    ordered = names if wrt is not None else _as_taught(result, names)
    gradients = {n: _gradient(result, closed, n, layout) for n in ordered}
    return Derivation(model, gradients, _forward(model), _backward(result), tuple(result.steps),
                      layout, result, closed)


def _as_taught(result: Sweep, names: list[str]) -> list[str]:
    """The last layer's variables first, the network's input x at the very end."""
    reached = [n for n in result.parts if n in names] + [n for n in names if n not in result.parts]
    return sorted(reached, key=is_input)


def is_input(name: str) -> bool:
    """Whether a variable is by its name the input: x, X, x0, X_train."""
    return name[0] in "xX" and (len(name) == 1 or not name[1].isalpha())


def check_scalar(model: Model) -> None:
    """Raise M301 when the output is not a scalar."""
    shape = model.output.expr.shape
    if not is_scalar(shape):
        output = model.output
        what = "the output" if output.is_anonymous else f"the output `{output.name}`"
        raise fail("M301", f"{what} is {words(shape)}, but a gradient needs a scalar",
                   facts=("the chain rule backwards starts from one number",),
                   help=f"end with a loss such as sum({output.name}), or ask for its jacobian"
                   if not output.is_anonymous else "put sum(...) around it, or ask for its jacobian")


def checked_names(model: Model, wrt) -> list[str]:
    """The names in wrt, all known. Raises M302."""
    names = [wrt] if isinstance(wrt, str) else list(wrt)
    names = [n.strip() for entry in names for n in str(entry).split(",") if n.strip()]
    known = [*model.variables, *(a.name for a in model.assignments)]
    for n in names:
        if n not in known:
            raise fail("M302", f"there is no variable `{n}` in the model",
                       facts=(f"the model has {', '.join(known)}",), help=closest(n, known))
    return list(dict.fromkeys(names))


def _gradient(result: Sweep, closed: ClosedForms, name: str, layout: str) -> Gradient:
    note = ""
    if name == result.output:
        result.named.setdefault(name, alg.UNIT)
    elif name not in result.named:
        result.named[name] = alg.zeros(result.model.shape_of(name))
        note = said("{output} does not depend on {name}", output=result.output, name=name)
    elif alg.is_zero(result.named[name]):
        note = said("all contributions are zero")
    return Gradient(name, note, layout, result, closed)


def _forward(model: Model) -> tuple[Equation, ...]:
    return tuple(Equation(a.name, alg.var(a.name, a.expr.shape), a.expr) for a in model.assignments)


def _backward(result: Sweep) -> tuple[Equation, ...]:
    return tuple(Equation(n, result.symbol(n), result.restore(e)) for n, e in result.named.items() if n != result.output)

