"""Lowered expressions as text of one dialect."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...errors import fail
from ...expr.node import Expr, walk
from ...shapes import Size
from . import forms
from .dialects import Dialect
from .forms import SPREAD

ATOM, POWER, UNARY, TIMES, PLUS = 5, 4, 3, 2, 1  # how tightly code binds


@dataclass(frozen=True)
class Code:
    """A piece of code and how tightly it binds."""

    text: str
    bind: int = ATOM

    def at(self, level: int) -> str:
        return self.text if self.bind >= level else f"({self.text})"


class Writer:
    """Writes expressions; leaves are Python names.

    shapes      argument -> shape, where sizes are read off
    precision   "float64" or "float32"
    """

    def __init__(self, dialect: Dialect, shapes: dict[str, tuple[Size, Size]], precision: str):
        self.dialect, self.shapes = dialect, shapes
        self.np = dialect.np
        self.dtype = "" if dialect.target == "numpy" and precision == "float64" else f", dtype={dialect.float_type[precision]}"
        self.sizes: dict[str, str] = {}

    # ------------------------------------------------------------ sizes

    def size(self, n: Size) -> str:
        parts = [str(n.coefficient)] if n.coefficient != 1 or not n.names else []
        for name in n.names:
            if name not in self.sizes:
                self.sizes[name] = self._where(name)
            parts.append(self.sizes[name])
        return " * ".join(parts)

    def _where(self, name: str) -> str:
        for argument, shape in self.shapes.items():
            for axis, d in enumerate(shape):
                if d.names == (name,):
                    vector_axis = 0 if shape[0].is_one or shape[1].is_one else axis
                    place = f"{argument}.shape[{vector_axis}]"
                    return place if d.coefficient == 1 else f"({place} // {d.coefficient})"
        raise fail("M602", f"no argument tells the size {name}", help="declare a variable with that size")

    def shape(self, shape) -> str:
        m, n = map(self.size, shape)
        return m if shape[1].is_one else f"({m}, {n})"

    # ------------------------------------------------------------ expressions

    def code(self, e: Expr) -> Code:
        """An operand that may broadcast."""
        if e.op in SPREAD:
            inner = self.code(e.args[0])
            return Code(f"{inner.at(ATOM)}[:, None]") if e.op == "cols" else inner
        return self.array(e)

    def array(self, e: Expr) -> Code:
        """An operand of its full shape."""
        method = getattr(self, "on_" + e.op, None)
        if method is not None:
            return method(e)
        if e.op in self.dialect.calls:
            return self.call(self.dialect.calls[e.op], e)
        raise fail("M601", f"the operation `{e.op}` has no {self.dialect.library} code",
                   help="use mc.gradient(...).numpy(), which evaluates it")

    def call(self, template: str, e: Expr, only: Code | None = None) -> Code:
        """A template filled in; `only` stands for the operand where that is not enough."""
        args = [only] if only else [self.array(a) for a in e.args]
        values = {"np": self.np, "axis": self._axis(e)}
        for i, c in enumerate(args):
            values[f"a{i}"], values[f"u{i}"] = c.at(ATOM), c.at(UNARY)
        if "{m}" in template:
            values["m"], values["n"] = map(self.size, e.shape)
        text = template.format(*(c.text for c in args), **values)
        return Code(text, _binding(template))

    def _axis(self, e: Expr) -> str:
        word = "dim" if self.dialect.target == "torch" else "axis"
        axis = 0 if e.data is None else e.data
        return f", {word}={axis}" if self.dialect.target != "numpy" or axis else ""

    # ------------------------------------------------------------ leaves

    def on_num(self, e: Expr) -> Code:
        x = e.data
        if x.denominator == 1:
            return Code(f"{x.numerator}.0", ATOM if x >= 0 else UNARY)
        is_decimal = not (10 ** 12) % x.denominator or x == type(x)(float(x))
        text = repr(float(x)) if is_decimal else f"{x.numerator} / {x.denominator}"
        return Code(text, TIMES if "/" in text else ATOM if x >= 0 else UNARY)

    def on_const(self, e: Expr) -> Code:
        return Code(f"math.{e.data}")

    def on_size(self, e: Expr) -> Code:
        text = self.size(e.data)
        return Code(text, TIMES if "*" in text else ATOM)

    def on_var(self, e: Expr) -> Code:
        return Code(e.name)

    def on_eye(self, e: Expr) -> Code:
        return Code(f"{self.np}.eye({self.size(e.rows)}{self.dtype})")

    def on_fill(self, e: Expr) -> Code:
        c = e.args[0]
        shape = self.shape(e.shape)
        if c.op == "num" and c.data in (0, 1):
            return Code(f"{self.np}.{'ones' if c.data else 'zeros'}({shape}{self.dtype})")
        return Code(f"{self.code(c).at(TIMES)} * {self.np}.ones({shape}{self.dtype})", TIMES)

    def on_cols(self, e: Expr) -> Code:
        return Code(f"{self.np}.broadcast_to({self.code(e).text}, {self.shape(e.shape)})")

    on_rows = on_cols

    def on_commutation(self, e: Expr) -> Code:
        m, n = map(self.size, e.data)
        both = self.size(e.rows)
        eye = f"{self.np}.eye({both}{self.dtype})"
        return Code(f"{eye}.reshape({n}, {m}, {both}).swapaxes(0, 1).reshape({both}, {both})")

    # ------------------------------------------------------------ sums, entrywise products

    def on_add(self, e: Expr) -> Code:
        signed = [self.signed(t) for t in e.args]
        signed.sort(key=lambda s: s[0] < 0 or s[2])
        out = ""
        for sign, code, _ in signed:
            if not out:
                out = code.text if sign > 0 else f"-{code.at(UNARY)}"
            else:
                out += f" {'+' if sign > 0 else '-'} {code.at(TIMES)}"
        return Code(out, PLUS)

    def signed(self, t: Expr) -> tuple[int, Code, bool]:
        """(sign, code, whether it is a number spread over a shape): 1 - h, not -h + 1."""
        if t.op == "fill":
            sign, code, _ = self.signed(t.args[0])
            return sign, code, sign < 0
        if t.op in ("cols", "rows"):
            negated = positive(t.args[0])
            if negated is None:
                return 1, self.code(t), False
            make = forms.cols if t.op == "cols" else forms.rows
            return -1, self.code(make(negated, t.shape[t.op == "cols"])), False
        negated = positive(t)
        return (-1, self.code(negated), False) if negated is not None else (1, self.code(t), False)

    def on_had(self, e: Expr) -> Code:
        """A product of entries or scalars; factors with exponent -1 divide."""
        above = [f for f in e.args if not is_reciprocal(f)]
        below = [divisor(f) for f in e.args if is_reciprocal(f)]
        above.sort(key=lambda f: _is_step(f))
        has_array = any(not _is_step(f) for f in above)
        factors = [self.step(f) if _is_step(f) and has_array else self.code(f).at(UNARY) for f in above]
        if factors[:1] == ["-1.0"] and len(factors) > 1:
            factors = [f"-{factors[1]}", *factors[2:]]
        out = " * ".join(factors) or "1.0"
        for f in below:
            out += f" / {self.code(f).at(UNARY)}"
        return Code(out, TIMES)

    def step(self, f: Expr) -> str:
        """Where the operand is positive, as truth values, which multiply like 0 and 1."""
        return f"({self.array(f.args[0]).at(UNARY)} > 0)"

    def on_scale(self, e: Expr) -> Code:
        c, x = e.args
        if c.op == "num" and c.data == -1:
            return Code(f"-{self.array(x).at(UNARY)}", UNARY)
        if is_reciprocal(c):
            return Code(f"{self.array(x).at(TIMES)} / {self.code(c.args[0]).at(UNARY)}", TIMES)
        return Code(f"{self.code(c).at(TIMES)} * {self.array(x).at(UNARY)}", TIMES)

    def on_pow(self, e: Expr) -> Code:
        x, p = e.args
        if p.op == "num" and p.data == -1:
            return Code(f"1.0 / {self.code(x).at(UNARY)}", TIMES)
        base = self.code(x)
        if p.op == "num" and p.data == 2 and base.text.isidentifier():
            return Code(f"{base.text} * {base.text}", TIMES)
        if p.op == "num" and p.data.denominator == 2 and p.data.numerator in (1, -1) and not is_static(x):
            root = f"{self.np}.sqrt({base.text})"
            return Code(root) if p.data > 0 else Code(f"1.0 / {root}", TIMES)
        exponent = str(p.data.numerator) if p.op == "num" and p.data.denominator == 1 else self.code(p).at(ATOM)
        return Code(f"{base.at(ATOM)} ** {exponent if not exponent.startswith('-') else f'({exponent})'}", POWER)

    def on_fn(self, e: Expr) -> Code:
        name, x = e.data.name, e.args[0]
        if is_static(x) and hasattr(math, _MATH.get(name, name)) and name != "relu":
            return Code(f"math.{_MATH.get(name, name)}({self.code(x).text})")
        number = Code(f"torch.tensor({self.code(x).text}{self.dtype})") if is_static(x) and self.np == "torch" else None
        return self.call(self.dialect.functions[name], e, number)

    # ------------------------------------------------------------ products

    def on_matmul(self, e: Expr) -> Code:
        a, b = (self.array(x) for x in e.args)
        return Code(f"{a.at(TIMES) if _is_product(e.args[0]) else a.at(UNARY)} @ {b.at(UNARY)}", TIMES)

    on_matvec = on_dot = on_matmul

    def on_kron(self, e: Expr) -> Code:
        """Beside a matrix a vector is written as one column or row."""
        sides = [{"column": "[:, None]", "row": "[None, :]", "": ""}[d] if "" in e.data else "" for d in e.data]
        if self.dialect.target == "torch":  # torch.kron takes no strided operands
            sides = [s if x.op == "var" and x.name in self.shapes else s + ".contiguous()" for x, s in zip(e.args, sides, strict=True)]
        a, b = (self.array(x).at(ATOM) + s if s else self.array(x).text for x, s in zip(e.args, sides, strict=True))
        return Code(f"{self.np}.kron({a}, {b})")

    def on_matpow(self, e: Expr) -> Code:
        x, k = e.args
        exponent = str(k.data.numerator) if k.op == "num" else f"int({self.code(k).text})"
        return Code(f"{self.np}.linalg.matrix_power({self.array(x).text}, {exponent})")

    def on_rearrange(self, e: Expr) -> Code:
        m, n, p, q = (self.size(s) for s in e.data)
        order = "permute" if self.dialect.target == "torch" else "transpose"
        out = f"{self.array(e.args[0]).at(ATOM)}.reshape({m}, {p}, {n}, {q}).{order}(2, 0, 3, 1)"
        return Code(f"{out}.reshape({'-1' if e.cols.is_one or e.rows.is_one else self.shape(e.shape)})")


_MATH = {"abs": "fabs", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}


def is_static(e: Expr) -> bool:
    """A number made of numbers and sizes alone."""
    return e.is_scalar and all(x.op in ("num", "const", "size", "had", "add", "pow", "fn") for x in walk(e))


def is_reciprocal(f: Expr) -> bool:
    """1 / x, also where it is repeated in every row or column."""
    if f.op in ("cols", "rows"):
        return is_reciprocal(f.args[0])
    return f.op == "pow" and f.args[1].op == "num" and f.args[1].data == -1


def divisor(f: Expr) -> Expr:
    """x of 1 / x."""
    if f.op == "pow":
        return f.args[0]
    return forms.cols(divisor(f.args[0]), f.cols) if f.op == "cols" else forms.rows(divisor(f.args[0]), f.rows)


def positive(t: Expr) -> Expr | None:
    """-t for a term that is written with a minus sign."""
    if t.op == "num":
        return forms.num(-t.data) if t.data < 0 else None
    if t.op == "scale":
        c = positive(t.args[0])
        return forms.scale(c, t.args[1]) if c is not None else None
    if t.op == "had" and t.is_scalar and t.args[0].op == "num" and t.args[0].data < 0:
        return forms.times(forms.MINUS, t)
    return None


def _is_step(f: Expr) -> bool:
    return f.op == "fn" and f.data.name == "step" and not f.is_scalar


def _is_product(e: Expr) -> bool:
    return e.op in ("matmul", "matvec")


def _binding(template: str) -> int:
    """How tightly the text of a template binds: loosely if an operator is outside brackets."""
    depth = 0
    for i, c in enumerate(template):
        depth += (c in "([") - (c in ")]")
        if depth == 0 and c in "*>" and template[i - 1] == " ":
            return TIMES
    return ATOM
