"""The chain rule's product for one gradient, factor by factor, as on a slide."""

from __future__ import annotations

from dataclasses import dataclass

from ..expr import algebra as alg
from ..expr.node import Expr
from .closed import ClosedForms
from .sweep import Sweep


@dataclass(frozen=True)
class ChainFactor:
    """d of / d by, and what it is.

    value    closed form of what the factor multiplies with
    side     "seed" (the first factor), "left" or "right" (matrix product),
             "hadamard", "scalar"
    reused   whether an earlier gradient of the same derivation has this factor
    """

    of: str
    by: str
    value: Expr
    side: str
    reused: bool = False


def chain(sweep: Sweep, closed: ClosedForms, name: str) -> tuple[ChainFactor, ...]:
    """The factors of dL/dname from the loss down, or () when there is no single
    path, or a step that is not a multiplication from one side."""
    names = _path(sweep, name)
    if names is None:
        return ()
    out = [ChainFactor(sweep.output, names[0], closed.gradient(names[0]), "seed")]
    for of, by in zip(names, names[1:]):
        found = factor(sweep.parts[by][0][1], sweep.symbol(of))
        if found is None:
            return ()
        side, value = found
        out.append(ChainFactor(of, by, closed.forward(value), side))
    return tuple(out)


def _path(sweep: Sweep, name: str) -> list[str] | None:
    """Names from the one next to the loss down to `name`; a cotangent that does
    not refer to the one before it (softmax with cross-entropy) starts the path."""
    names = [name]
    while True:
        parts = sweep.parts[names[-1]]
        if len(parts) != 1:
            return None
        above = parts[0][0]
        if above == sweep.output or not _refers(sweep.named[names[-1]], sweep.symbol(above)):
            return names[::-1]
        names.append(above)


def _refers(e: Expr, symbol: Expr) -> bool:
    stack, seen = [e], set()
    while stack:
        part = stack.pop()
        if part is symbol:
            return True
        if part not in seen:
            seen.add(part)
            stack += part.args
    return False


def factor(contribution: Expr, G: Expr) -> tuple[str, Expr] | None:
    """(side, value) of a contribution that is G times something."""
    number, scalars, body = alg.split(contribution)
    front = alg.join(number, tuple(s for s in scalars if s is not G), None)
    if G.is_scalar and G in scalars and body is not None:
        return "left", alg.mul(front, body)
    if G.is_scalar and body is None and scalars.count(G) == 1:
        return "scalar", front
    if body is None:
        return None
    if body is G:
        return "left", alg.mul(front, alg.eye(G.rows))
    if body.op == "matmul" and body.args.count(G) == 1:
        i = body.args.index(G)
        if 0 < i < len(body.args) - 1:
            return None
        rest = body.args[1:] if i == 0 else body.args[:-1]
        return ("right" if i == 0 else "left"), alg.mul(front, alg.matmul(*rest))
    if body.op == "had" and body.args.count(G) == 1:
        rest = tuple(f for f in body.args if f is not G)
        return "hadamard", alg.mul(front, alg.had(*rest))
    return None
