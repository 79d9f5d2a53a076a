"""Where the two gradients are compared: points, points nearby, and kinks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...errors import MatcalcError, fail
from ...expr import algebra as alg
from ...model import Model
from ...shapes import outside
from ...suggest import closest
from ..function import build, checked
from ..kinks import on_both_sides
from ..mistakes import named_gradients
from ..sample import Point, draw, draw_scaled, size_names

LARGE = 20_000        # entries of a point from which one point is enough
NEARBY = 1e-7         # relative distance of the points that show the rounding noise
STILL = {"onehot", "onehot_cols", "simplex", "orthogonal"}


def points(model: Model, seed: int, count: int, fixed: dict[str, int], at: dict | None) -> list[Point]:
    """The points of a comparison; sizes that are not fixed are drawn.

    at   values of all variables, for one point of the user's own
    Raises MatcalcError: M626 (an unknown size), M604 to M606 (`at`).
    """
    names = size_names(model)
    for name in fixed:
        if name not in names:
            raise fail("M626", f"there is no size `{name}`", help=closest(name, names),
                       facts=(f"the sizes are {', '.join(names)}",) if names else ("no size of this model is open",))
    if at is not None:
        arrays, sizes = checked(model, at)
        inside = {n: np.array(a.reshape(-1, 1) if a.ndim < 2 else a) for n, a in arrays.items()}
        return [Point(fixed | sizes, inside)]
    if entries(model, dict.fromkeys(names, 4) | fixed) > LARGE:
        found = draw_scaled(model, [seed, 0], fixed)
        return [] if found is None else [found]
    found = [draw(model, [seed, k], fixed) or draw_scaled(model, [seed, k], fixed) for k in range(count)]
    return on_both_sides(model, [p for p in found if p is not None], seed, fixed)


def entries(model: Model, sizes: dict[str, int]) -> int:
    """Numbers in all variables."""
    return sum(v.shape[0].value(sizes) * v.shape[1].value(sizes) for v in model.variables.values())


def nearby(model: Model, point: Point, rng, distance: float = NEARBY) -> tuple[Point, Point]:
    """Two points on both sides, so near that only rounding is another; structured
    variables keep their structure."""
    before, after = {}, {}
    for name, x in point.values.items():
        words = model.variables[name].assumptions
        is_still = words & STILL or model.variables[name].role == "target"
        step = 0 * x if is_still else distance * x * (rng.normal() if words else rng.normal(size=x.shape))
        before[name], after[name] = x - step, x + step
    return replace(point, values=before), replace(point, values=after)


def away(model: Model, point: Point, rng) -> Point:
    """A point a little further off, where no argument lies on a kink."""
    values = {n: x if model.variables[n].assumptions & STILL else x + 1e-3 * rng.normal(size=x.shape)
              for n, x in point.values.items()}
    return replace(point, values=values)


def given(model: Model, point: Point) -> dict[str, np.ndarray]:
    """The values as a function gets them: (), (n,) or (m, n)."""
    return {n: x.reshape(shaped(v.shape, point.sizes)) for (n, x), v in
            ((item, model.variables[item[0]]) for item in point.values.items())}


def shaped(shape, sizes: dict[str, int]) -> tuple[int, ...]:
    """The outside shape as numbers."""
    dims = tuple(d.value(sizes) for d in shape)
    return dims[:len(outside(shape))]


class Ours:
    """Our gradients at any point, in the shapes of the variables; by generated code where
    arrays are large, because it chooses the order of products."""

    def __init__(self, derivation, sizes: dict[str, int]):
        self.derivation = derivation
        self.function = None
        if entries(derivation.model, sizes) > LARGE and not _written_intermediates(derivation):
            try:
                self.function = build(derivation)
            except MatcalcError:
                pass

    def __call__(self, point: Point) -> dict[str, np.ndarray]:
        d = self.derivation
        if self.function is not None:
            found = {n: np.asarray(g) for n, g in self.function(**given(d.model, point))[1].items()}
        else:
            found = named_gradients(d, point)
        turned = {n: g.T if d.layout == "numerator" else g for n, g in found.items()}
        return {n: g.reshape(shaped(d.model.shape_of(n), point.sizes)) for n, g in turned.items()}


def _written_intermediates(derivation) -> bool:
    return any(n not in derivation.model.variables for n in derivation.gradients)


def is_formally_zero(gradient) -> bool:
    """Whether the formula itself is zero, so that zeros are evidence."""
    return alg.is_zero(gradient.named_form)
