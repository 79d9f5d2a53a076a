"""Chain products: which factors stand on a line, and which show their value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr
from .printer import REUSED

MAX_FACTORS = 12  # a longer chain product says no more than its backward equations
MIN_BRACE = 3


@dataclass(frozen=True)
class FactorView:
    """One factor: the quotient, what stands under its brace ("" for nothing),
    and whether an earlier gradient has it too."""

    quotient: str
    value: str
    reused: bool

    @property
    def is_braced(self) -> bool:
        return bool(self.value) or self.reused


def chain_rows(derivation, g, seen: set, printer) -> tuple[tuple[FactorView, ...], ...]:
    """The factors of one gradient, line by line; () where there is no chain product
    to show: one factor only, no single path, too long, or transposed.

    `seen` collects the factors that earlier gradients have shown.
    """
    model = derivation.model
    if g.layout != "denominator" or len(model.assignments) == 1:
        return ()
    try:
        factors = g.factors
    except MatcalcError:  # a value is too long to write out
        return ()
    if not 1 < len(factors) <= MAX_FACTORS:
        return ()
    views = [FactorView(_quotient(f, model, printer), _value(f.value, f.side, printer),
                        f.reused or (f.of, f.by) in seen) for f in factors]
    seen.update((f.of, f.by) for f in factors)
    return _arranged(views, printer, printer.room(printer.formula(build.cot(model.output.name, g.name, model.shape_of(g.name)))))


def _quotient(f, model, printer) -> str:
    """∂of/∂by; of the output, written as gradients are."""
    shape = model.shape_of(f.by)
    if f.of == model.output.name:
        return printer.formula(build.cot(f.of, f.by, shape))
    return printer.quotient(f.of, f.by, shape, of_shape=model.shape_of(f.of))


def _value(e: Expr, side: str, printer) -> str:
    """What a factor multiplies with; a dot in front says: from the right."""
    formula = printer.formula(e)
    if e.op == "add":
        formula = printer.enclosed(formula)
    front = {"right": printer.right, "hadamard": printer.hadamard}.get(side, "")
    return type(formula)(front + formula)


def _arranged(factors: list[FactorView], printer, room: float) -> tuple[tuple[FactorView, ...], ...]:
    """All values on one line if they fit; else reused factors without their values,
    on as many lines as needed; no braces at all where one value is wider than a line."""
    if _total(factors, printer) > room:
        factors = [replace(f, value=type(f.value)("")) if f.reused else f for f in factors]
    if any(factor_width(f, printer) > room for f in factors):
        factors = [replace(f, value=type(f.value)(""), reused=False) for f in factors]
    rows: list[list[FactorView]] = [[]]
    for f in factors:
        if rows[-1] and _total([*rows[-1], f], printer) > room:
            rows.append([])
        rows[-1].append(f)
    return tuple(map(tuple, rows))


def _total(factors: list[FactorView], printer) -> float:
    return sum(factor_width(f, printer) for f in factors) + printer.gap * (len(factors) - 1)


def factor_width(f: FactorView, printer) -> float:
    """Columns of a factor with what stands under it."""
    if not f.is_braced:
        return printer.wide(f.quotient)
    remark = printer.plain(REUSED) if f.reused else ""
    return max(printer.wide(f.quotient), printer.wide(f.value), printer.wide(remark), MIN_BRACE)
