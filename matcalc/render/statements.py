"""What a rule says, printed from its formulas with symbolic operands, never typed."""

from __future__ import annotations

from functools import reduce

from ..errors import MatcalcError
from ..expr import build
from ..expr.node import Expr, Func, node
from ..rules import RULES
from ..rules.entrywise import derivative_expr
from ..rules.rule import Entrywise, Rule
from ..shapes import ONE, SCALAR, Shape, Size, size

Statement = tuple[Expr, Expr]  # both sides of an equation


def definition(rule: Rule, of_scalars: bool = False) -> Statement:
    """Y = A B; of_scalars: with numbers as operands."""
    args, data, symbol, _ = _symbols(rule, of_scalars)
    return symbol, node(rule.op, args, data, symbol.shape)


def gradients(rule: Rule, of_scalars: bool = False) -> list[Statement]:
    """dL/dA = ..., for each operand that has one."""
    args, data, symbol, G = _symbols(rule, of_scalars)
    found = [(a, None if a.op == "num" else _tried(lambda i=i: rule.vjp(G, symbol, i, args, data)))
             for i, a in enumerate(args)]
    return [(build.cot("L", a.name, a.shape), formula) for a, formula in found if formula is not None]


def differential(rule: Rule) -> Statement | None:
    """dY = ..."""
    args, data, symbol, _ = _symbols(rule)
    changes = tuple(build.zeros(a.shape) if a.op == "num" else build.dvar(a.name, a.shape) for a in args)
    formula = _tried(lambda: rule.differential(symbol, args, changes, data))
    return None if formula is None else (build.dvar("Y", symbol.shape), formula)


def slope(row: Entrywise) -> Expr:
    """The derivative of an entrywise function at x."""
    return derivative_expr(Func(row.name, 1), point("x"))


def point(name: str) -> Expr:
    return build.var(name, SCALAR)


def contribution(row: Entrywise) -> Expr:
    """dL/dx for y = f(x), entry by entry."""
    vector = size("n"), ONE
    G = build.cot("L", "y", vector)
    return RULES["fn"].vjp(G, build.var("y", vector), 0, (build.var("x", vector),), Func(row.name))



def _symbols(rule: Rule, of_scalars: bool = False):
    """Operands, data, result Y and its cotangent."""
    shapes, result = signature_shapes(rule)
    if of_scalars:
        shapes, result = [SCALAR] * len(shapes), SCALAR
    args = tuple(_operand(rule, n, s, i) for i, (n, s) in enumerate(zip(rule.operands, shapes)))
    return args, _data(rule, result), build.var("Y", result), build.cot("L", "Y", result)


def _tried(make) -> Expr | None:
    """The formula, or None where a rule has none for symbols."""
    try:
        return make()
    except MatcalcError:
        return None


def _operand(rule: Rule, name: str, shape: Shape, i: int) -> Expr:
    """A symbol; for an exponent that has to be a whole number, a number."""
    is_whole = len(rule.draw) > i and rule.draw[i] == "whole"
    return build.num(3) if is_whole else build.var(name, shape)


def _data(rule: Rule, result: Shape):
    if rule.op == "fn":
        return Func("phi", is_user=True)
    if rule.op == "mat":
        return result
    return tuple(map(size, "mnpq")) if rule.op == "rearrange" else None


def signature_shapes(rule: Rule) -> tuple[list[Shape], Shape]:
    """Shapes of the operands and of the result, read from the signature."""
    operands, result = rule.signature.split("->")
    words = [w.strip() for w in operands.split(",")]
    words = [words[i - 1] if w == "..." else w for i, w in enumerate(words)]
    return [_shape(w) for w in words], _shape(result)


def _shape(words: str) -> Shape:
    rows, columns = (reduce(Size.__mul__, map(size, w.split("*")), ONE) for w in words.split())
    return rows, columns
