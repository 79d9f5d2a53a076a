"""Pieces of formulas: how they are printed, and what they are."""

from __future__ import annotations

from ...expr.latex import latex
from ...expr.node import Expr, walk
from .drafts import Misfit, factors, fitted, printed, product


def shown(e: Expr) -> str:
    """A piece of a formula as it is printed, also of one whose shapes do not fit."""
    try:
        return f"${latex(fitted(e))}$"
    except Misfit:
        return f"${latex(printed(e))}$"


def bare_term(term: Expr) -> Expr:
    """c for c 1: a number that was added to every entry."""
    parts = factors(term)
    return product(parts[:-1]) if len(parts) > 1 and parts[-1].op == "ones" else term


def names_in(e: Expr) -> set[str]:
    return {x.name for x in walk(e) if x.op == "var"}


def is_row_vector(e: Expr) -> bool:
    return e.op == "T" and e.args[0].is_column or e.is_row
