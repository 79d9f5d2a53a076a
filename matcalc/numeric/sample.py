"""Random points: sizes all different, assumptions kept, domains and kinks respected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import fail
from ..expr.node import Expr, walk
from ..model import Model, Variable
from ..rules import ENTRYWISE
from ..shapes import outside
from .evaluate import Program

ATTEMPTS = 240
MARGIN = 0.05        # distance from kinks and from the ends of domains
MAX_CONDITION = 1e3
MAX_VALUE, MAX_VALUE_LARGE = 1e8, 1e12
MAX_NUMBERS = 10 ** 7  # in all arrays of one point; more is not tried


@dataclass(frozen=True)
class Point:
    """sizes: name -> whole number; values: name -> 2-D array."""

    sizes: dict[str, int]
    values: dict[str, np.ndarray]


def size_names(model: Model) -> list[str]:
    """Names of all sizes of a model, in order of appearance."""
    found = [n for v in model.variables.values() for d in v.shape for n in d.names]
    found += [n for a in model.assignments for e in walk(a.expr) for d in (*e.shape, *_data_sizes(e))
              for n in d.names]
    return list(dict.fromkeys(found))


def _data_sizes(e: Expr):
    return (e.data,) if e.op == "size" else ()


def draw_sizes(model: Model, rng) -> dict[str, int]:
    """All different while there are at most six; neighbours different otherwise."""
    names = size_names(model)
    if len(names) <= 6:
        return dict(zip(names, (int(s) for s in rng.permutation([2, 3, 4, 5, 6, 7])), strict=False))
    return {n: (3, 2, 4, 5)[i % 4] for i, n in enumerate(names)}


def is_too_large(model: Model) -> bool:
    """Whether the declared sizes make arrays too large for points to be tried."""
    sizes = dict.fromkeys(size_names(model), 2)
    shapes = [v.shape for v in model.variables.values()]
    shapes += [e.shape for a in model.assignments for e in walk(a.expr)]
    return sum(rows.value(sizes) * cols.value(sizes) for rows, cols in shapes) > MAX_NUMBERS


def draw(model: Model, seed, fixed: dict[str, int] | None = None) -> Point | None:
    """A point inside the domain of every operation, or None when none was found.

    fixed   sizes that are not drawn
    """
    rng = np.random.default_rng(seed)
    fixed = fixed or {}
    sizes = draw_sizes(model, rng) | fixed
    program = Program([a.expr for a in model.assignments])
    exponents = {e.args[1].name for e in program.order if e.op == "matpow" and e.args[1].op == "var"}
    for attempt in range(ATTEMPTS):
        if attempt % 40 == 39:  # Y^T Y has an inverse only when Y has more rows than columns
            sizes = draw_sizes(model, rng) | fixed
        values = {}
        for v in model.variables.values():
            style = attempt % len(_STYLES) if attempt < 60 else int(rng.integers(len(_STYLES)))
            values[v.name] = _value(v, sizes, rng, style, v.name in exponents)
        if is_inside(model, values, sizes):
            return Point(sizes, values)
    return None


def values(model: Model, seed: int) -> dict[str, np.ndarray]:
    """A random point by name, in the shapes that users see.

    Raises MatcalcError (M607) when none was found.
    """
    point = None if is_too_large(model) else draw(model, seed)
    if point is None:
        raise fail("M607", "no random values were found for the variables",
                   facts=("some operation is undefined at every point that was tried, or the arrays would be too large",),
                   help="make values of your own and call numpy() with them")
    shapes = {v.name: outside(v.shape) for v in model.variables.values()}
    return {name: x if len(shapes[name]) == 2 else x.reshape(x.shape[:len(shapes[name])])
            for name, x in point.values.items()}


def _spd(x, rng):
    return x @ x.T + np.eye(len(x)) if x.shape[0] == x.shape[1] else x


def _near_spd(x, rng):
    if x.shape[0] != x.shape[1] or len(x) == 1:
        return x
    skew = rng.normal(size=x.shape)
    return x @ x.T + np.eye(len(x)) + 0.2 * (skew - skew.T)


_STYLES = (
    lambda x, rng: x,
    lambda x, rng: np.abs(x) + 0.5,
    _near_spd,
    lambda x, rng: rng.uniform(0.1, 0.9, x.shape),
    lambda x, rng: 0.2 * x,
    lambda x, rng: _near_spd(x, rng) if x.shape[0] == x.shape[1] else np.abs(x) + 0.5,
)


def _one_hot(x, rng):
    out = np.zeros_like(x)
    if x.shape[1] == 1:
        out[rng.integers(len(x))] = 1
    else:
        out[np.arange(len(x)), rng.integers(0, x.shape[1], len(x))] = 1
    return out


def _simplex(x, rng):
    e = rng.uniform(0.2, 1, x.shape)
    return e / e.sum(axis=0 if x.shape[1] == 1 else 1, keepdims=True)


def _toeplitz(x):
    """The first row and column of x along the diagonals."""
    n = len(x)
    return np.array([[x[0, j - i] if j >= i else x[i - j, 0] for j in range(n)] for i in range(n)])


_ASSUMED = {
    "symmetric": lambda x, rng: x + x.T,
    "spd": _spd,
    "skew": lambda x, rng: x - x.T,
    "lower": lambda x, rng: np.tril(x),
    "upper": lambda x, rng: np.triu(x),
    "toeplitz": lambda x, rng: _toeplitz(x),
    "diagonal": lambda x, rng: np.diag(np.diag(x) + np.sign(np.diag(x))),
    "orthogonal": lambda x, rng: np.linalg.qr(x)[0],
    "invertible": lambda x, rng: x + 2 * np.eye(len(x)),
    "positive": lambda x, rng: np.abs(x) + 0.5,
    "onehot": _one_hot,
    "onehot_cols": lambda x, rng: _one_hot(x.T, rng).T if x.shape[1] > 1 else _one_hot(x, rng),
    "simplex": _simplex,
}


def _value(v: Variable, sizes: dict[str, int], rng, style: int, is_exponent: bool):
    x = rng.normal(size=tuple(d.value(sizes) for d in v.shape))
    if is_exponent:
        return np.full((1, 1), float(rng.integers(2, 5)))
    words = [w for w in _ASSUMED if w in v.assumptions]
    if not words:
        return _STYLES[style](x, rng)
    for word in words:
        x = _ASSUMED[word](x, rng)
    return x


def draw_scaled(model: Model, seed, fixed: dict[str, int], near_kinks: bool = True) -> Point | None:
    """The same with matrices scaled so that sums of many terms stay of the size of one.

    near_kinks   large arrays: among so many entries some may lie near a kink
    """
    rng = np.random.default_rng(seed)
    sizes = draw_sizes(model, rng) | fixed
    for style in range(len(_STYLES)):
        values = {}
        for v in model.variables.values():
            value = _value(v, sizes, rng, style, False)
            free = not any(w in v.assumptions for w in _ASSUMED)
            values[v.name] = value / np.sqrt(value.shape[1]) if free and min(value.shape) > 1 else value
        if is_inside(model, values, sizes, near_kinks):
            return Point(sizes, values)
    return None


def is_inside(model: Model, values: dict, sizes: dict[str, int], near_kinks: bool = False) -> bool:
    """Whether a point is inside the domain of every operation, away from kinks."""
    known = dict(values)
    with np.errstate(all="ignore"):
        for a in model.assignments:
            program = Program([a.expr])
            try:
                computed = program.run(known, sizes)
            except np.linalg.LinAlgError:
                return False
            known[a.name] = program.results(computed)[0]
            for e, operands, value in zip(program.order, program.operands, computed, strict=True):
                args = [computed[i] for i in operands]
                if not np.all(np.isfinite(value)) or np.abs(value).max(initial=0) > (MAX_VALUE_LARGE if near_kinks else MAX_VALUE):
                    return False
                if not (near_kinks and _has_kinks(e)) and not _fits(e, args):
                    return False
    return True


def _has_kinks(e: Expr) -> bool:
    kinked = e.op == "fn" and not e.data.is_user and ENTRYWISE[e.data.name].kinks
    return bool(kinked) or e.op in ("norm1", "max", "min", "argmax", "argmin", "hinge")


def _fits(e: Expr, args: list) -> bool:
    """Whether the operands of one node are inside its domain, away from kinks."""
    if e.op == "fn":
        row = None if e.data.is_user else ENTRYWISE[e.data.name]
        x = args[0]
        return row is None or (
            (row.draw != "positive" or x.min() > MARGIN / 2) and (row.draw != "unit" or np.abs(x).max() < 0.95)
            and all(np.abs(x - k).min() > MARGIN / 2 for k in row.kinks))
    test = _DOMAINS.get(e.op)
    return test is None or test(*args)


def _power_fits(x, p) -> bool:
    p = float(p[0, 0])
    if p != int(p):
        return x.min() > MARGIN / 2
    return p >= 0 or np.abs(x).min() > MARGIN / 2


def _gap(x) -> bool:
    ordered = np.sort(x, axis=None)
    return ordered.size < 2 or min(ordered[-1] - ordered[-2], ordered[1] - ordered[0]) > MARGIN / 2


_DOMAINS = {
    "pow": _power_fits,
    "inv": lambda X: np.linalg.cond(X) < MAX_CONDITION,
    "det": lambda X: np.linalg.cond(X) < MAX_CONDITION,
    "logdet": lambda X: np.linalg.slogdet(X)[0] > 0 and np.linalg.cond(X) < MAX_CONDITION,
    "pinv": lambda X: np.linalg.cond(X) < MAX_CONDITION,
    "expm": lambda X: np.abs(X).sum() < 30,
    "norm2": lambda X: np.sqrt((X ** 2).sum()) > MARGIN,
    "norm1": lambda X: np.abs(X).min() > MARGIN / 2,
    "max": _gap, "min": _gap, "argmax": _gap, "argmin": _gap,
    "cross_entropy": lambda p, y: p.min() > MARGIN / 2,
    "bce": lambda p, y: p.min() > MARGIN / 2 and p.max() < 1 - MARGIN / 2,
    "hinge": lambda s, y: np.abs(1 - y * s).min() > MARGIN / 2,
    "matpow": lambda X, k: k[0, 0] >= 0 or np.linalg.cond(X) < MAX_CONDITION,
}
