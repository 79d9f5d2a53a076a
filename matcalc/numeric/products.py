"""Expressions as NumPy code: kinds of arrays, order of products, shared values.

A scalar is a float, a column vector and a row are 1-D arrays ("v" and "r"), a
matrix is 2-D ("m").  A chain of products is associated by dynamic programming
over nominal sizes, so a chain that ends in a vector never forms a product of
two matrices.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..errors import fail
from ..expr.node import Expr
from ..model import Model
from ..rules.entrywise import derivative_expr, lift
from ..shapes import Size

NOMINAL = 100  # what an unknown size counts in costs
ATOM, POWER, UNARY, TIMES, PLUS = 5, 4, 3, 2, 1  # how tightly code binds


@dataclass(frozen=True)
class Code:
    """A piece of code and how tightly it binds."""

    text: str
    bind: int = ATOM

    def at(self, level: int) -> str:
        return self.text if self.bind >= level else f"({self.text})"


class Writer:
    """Writes expressions; values that are used twice get a name.

    symbols   variable name, or (output, name) of a cotangent -> Python name
    counts    how often each node is used
    """

    def __init__(self, model: Model, symbols: dict, counts: Counter, taken: set[str]):
        self.model, self.symbols, self.counts, self.taken = model, symbols, counts, taken
        self.named: dict[Expr, Code] = {}
        self.lines: list[str] = []
        self.used_sizes: dict[str, str] = {}
        self.temporaries = 0

    # ------------------------------------------------------------ statements

    def assign(self, target: str, e: Expr) -> list[str]:
        """Lines that compute e into `target`."""
        self.lines = []
        code = self.code(e)
        self.lines.append(f"{target} = {code.text}")
        if e.args and e not in self.named:
            self.named[e] = Code(target)
        return self.lines

    def code(self, e: Expr) -> Code:
        """Code of an expression; a repeated one is first given a name."""
        if e in self.named:
            return self.named[e]
        out = self.write(e)
        is_cheap = not e.args or (e.op == "T") or (e.op == "scale" and e.args[0].op == "num" and not e.args[1].args)
        if self.counts[e] > 1 and not is_cheap:
            name = self.temporary()
            self.lines.append(f"{name} = {out.text}")
            out = self.named[e] = Code(name)
        return out

    def temporary(self) -> str:
        while True:
            self.temporaries += 1
            name = f"t{self.temporaries}"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def write(self, e: Expr) -> Code:
        method = getattr(self, "on_" + e.op, None)
        if method is not None:
            return method(e)
        if e.op in _CALLS:
            return Code(_CALLS[e.op].format(*(self.array(a) for a in e.args)))
        raise fail("M601", f"the operation `{e.op}` has no NumPy code",
                   help="use mc.gradient(...).numpy(), which evaluates it")

    def array(self, e: Expr) -> str:
        """Code as an argument of a call."""
        return self.code(e).text

    # ------------------------------------------------------------ sizes

    def size(self, n: Size) -> str:
        parts = [str(n.coefficient)] if n.coefficient != 1 or not n.names else []
        for name in n.names:
            if name not in self.used_sizes:
                self.used_sizes[name] = self._where(name)
            parts.append(self.used_sizes[name])
        return "*".join(parts)

    def _where(self, name: str) -> str:
        for v in self.model.variables.values():
            for axis, d in enumerate(v.shape):
                if d.names == (name,) and d.coefficient == 1:
                    return f"{self.symbols[v.name]}.shape[{axis}]"
        raise fail("M602", f"no argument tells the size {name}", help="declare a variable with that size")


    # ------------------------------------------------------------ leaves

    def on_num(self, e: Expr) -> Code:
        x = e.data
        if x.denominator == 1:
            return Code(str(x.numerator) + ".0", ATOM if x >= 0 else UNARY)
        exact = float(x)
        text = repr(exact) if x == type(x)(exact) else f"{x.numerator} / {x.denominator}"
        return Code(text, TIMES if "/" in text else ATOM if x >= 0 else UNARY)

    def on_const(self, e: Expr) -> Code:
        return Code(f"np.{e.data}")

    def on_size(self, e: Expr) -> Code:
        return Code(self.size(e.data), TIMES)

    def on_var(self, e: Expr) -> Code:
        return Code(self.symbols[e.name])

    def on_cot(self, e: Expr) -> Code:
        return Code(self.symbols[e.data])

    def filled(self, e: Expr, what: str) -> Code:
        if e.is_column or e.is_row:
            return Code(f"np.{what}({self.size(e.rows if e.is_column else e.cols)})")
        return Code(f"np.{what}(({self.size(e.rows)}, {self.size(e.cols)}))")

    def on_ones(self, e: Expr) -> Code:
        return self.filled(e, "ones")

    def on_zeros(self, e: Expr) -> Code:
        return self.filled(e, "zeros")

    def on_eye(self, e: Expr) -> Code:
        return Code(f"np.eye({self.size(e.rows)})")

    # ------------------------------------------------------------ sums, entrywise products

    def on_add(self, e: Expr) -> Code:
        out = ""
        # a matrix of ones in a sum is a number that broadcasts, unless nothing else gives the shape
        plain = [t for t in e.args if not _is_number(t)]
        for t in (*plain, *(t for t in e.args if _is_number(t))):
            sign, code = self.signed(t, bool(plain))
            if not out:
                out = code.at(TIMES) if sign > 0 else f"-{code.at(TIMES)}"
            else:
                out += f" {'+' if sign > 0 else '-'} {code.at(TIMES)}"
        return Code(out, PLUS)

    def signed(self, t: Expr, can_broadcast: bool) -> tuple[int, Code]:
        if can_broadcast and t.op == "ones":
            return 1, Code("1.0")
        if t.op in ("scale", "had") and t.args[0].op == "num" and t.args[0].data < 0 and t not in self.named:
            number = -t.args[0].data
            rest = t.args[1] if t.op == "scale" else None
            if can_broadcast and rest is not None and rest.op == "ones":
                return -1, self.on_num(_number(number))
            if number == 1 and rest is not None:
                return -1, self.code(rest)
            if t.op == "had" and t.is_scalar:
                return -1, self.scalars((_number(number), *t.args[1:]) if number != 1 else t.args[1:])
            return -1, self.product(_number(number), rest) if rest is not None else self.code(t)
        if can_broadcast and t.op == "scale" and t.args[1].op == "ones":
            return 1, self.code(t.args[0])
        return 1, self.code(t)

    def on_had(self, e: Expr) -> Code:
        if e.is_scalar:
            return self.scalars(e.args)
        return self.times([f for f in e.args])

    def times(self, factors: list[Expr]) -> Code:
        """Entrywise product; factors with exponent -1 divide; u 1^T broadcasts."""
        above = [f for f in factors if not _is_reciprocal(f) or f in self.named]
        below = [f.args[0] for f in factors if _is_reciprocal(f) and f not in self.named]
        out = " * ".join(self.spread(f) for f in above) or "1.0"
        for f in below:
            out += f" / {self.code(f).at(UNARY)}"
        return Code(out, TIMES)

    def scalars(self, factors) -> Code:
        return self.times(list(factors))

    def spread(self, f: Expr) -> str:
        """A factor; an outer product with ones is left to broadcasting."""
        if f.op == "matmul" and len(f.args) == 2 and f not in self.named:
            left, right = f.args
            if left.is_column and right.op == "ones":
                return f"{self.code(left).at(ATOM)}[:, None]"
            if right.is_row and left.op == "ones":
                return f"{self.code(right).at(ATOM)}[None, :]"
        return self.code(f).at(UNARY)

    def on_scale(self, e: Expr) -> Code:
        return self.product(*e.args)

    def product(self, c: Expr, x: Expr) -> Code:
        if c.op == "num" and c.data == -1:
            return Code(f"-{self.code(x).at(UNARY)}", UNARY)
        if x.op == "matmul" and x not in self.named and self.counts[x] <= 1:
            smallest = min(range(len(x.args)), key=lambda i: _nominal(x.args[i].rows) * _nominal(x.args[i].cols))
            if len(x.args) > 1 and not _is_reciprocal(c):
                return self.chain(list(x.args), {smallest: self.code(c).at(UNARY)})
        if _is_reciprocal(c) and c not in self.named:
            return Code(f"{self.code(x).at(TIMES)} / {self.code(c.args[0]).at(UNARY)}", TIMES)
        return Code(f"{self.code(c).at(TIMES)} * {self.code(x).at(UNARY)}", TIMES)

    def on_pow(self, e: Expr) -> Code:
        x, p = e.args
        if p.op == "num" and p.data == 2:
            simple = self.code(x)
            if simple.bind == ATOM and simple.text.isidentifier():
                return Code(f"{simple.text} * {simple.text}", TIMES)
        if p.op == "num" and p.data == -1:
            return Code(f"1.0 / {self.code(x).at(UNARY)}", TIMES)
        exponent = str(p.data.numerator) if p.op == "num" and p.data.denominator == 1 else None
        if exponent is None:
            exponent = self.code(p).at(ATOM)
        return Code(f"{self.code(x).at(ATOM)} ** {exponent if not exponent.startswith('-') else f'({exponent})'}", POWER)

    def on_fn(self, e: Expr) -> Code:
        f, x = e.data, e.args[0]
        if f.is_abstract:
            raise fail("M603", f"the function `{f.name}` is abstract, so it has no code",
                       help=f"define it:  {f.name}(t) = ...")
        if f.order or f.is_user:
            formula = derivative_expr(f, x) if f.order else lift(f.body, f.parameter, x)
            return self.code(formula)
        return Code(_FUNCTIONS[f.name].format(x=self.array(x), a=self.code(x).at(UNARY)),
                    TIMES if f.name in ("silu", "gelu") else ATOM)

    # ------------------------------------------------------------ matrix products

    def on_matmul(self, e: Expr) -> Code:
        return self.chain(list(e.args), {})

    def chain(self, factors: list[Expr], scaled: dict[int, str]) -> Code:
        """A product of matrices and vectors in the cheapest order."""
        sizes = [_nominal(f.rows) for f in factors] + [_nominal(factors[-1].cols)]
        split = _best_order(sizes)

        def write(i: int, j: int) -> Code:
            if i == j:
                code = self.code(factors[i])
                return Code(f"{scaled[i]} * {code.at(UNARY)}", TIMES) if i in scaled else code
            k = split[i][j]
            return self.pair(factors, i, k, j, write)
        return write(0, len(factors) - 1)

    def pair(self, factors: list[Expr], i: int, k: int, j: int, write) -> Code:
        """The product of factors i..k and k+1..j."""
        left, right = factors[i], factors[j]
        first = factors[i] if i == k else None
        last = factors[j] if k + 1 == j else None
        columns = write(k + 1, j)
        if first is not None and first.op == "inv" and first not in self.named:
            return Code(f"np.linalg.solve({self.array(first.args[0])}, {columns.text})")
        if first is not None and first.op == "T" and first.args[0].op == "inv" and first.args[0] not in self.named:
            return Code(f"np.linalg.solve({self.code(first.args[0].args[0]).at(ATOM)}.T, {columns.text})")
        if first is not None and first.op == "diag":
            is_vector = factors[j].cols.is_one
            v = self.code(first.args[0]).at(ATOM)
            return Code(f"{v if is_vector else v + '[:, None]'} * {columns.at(UNARY)}", TIMES)
        if first is not None and first.op == "ones" and first.is_row and not right.cols.is_one:
            return Code(f"{columns.at(ATOM)}.sum(axis=0)")
        rows = write(i, k)
        if last is not None and last.op == "diag":
            return Code(f"{rows.at(TIMES)} * {self.code(last.args[0]).at(UNARY)}", TIMES)
        if last is not None and last.op == "ones" and last.is_column:
            return Code(f"{rows.at(ATOM)}.sum(axis=1)" if not left.rows.is_one else f"{rows.at(ATOM)}.sum()")
        if factors[k].cols.is_one and not left.rows.is_one and not right.cols.is_one:
            return Code(f"np.outer({rows.text}, {columns.text})")
        return Code(f"{rows.at(TIMES)} @ {columns.at(UNARY)}", TIMES)

    def on_T(self, e: Expr) -> Code:
        x = e.args[0]
        code = self.code(x)
        return code if x.is_column or x.is_row else Code(f"{code.at(ATOM)}.T")

    def on_tr(self, e: Expr) -> Code:
        x = e.args[0]
        if x.op == "matmul" and len(x.args) == 2 and x not in self.named:
            a, b = x.args
            return Code(f"np.sum({self.code(a).at(UNARY)} * {self.code(b).at(ATOM)}.T)")
        return Code(f"np.trace({self.array(x)})")

    def on_inner(self, e: Expr) -> Code:
        return Code(f"np.sum({self.code(e.args[0]).at(UNARY)} * {self.code(e.args[1]).at(UNARY)})")

    def on_sqnorm(self, e: Expr) -> Code:
        x = e.args[0]
        name = self.code(x)
        if not name.text.isidentifier():
            temporary = self.temporary()
            self.lines.append(f"{temporary} = {name.text}")
            name = self.named[x] = Code(temporary)
        if x.is_column or x.is_row:
            return Code(f"{name.text} @ {name.text}", TIMES)
        return Code(f"np.vdot({name.text}, {name.text})")

    def on_matpow(self, e: Expr) -> Code:
        x, k = e.args
        exponent = str(k.data.numerator) if k.op == "num" else f"int(round({self.array(k)}))"
        return Code(f"np.linalg.matrix_power({self.array(x)}, {exponent})")

    def on_mat(self, e: Expr) -> Code:
        m, n = e.data
        return Code(f"np.reshape({self.array(e.args[0])}, ({self.size(m)}, {self.size(n)}), order=\"F\")")

    def on_rearrange(self, e: Expr) -> Code:
        m, n, p, q = (self.size(s) for s in e.data)
        return Code(f"np.reshape({self.array(e.args[0])}, ({m}, {p}, {n}, {q}))"
                    f".transpose(2, 0, 3, 1).reshape({m}*{n}, {p}*{q})")


def _number(value) -> Expr:
    from ..expr.build import num
    return num(value)


def _is_number(t: Expr) -> bool:
    """A number spread over a shape."""
    return t.op == "ones" or (t.op == "scale" and t.args[1].op == "ones")


def _is_reciprocal(f: Expr) -> bool:
    return f.op == "pow" and f.args[1].op == "num" and f.args[1].data == -1


def _nominal(n: Size) -> int:
    return n.coefficient * NOMINAL ** len(n.names)


def _best_order(sizes: list[int]) -> list[list[int]]:
    """Where to split each part of a chain: matrix-chain dynamic programming."""
    n = len(sizes) - 1
    cost = [[0] * n for _ in range(n)]
    split = [[0] * n for _ in range(n)]
    for length in range(2, n + 1):
        for i in range(n - length + 1):
            j = i + length - 1
            cost[i][j], split[i][j] = min(
                (cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1], k) for k in range(i, j))
    return split


_CALLS = {
    "inv": "np.linalg.inv({0})", "pinv": "np.linalg.pinv({0})", "det": "np.linalg.det({0})",
    "logdet": "np.linalg.slogdet({0})[1]", "diag": "np.diag({0})", "diagpart": "np.diagonal({0})",
    "tril": "np.tril({0})", "triu": "np.triu({0})", "diagsums": "_diagsums({0})",
    "vec": 'np.ravel({0}, order="F")', "kron": "np.kron({0}, {1})",
    "expm": "_expm({0})", "frechet": "_frechet({0}, {1})",
    "sum": "np.sum({0})", "mean": "np.mean({0})", "rowsum": "np.sum({0}, axis=1)",
    "rowmean": "np.mean({0}, axis=1)", "colsum": "np.sum({0}, axis=0)", "colmean": "np.mean({0}, axis=0)",
    "norm2": "np.linalg.norm({0})", "norm1": "np.sum(np.abs({0}))",
    "max": "np.max({0})", "min": "np.min({0})",
    "argmax": "_one_hot({0}, np.argmax)", "argmin": "_one_hot({0}, np.argmin)",
    "softmax": "_softmax({0})", "softmax_rows": "_softmax({0}, axis=1)", "softmax_cols": "_softmax({0}, axis=0)",
    "logsumexp": "_logsumexp({0})", "logsumexp_rows": "_logsumexp({0}, axis=1)",
    "logsumexp_cols": "_logsumexp({0}, axis=0)",
    "standardize": "_standardize({0}, {1})", "standardize_rows": "_standardize({0}, {1}, axis=1)",
    "standardize_cols": "_standardize({0}, {1}, axis=0)",
    "rmsnorm": "_rmsnorm({0}, {1})", "rmsnorm_rows": "_rmsnorm({0}, {1}, axis=1)",
    "rmsnorm_cols": "_rmsnorm({0}, {1}, axis=0)",
    "rms": "np.sqrt(np.mean({0} ** 2) + {1})", "rms_rows": "np.sqrt(np.mean({0} ** 2, axis=1) + {1})",
    "rms_cols": "np.sqrt(np.mean({0} ** 2, axis=0) + {1})",
    "std": "np.sqrt(np.var({0}) + {1})", "std_rows": "np.sqrt(np.var({0}, axis=1) + {1})",
    "std_cols": "np.sqrt(np.var({0}, axis=0) + {1})",
    "mse": "np.mean(({0} - ({1})) ** 2)", "cross_entropy": "-np.sum(({1}) * np.log({0}))",
    "bce": "-np.sum(({1}) * np.log({0}) + (1.0 - ({1})) * np.log1p(-({0})))",
    "hinge": "np.sum(np.maximum(0.0, 1.0 - ({1}) * ({0})))",
}
_FUNCTIONS = {
    **{f: f"np.{f}({{x}})" for f in ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh",
                                     "exp", "log", "sqrt", "abs", "sign")},
    "step": "np.where({a} > 0, 1.0, 0.0)", "relu": "np.maximum({x}, 0.0)",
    "leaky_relu": "np.where({a} > 0, {a}, 0.01 * {a})", "sigmoid": "_sigmoid({x})",
    "softplus": "np.logaddexp(0.0, {x})", "elu": "np.where({a} > 0, {a}, np.expm1(np.minimum({x}, 0.0)))",
    "silu": "{a} * _sigmoid({x})", "gelu": "0.5 * {a} * (1.0 + _erf({a} / np.sqrt(2.0)))", "erf": "_erf({x})",
}
