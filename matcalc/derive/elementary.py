"""The rules of school for a scalar function: constant, linearity, monomial, chain rule."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ..errors import fail
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, variables, walk
from ..lang import Said, said
from ..model import Model
from ..rules import ENTRYWISE, RULES
from ..shapes import is_scalar
from .factors import factor


MAX_WAYS = 16


@dataclass(frozen=True)
class Slope:
    """d of/d by = value, with the names of the rules that give it."""

    lhs: Expr
    value: Expr
    rules: tuple[Said, ...]


def slopes(derivation, name: str) -> tuple[tuple[Slope, ...], Expr]:
    """The derivative of every equation on the way from `name` to the output, in the order of
    the chain rule, and the sum over the ways of their products, not multiplied out.

    Raises MatcalcError (M543) where something is no scalar, or there are too many ways.
    """
    model = derivation.model
    for v in model.variables.values():
        if not is_scalar(v.shape):
            raise fail("M543", f"`{v.name}` is no scalar", facts=("the rules of school are about scalars",),
                       help="declare it as one:  x : scalar;  or show the derivation instead")
    found: dict[tuple[str, str], Slope] = {}
    ways = _ways(derivation, name)
    if len(ways) > MAX_WAYS:
        raise fail("M543", f"{model.output.name} depends on `{name}` in more than {MAX_WAYS} ways",
                   help="show the derivation instead, whose chain rule adds what meets")
    products = [_product(derivation, way, found) for way in ways]
    return tuple(found.values()), build.add(*products) if products else build.num(0)


def _ways(derivation, name: str) -> list[tuple[str, ...]]:
    """Paths from the output down to a name; not many more than MAX_WAYS are looked for."""
    done, open_ = [], [(name,)]
    while open_ and len(done) <= MAX_WAYS:
        way = open_.pop(0)
        if way[0] == derivation.model.output.name:
            done.append(way)
        else:
            open_ += [(of, *way) for of, _ in derivation.contributions(way[0])]
    return done


def _product(derivation, way: tuple[str, ...], found: dict) -> Expr:
    """The slopes along a way, next to one another."""
    values = []
    for of, by in pairwise(way):
        if (of, by) not in found:
            found[of, by] = _slope(derivation, of, by)
        values.append(found[of, by].value)
    kept = [v for v in values if v is not alg.UNIT] or [alg.UNIT]
    return build.had(*kept)


def _slope(derivation, of: str, by: str) -> Slope:
    model: Model = derivation.model
    output, shape = model.output.name, model.shape_of(by)
    contribution = dict(derivation.contributions(by))[of]
    if of == output:
        value = contribution
    else:
        G = build.cot(output, of, shape)
        split = factor(contribution, G)
        value = alg.UNIT if contribution is G else split[1] if split else contribution
    expr = next(a.expr for a in model.assignments if a.name == of)
    return Slope(build.cot(of, by, shape), value, _rules(expr, by))


def _rules(expr: Expr, by: str) -> tuple[Said, ...]:
    """The names of the rules that the derivative of an expression needs."""
    out: list[Said] = []
    for e in walk(expr):
        moving = [a for a in e.args if _depends(a, by)]
        if not moving:
            continue
        out += _named(e, moving, by)
    return tuple(dict.fromkeys(out))


def _named(e: Expr, moving: list[Expr], by: str) -> list[Said]:
    if e.op == "add":
        return [said("linearity"), *([said("constant")] if any(not variables(a) for a in e.args) else [])]
    if e.op == "had":
        return [said("product")] if len(moving) > 1 else [said("linearity")]
    if e.op == "pow":
        out = [said("monomial")]
    elif e.op == "fn":
        row = ENTRYWISE.get(e.data.name)
        out = [said("derivative of {function}", function=row.name if row else e.data.name)]
    else:
        out = [said(RULES[e.op].title)]
    return out + ([said("chain rule")] if moving[0].args else [])


def _depends(e: Expr, by: str) -> bool:
    return any(v.name == by for v in variables(e))
