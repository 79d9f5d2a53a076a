"""Relations in words, and what can be told from the difference of two arrays."""

from __future__ import annotations

import numpy as np

from ...expr.latex import latex_symbol
from ...expr.node import walk
from ...numeric.mistakes import depending
from ...numeric.relations import Relation, is_close, where
from ...shapes import outside
from ..problem import Problem
from .wording import Named

_NAMES = {"sign": "wrong_sign", "transposed": "layout_transposed", "zero": "zero", "shape": "wrong_shape",
          "convention": "structured_symmetric_convention",
          "length": "wrong_constant", "clipped": "wrong_constant"}


def is_named(r: Relation) -> bool:
    """Whether the factor of a relation is a number or a size that one can name."""
    front = r.formula.split("gradient")[0]
    return "." not in front and "e" not in front


def has_size(r: Relation) -> bool:
    """Whether the name of a size stands in the factor of a relation."""
    return any(c.isalpha() for c in r.formula.split("gradient")[0]) and not r.formula.startswith("c ")


def related(r: Relation, problem: Problem, is_turned: bool, is_bias: bool) -> Named:
    """A relation as a name and a sentence; is_turned: the answer's shape is the right one transposed."""
    if r.kind == "factor":
        return _factor(r)
    if r.kind == "other variable":
        return _other(r, problem)
    if r.kind == "transposed" or r.formula == "reshape(gradient)" and is_turned:
        return _transposed(r, problem)
    if r.kind == "shape" and " over axis " in r.words:
        if "is summed" in r.words:
            return Named("sum_over_wrong_axis", f"Your formula {r.words}.")
        if "not averaged" in r.words:
            return Named("not_summed", f"Your formula {r.words}.")
        what = "rows" if "axis 0" in r.words else "columns"
        return Named("bias_not_summed" if is_bias else "not_summed", f"Your formula is not summed yet: add its {what} up.")
    if r.kind == "sign":
        return Named("wrong_sign", "Your formula has the wrong sign: it is $-1$ times the derivative.")
    if r.kind == "extra term":
        return Named("extra_term" if "has an extra" in r.words else "missing_term", f"Your formula {r.words}.")
    return Named(_NAMES.get(r.kind, ""), f"Your formula {r.words}.")


def _factor(r: Relation) -> Named:
    front = r.formula.split("gradient")[0].strip().lstrip("-")
    if "c" == front:
        return Named("direction", f"Your formula {r.words}.")
    above, _, below = front.partition("/")
    has_size = any(c.isalpha() for c in front)
    if has_size and below:
        name = "averaged_twice" if any(c.isalpha() for c in below) else "missing_1_over_N"
    elif has_size:
        name = "missing_1_over_N"
    else:
        number = float(above) / float(below or 1)
        name = "extra_constant" if number > 1 else "missing_constant"
    return Named(name, f"Your formula {r.words}.")


def _transposed(r: Relation, problem: Problem) -> Named:
    rest = r.words.removeprefix("is transposed").removeprefix(" and ") if r.kind == "transposed" else ""
    if any(e.op == "tr" for a in problem.model.assignments for e in walk(a.expr)) and not rest:
        return Named("trace_layout", "Your formula is the transpose of the gradient: "
                     "$df = \\operatorname{tr}(G\\, dX)$ says that the gradient is $G^{\\top}$.")
    what = "a gradient has the shape of its variable" if problem.kind == "gradient" else \
        "the rows of a Jacobian are the outputs, the columns the inputs"
    words = f"Your formula is the transpose of the derivative: {what}{_size(problem)}."
    return Named("layout_transposed", f"{words} Besides, it {rest}." if rest else words)


def _size(problem: Problem) -> str:
    shape = outside(problem.right.form.shape)
    return f", {' x '.join(map(str, shape))}" if len(shape) == 2 and shape[0] != shape[1] else ""


def _other(r: Relation, problem: Problem) -> Named:
    name = r.formula.rpartition(" ")[2]
    symbol, wrt = f"${latex_symbol(name)}$", f"${latex_symbol(problem.wrt)}$"
    if name in problem.model.variables or name not in depending(problem.model, problem.wrt):
        return Named("wrong_variable", f"That is the gradient with respect to {symbol}, not {wrt}.")
    return Named("missing_chain_factor", f"You stopped at the gradient with respect to {symbol}: "
                 f"multiply by the derivative of {symbol} with respect to {wrt}.")


def structure(theirs: list[np.ndarray], ours: list[np.ndarray], tolerance: float) -> Named | None:
    """What is seen at every point: an offset, or some rows, columns or the diagonal only."""
    if ours[0].size < 2:
        return None
    rests = [t - g for t, g in zip(theirs, ours, strict=True)]
    if all(is_close(r, np.full_like(r, r.flat[0]), tolerance) for r in rests):
        return Named("offset", "Every entry of your formula is off by one and the same number.")
    wrong = [np.abs(r) > tolerance * np.abs(g).max() for r, g in zip(rests, ours, strict=True)]
    if all(w.shape[0] == w.shape[1] > 1 for w in wrong):
        diagonals = [np.eye(len(w), dtype=bool) for w in wrong]
        if not any(np.any(w & d) for w, d in zip(wrong, diagonals, strict=True)):
            return Named("wrong_part", "Your formula is wrong off the diagonal only.")
        if not any(np.any(w & ~d) for w, d in zip(wrong, diagonals, strict=True)):
            return Named("wrong_part", "Your formula is wrong on the diagonal only.")
    places = {where(w) for w in wrong}
    if len(places) != 1 or "" in places:
        return None
    return Named("wrong_part", f"Your formula is wrong {places.pop()}, counted from 0.")
