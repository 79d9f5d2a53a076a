"""The edit that turns a wrong formula into the right one.

Every formula that is one edit away is evaluated at one point; only along the way from
the edit to the whole formula is anything computed. What has the right value there is
written out and compared with the right formula at all points, exactly where possible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from ...derive.textbook import expanded
from ...expr import algebra as alg
from ...expr import build
from ...expr.node import Expr, node, walk
from ...expr.rename import replaced
from .drafts import Misfit, Values, bare, factors, fitted, product
from .edit import KINDS, Edit
from .edits import edits
from .vocabulary import Vocabulary

MAX_CANDIDATES, MAX_PLACES = 8_000, 90
WIDE = 8  # operands; a candidate with more takes longer, and counts as several
MAX_NODES = 300  # of an answer that is repaired
MAX_CONFIRMED, MAX_REPEATED = 6, 12
CLOSE = 1e-9


class Place(NamedTuple):
    """A part of a formula: the parts around it, innermost last, each with the operand's number."""

    part: Expr
    above: tuple[tuple[Expr, int], ...]


class Repair(NamedTuple):
    """edit, and where; formula: the whole formula after it, its shapes fit; factor: a number that
    has been put in front of it besides, or None."""

    edit: Edit
    place: Place
    formula: Expr
    factor: Expr | None = None


def flat(e: Expr) -> Expr:
    """The draft with every product as one chain, as it is written."""
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        if part.op == "add":
            args = tuple(map(bare, args))
        made = part if args == part.args else node(part.op, args, part.data, part.shape)
        memo[part] = product(factors(made)) if len(factors(made)) > 1 else made
    return memo[e]


def places(e: Expr) -> Iterator[Place]:
    """Every part as often as it stands there, the whole formula first."""
    queue = [Place(e, ())]
    for place in queue:
        yield place
        queue += [Place(a, (*place.above, (place.part, i))) for i, a in enumerate(place.part.args)]


def repairs(answer: Expr, right: np.ndarray, values: Values, words: Vocabulary,
            is_right: Callable[[Expr], bool]) -> list[Repair]:
    """Edits that make the answer right, the simplest first; none of a very long answer."""
    if answer.count > MAX_NODES:
        return []
    answer = flat(answer)
    with np.errstate(all="ignore"):
        found = sorted(_matches(answer, right, values, words), key=lambda f: f[0])
    out = []
    for _, edit, place, factor in found[:MAX_CONFIRMED]:
        formula = _whole(place, edit.new)
        if formula is not None and factor is not None:
            formula = build.mul(factor, formula)
        if formula is not None and not _cancels(edit, place) and is_right(formula):
            out.append(Repair(edit, place, formula, factor))
    return out


def _cancels(edit: Edit, place: Place) -> bool:
    """Whether what is put into a sum is there already: 2 a - q - q is no slip for 2 q - q - q."""
    if edit.kind == "insert term":
        return _terms(edit.new) < _terms(edit.old) + _terms(edit.put)
    if edit.kind not in ("symbol", "piece") or edit.put is None:
        return False
    parent, i = next(((p, i) for p, i in reversed(place.above) if p.op == "add"), (None, 0))
    if parent is not None:
        return any(factors(t)[-1] is edit.put for k, t in enumerate(parent.args) if k != i)
    sums = ({factors(t)[-1] for t in p.args} for p in walk(place.part) if p.op == "add")
    return any({edit.old, edit.put} <= ends for ends in sums)


def _terms(e: Expr) -> int:
    """The number of terms, multiplied out and added up."""
    try:
        total = alg.add(*(expanded(fitted(e)) or [fitted(e)]))
    except Misfit:
        return 1
    return len(total.args) if total.op == "add" else 1


def _matches(answer: Expr, right: np.ndarray, values: Values, words: Vocabulary) -> Iterator[tuple]:
    """(rank, edit, place, factor) of what has the right value at one point, or has it times a factor."""
    multiples = {float(v[0, 0]): x for x in words.scalars if not _has_variable(x) and (v := values.of(x)) is not None}
    tried = 0
    for number, place in enumerate(islice(places(answer), MAX_PLACES)):
        for edit in edits(place.part, words, place.above[-1][0] if place.above else None):
            tried += 1 + len(edit.new.args) // WIDE
            if tried > MAX_CANDIDATES:
                return
            is_match, factor = _compared(_value_above(values, place, values.of(edit.new)), right, multiples)
            if is_match:
                yield _rank(edit, number, factor), edit, place, factor
    for edit in islice(_everywhere(answer, words), max(MAX_CANDIDATES - tried, 0)):
        is_match, factor = _compared(values.of(edit.new), right, multiples)
        if is_match:
            yield _rank(edit, MAX_PLACES, factor), edit, Place(answer, ()), factor


def _has_variable(e: Expr) -> bool:
    return any(x.op in ("var", "cot") for x in walk(e))


def _everywhere(answer: Expr, words: Vocabulary) -> Iterator[Edit]:
    """Edits of a part that stands in more than one place, such as a name that was defined, in all of them."""
    seen: dict[Expr, list[Place]] = {}
    for place in islice(places(answer), MAX_PLACES):
        seen.setdefault(place.part, []).append(place)
    repeated = [(e, at[0].above[-1][0]) for e, at in seen.items() if len(at) > 1]
    for e, parent in repeated[:MAX_REPEATED]:
        for edit in edits(e, words, parent):
            yield edit._replace(new=replaced(answer, {e: edit.new}))


def _rank(edit: Edit, number: int, factor: Expr | None) -> tuple:
    return factor is not None, KINDS.index(edit.kind), number == MAX_PLACES, (edit.put or edit.new).cost, number


def _value_above(values: Values, place: Place, value):
    for parent, i in reversed(place.above):
        if value is None:
            return None
        args = [value if k == i else values.of(a) for k, a in enumerate(parent.args)]
        value = values.made(parent, args)
    return value


def _compared(value, right: np.ndarray, multiples: dict[float, Expr]) -> tuple[bool, Expr | None]:
    """Whether a value is the right one, and the factor that it still lacks."""
    if value is None or value.shape != right.shape:
        return False, None
    scale = CLOSE * np.abs(right).max()
    if np.abs(value - right).max() <= scale:
        return True, None
    square = np.vdot(value, value)
    c = float(np.vdot(value, right) / square) if square else 0.0
    if right.size == 1 or not np.abs(c * value - right).max() <= scale:
        return False, None
    factor = next((x for n, x in multiples.items() if abs(n - c) <= CLOSE * abs(c)), None)
    return factor is not None, factor


def _whole(place: Place, new: Expr) -> Expr | None:
    """The formula with another part in a place, or None where shapes do not fit."""
    for parent, i in reversed(place.above):
        args = [new if k == i else a for k, a in enumerate(parent.args)]
        new = node(parent.op, tuple(args), parent.data, parent.shape)
    try:
        return fitted(new)
    except Misfit:
        return None
