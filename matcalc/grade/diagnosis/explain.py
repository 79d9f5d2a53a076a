"""What went wrong in an answer: relations first, then wrong rules, then edits, then numbers.

Only what reproduces the student's value, or turns the formula into the right one, at
every point is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from ...expr.node import Expr
from ...numeric.relations import Relation, common, relations
from ...shapes import words as shape_words
from ..deciding import Referee
from . import difference
from .counterexample import counterexample
from .known import alike, knowledge
from .repair import repairs
from .wording import Named

_LINKS = ("missing_input_factor", "bias_not_summed", "missing_chain_factor")  # with the factor, not the variable


class Diagnostician:
    """Explains wrong answers to one problem, by what is known of it."""

    def __init__(self, referee: Referee):
        self.referee, self.problem, self.points = referee, referee.problem, referee.points
        self.wrt, self.right = self.problem.wrt, self.problem.right.form
        self.knows = knowledge(referee.shared)
        self.close = referee.close

    # ------------------------------------------------------------ answers that have a value

    def of_value(self, answer: Expr, drafts: list[Expr], others: Callable[[], Iterable[Expr]] = tuple) -> Named:
        """answer: in the variables; drafts: the same as it was written; others: drafts of other
        readings, which need not fit."""
        theirs = [Referee.values(answer, p) for p in self.points]
        if not theirs or any(t is None or not np.all(np.isfinite(t)) for t in theirs):
            return next(self.edits(drafts), None) or self._last(answer, [])
        relation = self._relation(theirs)
        is_turned = answer.shape == self.right.shape[::-1]
        related = difference.related(relation, self.problem, is_turned, self.knows.wording.is_bias) if relation else None
        if related and relation.kind == "other variable" and answer.shape != self.right.shape:
            return next((n for n in self.edits(drafts) if n.mistake in _LINKS), related)
        if related and relation.kind in ("factor", "sign", "zero") and relation.formula != "c gradient":
            return related
        known = self._known(theirs, True)
        if related and relation.kind in ("transposed", "convention", "other variable", "shape"):
            return next(known, related)
        found = next((n for source in (known, self.edits(drafts), self._known(theirs, False)) for n in source), None)
        if found and found.mistake == "assumed_symmetric":
            found = next((n for n in self.edits(drafts) if n.mistake == "missing_transpose"), found)
        return found or next(self.edits(others()), None) or related or self._last(answer, theirs)

    def _relation(self, theirs: list[np.ndarray]) -> Relation | None:
        found = []
        for k, (t, g, p) in enumerate(zip(theirs, self.knows.ours, self.points, strict=True)):
            if self._alike(t, g):  # N/2 is 1 where N is 2: such a point tells nothing
                continue
            value = p.values.get(self.wrt)
            value = value if value is not None and value.shape == g.shape else None
            found.append(relations(t, g, p.sizes, {n: v[k] for n, v in self.knows.others.items()}, value, self.close))
        return next((r for r in common(found) if self._holds(r, theirs, self.knows.ours)), None)

    def _holds(self, r: Relation, theirs, ours) -> bool:
        """Whether a relation can hold where the values are equal: both are zero, or it has a size in it."""
        is_equal = any(self._alike(t, g) and g.any() for t, g in zip(theirs, ours, strict=True))
        return not is_equal or r.kind == "factor" and difference.has_size(r)

    def _known(self, theirs: list[np.ndarray], is_exact: bool) -> Iterator[Named]:
        """Mistakes that give this value, exactly or up to a named factor."""
        for k in self.knows.known:
            if is_exact and all(self._alike(t, v) for t, v in zip(theirs, k.values, strict=True)):
                yield Named(k.mistake, k.words)
            elif not is_exact and (rest := self._rest(theirs, k.values)):
                yield Named(k.mistake, f"{k.words} Besides, the rest {rest}.")

    def _rest(self, theirs, values) -> str:
        """The factor between what a mistake gives and the answer, in words."""
        found = [[r for r in relations(t, v, p.sizes, tolerance=self.close) if r.kind in ("factor", "sign", "transposed")
                  and "c gradient" not in r.formula]
                 for t, v, p in zip(theirs, values, self.points, strict=True) if not self._alike(t, v)]
        return next((r.words for r in common(found) if difference.is_named(r) and self._holds(r, theirs, values)), "")

    def _last(self, answer: Expr, theirs: list[np.ndarray]) -> Named:
        if answer.shape != self.right.shape:
            return Named("wrong_shape", f"Your formula is {shape_words(answer.shape)}, but the derivative with respect to "
                         f"{self.wrt} is {shape_words(self.right.shape)}.")
        found = difference.structure(theirs, self.knows.ours, self.close) if theirs else None
        shown = counterexample(self.problem, answer, self.right, self.points, self.referee.has_formula)
        return Named(found.mistake if found else "", " ".join(filter(None, [found.words if found else "", shown]))
                     or "It has another value than the derivative.")

    # ------------------------------------------------------------ edits

    def edits(self, drafts: Iterable[Expr]) -> Iterator[Named]:
        """Edits that make a draft right; also one of the wrong sign, size or layout."""
        if not self.points:
            return
        k = next((k for k, g in enumerate(self.knows.ours) if g.any()), 0)  # where zero is right much else is
        values = self.knows.values_at(k)
        for draft in drafts:
            for r in repairs(draft, self.knows.ours[k], values, self.knows.words, self._is_right):
                yield self.knows.wording.named(r)

    def _is_right(self, formula: Expr) -> bool:
        return bool(self.referee.same(self.referee.in_variables(formula), self.right).same)

    def _alike(self, a: np.ndarray, b: np.ndarray) -> bool:
        return alike(a, b, self.close)
