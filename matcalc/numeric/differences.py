"""Five-point differences, how much they can be trusted, and the verdict.

What is neither clearly equal nor clearly different is decided with 50 digits:
the function and the formula are both computed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..lang import said
from .evaluate import Program
from .precise import DIGITS, Precise, numbers

EPS = float(np.finfo(float).eps)
STEP = EPS ** 0.2             # five-point stencil
MAX_ENTRIES = 200             # more are checked along random directions
AGREES, CLEARLY = 1e-7, 1e-3  # relative errors
EXACTLY = 1e-12               # relative error with 50 digits; the oracle of expm has 15
VERDICTS = ("agrees", "cannot tell", "disagrees")
DIRECTIONS = said("random directions")


@dataclass
class Tally:
    """The worst that was seen of one variable; `precisely`: decide with many digits in any case."""

    error: float = 0.0
    noise: float = 0.0
    index: tuple[int, int] | None = None
    analytic: float = 0.0
    numeric: float = 0.0
    verdict: str = "agrees"
    how: str = said("every entry")
    precisely: bool = False


@dataclass(frozen=True)
class Moved:
    """A function of one variable that is moved; all others stay.

    program   computes the function;  values: of all leaves, among them `name`
    """

    program: Program
    values: dict
    sizes: dict
    name: str

    @property
    def x(self) -> np.ndarray:
        return self.values[self.name]

    @cached_property
    def computed(self) -> list:
        with np.errstate(all="ignore"):
            return self.program.run(self.values, self.sizes)

    @cached_property
    def places(self) -> list[int]:
        return self.program.depends(self.name)

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """vec(F) at x."""
        out = self.program.rerun(self.computed, self.places, {**self.values, self.name: x}, self.sizes)
        return self.program.results(out)[0].ravel(order="F")


def units(x: np.ndarray):
    """Unit directions, row by row."""
    for i in range(x.size):
        d = np.zeros(x.size)
        d[i] = 1
        yield d.reshape(x.shape)


def five_point(f: Moved, d: np.ndarray) -> np.ndarray:
    """Derivative of vec(F) along d."""
    x = f.x
    h = STEP * max(1.0, float(np.abs(x[d != 0]).max(initial=0)) if np.count_nonzero(d) == 1 else 1.0)
    return (8 * (f(x + h * d) - f(x - h * d)) - (f(x + 2 * h * d) - f(x - 2 * h * d))) / (12 * h)


def noise_of(f: Moved, count: int) -> float:
    """How far `count` differences may be off because of rounding, as a norm."""
    with np.errstate(all="ignore"):
        base = float(np.abs(f(f.x)).max(initial=0))
    return 8 * EPS * max(base, 1e-300) / STEP * np.sqrt(count)


def judge(tally: Tally, analytic: np.ndarray, numeric: np.ndarray, noise: float, f: Moved, directions: list,
          exact) -> None:
    """Take one comparison into the tally; the verdict can only get worse.

    exact   the analytic values again, with many digits
    """
    scale = max(float(np.linalg.norm(analytic)), float(np.linalg.norm(numeric)))
    difference = float(np.linalg.norm(analytic - numeric))
    if not np.isfinite(scale):
        tally.verdict = "disagrees" if not np.all(np.isfinite(analytic)) else "cannot tell"
        return
    relative = difference / scale if scale > noise else 0.0
    verdict = "cannot tell"
    if tally.precisely:
        verdict, precise = _precisely(f, directions, exact)
    if verdict != "cannot tell":
        relative, tally.how = precise, said("{n} digits", n=DIGITS)
    elif relative <= AGREES and difference <= max(AGREES * scale, noise):
        verdict = "agrees"
    elif difference <= noise and scale <= 10 * noise:
        verdict = "agrees"
    else:
        verdict, exactly = _precisely(f, directions, exact)
        if verdict != "cannot tell":
            relative, tally.how = exactly, said("{n} digits", n=DIGITS)
        elif relative > CLEARLY and difference > 1e3 * noise:
            verdict = "disagrees"
    if relative >= tally.error:
        tally.error, tally.noise = relative, noise / scale if scale else 0.0
        worst = np.unravel_index(np.argmax(np.abs(analytic - numeric)), analytic.shape)
        tally.index = None if tally.how == DIRECTIONS else _entry(worst, analytic, f)
        tally.analytic, tally.numeric = float(analytic[worst]), float(numeric[worst])
    tally.verdict = max(tally.verdict, verdict, key=VERDICTS.index)


def _entry(place, analytic: np.ndarray, f: Moved) -> tuple[int, int]:
    """The entry of a Jacobian; of a gradient, which is a row here, in the shape of x."""
    is_gradient = len(analytic) == 1 and analytic.size == f.x.size
    return tuple(map(int, np.unravel_index(place[1], f.x.shape) if is_gradient else place))


def _precisely(f: Moved, directions: list, exact) -> tuple[str, float]:
    """(verdict, relative error) along random combinations of directions, with 50 digits."""
    from mpmath import mp
    rng = np.random.default_rng(0)
    worst = 0.0
    with mp.workdps(DIGITS):
        g = Moved(Program(f.program.roots, Precise()), numbers(f.values), f.sizes, f.name)
        h = mp.mpf(10) ** -15
        try:
            analytic = exact()
            size = float(np.linalg.norm(analytic.astype(float)))
            for _ in range(3):
                weights = rng.normal(size=len(directions))
                d = numbers({"d": sum(w * d for w, d in zip(weights, directions, strict=True))})["d"]
                numeric = (g(g.x + h * d) - g(g.x - h * d)) / (2 * h)
                off = (numeric - analytic @ weights).astype(float)
                scale = max(float(np.linalg.norm(numeric.astype(float))), size)
                worst = max(worst, float(np.linalg.norm(off)) / scale if scale else 0.0)
        except (ZeroDivisionError, ValueError, TypeError, AttributeError):
            return "cannot tell", float("nan")
    return ("agrees" if worst < EXACTLY else "disagrees"), worst
