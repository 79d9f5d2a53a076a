"""Shapes of products in answers: what a product sign may mean between two shapes."""

from __future__ import annotations

from ..shapes import Size
from .dimensions import SCALAR, Dim, find, is_column, is_one, is_scalar, unify
from .infer import Inference
from .tree import Tree

DOTS = ("\\cdot", "·", "⋅", "\\bullet")


def fits(a: "Dim | Size", b: "Dim | Size") -> bool:
    """Whether two sizes could be equal; binds nothing."""
    a, b = find(a), find(b)
    if a is b or a == b:
        return True
    if isinstance(a, Size) and isinstance(b, Size):
        return False
    if isinstance(a, Size):
        a, b = b, a
    return not (isinstance(b, Size) and a.is_long and b.is_one)


def same(a, b) -> bool:
    return fits(a[0], b[0]) and fits(a[1], b[1])


def spreads(a, b) -> bool:
    """Whether two shapes fit when rows and columns may be repeated."""
    return all(is_one(x) or is_one(y) or fits(x, y) for x, y in zip(a, b))


_POINTWISE = ("neg", "add", "sub", "mul", "star", "emul", "div", "ediv", "power", "epower", "choice",
              "call")


class ProductShapes(Inference):
    """The part of the inference for answers that decides products."""

    def on_mul(self, t: Tree):
        self.no_matrix_of_ones(t)
        a, b = (self.nodes[x] for x in t.args)
        if is_column(a) and is_column(b) and not is_one(a[0]) and same(a, b) \
                and self.is_about_the_same(*t.args):
            self.decided[t] = "emul"  # h(1 - h), z e^{-z}: functions of one vector, entry by entry
            self.note(t, "read entry by entry")
            self.same(a, b)
            return a
        return super().on_mul(t)

    def is_about_the_same(self, left: Tree, right: Tree) -> bool:
        """Whether one of two formulas is a function of names that the other has too."""
        a, b = self.about(left), self.about(right)
        return bool(a and b) and (a <= b or b <= a)

    def about(self, tree: Tree) -> frozenset[str]:
        """The names that a formula is a function of, entry by entry."""
        stack = [tree]
        while stack:
            t = stack[-1]
            waiting = [x for x in t.args if x not in self.subjects]
            if t.kind not in _POINTWISE:
                is_name = t.kind == "name" and t.value not in ("e", "ones")
                self.subjects[t] = frozenset([t.value]) if is_name else frozenset()
            elif waiting:
                stack += waiting
                continue
            else:
                self.subjects[t] = frozenset().union(*(self.subjects[x] for x in t.args))
            stack.pop()
        return self.subjects[tree]

    def no_matrix_of_ones(self, t: Tree) -> None:
        """A bold 1 is a matrix only in sums: in a product it is a vector."""
        for operand in t.args:
            leaf = operand.args[0] if operand.kind == "transpose" else operand
            if self.decided.get(leaf) == "matrix":
                raise self.misfit_product(*t.args)

    def on_star(self, t: Tree):
        left, right = t.args
        a, b = self.nodes[left], self.nodes[right]
        options = self.product_options(t.value, a, b)
        if not options:
            if t.value == "multiply" or self.dialect == "numpy" and t.value == "*":
                raise self.conflict("M204", "an entrywise operation needs two operands of one shape", left, right,
                                    help="in NumPy `*` goes entry by entry; the matrix product is `@`"
                                    if t.value == "*" and fits(a[1], b[0]) else "")
            raise self.misfit_product(left, right)
        option = self.decide(t, options)
        if option == "mul":
            self.no_matrix_of_ones(t)
        if option == "dot" and t.value == "@":
            self.note(t, "read as the dot product")
        if option != "mul" and self.dialect == "maths" and t.value in ("*", *DOTS, "\\times", "×", "\\ast") and not is_scalar(a) and not is_scalar(b):
            self.note(t, {"emul": "read entry by entry", "dot": "read as the dot product"}.get(option, option))
        return self.product_shape(t, option, a, b)

    def product_options(self, written: str, a, b) -> list[str]:
        """What a product sign may mean between these shapes, the likeliest first."""
        columns = is_column(a) and is_column(b)
        if written == "\\otimes" or written == "⊗":
            return ["kron", "outer"] if columns else ["kron"]
        if is_scalar(a) or is_scalar(b):
            return ["mul"]
        product = ["mul"] if fits(a[1], b[0]) else []
        entrywise = ["emul"] if same(a, b) else []
        if written == "@":
            return product or (["dot"] if columns and entrywise else [])
        if written == "multiply" or self.dialect == "numpy":
            return entrywise or (["spread"] if spreads(a, b) else [])
        if self.dialect == "matlab":
            return product
        dot = ["dot"] if columns and entrywise and written in DOTS else []
        return product + dot + entrywise

    def product_shape(self, t: Tree, option: str, a, b):
        if option == "mul":
            if is_scalar(a) or is_scalar(b):
                return b if is_scalar(a) else a
            unify(a[1], b[0])
            return a[0], b[1]
        if option == "kron":
            words = {"m": a[0], "n": a[1], "p": b[0], "q": b[1]}
            return self.result_size("m*p", words, t), self.result_size("n*q", words, t)
        if option == "outer":
            return a[0], b[0]
        if option == "spread":
            return self.spread_shape(a, b)
        self.same(a, b)
        return SCALAR if option == "dot" else a

    def spread_shape(self, a, b):
        out = []
        for x, y in zip(a, b):
            if not is_one(x) and not is_one(y):
                unify(x, y)
            out.append(y if is_one(x) else x)
        return tuple(out)

    def on_emul(self, t: Tree):
        a, b = (self.nodes[x] for x in t.args)
        if self.dialect != "maths" and not same(a, b) and spreads(a, b):
            self.decided[t] = "spread"
            return self.spread_shape(a, b)
        return super().on_emul(t)
