"""The verbs: one call from a source to a checked result."""

from __future__ import annotations

from ..errors import fail
from .results import Backpropagation, Derivation, Differential, Result
from .sources import read


def derive(source, wrt=None, check: bool = True, layout: str = "denominator", through=None,
           **read_options) -> Derivation:
    """All gradients of a scalar model, with their derivation.

    wrt            names of variables or named intermediates, as a list or "W1,W2";
                   default: every variable but targets and constants
    check          compare every gradient with finite differences before it is shown
    layout         "denominator": a gradient has its variable's shape; "numerator": transposed
    through        names of the only intermediates that the chain rule goes through, "h1,h2";
                   all others are inserted; default: all
    read_options   shapes, assume: see `read`

    Raises MatcalcError; M600 when a formula of our own fails its check.
    """
    from ..derive.engine import derivation
    from ..derive.through import through as only_through
    model = read(source, **read_options)
    model = model if through is None else only_through(model, through)
    d = Derivation.of(derivation(model, wrt, layout))
    if not d.gradients:
        raise _nothing_to_derive(d.model, wrt)
    return d.checked() if check else d


def gradient(source, wrt, shapes=None, assume=None, entries: str = "free", order: int = 1,
             check: bool = True) -> Result:
    """The gradient of a scalar expression with respect to one variable.

    order     1, or 2 for the derivative of the gradient, which is the Hessian

    entries   "free": every entry varies; "independent": only those that a declared
              structure leaves free (symmetric, spd, skew, diagonal, lower, upper,
              toeplitz); "tangent": projected on the tangent space (orthogonal,
              symmetric, skew)
    """
    from ..derive import jacobian as engine
    if order not in (1, 2):
        raise fail("M312", f"there is no derivative of order {order} here",
                   help="order is 1 or 2; a result can be differentiated again: jacobian(gradient(...), wrt)")
    if order == 2:
        return hessian(source, wrt, shapes, assume, check=check)
    return _result(engine.gradient(read(source, shapes, assume), wrt, entries), check)


def jacobian(source, wrt, shapes=None, assume=None, check: bool = True) -> Result:
    """The Jacobian: J[i, j] = dF_i/dx_j, of matrices d vec(F) / d vec(X)^T."""
    from ..derive import jacobian as engine
    return _result(engine.jacobian(read(source, shapes, assume), wrt), check)


def hessian(source, wrt, shapes=None, assume=None, times: str | None = None, check: bool = True) -> Result:
    """The Hessian of a scalar expression; with times="v" its product with a direction v,
    in closed form and (`.named`) as the differential of every equation of backpropagation."""
    from ..derive import jacobian as engine
    from ..derive.second import hessian_product
    model = read(source, shapes, assume)
    return _result(hessian_product(model, wrt, times) if times else engine.hessian(model, wrt), check)


def differential(source, wrt=None, shapes=None, assume=None, check: bool = True) -> Differential:
    """dF in terms of the differentials of its variables, and the gradients or Jacobians
    that are read off it (Magnus and Neudecker, Matrix Differential Calculus, chapter 9)."""
    from ..derive.differential import model_differential
    d = Differential.of(model_differential(read(source, shapes, assume), wrt))
    if not d.wrt:
        raise _nothing_to_derive(d.model, wrt)
    return d.checked() if check else d


def batched(source, along: str = "columns", examples=None, shapes=None, assume=None):
    """The model of one example as a model of N examples, whose loss is the mean.

    along      "columns" or "rows" of the given matrices are the examples
    examples   names of the variables that belong to an example, as a list or "x,y";
               default: inputs (x, x1, ...) and targets

    Raises MatcalcError: M340, M341 (a step that does not act on each example by itself).
    """
    from ..derive.batch import batched as of_batch
    names = [n.strip() for n in examples.split(",")] if isinstance(examples, str) else examples
    return of_batch(read(source, shapes, assume), along, None if names is None else tuple(names))


def backpropagation(activation: str = "g", output: str = "softmax", bias: bool = True, recurrent: bool = False,
                    check: bool = True) -> Backpropagation:
    """Backpropagation in a network of any depth: the equations of layer i, the unrolled
    product, the algorithm (Goodfellow et al., Deep Learning, algorithms 6.3 and 6.4).

    activation   an entrywise function of the input language, or "g" for any
    output       "linear" (half the squared error), "softmax", "sigmoid" (cross-entropy)
    recurrent    through T steps of time instead of L layers
    check        compare the gradients of the network of one depth with differences

    Raises MatcalcError: M326 (unknown output), M327 (unknown activation), M600.
    """
    from ..derive import depth
    family = depth.recurrent(activation, bias) if recurrent else depth.feedforward(activation, output, bias)
    equations = depth.backpropagation(family)
    report = derive(equations.model).report if check else None
    return Backpropagation(equations, report)


def _nothing_to_derive(model, wrt):
    fixed = [f"{v.name} is a {v.role}" for v in model.variables.values() if v.role != "variable"]
    known = [*model.variables, *(a.name for a in model.assignments[:-1])]
    if wrt is not None:
        what, facts = "no variable is named to differentiate with respect to", ()
    else:
        what, facts = "there is nothing to differentiate with respect to", tuple(fixed) or ("the model has no variables",)
    return fail("M309", what, facts=facts, help=f"name a variable: {', '.join(known)}" if known else "")


def _result(found, check: bool) -> Result:
    result = Result.of(found)
    return result.checked() if check else result
