"""Random expressions over most operations, from a seed."""

from __future__ import annotations

import random

import numpy as np

from matcalc.expr import build
from matcalc.expr.node import Expr
from matcalc.shapes import ONE, size

N, M = size("n"), size("m")
SHAPES = {"scalar": (ONE, ONE), "column": (N, ONE), "row": (ONE, N), "short": (M, ONE), "square": (N, N), "wide": (N, M)}
ASSUMED = {"S": "symmetric", "D": "diagonal", "Q": "orthogonal", "t": "onehot"}
NAMES = {"a": "scalar", "c": "scalar", "x": "column", "y": "column", "t": "column", "g": "short", "A": "square",
         "S": "square", "D": "square", "Q": "square", "W": "wide"}
VARIABLES: dict[str, list[Expr]] = {}
for _name, _kind in NAMES.items():
    VARIABLES.setdefault(_kind, []).append(
        build.var(_name, SHAPES[_kind], {ASSUMED[_name]} if _name in ASSUMED else ()))


def gram(x: Expr) -> Expr:
    """X X^T + I, which has an inverse and a positive determinant."""
    return build.add(build.matmul(x, build.transpose(x)), build.eye(x.rows))


def expression(rng: random.Random, kind: str, depth: int) -> Expr:
    """A random expression of a kind."""
    if depth <= 0 or rng.random() < 0.12:
        return leaf(rng, kind)

    def make(other: str) -> Expr:
        return expression(rng, other, depth - 1)
    general = [
        lambda: build.add(make(kind), make(kind), make(kind)), lambda: build.sub(make(kind), make(kind)),
        lambda: build.had(make(kind), make(kind)), lambda: build.fn(rng.choice(["tanh", "sigmoid", "sin", "softplus"]), make(kind)),
        lambda: build.power(build.add(build.power(make(kind), build.num(2)), build.ones(SHAPES[kind])),
                            build.num(rng.choice(["-1", "2", "1/2", "-1/2"]))),
    ]
    if kind != "scalar":
        general.append(lambda: build.scale(make("scalar"), make(kind)))
    if kind in TRANSPOSED:
        general.append(lambda: build.transpose(make(TRANSPOSED[kind])))
    return rng.choice(general + [lambda f=f: f(make) for f in SPECIAL[kind]])()


def leaf(rng: random.Random, kind: str) -> Expr:
    if kind == "row":
        return build.transpose(rng.choice(VARIABLES["column"]))
    if rng.random() < 0.85:
        return rng.choice(VARIABLES[kind])
    if kind == "scalar":
        return build.num(rng.choice(["1", "2", "-1", "3/2"]))
    return build.ones(SHAPES[kind])


TRANSPOSED = {"column": "row", "row": "column", "square": "square"}
SPECIAL = {
    "scalar": [lambda f: build.matmul(f("row"), f("column")), lambda f: build.matmul(f("row"), f("square"), f("column")),
               lambda f: build.call("tr", f("square")), lambda f: build.call("sum", f("wide")),
               lambda f: build.call("sqnorm", f("wide")), lambda f: build.call("inner", f("wide"), f("wide")),
               lambda f: build.call("logsumexp", f("column")), lambda f: build.call("mean", f("wide")),
               lambda f: build.call("logdet", gram(f("square")))],
    "column": [lambda f: build.matmul(f("square"), f("column")), lambda f: build.matmul(f("wide"), f("short")),
               lambda f: build.call("diagpart", f("square")), lambda f: build.call("softmax", f("column")),
               lambda f: build.call("rowsum", f("wide")), lambda f: build.matmul(build.call("diag", f("column")), f("column"))],
    "row": [lambda f: build.matmul(f("row"), f("square")), lambda f: build.call("colsum", f("square"))],
    "short": [lambda f: build.matmul(build.transpose(f("wide")), f("column")),
              lambda f: build.transpose(build.call("colsum", f("wide")))],
    "square": [lambda f: build.matmul(f("square"), f("square")), lambda f: build.matmul(f("column"), f("row")),
               lambda f: build.call("diag", f("column")), lambda f: build.call("inv", gram(f("square"))),
               lambda f: build.matpow(f("square"), build.num(2)), lambda f: build.call("softmax_rows", f("square")),
               lambda f: build.matmul(f("wide"), build.transpose(f("wide")))],
    "wide": [lambda f: build.matmul(f("square"), f("wide")), lambda f: build.call("softmax_cols", f("wide")),
             lambda f: build.matmul(build.call("diag", f("column")), f("wide"))],
}


def values(seed: int) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """A point at which all assumptions hold, and its sizes."""
    rng = np.random.default_rng(seed)
    sizes = {"n": 3, "m": 4}
    out = {}
    for variables in VARIABLES.values():
        for v in variables:
            x = rng.normal(size=tuple(d.value(sizes) for d in v.shape))
            x = {"S": lambda x=x: x + x.T, "D": lambda x=x: np.diag(np.diag(x)), "Q": lambda x=x: np.linalg.qr(x)[0],
                 "t": lambda x=x: np.eye(3)[:, :1]}.get(v.name, lambda x=x: x)()
            out[v.name] = x
    return out, sizes
