"""Common factors of a sum: A x + A^T x -> (A + A^T) x, u .* a + u .* b -> u .* (a + b)."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from ..expr import algebra as alg
from ..expr.canonical import canonical
from ..expr.node import Expr

MAX_TERMS = 12


def factored(e: Expr) -> Expr:
    """The sum e with common factors taken out as long as that makes it shorter."""
    if e.op != "add" or len(e.args) > MAX_TERMS:
        return e
    terms = list(e.args)
    while len(terms) > 1:
        best = max(_merges(terms), key=lambda m: m[0], default=None)
        if best is None or best[0] <= 0:
            break
        _, i, j, merged = best
        terms[i] = merged
        del terms[j]
    out = alg.add(*terms)
    return common_scalar(out)


def _merges(terms: list[Expr]):
    for i, j in combinations(range(len(terms)), 2):
        for merged in _pair(terms[i], terms[j]):
            yield terms[i].cost + terms[j].cost + 1 - merged.cost, i, j, merged


def _pair(s: Expr, t: Expr):
    """Ways to write s + t as one product."""
    m, a, x = alg.split(s)
    n, b, y = alg.split(t)
    if x is not None and canonical(x) is canonical(y):  # different scalars, same matrix
        yield alg.mul(alg.add(alg.join(m, a, None), alg.join(n, b, None)), x)
        return
    front, a, b = _shared(a, b)
    number = abs(m) if abs(m) == abs(n) else Fraction(1)
    if m < 0 and n < 0:
        number = -number
    front = alg.join(number, front, None)
    left, right = alg.join(m / number, a, None), alg.join(n / number, b, None)
    if x is None:
        if front is not alg.UNIT:
            yield alg.had(front, alg.add(left, right))
        return
    sums = [*_common_ends(x, y, left, right), *_common_entries(x, y, left, right)]
    yield from (alg.mul(front, body) for body in sums)


def _shared(a: tuple[Expr, ...], b: tuple[Expr, ...]):
    """(what a and b have in common, the rest of a, the rest of b)."""
    common, left, right = [], list(a), list(b)
    for f in a:
        match = next((g for g in right if canonical(g) is canonical(f)), None)
        if match is not None:
            common.append(f)
            left.remove(f)
            right.remove(match)
    return tuple(common), tuple(left), tuple(right)


def _factors(e: Expr, op: str) -> tuple[Expr, ...]:
    return e.args if e.op == op else (e,)


def _common_ends(x: Expr, y: Expr, left: Expr, right: Expr):
    """P A S + P B S = P (A + B) S; `left` and `right` are the scalars of A and B."""
    p, q = _factors(x, "matmul"), _factors(y, "matmul")
    shortest = min(len(p), len(q)) - 1
    front = 0
    while front < shortest and canonical(p[front]) is canonical(q[front]):
        front += 1
    back = 0
    while back < shortest - front and canonical(p[-1 - back]) is canonical(q[-1 - back]):
        back += 1
    if front or back:
        end = len(p) - back
        middle = alg.add(alg.mul(left, alg.matmul(*p[front:end])),
                         alg.mul(right, alg.matmul(*q[front:len(q) - back])))
        yield alg.matmul(*p[:front], middle, *p[end:])


def _common_entries(x: Expr, y: Expr, left: Expr, right: Expr):
    """u .* a + u .* b = u .* (a + b), entry by entry; a factor 1 may be left over."""
    common, a, b = _shared(_factors(x, "had"), _factors(y, "had"))
    if common and (a or b):
        one = alg.ones(x.shape)
        rest = alg.add(alg.mul(left, alg.had(one, *a)), alg.mul(right, alg.had(one, *b)))
        yield alg.had(*common, rest)


def common_scalar(e: Expr) -> Expr:
    """A sum with a scalar that all its terms share pulled out; anything else as it is."""
    if e.op != "add":
        return e
    parts = [alg.split(t) for t in e.args]
    size = min(abs(n) for n, _, _ in parts)
    number = size if all(abs(n) == size for n, _, _ in parts) else Fraction(1)
    if all(n < 0 for n, _, _ in parts):
        number = -number
    shared = [f for f in parts[0][1] if all(_shared_power(f, s) is not None for _, s, _ in parts)]
    front = [_smallest_power(f, [s for _, s, _ in parts]) for f in shared]
    if not front and (number == 1 or any(scalars for _, scalars, _ in parts)):
        return e  # 2/N X^T r + 2 lam w as it is: a bare number in front would help nobody
    return _divided(e, number, front)


def _divided(e: Expr, number: Fraction, front: list[Expr]) -> Expr:
    below = alg.had(alg.num(1 / number), *(alg.power(f, alg.MINUS) for f in front)) if front else alg.num(1 / number)
    inside = alg.add(*(alg.mul(below, t) for t in e.args))
    out = alg.mul(alg.had(alg.num(number), *front), inside)
    return out if out.cost < e.cost or (front and out.cost == e.cost) else e


def _exponent(f: Expr) -> tuple[Expr, Fraction] | None:
    base, p = f.args if f.op == "pow" else (f, alg.UNIT)
    if f.op == "sqnorm":
        base, p = alg.call("norm2", f.args[0]), alg.num(2)
    return (canonical(base), p.data) if p.op == "num" else None


def _shared_power(f: Expr, scalars: tuple[Expr, ...]) -> Expr | None:
    """The factor of `scalars` with f's base and an exponent of the same sign."""
    mine = _exponent(f)
    for g in scalars:
        other = _exponent(g)
        if mine and other and mine[0] is other[0] and (mine[1] > 0) == (other[1] > 0):
            return g
    return None


def _smallest_power(f: Expr, lists: list[tuple[Expr, ...]]) -> Expr:
    return min((_shared_power(f, s) for s in lists), key=lambda g: abs(_exponent(g)[1]))
