"""A function's values in the place of a formula: one more variable, whose values are what was returned."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np

from ..expr import build
from ..expr.node import Expr
from ..numeric.sample import Point, draw
from ..shapes import Shape, Size
from .deciding import POINTS, Decision, Referee

NAME = "returned value"  # no variable of a model is called so
CLOSE_SINGLE, CLEARLY_SINGLE = 1e-4, 1e-2
MORE = 8  # further points that are tried for other sizes


class Varied(Referee):
    """A referee whose points do not all have the same sizes, where sizes are open: code may work for one only."""

    @cached_property
    def points(self) -> list[Point]:
        found = super().points
        for k in range(POINTS, POINTS + MORE):
            if not found or not found[0].sizes or any(p.sizes != found[0].sizes for p in found):
                break
            found = [*found, *filter(None, [draw(self.problem.model, [self.seed, k])])]
        return found


class Valued(Referee):
    """A referee for an answer that is known by its values at the points only.

    values_of   one matrix for each point of `inner`;  shape: of all of them, in the model's sizes
    """

    has_formula = False

    def __init__(self, inner: Referee, values_of: list[np.ndarray], shape: Shape, single: bool):
        super().__init__(inner.problem, inner.seed)
        self.inner, self.values_of = inner, values_of
        self.answer = build.var(NAME, shape)
        if single:
            self.close, self.clearly = CLOSE_SINGLE, CLEARLY_SINGLE

    @property
    def shared(self) -> Referee:
        return self.inner

    @cached_property
    def points(self) -> list[Point]:
        return [replace(p, values={**p.values, NAME: v}) for p, v in zip(self.inner.points, self.values_of, strict=True)]

    @property
    def more(self) -> list[Point]:
        return []

    def in_variables(self, e: Expr) -> Expr:
        return e

    def same(self, answer: Expr, right: Expr) -> Decision:
        return self.by_values(answer, right) if answer.shape == right.shape else Decision(False, "values")


def common_shape(right: Shape, values: list[np.ndarray], points: list[Point]) -> Shape | None:
    """The shape of the values at every point in the model's sizes; None when they have none in common."""
    for shape in (right, right[::-1]):
        if all(v.shape == tuple(d.value(p.sizes) for d in shape) for v, p in zip(values, points, strict=True)):
            return shape
    found = []
    for axis in (0, 1):
        lengths = [v.shape[axis] for v in values]
        names = [n for n in points[0].sizes if [p.sizes[n] for p in points] == lengths]
        if not names and len(set(lengths)) > 1:
            return None
        found.append(Size(1, (names[0],)) if names else Size(lengths[0]))
    return found[0], found[1]
