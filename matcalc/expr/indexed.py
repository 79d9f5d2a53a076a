"""Index notation: entry (i, j) of an expression, with sums over indices.

Three operations stand only here and in the printers; no rule knows them:

  entry   | X    | (i, j)      | an entry of something that has no simpler form
  delta   |      | (i, j)      | Kronecker's delta
  series  | body | ((k, n),)   | sum of the body over k = 1, ..., n

Where a dimension is one, its index is "" and not shown.  Indices are letters, or
whole numbers where all entries are written out.
"""

from __future__ import annotations

from typing import Iterable

from ..errors import fail
from ..shapes import SCALAR, Size
from . import algebra as alg
from .build import num
from .node import Expr, node, walk

LETTERS = "ijklpqrsuvabcdefgh"
Index = tuple[str, str]


class Entries:
    """Makes entries; indices that have been used are not used again.

    taken     names that are no free letters for an index
    change    a variable (and its two indices) by which to differentiate: its
              differential's entries are deltas then
    """

    def __init__(self, taken: Iterable[str] = (), change: tuple[str, Index] | None = None):
        self.free = [c for c in LETTERS if c not in set(taken)]
        self.change = change

    def letter(self) -> str:
        if not self.free:
            raise fail("M314", "the formula needs more index letters than there are",
                       help="ask for the index notation of a smaller part")
        return self.free.pop(0)

    def indices(self, shape) -> Index:
        """A letter for each dimension that is not one."""
        return tuple("" if d.is_one else self.letter() for d in shape)

    def entry(self, e: Expr, at: Index) -> Expr:
        """Entry `at` of e, a scalar."""
        if not e.args:
            return self._leaf(e, at)
        rule = _RULES.get(e.op)
        return rule(self, e, at) if rule else _entry(e, at)

    def _leaf(self, e: Expr, at: Index) -> Expr:
        if e.op in ("num", "const", "size"):
            return e
        if e.op == "ones":
            return num(1)
        if e.op == "zeros":
            return num(0)
        if e.op == "eye":
            return delta(*at)
        if e.op == "dvar" and self.change and e.data == self.change[0]:
            return alg.had(*(delta(a, b) for a, b in zip(at, self.change[1]) if a or b), num(1))
        return _entry(e, at)

    def over(self, shape, body) -> Expr:
        """The sum of body(indices) over all entries of a shape."""
        at = self.indices(shape)
        return series([(k, d) for k, d in zip(at, shape) if k], body(at))


def _entry(e: Expr, at: Index) -> Expr:
    if e.is_scalar:
        return e
    return node("entry", (e,), at, SCALAR)


def delta(i: str, j: str) -> Expr:
    """1 if i = j, else 0."""
    if i == j:
        return num(1)
    if i.isdigit() and j.isdigit():
        return num(0)
    return node("delta", (), (i, j), SCALAR)


# ---------------------------------------------------------------- sums over indices

def series(over: list[tuple[str, Size]], body: Expr) -> Expr:
    """The sum of body over indices; deltas and indices that do not occur are done."""
    over = list(over)
    while over and not alg.is_zero(body):
        if body.op == "add" and any(_delta(t, over) for t in body.args):
            return alg.add(*(series(over, t) for t in body.args))
        found = _delta(body, over)
        if found is None:
            break
        k, other = found
        over = [(name, size) for name, size in over if name != k]
        body = with_index(_without_delta(body, k, other), k, other)
    if alg.is_zero(body):
        return num(0)
    used = set(_used(body))
    front = [alg.size_number(size) for k, size in over if k not in used]
    over = [(k, size) for k, size in over if k in used]
    if not over:
        return alg.had(num(1), *front, body)
    number, scalars, _ = alg.split(body)
    outside = [s for s in scalars if not _used(s)]
    inside = alg.had(num(1), *(s for s in scalars if _used(s)))
    if inside.op == "series":
        over, inside = over + list(inside.data), inside.args[0]
    return alg.had(num(number), *front, *outside, node("series", (inside,), tuple(over), SCALAR))


def _factors(e: Expr) -> tuple[Expr, ...]:
    return alg.split(e)[1]


def _delta(body: Expr, over) -> tuple[str, str] | None:
    """(k, i) of a factor delta_ki with k summed over."""
    names = [k for k, _ in over]
    for f in _factors(body):
        if f.op == "delta":
            i, j = f.data
            if i in names:
                return i, j
            if j in names:
                return j, i
    return None


def _without_delta(body: Expr, i: str, j: str) -> Expr:
    number, scalars, _ = alg.split(body)
    kept = list(scalars)
    kept.remove(next(f for f in scalars if f.op == "delta" and set(f.data) == {i, j}))
    return alg.had(num(number), num(1), *kept)


def _used(e: Expr) -> list[str]:
    return [k for part in walk(e) if part.op in ("entry", "delta") for k in part.data if k]


