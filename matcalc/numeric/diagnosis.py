"""What is wrong with gradients that somebody else has computed.

First simple relations to the right values, then the mistakes of backpropagation,
each tried on all variables at once: one missing derivative explains every layer below it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..model import Model
from .mistakes import gradients_or_none, mistakes
from .relations import CLOSE, Relation, common, is_close, relations, where
from .sample import Point

MAX_NUMBERS = 50_000  # in the gradients of one point; mistakes are not tried on more


@dataclass(frozen=True)
class Evidence:
    """One point: the gradients of a stranger and ours, in the shapes of the variables."""

    point: Point
    theirs: dict[str, np.ndarray]
    ours: dict[str, np.ndarray]


@dataclass(frozen=True)
class Diagnosis:
    """whole      one sentence that explains every wrong gradient, or ""
    variables  name -> sentences about one of them;  formulas: name -> formula of the relation
    """

    whole: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    kind: str = ""

    @property
    def lines(self) -> list[str]:
        if self.whole:
            return [self.whole]
        return [f"{n}: the gradient {words}" for n, words in self.variables.items()]


def diagnose(model: Model, evidence: list[Evidence], wrong: list[str], tolerance: float = CLOSE) -> Diagnosis:
    """How the gradients named in `wrong` came to be so, as far as that can be told."""
    found = {n: _simplest(evidence, n, tolerance) for n in wrong}
    if all(found.values()):
        return _from_relations(found)
    gradients = evidence[0].ours
    small = sum(g.size for g in gradients.values()) <= MAX_NUMBERS
    names = [n for n in gradients if n in evidence[0].theirs]
    tried = _tried(model, evidence, names) if small else []
    for words, kind, values in tried:
        factors = [_factor(values, evidence, n, tolerance) for n in names]
        if factors[0] and all(f == factors[0] for f in factors):
            return Diagnosis(_joined(words, factors[0][0]), kind=kind)
    return _each(evidence, wrong, found, tried, tolerance)


def _simplest(evidence: list[Evidence], name: str, tolerance: float) -> Relation | None:
    per_point = []
    for e in evidence:
        others = {n: g for n, g in e.ours.items() if n != name}
        value = e.point.values.get(name)
        theirs, ours = e.theirs[name], e.ours[name]
        value = None if value is None or value.size != ours.size else value.reshape(ours.shape)
        per_point.append(relations(theirs, ours, e.point.sizes, others, value, tolerance))
    found = common(per_point)
    if evidence[0].ours[name].size == 1 and len(evidence) < 2:
        return None
    return found[0] if found else None


def _from_relations(found: dict[str, Relation]) -> Diagnosis:
    words = {n: r.words for n, r in found.items()}
    formulas = {n: r.formula for n, r in found.items()}
    if len(found) > 1 and len(set(words.values())) == 1:
        relation = next(iter(found.values()))
        return Diagnosis(f"every one of {', '.join(found)} {relation.words}", words, formulas, relation.kind)
    return Diagnosis("", words, formulas, next(iter(found.values())).kind)


def _tried(model: Model, evidence: list[Evidence], names: list[str]) -> list[tuple[str, str, list[dict]]]:
    """(words, kind, gradients at each point) of every mistake that can be made."""
    out = []
    for m in mistakes(model):
        values = gradients_or_none(m, [e.point for e in evidence], names, model)
        if values is not None:
            out.append((m.words, m.kind, values))
    return out


def _factor(values: list[dict], evidence: list[Evidence], name: str, tolerance: float) -> list[Relation | None]:
    """[None] when the mistake gives exactly these gradients, [relation] when up to a factor, else []."""
    found = []
    for wrong, e in zip(values, evidence, strict=True):
        theirs, guess = e.theirs[name], wrong[name]
        if guess.size != theirs.size:
            return []
        guess = guess.reshape(theirs.shape)
        if is_close(theirs, guess, tolerance) or not theirs.any() and not guess.any():
            found.append([None])
        else:
            found.append([r for r in relations(theirs, guess, e.point.sizes, tolerance=tolerance)
                          if r.kind in ("factor", "sign")])
    return [r for r in found[0] if all(r in other for other in found[1:])][:1]


def _joined(words: str, relation: Relation | None) -> str:
    return words if relation is None else f"{words}, and the rest {relation.words}"


def _each(evidence, wrong: list[str], found: dict, tried: list, tolerance: float) -> Diagnosis:
    """Every variable on its own."""
    words, formulas = {}, {}
    for n in wrong:
        if found[n]:
            words[n], formulas[n] = found[n].words, found[n].formula
            continue
        match = next((w for w, _, values in tried if _factor(values, evidence, n, tolerance) == [None]), None)
        if match:
            words[n] = f"is what comes out when {match}"
            continue
        place = _place(evidence, n, tolerance)
        if place:
            words[n] = place
    return Diagnosis("", words, formulas)


def _place(evidence: list[Evidence], name: str, tolerance: float) -> str:
    """Where it is wrong, at the first point, and by what factor there."""
    theirs, ours = evidence[0].theirs[name], evidence[0].ours[name]
    if theirs.shape != ours.shape or theirs.size < 3:
        return ""
    bad = np.abs(theirs - ours) > tolerance * np.maximum(np.abs(ours), np.abs(ours).max() * 1e-6)
    place = where(bad)
    if not place:
        return ""
    factor = [r for r in relations(theirs[bad], ours[bad], evidence[0].point.sizes, tolerance=tolerance)
              if r.kind in ("factor", "sign", "zero")]
    told = [r for r in factor if np.count_nonzero(bad) > 1 or r.kind != "factor"]
    detail = f"; there it {told[0].words}" if told else ""
    return f"is wrong {place}{detail}"
