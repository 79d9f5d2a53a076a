"""How a structured matrix may move: what one entry, or one tangent, moves.

This is written from the definitions of the structures, not from the formulas
that it checks.
"""

from __future__ import annotations

import numpy as np

_MOVES = {  # what moves with entry (i, j) of an n x n matrix, as a 0/1 (or -1) matrix
    "symmetric": lambda n, i, j: _unit(n, i, j) if i == j else _unit(n, i, j) + _unit(n, j, i),
    "skew": lambda n, i, j: _unit(n, i, j) - _unit(n, j, i),
    "diagonal": lambda n, i, j: _unit(n, i, j) * (i == j),
    "lower": lambda n, i, j: _unit(n, i, j) * (i >= j),
    "upper": lambda n, i, j: _unit(n, i, j) * (i <= j),
    "toeplitz": lambda n, i, j: np.eye(n, k=j - i),
}
_MOVES["spd"] = _MOVES["symmetric"]


def _unit(n: int, i: int, j: int) -> np.ndarray:
    out = np.zeros((n, n))
    out[i, j] = 1
    return out


def independent(x: np.ndarray, structure: str) -> list[np.ndarray]:
    """A direction for each entry, columns stacked; with "" every entry moves alone."""
    out = []
    for j in range(x.shape[1]):
        for i in range(x.shape[0]):
            d = np.zeros(x.shape)
            d[i, j] = 1
            out.append(_MOVES[structure](len(x), i, j) if structure else d)
    return out


def tangents(x: np.ndarray, structure: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """(directions to move along, matrices to compare the gradient with): tangents with
    themselves, and no motion at all with each normal."""
    n = len(x)
    skew = [_MOVES["skew"](n, i, j) for j in range(n) for i in range(j)]
    symmetric = [_MOVES["symmetric"](n, i, j) for j in range(n) for i in range(j + 1)]
    if structure == "orthogonal":
        tangent, normal = [x @ s for s in skew], [x @ s for s in symmetric]
    else:
        tangent, normal = (skew, symmetric) if structure == "skew" else (symmetric, skew)
    return [*tangent, *(np.zeros(x.shape) for _ in normal)], [*tangent, *normal]
