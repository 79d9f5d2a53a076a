"""Random points of the battery's tasks, and derivatives of the references by differences."""

from __future__ import annotations

import numpy as np

# m > n wherever Y^T Y or Z C Z^T must have an inverse; all sizes differ at every point.
POINTS = ({"n": 3, "m": 4, "p": 2, "q": 5, "N": 6},
          {"n": 2, "m": 5, "p": 3, "q": 4, "N": 7},
          {"n": 4, "m": 6, "p": 5, "q": 2, "N": 3})
H = 1e-3


def draw(variables: dict, sizes: dict[str, int], seed: int) -> dict[str, np.ndarray]:
    """A value for every variable of a model: entries away from zero, both signs;
    X and Sg positive definite (Sg symmetric where that is declared)."""
    rng = np.random.default_rng(seed)
    values = {}
    for name in sorted(variables):
        v = variables[name]
        rows, cols = (d.value(sizes) for d in v.shape)
        x = rng.uniform(0.3, 1.5, (rows, cols)) * rng.choice([-1.0, 1.0], (rows, cols))
        if name in ("X", "Sg"):
            x = x @ x.T + np.eye(rows)
            if "spd" not in v.assumptions:
                x += 0.1 * np.triu(rng.normal(size=x.shape), 1)
        elif name == "lam":
            x = abs(x)
        elif name == "k":
            x = np.full((1, 1), 3.0)
        elif name == "yd":
            x = np.sign(x)
        elif "onehot" in v.assumptions:
            x = one_hot(rng, rows, cols)
        values[name] = x
    return values


def one_hot(rng, rows: int, cols: int) -> np.ndarray:
    """A one-hot column, or a matrix with one-hot rows."""
    if cols == 1:
        return np.eye(rows)[:, [rng.integers(rows)]]
    return np.eye(cols)[rng.integers(cols, size=rows)]


def stacked(F) -> np.ndarray:
    """vec(F), columns stacked."""
    return np.asarray(F, dtype=float).reshape(-1, order="F")


def difference_jacobian(f, values: dict[str, np.ndarray], wrt: str) -> np.ndarray:
    """d vec(f) / d vec(wrt)^T by the five-point formula."""
    x = values[wrt]

    def at(i: int, j: int, h: float) -> np.ndarray:
        moved = x.copy()
        moved[i, j] += h
        return stacked(f(**{**values, wrt: moved}))

    columns = [(8 * (at(i, j, H) - at(i, j, -H)) - (at(i, j, 2 * H) - at(i, j, -2 * H))) / (12 * H)
               for j in range(x.shape[1]) for i in range(x.shape[0])]
    return np.array(columns).T


def as_jacobian(form: np.ndarray, kind: str, values: dict[str, np.ndarray], wrt: str) -> np.ndarray:
    """A derivative in the battery's convention, laid out like `difference_jacobian`."""
    if kind == "gradient":
        return stacked(form)[None, :]
    return stacked(form)[:, None] if values[wrt].size == 1 else form


def relative_error(got: np.ndarray, expected: np.ndarray) -> float:
    """Largest difference over the largest entry; infinite for a wrong shape or NaN."""
    if got.shape != expected.shape or not np.all(np.isfinite(got)):
        return float("inf")
    return float(np.abs(got - expected).max() / max(np.abs(expected).max(), 1e-9))
