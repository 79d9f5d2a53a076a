"""Shapes of functions and of what they are applied to, by the rules' signatures."""

from __future__ import annotations

from ..errors import MatcalcError
from ..rules import RULES
from ..shapes import ONE, Size
from .dimensions import SCALAR, Dim, is_column, is_one, is_scalar, unify
from .tree import Tree
from .vocabulary import OPERATIONS, SUGAR


class Conflict(Exception):
    """Two shapes that do not fit; `names` are undeclared names that a guess may change."""

    def __init__(self, error: MatcalcError, names: list[str]):
        super().__init__(str(error))
        self.error, self.names = error, names


class CallShapes:
    """The part of the inference that knows calls."""

    def on_call(self, t: Tree):
        name = t.value
        if name in SUGAR:
            return self.sugar(t)
        if name in OPERATIONS and name not in self.functions:
            return self.operation(t)
        self.expect(t, 1)
        return self.nodes[t.args[0]]

    def expect(self, t: Tree, *counts: int) -> None:
        if len(t.args) not in counts:
            n = counts[0]
            raise Conflict(self.source.error(
                "M207", f"`{t.value}` takes {n} argument{'s' if n != 1 else ''}, not {len(t.args)}",
                (t.start, t.end)), [])

    def operation(self, t: Tree):
        """A function of the rule table, by its signature."""
        op = OPERATIONS[t.value][0]
        if t.value == "diag" and t.args and is_column(self.nodes[t.args[0]]):
            op = "diag"
        elif t.value == "diag":
            op = "diagpart"
        signature = RULES[op].signature
        operands, result = signature.split("->")
        patterns = [p.split() for p in operands.split(",")]
        self.expect(t, *range(len(patterns), len(patterns) - RULES[op].optional - 1, -1))
        sizes: dict[str, Dim | Size] = {"1": ONE}
        for tree, pattern in zip(t.args, patterns):
            for have, word in zip(self.nodes[tree], pattern):
                if not unify(have, sizes.setdefault(word, Dim())):
                    raise self.misfit_argument(t, tree, pattern)
        return tuple(self.result_size(word, sizes, t) for word in result.split())

    def misfit_argument(self, t: Tree, tree: Tree, pattern: list[str]):
        if pattern[0] == pattern[1]:
            message, code = f"`{t.value}` needs a square matrix", "M202"
        elif pattern[1] == "1":
            message, code = f"`{t.value}` needs a vector", "M208"
        else:
            return self.conflict("M208", f"the arguments of `{t.value}` have different shapes", *t.args[:2])
        help = f"use {t.value}_rows or {t.value}_cols" if t.value in ("softmax", "logsumexp") else ""
        return self.conflict(code, message, tree, help=help)

    def result_size(self, word: str, sizes: dict, t: Tree):
        if "*" not in word:
            return sizes[word]
        parts = tuple(sizes[w] for w in word.split("*"))
        product = Dim()
        self.later.append((product, parts, t))
        return product

    def sugar(self, t: Tree):
        name, args = t.value, t.args
        shapes = [self.nodes[a] for a in args]
        if name in ("outer", "dot"):
            self.expect(t, 2)
            for a, s in zip(args, shapes):
                if not (is_one(s[1]) or unify(s[1], ONE)):
                    raise self.conflict("M208", f"`{name}` needs two vectors", a)
            if name == "outer":
                return shapes[0][0], shapes[1][0]
            if not unify(shapes[0][0], shapes[1][0]):
                raise self.conflict("M208", "the arguments of `dot` have different shapes", *args)
            return SCALAR
        if name == "commutation":
            self.expect(t, 2)
            m, n = (self.size_value(a) for a in args)
            return m * n, m * n
        if name in ("vector", "matrix"):
            self.expect(t, 1)
            if not is_scalar(shapes[0]):
                raise self.conflict("M208", f"`{name}` needs a number", args[0])
            return (Dim(True), ONE) if name == "vector" else (Dim(True), Dim(True))
        self.expect(t, 1, 2)
        sizes = [self.size_value(a) for a in args]
        if name == "eye":
            return sizes[0], sizes[-1]
        return sizes[0], (sizes[1] if len(sizes) > 1 else ONE)

    def size_value(self, t: Tree) -> Size:
        """A size written as an argument: ones(n), ones(3), eye(m*n)."""
        if t.kind == "number" and t.value.denominator == 1 and 0 < t.value < 10 ** 6:
            return Size(int(t.value))
        if t.kind == "name" and t.value in self.sizes:
            return Size(1, (t.value,))
        if t.kind == "mul":
            return self.size_value(t.args[0]) * self.size_value(t.args[1])
        raise self.conflict("M208", "a size is a whole number or the name of a size", t,
                            remarks=[""])
