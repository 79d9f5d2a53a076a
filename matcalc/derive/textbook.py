"""The form that a textbook prints.

`textbook` rebuilds an expression from the inside out and at each node takes
the shortest of a few candidates: as it is, with known functions recognised,
with common factors taken out, multiplied out where something cancels.  It never
decides correctness; numbers do.
"""

from __future__ import annotations

from itertools import pairwise

from ..expr import algebra as alg
from ..expr.canonical import canonical
from ..expr.node import Expr, walk
from .cancel import cancelled, complement, flipped
from .factor import factored
from .patterns import is_function, known

MAX_EXPANDED = 24       # terms of a sum that is multiplied out on trial
MAX_LONGER = 4          # by how much a sum multiplied out may be longer before factors are taken out
MAX_COST = 400          # longer expressions are not multiplied out


def textbook(e: Expr, memo: dict[Expr, Expr] | None = None, values: dict[Expr, Expr] | None = None) -> Expr:
    """The shortest usual form of e.

    memo     results of earlier calls, to be shared by calls of one derivation
    values   what leaves are replaced by (already in textbook form)
    """
    memo = {} if memo is None else memo
    if values:
        memo.update(values)
    for part in walk_new(e, memo):
        if not part.args:
            memo[part] = part
            continue
        args = tuple(memo[a] for a in part.args)
        memo[part] = polish(alg.rebuild(part, args), memo)
    return memo[e]


def walk_new(root: Expr, memo: dict[Expr, Expr]):
    """Nodes that are not in memo yet, operands first."""
    stack = [root]
    while stack:
        e = stack[-1]
        if e in memo:
            stack.pop()
            continue
        waiting = [a for a in e.args if a not in memo]
        if waiting:
            stack += waiting
        else:
            stack.pop()
            yield e


def polish(e: Expr, memo: dict[Expr, Expr]) -> Expr:
    """The best of the candidates for one node whose operands are in textbook form."""
    for _ in range(8):
        better = _improved(e)
        if better is e:
            break
        for part in better.args:  # a common factor taken out leaves a new sum behind
            textbook(part, memo)
        e = alg.rebuild(better, tuple(memo[a] for a in better.args)) if better.args else better
    return e


def _improved(e: Expr) -> Expr:
    found = known(e)
    if found is not e:
        return found
    if e.op == "add":
        found = complement(e)
        return found if found is not e else _shortest(e, _candidates(e))
    if e.op == "matmul":
        e = _shortest(_squared_inverse(e), _cancelled_inverses(e))
    if e.op in ("had", "scale", "matmul"):
        for shorter in (_primed, cancelled, flipped):
            found = shorter(e)
            if found is not e:
                return found
        if e.cost <= MAX_COST:
            plain = _explicit(e)
            if _may_cancel(plain):
                return _shortest(e, _multiplied_out(plain))
    return e


def _shortest(e: Expr, candidates) -> Expr:
    """The shortest candidate; among equals e, unless a scalar stands in front of the other."""
    return min((e, *candidates), key=lambda c: (c.cost, c.op != "scale"))


def _candidates(e: Expr):
    """Other forms of a sum."""
    yield factored(e)
    if not e.is_scalar:
        yield alg.build.transpose(alg.add(*map(alg.transpose, e.args)))
    yield from _multiplied_out(e)


def _multiplied_out(e: Expr):
    """e multiplied out, if terms cancel or merge then, or it is hardly longer."""
    terms = expanded(e, _denominators(e) | _logistic(e)) if e.cost <= MAX_COST else None
    if terms is None or len(terms) < 2:
        return
    total = alg.add(*(known(cancelled(t)) for t in terms))
    if total.op != "add" or len(total.args) < len(terms) or total.cost <= e.cost + MAX_LONGER:
        yield factored(total)


def expanded(e: Expr, kept: frozenset = frozenset()) -> list[Expr] | None:
    """The terms of e multiplied out; None when there are too many.

    kept   canonical forms of sums that stay together, since they stand below a line
    """
    if e.op == "add":
        if canonical(e) in kept:
            return [e]
        out: list[Expr] = []
        for t in e.args:
            terms = expanded(t, kept)
            if terms is None:
                return None
            out += terms
        return out if len(out) <= MAX_EXPANDED else None
    if e.op not in ("had", "scale", "matmul"):
        return [e]
    product = {"had": alg.had, "scale": alg.mul, "matmul": alg.matmul}[e.op]
    partial: list[tuple[Expr, ...]] = [()]
    for factor in e.args:
        terms = expanded(factor, kept)
        if terms is None or len(partial) * len(terms) > MAX_EXPANDED:
            return None
        partial = [p + (t,) for p in partial for t in terms]
    return [product(*p) for p in partial]


