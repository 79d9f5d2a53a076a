"""Points of prime fields at which the assumptions about the variables hold.

What is true on an open set of real matrices is true everywhere, so positive, invertible
and positive definite add nothing to what they stand on.  A one-hot vector or an
orthogonal matrix comes in finitely many kinds, and each of them is a case to be tried.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..derive.assumptions import PROPERTIES
from ..expr.node import Expr, variables, walk
from ..lang import all_of, said
from ..model import Model, Variable
from .dual import Dual
from .field import Bound, Field, NotRational
from .sample import size_names

MAX_CASES = 64
MAX_ENTRIES = 20_000        # in one array
_OPEN = {"positive", "invertible", "constant"}
_ENTRIES = {
    "symmetric": lambda x: x + x.T,
    "spd": lambda x: x + x.T,
    "skew": lambda x: x - x.T,
    "lower": np.tril,
    "upper": np.triu,
    "diagonal": lambda x: np.diag(np.diag(x)),
    "toeplitz": lambda x: np.array([[x[0, j - i] if j >= i else x[i - j, 0] for j in range(len(x))]
                                    for i in range(len(x))], dtype=object),
}
_WHOLE_VALUES = (2, 3, 4)


@dataclass(frozen=True)
class Setting:
    """sizes, the values of whole exponents, and the cases of the variables that have cases."""

    sizes: dict[str, int]
    whole: dict[str, int]
    cases: tuple[dict, ...]


def settings(model: Model, forms: list[Expr], rng: random.Random):
    """Random settings without end, each with other sizes than the one before where possible.

    Raises NotRational when there are too many cases or entries.
    """
    names = size_names(model)
    exponents = sorted({v.name for f in forms for e in walk(f) if e.op == "matpow" for v in variables(e.args[1])})
    last: dict[str, int] = {}
    refused = 0
    while True:
        sizes = _fresh(lambda refused=refused: _sizes(names, rng, refused), last)
        whole = _fresh(lambda: {n: rng.choice(_WHOLE_VALUES) for n in exponents}, last)
        cases = _cases(model, sizes)
        if cases is None or not _is_small(model, forms, sizes):
            refused += 1
            if refused == 40:
                raise NotRational(said("there are too many one-hot cases") if cases is None else
                                  said("the declared sizes are too large"))
            continue
        last = {**sizes, **whole}
        yield Setting(sizes, whole, cases)


def _fresh(make, last: dict[str, int]) -> dict[str, int]:
    """The first of some random choices that has no value in common with the last one."""
    for _ in range(50):
        made = make()
        if all(last.get(n) != k for n, k in made.items()):
            break
    return made


def _sizes(names: list[str], rng: random.Random, refused: int) -> dict[str, int]:
    """All different while they are few."""
    choice = [2, 3, 4] if len(names) <= 3 else [2, 3, 4, 5] if len(names) == 4 else [2, 3, 4, 5, 6]
    if len(names) > len(choice) or refused > 20:
        shift = rng.randrange(3)
        return {n: (3, 2, 4)[(i + shift) % 3] if refused < 30 else 2 + (i + shift) % 2 for i, n in enumerate(names)}
    return dict(zip(names, rng.sample(choice, len(names)), strict=True))


def _is_small(model: Model, forms: list[Expr], sizes: dict[str, int]) -> bool:
    shapes = [v.shape for v in model.variables.values()] + [e.shape for f in forms for e in walk(f)]
    return all(m.value(sizes) * n.value(sizes) <= MAX_ENTRIES for m, n in shapes)


def _cases(model: Model, sizes: dict[str, int]) -> tuple[dict, ...] | None:
    """A dict of variables with a case, for every combination; None when there are too many."""
    kinds, count = {}, 1
    for v in model.variables.values():
        m, n = (d.value(sizes) for d in v.shape)
        if v.assumptions & {"onehot", "onehot_cols"}:
            places, rows = (m, 1) if n == 1 else (n, m) if "onehot" in v.assumptions else (m, n)
            count *= places ** rows
            kinds[v.name] = (places, rows)
        elif "orthogonal" in v.assumptions:
            count *= 2
            kinds[v.name] = (2, 1)
        if count > MAX_CASES:
            return None
    choices = [product(range(places), repeat=rows) for places, rows in kinds.values()]
    return tuple(dict(zip(kinds, chosen, strict=True)) for chosen in product(*choices))


def draw(model: Model, setting: Setting, case: dict, field: Field) -> dict[str, Dual]:
    """A random value of every variable. Raises NotRational, Singular."""
    out = {}
    for v in model.variables.values():
        if v.name in setting.whole:
            out[v.name] = Dual.constant(field, [[setting.whole[v.name]]])
        else:
            out[v.name] = _value(v, tuple(d.value(setting.sizes) for d in v.shape), case.get(v.name), field)
    return out


def _value(v: Variable, shape: tuple[int, int], case, field: Field) -> Dual:
    words = v.assumptions - _OPEN
    for special, make in (("onehot", _one_hot), ("onehot_cols", _one_hot_columns), ("orthogonal", _orthogonal)):
        if special in words:
            if words - {special, "simplex"}:
                raise NotRational(said("{name} is {properties}, which has no general element here", name=v.name,
                                       properties=all_of([PROPERTIES[w] for w in sorted(words)])))
            return make(shape, case, field)
    x = field.array(shape)
    if "simplex" in words:
        return _simplex(x, field)
    for word in (w for w in _ENTRIES if w in words):
        x = _ENTRIES[word](x) % field.p
    return Dual(field, x, None, Bound(1, 0, 1))


def _one_hot(shape, case, field: Field) -> Dual:
    out = np.zeros(shape if shape[1] > 1 else shape[::-1], dtype=int)
    out[range(len(out)), case] = 1
    return Dual.constant(field, out if shape[1] > 1 else out.T)


def _one_hot_columns(shape, case, field: Field) -> Dual:
    return _one_hot(shape[::-1] if shape[1] > 1 else shape, case, field).T if shape[1] > 1 else _one_hot(shape, case, field)


def _simplex(x: np.ndarray, field: Field) -> Dual:
    e = Dual(field, x)
    return e / e.sum(axis=0 if x.shape[1] == 1 else 1, keepdims=True)


def _orthogonal(shape, case, field: Field) -> Dual:
    """Cayley's (I - S)(I + S)^-1 with a skew-symmetric S, and its reflection; for a matrix that is not square, a part."""
    n = max(shape)
    x = field.array((n, n))
    S, eye = Dual(field, (x - x.T) % field.p), np.eye(n, dtype=int)
    Q = (eye - S) @ (eye + S).inverse()
    eye[0, 0] = -1 if case == (1,) else 1
    return (Q @ Dual.constant(field, eye))[:shape[0], :shape[1]]
