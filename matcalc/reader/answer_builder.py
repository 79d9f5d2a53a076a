"""Answers with decided shapes to expressions, and the search through the decisions."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Callable, NamedTuple

from ..errors import MatcalcError
from ..expr import build
from ..expr.canonical import canonical
from ..expr.node import Expr
from ..shapes import Shape
from .answer_parser import FALLBACK
from .answer_shapes import AnswerInference, fits
from .builder import Builder
from .contraction import Factor, Term, made
from .dimensions import unify
from .infer import Conflict
from .tokens import Source
from .tree import Tree

MAX_PASSES = 120
MAX_READINGS = 16
MAX_WORK = 60_000       # nodes looked at in all passes together
MAX_COUNT = 20_000      # operations of an answer with its definitions put in
MAX_CANONICAL = 3_000   # nodes of an expression that is still compared with the others


class AnswerBuilder(Builder):
    """Builds what the inference has decided."""

    def decided(self, t: Tree) -> str:
        return self.inference.decided.get(t, "")

    def on_choice(self, t: Tree, x: Expr) -> Expr:
        return x

    def spread(self, t: Tree, x: Expr) -> Expr:
        """x repeated along rows or columns up to the shape of t."""
        shape = self.shape(t)
        if x.is_scalar or x.shape == shape:
            return super().spread(t, x)
        if x.is_row:
            return build.matmul(build.ones((shape[0], x.rows)), x)
        return build.matmul(x, build.ones((x.cols, shape[1])))

    def on_star(self, t: Tree, a: Expr, b: Expr) -> Expr:
        how = self.decided(t)
        if how == "emul":
            return build.had(a, b)
        if how == "spread":
            return build.had(self.spread(t, a), self.spread(t, b))
        if how == "dot":
            return build.mul(build.transpose(a), b)
        if how == "outer":
            return build.mul(a, build.transpose(b))
        return build.kron(a, b) if how == "kron" else build.mul(a, b)

    def on_mul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.had(a, b) if self.decided(t) == "emul" else super().on_mul(t, a, b)

    def on_einsum(self, t: Tree, *operands: Expr) -> Expr:
        """Contracted like a sum over indices."""
        labels, result = t.value
        factors, sizes = [], {}
        for e, written in zip(operands, labels):
            turned = len(written) == 1 and e.is_row
            axes = [None, written] if turned else [*written, None, None][:2]
            sizes.update({a: n for a, n in zip(axes, e.shape) if a is not None})
            factors.append(Factor(e, *axes))
        term = Term(tuple(factors), frozenset("".join(labels)) - set(result))
        value = made([term], *[*result, None, None][:2], sizes)
        if value is None:
            raise self.source.error("M117", "more than two indices meet in one place", (t.start, t.end),
                                    help="write it with matrices")
        return value

    def on_emul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        if self.decided(t) == "spread":
            a, b = self.spread(t, a), self.spread(t, b)
        return super().on_emul(t, a, b)

    def on_div(self, t: Tree, a: Expr, b: Expr) -> Expr:
        if self.decided(t) == "from right":
            return build.mul(a, build.call("inv", b))
        if self.decided(t) != "spread":
            return super().on_div(t, a, b)
        return self.on_ediv(t, a if a.is_scalar else self.spread(t, a), self.spread(t, b))

    def on_power(self, t: Tree, x: Expr, p: Expr) -> Expr:
        if self.decided(t) == "epower":
            return self.on_epower(t, x, p)
        return build.call("expm", p) if self.decided(t) == "expm" else super().on_power(t, x, p)

    def on_bars(self, t: Tree, x: Expr) -> Expr:
        if self.decided(t) == "length":
            return build.call("norm2", x)
        return build.call("det", x) if self.decided(t) == "det" else super().on_bars(t, x)

    def on_call(self, t: Tree, *args: Expr) -> Expr:
        if self.decided(t) == "of rows":
            a, b = (build.transpose(x) if x.is_row else x for x in args)
            return build.mul(a, build.transpose(b))
        if self.decided(t) == "diagonal":
            return build.call("diag", build.call("diagpart", args[0]))
        if t.kind == "call" and self.decided(t).startswith(("col", "softmax_", "logsumexp_")):
            return build.call(self.decided(t), args[0])
        if self.decided(t) == "diag of row":
            return build.call("diag", build.transpose(args[0]))
        return super().on_call(t, *args)

    def on_like(self, t: Tree, x: Expr) -> Expr:
        return build.ones(x.shape) if t.value else build.zeros(x.shape)

    def on_filled(self, t: Tree, *sizes: Expr) -> Expr:
        return build.ones(self.shape(t)) if t.value else build.zeros(self.shape(t))

    def on_extent(self, t: Tree, x: Expr) -> Expr:
        return build.size_number(x.rows * x.cols if t.value == 2 else x.shape[t.value or 0])

    def on_reshaped(self, t: Tree, x: Expr) -> Expr:
        return x if x.shape == self.shape(t) else build.transpose(x)


class Found(NamedTuple):
    """One reading: the values of the trees, what was decided, and what the decisions cost."""

    values: tuple[Expr, ...]
    notes: tuple[str, ...]
    cost: int


def values_of(run: AnswerInference, trees: list[Tree], own: dict[str, Tree], symbols: dict, functions: dict,
              make: type[AnswerBuilder] = AnswerBuilder, goal: Shape | None = None) -> tuple:
    """The expressions of trees; `own` has the answer's definitions in the order of use.

    goal   the shape that an answer such as I or 1 1^T has when nothing in it says
    """
    builder = make(run.source, run, dict(symbols), functions)
    for name, tree in own.items():
        run.shapes[name] = run.shape(tree)
    for tree in trees:
        run.shape(tree)
    run.settle()
    if goal is not None:
        _take(run.nodes[trees[0]], goal)
    for name, tree in own.items():
        builder.symbols[name] = builder.expr(tree)
    return tuple(builder.expr(tree) for tree in trees)


def checked(source: Source, e: Expr) -> Expr:
    """e, unless it is too large: definitions can double in every line."""
    if e.count > MAX_COUNT:
        raise source.error("M105", f"with its definitions put in, the formula has more than {MAX_COUNT:,} operations", (0, 1))
    return e


def _take(shape: tuple, goal: Shape) -> None:
    """Give the open sizes of a shape those of the goal, or of its transpose, where that fits."""
    wanted = next((g for g in (goal, goal[::-1]) if fits(shape[0], g[0]) and fits(shape[1], g[1])), None)
    for size, given in zip(shape, wanted or ()):
        unify(size, given)


def _alike(e: Expr) -> Expr:
    return canonical(e) if e.count <= MAX_CANONICAL else e


def search(start: Callable[[dict], AnswerInference], value: Callable[[AnswerInference], tuple], size: int,
           alike: Callable[[Expr], Expr] = _alike) -> list[Found]:
    """All readings that fit, the likeliest first.

    start   an inference for a set of decisions;  value   what it gives
    alike   two readings that it makes the same are one
    Raises MatcalcError, the one of the likeliest reading, when none fits.
    """
    queue: list = [(0, 0, {})]
    seen = {frozenset()}
    found: dict[tuple, Found] = {}
    error: MatcalcError | None = None
    order = 0
    for _ in range(max(8, min(MAX_PASSES, MAX_WORK // max(size, 1)))):
        if not queue or len(found) >= MAX_READINGS or found and queue[0][0] >= FALLBACK:
            break
        cost, _, chosen = heappop(queue)
        run = start(chosen)
        try:
            values = tuple(checked(run.source, e) for e in value(run))
            reading = Found(values, tuple(run.notes), cost)
            found.setdefault(tuple(map(alike, values)), reading)
        except Conflict as conflict:
            error = error or conflict.error
        except MatcalcError as problem:
            error = error or problem
        for t, costs in run.met.items():
            k = chosen.get(t, 0)
            if k + 1 < len(costs):
                changed = chosen | {t: k + 1}
                key = frozenset(changed.items())
                if key not in seen:
                    seen.add(key)
                    order += 1
                    heappush(queue, (cost + costs[k + 1] - costs[k], order, changed))
    if not found:
        raise error
    return list(found.values())
