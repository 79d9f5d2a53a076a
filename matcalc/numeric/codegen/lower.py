"""Expressions of the language as the forms that code is written from."""

from __future__ import annotations

from ...errors import fail
from ...expr.build import num, size_number
from ...expr.node import Expr, Func, node, walk
from ...rules.entrywise import derivative_expr, lift
from ...shapes import SCALAR
from . import contractions, forms
from .chains import Part, product
from .forms import UNIT, column
from .written import NORMALS, SCALES, standardisation

TWO = num(2)
MAX_SOLVES = 3  # a matrix that is solved with more often is inverted once


def lowered(roots: list[Expr]) -> list[Expr]:
    """All formulas of a program, lowered; a matrix is inverted only where solving costs more."""
    first = Lowering(frozenset())
    out = [first.lower(e) for e in roots]
    kept = _wanted_inverses(out)
    if not kept:
        return out
    again = Lowering(kept)
    return [again.lower(e) for e in roots]


class Lowering:
    """Lowers expressions; what they share stays shared.

    kept   matrices whose inverse is computed; with others a system is solved
    """

    def __init__(self, kept: frozenset):
        self.kept = kept
        self.memo: dict[Expr, Expr] = {}

    def lower(self, root: Expr) -> Expr:
        """The lowered form; of a row, the form of its transpose."""
        for e in walk(root):
            if e not in self.memo:
                self.memo[e] = self._one(e)
        return self.memo[root]

    def _one(self, e: Expr) -> Expr:
        args = tuple(self.memo[a] for a in e.args)
        shape = column(e.cols) if e.is_row else e.shape
        if e.op in ("num", "const", "size", "eye"):
            return e if not e.is_scalar or e.op != "eye" else UNIT
        if e.op == "var":
            return node("var", (), (e.name, frozenset()), shape)
        if e.op in ("ones", "zeros"):
            value = UNIT if e.op == "ones" else num(0)
            return value if e.is_scalar else forms.fill(value, shape)
        if e.op == "fn":
            return self._function(e, args, shape)
        if e.op in ("add", "had", "scale", "pow"):
            return forms.entrywise(e.op, args, None, shape)
        rule = _RULES.get(e.op)
        return rule(self, e, args, shape) if rule else node(e.op, args, e.data, shape)

    def _function(self, e: Expr, args: tuple[Expr, ...], shape) -> Expr:
        f, x = e.data, e.args[0]
        if f.is_abstract:
            raise fail("M603", f"the function `{f.name}` is abstract, so it has no code",
                       help=f"define it:  {f.name}(t) = ...")
        if f.order or f.is_user:
            return self.lower(derivative_expr(f, x) if f.order else lift(f.body, f.parameter, x))
        return forms.entrywise("fn", args, f, shape)

    def chain(self, e: Expr, args, shape) -> Expr:
        parts = [Part(v, *a.shape) for a, v in zip(e.args, args, strict=True)]
        return product(parts, self.kept)


def _wanted_inverses(roots: list[Expr]) -> frozenset:
    """The matrices whose inverse stands alone, or with which many systems would be solved."""
    solves: dict[Expr, int] = {}
    for e in walk(*roots):
        if e.op in ("solve", "inv"):
            base = e.args[0].args[0] if e.args[0].op == "T" else e.args[0]
            solves[base] = solves.get(base, 0) + (1 if e.op == "solve" else MAX_SOLVES + 1)
    return frozenset(a for a, n in solves.items() if n > MAX_SOLVES)


# ------------------------------------------------------------ one function an operation

def _along(op: str, axis: int):
    """softmax and logsumexp of each row (axis 1) or column (axis 0)."""
    def rule(low: Lowering, e: Expr, args, shape) -> Expr:
        x, operand = args[0], e.args[0]
        if operand.is_scalar or operand.shape[axis].is_one:
            alone = UNIT if op == "softmax" else num(0) if op == "log_softmax" else x
            return alone if x.is_scalar or op == "logsumexp" else forms.fill(alone, shape)
        is_vector = operand.is_column or operand.is_row
        return node(op, (x,), None if is_vector else axis, SCALAR if is_vector and op == "logsumexp" else shape)
    return rule


def _whole(op: str):
    """softmax and logsumexp of a vector."""
    def rule(low: Lowering, e: Expr, args, shape) -> Expr:
        if e.args[0].is_scalar:
            return args[0] if op == "logsumexp" else UNIT if op == "softmax" else num(0)
        return node(op, args, None, shape)
    return rule


def _sum(axis: int | None, is_mean: bool):
    def rule(low: Lowering, e: Expr, args, shape) -> Expr:
        x, operand = args[0], e.args[0]
        if axis is None:
            out, count = contractions.total(x), operand.rows * operand.cols
        elif operand.is_column or operand.is_row or operand.is_scalar:
            count = operand.shape[axis]
            out = x if count.is_one else contractions.total(x)
        else:
            out, count = (contractions.rowsum if axis else contractions.colsum)(x), operand.shape[axis]
        return forms.scale(_reciprocal(size_number(count)), out) if is_mean and not count.is_one else out
    return rule


def _reciprocal(c: Expr) -> Expr:
    return node("pow", (c, num(-1)), None, SCALAR)


def _difference(a: Expr, b: Expr) -> Expr:
    return forms.add(a, forms.neg(b))


