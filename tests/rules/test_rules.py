"""Five tests of every rule, made from its declaration.

Shapes against the signature; a finite oracle; the adjoint identity
<G, dY> = sum <Xbar, dX>; differences of the oracle; mutants of the VJP, which
must all be caught.
"""

from __future__ import annotations

import numpy as np
import pytest

from matcalc.expr import algebra as alg
from matcalc.expr import build
from matcalc.expr.node import Expr, Func
from matcalc.numeric.evaluate import evaluate
from matcalc.rules import ENTRYWISE, RULES
from matcalc.rules.entrywise import derivative_expr
from matcalc.shapes import ONE, Size, size

SIZES = {"m": 3, "n": 4, "k": 2, "p": 2, "q": 5}
# VJPs that are zero everywhere, or refused: of places of extremes, of rearrangements, of exponents.
FLAT = {"argmax", "argmin", "rearrange"}
FIXED = {("matpow", 1), ("frechet", 0), ("pow", 1)}
RNG = np.random.default_rng


def operand(name: str, pattern: str) -> Expr:
    dims = tuple(_size(word) for word in pattern.split())
    return build.var(name, dims)


def _size(word: str) -> Size:
    total = ONE
    for part in word.split("*"):
        total = total * (ONE if part == "1" else size(part))
    return total


def built(op: str) -> tuple[Expr, tuple[Expr, ...]]:
    """The node of a rule on symbolic operands, by its signature."""
    rule = RULES[op]
    patterns = [p.strip() for p in rule.signature.split("->")[0].split(",") if p.strip() != "..."]
    args = [operand(name, patterns[min(i, len(patterns) - 1)]) for i, name in enumerate(rule.operands)]
    if op == "matpow":
        args[1] = build.num(3)
    if op == "pow":
        args[1] = build.num(3)
    special = {"kron": build.kron, "scale": build.scale, "matmul": build.matmul, "add": build.add, "had": build.had,
               "pow": build.power, "matpow": build.matpow, "T": build.transpose,
               "mat": lambda v: build.mat(v, size("m"), size("n")),
               "rearrange": lambda G: build.rearrange(G, size("m"), size("n"), size("p"), size("q")),
               "fn": lambda x: build.fn("tanh", x)}
    if op == "rearrange":
        args = [build.var("G", (size("m") * size("p"), size("n") * size("q")))]
    node = special[op](*args) if op in special else build.call(op, *args)
    return node, tuple(args)


def drawn(e: Expr, how: str, rng) -> np.ndarray:
    x = rng.normal(size=tuple(d.value(SIZES) for d in e.shape))
    if how in ("invertible", "det>0", "spd"):
        x = x @ x.T + 2 * np.eye(len(x)) + (0 if how == "spd" else np.triu(x, 1) - np.triu(x, 1).T)
    return {"positive": lambda: np.abs(x) + 0.3, "unit": lambda: rng.uniform(0.1, 0.9, x.shape),
            "simplex": lambda: np.abs(x) / np.abs(x).sum()}.get(how, lambda: x)()


def point(op: str, seed: int):
    """(node, operands, values of the operands, directions)."""
    node, args = built(op)
    rng = RNG(seed)
    draw = RULES[op].draw
    values = {a.name: drawn(a, draw[i] if i < len(draw) else "any", rng) for i, a in enumerate(args) if a.op == "var"}
    moves = {n: rng.normal(size=v.shape) for n, v in values.items()}
    return node, args, values, moves


def contributions(op: str, node: Expr, args, G: Expr, mutant=lambda e: e) -> dict[str, Expr]:
    out = {}
    for i, a in enumerate(args):
        if a.op == "var" and (op, i) not in FIXED:
            out[a.name] = mutant(RULES[op].vjp(G, node, i, args, node.data))
    return out


def adjoint_error(op: str, seed: int, mutant=lambda e: e) -> float:
    node, args, values, moves = point(op, seed)
    fixed = {args[i].name for i in range(len(args)) if (op, i) in FIXED and args[i].op == "var"}
    G = build.cot("L", "Y", node.shape)
    g = RNG(seed + 1).normal(size=tuple(d.value(SIZES) for d in node.shape))
    dargs = tuple(alg.zeros(a.shape) if a.op != "var" or a.name in fixed else build.dvar(a.name, a.shape) for a in args)
    dY = RULES[op].differential(node, args, dargs, node.data)
    known = {**values, ("L", "Y"): g, **{("d", n): m for n, m in moves.items()}}
    [forward] = evaluate([dY], known, SIZES)
    back = contributions(op, node, args, G, mutant)
    names = list(back)
    adjoints = evaluate([back[n] for n in names], known, SIZES)
    pieces = [float(np.sum(x * moves[n])) if x.shape == moves[n].shape else np.inf
              for n, x in zip(names, adjoints, strict=True)]
    left = float(np.sum(g * forward))
    return abs(left - sum(pieces)) / max(abs(left), 1e-3)


