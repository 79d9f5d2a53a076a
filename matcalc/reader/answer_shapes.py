"""Shapes of an answer: what an ambiguous sign means is decided by the shapes it fits.

Each pass takes one set of decisions (`chosen`); what else could have been decided
stands in `met`, with what it costs.
"""

from __future__ import annotations

from ..shapes import ONE
from .answer_parser import FALLBACK
from .answer_products import ProductShapes, same, spreads
from .dimensions import SCALAR, Dim, find, fits, is_column, is_one, is_row, is_scalar, unify
from .tree import Tree


class AnswerInference(ProductShapes):
    """Decides while it infers.

    chosen    tree -> number of its option;  decided   tree -> the option's word
    along     "rows" or "cols": how the problem takes the softmax of a matrix
    """

    def __init__(self, source, shapes: dict, sizes: set, functions, dialect: str, chosen: dict[Tree, int],
                 along: str = ""):
        super().__init__(source, shapes, {}, functions)
        self.sizes |= sizes
        self.dialect, self.chosen, self.along = dialect, chosen, along
        self.first_bars: Tree | None = None
        self.subjects: dict[Tree, frozenset[str]] = {}
        self.decided: dict[Tree, str] = {}
        self.met: dict[Tree, tuple[int, ...]] = {}
        self.notes: list[str] = []

    def operands(self, t: Tree) -> tuple[Tree, ...]:
        if t.kind != "choice":
            return t.args
        self.met[t] = t.value
        return (t.args[self.chosen.get(t, 0)],)

    def decide(self, t: Tree, options: list[str], costs: tuple[int, ...] = ()) -> str:
        """One of the options that fit; the others are kept in mind."""
        if len(options) > 1:
            self.met[t] = costs or tuple(range(len(options)))
        self.decided[t] = options[min(self.chosen.get(t, 0), len(options) - 1)]
        return self.decided[t]

    def note(self, t: Tree, what: str) -> None:
        sentence = f"{self.written(t)}: {what}"
        if sentence not in self.notes:
            self.notes.append(sentence)

    # ------------------------------------------------------------ leaves

    def on_choice(self, t: Tree):
        return self.nodes[self.operands(t)[0]]

    def on_name(self, t: Tree):
        if t.value != "ones" or "ones" in self.shapes:
            return super().on_name(t)
        rank = self.decide(t, ["vector", "matrix"], (0, FALLBACK))
        return Dim(True), (ONE if rank == "vector" else Dim(True))

    def on_like(self, t: Tree):
        return self.nodes[t.args[0]]

    def on_filled(self, t: Tree):
        sizes = [self.extent_value(a) for a in t.args]
        return sizes[0], (sizes[1] if len(sizes) > 1 else ONE)

    def on_extent(self, t: Tree):
        return SCALAR

    def extent_value(self, t: Tree):
        if t.kind == "extent" and t.value in (0, 1):
            return find(self.nodes[t.args[0]][t.value])
        if t.kind == "number" and t.value == 1:
            return ONE
        return self.size_value(t)

    def on_einsum(self, t: Tree):
        labels, result = t.value
        extents: dict = {}
        for operand, written in zip(t.args, labels):
            for label, extent in zip(written, self.axes(operand, len(written))):
                if not unify(extents.setdefault(label, extent), extent):
                    raise self.conflict("M203", f"the index {label} runs over two different ranges", operand)
        sizes = [extents[x] for x in result]
        return (*sizes, ONE, ONE)[:2]

    def axes(self, operand: Tree, count: int):
        """The axes of an array with so many indices."""
        rows, cols = self.nodes[operand]
        if count == 1 and not is_one(rows) and not is_one(cols):
            raise self.conflict("M208", "this array has two axes, and einsum names one", operand)
        if count == 1:
            return (cols,) if is_one(rows) and not is_one(cols) else (rows,)
        return (rows, cols)[:count]

    def sugar(self, t: Tree):
        """np.outer takes rows for vectors too."""
        shapes = [self.nodes[a] for a in t.args]
        if t.value == "outer" and len(shapes) == 2 and any(is_row(s) and not is_one(s[1]) for s in shapes):
            self.decided[t] = "of rows"
            return tuple(s[1] if is_row(s) and not is_one(s[1]) else s[0] for s in shapes)
        return super().sugar(t)

    def on_reshaped(self, t: Tree):
        shape = self.nodes[t.args[0]]
        if is_one(shape[1]) or is_one(shape[0]):
            length = shape[0] if is_one(shape[1]) else shape[1]
            if t.value == "flat":
                return shape
            return (length, ONE) if t.value == "column" else (ONE, length)
        raise self.conflict("M208", "only a vector is reshaped here", t.args[0])

    def on_entry(self, t: Tree):
        raise self.conflict("M117", "an entry stands where the whole matrix is expected", t)

    on_family = on_bigsum = on_kronecker = on_entry

    # ------------------------------------------------------------ sums, quotients, powers

    def on_add(self, t: Tree):
        left, right = t.args
        a, b = self.nodes[left], self.nodes[right]
        if same(a, b) or is_scalar(a) and left.is_number or is_scalar(b) and right.is_number:
            return super().on_add(t)
        if spreads(a, b):
            line = b if is_scalar(a) else a
            is_number_and_vector = is_scalar(a) != is_scalar(b) and (is_row(line) or is_column(line))
            if self.dialect == "numpy" or is_number_and_vector:
                if is_number_and_vector:
                    self.note(t, "the number is added to every entry")
                self.decided[t] = "spread"
                return self.spread_shape(a, b)
            one_is_line = (is_row(a) or is_column(a)) != (is_row(b) or is_column(b))
            if one_is_line and not is_scalar(a) and not is_scalar(b) \
                    and self.decide(t, ["", "spread"], (0, FALLBACK)) == "spread":
                self.note(t, "the vector is added to every row or column")
                return self.spread_shape(a, b)
        return super().on_add(t)

    on_sub = on_add

    def on_div(self, t: Tree):
        top, bottom = (self.nodes[x] for x in t.args)
        if is_scalar(bottom):
            return top
        is_square = fits(bottom[0], bottom[1])
        if self.dialect == "matlab" and is_square and not is_one(bottom[1]) and fits(top[1], bottom[0]):
            self.decided[t] = "from right"  # A/B = A inv(B)
            unify(bottom[0], bottom[1])
            unify(top[1], bottom[0])
            return top
        if not is_scalar(top) and same(top, bottom) or self.dialect == "numpy" and spreads(top, bottom):
            self.decided[t] = "spread"
            self.note(t, "divided entry by entry")
            return self.spread_shape(top, bottom)
        if is_scalar(top) and not is_square:
            self.decided[t] = "spread"
            self.note(t, "divided entry by entry")
            return bottom
        return super().on_div(t)

    def on_power(self, t: Tree):
        base, exponent = t.args
        a = self.nodes[base]
        is_e = base.kind == "name" and base.value == "e" and "e" not in self.shapes
        if is_e:
            shape = self.nodes[exponent]
            if not is_scalar(shape) and fits(shape[0], shape[1]) and not is_one(shape[1]):
                self.decide(t, ["expm", "exp"])
            return shape
        if not is_scalar(self.nodes[exponent]) or is_scalar(a):
            return super().on_power(t)
        if fits(a[0], a[1]):
            is_inverse = exponent.kind == "neg"
            if self.dialect == "numpy" and not is_inverse:
                self.decided[t] = "epower"
            elif not is_inverse and self.decide(t, ["power", "epower"]) == "epower":
                self.note(t, "the power of every entry")
            return a if self.decided.get(t) == "epower" else super().on_power(t)
        if exponent.kind == "neg" and exponent.args[0].kind == "number" and exponent.args[0].value == 1 \
                and self.dialect != "numpy":
            return super().on_power(t)
        self.decided[t] = "epower"
        return a

    def on_bars(self, t: Tree):
        shape = self.nodes[t.args[0]]
        if not is_one(shape[0]) and not is_one(shape[1]) and fits(shape[0], shape[1]):
            unify(shape[0], shape[1])
            self.decided[t] = "det"
            return SCALAR
        if is_column(shape) and not is_one(shape[0]):
            self.first_bars = self.first_bars or t  # all bars around vectors mean the same
            self.decided[t] = self.decide(self.first_bars, ["", "length"])
            if self.decided[t]:
                self.note(t, "read as the length of the vector")
                return SCALAR
        return super().on_bars(t)

    def on_call(self, t: Tree):
        shapes = [self.nodes[a] for a in t.args]
        if t.value == "diag" and len(shapes) == 1 and "diag" not in self.functions:
            rows, cols = shapes[0]
            if is_row(shapes[0]):
                self.decided[t] = "diag of row"
                return cols, cols
            if not is_one(cols) and fits(rows, cols) and self.decide(t, ["diagpart", "diagonal"]) == "diagonal":
                unify(rows, cols)
                self.note(t, "the matrix with this diagonal")
                return rows, cols
        if t.value in ("softmax", "logsumexp") and len(shapes) == 1 and not is_one(shapes[0][1]) \
                and (self.along or is_row(shapes[0])):
            along = "rows" if is_row(shapes[0]) else self.along
            self.decided[t] = f"{t.value}_{along}"
            self.note(t, f"taken along the {along}")
            rows, cols = shapes[0]
            return (rows, cols) if t.value == "softmax" else (rows, ONE) if along == "rows" else (ONE, cols)
        if t.value in ("sum", "mean") and len(shapes) == 1 and self.dialect != "numpy" \
                and not any(map(is_one, shapes[0])):
            options = ["whole", "col" + t.value]  # MATLAB sums every column
            if self.decide(t, options[::-1] if self.dialect == "matlab" else options) != "whole":
                self.note(t, "the sum of every column" if t.value == "sum" else "the mean of every column")
                return ONE, shapes[0][1]
        return super().on_call(t)