def _denominators(e: Expr) -> frozenset:
    """Canonical forms of the sums that e divides by."""
    return frozenset(canonical(f.args[0]) for root in _all_factors(e) for f in _near(root)
                     if f.op == "pow" and f.args[0].op == "add" and f.args[1].op == "num" and f.args[1].data < 0)


def _logistic(e: Expr) -> frozenset:
    """Canonical forms of the 1 - y that stand beside y: y .* (1 - y) stays together."""
    return frozenset(canonical(s) for h in walk(e) if h.op == "had" for s in h.args
                     if s.op == "add" and any(s is alg.sub(alg.ones(y.shape), y) for y in h.args))


def _may_cancel(e: Expr) -> bool:
    """Whether multiplying out could make something cancel: a sum stands beside
    a factor or holds a term that contains an inverse power or an inverse."""
    sums = [f for f in _all_factors(e) if f.op == "add"]
    if not sums:
        return False
    if e.op == "matmul":
        return any(_has_inverse(f) for f in e.args) or any(
            t.op in ("eye", "ones") for f in sums for t in _bodies(f))
    return any(f.op == "pow" and f.args[1].op == "num" and f.args[1].data < 0
               for root in _all_factors(e) for f in _near(root))


def _bodies(e: Expr) -> list[Expr]:
    return [body for t in e.args if (body := alg.split(t)[2]) is not None]


def _all_factors(e: Expr) -> list[Expr]:
    out = []
    for a in e.args:
        out += _all_factors(a) if a.op in ("had", "scale") else [a]
    return out


def _near(e: Expr):
    """e, and the factors of its terms."""
    yield e
    if e.op == "add":
        for t in e.args:
            yield from _all_factors(t) if t.op in ("had", "scale") else (t,)


def _has_inverse(e: Expr) -> bool:
    return e.op == "inv" or (e.op in ("T", "add", "scale", "matmul") and any(map(_has_inverse, e.args)))


def _primed(e: Expr) -> Expr:
    """sigmoid(u) .* (1 - sigmoid(u)) is sigmoid'(u)."""
    if e.op != "had":
        return e
    for y in e.args:
        if is_function(y, "sigmoid"):
            other = alg.sub(alg.ones(y.shape), y)
            if other in e.args:
                rest = [f for f in e.args if f is not y and f is not other]
                return alg.had(*rest, alg.fn(y.data.prime, y.args[0]))
    return e


def _cancelled_inverses(e: Expr):
    """A^T (A X B)^{-T} B^T = X^{-T} for square factors."""
    factors = []
    for f in e.args:
        inner = f.args[0] if f.op == "T" else f
        if inner.op == "inv" and inner.args[0].op == "matmul":
            parts = inner.args[0].args
            if all(p.rows == p.cols for p in parts):
                turned = alg.matmul(*(alg.inverse(p) for p in reversed(parts)))
                f = alg.transpose(turned) if f.op == "T" else turned
        factors.append(f)
    if any(a is not b for a, b in zip(factors, e.args, strict=True)):
        yield alg.matmul(*factors)


def _explicit(e: Expr) -> Expr:
    """sigmoid'(u) as sigmoid(u) .* (1 - sigmoid(u)), which may cancel with a denominator."""
    if e.op != "had":
        return e
    for f in e.args:
        if f.op == "fn" and f.data.name == "sigmoid" and f.data.order == 1 and not f.data.is_user:
            y = alg.fn("sigmoid", f.args[0])
            return alg.had(*(g for g in e.args if g is not f), y, alg.sub(alg.ones(y.shape), y))
    return e


def _squared_inverse(e: Expr) -> Expr:
    """X^{-1} X^{-1} = X^{-2}, and the same for X^{-T}."""
    for i, (a, b) in enumerate(pairwise(e.args)):
        inner = a.args[0] if a.op == "T" else a
        if inner.op == "inv" and a is b:
            square = alg.matpow(inner.args[0], alg.num(-2))
            square = alg.transpose(square) if a.op == "T" else square
            return alg.matmul(*e.args[:i], square, *e.args[i + 2:])
    return e

