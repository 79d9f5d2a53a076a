"""Two arrays that should be the same: how far apart, and whether rounding explains it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

AGREES = {False: 1e-7, True: 1e-3}      # largest relative error that may agree; True: float32
CLEARLY = {False: 1e-7, True: 1e-5}     # smallest relative error that may be called wrong
ALWAYS = {False: 1e-11, True: 2e-6}     # so small an error always agrees
EPS = {False: 2.3e-16, True: 1.2e-7}
ROUNDING, WRONG, WRONG_ENTRY = 10, 100, 1e3  # times the noise
ORDER = ("agrees", "cannot tell", "disagrees")


@dataclass(frozen=True)
class Judged:
    """verdict    "agrees", "cannot tell", "disagrees";  error, noise: relative
    index      entry that differs most
    """

    verdict: str
    error: float
    noise: float
    index: tuple[int, ...]


def judged(theirs: np.ndarray, ours: np.ndarray, near: list, single: bool = False) -> Judged:
    """Compare two gradients at one point.

    near   ((theirs, ours), (theirs, ours)) at pairs of points on both sides, so near that
           a smooth error has the same mean there as here: what is left is rounding
    single theirs has been rounded to float32
    """
    difference = theirs - ours
    size = np.abs(difference)
    worst = _place(size)
    scale = max(float(np.linalg.norm(theirs)), float(np.linalg.norm(ours)))
    if not scale:
        return Judged("agrees", 0.0, 0.0, worst)
    moved = [_rounding(t - o, u - p, difference) for (t, o), (u, p) in near]
    floor = 4 * EPS[single]
    noise = max([floor * scale, *(float(np.linalg.norm(m)) for m in moved)])
    off = float(np.linalg.norm(difference))
    error = off / scale
    if _is_only_noise(theirs, ours, near):
        return Judged("agrees", 0.0, 1.0, worst)
    wrong = _wrong_entries(size, theirs, ours, moved, single)
    if wrong is not None and wrong.any():
        worst = _place(np.where(wrong, size / np.maximum(np.abs(ours), 1e-300), 0)) if error <= CLEARLY[single] else worst
        return Judged("disagrees", error, noise / scale, worst)
    if error > CLEARLY[single] and off > WRONG * noise:
        verdict = "disagrees"
    elif error <= ALWAYS[single] or error <= AGREES[single] and off <= ROUNDING * noise:
        verdict = "agrees"
    else:
        verdict = "cannot tell"
    return Judged(verdict, error, noise / scale, worst)


def _rounding(before: np.ndarray, after: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Second differences; those of independent errors are sqrt(6) times as large as the errors."""
    return np.abs(before + after - 2 * here) / 6 ** 0.5


def _place(size: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(size)), size.shape)) if size.size else ()


def _is_only_noise(theirs, ours, near) -> bool:
    """Ours is rounding where the true value is zero, and theirs is no larger."""
    changes = [float(np.linalg.norm(_rounding(o, p, ours))) for (_, o), (_, p) in near]
    own = float(np.linalg.norm(ours))
    return bool(changes) and max(changes) > 0.03 * own > 0 and float(np.linalg.norm(theirs)) <= 100 * max(own, *changes)


def _wrong_entries(size, theirs, ours, moved: list, single: bool) -> np.ndarray | None:
    """Entries that are clearly wrong by themselves, however small next to the others."""
    if not moved:
        return None
    magnitude = np.maximum(np.abs(theirs), np.abs(ours))
    row = magnitude.max(axis=-1, keepdims=True) if magnitude.ndim else magnitude
    noise = np.maximum(np.maximum.reduce(moved), 16 * EPS[single] * row)
    typical = np.sqrt(np.mean(noise ** 2, axis=-1, keepdims=True)) if noise.ndim else noise
    noise = np.maximum(noise, typical)
    return (size > WRONG_ENTRY * noise) & (size > CLEARLY[single] * magnitude)


def worse(a: str, b: str) -> str:
    """The worse of two verdicts."""
    return max(a, b, key=ORDER.index)
