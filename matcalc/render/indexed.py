"""A derivation or result entry by entry, with indices or written out; or its dimensions."""

from __future__ import annotations

from ..derive.differential import differential
from ..errors import fail
from ..expr import build
from ..expr.indexed import Entries, Index, expanded
from ..expr.node import Expr, walk
from ..expr.notation import indexed_name
from ..expr.rename import replaced
from ..lang import said
from ..shapes import Shape, is_column, is_scalar
from .dimensions import dimension_lines
from .lines import Line

TITLES = {"matrix": "", "index": said("In index notation"), "entries": said("Written out"), "dimensions": said("Dimensions")}
MAX_ENTRIES = 36  # of a matrix that is written out
TOO_WIDE = 1.8    # lines side by side


def derivation_lines(d, printer, notation: str) -> tuple[Line, ...]:
    """Forward equations and gradients; in named intermediates where there are any."""
    if notation == "matrix":
        return ()
    out = []
    for eq in d.forward:
        out += _equation(d.model, eq.lhs, eq.rhs, printer, notation)
    for eq in d.backward:
        if eq.name not in d.gradients:
            out += _equation(d.model, eq.lhs, eq.rhs, printer, notation)
    for g in d:
        cot = build.cot(d.model.output.name, g.name, d.model.shape_of(g.name))
        form = g.named_form if len(d.forward) > 1 else g.closed_form
        if g.layout == "numerator":
            cot, form = (build.transpose(cot), form) if not form.is_scalar else (cot, form)
        out += _equation(d.model, cot, form, printer, notation)
    return tuple(out)


def result_lines(result, printer, notation: str, lhs: str) -> tuple[Line, ...]:
    """A gradient, Jacobian or Hessian entry by entry; `lhs`: what the matrix is called."""
    if notation == "matrix":
        return ()
    model, output = result.model, result.model.output
    if result.kind == "gradient" or result.times:
        cot = build.cot(output.name, result.wrt, model.shape_of(result.wrt))
        return tuple(_equation(model, cot, result.form, printer, notation)) if not result.times else ()
    x = build.var(result.wrt, model.shape_of(result.wrt))
    if notation == "dimensions":
        head = printer.quotient(output.name, x.name, x.shape, of_shape=output.expr.shape)
        return dimension_lines(result.form, result.form, printer, head)
    if notation == "entries":
        return tuple(_written_out(model, lhs, result.form, printer, _head_of_an_entry(result, x, printer)))
    return (_jacobian_line(result, x, printer),)


def _head_of_an_entry(result, x: Expr, printer):
    """How an entry of the matrix is called, or None where it stacks matrices."""
    output = result.model.output
    if not is_column(x.shape) or result.kind == "jacobian" and not is_column(result.function.shape):
        return None
    if result.kind == "jacobian":
        return lambda i, j: printer.quotient(indexed_name(output.name, i), indexed_name(x.name, j), _SCALAR)
    return lambda i, j: printer.mixed(output.name, indexed_name(x.name, i), indexed_name(x.name, j))


def _jacobian_line(result, x: Expr, printer) -> Line:
    """dF_ij/dX_kl, from the entries of dF with deltas for those of dX."""
    model, output = result.model, result.model.output
    F = result.function if result.kind == "jacobian" else result.derivation[result.wrt].closed_form
    entries = Entries(_names(model))
    at, by = entries.indices(F.shape), entries.indices(x.shape)
    entries.change = (x.name, by)
    variable = next((e for e in walk(F) if e.op == "var" and e.name == x.name), x)
    dF, _ = differential(F, {variable: build.dvar(x.name, x.shape)})
    if result.kind == "jacobian":
        lhs = printer.quotient(indexed_name(output.name, at), indexed_name(x.name, by), _SCALAR)
    else:
        lhs = printer.mixed(output.name, indexed_name(x.name, at), indexed_name(x.name, by))
    rhs = entries.entry(dF, at)
    return Line(lhs, printer.broken(rhs, [lhs]))


_SCALAR = build.num(1).shape


def _equation(model, lhs: Expr, rhs: Expr, printer, notation: str) -> list[Line]:
    """One line with indices; or, written out, one line an entry, of a gradient a matrix;
    or the equation with its dimensions below it."""
    if notation == "dimensions":
        return [*dimension_lines(lhs, rhs, printer)]
    if notation == "index":
        entries = Entries(_names(model))
        at = entries.indices(rhs.shape)
        head = printer.formula(entries.entry(lhs, at))
        return [Line(head, printer.broken(entries.entry(rhs, at), [head]))]
    if lhs.op == "cot" and not rhs.is_scalar and lhs.data[1] in model.variables:
        return _written_out(model, printer.formula(lhs), rhs, printer, lambda i, j: printer.formula(_one(model, lhs, (i, j))))
    return [Line(printer.formula(_one(model, lhs, at)), printer.formula(_one(model, rhs, at)))
            for column in _places(rhs.shape) for at in column]


def _written_out(model, lhs: str, rhs: Expr, printer, head) -> list[Line]:
    """A matrix, or, where nobody could read it on a page, a line for each of its entries."""
    rows = [[(at, _one(model, rhs, at)) for at in row] for row in _places(rhs.shape)]
    shown = [[printer.formula(e) for _, e in row] for row in rows]
    wide = sum(max(map(printer.wide, column)) for column in zip(*shown, strict=True))
    if head is None or wide < TOO_WIDE * printer.room(lhs):
        return [Line(lhs, printer.grid(shown, [lhs]))]
    heads = [head(*at) for row in rows for at, _ in row]
    return [Line(h, printer.broken(e, heads)) for h, e in zip(heads, (e for row in rows for _, e in row), strict=True)]


def _places(shape: Shape) -> list[list[Index]]:
    """The indices of all entries, row by row. Raises MatcalcError (M513)."""
    if not all(d.is_number for d in shape):
        raise fail("M513", "only a matrix whose sizes are numbers can be written out",
                   facts=(f"here a matrix is {shape[0]} x {shape[1]}",),
                   help="declare the sizes as numbers:  W : 2 x 3;  or use the index notation")
    m, n = (d.coefficient for d in shape)
    if m * n > MAX_ENTRIES:
        raise fail("M513", f"a matrix with {m * n} entries is too large to be written out",
                   help=f"use the index notation, or a matrix with at most {MAX_ENTRIES} entries")
    return [[(str(i) if m > 1 else "", str(j) if n > 1 else "") for j in range(1, n + 1)] for i in range(1, m + 1)]


def _one(model, e: Expr, at: Index) -> Expr:
    """One entry with all sums written out; the entries of W are w_11, w_12, ..."""
    for d in (d for part in walk(e) for d in part.shape):
        if not d.is_number:
            _places((d, d))
    return expanded(Entries().entry(replaced(e, _small(model, e)), at))


def _small(model, e: Expr) -> dict[Expr, Expr]:
    """Small letters for the entries of matrices, where they are free."""
    names = _names(model)
    out = {}
    for part in walk(e):
        if part.op == "var" and not is_scalar(part.shape) and part.name.lower() not in names - {part.name}:
            out[part] = build.var(part.name[0].lower() + part.name[1:], part.shape)
    return out


def _names(model) -> set[str]:
    sizes = {n for v in model.variables.values() for d in v.shape for n in d.names}
    return set(model.variables) | {a.name for a in model.assignments} | sizes
