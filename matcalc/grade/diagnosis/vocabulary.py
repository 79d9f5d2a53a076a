"""What an edit may put into a formula: what the problem itself is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from fractions import Fraction

from ...expr import build
from ...expr.node import Expr, Func, walk
from ...model import Model
from ...numeric.sample import size_names
from ...shapes import ONE, size

MAX_PARTS, MAX_COST = 40, 16
_SCALARS = ("norm2", "det", "sqnorm", "tr", "fn", "pow", "size")
NUMBERS = [Fraction(n) for n in ("2", "1/2", "-1", "-2", "-1/2", "3", "1/3", "4", "1/4")]


@dataclass(frozen=True)
class Vocabulary:
    """symbols    variables and named intermediates
    parts      small subexpressions of the model that are no scalars, and slopes f'(z)
    scalars    numbers, sizes, scalar variables and subexpressions, and what they divide
    functions  the entrywise functions of the model
    ones       vectors of ones of every size
    cotangents gradients with respect to the intermediates, as symbols
    """

    symbols: tuple[Expr, ...]
    parts: tuple[Expr, ...]
    scalars: tuple[Expr, ...]
    functions: tuple[Func, ...]
    ones: tuple[Expr, ...]
    cotangents: tuple[Expr, ...]

    @cached_property
    def inside(self) -> dict[Expr, frozenset[Expr]]:
        """What each of the parts is made of."""
        return {p: frozenset(walk(p)) for p in self.parts}


def vocabulary(model: Model, right: Expr) -> Vocabulary:
    """right: the formula that is wanted; a piece of it may be what is missing."""
    names = [build.var(v.name, v.shape, v.assumptions) for v in model.variables.values()]
    names += [build.var(a.name, a.expr.shape) for a in model.assignments[:-1]]
    inside = [e for a in model.assignments for e in walk(a.expr) if e.args and e.cost <= MAX_COST]
    slopes = [build.fn(e.data.prime, e.args[0]) for e in inside if e.op == "fn" and e.data.name != "step"]
    pieces = [e for e in walk(right) if e.args and e is not right and e.cost <= MAX_COST]
    chains = [build.matmul(*e.args[i:j]) for e in [*inside, *pieces] if e.op == "matmul"
              for i in range(len(e.args)) for j in range(i + 2, len(e.args) + 1)]
    parts = [e for e in [*inside, *chains, *pieces] if not e.is_scalar and e.op not in ("scale", "T") and e is not right]
    sizes = [size(n) for n in size_names(model)]
    scalars = [x for x in [*names, *pieces] if x.is_scalar and x.cost < 6]
    scalars += [e for e in inside if e.is_scalar and e.op in _SCALARS]
    numbers = [build.num(n) for n in NUMBERS]
    amounts = [build.size_number(n) for n in sizes]
    over = [build.power(x, build.num(-1)) for x in [*amounts, *scalars]]
    functions = dict.fromkeys(e.data for e in inside if e.op == "fn")
    return Vocabulary(tuple(names), tuple(dict.fromkeys([*parts, *slopes]))[:MAX_PARTS],
                      tuple(dict.fromkeys([*numbers, *amounts, *scalars, *over])), tuple(functions),
                      tuple(build.ones((n, ONE)) for n in sizes),
                      tuple(build.cot(model.output.name, a.name, a.expr.shape) for a in model.assignments[:-1]))
