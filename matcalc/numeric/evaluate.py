"""Values of expressions in plain NumPy: one pass over the graph.

Every array is 2-D float64: a scalar is (1, 1), a column vector (n, 1).
"""

from __future__ import annotations

from math import prod

import numpy as np

from ..expr.node import Expr, Func, node, walk
from ..rules import RULES
from ..rules.entrywise import derivative_expr, lift


def key(e: Expr):
    """How a leaf is looked up among values: a variable by its name, the
    cotangent dL/dW as ("L", "W"), the differential dW as ("d", "W")."""
    return e.name if e.op == "var" else e.data if e.op == "cot" else ("d", e.data)


class Program:
    """Expressions in evaluation order; can re-evaluate only what a leaf changes.

    array    numpy, or a stand-in with the same functions (see `precise`)
    """

    def __init__(self, roots: list[Expr], array=np):
        self.array = array
        self.roots = [_plain(r) for r in roots]
        self.order = list(walk(*self.roots))
        self.place = {e: i for i, e in enumerate(self.order)}
        self.operands = [tuple(self.place[a] for a in e.args) for e in self.order]

    def run(self, values: dict, sizes: dict[str, int]) -> list:
        """Values of all nodes, in `order`."""
        out: list = []
        for e, operands in zip(self.order, self.operands, strict=True):
            out.append(self._value(e, [out[i] for i in operands], values, sizes))
        return out

    def results(self, computed: list) -> list:
        """Values of the roots, from the values of all nodes."""
        return [computed[self.place[r]] for r in self.roots]

    def depends(self, leaf) -> list[int]:
        """Places of the nodes whose value depends on the leaf with this key, in order."""
        reached: set[int] = set()
        out = []
        for i, e in enumerate(self.order):
            is_leaf = e.op in ("var", "cot", "dvar") and key(e) == leaf
            if is_leaf or any(j in reached for j in self.operands[i]):
                reached.add(i)
                out.append(i)
        return out

    def rerun(self, computed: list, places: list[int], values: dict, sizes: dict[str, int]) -> list:
        """Values of all nodes after the leaf that `places` depend on has changed."""
        out = list(computed)
        for i in places:
            out[i] = self._value(self.order[i], [out[j] for j in self.operands[i]], values, sizes)
        return out

    def _value(self, e: Expr, args: list, values: dict, sizes: dict[str, int]):
        if e.op in ("var", "cot", "dvar"):
            return values[key(e)]
        if e.op in _CONSTANTS:
            return _CONSTANTS[e.op](e, sizes, self.array)
        if e.op == "fn" and e.data.is_abstract:
            return _abstract(e.data, args[0], self.array)
        return RULES[e.op].oracle(self.array, args, e.data, sizes)


def evaluate(roots: list[Expr], values: dict, sizes: dict[str, int], array=np) -> list[np.ndarray]:
    """Values of expressions as 2-D arrays.

    values   name -> 2-D array; cotangents and differentials by their `key`
    sizes    size name -> whole number
    array    see `Program`
    """
    program = Program(roots, array)
    with np.errstate(all="ignore"):
        return program.results(program.run(values, sizes))


def _commutation(e: Expr, sizes: dict[str, int], array):
    m, n = (s.value(sizes) for s in e.data)
    out = np.zeros((m * n, m * n))
    for i in range(m):
        for j in range(n):
            out[i * n + j, j * m + i] = 1
    return out


def _dims(e: Expr, sizes: dict[str, int]) -> tuple[int, int]:
    return e.rows.value(sizes), e.cols.value(sizes)


_CONSTANTS = {
    "num": lambda e, sizes, array: array.full((1, 1), e.data.numerator) / e.data.denominator,
    "const": lambda e, sizes, array: array.full((1, 1), {"pi": array.pi, "e": array.e}[e.data]),
    "size": lambda e, sizes, array: array.full((1, 1), e.data.value(sizes)) * 1.0,
    "ones": lambda e, sizes, array: np.ones(_dims(e, sizes)),
    "zeros": lambda e, sizes, array: np.zeros(_dims(e, sizes)),
    "eye": lambda e, sizes, array: np.eye(e.rows.value(sizes)),
    "commutation": _commutation,
}


def _plain(root: Expr) -> Expr:
    """The expression with derivatives of functions, and the user's functions, written out."""

    memo: dict[Expr, Expr] = {}
    changed = False
    for e in walk(root):
        args = tuple(memo[a] for a in e.args)
        if e.op == "fn" and not e.data.is_abstract and (e.data.order or e.data.is_user):
            memo[e], changed = _plain(_written_out(e.data, args[0])), True
        elif changed and args != e.args:
            memo[e] = node(e.op, args, e.data, e.shape)
        else:
            memo[e] = e
    return memo[root]


def _written_out(f: Func, x: Expr) -> Expr:
    return derivative_expr(f, x) if f.order else lift(f.body, f.parameter, x)


def _abstract(f: Func, x, array):
    """An abstract function stands for one fixed smooth function with all its
    derivatives: sin(1.3 t + c) + t^2 / 5, c from the name."""
    phase = sum(map(ord, f.name)) % 7 / 10
    quadratic = [x ** 2 / 5, 2 * x / 5, 0 * x + 2 / 5]
    wave = array.sin(1.3 * x + phase + f.order * array.pi / 2) * prod([1.3] * f.order)
    return wave + (quadratic[f.order] if f.order < 3 else 0 * x)


