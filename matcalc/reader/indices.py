"""Index notation: sums and entries as products of matrices.

A value is a sum of terms; a term is a product of factors, each a matrix whose rows
and columns carry an axis (a letter, or a number for a bound one), and a set of
axes that are summed.  `sum_j A_ij x_j` is one term with the factors A (i, j) and
x (j), and j summed; `made` turns terms into matrices again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ..expr import build
from ..expr.node import Expr, Func
from ..rules import FUNCTION_NAMES
from ..shapes import ONE, Shape, Size, is_row
from .answer_builder import AnswerBuilder
from .answer_products import DOTS
from .answer_shapes import AnswerInference
from .contraction import Factor, Term, Value, made
from .tree import Tree, has_index

MAX_NODES = 250
MAX_TERMS = 64


def index_values(run: AnswerInference, tree: Tree, labels: tuple[str, ...], goal: Shape | None,
                 own: dict[str, Tree], own_labels: dict, symbols: dict, functions: dict) -> tuple[Expr]:
    """The matrix that a formula with indices stands for.

    labels   indices of the left-hand side;  goal   shape of what stands below the derivative
    """
    builder = AnswerBuilder(run.source, run, dict(symbols), functions)
    for name, body in own.items():
        if has_index(body):
            value = Indexed(run, builder, functions).matrix(body, own_labels[name], None)
            run.shapes[name], builder.symbols[name] = value.shape, value
        else:
            run.shapes[name] = run.shape(body)
            run.settle()
            builder.symbols[name] = builder.expr(body)
    if has_index(tree):
        return (Indexed(run, builder, functions).matrix(tree, labels, goal),)
    run.shape(tree)
    run.settle()
    return (builder.expr(tree),)


@dataclass
class Indexed:
    """Evaluates one formula with indices."""

    run: AnswerInference
    builder: AnswerBuilder
    functions: dict[str, Func]
    sizes: dict = field(default_factory=dict)
    fresh: int = 0

    def refuse(self, t: Tree, message: str, help: str = ""):
        return self.run.source.error("M117", message, (t.start, t.end), help=help)

    def matrix(self, tree: Tree, labels: tuple[str, ...], goal: Shape | None) -> Expr:
        count, stack = 0, [tree]
        while stack:
            count += 1
            stack += stack.pop().args
            if count > MAX_NODES:
                raise self.run.source.error("M105", f"a formula with indices may have at most {MAX_NODES} operations",
                                            (tree.start, tree.end))
        extents = [] if goal is None else [s for s in goal if s != ONE]
        if len(extents) == len(labels):
            self.sizes.update(zip(labels, extents))
        self.plain_shapes(tree)
        value = self.value(tree)
        if not labels and value.is_scalar:
            labels = self.unnamed(value, len(extents))
        value = self.einstein(tree, value, labels)
        free = value.labels()
        if not free <= set(labels) or len(labels) + (value.row is not None) + (value.col is not None) > 2:
            raise self.refuse(tree, "the free indices do not say which entry this is",
                              "write the entry on the left: dL/dW_{ij} = ...")
        axes = [*labels, *(a for a in (value.row, value.col) if a is not None)]
        if len(axes) == 1 and value.col is not None:
            axes = [None, *axes]
        result = self.made(tree, value, *[*axes, None, None][:2])
        if goal is not None and is_row(goal) and len(labels) == 1 and value.is_scalar:
            result = build.transpose(result)
        return result

    def unnamed(self, value: Value, count: int) -> tuple[str, ...]:
        """The indices of the entry when nothing on the left says them: in the order of the alphabet."""
        free = value.labels()
        if len(free) > 1 and len(free) != count:
            free = {a for a in free if any(term.count(a) == 1 for term in value.terms)}
        return tuple(sorted(free)) if len(free) <= 2 else ()

    def einstein(self, t: Tree, value: Value, labels: tuple[str, ...]) -> Value:
        """A_{ij} x_j without a sum sign: an index that stands twice in a product is summed."""
        terms = []
        for term in value.terms:
            again = {a for a in term.free() if isinstance(a, str) and a not in labels and term.count(a) > 1}
            if again:
                self.run.note(t, "summed over the index that stands twice")
            terms.append(Term(term.factors, term.summed | again))
        return Value(terms, value.row, value.col)

    def plain_shapes(self, tree: Tree) -> None:
        """Shapes of the largest parts without indices."""
        stack = [tree]
        while stack:
            t = stack.pop()
            if has_index(t):
                stack += t.args
            else:
                self.run.shape(t)
        self.run.settle()

    # ------------------------------------------------------------ axes

    def axis(self, size: Size) -> int:
        self.fresh += 1
        self.sizes[self.fresh] = size
        return self.fresh

    def label(self, t: Tree, label: str, size: Size) -> str:
        if self.sizes.setdefault(label, size) != size:
            raise self.run.conflict("M203", f"the index {label} runs over two different ranges", t,
                                    facts=(f"{self.sizes[label]} and {size}",))
        return label

    def made(self, t: Tree, value: Value, p, q) -> Expr:
        try:
            out = made(value.terms, p, q, self.sizes)
        except KeyError as unknown:
            raise self.refuse(t, f"nothing says how far the index {unknown.args[0]} runs") from None
        if out is None:
            raise self.refuse(t, "more than two indices meet in one place", "write it with matrices")
        return out

    def axes_of(self, t: Tree, value: Value) -> list:
        axes = sorted({a for term in value.terms for a in term.free()}, key=str)
        if len(axes) > 2:
            raise self.refuse(t, "a function of more than two indices is not read")
        return [*axes, None, None][:2]

    # ------------------------------------------------------------ values

    def value(self, t: Tree) -> Value:
        if not has_index(t):
            return self.plain(t)
        handler = getattr(self, "on_" + t.kind, None)
        if handler is None:
            raise self.refuse(t, "this is not read together with indices")
        return handler(t)

    def plain(self, t: Tree) -> Value:
        e = self.builder.expr(t)
        row = None if e.rows == ONE else self.axis(e.rows)
        col = None if e.cols == ONE else self.axis(e.cols)
        return Value([Term((Factor(e, row, col),))], row, col)

    def on_choice(self, t: Tree) -> Value:
        return self.value(self.run.operands(t)[0])

    def on_entry(self, t: Tree) -> Value:
        if has_index(t.args[0]):
            raise self.refuse(t, "an entry of an entry is not read")
        e, labels = self.builder.expr(t.args[0]), t.value
        sizes = [s for s in e.shape if s != ONE]
        if len(sizes) == 2 and len(labels) == 1:
            return self.line(t, e, labels[0])
        if len(sizes) != len(labels):
            raise self.refuse(t, f"{len(labels)} ind{'ex' if len(labels) == 1 else 'ices'} do not name an entry here")
        for name, size in zip(labels, sizes):
            self.label(t, name, size)
        axes = labels if len(labels) == 2 else (None, *labels) if e.is_row else (*labels, None)
        return Value([Term((Factor(e, *axes),))])

    def on_kronecker(self, t: Tree) -> Value:
        return Value([Term((Factor(None, *t.value),))])

    def on_family(self, t: Tree) -> Value:
        """x_i: row i of X as a column, or column i when only that fits."""
        name, label = t.value
        if name not in self.builder.symbols:
            raise self.refuse(t, "an index of this name is not read")
        return self.line(t, self.builder.symbols[name], label)

    def line(self, t: Tree, e: Expr, label: str) -> Value:
        """Row `label` of a matrix as a column, or its column where only that fits."""
        if self.sizes.get(label, e.rows) == e.rows:
            row = self.axis(e.cols)
            factor = Factor(e, self.label(t, label, e.rows), row)
        else:
            row = self.axis(e.rows)
            factor = Factor(e, row, self.label(t, label, e.cols))
        self.read_line(t, e, label, factor.row == label)
        return Value([Term((factor,))], row)

    def read_line(self, t: Tree, e: Expr, label: str, is_row: bool) -> None:
        """Tell how x_i was read."""
        name = e.data[0] if e.op == "var" else "the matrix"
        self.run.note(t, f"read as a {'row' if is_row else 'column'} of {name}")

    def on_neg(self, t: Tree) -> Value:
        value = self.value(t.args[0])
        return Value([term.times(build.num(-1)) for term in value.terms], value.row, value.col)

    def on_transpose(self, t: Tree) -> Value:
        value = self.value(t.args[0])
        return Value(value.terms, value.col, value.row)

    def on_add(self, t: Tree) -> Value:
        a, b = (self.value(x) for x in t.args)
        a = self.spread(a, b) if t.args[0].is_number else a
        b = self.spread(b, a) if t.args[1].is_number else b
        b = self.aligned(t, a, b)
        more = [x.times(build.num(-1)) for x in b.terms] if t.kind == "sub" else b.terms
        return Value(a.terms + more, a.row, a.col)

    on_sub = on_add

    def spread(self, number: Value, other: Value) -> Value:
        """A bare number in a sum, repeated along the rows and columns of the other part."""
        along = [Factor(build.ones((self.sizes[axis], ONE)), axis, None)
                 for axis in (other.row, other.col) if axis is not None]
        return Value([Term((*x.factors, *along), x.summed) for x in number.terms], other.row, other.col)

    def aligned(self, t: Tree, a: Value, b: Value) -> Value:
        """b with the row and column axes of a."""
        for x, y in ((a.row, b.row), (a.col, b.col)):
            if (x is None) != (y is None) or x is not None and self.sizes[x] != self.sizes[y]:
                raise self.run.conflict("M203", "the two parts of a sum have different shapes", *t.args)
        names = {y: x for x, y in ((a.row, b.row), (a.col, b.col)) if y is not None}
        return Value([x.renamed(names) for x in b.terms], a.row, a.col)

    def on_mul(self, t: Tree) -> Value:
        return self.product(t, *(self.value(x) for x in t.args))

    def on_star(self, t: Tree) -> Value:
        a, b = (self.value(x) for x in t.args)
        is_dot = t.value in ("@", *DOTS) and a.col is b.col is None and a.row is not None and b.row is not None
        return self.product(t, Value(a.terms, None, a.row) if is_dot else a, b)

    def on_emul(self, t: Tree) -> Value:
        a, b = (self.value(x) for x in t.args)
        if a.is_scalar or b.is_scalar:
            return self.product(t, a, b)
        b = self.aligned(t, a, b)
        return Value(self.crossed(t, a, b, set()), a.row, a.col)

    def crossed(self, t: Tree, a: Value, b: Value, summed: set) -> list[Term]:
        if len(a.terms) * len(b.terms) > MAX_TERMS:
            raise self.run.source.error("M105", f"a product of sums may have at most {MAX_TERMS} terms", (t.start, t.end))
        return [x.cross(y, summed) for x in a.terms for y in b.terms]

    def product(self, t: Tree, a: Value, b: Value) -> Value:
        if a.is_scalar or b.is_scalar:
            outer = b if a.is_scalar else a
            return Value(self.crossed(t, a, b, set()), outer.row, outer.col)
        if (a.col is None) != (b.row is None) or a.col is not None and self.sizes[a.col] != self.sizes[b.row]:
            raise self.run.conflict("M201", "the inner sizes of a matrix product differ", *t.args, remarks=["", ""])
        if a.col is None:
            return Value(self.crossed(t, a, b, set()), a.row, b.col)
        b = Value([x.renamed({b.row: a.col}) for x in b.terms], a.col, b.col)
        return Value(self.crossed(t, a, b, {a.col}), a.row, b.col)

    def on_div(self, t: Tree) -> Value:
        top, bottom = (self.value(x) for x in t.args)
        if not bottom.is_scalar:
            raise self.run.conflict("M206", "the divisor of `/` must be a scalar", t.args[1], remarks=[""])
        return self.product(t, top, self.mapped(t, bottom, lambda e: build.power(e, build.num(-1))))

    def mapped(self, t: Tree, value: Value, f) -> Value:
        """f of every entry."""
        p, q = self.axes_of(t, value)
        return Value([Term((Factor(f(self.made(t, value, p, q)), p, q),))], value.row, value.col)

    def on_power(self, t: Tree) -> Value:
        base, exponent = t.args
        if base.kind == "name" and base.value == "e" and "e" not in self.run.shapes:
            return self.mapped(t, self.value(exponent), lambda e: build.fn("exp", e))
        if has_index(exponent):
            raise self.refuse(t, "an index in an exponent is not read")
        if base.kind == "norm" and base.value == "2" and exponent.kind == "number" and exponent.value == 2:
            return self.square_sum(t, self.value(base.args[0]))
        value = self.value(base)
        if value.row is not None and value.col is not None and t.kind == "power":
            raise self.refuse(t, "a power of a matrix with an index is not read")
        p = self.builder.bounded(t, self.builder.expr(exponent))
        return self.mapped(t, value, lambda e: build.power(e, p))

    on_epower = on_power

    def square_sum(self, t: Tree, value: Value) -> Value:
        squares = self.mapped(t, value, lambda e: build.power(e, build.num(Fraction(2))))
        axes = {a for a in (value.row, value.col) if a is not None}
        return Value([Term(x.factors, x.summed | axes) for x in squares.terms])

    def on_norm(self, t: Tree) -> Value:
        if t.value != "2":
            raise self.refuse(t, "this norm is not read together with indices")
        return self.mapped(t, self.square_sum(t, self.value(t.args[0])), lambda e: build.fn("sqrt", e))

    def on_bars(self, t: Tree) -> Value:
        return self.mapped(t, self.value(t.args[0]), lambda e: build.fn("abs", e))

    def on_call(self, t: Tree) -> Value:
        if t.value == "inner" and len(t.args) == 2:
            a, b = (self.value(x) for x in t.args)
            return self.product(t, Value(a.terms, a.col, a.row), b)
        function = self.functions.get(t.value)
        if function is None and t.value in FUNCTION_NAMES:
            function = Func(FUNCTION_NAMES[t.value])
        if function is None or len(t.args) != 1:
            raise self.refuse(t, f"`{t.value}` is not read together with indices")
        for _ in range(t.primes):
            function = function.prime
        return self.mapped(t, self.value(t.args[0]), lambda e: build.fn(function, e))

    def on_bigsum(self, t: Tree) -> Value:
        labels, above = t.value
        outer = {x: self.sizes.pop(x) for x in labels if x in self.sizes}
        if above in self.run.sizes and len(labels) == 1:
            self.sizes[labels[0]] = Size(1, (above,))
        value = self.value(t.args[0])
        for label in labels:
            if label not in self.sizes:
                raise self.refuse(t, f"nothing says how far the index {label} runs")
            bound = self.axis(self.sizes.pop(label))
            count = build.size_number(self.sizes[bound])
            value = Value([x.renamed({label: bound}, {bound}) if label in x.free() else x.times(count)
                           for x in value.terms], value.row, value.col)
        self.sizes |= outer
        return value
