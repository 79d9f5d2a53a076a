"""The canonical form, which decides whether two expressions are alike.

It sorts what commutes (by the nodes' digests), pushes every transpose to the
leaves, fixes the sign of sums and the direction of scalar products, and so maps
many ways to write an expression to one.  It is a key and is never shown.  Not
every two equal expressions have the same canonical form (products are not
expanded); values decide equality, this only finds like terms.
"""

from __future__ import annotations

from ..shapes import SCALAR
from . import terms
from .build import num
from .node import Expr, node


def canonical(e: Expr) -> Expr:
    """The canonical form of e; kept on the node, so each node is done once."""
    if e.memo is not None:
        return e.memo
    stack = [e]
    while stack:
        top = stack[-1]
        waiting = [a for a in top.args if a.memo is None]
        if waiting and top.memo is None:
            stack += waiting
            continue
        stack.pop()
        if top.memo is None:
            form = _canonical(top)
            top.memo = form
            if form.memo is None:
                form.memo = form
    return e.memo


def _canonical(e: Expr) -> Expr:
    if not e.args:
        return e
    args = tuple(a.memo for a in e.args)
    if e.op == "T":
        return _transposed(args[0])
    if e.op == "add":
        return _signed(_sorted("add", _flat("add", args)))
    if e.op == "had":
        return _product(args, e.shape)
    if e.op == "scale":
        return _product(args, e.shape)
    if e.op == "matmul":
        return _chain(args)
    if e.op == "tr":
        return _trace(args[0])
    if e.op == "sqnorm":
        return node("pow", (node("norm2", args, None, e.shape), num(2)), None, e.shape)
    return node(e.op, args, e.data, e.shape)


def _flat(op: str, args) -> list[Expr]:
    return [x for a in args for x in (a.args if a.op == op else (a,))]


def _sorted(op: str, args: list[Expr]) -> Expr:
    args = sorted(args, key=lambda a: a.digest)
    return node(op, tuple(args), None, args[0].shape)


def _signed(total: Expr) -> Expr:
    """Pull a minus out of a sum, so that a - b and b - a differ by their sign only."""
    cores = sorted((_without_sign(t) for t in total.args), key=lambda a: a.digest)
    first = next(t for t in total.args if _without_sign(t) is cores[0])
    number = terms.split(first)[0]
    if number > 0:
        return total
    flipped = _sorted("add", [_negated(t) for t in total.args])
    return _negated(flipped)


def _without_sign(t: Expr) -> Expr:
    number, scalars, body = terms.split(t)
    return terms.join(abs(number), scalars, body) if number < 0 else t


def _negated(t: Expr) -> Expr:
    number, scalars, body = terms.split(t)
    return terms.join(-number, scalars, body)


def _product(args: tuple[Expr, ...], shape) -> Expr:
    """number * sorted scalars * sorted Hadamard factors."""
    number = terms.UNIT.data
    scalars: list[Expr] = []
    bodies: list[Expr] = []
    for a in args:
        n, s, body = terms.split(a)
        number *= n
        scalars += s
        if body is not None:
            bodies += body.args if body.op == "had" else (body,)
    scalars.sort(key=lambda a: a.digest)
    if not bodies:
        return terms.join(number, tuple(scalars), None)
    body = bodies[0] if len(bodies) == 1 else _sorted("had", bodies)
    return terms.join(number, tuple(scalars), body)


def _chain(args) -> Expr:
    """A product: scalars in front, a scalar-valued chain in its smaller direction."""
    number = terms.UNIT.data
    scalars: list[Expr] = []
    factors: list[Expr] = []
    for a in args:
        n, s, body = terms.split(a)
        number *= n
        scalars += s
        if body is not None:
            factors += body.args if body.op == "matmul" else (body,)
    shape = factors[0].rows, factors[-1].cols
    chain = tuple(factors)
    if factors[0].rows.is_one and factors[-1].cols.is_one:
        other = tuple(_transposed(f) for f in reversed(factors))
        if [f.digest for f in other] < [f.digest for f in chain]:
            chain = other
    body = node("matmul", chain, None, shape)
    if body.is_scalar:
        return terms.join(number, tuple(sorted(scalars + [body], key=lambda a: a.digest)), None)
    return terms.join(number, tuple(sorted(scalars, key=lambda a: a.digest)), body)


def _trace(x: Expr) -> Expr:
    """tr of a product: the smallest of its rotations and their transposes."""
    number, scalars, body = terms.split(x)
    factors = body.args if body.op == "matmul" else (body,)
    flipped = tuple(_transposed(f) for f in reversed(factors))
    turns = [c[i:] + c[:i] for c in (factors, flipped) for i in range(len(c))]
    best = min(turns, key=lambda c: [f.digest for f in c])
    inner = best[0] if len(best) == 1 else node("matmul", best, None, (best[0].rows, best[-1].cols))
    trace = node("tr", (inner,), None, SCALAR)
    return terms.join(number, tuple(sorted(scalars + (trace,), key=lambda a: a.digest)), None)


def _transposed(e: Expr) -> Expr:
    """The canonical form of the transpose of a canonical form; each node is done once."""
    if e.turned is None:
        e.turned = _turned(e)
    return e.turned


def _turned(e: Expr) -> Expr:
    if e.is_scalar or e.op in ("eye", "diag"):
        return e
    if e.op == "T":
        return e.args[0]
    if e.op in ("ones", "zeros"):
        return node(e.op, (), None, (e.cols, e.rows))
    if terms.assumed(e, "symmetric", "spd", "diagonal"):
        return e
    if terms.assumed(e, "skew"):
        return _negated(e)
    if e.op == "scale":
        return terms.join(*terms.split(e)[:2], _transposed(e.args[1]))
    parts = tuple(_transposed(a) for a in e.args) if e.op in ("add", "had", "matmul", "kron") else ()
    if e.op == "add":
        return _signed(_sorted("add", list(parts)))
    if e.op == "had":
        return _product(parts, (e.cols, e.rows))
    if e.op == "matmul":
        return _chain(tuple(reversed(parts)))
    if e.op == "kron":
        return node("kron", parts, None, (e.cols, e.rows))
    if e.op in ("inv", "matpow", "fn", "pow"):
        first = _transposed(e.args[0])
        number, scalars, body = terms.split(first)
        if number == 1 and not scalars:
            return node(e.op, (first,) + e.args[1:], e.data, (e.cols, e.rows))
    return node("T", (e,), None, (e.cols, e.rows))
