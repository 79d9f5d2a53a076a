"""Problems and answers of the tests, and values of formulas at random points."""

from __future__ import annotations

import json
import tomllib
from functools import lru_cache
from pathlib import Path

import numpy as np

import matcalc as mc
from matcalc.expr.node import Expr, walk
from matcalc.model import Model
from matcalc.numeric.evaluate import evaluate
from matcalc.numeric.sample import draw
from matcalc.reader import read

DATA = Path(__file__).parents[1] / "data"


def records(name: str) -> list[dict]:
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@lru_cache(maxsize=None)
def problem(name: str) -> tuple[Model, dict, str, str]:
    """Model, further function names, the variable that is asked for, and the kind of derivative."""
    path = DATA.parents[1] / "examples" / "problems" / f"{name}.toml"
    if path.exists():
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    else:
        found = json.loads((DATA / "spelling_models.json").read_text(encoding="utf-8"))[name]
    return read(found["model"]), found.get("functions", {}), found["wrt"], found.get("kind", "gradient")


@lru_cache(maxsize=None)
def reference(name: str) -> Expr:
    """The derivative that a problem asks for."""
    model, _, wrt, kind = problem(name)
    return mc.jacobian(model, wrt).form if kind == "jacobian" else mc.gradient(model, wrt).form


def value(model: Model, e: Expr, seed: int) -> np.ndarray:
    """A formula in the variables and assignments of a model, at a random point."""
    point = draw(model, seed)
    values = dict(point.values)
    for a in model.assignments:
        values[a.name] = evaluate([a.expr], values, point.sizes)[0]
    return evaluate([e], values, point.sizes)[0]


def agree(model: Model, a: Expr, b: Expr) -> bool:
    """Whether two formulas have the same shape and values at two points."""
    if a is b:
        return True
    if any(n.op == "cot" for n in walk(a, b)):
        return False
    pairs = [(value(model, a, seed), value(model, b, seed)) for seed in (1, 2)]
    return all(x.shape == y.shape and np.linalg.norm(x - y) <= 1e-9 * max(np.linalg.norm(y), 1e-9) for x, y in pairs)
