"""What went wrong in an answer: relations first, then wrong rules, then edits, then numbers.

Only what reproduces the student's value, or turns the formula into the right one, at
every point is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, count

import numpy as np

from ...derive import jacobian as jacobians
from ...derive.engine import derivation
from ...errors import MatcalcError
from ...expr.node import Expr
from ...numeric.mistakes import Mistake, depending, forward, mistakes, named_gradients
from ...numeric.relations import Relation, common, is_close, relations
from ...numeric.sample import Point
from ...shapes import words as shape_words
from ..deciding import Referee
from . import difference
from .counterexample import counterexample
from .drafts import Values
from .guesses import guesses, unlikely
from .paths import named as named_path
from .repair import repairs
from .vocabulary import Vocabulary, vocabulary
from .wording import Named, Wording
from .wrong_rules import wrong_rules

CLOSE = 1e-8
_LINKS = ("missing_input_factor", "bias_not_summed", "missing_chain_factor")  # with the factor, not the variable


@dataclass(frozen=True)
class Known:
    """A derivative that somebody with a certain mistake gives: its values at the points."""

    mistake: str
    words: str
    values: tuple[np.ndarray, ...]


class Diagnostician:
    """Explains wrong answers to one problem. What depends on the problem alone is found once."""

    def __init__(self, referee: Referee):
        self.referee, self.problem = referee, referee.problem
        self.model, self.wrt = self.problem.model, self.problem.wrt
        self.right: Expr = self.problem.right.form
        self.points: list[Point] = referee.points
        self.wording = Wording(self.problem)
        self._found: list[Known] = []
        self._more = self._usual()
        self._derivations: dict = {}

    # ------------------------------------------------------------ what the problem gives

    @cached_property
    def ours(self) -> list[np.ndarray]:
        return [Referee.values(self.right, p) for p in self.points]

    @cached_property
    def others(self) -> dict[str, list[np.ndarray]]:
        """Gradients with respect to everything else."""
        if self.problem.kind != "gradient":
            return {}
        forms = {n: f for n, f in self.referee.cotangents.items() if n != self.wrt}
        return {n: [Referee.values(f, p) for p in self.points] for n, f in forms.items()}

    @property
    def known(self) -> Iterator[Known]:
        """What each usual mistake gives, the likeliest first; derived when it is first asked for."""
        for k in count():
            if k == len(self._found):
                more = next(self._more, None)
                if more is None:
                    return
                self._found.append(more)
            yield self._found[k]

    def _usual(self) -> Iterator[Known]:
        through = depending(self.model, self.wrt)
        guessed, last = ([(g.mistake, g.words, lambda g=g: [Referee.values(g.formula, p) for p in self.points])
                          for g in make(self.problem, self.right)] for make in (guesses, unlikely))
        usual = ((*named_path(self.problem, m), lambda m=m: self._derived(m)) for m in mistakes(self.model, through))
        rules = ((w.mistake, w.words, lambda w=w: self._derived(w.model)) for w in wrong_rules(self.model, through))
        for mistake, words, values in chain(guessed, usual, rules, last):
            found = _or_nothing(values)
            if found and not all(_alike(v, g) for v, g in zip(found, self.ours, strict=True)):
                is_table = self.problem.kind == "jacobian" and mistake == "softmax_coupling_missed"
                yield Known("softmax_diagonal_only" if is_table else mistake, words, tuple(found))

    def _derived(self, m: Mistake) -> list[np.ndarray]:
        """The wrong derivative at every point; slopes of one place differ in their values only."""
        held = [m.values(p, self.model) for p in self.points]
        at = [Point(p.sizes, p.values | h) for p, h in zip(self.points, held, strict=True)]
        if m.model.assignments not in self._derivations:
            self._derivations[m.model.assignments] = derivation(m.model, [self.wrt]) \
                if self.problem.kind == "gradient" else jacobians.jacobian(m.model, self.wrt).form
        d = self._derivations[m.model.assignments]
        if self.problem.kind == "gradient":
            return [named_gradients(d, p)[self.wrt] for p in at]
        return [Referee.values(d, p) for p in at]

    @cached_property
    def words(self) -> Vocabulary:
        return vocabulary(self.model, self.right)

    # ------------------------------------------------------------ answers that have a value

    def of_value(self, answer: Expr, drafts: list[Expr], others: Callable[[], Iterable[Expr]] = tuple) -> Named:
        """answer: in the variables; drafts: the same as it was written; others: drafts of other
        readings, which need not fit."""
        theirs = _or_nothing(lambda: [Referee.values(answer, p) for p in self.points]) or []
        if len(theirs) < len(self.points) or not all(np.all(np.isfinite(t)) for t in theirs):
            return self._last(answer, theirs)
        relation = self._relation(theirs)
        is_turned = answer.shape == self.right.shape[::-1]
        related = difference.related(relation, self.problem, is_turned, self.wording.is_bias) if relation else None
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
        for k, (t, g, p) in enumerate(zip(theirs, self.ours, self.points, strict=True)):
            if _alike(t, g):  # N/2 is 1 where N is 2: such a point tells nothing
                continue
            value = p.values.get(self.wrt)
            value = value if value is not None and value.shape == g.shape else None
            found.append(relations(t, g, p.sizes, {n: v[k] for n, v in self.others.items()}, value, CLOSE))
        return next((r for r in common(found) if self._holds(r, theirs, self.ours)), None)

    @staticmethod
    def _holds(r: Relation, theirs, ours) -> bool:
        """Whether a relation can hold where the values are equal: both are zero, or it has a size in it."""
        is_equal = any(_alike(t, g) and g.any() for t, g in zip(theirs, ours, strict=True))
        return not is_equal or r.kind == "factor" and difference.has_size(r)

    def _known(self, theirs: list[np.ndarray], is_exact: bool) -> Iterator[Named]:
        """Mistakes that give this value, exactly or up to a named factor."""
        for k in self.known:
            if is_exact and all(_alike(t, v) for t, v in zip(theirs, k.values, strict=True)):
                yield Named(k.mistake, k.words)
            elif not is_exact and (rest := self._rest(theirs, k.values)):
                yield Named(k.mistake, f"{k.words} Besides, the rest {rest}.")

    def _rest(self, theirs, values) -> str:
        """The factor between what a mistake gives and the answer, in words."""
        found = [[r for r in relations(t, v, p.sizes, tolerance=CLOSE) if r.kind in ("factor", "sign", "transposed")
                  and "c gradient" not in r.formula]
                 for t, v, p in zip(theirs, values, self.points, strict=True) if not _alike(t, v)]
        return next((r.words for r in common(found) if difference.is_named(r) and self._holds(r, theirs, values)), "")

    def _last(self, answer: Expr, theirs: list[np.ndarray]) -> Named:
        if answer.shape != self.right.shape:
            return Named("wrong_shape", f"Your formula is {shape_words(answer.shape)}, but the derivative with respect to "
                         f"{self.wrt} is {shape_words(self.right.shape)}.")
        found = difference.structure(theirs, self.ours) if theirs else None
        shown = counterexample(self.problem, answer, self.right, self.points)
        return Named(found.mistake if found else "", " ".join(filter(None, [found.words if found else "", shown]))
                     or "It has another value than the derivative.")

    # ------------------------------------------------------------ edits

    def edits(self, drafts: Iterable[Expr]) -> Iterator[Named]:
        """Edits that make a draft right; also one of the wrong sign, size or layout."""
        if not self.points:
            return
        k = next((k for k, g in enumerate(self.ours) if g.any()), 0)  # where zero is right much else is
        point = self.points[k]
        named = forward(self.model, point)
        for n, form in self.referee.cotangents.items():
            named[self.model.output.name, n] = Referee.values(form, point)
        values = Values(point, named)
        for draft in drafts:
            for r in repairs(draft, self.ours[k], values, self.words, self._is_right):
                yield self.wording.named(r)

    def _is_right(self, formula: Expr) -> bool:
        return bool(self.referee.same(self.referee.in_variables(formula), self.right).same)


def _alike(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal values, also where both are zero."""
    return is_close(a, b, CLOSE) or a.shape == b.shape and not a.any() and not b.any()


def _or_nothing(make):
    """What is made, or None where no derivative or no value exists."""
    try:
        return make()
    except (MatcalcError, KeyError, np.linalg.LinAlgError):
        return None


@lru_cache(maxsize=16)
def diagnostician(referee: Referee) -> Diagnostician:
    """The one for a referee; the last few are kept."""
    return Diagnostician(referee)
