"""All formulas that are one edit away from a formula, place by place.

Each maker takes one part of the formula and gives what could stand there instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from ...expr import build
from ...expr.node import Expr, node, walk
from ...expr.rename import replaced
from .drafts import drafted, factors, product, turned
from .edit import Edit
from .product_edits import entrywise_products, products
from .vocabulary import Vocabulary

MAX_SYMBOLS = 5  # of a part that is not compared with the derivatives of layers


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
        yield from products(e, words)
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
        is_same = part.shape == e.shape
        if (is_same or part.rows != e.rows and part.op in ("matmul", "fn", "add")) and e not in words.inside[part]:
            yield Edit("symbol", part, e, part)


def _pieces(e: Expr, words: Vocabulary, parent: Expr) -> Iterator[Edit]:
    """Something that the problem is made of for a whole part."""
    for x in words.symbols:
        if parent.op in ("fn", "T") or e.is_scalar and x not in e.args:
            yield Edit("symbol", x, e, x)
    for x in words.parts:
        if x.shape == e.shape and x is not e and x.op != "T":
            yield Edit("piece", x, e, x)


# ------------------------------------------------------------ sums


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


def _total(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    """The sum of all entries where that of the rows or the columns is needed."""
    for op in ("colsum", "rowsum") if e.op == "sum" else ("colmean", "rowmean"):
        x = build.call(op, e.args[0])
        yield Edit("operation", x, e, x)
        yield Edit("operation", turned(x), e, turned(x))


def _wrapped(e: Expr, words: Vocabulary) -> Iterator[Edit]:
    if e.rows == e.cols and e.op != "inv":
        yield Edit("inverse", build.call("inv", e), e, build.call("inv", e))
    if e.is_column:
        yield Edit("diag", build.call("diag", e), e, build.call("diag", e))
    for f in words.functions:
        yield Edit("apply", build.fn(f, e), e, build.fn(f, e))
    for op in ("colsum", "rowsum") if not e.is_column and not e.is_row else ():
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


_Maker = Callable[[Expr, Vocabulary], Iterator[Edit]]
_OF: dict[str, _Maker] = {
    "add": _sums, "had": entrywise_products, "fn": _functions, "pow": _powers, "matpow": _powers, "num": _numbers,
    "inv": _inverse, "sum": _total, "mean": _total, **dict.fromkeys(_OTHER, _axis),
}
