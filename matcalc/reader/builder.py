"""Syntax trees with known shapes to expressions, kept as they are written."""

from __future__ import annotations

from fractions import Fraction

from ..expr import build
from ..expr.node import Expr, Func
from ..rules import FUNCTION_NAMES, RULES
from ..shapes import Shape, Size, is_column, is_scalar
from .dimensions import find
from .infer import Inference
from .tokens import Source
from .tree import Tree
from .vocabulary import OPERATIONS

MAX_POWER = 64
MAX_BITS = 332  # of the numbers in a product: 100 digits
_OF_SCALAR = {"tr", "det", "sum", "mean", "rowsum", "colsum", "rowmean", "colmean", "vec", "max", "min"}


class Builder:
    """Builds the expression of a tree.

    symbols     name -> its `var` node
    functions   name -> `Func` of the user's entrywise functions
    """

    def __init__(self, source: Source, inference: Inference, symbols: dict[str, Expr], functions: dict[str, Func]):
        self.source, self.inference = source, inference
        self.symbols, self.functions = symbols, functions
        self.done: dict[Tree, Expr] = {}
        self.bits: dict[Expr, int] = {}

    def shape(self, t: Tree) -> Shape:
        rows, cols = (find(d) for d in self.inference.nodes[t])
        if isinstance(rows, Size) and isinstance(cols, Size):
            return rows, cols
        raise self.source.error("M209", f"nothing says how large `{self.source.text[t.start:t.end]}` is",
                                (t.start, t.end), help="give its size, for instance ones(n)")

    def expr(self, tree: Tree) -> Expr:
        """The expression of a tree (no recursion, any depth)."""
        stack = [(tree, False)]
        while stack:
            t, ready = stack.pop()
            if t in self.done:
                continue
            if ready or not t.args:
                made = getattr(self, "on_" + t.kind)(t, *(self.done[a] for a in self.operands(t)))
                self.done[t] = self.of_few_digits(t, made)
            else:
                stack.append((t, True))
                stack += [(a, False) for a in reversed(self.operands(t))]
        return self.done[tree]

    def operands(self, t: Tree) -> tuple[Tree, ...]:
        """The trees whose expressions the one of t is made of."""
        return self.inference.operands(t)

    def of_few_digits(self, t: Tree, e: Expr) -> Expr:
        """e, unless a product of numbers has grown too long."""
        if self.length(e) > MAX_BITS:
            raise self.source.error("M105", "a number in this formula has more than 100 digits", (t.start, t.end))
        return e

    def length(self, e: Expr) -> int:
        """Bits of the numbers that stand as factors in an expression."""
        if e.op not in ("num", "scale", "had", "neg"):
            return 0
        if e not in self.bits:
            self.bits[e] = max(abs(e.data.numerator), e.data.denominator).bit_length() if e.op == "num" \
                else sum(map(self.length, e.args))
        return self.bits[e]

    # ------------------------------------------------------------ leaves

    def on_number(self, t: Tree) -> Expr:
        return build.num(t.value)

    def on_cot(self, t: Tree) -> Expr:
        return build.cot(*t.value, self.shape(t))

    def on_name(self, t: Tree) -> Expr:
        name = t.value
        if name in self.symbols:
            return self.symbols[name]
        if name in self.inference.sizes:
            return build.size_number(Size(1, (name,)))
        if name in ("pi", "e"):
            return build.const(name)
        shape = self.shape(t)
        return build.ones(shape) if name == "ones" else build.eye(shape[0])

    # ------------------------------------------------------------ sums and products

    def on_add(self, t: Tree, a: Expr, b: Expr) -> Expr:
        a, b = self.spread(t, a), self.spread(t, b)
        return build.add(a, b)

    def on_sub(self, t: Tree, a: Expr, b: Expr) -> Expr:
        a, b = self.spread(t, a), self.spread(t, b)
        return build.add(a, _negative(b))

    def spread(self, t: Tree, x: Expr) -> Expr:
        """A bare number in a sum takes the shape of the sum."""
        shape = self.shape(t)
        if x.is_scalar and not is_scalar(shape):
            return build.ones(shape) if x.op == "num" and x.data == 1 else build.mul(x, build.ones(shape))
        return x

    def on_neg(self, t: Tree, x: Expr) -> Expr:
        return _negative(x)

    def on_mul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.mul(a, b)

    def on_div(self, t: Tree, a: Expr, b: Expr) -> Expr:
        if b.op == "num" and b.data == 0:
            raise self.source.error("M206", "division by zero", (t.args[1].start, t.args[1].end))
        if a.op == b.op == "num":
            return build.num(a.data / b.data)
        if a.op == "num" and a.data == 1:
            return build.power(b, build.num(-1))
        if b.op == "num":
            return build.mul(build.num(1 / b.data), a)
        return build.div(a, b)

    def on_emul(self, t: Tree, a: Expr, b: Expr) -> Expr:
        return build.mul(a, b) if a.is_scalar or b.is_scalar else build.had(a, b)

    def on_ediv(self, t: Tree, a: Expr, b: Expr) -> Expr:
        if b.is_scalar:
            return self.on_div(t, a, b)
        if a.is_scalar:
            below = build.power(b, build.num(-1))
            return below if a.op == "num" and a.data == 1 else build.mul(a, below)
        return build.div(a, b)

    # ------------------------------------------------------------ powers, norms

    def on_epower(self, t: Tree, x: Expr, p: Expr) -> Expr:
        return build.power(x, self.bounded(t, p))

    def bounded(self, t: Tree, p: Expr) -> Expr:
        if p.op == "num" and abs(p.data) > MAX_POWER:
            raise self.source.error("M105", f"a power may be at most {MAX_POWER}",
                                    (t.args[1].start, t.args[1].end))
        return p

    def on_power(self, t: Tree, x: Expr, p: Expr) -> Expr:
        base = t.args[0]
        if base.kind == "name" and base.value == "e" and "e" not in self.symbols:
            if not p.is_scalar and not is_column(p.shape):
                raise self.source.error("M205", "e to the power of a matrix could mean two things",
                                        (t.start, t.end), help="write expm(A), or exp(A) entry by entry")
            return build.fn("exp", p)
        p = self.bounded(t, p)
        if x.op == "norm2" and p.op == "num" and p.data == 2:
            return build.call("sqnorm", x.args[0])
        if x.is_scalar:
            return build.power(x, p)
        if p.op != "num":
            return build.matpow(x, p)
        if p.data.denominator != 1:
            raise self.source.error("M205", "a matrix has only whole powers here",
                                    (t.args[1].start, t.args[1].end),
                                    help="for powers of the entries write .^")
        if p.data == 0:
            return build.eye(x.rows)
        if p.data == -1:
            return build.call("inv", x)
        return x if p.data == 1 else build.matpow(x, p)

    def on_transpose(self, t: Tree, x: Expr) -> Expr:
        return build.transpose(x)

    def on_norm(self, t: Tree, x: Expr) -> Expr:
        return build.call("norm" + t.value, x)

    def on_bars(self, t: Tree, x: Expr) -> Expr:
        return build.fn("abs", x)

    # ------------------------------------------------------------ calls

    def on_call(self, t: Tree, *args: Expr) -> Expr:
        name = t.value
        if name in self.functions:
            f = self.functions[name]
            for _ in range(t.primes):
                f = f.prime
            return build.fn(f, args[0])
        if name in FUNCTION_NAMES:
            return build.fn(Func(FUNCTION_NAMES[name], t.primes), args[0])
        if t.primes:
            raise self.source.error("M102", f"`{name}` is not an entrywise function, so it has no {name}'",
                                    (t.start, t.end))
        return self.operation(t, args) if name in OPERATIONS else self.sugar(t, args)

    def operation(self, t: Tree, args: tuple[Expr, ...]) -> Expr:
        op = OPERATIONS[t.value][0]
        if t.value == "diag":
            op = "diag" if is_column(args[0].shape) or args[0].is_scalar else "diagpart"
        if all(a.is_scalar for a in args):
            if op in _OF_SCALAR or op in ("diag", "diagpart"):
                return args[0]
            if op in ("inv", "pinv"):
                return build.power(args[0], build.num(-1))
            if op == "logdet":
                return build.fn("log", args[0])
            if op == "expm":
                return build.fn("exp", args[0])
        left_out = len(RULES[op].operands) - len(args) if RULES[op].optional else 0
        return build.kron(*args) if op == "kron" else build.call(op, *args, *[build.num(0)] * left_out)

    def sugar(self, t: Tree, args: tuple[Expr, ...]) -> Expr:
        name = t.value
        if name == "outer":
            return build.mul(args[0], build.transpose(args[1]))
        if name == "dot":
            return build.mul(build.transpose(args[0]), args[1])
        shape = self.shape(t)
        if name == "commutation":
            m, n = (self.inference.size_value(a) for a in t.args)
            return build.commutation(m, n)
        if name == "eye":
            return build.eye(shape[0])
        if name == "zeros":
            return build.zeros(shape)
        if name == "ones":
            return build.ones(shape)
        value = args[0]
        return build.ones(shape) if value.op == "num" and value.data == 1 else build.mul(value, build.ones(shape))


def _negative(x: Expr) -> Expr:
    """-x; a minus before a number or a numbered term goes into the number."""
    if x.op == "num":
        return build.num(-x.data)
    if x.op == "scale" and x.args[0].op == "num":
        value: Fraction = -x.args[0].data
        return x.args[1] if value == 1 else build.scale(build.num(value), x.args[1])
    if x.op == "had" and x.args[0].op == "num":
        return build.had(build.num(-x.args[0].data), *x.args[1:])
    return build.neg(x)
