"""All formulas that are one edit away from a formula, place by place.

Each maker takes one part of the formula and gives what could stand there instead.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations
from itertools import product as cartesian
from typing import Callable, Iterator, NamedTuple

from ...expr import build
from ...expr.node import Expr, node, walk
from ...expr.rename import replaced
from .drafts import drafted, factors, product, turned
from .vocabulary import Vocabulary

MAX_ORDERS = 5   # factors of a product that are tried in every order
MAX_TURNED = 3   # and with every transpose
MAX_SYMBOLS = 5  # of a part that is not compared with the derivatives of layers


class Edit(NamedTuple):
    """One change of a part.

    kind   a word of `KINDS`
    new    what stands in the place of the part afterwards
    old    the piece that is changed or taken away, or None
    put    the piece that comes instead or is added, or None
    """

    kind: str
    new: Expr
    old: Expr | None = None
    put: Expr | None = None


def edits(e: Expr, words: Vocabulary, parent: Expr | None) -> Iterator[Edit]:
    """All edits of a part below `parent`; a product looks after the neighbours of its factors."""
    if parent is None or parent.op != "T":
        yield from _transposes(e)
    if parent is None:
        yield from _everywhere(e, words)
    if e.op == "var":
        yield from _symbols(e, words)
    elif e.args and parent is not None:
        yield from _pieces(e, words, parent)
    for op, make in _OF.items():
        if e.op == op:
            yield from make(e, words)
    if parent is None or parent.op != "matmul":
        yield from _products(e, words)
    if parent is not None and e.cost > MAX_SYMBOLS and e.op != "T":
        for x in words.cotangents:
            yield Edit("cotangent", x, e, x)
    if not e.is_scalar:
        yield from _wrapped(e, words)
        yield from _beside(e, words)


def _transposes(e: Expr) -> Iterator[Edit]:
    if e.op == "T":
        yield Edit("no transpose", e.args[0], e, e.args[0])
    elif not e.is_scalar and e.op not in ("scale", "ones"):
        yield Edit("transpose", turned(e), e, turned(e))


def _symbols(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    for other in words.symbols:
        if other is not e:
            yield Edit("symbol", other, e, other)
        if e.is_scalar and not other.is_scalar:  # a transpose of it has left no trace
            yield Edit("symbol", turned(other), e, turned(other))
    for part in words.parts:
        if e not in walk(part) and (part.shape == e.shape or part.rows != e.rows and part.op in ("matmul", "fn", "add")):
            yield Edit("symbol", part, e, part)


def _pieces(e: Expr, words: Vocabulary, parent: Expr) -> Iterator[Edit]:
    """Something that the problem is made of for a whole part."""
    for x in words.symbols:
        if parent.op in ("fn", "T") or e.is_scalar and x not in e.args:
            yield Edit("symbol", x, e, x)
    for x in words.parts:
        if x.shape == e.shape and x is not e and x.op != "T":
            yield Edit("piece", x, e, x)


# ------------------------------------------------------------ products


def _products(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    parts = factors(e)
    yield from _orders(e, parts)
    yield from _dropped(e, parts, words)
    yield from _inserted(e, parts, words)
    yield from _entrywise(e, parts)
    yield from _scaled(e, parts, words)


def _orders(e: Expr, parts: list[Expr]) -> Iterator[Edit]:
    free = [i for i, p in enumerate(parts) if p.op not in ("num", "size")]
    if len(free) < 2:
        return
    orders = permutations(free) if len(free) <= MAX_ORDERS else _moves(free)
    for order in orders:
        if list(order) != free:
            changed = list(parts)
            for place, i in zip(free, order, strict=True):
                changed[place] = parts[i]
            yield Edit("order", product(changed), e, product(changed))
    matrices = [i for i in free if not parts[i].is_scalar and parts[i].op != "scale"]
    for order in permutations(matrices) if len(matrices) <= MAX_TURNED else ():
        for flags in cartesian((False, True), repeat=len(matrices)):
            changed = list(parts)
            for place, i, flag in zip(matrices, order, flags, strict=True):
                changed[place] = turned(parts[i]) if flag else parts[i]
            yield Edit("order and transposes", product(changed), e, product(changed))
    for count in range(2, len(matrices) + 1) if len(matrices) <= MAX_ORDERS else ():
        for places in combinations(matrices, count):
            changed = [turned(p) if k in places else p for k, p in enumerate(parts)]
            yield Edit("transposes", product(changed), e, product(changed))
    for i in range(len(free)):
        for j in range(i + 2, len(free) + 1):
            run = [parts[k] for k in free[i:j]]
            turned_run = [turned(p) for p in reversed(run)]
            changed = [*parts[:free[i]], *turned_run, *parts[free[j - 1] + 1:]]
            yield Edit("transpose", product(changed), product(run), turned(product(run)))


def _moves(free: list[int]) -> Iterator[list[int]]:
    for i in range(len(free)):
        rest = free[:i] + free[i + 1:]
        for j in range(len(free)):
            yield [*rest[:j], free[i], *rest[j:]]
    yield free[::-1]


def _dropped(e: Expr, parts: list[Expr], words: Vocabulary) -> Iterator[Edit]:
    if len(parts) > 1:
        for i, part in enumerate(parts):
            rest = parts[:i] + parts[i + 1:]
            yield Edit("drop factor", product(rest), part)
            for k, ones in enumerate(rest):  # a vector of ones is as long as its neighbour
                for other in words.ones if ones.op == "ones" or ones.op == "T" and ones.args[0].op == "ones" else ():
                    resized = turned(other) if ones.op == "T" else other
                    yield Edit("drop factor", product([*rest[:k], resized, *rest[k + 1:]]), part)


def _inserted(e: Expr, parts: list[Expr], words: Vocabulary) -> Iterator[Edit]:
    named = [p for p in (*words.symbols, *words.parts) if not p.is_scalar]
    matrices = [x for p in (*named, *words.ones) for x in (p, turned(p))]
    for i in range(len(parts) + 1):
        if i and parts[i - 1].op in ("num", "size"):
            continue
        left = next((p for p in reversed(parts[:i]) if not p.is_scalar), None)
        right = next((p for p in parts[i:] if not p.is_scalar), None)
        for x in matrices:
            if (left is None or left.cols == x.rows) and (right is None or x.cols == right.rows):
                yield Edit("insert factor", product([*parts[:i], x, *parts[i:]]), e, x)
    inside = [i for i, p in enumerate(parts) if not p.is_scalar]
    for x in matrices[:2 * len(named)] if len(inside) > 1 else ():
        for i in inside:
            for start in {i, inside[0]}:
                if (parts[start].rows, parts[i].cols) == x.shape:
                    whole = drafted("had", [product(parts[start:i + 1]), x])
                    yield Edit("insert entrywise", product([*parts[:start], whole, *parts[i + 1:]]), e, x)


def _scaled(e: Expr, parts: list[Expr], words: Vocabulary) -> Iterator[Edit]:
    for c in words.scalars:
        yield Edit("insert factor", product([c, *parts]), e, c)


def _entrywise(e: Expr, parts: list[Expr]) -> Iterator[Edit]:
    """a b c as (a .* b) c: the transposes that a product needed may go or come."""
    for i in range(1, len(parts)):
        left, right, rest = product(parts[:i]), parts[i], parts[i + 1:]
        choices = [r for r in ([], rest) if r or not rest]
        for factor in (right, turned(right)):
            for tail in ([rest, [turned(rest[0]), *rest[1:]]] if rest else choices):
                yield Edit("entrywise", product([drafted("had", [left, factor]), *tail]), e, factor)
            if i > 1:
                pair = drafted("had", [parts[i - 1], factor])
                yield Edit("entrywise", product([*parts[:i - 1], pair, *rest]), e, factor)
        if right.op == "had":
            for k, kept in enumerate(right.args):
                others = right.args[:k] + right.args[k + 1:]
                for inside, outside in (([kept], others), (others, [kept])):
                    moved = product([*parts[:i], inside[0] if len(inside) == 1 else drafted("had", inside)])
                    put = outside[0] if len(outside) == 1 else drafted("had", outside)
                    yield Edit("elsewhere", product([drafted("had", [moved, *outside]), *rest]), e, put)


# ------------------------------------------------------------ sums and entrywise products


def _sums(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    for i, term in enumerate(e.args):
        others = [*e.args[:i], *e.args[i + 1:]]
        yield Edit("sign", drafted("add", [*e.args[:i], _negative(term), *e.args[i + 1:]]), term, _negative(term))
        yield Edit("drop term", others[0] if len(others) == 1 else drafted("add", others), term)
        parts = factors(term)
        for j, other in enumerate(e.args) if len(parts) > 1 else ():
            rest = [t for k, t in enumerate(e.args) if k not in (i, j)]
            for k in range(1, len(parts)) if j != i else ():  # a b c + d as a (b c + d)
                for made in ([*parts[:k], drafted("add", [product(parts[k:]), other])],
                             [drafted("add", [product(parts[:k]), other]), *parts[k:]]):
                    yield Edit("bracket", drafted("add", [product(made), *rest]) if rest else product(made), e, product(made))


def _negative(e: Expr) -> Expr:
    parts = factors(e)
    if parts[0].op == "num":
        number = -parts[0].data
        return product(parts[1:]) if number == 1 and len(parts) > 1 else product([build.num(number), *parts[1:]])
    return product([build.num(-1), *parts])


def _had(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    for i, part in enumerate(e.args):
        others = [*e.args[:i], *e.args[i + 1:]]
        rest = others[0] if len(others) == 1 else drafted("had", others)
        yield Edit("drop factor", rest, part)
        if part.is_column:
            yield Edit("diag", product([build.call("diag", part), rest]), part, build.call("diag", part))
        for left, right in ((rest, part), (part, rest)):
            for factor in (right, turned(right)):
                yield Edit("matrix product", product([left, factor]), e, factor)
        for k, inner in enumerate(factors(rest)):
            parts = factors(rest)
            if len(parts) > 1:
                pair = drafted("had", [inner, part])
                yield Edit("elsewhere", product([*parts[:k], pair, *parts[k + 1:]]), e, part)


def _beside(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    """A term or an entrywise factor more."""
    for x in (*words.symbols, *words.parts):
        for y in (x, turned(x)):
            if y.shape == e.shape and not x.is_scalar:
                yield Edit("insert term", drafted("add", [e, y]), e, y)
                yield Edit("insert term", drafted("add", [e, _negative(y)]), e, _negative(y))
                yield Edit("insert entrywise", drafted("had", [e, y]), e, y)


# ------------------------------------------------------------ functions


def _functions(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    f, x = e.data, e.args[0]
    yield Edit("slope", node("fn", (x,), f.prime, x.shape), e)
    if f.order:
        yield Edit("no slope", node("fn", (x,), replace(f, order=f.order - 1), x.shape), e)
    for other in words.functions:
        named = replace(other, order=f.order)
        if named != f:
            yield Edit("function", node("fn", (x,), named, x.shape), e, node("fn", (x,), named, x.shape))
    yield Edit("no function", x, e, x)


def _powers(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    x, p = e.args
    if p.op != "num":
        return
    yield Edit("no power", x, e, x)
    for d in (-1, 1):
        if p.data + d not in (0, 1):
            changed = node(e.op, (x, build.num(p.data + d)), e.data, e.shape)
            yield Edit("power", changed, e, changed)
    changed = node(e.op, (x, build.num(-p.data)), e.data, e.shape)
    yield Edit("power", changed, e, changed)
    for i, term in enumerate(x.args) if x.op == "add" else ():  # (1 - h)^2 as 1 - h^2
        sign = [build.num(-1)] if (parts := factors(term))[0].op == "num" and parts[0].data == -1 else []
        raised = product([*sign, node(e.op, (product(parts[len(sign):]), p), e.data, e.shape)])
        changed = drafted("add", [*x.args[:i], raised, *x.args[i + 1:]])
        yield Edit("bracket", changed, e, changed)


def _numbers(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    for x in dict.fromkeys([1, 2, Fraction(1, 2), 2 * e.data, e.data / 2, e.data + 1, e.data - 1, -e.data]):
        if x and x != e.data:
            yield Edit("number", build.num(x), e, build.num(x))


def _inverse(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    yield Edit("no inverse", e.args[0], e, e.args[0])


_OTHER = {"rowsum": "colsum", "colsum": "rowsum", "rowmean": "colmean", "colmean": "rowmean",
          "softmax_rows": "softmax_cols", "softmax_cols": "softmax_rows", "norm2": "sqnorm", "sqnorm": "norm2"}


def _axis(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    other = _OTHER[e.op]
    x = e.args[0]
    yield Edit("operation", build.call(other, x), e, build.call(other, x))
    if other in ("rowsum", "colsum", "rowmean", "colmean"):
        yield Edit("operation", turned(build.call(other, x)), e, turned(build.call(other, x)))


def _wrapped(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    if e.rows == e.cols and e.op != "inv":
        yield Edit("inverse", build.call("inv", e), e, build.call("inv", e))
    if e.is_column:
        yield Edit("diag", build.call("diag", e), e, build.call("diag", e))
    for f in words.functions:
        yield Edit("apply", build.fn(f, e), e, build.fn(f, e))
    for op, total in (("colsum", "column"), ("rowsum", "row")):
        if not e.is_column and not e.is_row:
            x = build.call(op, e)
            yield Edit("sum", x, e, x)
            yield Edit("sum", turned(x), e, x)


def _everywhere(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    """One symbol for another, or two exchanged, wherever they stand in the whole formula."""
    present = [x for x in walk(e) if x.op == "var" and not x.is_scalar]
    for old in present:
        for other in words.symbols:
            if other is not old and other.shape == old.shape:
                yield Edit("symbol", replaced(e, {old: other}), old, other)
    for old, other in combinations(present, 2):
        yield Edit("swap", replaced(e, {old: other, other: old}), old, other)


_OF: dict[str, Callable[[Expr, Vocabulary], Iterator[Edit]]] = {
    "add": _sums, "had": _had, "fn": _functions, "pow": _powers, "matpow": _powers, "num": _numbers, "inv": _inverse,
    **dict.fromkeys(_OTHER, _axis),
}
# the likeliest, and the simplest to say, first
KINDS = ("transpose", "no transpose", "order", "transposes", "sign", "slope", "no slope", "bracket", "elsewhere", "swap",
         "symbol", "function", "apply", "no function", "entrywise", "matrix product", "diag", "inverse", "no inverse", "sum",
         "operation", "power", "no power", "insert factor", "insert entrywise", "drop factor", "number", "drop term",
         "insert term", "piece", "order and transposes", "cotangent")
