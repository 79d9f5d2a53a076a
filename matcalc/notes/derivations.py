"""Items that show something derived, with the bodies of single pages, or in equations."""

from __future__ import annotations

from ..api import backpropagation, batched, differential, gradient, hessian, jacobian
from ..api import derive as derived
from ..derive.elementary import slopes as elementary
from ..derive.stored import stored as kept
from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr
from ..expr.rename import replaced
from ..lang import all_of, said
from ..model import Model
from ..render.parts import Equations, Formula, Listing, Number, Paragraph, Part, Row
from .job import Job, names


def derive(job: Job) -> tuple[Part, ...]:
    model = job.model
    if job.get("batch"):
        model = batched(model, job.get("batch"), job.get("examples"))
    return (job.shown(derived(model, job.get("wrt"), **job.chosen("through", "layout"))),)


def result(verb):
    """An item that shows one gradient, Jacobian, Hessian or differential."""
    def make(job: Job) -> tuple[Part, ...]:
        return (job.shown(verb(job.model, job.get("wrt"), **job.chosen("entries", "times"))),)
    return make


RESULTS = {"gradient": result(gradient), "jacobian": result(jacobian), "hessian": result(hessian),
           "differential": result(differential)}


def backprop(job: Job) -> tuple[Part, ...]:
    return (job.shown(backpropagation(job.get("activation", "g"), job.get("last_layer", "softmax"),
                                      job.get("bias", True), job.get("recurrent", False))),)


def formula(job: Job) -> tuple[Part, ...]:
    """Names of the model with everything inserted, as it was written."""
    model = job.model
    known = {a.name for a in model.assignments}
    chosen = names(job.get("of", "")) or [model.output.name]
    for n in chosen:
        if n not in known:
            raise job.place.fail("M548", f"`{n}` is not assigned in the model", help=f"it assigns {', '.join(known)}")
    return (Equations(tuple(Row(build.var(n, model.shape_of(n)), _inserted(model, n)) for n in chosen)),)


def _inserted(model: Model, name: str) -> Expr:
    inside: dict[Expr, Expr] = {}
    for a in model.assignments:
        inside[build.var(a.name, a.expr.shape)] = last = replaced(a.expr, inside)
        if a.name == name:
            return last
    raise KeyError(name)


def stored(job: Job) -> tuple[Part, ...]:
    """What the backward pass reads again of the forward pass."""
    d = job.checked(derived(job.model, job.get("wrt")))
    used, free = kept(d)
    if not used:
        return (Paragraph(said("The backward pass reads no intermediate value of the forward pass again.")),)
    names = _listed(d.model, used)
    if not free:
        return (Paragraph(said("The forward pass stores {names}, which the backward pass reads again.", names=names)),)
    return (Paragraph(said("The forward pass stores {names}, which the backward pass reads again; {others} can be "
                           "forgotten.", names=names, others=_listed(d.model, free))),)


def _listed(model: Model, names: tuple[str, ...]):
    return all_of([build.var(n, model.shape_of(n)) for n in names])


def slopes(job: Job) -> tuple[Part, ...]:
    """A scalar function by the rules of school, a line a rule, and at a point the number."""
    name = job.variable
    d = job.checked(derived(job.model, [name]))
    steps, product = elementary(d, name)
    rows = [Row(s.lhs, s.value, said("{rules}", rules=s.rules)) for s in steps]
    lhs = build.cot(d.model.output.name, name, d.model.shape_of(name))
    rows += [Row(lhs, product, said("chain rule")), Row(None, d[name].closed_form)]
    parts: list[Part] = [Equations(tuple(rows))]
    if job.get("at"):
        value = _value(d, name, job.get("at"))
        parts.append(Paragraph(said("At {point}: {derivative} is {value}.", point=_point(d.model, job.get("at")),
                                    derivative=lhs, value=value)))
    return tuple(parts)


def _point(model: Model, at: dict) -> tuple[Formula, ...]:
    return tuple(Formula((build.var(n, model.shape_of(n)), build.num(str(value))), ("=",)) for n, value in at.items())


def _value(d, name: str, at: dict) -> Number:
    from ..numeric.passes import passes
    from .numbers import number
    return number(float(passes(d, at).backward(name)[0, 0]))


def equal(job: Job) -> tuple[Part, ...]:
    """Two formulas that have the same value. Raises MatcalcError (M548) where they do not."""
    from ..numeric.same import same
    left, right = job.formula(job.get("left")), job.formula(job.get("right"))
    verdict = same(left, right, job.model)
    if not verdict.is_same:
        raise job.place.fail("M548", "the two formulas are not the same", facts=(verdict.reason,),
                             help="show them one by one, or mend one of them")
    row = Row(left, right)
    return Equations((row,)), Paragraph(said("Both sides are the same: {reason}.", reason=verdict.reason))


def message(job: Job) -> tuple[Part, ...]:
    """What is said of a source that cannot be used."""
    try:
        derived(job.model, job.get("wrt"), check=False)
    except MatcalcError as problem:
        return (Listing(str(problem)),)
    raise job.place.fail("M548", "nothing is wrong with this source, so there is no message",
                         help='show it with  show = "derive"')
