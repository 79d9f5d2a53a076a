"""Questions put to random points of prime fields: is this zero wherever it has a value?

Two rational functions that differ at one point differ; two that agree at a random one are
the same but for a probability that is bounded (Schwartz and Zippel).  Functions that are
not rational are unknowns (`unknowns`): then agreement still proves, and a difference
disproves only when it does not depend on the unknowns.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Callable, NamedTuple

import numpy as np

from ..expr.node import Expr
from ..lang import said
from ..model import Model
from .arithmetic import Arithmetic
from .dual import Dual
from .field import Field, NoRoot, NotRational, Singular
from .generic import Setting, draw, settings
from .unknowns import TooManyChoices, Unknowns

SIZES = 2                 # random sizes at which a question is put
MAX_SIZES = 8             # sizes that are tried for these
TRIALS, MAX_TRIALS = 2, 8  # points of each case at each size
ENOUGH = 1e-20            # probability of an accident in one case, above which more points are tried
LIMIT = 1e-15             # of a wrong answer, above which there is none
ATTEMPTS = 400            # points drawn for one at which all square roots exist
DIVISION = said("a division by zero cannot be avoided")


class Verdict(NamedTuple):
    """result        True, False, or None: it cannot be decided this way
    probability   bound of the probability that the result is wrong; 1 for None
    reason        why it cannot be decided, or ""
    sizes         sizes, and values of whole exponents, that were tried
    """

    result: bool | None
    probability: float
    reason: str = ""
    sizes: tuple[dict, ...] = ()


class Point(NamedTuple):
    """Arithmetic of a random field, the variables' values, and sizes."""

    arithmetic: Arithmetic
    values: dict[str, Dual]
    sizes: dict[str, int]

    def array(self, shape) -> Dual:
        """A random array."""
        return Dual(self.arithmetic.field, self.arithmetic.field.array(shape))


# For a point: name -> a function that gives what must be zero, or None when shapes differ.
Questions = Callable[[Point], dict[str, Callable[[], "list[Dual] | None"]]]


@dataclass
class _Record:
    """What is known about one question so far."""

    result: bool | None = True
    reason: str = ""
    probability: float = 0.0
    sizes: list = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.result is True

    def close(self, result: bool | None, reason: str = "") -> None:
        self.result, self.reason = result, reason

    def verdict(self) -> Verdict:
        if self.result and not self.sizes:
            return Verdict(None, 1.0, DIVISION)
        sizes = tuple(self.sizes)
        return Verdict(self.result, 1.0 if self.result is None else self.probability, self.reason, sizes)


class _Seen(NamedTuple):
    """A question's answer at one point: the differences (None: the shapes differ), and
    the chance that they vanish there by accident."""

    values: list[np.ndarray] | None
    chance: float
    unknowns: Unknowns

    @property
    def is_zero(self) -> bool:
        return self.values is not None and not any(x.any() for x in self.values)

    def same(self, other: _Seen) -> bool:
        return self.values is None or all(np.array_equal(x, y) for x, y in zip(self.values, other.values, strict=True))


