"""Items that are tables: values, difference quotients, functions, modules, shapes."""

from __future__ import annotations

from math import isfinite

from ..api import derive as derived
from ..api import read
from ..derive.pullback import pulled_back
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, Func, contains
from ..lang import said
from ..render.parts import Formula, Paragraph, Part, Table
from ..rules import ENTRYWISE, FUNCTION_NAMES
from ..rules.entrywise import derivative_expr
from ..shapes import SCALAR, Size, is_column, is_scalar
from ..suggest import closest
from .job import Job
from .numbers import number, rounded


def values(job: Job) -> tuple[Part, ...]:
    """A column for each formula, a row for each entry."""
    from ..numeric.passes import passes
    model = job.model
    run = passes(derived(model, check=False), job.get("at"))
    formulas = list(map(job.formula, job.get("columns")))
    columns = [run.value(f).ravel() for f in formulas]
    _finite(job, [float(v) for c in columns for v in c])
    labels = job.get("labels", [])
    count = max(map(len, columns))
    if any(len(c) not in (1, count) for c in columns) or labels and len(labels) != count:
        raise job.place.fail("M548", "the columns of the table are not of one length",
                             facts=(f"they have {', '.join(str(len(c)) for c in columns)} entries",
                                    f"{len(labels)} labels are given"), help="show them in several tables")
    digits = job.get("digits", [])
    rows = [tuple(_cell(c, i, digits[k] if k < len(digits) else None) for k, c in enumerate(columns))
            for i in range(count)]
    head = ((),) if labels else ()
    return (Table((*head, *((f,) for f in formulas)),
                  tuple(((labels[i],), *row) if labels else row for i, row in enumerate(rows))),)


def _finite(job: Job, values: list[float]) -> None:
    if not all(map(isfinite, values)):
        raise job.place.fail("M548", "not everything that is asked for has a value there",
                             help="give values for which all operations are defined")


def _cell(column, i: int, digits: int | None):
    value = float(column[i if len(column) > 1 else 0])
    return (number(value, digits) if digits is not None else rounded(value, 6),)


def quotients(job: Job) -> tuple[Part, ...]:
    """Central differences of a function of one number for several step sizes."""
    from ..numeric.studies import quotients as computed
    name = job.variable
    d = job.checked(derived(job.model, [name]))
    shape = d.model.shape_of(name)
    if not is_scalar(shape):
        raise job.place.fail("M548", f"`{name}` is no scalar", facts=("difference quotients are shown of one number",),
                             help=f"declare  {name} : scalar")
    found = computed(d, name, job.get("at"), job.get("h"))
    _finite(job, [found.exact, *(q.quotient for q in found.rows)])
    x, h, loss = build.var(name, shape), build.var("h", SCALAR), build.var(d.model.output.name, SCALAR)
    half = build.had(build.num("1/2"), h)
    digits = job.get("digits", [])
    rows = tuple(((*_step(asked, q.step, x),), (_digits(q.up, digits, 0),), (_digits(q.down, digits, 0),),
                  (_digits(q.quotient, digits, 1),), (rounded(abs(q.quotient - found.exact), 1),))
                 for asked, q in zip(job.get("h"), found.rows, strict=True))
    heads = ((h,), *(said("{loss} at {point}", loss=loss, point=p) for p in (build.add(x, half), build.sub(x, half))),
             said("quotient"), said("error"))
    cot = build.cot(d.model.output.name, name, shape)
    return Table(heads, rows), Paragraph(said("The right value of {derivative} is {value}.", derivative=cot, value=number(found.exact)))


def _digits(value: float, digits: list[int], k: int):
    return number(value, digits[k] if k < len(digits) else None)


def _step(asked, step: float, x: Expr) -> tuple:
    if asked != "practical":
        return (number(float(asked)),)
    root = build.power(build.var("epsilon", SCALAR), build.num("1/3"))
    return (Formula((build.had(root, build.var("x_c", SCALAR)),), ()), " = ", rounded(step, 2))


def functions(job: Job) -> tuple[Part, ...]:
    """Entrywise functions with their derivatives, also by their own value y, and their kinks."""
    x, y = build.var("x", SCALAR), build.var("y", SCALAR)
    rows, remarks = [], []
    for name in job.get("functions"):
        if name not in FUNCTION_NAMES:
            raise job.place.fail("M548", f"there is no function `{name}`",
                                 help=closest(name, FUNCTION_NAMES) or "matcalc rules lists them")
        row = ENTRYWISE[FUNCTION_NAMES[name]]
        slope, short = derivative_expr(Func(row.name, 1), x), row.derivative(x, y)
        by_value = short if contains(short, y) else None
        rows.append(((build.fn(row.name, x),), (slope,), () if by_value is None else (by_value,)))
        remarks.append(said("{function}: {remark}", function=build.fn(row.name, x), remark=said(row.why)) if row.why else
                       said("{function}: {remark}.", function=build.fn(row.name, x), remark=said(row.at_kink)))
    return (Table((said("function {y}", y=y), said("derivative"), said("by {y}", y=y)), tuple(rows)),
            Paragraph(tuple(p for remark in remarks for p in (remark, " "))[:-1]))


def modules(job: Job) -> tuple[Part, ...]:
    """Modules a = h(x; w) with their gradients by inputs and parameters, given dL/da."""
    def checked(model, names):
        return job.checked(derived(model, names))
    rows: list[tuple] = []
    for title, source, *wrt in job.get("modules"):
        model = read(source)
        gradients = pulled_back(model, wrt[0] if wrt else None, checked)
        definitions = [(Formula((build.var(a.name, a.expr.shape), a.expr), ("=",)),) for a in model.assignments]
        found = [(Formula((cot, form), ("=",)),) for cot, form in gradients.values()]
        for i in range(max(len(definitions), len(found))):
            rows.append(((title if not i else "",), definitions[i] if i < len(definitions) else (),
                         found[i] if i < len(found) else ()))
    return (Table((said("module"), said("forward"), said("backward")), tuple(rows)),)


def shapes(job: Job) -> tuple[Part, ...]:
    """Every variable with its shape, and its gradient with the same; how many partials these are."""
    d = job.checked(derived(job.model, job.get("wrt")))
    loss, rows, counts = d.model.output.name, [], []
    for g in d:
        shape = d.model.shape_of(g.name)
        x = build.var(g.name, shape)
        counts.append(build.size_number(shape[0] * shape[1]))
        rows.append(((x,), _dimensions(shape), (build.cot(loss, g.name, shape),), _dimensions(g.named_form.shape),
                     (counts[-1],)))
    heads = (said("variable"), said("shape"), said("its gradient"), said("shape"), said("partials"))
    total = alg.add(*counts)
    price = alg.mul(build.num(2), total)
    return Table(heads, tuple(rows)), Paragraph(said(
        "All in all {total} partial derivatives. Central differences take two values of {loss} for each, which is {price} "
        "values; the backward pass gives all of them at once.", total=total, loss=build.var(loss, SCALAR), price=price))


def _dimensions(shape: tuple[Size, Size]) -> tuple:
    if is_scalar(shape):
        return (said("scalar"),)
    dims = tuple(map(build.size_number, shape[:1] if is_column(shape) else shape))
    return (Formula(dims, ("x",) * (len(dims) - 1)),)
