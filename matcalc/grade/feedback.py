"""The sentences of a good teaching assistant."""

from __future__ import annotations

import numpy as np

from ..shapes import words

# What a hint may say: where to look, never the answer.
_HINTS = {
    "factor": "A constant factor is off: check the numbers that the derivative brings out.",
    "sign": "Check the sign.",
    "transposed": "Check the layout: what shape does the derivative have?",
    "shape": "Check the shapes of the factors, from left to right.",
    "other variable": "With respect to which variable is the derivative asked?",
    "extra term": "One term of your sum does not belong there, or is missing.",
    "zero": "The function does depend on this variable.",
    "derivative missing": "A derivative of an activation is missing in the chain rule.",
    "wrong slope": "Check the derivative of the activation.",
    "path missing": "The variable is used in more than one place: are all paths there?",
    "assumed symmetric": "Did you use a property that a matrix need not have?",
    "term missing": "A term of the sum is missing.",
    "sign of a term": "Check the sign of every term.",
    "factor of a term": "Check the factor of every term.",
    "convention": "Which entries of the matrix may vary?",
}
_GENERAL = "Check the derivation step by step; the shapes fit, the values do not."


def sentence(level: str, mistake: str, full: str) -> str:
    """What the level allows to be said of a wrong answer."""
    if level in ("none", "verdict"):
        return ""
    return _HINTS.get(mistake, _GENERAL) if level == "hint" else full


def shapes(answer, right, wrt: str) -> str:
    """Why an answer of another shape is wrong."""
    return (f"Your formula is {words(answer.shape)}, but the derivative with respect to {wrt} is {words(right.shape)}.")


def counterexample(answer: np.ndarray, right: np.ndarray, sizes: dict[str, int]) -> str:
    """The entry that differs most, with numbers."""
    place = np.unravel_index(np.argmax(np.abs(answer - right)), answer.shape)
    at = "" if answer.size == 1 else f", entry [{', '.join(str(int(i) + 1) for i, n in zip(place, answer.shape) if n > 1)}]"
    with_sizes = ", ".join(f"{k} = {v}" for k, v in sizes.items())
    return (f"At a random point{f' with {with_sizes}' if with_sizes else ''}{at}: your formula gives "
            f"{answer[place]:.6g}, finite differences give {right[place]:.6g}.")
