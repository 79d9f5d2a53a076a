"""Values of drafts: expressions whose shapes need not fit, evaluated part by part.

The sizes of a random point are all different, so an array fits where its shape does.
Every part is evaluated once, whatever formulas it stands in.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from ...expr import build
from ...expr.node import Expr, Func, node, walk
from ...numeric.evaluate import evaluate
from ...numeric.sample import Point
from ...rules import RULES
from ...shapes import is_scalar, size

Array = np.ndarray | None  # None: the shapes do not fit, or there is no number
SQUARE = {"inv", "det", "logdet", "tr", "expm", "matpow", "diagpart", "tril", "triu", "diagsums"}
_LEAVES = {"num", "const", "size", "ones", "zeros", "eye", "commutation"}
_FREE = {"pow", "kron", "matpow", "mat", "vec", "rearrange"}  # operands of any two shapes


class Values:
    """Values of parts at one point.

    named   name -> array, of the variables, the intermediates and the cotangents
    """

    def __init__(self, point: Point, named: dict):
        self.point, self.named = point, named
        self.known: dict[Expr, Array] = {}

    def of(self, e: Expr) -> Array:
        """The value of a draft (as deep as an answer may be)."""
        if e not in self.known:
            self.known[e] = self.leaf(e) if not e.args else self.made(e, [self.of(a) for a in e.args])
        return self.known[e]

    def leaf(self, e: Expr) -> Array:
        if e.op in _LEAVES:
            return evaluate([e], {}, self.point.sizes)[0]
        return self.named.get(e.name if e.op == "var" else e.data)

    def made(self, e: Expr, args: list[Array]) -> Array:
        """The value of a node from those of its operands."""
        if any(a is None for a in args):
            return None
        if e.op == "add":
            return _total(e.args, args)
        if e.op in _WRITTEN:
            return _WRITTEN[e.op](args)
        if e.op in SQUARE and args[0].shape[0] != args[0].shape[1]:
            return None
        if len(args) == 2 and e.op not in _FREE and args[0].shape != args[1].shape and args[1].size > 1:
            return None
        if e.op == "pow" and args[1].size > 1:
            return None
        try:
            return self._operation(e, args)
        except (ValueError, IndexError, np.linalg.LinAlgError, KeyError):
            return None

    def _operation(self, e: Expr, args: list[Array]) -> Array:
        if e.op == "fn" and (e.data.order or e.data.is_user):
            return _function(e.data, args[0])
        if e.op == "diag" and args[0].shape[1] != 1:
            return None
        return RULES[e.op].oracle(np, args, e.data, self.point.sizes)


def _product(args: list[Array]) -> Array:
    out = args[0]
    for x in args[1:]:
        if out.size == 1 or x.size == 1:
            out = out * x
        elif out.shape[1] == x.shape[0]:
            out = out @ x
        else:
            return None
    return out


def _entrywise(args: list[Array]) -> Array:
    out = args[0]
    for x in args[1:]:
        if out.shape != x.shape and out.size > 1 and x.size > 1:
            return None
        out = out * x
    return out


def _total(terms: tuple[Expr, ...], args: list[Array]) -> Array:
    """A sum; bare numbers take the shape of the other terms."""
    shapes = {a.shape for t, a in zip(terms, args, strict=True) if t.op != "num" or a.size > 1}
    return None if len(shapes) > 1 else sum(args[1:], args[0])


_WRITTEN = {"matmul": _product, "scale": _product, "had": _entrywise, "T": lambda args: args[0].T}


def _function(f: Func, x: np.ndarray) -> np.ndarray:
    symbol = build.var("x", (size(x.shape[0]), size(x.shape[1])))
    return evaluate([build.fn(f, symbol)], {"x": x}, {})[0]


# ------------------------------------------------------------ products as they are written


def factors(e: Expr) -> list[Expr]:
    """The factors of a product from left to right, numbers and scalars among them."""
    is_product = e.op in ("matmul", "scale") or e.op == "had" and is_scalar(e.shape)
    return [f for a in e.args for f in factors(a)] if is_product else [e]


def product(parts: list[Expr]) -> Expr:
    """The draft of a product."""
    return parts[0] if len(parts) == 1 else node("matmul", tuple(parts), None, (parts[0].rows, parts[-1].cols))


def drafted(op: str, args: list[Expr], data=None) -> Expr:
    """The draft of any other operation; its shape is that of its first operand."""
    return node(op, tuple(args), data, args[0].shape)


def turned(e: Expr) -> Expr:
    """e transposed, or without its transpose."""
    return e.args[0] if e.op == "T" else node("T", (e,), None, (e.cols, e.rows))


# ------------------------------------------------------------ drafts as expressions


class Misfit(Exception):
    """The shapes of a draft do not fit."""


def fitted(e: Expr) -> Expr:
    """The expression of a draft whose shapes fit. Raises Misfit."""
    memo: dict[Expr, Expr] = {}

    def made(x: Expr) -> Expr:
        if x not in memo:
            memo[x] = _fitted(x, [made(a) for a in x.args])
        return memo[x]
    return made(e)


def printed(e: Expr) -> Expr:
    """A draft whose shapes do not fit, with its signs and numbers where one writes them."""
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = [memo[a] for a in part.args]
        if part.op == "matmul" and args[0].is_scalar and len(args) > 1:
            rest = args[1] if len(args) == 2 else product(args[1:])
            memo[part] = node("scale", (args[0], rest), None, rest.shape)
        else:
            memo[part] = node(part.op, tuple(args), part.data, part.shape)
    return memo[e]


def _fitted(e: Expr, args: list[Expr]) -> Expr:
    if not args:
        return e
    if e.op in ("matmul", "scale"):
        return reduce(_times, args)
    if e.op == "had":
        return reduce(_entry_by_entry, args)
    if e.op == "add":
        return _sum(args)
    if e.op == "T":
        return build.transpose(args[0])
    if e.op in SQUARE and args[0].rows != args[0].cols:
        raise Misfit
    if e.op == "kron":
        return build.kron(*args)
    if e.op in build.RESULT_SHAPE:
        return _called(e, args)
    return node(e.op, tuple(args), e.data, args[0].shape if e.op in ("fn", "pow", "matpow") else e.shape)


def _sum(args: list[Expr]) -> Expr:
    shape = next((a.shape for a in args if a.op != "num"), args[0].shape)
    spread = [a if a.op != "num" or is_scalar(shape) else build.ones(shape) if a.data == 1
              else build.scale(a, build.ones(shape)) for a in args]
    if any(a.shape != shape for a in spread):
        raise Misfit
    return build.add(*spread)


def bare(term: Expr) -> Expr:
    """A term of a sum; a number with ones is the bare number that was written."""
    parts = factors(term)
    if parts[-1].op == "ones" and len(parts) <= 2 and parts[0].op in ("num", "ones"):
        return parts[0] if parts[0].op == "num" else build.num(1)
    return term


def _called(e: Expr, args: list[Expr]) -> Expr:
    if args[0].is_scalar and e.op in ("inv", "tr", "diag", "diagpart", "det", "sum", "rowsum", "colsum"):
        return build.power(args[0], build.num(-1)) if e.op == "inv" else args[0]
    return build.call(e.op, *args)


def _times(a: Expr, b: Expr) -> Expr:
    if not a.is_scalar and not b.is_scalar and a.cols != b.rows:
        raise Misfit
    return build.mul(a, b)


def _entry_by_entry(a: Expr, b: Expr) -> Expr:
    if a.is_scalar or b.is_scalar:
        return build.mul(a, b)
    if a.shape != b.shape:
        raise Misfit
    return build.had(a, b)
