"""Edits of products: other factors, another order, entry by entry instead of by matrices."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from itertools import product as cartesian

from ...expr import build
from ...expr.node import Expr
from .drafts import drafted, factors, product, turned
from .edit import Edit
from .vocabulary import Vocabulary

MAX_ORDERS = 5  # factors of a product that are tried in every order
MAX_TURNED = 3  # and with every transpose



def products(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    parts = factors(e)
    yield from _orders(e, parts)
    yield from _summed_otherwise(e, parts, words)
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


def _summed_otherwise(e: Expr, parts: list[Expr], words: Vocabulary) -> Iterator[Edit]:
    """1^T X for X 1, and the other way round: vectors of ones of another length."""
    scalars, rest = [p for p in parts if p.is_scalar], [p for p in parts if not p.is_scalar]
    for ones in words.ones if len(rest) > 1 else ():
        if rest[-1].op == "ones":
            changed = product([turned(ones), *rest[:-1]])
        elif rest[0].op == "T" and rest[0].args[0].op == "ones":
            changed = product([*rest[1:], ones])
        else:
            return
        for put in (changed, turned(changed)):
            yield Edit("operation", product([*scalars, put]), product(rest), put)


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
            for start in inside[:inside.index(i) + 1]:
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
            turned_pair = drafted("had", [turned(parts[i - 1]), factor])
            yield Edit("entrywise", product([*parts[:i - 1], turned_pair, *rest]), e, turned(parts[i - 1]))
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


def entrywise_products(e: Expr, words: Vocabulary) -> Iterator[Edit]:
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
