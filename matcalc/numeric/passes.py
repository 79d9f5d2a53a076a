"""The numbers of one forward and one backward pass, under their names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..expr.node import Expr
from .evaluate import evaluate
from .function import checked


@dataclass(frozen=True)
class Passes:
    """known   variables and assignments by name, cotangents as (output, name): 2-D arrays"""

    known: dict
    sizes: dict[str, int]
    output: str

    def forward(self, name: str) -> np.ndarray:
        return self.known[name]

    def backward(self, name: str) -> np.ndarray:
        return self.known[(self.output, name)]

    def value(self, e: Expr, ones: tuple = ()) -> np.ndarray:
        """Value of an expression; the cotangents of the names in `ones` count as 1."""
        unit = {(self.output, n): np.ones((1, 1)) for n in ones}
        return evaluate([e], {**self.known, **unit}, self.sizes)[0]


def passes(derivation, at: dict) -> Passes:
    """Both passes of a derivation at a point, name -> number or array.

    Raises MatcalcError: M604, M605, M606 (values that do not fit).
    """
    model = derivation.model
    arrays, sizes = checked(model, at)
    output = model.output.name
    known: dict = {n: a.reshape(-1, 1) if a.ndim < 2 else a for n, a in arrays.items()}
    for a in model.assignments:
        known[a.name] = evaluate([a.expr], known, sizes)[0]
    known[(output, output)] = np.ones((1, 1))
    for equation in derivation.backward:
        known[(output, equation.name)] = evaluate([equation.rhs], known, sizes)[0]
    return Passes(known, sizes, output)
