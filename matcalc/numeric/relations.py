"""How one array relates to another: a factor, a sign, a transpose, another gradient.

What is said of one point only may be chance; `common` keeps what holds at every point.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement

import numpy as np

CLOSE = 1e-6
_NUMBERS = [Fraction(n) for n in ("1", "2", "1/2", "3", "1/3", "4", "1/4", "3/2", "2/3")]


@dataclass(frozen=True)
class Relation:
    """kind: "factor", "sign", "transposed", "other variable", "extra term", "zero",
    "shape", "clipped", "length", "convention"; words: what completes "the gradient of W ...";
    formula: the same as a formula in which `gradient` is the right value."""

    kind: str
    words: str
    formula: str = ""


def is_close(a: np.ndarray, b: np.ndarray, tolerance: float = CLOSE) -> bool:
    """Same shape and ||a - b|| small next to both."""
    if np.shape(a) != np.shape(b):
        return False
    scale = max(np.linalg.norm(a), np.linalg.norm(b))
    return bool(np.linalg.norm(np.asarray(a) - b) <= tolerance * scale) and scale > 0


def relations(theirs: np.ndarray, ours: np.ndarray, sizes: dict[str, int], others: dict | None = None,
              value: np.ndarray | None = None, tolerance: float = CLOSE) -> list[Relation]:
    """Everything simple that turns the right gradient `ours` into `theirs`, the simplest first.

    others   name -> right gradient of another variable;  value: the variable itself
    """
    if not np.any(theirs):
        return [Relation("zero", "is zero: nothing flows back to it", "0")]
    found = _proportional(theirs, ours, sizes, tolerance)
    if theirs.ndim == 2 and theirs.shape == ours.shape[::-1] and min(theirs.shape) > 1:
        found += [Relation("transposed", _and("is transposed", r), f"({r.formula})^T")
                  for r in _proportional(theirs.T, ours, sizes, tolerance, same=True)]
    for name, other in (others or {}).items():
        if theirs.size > 1 and is_close(theirs, other, tolerance):
            found.append(Relation("other variable", f"is the gradient of {name}", f"gradient of {name}"))
    if theirs.shape == ours.shape and value is not None and value.shape == ours.shape:
        found += _extra(theirs, ours, value, sizes, tolerance)
    if theirs.shape == ours.shape:
        found += _symmetric(theirs, ours, tolerance) + _limited(theirs, ours, tolerance)
    return found + _reshaped(theirs, ours, tolerance)


def common(found: list[list[Relation]]) -> list[Relation]:
    """The relations that hold at every point."""
    return [r for r in (found[0] if found else []) if all(r in others for others in found[1:])]


def factor_names(c: float, sizes: dict[str, int], tolerance: float = CLOSE) -> list[tuple[str, Fraction]]:
    """(formula, number in it) for a positive factor: 2, 1/2, n, 1/n, 2/n, n m, ..."""
    out = []
    for words, value in [("", 1.0), *_size_products(sizes)]:
        for number in _NUMBERS:
            for inverse in (False, True) if words else (False,):
                product = float(number) * (1 / value if inverse else value)
                if abs(product - c) <= tolerance * c:
                    out.append((_formula(number, words, inverse), number))
    return out


def _size_products(sizes: dict[str, int]) -> list[tuple[str, float]]:
    names = [n for n in sizes if sizes[n] > 1]
    single = [(n, float(sizes[n])) for n in names]
    return single + [(f"{a} {b}", float(sizes[a] * sizes[b])) for a, b in combinations_with_replacement(names, 2)]


def _formula(number: Fraction, words: str, inverse: bool) -> str:
    if not words:
        return str(number)
    if inverse:
        bottom = words if number.denominator == 1 else f"{number.denominator} {words}"
        return f"{number.numerator}/{f'({bottom})' if ' ' in bottom else bottom}"
    top = words if number.numerator == 1 else f"{number.numerator} {words}"
    return top if number.denominator == 1 else f"{top}/{number.denominator}"


def _proportional(theirs, ours, sizes: dict, tolerance: float, same: bool = False) -> list[Relation]:
    """theirs = c ours; with `same` also for c = 1."""
    square = float(np.vdot(ours, ours)) if theirs.shape == ours.shape else 0.0
    if not square:
        return []
    c = float(np.vdot(ours, theirs)) / square
    if not c or not is_close(theirs, c * ours, tolerance):
        return []
    if abs(c - 1) <= tolerance:
        return [Relation("same", "", "gradient")] if same else []
    sign = "" if c > 0 else "-"
    if abs(c + 1) <= tolerance:
        return [Relation("sign", "has the wrong sign", "-gradient")]
    wrong_sign = "has the wrong sign and " if c < 0 else ""
    named = [Relation("factor", wrong_sign + _said(f), f"{sign}{f} gradient")
             for f, _ in factor_names(abs(c), sizes, tolerance)]
    constant = Relation("factor", f"{wrong_sign}is {abs(c):.6g} times the right one", f"{c:.6g} gradient")
    if theirs.size == 1:
        return [*named, constant]
    varying = Relation("factor", "points in the right direction, but its length is off by a factor that "
                       "depends on the values", "c gradient")
    return [*named, constant, varying]


def _said(factor: str) -> str:
    """A factor in words."""
    if factor == "1/2":
        return "is half of the right one"
    if factor.isdigit():
        return f"is {factor} times too large"
    if factor.startswith("1/"):
        below = factor[2:].strip("()")
        reason = "" if below.isdigit() else " (averaged twice, or a mean where a sum is meant?)"
        return f"is {below} times too small{reason}"
    reason = " (a sum where a mean is meant?)" if factor.replace(" ", "").isidentifier() else ""
    return f"is {factor} times the right one{reason}"


def _and(words: str, relation: Relation) -> str:
    return f"{words} and {relation.words}" if relation.words else words


def _extra(theirs, ours, value, sizes: dict, tolerance: float) -> list[Relation]:
    """theirs = ours + c value: a weight decay that the model does not have, or that is missing."""
    rest, square = theirs - ours, float(np.vdot(value, value))
    if not square or theirs.size == 1:
        return []
    c = float(np.vdot(value, rest)) / square
    if not c or not is_close(rest, c * value, tolerance):
        return []
    kind = "has an extra term" if c > 0 else "lacks a term"
    names = [f for f, _ in factor_names(abs(c), sizes, tolerance)] + [f"{abs(c):.6g}"]
    sign = "+" if c > 0 else "-"
    return [Relation("extra term", f"{kind}, {f} times the variable itself (weight decay?)",
                     f"gradient {sign} {f} variable") for f in names]


def _symmetric(theirs, ours, tolerance: float) -> list[Relation]:
    """Other conventions for a symmetric variable."""
    if ours.ndim != 2 or ours.shape[0] != ours.shape[1] or len(ours) < 2:
        return []
    both = ours + ours.T
    conventions = (("convention", "is the symmetric part of the right one, whose entries vary freely",
                    "(gradient + gradient^T)/2", both / 2),
                   ("convention", "counts the independent entries of a symmetric matrix; in the right one all entries vary freely",
                    "gradient + gradient^T - diag(diagpart(gradient))", both - np.diag(np.diag(ours))))
    return [Relation(*words) for *words, value in conventions if is_close(theirs, value, tolerance)]


def _limited(theirs, ours, tolerance: float) -> list[Relation]:
    out = []
    if theirs.size > 1 and abs(np.linalg.norm(theirs) - 1) < tolerance and is_close(
            theirs, ours / np.linalg.norm(ours), tolerance):
        out.append(Relation("length", "is scaled to length 1", "gradient/norm2(gradient)"))
    limit = float(np.abs(theirs).max())
    if theirs.size > 2 and np.abs(ours).max() > limit * (1 + tolerance) and is_close(
            theirs, np.clip(ours, -limit, limit), tolerance):
        out.append(Relation("clipped", f"is clipped at {limit:.6g}", f"clip(gradient, {limit:.6g})"))
    return out


def _reshaped(theirs, ours, tolerance: float) -> list[Relation]:
    """The right numbers in a wrong shape, or not yet summed over an axis."""
    if theirs.shape == ours.shape:
        return []
    if theirs.size == ours.size and is_close(theirs.reshape(ours.shape), ours, tolerance):
        return [Relation("shape", "has the right numbers in the wrong shape", "reshape(gradient)")]
    for axis in range(theirs.ndim):
        if is_close(theirs.sum(axis=axis).reshape(-1), ours.reshape(-1), tolerance):
            return [Relation("shape", f"is not summed over axis {axis} (the batch?)")]
        if is_close(theirs.mean(axis=axis).reshape(-1), ours.reshape(-1), tolerance):
            return [Relation("shape", f"is not averaged over axis {axis} (the batch?)")]
    if ours.ndim == 2:
        for axis in (0, 1):
            if is_close(theirs.reshape(-1), ours.sum(axis=axis), tolerance):
                return [Relation("shape", f"is summed over axis {axis}, which the variable has")]
    return []


def where(wrong: np.ndarray) -> str:
    """In words, where the True entries are, when they fill only some rows or columns."""
    count = int(np.count_nonzero(wrong))
    if wrong.ndim == 1:
        return f"only in {_ranges(np.flatnonzero(wrong), 'entry', 'entries')}" if 0 < count <= wrong.size / 2 else ""
    if wrong.ndim != 2 or not count:
        return ""
    for axis, words in ((1, ("row", "rows")), (0, ("column", "columns"))):
        lines = np.flatnonzero(wrong.any(axis=axis))
        if len(lines) <= wrong.shape[1 - axis] / 2:
            return f"only in {_ranges(lines, *words)}"
    return f"only in {count} of {wrong.size} entries" if count <= wrong.size / 4 else ""


def _ranges(places: np.ndarray, one: str, many: str) -> str:
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    shown = [str(r[0]) if len(r) == 1 else f"{r[0]} to {r[-1]}" for r in runs[:4]]
    return f"{one if len(places) == 1 else many} {', '.join(shown)}{' and more' if len(runs) > 4 else ''}"
