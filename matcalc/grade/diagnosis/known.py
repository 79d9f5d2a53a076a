"""What one problem says of wrong answers before there is one: values of usual mistakes, its other gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, count

import numpy as np

from ...derive import jacobian as jacobians
from ...derive.engine import derivation
from ...errors import MatcalcError
from ...expr.node import Expr
from ...numeric.mistakes import Mistake, depending, forward, mistakes, named_gradients
from ...numeric.relations import is_close
from ...numeric.sample import Point
from ..deciding import Referee
from .drafts import Values
from .guesses import guesses, later, unlikely
from .paths import named as named_path
from .vocabulary import Vocabulary, vocabulary
from .wording import Wording
from .wrong_rules import wrong_rules

CLOSE = 1e-8


@dataclass(frozen=True)
class Known:
    """A derivative that somebody with a certain mistake gives: its values at the points.

    is_likely   it is said before edits are looked for
    """

    mistake: str
    words: str
    values: tuple[np.ndarray, ...]
    is_likely: bool = True


class Knowledge:
    """What depends on the problem alone; found once, and only when it is asked for."""

    def __init__(self, referee: Referee):
        self.referee, self.problem = referee, referee.problem
        self.model, self.wrt = self.problem.model, self.problem.wrt
        self.right: Expr = self.problem.right.form
        self.points: list[Point] = referee.points
        self.wording = Wording(self.problem)
        self._found: list[Known] = []
        self._more = self._usual()
        self._derivations: dict = {}

    @cached_property
    def ours(self) -> list[np.ndarray]:
        return [Referee.values(self.right, p) for p in self.points]

    @cached_property
    def others(self) -> dict[str, list[np.ndarray]]:
        """Gradients with respect to everything else."""
        if self.problem.kind != "gradient":
            return {}
        forms = {n: f for n, f in self.referee.cotangents.items() if n != self.wrt}
        found = {n: or_nothing(lambda f=f: [Referee.values(f, p) for p in self.points]) for n, f in forms.items()}
        return {n: values for n, values in found.items() if values is not None}

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
        guessed, later_on, last = ([(g.mistake, g.words, lambda g=g: [Referee.values(g.formula, p) for p in self.points])
                          for g in make(self.problem, self.right)] for make in (guesses, later, unlikely))
        usual = ((*named_path(self.problem, m), lambda m=m: self._derived(m)) for m in mistakes(self.model, through))
        rules = ((w.mistake, w.words, lambda w=w: self._derived(w.model)) for w in wrong_rules(self.model, through))
        first, then = ((*m, True) for m in chain(guessed, usual, rules, later_on)), ((*m, False) for m in last)
        for mistake, words, values, is_likely in chain(first, then):
            found = or_nothing(values)
            if found and not all(alike(v, g) for v, g in zip(found, self.ours, strict=True)):
                is_table = self.problem.kind == "jacobian" and mistake == "softmax_coupling_missed"
                yield Known("softmax_diagonal_only" if is_table else mistake, words, tuple(found), is_likely)

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

    def values_at(self, k: int) -> Values:
        """Values of drafts at point k."""
        point = self.points[k]
        named = forward(self.model, point)
        for n, form in self.referee.cotangents.items():
            named[self.model.output.name, n] = Referee.values(form, point)
        return Values(point, named)


@lru_cache(maxsize=16)
def knowledge(referee: Referee) -> Knowledge:
    """The one for a referee; the last few are kept."""
    return Knowledge(referee)


def alike(a: np.ndarray, b: np.ndarray, tolerance: float = CLOSE) -> bool:
    """Equal values, also where both are zero."""
    return is_close(a, b, tolerance) or a.shape == b.shape and not a.any() and not b.any()


def or_nothing(make: Callable[[], list]) -> list | None:
    """The values that are made, or None where no derivative or no value exists."""
    try:
        found = make()
        return None if any(v is None for v in found) else found
    except (MatcalcError, KeyError, np.linalg.LinAlgError):
        return None