def _mse(low, e, args, shape) -> Expr:
    r = _difference(*args)
    return forms.times(contractions.vdot(r, r), _reciprocal(size_number(e.args[0].rows * e.args[0].cols)))


def _cross_entropy(low, e, args, shape) -> Expr:
    return forms.neg(contractions.vdot(args[1], forms.entrywise("fn", (args[0],), _func("log"), args[0].shape)))


def _bce(low, e, args, shape) -> Expr:
    p, y = args
    log = forms.entrywise("fn", (p,), _func("log"), p.shape)
    other = forms.entrywise("fn", (forms.neg(p),), _func("log1p"), p.shape)
    return forms.neg(forms.add(contractions.vdot(y, log), contractions.vdot(_difference(_ones_like(y), y), other)))


def _hinge(low, e, args, shape) -> Expr:
    s, y = args
    margin = _difference(_ones_like(s), forms.had(y, s))
    return contractions.total(forms.entrywise("fn", (margin,), _func("relu"), margin.shape))


def _ones_like(x: Expr) -> Expr:
    return UNIT if x.is_scalar else forms.fill(UNIT, x.shape)


def _func(name: str) -> Func:
    return Func(name)


def _kron(low, e, args, shape) -> Expr:
    """Of a row with a column, an outer product; else the orientations are kept."""
    a, b = e.args
    (x, y) = args
    if a.is_scalar or b.is_scalar:
        return forms.scale(*(args if a.is_scalar else args[::-1]))
    if a.is_column and b.is_row:
        return forms.outer(x, y)
    if a.is_row and b.is_column:
        return forms.outer(y, x)
    return node("kron", args, tuple("column" if v.is_column else "row" if v.is_row else "" for v in e.args), shape)


def _extreme(low, e, args, shape) -> Expr:
    return args[0] if args[0].is_scalar else node(e.op, args, None, SCALAR)


def _one_hot(low, e, args, shape) -> Expr:
    return UNIT if args[0].is_scalar else node(e.op, args, None, shape)


def _norm(low, e, args, shape) -> Expr:
    return _fn("abs")(args[0]) if args[0].is_scalar else node(e.op, args, None, SCALAR)


def _matpow(low, e, args, shape) -> Expr:
    x, k = args
    if k.op == "num" and k.data == 2 and not x.is_scalar:
        return contractions.matmul(x, x)
    return forms.entrywise("pow", args, None, shape) if x.is_scalar else node("matpow", args, None, shape)


def _if_matrix(make, alone):
    """An operation on square matrices; `alone` is its value for a number."""
    return lambda low, e, args, shape: alone(args[0]) if args[0].is_scalar else make(args[0], e, shape)


def _call(op: str):
    return lambda x, e, shape: node(op, (x,), e.data, shape)


def _fn(name: str):
    return lambda x: forms.entrywise("fn", (x,), _func(name), SCALAR)


def _written_out(low: Lowering, e: Expr, args, shape) -> Expr:
    return low.lower(standardisation(e))


_RULES = {
    **dict.fromkeys((f"{op}{along}" for op in (*NORMALS, *SCALES) for along in ("", "_rows", "_cols")), _written_out),
    **{op: _if_matrix(_call(op), lambda x: x) for op in ("tril", "triu", "diagsums")},
    "T": lambda low, e, args, shape: forms.transpose(args[0]), "matmul": Lowering.chain,
    "tr": lambda low, e, args, shape: contractions.trace(args[0]),
    "inner": lambda low, e, args, shape: contractions.vdot(*args),
    "sqnorm": lambda low, e, args, shape: contractions.vdot(args[0], args[0]),
    "diagpart": lambda low, e, args, shape: contractions.diagonal(args[0]),
    "diag": _if_matrix(_call("diag"), lambda x: x),
    "inv": _if_matrix(_call("inv"), _reciprocal), "pinv": _if_matrix(_call("pinv"), _reciprocal),
    "det": _if_matrix(_call("det"), lambda x: x), "logdet": _if_matrix(_call("logdet"), _fn("log")),
    "expm": _if_matrix(_call("expm"), _fn("exp")),
    "vec": lambda low, e, args, shape: args[0] if args[0].cols.is_one else node("vec", args, None, shape),
    "mat": lambda low, e, args, shape: args[0] if shape[1].is_one else node("mat", args, e.data, shape),
    "sum": _sum(None, False), "mean": _sum(None, True), "rowsum": _sum(1, False), "rowmean": _sum(1, True),
    "colsum": _sum(0, False), "colmean": _sum(0, True),
    "softmax": _whole("softmax"), "softmax_rows": _along("softmax", 1), "softmax_cols": _along("softmax", 0),
    "log_softmax": _whole("log_softmax"), "log_softmax_rows": _along("log_softmax", 1),
    "log_softmax_cols": _along("log_softmax", 0),
    "logsumexp": _whole("logsumexp"), "logsumexp_rows": _along("logsumexp", 1),
    "logsumexp_cols": _along("logsumexp", 0),
    "mse": _mse, "cross_entropy": _cross_entropy, "bce": _bce, "hinge": _hinge,
    "max": _extreme, "min": _extreme, "argmax": _one_hot, "argmin": _one_hot,
    "norm1": _norm, "norm2": _norm, "kron": _kron, "matpow": _matpow,
}