def with_index(e: Expr, old: str, new: str) -> Expr:
    """e with index `new` in the place of `old`."""
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        if part.op == "delta":
            memo[part] = delta(*(new if k == old else k for k in part.data))
        elif part.op == "entry":
            memo[part] = _entry(part.args[0], tuple(new if k == old else k for k in part.data))
        elif part.op == "series":
            memo[part] = series(list(part.data), args[0])
        else:
            memo[part] = alg.rebuild(part, args) if args else part
    return memo[e]


def expanded(e: Expr) -> Expr:
    """e with every sum over indices written out; its sizes must be numbers."""
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        if part.op == "series":
            terms = [args[0]]
            for k, size in part.data:
                terms = [with_index(t, k, str(n)) for t in terms for n in range(1, size.coefficient + 1)]
            memo[part] = alg.add(*terms)
        elif part.op == "entry" or not args:
            memo[part] = part
        else:
            memo[part] = alg.rebuild(part, args)
    return memo[e]


# ---------------------------------------------------------------- one rule an operation

def _each(make):
    """Operations that act entry by entry."""
    return lambda s, e, at: make(*(s.entry(a, at if not a.is_scalar else ("", "")) for a in e.args))


def _product(s: Entries, e: Expr, at: Index) -> Expr:
    i, j = at
    over, factors = [], []
    for n, factor in enumerate(e.args):
        last = n == len(e.args) - 1
        inner = j if last else "" if factor.cols.is_one else s.letter()
        if not last and inner:
            over.append((inner, factor.cols))
        factors.append(s.entry(factor, (i, inner)))
        i = inner
    return series(over, alg.had(num(1), *factors))


def _trace(s: Entries, e: Expr, at: Index) -> Expr:
    k = s.letter()
    return series([(k, e.args[0].rows)], s.entry(e.args[0], (k, k)))


def _total(s: Entries, e: Expr, at: Index, body=lambda x: x) -> Expr:
    X = e.args[0]
    return s.over(X.shape, lambda at: body(s.entry(X, at)))


def _mean(s: Entries, e: Expr, at: Index) -> Expr:
    return alg.had(_per(e.args[0].rows * e.args[0].cols), _total(s, e, at))


def _per(n: Size) -> Expr:
    return alg.power(alg.size_number(n), alg.MINUS)


def _along(rows: bool, mean: bool):
    def rule(s: Entries, e: Expr, at: Index) -> Expr:
        X, k = e.args[0], s.letter()
        n = X.cols if rows else X.rows
        total = series([(k, n)], s.entry(X, (at[0], k) if rows else (k, at[1])))
        return alg.had(_per(n), total) if mean else total
    return rule


def _pairs(body):
    """Losses: a sum over pairs of entries."""
    def rule(s: Entries, e: Expr, at: Index) -> Expr:
        a, b = e.args
        return s.over(a.shape, lambda at: body(s.entry(a, at), s.entry(b, at)))
    return rule


def _log(x: Expr) -> Expr:
    return alg.fn("log", x)


def _mse(s: Entries, e: Expr, at: Index) -> Expr:
    a = e.args[0]
    return alg.had(_per(a.rows * a.cols), _pairs(lambda p, y: alg.power(alg.sub(p, y), num(2)))(s, e, at))


_RULES = {
    "add": _each(alg.add), "had": _each(alg.had), "scale": _each(alg.had), "pow": _each(alg.power),
    "fn": lambda s, e, at: alg.fn(e.data, s.entry(e.args[0], at)),
    "matmul": _product, "T": lambda s, e, at: s.entry(e.args[0], at[::-1]),
    "tr": _trace, "sum": _total, "mean": _mean,
    "rowsum": _along(True, False), "rowmean": _along(True, True),
    "colsum": _along(False, False), "colmean": _along(False, True),
    "inner": _pairs(alg.had),
    "sqnorm": lambda s, e, at: _total(s, e, at, lambda x: alg.power(x, num(2))),
    "norm2": lambda s, e, at: alg.fn("sqrt", _total(s, e, at, lambda x: alg.power(x, num(2)))),
    "norm1": lambda s, e, at: _total(s, e, at, lambda x: alg.fn("abs", x)),
    "diag": lambda s, e, at: alg.had(delta(*at), s.entry(e.args[0], (at[0], ""))),
    "diagpart": lambda s, e, at: s.entry(e.args[0], (at[0], at[0])),
    "mse": _mse,
    "cross_entropy": lambda s, e, at: alg.neg(_pairs(lambda p, y: alg.had(y, _log(p)))(s, e, at)),
    "bce": lambda s, e, at: alg.neg(_pairs(lambda p, y: alg.add(
        alg.had(y, _log(p)), alg.had(alg.sub(num(1), y), _log(alg.sub(num(1), p)))))(s, e, at)),
}