def difference_error(op: str, seed: int) -> float:
    node, args, values, moves = point(op, seed)
    fixed = {args[i].name for i in range(len(args)) if (op, i) in FIXED and args[i].op == "var"}
    moves = {n: 0 * m if n in fixed else m for n, m in moves.items()}
    dargs = tuple(alg.zeros(a.shape) if a.op != "var" or a.name in fixed else build.dvar(a.name, a.shape) for a in args)
    dY = RULES[op].differential(node, args, dargs, node.data)
    [forward] = evaluate([dY], {**values, **{("d", n): m for n, m in moves.items()}}, SIZES)
    h = 1e-5
    up, down = (evaluate([node], {n: v + s * h * moves[n] for n, v in values.items()}, SIZES)[0] for s in (1, -1))
    return float(np.abs((up - down) / (2 * h) - forward).max() / max(np.abs(forward).max(), 1e-3))


OPS = sorted(RULES)


@pytest.mark.parametrize("op", OPS)
def test_shape_is_that_of_the_signature(op: str):
    node, _ = built(op)
    result = RULES[op].signature.split("->")[1].split()
    assert node.shape == tuple(_size(w) for w in result)


@pytest.mark.parametrize("op", OPS)
def test_oracle_is_finite(op: str):
    node, _, values, _ = point(op, 0)
    [value] = evaluate([node], values, SIZES)
    assert value.shape == tuple(d.value(SIZES) for d in node.shape)
    assert np.all(np.isfinite(value))


@pytest.mark.parametrize("op", [o for o in OPS if o not in FLAT])
def test_adjoint_identity(op: str):
    assert max(adjoint_error(op, seed) for seed in range(3)) < 1e-9


@pytest.mark.parametrize("op", OPS)
def test_differences_of_the_oracle(op: str):
    assert max(difference_error(op, seed) for seed in range(3)) < 1e-6


MUTANTS = {"negated": alg.neg, "doubled": lambda e: alg.mul(alg.num(2), e), "zero": lambda e: alg.zeros(e.shape),
           "transposed": lambda e: build.transpose(e)}


@pytest.mark.parametrize("mutant", MUTANTS)
@pytest.mark.parametrize("op", [o for o in OPS if o not in FLAT])
def test_mutants_are_caught(op: str, mutant: str):
    _, args = built(op)
    is_vector = any(a.is_scalar for a in args)  # a transposed scalar is itself
    if mutant == "transposed" and (op in ("diagpart", "tr") or is_vector and len(args) == 1):
        return  # these contributions are symmetric
    assert max(adjoint_error(op, seed, MUTANTS[mutant]) for seed in range(3)) > 1e-4


# ---------------------------------------------------------------- entrywise functions

def entries(row, seed: int) -> np.ndarray:
    x = RNG(seed).normal(size=(4, 1))
    x = {"positive": np.abs(x) + 0.3, "unit": np.clip(x / 3, -0.9, 0.9), "above one": np.abs(x) + 1.2}.get(row.draw, x)
    return np.where(np.abs(x) < 0.05, 0.3, x) if row.kinks else x


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", sorted(ENTRYWISE))
def test_entrywise_derivatives(name: str, order: int):
    x = build.var("x", (size("n"), ONE))
    lower = build.fn(Func(name, order - 1), x)
    slope = derivative_expr(Func(name, order), x)
    for seed in range(3):
        at = entries(ENTRYWISE[name], seed)
        h = 1e-5
        up, down = (evaluate([lower], {"x": at + s * h}, SIZES)[0] for s in (1, -1))
        [exact] = evaluate([slope], {"x": at}, SIZES)
        assert np.allclose((up - down) / (2 * h), exact, rtol=1e-5, atol=1e-6)
        if order == 1 and np.abs(exact).max() > 1e-6:  # a wrong sign or factor would be seen
            assert not np.allclose((up - down) / (2 * h), 1.01 * exact, rtol=1e-5, atol=1e-6)
