"""Gradients of structured variables (Matrix Cookbook, section 2.8).

With free entries every entry of the variable varies on its own, and the
gradient is that of an unstructured matrix, at a structured point.  With
independent entries only those vary that the structure leaves free, and the
others follow: for a symmetric S an entry off the diagonal moves two places.
"""

from __future__ import annotations

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import Expr
from .textbook import textbook

ENTRIES = ("free", "independent")


def restricted(G: Expr, assumptions: frozenset, entries: str) -> tuple[Expr, str]:
    """The gradient by independent entries from the free gradient G, and the
    convention in words.

    Raises MatcalcError (M308) for another word than free or independent.
    """
    if entries not in ENTRIES:
        raise fail("M308", f"there is no convention `{entries}` for entries", help="use free or independent")
    if entries == "free" or G.rows != G.cols:
        return G, "all entries vary"
    if assumptions & {"symmetric", "spd"}:
        both = textbook(alg.add(G, alg.transpose(G)))
        return alg.sub(both, alg.had(G, alg.eye(G.rows))), "independent entries of a symmetric matrix (Cookbook 138): G + G^T - G .* I"
    if "diagonal" in assumptions:
        return textbook(alg.had(G, alg.eye(G.rows))), "independent entries of a diagonal matrix (Cookbook 142): G .* I"
    return G, "all entries vary"
