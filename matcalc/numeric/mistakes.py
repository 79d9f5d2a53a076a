"""The gradients that a usual mistake would give.

A mistake is a model with the same values and a part that is differentiated wrongly:
f(z) becomes z + C, with C the constant that f(z) - z happens to be, and the
derivative of f is missing; a path becomes a constant, and its contribution is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import Iterator

import numpy as np

from ..derive.engine import derivation
from ..errors import MatcalcError
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, node, walk
from ..expr.rename import replaced
from ..expr.text import text
from ..model import Model, Variable
from ..rules import ENTRYWISE
from .evaluate import evaluate
from .sample import Point

LAYERS = ("fn", "softmax", "softmax_rows", "softmax_cols", "standardize", "standardize_rows", "standardize_cols",
          "rmsnorm", "rmsnorm_rows", "rmsnorm_cols")
MOST = 60
_OUTPUT = " (h is its output)"


@dataclass(frozen=True)
class Mistake:
    """kind     "derivative missing", "wrong slope", "path missing"
    words    a sentence;  where: the assignment it is in
    model    the model whose gradients have this mistake
    held     constants of that model: name -> (the part of the right model whose value it
             has, what is subtracted from it or None)
    site     the part that is differentiated wrongly;  path: the name whose use is missing, or ""
    """

    kind: str
    words: str
    where: str
    model: Model
    held: dict[str, tuple[Expr, Expr | None]]
    site: Expr
    path: str = ""

    def values(self, point: Point, right: Model) -> dict[str, np.ndarray]:
        """Values of the constants at a point."""
        known = forward(right, point)
        out = {}
        for name, (part, less) in self.held.items():
            value = evaluate([part], known, point.sizes)[0]
            out[name] = value if less is None else value - evaluate([less], known | out, point.sizes)[0]
        return out

    def gradients(self, point: Point, wrt: list[str], right: Model) -> dict[str, np.ndarray]:
        """The wrong gradients at a point. Raises MatcalcError where none can be derived."""
        values = point.values | self.values(point, right)
        return named_gradients(derivation(self.model, wrt), Point(point.sizes, values))


def mistakes(model: Model, through: set[str] | None = None) -> Iterator[Mistake]:
    """The usual mistakes in backpropagation through a model, at most `MOST`.

    through   only those in parts where one of these names stands
    """
    found = (m for make in (_missing_derivatives, _missing_paths, _everywhere, _wrong_slopes) for m in make(model))
    yield from islice((m for m in found if through is None or is_through(m.site, through)), MOST)


def is_through(site: Expr, names: set[str]) -> bool:
    """Whether one of these names stands in a part."""
    return any(x.op == "var" and x.name in names for x in walk(site))


def depending(model: Model, wrt: str) -> set[str]:
    """The variable and every assignment whose value depends on it."""
    names = {wrt}
    for a in model.assignments:
        if is_through(a.expr, names):
            names.add(a.name)
    return names


def forward(model: Model, point: Point) -> dict[str, np.ndarray]:
    """Values of the variables and of all assignments."""
    values = dict(point.values)
    for a in model.assignments:
        values[a.name] = evaluate([a.expr], values, point.sizes)[0]
    return values


def named_gradients(d, point: Point, array=np) -> dict[str, np.ndarray]:
    """Every gradient from the named forms, forwards and then backwards."""
    values, sizes = dict(point.values), point.sizes
    for eq in d.forward:
        values[eq.name] = evaluate([eq.rhs], values, sizes, array)[0]
    for eq in d.backward:
        values[eq.lhs.data] = evaluate([eq.rhs], values, sizes, array)[0]
    return {n: evaluate([g.named_form], values, sizes, array)[0] for n, g in d.gradients.items()}


def _sites(model: Model) -> Iterator[tuple[int, Expr]]:
    for k, a in enumerate(model.assignments):
        for e in walk(a.expr):
            if e.op in LAYERS and any(p.op == "var" for p in walk(e)):
                yield k, e


def _missing_derivatives(model: Model) -> Iterator[Mistake]:
    for k, e in _sites(model):
        z, name = e.args[0], "held 0"
        stands_for = build.add(z, build.var(name, e.shape))
        yield stand_in("derivative missing", f"the derivative of {called(e)} is missing", model, k,
                       {e: stands_for}, {name: (e, z)})


def _wrong_slopes(model: Model) -> Iterator[Mistake]:
    """f(z) with another slope D: D .* z + C."""
    for k, e in _sites(model):
        a = model.assignments[k]
        h, where = (a.name, "") if a.expr is e and not a.is_anonymous else ("h", _OUTPUT)
        for words, D in _slopes(e):
            stands_for, held = _sloped(e, D, 0)
            yield stand_in("wrong slope", f"the derivative of {called(e)} {words.format(h=h)}{where if '{h}' in words else ''}",
                           model, k, {e: stands_for}, held)


def _everywhere(model: Model) -> Iterator[Mistake]:
    """The same wrong derivative of a function wherever the function stands."""
    alike: dict[str, dict[int, Expr]] = {}
    for k, e in _sites(model):
        alike.setdefault(called(e), {})[k] = e
    for name, places in alike.items():
        for n, (words, _) in enumerate(_slopes(next(iter(places.values())))) if len(places) > 1 else ():
            yield _at_all(model, places, "wrong slope", f"every derivative of {name} {words.format(h='h')}"
                          f"{_OUTPUT if '{h}' in words else ''}", lambda e, i, n=n: _sloped(e, _slopes(e)[n][1], i))
        if len(places) > 1:
            yield _at_all(model, places, "derivative missing", f"every derivative of {name} is missing", lambda e, i: (
                build.add(e.args[0], build.var(f"held {i}", e.shape)), {f"held {i}": (e, e.args[0])}))


def _at_all(model: Model, places: dict[int, Expr], kind: str, words: str, make) -> Mistake:
    """make(part, number of its first constant): what stands for it, and its constants."""
    held, wrong = {}, model
    for i, (k, e) in enumerate(places.items()):
        stands_for, constants = make(e, 2 * i)
        held |= constants
        wrong = _changed(wrong, k, {e: stands_for}, constants)
    return Mistake(kind, words, "", wrong, held, next(iter(places.values())))


def _sloped(e: Expr, D: Expr, first: int) -> tuple[Expr, dict]:
    """What stands for e with the slope D, and its constants."""
    z, names = e.args[0], [f"held {first + i}" for i in (0, 1)]
    held = [build.var(n, e.shape) for n in names]
    return build.add(build.had(held[0], z), held[1]), {names[0]: (D, None), names[1]: (e, alg.had(D, z))}


def _slopes(e: Expr) -> list[tuple[str, Expr]]:
    """(words, wrong slope) of a function; {h} is its output."""
    if e.op != "fn" or e.data.is_user or e.data.order:
        return []
    z, name, slope = e.args[0], str(e.data), ENTRYWISE[e.data.name].derivative
    return [("is taken at its output instead of its input", slope(e, alg.fn(name, e))),
            *((("is given the input where its formula wants the output", slope(z, z)),) if slope(z, z) is not z else ()),
            *((f"is written as {words}", wrong(z, e)) for words, wrong in _SLOPES.get(name, ()))]


def _one(x: Expr) -> Expr:
    return alg.mul(alg.UNIT, alg.ones(x.shape))


_SLOPES = {
    "tanh": (("{h} (1 - {h})", lambda z, h: alg.had(h, alg.sub(_one(z), h))), ("1 - {h}", lambda z, h: alg.sub(_one(z), h)),
             ("1 + {h}^2", lambda z, h: alg.add(_one(z), alg.had(h, h))), ("{h} itself", lambda z, h: h)),
    "sigmoid": (("{h} itself", lambda z, h: h), ("1 - {h}", lambda z, h: alg.sub(_one(z), h)),
                ("{h} ({h} - 1)", lambda z, h: alg.had(h, alg.sub(h, _one(z))))),
    "relu": (("{h} itself", lambda z, h: h),),
    "softplus": (("{h} itself", lambda z, h: h),),
}


def _missing_paths(model: Model) -> Iterator[Mistake]:
    """Each use of a name that is used at least twice, held constant."""
    uses: dict[str, list[tuple[int, Expr, int]]] = {}
    for k, a in enumerate(model.assignments):
        for e in walk(a.expr):
            for i, operand in enumerate(e.args):
                if operand.op == "var":
                    uses.setdefault(operand.name, []).append((k, e, i))
    for name, places in uses.items():
        for k, e, i in places if len(places) > 1 else ():
            held = build.var("held 0", e.args[i].shape)
            stands_for = node(e.op, (*e.args[:i], held, *e.args[i + 1:]), e.data, e.shape)
            yield stand_in("path missing", f"the contribution of {name} through {text(e)} is missing", model, k,
                           {e: stands_for}, {"held 0": (e.args[i], None)}, name)


def stand_in(kind: str, words: str, model: Model, k: int, parts: dict, held: dict, path: str = "") -> Mistake:
    """The mistake of a model in whose assignment k one part is replaced."""
    a = model.assignments[k]
    wrong = _changed(model, k, parts, held)
    place = "" if a.is_anonymous else f" in {a.name} = {text(a.expr)}"
    return Mistake(kind, words + place, a.name, wrong, held, next(iter(parts)), path)


def _changed(model: Model, k: int, parts: dict, held: dict) -> Model:
    """The model with parts of assignment k replaced, and its constants."""
    a = model.assignments[k]
    constants = {n: Variable(n, part.shape, "constant") for n, (part, _) in held.items()}
    return replace(model, variables={**model.variables, **constants}, assignments=(
        *model.assignments[:k], replace(a, expr=replaced(a.expr, parts)), *model.assignments[k + 1:]))


def called(e: Expr) -> str:
    return str(e.data) if e.op == "fn" else e.op.partition("_")[0]


def gradients_or_none(mistake: Mistake, points: list[Point], wrt: list[str], right: Model) -> list[dict] | None:
    """The wrong gradients at every point; None when this mistake has none."""
    try:
        return [mistake.gradients(p, wrt, right) for p in points]
    except (MatcalcError, KeyError, np.linalg.LinAlgError):
        return None
