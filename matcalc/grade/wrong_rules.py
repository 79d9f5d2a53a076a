"""Mistakes that can be told from the right formula itself: a term, an assumption."""

from __future__ import annotations

from typing import Callable, NamedTuple

from ..expr import algebra as alg
from ..expr.latex import latex
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from .problem import Problem


class Guess(NamedTuple):
    """A wrong formula, the word for its mistake, and a sentence that is true if it was given."""

    formula: Expr
    mistake: str
    words: str


def guesses(problem: Problem) -> list[Guess]:
    """Wrong formulas that people give, the likeliest first."""
    right = problem.right.form
    return [*_symmetric(problem, right), *_terms(right)]


def _symmetric(problem: Problem, right: Expr) -> list[Guess]:
    """2 A x for (A + A^T) x: right only for a symmetric A."""
    out = []
    for v in problem.model.variables.values():
        if v.shape[0] != v.shape[1] or v.shape[0].is_one or v.assumptions & {"symmetric", "spd", "diagonal"}:
            continue
        transposes = {e: e.args[0] for e in walk(right) if e.op == "T" and e.args[0].op == "var" and e.args[0].name == v.name}
        if transposes:
            out.append(Guess(replaced(right, transposes), "assumed symmetric",
                             f"Your formula is right only if {v.name} is symmetric, and nothing says that it is."))
    return out


def _terms(right: Expr) -> list[Guess]:
    """A term of a sum that is missing, or has another sign or factor."""
    terms = _added(right)
    if len(terms) < 2:
        return []
    out = []
    for t in terms:
        shown = f"${latex(t)}$"
        changes: list[tuple[str, Callable[[Expr], Expr], str]] = [
            ("term missing", lambda t: alg.sub(right, t), f"The term {shown} is missing."),
            ("sign of a term", lambda t: alg.sub(right, alg.mul(alg.num(2), t)), f"The term {shown} has the wrong sign."),
            ("factor of a term", lambda t: alg.add(right, t), f"The term {shown} is there twice."),
            ("factor of a term", lambda t: alg.sub(right, alg.mul(_HALF, t)), f"Half of the term {shown} is missing."),
        ]
        out += [Guess(change(t), mistake, words) for mistake, change, words in changes]
    return out


_HALF = alg.power(alg.num(2), alg.MINUS)


def _added(e: Expr) -> list[Expr]:
    """The terms of a sum, also of one with a number in front."""
    number, scalars, body = alg.split(e)
    total = body if body is not None else e
    if total.op != "add":
        return []
    front = alg.join(number, scalars, None) if body is not None else alg.UNIT
    return [alg.mul(front, t) for t in total.args]
