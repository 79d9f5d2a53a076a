"""Entry by entry: Hadamard products, products of scalars, powers, functions."""

from __future__ import annotations

from fractions import Fraction
from typing import Iterable

from ...shapes import is_scalar
from .. import build
from ..build import num, ones, zeros
from ..canonical import canonical
from ..node import Expr, Func, node
from ..terms import MINUS, UNIT, ZERO, assumed, is_num, is_ones, is_zero, join, split
from . import chains, sums


def _base(e: Expr) -> tuple[Expr, Expr]:
    """e = base ^ exponent."""
    if e.op == "pow":
        return e.args
    if e.op == "sqnorm":
        return build.call("norm2", e.args[0]), num(2)
    if e.op == "fn" and e.data.name == "sqrt" and e.data.order == 0:
        return e.args[0], num(Fraction(1, 2))
    return e, UNIT


def _merged(factors: Iterable[Expr]) -> tuple[Expr, ...]:
    """Factors of one commutative product with equal bases merged, in order."""
    factors = tuple(factors)
    if len(factors) < 2:
        return factors
    powers: dict[Expr, tuple[Expr, Expr]] = {}
    for f in factors:
        base, exponent = _base(f)
        key = canonical(base)
        if key in powers:
            base, old = powers[key]
            exponent = sums.add(old, exponent)
        powers[key] = base, exponent
    if len(powers) == len(factors):
        return factors
    return tuple(x for b, p in powers.values() if not is_ones(x := power(b, p)))


def had(*factors: Expr) -> Expr:
    """Hadamard product; of scalars the ordinary product."""
    shape = factors[0].shape
    number = Fraction(1)
    scalars: list[Expr] = []
    bodies: list[Expr] = []
    for f in factors:
        n, s, body = split(f)
        number *= n
        scalars += s
        if body is not None and body.op != "ones":
            bodies += body.args if body.op == "had" else (body,)
    if number == 0 or any(b.op == "zeros" for b in bodies):
        return zeros(shape)
    front = merged_scalars(number, scalars)
    if is_scalar(shape):
        return front
    if any(b.op == "eye" for b in bodies):  # only the diagonal counts, and X^T has the same
        bodies = [b.args[0] if b.op == "T" else b for b in bodies]
    kept = _merged(bodies)
    kept = tuple(b for b in kept if b.op != "ones")
    if not kept:
        return mul(front, ones(shape))
    body = kept[0] if len(kept) == 1 else node("had", kept, None, shape)
    return mul(front, body)


def merged_scalars(number: Fraction, scalars: Iterable[Expr]) -> Expr:
    """A product of scalars; merging may bring out further numbers."""
    merged = _merged(scalars)
    rest = []
    for f in merged:
        n, s, _ = split(f)
        number *= n
        rest += s
    return join(number, tuple(rest), None) if number else ZERO


def scale(c: Expr, x: Expr) -> Expr:
    """Scalar times non-scalar."""
    if is_zero(c) or x.op == "zeros":
        return zeros(x.shape)
    if is_num(c, 1):
        return x
    if x.op == "scale":
        return scale(had(c, x.args[0]), x.args[1])
    return build.scale(c, x)


def mul(a: Expr, b: Expr) -> Expr:
    """The product of ordinary notation."""
    if a.is_scalar and b.is_scalar:
        return had(a, b)
    if a.is_scalar:
        return scale(a, b)
    return scale(b, a) if b.is_scalar else chains.matmul(a, b)


def div(a: Expr, b: Expr) -> Expr:
    inverse = power(b, MINUS)
    if a.shape == b.shape:
        return had(a, inverse)
    return mul(inverse, a)


def power(x: Expr, p: Expr) -> Expr:
    """Entrywise power x ^ p."""
    if is_num(p, 0) or x.op == "ones" or is_num(x, 1):
        return ones(x.shape)
    if is_num(p, 1):
        return x
    whole = p.op == "num" and p.data.denominator == 1
    if whole:
        if x.op == "num" and (x.data != 0 or p.data > 0):
            return num(x.data ** int(p.data))
        if x.op == "had":
            return had(*(power(f, p) for f in x.args))
        if x.op == "scale":
            return scale(power(x.args[0], p), power(x.args[1], p))
        base, q = _base(x)
        if base is not x:
            return power(base, had(q, p))
    if x.op == "norm2" and is_num(p, 2):
        return build.call("sqnorm", x.args[0])
    if is_num(p, Fraction(1, 2)):
        return fn("sqrt", x)
    return build.power(x, p)


_INVERSE_FUNCTIONS = {"log": "exp", "exp": "log"}


def fn(f: "Func | str", x: Expr) -> Expr:
    """Entrywise function."""
    f = Func(f) if isinstance(f, str) else f
    if f.order == 0 and not f.is_user:
        if x.op == "fn" and x.data == Func(_INVERSE_FUNCTIONS.get(f.name, "")):
            return x.args[0]
        if f.name == "log" and is_ones(x):
            return zeros(x.shape)
        if f.name == "exp" and is_zero(x):
            return ones(x.shape)
        if f.name == "sqrt" and x.op == "num" and x.data >= 0:
            root = _exact_root(x.data)
            if root is not None:
                return num(root)
        if f.name == "abs" and assumed(x, "positive"):
            return x
    return build.fn(f, x)


def _exact_root(value: Fraction) -> Fraction | None:
    top, bottom = round(value.numerator ** 0.5), round(value.denominator ** 0.5)
    return Fraction(top, bottom) if Fraction(top, bottom) ** 2 == value else None
