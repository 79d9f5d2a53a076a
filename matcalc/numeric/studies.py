"""Numbers for curves: errors of differences, gradient norms by depth, gradient descent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import fail
from .evaluate import Program
from .passes import passes
from .sample import draw

MAX_ENTRIES = 40
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Differences:
    """Relative errors of difference quotients for every step size; `practical`: eps^(1/3) x_c."""

    steps: np.ndarray
    forward: np.ndarray
    central: np.ndarray
    practical: float


def point(model, at: dict | None, seed: int) -> dict:
    """The values given, or random ones. Raises MatcalcError (M535)."""
    if at is not None:
        return at
    found = draw(model, seed)
    if found is None:
        raise fail("M535", "no random point was found at which all operations are defined",
                   help="give the values of all variables: --at x=2,y=3")
    return found.values


def differences(derivation, name: str, at: dict | None, seed: int) -> Differences:
    """(f(x+h) - f(x))/h and (f(x+h/2) - f(x-h/2))/h beside the gradient by `name`."""
    run = passes(derivation, point(derivation.model, at, seed))
    program = Program([derivation.loss])
    values = {v: run.known[v] for v in derivation.model.variables}
    x, gradient = values[name], run.backward(name)
    entries = list(np.ndindex(x.shape))[:MAX_ENTRIES]
    exact = np.array([gradient[i] for i in entries])
    computed = program.run(values, run.sizes)
    places = program.depends(name)

    def f(i, h: float) -> float:
        moved = x.copy()
        moved[i] += h
        return float(program.results(program.rerun(computed, places, {**values, name: moved}, run.sizes))[0][0, 0])

    steps = np.logspace(-14, 0, 57)
    scale = max(float(np.linalg.norm(exact)), 1e-300)
    forward, central = [], []
    with np.errstate(all="ignore"):
        for h in steps:
            forward.append(np.linalg.norm([(f(i, h) - f(i, 0)) / h for i in entries] - exact) / scale)
            central.append(np.linalg.norm([(f(i, h / 2) - f(i, -h / 2)) / h for i in entries] - exact) / scale)
    middle = float(np.abs(x).mean()) or 1.0
    return Differences(steps, np.array(forward), np.array(central), EPS ** (1 / 3) * middle)


@dataclass(frozen=True)
class Quotient:
    """(up - down) / step, with the values half a step away."""

    step: float
    up: float
    down: float
    quotient: float


@dataclass(frozen=True)
class Quotients:
    rows: tuple[Quotient, ...]
    exact: float


def quotients(derivation, name: str, at: dict, steps) -> Quotients:
    """Central differences by a number; the step "practical" is eps^(1/3) x_c, where x_c is
    the size of x, or 1 at x = 0."""
    run = passes(derivation, at)
    program = Program([derivation.loss])
    values = {v: run.known[v] for v in derivation.model.variables}
    x = values[name]

    def f(h: float) -> float:
        moved = {**values, name: x + h}
        return float(program.results(program.run(moved, run.sizes))[0][0, 0])
    rows = []
    for step in steps:
        h = EPS ** (1 / 3) * (float(abs(x[0, 0])) or 1.0) if step == "practical" else float(step)
        with np.errstate(all="ignore"):
            up, down = f(h / 2), f(-h / 2)
        rows.append(Quotient(h, up, down, (up - down) / h))
    return Quotients(tuple(rows), float(run.backward(name)[0, 0]))


def norms(derivation, names: list[str], at: dict) -> list[float]:
    """The Frobenius norm of the gradient by every name."""
    run = passes(derivation, at)
    return [float(np.linalg.norm(run.backward(n))) for n in names]


def weights(model, gain: float, seed: int) -> dict:
    """Values: matrices with entries of variance gain^2 / columns, so that with gain 1 the
    layers keep the size of what they read; vectors of variance 1."""
    rng = np.random.default_rng(seed)
    out = {}
    for v in model.variables.values():
        shape = tuple(d.value({}) for d in v.shape)
        out[v.name] = rng.normal(size=shape) * (gain / np.sqrt(shape[1]) if shape[1] > 1 else 1)
    return out


def descent(derivation, names: list[str], at: dict, rate: float, steps: int) -> np.ndarray:
    """The loss before every step w <- w - rate dL/dw; it ends where numbers end."""
    function = derivation.numpy()
    values = {n: np.array(v, dtype=float) for n, v in at.items()}
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(steps + 1):
            loss, gradients = function(**values)
            if not np.isfinite(loss) or losses and abs(loss) > 1e8 * max(abs(losses[0]), 1e-8):
                break
            losses.append(float(loss))
            values.update({n: values[n] - rate * gradients[n] for n in names})
    return np.array(losses)


def rates(derivation, names: list[str], at: dict, steps: int) -> tuple[float, float, float]:
    """Learning rates that are too low, right, and too high, found by trying.

    Raises MatcalcError (M536) where no rate makes the loss smaller.
    """
    tried = [(m * 10.0 ** k) for k in range(-6, 4) for m in (1, 2, 5)]
    runs = {r: descent(derivation, names, at, r, steps) for r in tried}
    good = [r for r, losses in runs.items() if len(losses) == steps + 1 and losses[-1] < losses[0]]
    if not good:
        raise fail("M536", "no learning rate makes the loss smaller from here",
                   help="name what is to be learnt with --wrt, or begin elsewhere with --at or --seed")
    right = min(good, key=lambda r: runs[r][-1])
    above = [r for r in tried if r > right and r not in good]
    return right / 50, right, above[0] if above else 10 * max(good)