@dataclass(frozen=True)
class _Place:
    """Where a point is drawn; the same seed draws the same point."""

    model: Model
    setting: Setting
    case: dict
    questions: Questions
    seed: tuple

    @cached_property
    def shared(self) -> tuple[dict, Unknowns]:
        """The questions at the point that they share, with every function unknown."""
        return self._questions(None, 0)

    def _questions(self, choices: int | None, salt: int) -> tuple[dict, Unknowns]:
        field = Field(self.seed)
        unknowns = Unknowns(field, choices, salt)
        values = draw(self.model, self.setting, self.case, field)
        for v in self.model.variables.values():
            if "positive" in v.assumptions:
                unknowns.assume_positive(values[v.name])
        return self.questions(Point(Arithmetic(unknowns, self.setting.whole), values, self.setting.sizes)), unknowns

    def _seen(self, name: str, asked: tuple[dict, Unknowns]) -> _Seen:
        questions, unknowns = asked
        differences = questions[name]()
        if differences is None:
            return _Seen(None, 0.0, unknowns)
        chance = max(x.bound.chance for x in differences) * 4.0 ** unknowns.count + unknowns.chance
        return _Seen([x.v for x in differences], chance, unknowns)

    def put(self, name: str) -> tuple[bool | None, float, str]:
        """(answer, chance that True is an accident, why there is no answer).

        Raises Singular, NoRoot, NotRational.
        """
        first = self._seen(name, self.shared)
        if first.is_zero:
            return True, first.chance, ""
        used = first.unknowns.used
        if not used or self._is_same(name, None):
            return False, 0.0, ""
        if used & {"sqrt", "sign"}:
            try:
                return self._choosing(name)
            except TooManyChoices:
                pass
        return None, 1.0, said("not rational: {names}", names=tuple(sorted(used)))

    def _is_same(self, name: str, choices: int | None) -> bool:
        """Whether the difference does not depend on the unknowns."""
        one, other = (self._seen(name, self._questions(choices, salt)) for salt in (0, 1))
        return one.same(other)

    def _choosing(self, name: str) -> tuple[bool | None, float, str]:
        """The same with every choice of roots and signs. Raises TooManyChoices."""
        first = self._seen(name, self._questions(0, 0))
        more = (self._seen(name, self._questions(k, 0)) for k in range(1, 2 ** first.unknowns.count))
        found = [first, *more]
        if all(s.is_zero for s in found):
            return True, max(s.chance for s in found), ""
        if any(s.is_zero for s in found):
            return None, 1.0, said("the sign of a root or of an entry decides")
        used = first.unknowns.used
        if not used or all(self._is_same(name, k) for k in range(len(found))):
            return False, 0.0, ""
        return None, 1.0, said("not rational: {names}", names=tuple(sorted(used)))


def decide(model: Model, forms: list[Expr], names: list[str], questions: Questions,
           trials: int = TRIALS, seed: int = 0) -> dict[str, Verdict]:
    """A verdict for each of the named questions, which are about these formulas."""
    records = {n: _Record() for n in names}
    try:
        for setting in islice(settings(model, forms, random.Random(repr(seed))), MAX_SIZES):
            asked = [n for n, r in records.items() if r.is_open and len(r.sizes) < SIZES]
            if not asked:
                break
            _at_setting(model, setting, {n: records[n] for n in asked}, questions, trials, seed)
    except NotRational as problem:
        return dict.fromkeys(names, Verdict(None, 1.0, problem.args[0]))
    return {n: r.verdict() for n, r in records.items()}


def _at_setting(model: Model, setting: Setting, records: dict[str, _Record], questions: Questions,
                trials: int, seed: int) -> None:
    """Every case, at so many points that an accident is unlikely enough."""
    total: dict[str, float] = {}
    for k, case in enumerate(setting.cases):
        chances = dict.fromkeys(records, 1.0)
        for trial in range(MAX_TRIALS):
            asked = {n: r for n, r in records.items() if r.is_open and n in chances
                     and (trial < trials or chances[n] > ENOUGH)}
            if not asked:
                break
            found = _at_case(model, setting, case, asked, questions, (seed, setting.sizes, k, trial))
            for n in asked:
                if n in found:
                    chances[n] *= min(found[n], 1.0)
                else:
                    chances.pop(n)  # nothing has a value in this case
        for n, chance in chances.items():
            total[n] = total.get(n, 0.0) + chance
    for n, chance in total.items():
        r = records[n]
        if r.is_open and chance > LIMIT:
            r.close(None, said("the degrees are too high"))
        r.probability = max(r.probability, chance) if r.is_open else r.probability
        r.sizes.append({**setting.sizes, **setting.whole})


def _at_case(model: Model, setting: Setting, case: dict, records: dict[str, _Record], questions: Questions,
             seed: tuple) -> dict[str, float]:
    """One point: closes what it decides; the chance of an accident for every question that has a value."""
    found: dict[str, float] = {}
    for attempt in range(ATTEMPTS):
        asked = [n for n in records if n not in found and records[n].is_open]
        if not asked:
            break
        rootless, place = False, _Place(model, setting, case, questions, (*seed, attempt))
        for n in asked:
            try:
                answer, found[n], reason = place.put(n)
                if not answer:
                    records[n].close(answer, reason)
            except NoRoot:
                rootless = True
            except Singular:
                pass
            except NotRational as problem:
                records[n].close(None, problem.args[0])
        if not rootless and attempt:
            break  # an accident does not happen twice
    return found
