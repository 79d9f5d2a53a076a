"""Gradients of structured variables (Matrix Cookbook, section 2.8).

With free entries every entry of the variable varies on its own, and the gradient is
that of an unstructured matrix, at a structured point.  With independent entries only
those vary that the structure leaves free, and the others follow: for a symmetric S an
entry off the diagonal moves two places.  On the tangent space of the orthogonal
matrices, Q moves by Q times a skew-symmetric matrix and stays orthogonal.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import Expr
from ..lang import said
from .factor import common_scalar
from .textbook import textbook


class Convention(NamedTuple):
    """words: what varies, and the formula;  gradient: from the free gradient G and the variable."""

    words: str
    gradient: Callable[[Expr, Expr], Expr]


def _symmetric(G: Expr, X: Expr) -> Expr:
    """2 X^{-1} - X^{-1} .* I as the Cookbook prints it, not X^{-1} .* (2 - I)."""
    both = textbook(alg.add(G, alg.transpose(G)))
    return common_scalar(alg.sub(both, alg.had(G, alg.eye(G.rows))))


_SYMMETRIC = Convention(said("independent entries of a symmetric matrix (Cookbook 138): G + G^T - G .* I"), _symmetric)
_INDEPENDENT = {
    "symmetric": _SYMMETRIC, "spd": _SYMMETRIC,
    "diagonal": Convention(said("independent entries of a diagonal matrix (Cookbook 142): G .* I"),
                           lambda G, X: textbook(alg.had(G, alg.eye(G.rows)))),
    "lower": Convention(said("independent entries of a lower triangular matrix: tril(G)"), lambda G, X: alg.call("tril", G)),
    "upper": Convention(said("independent entries of an upper triangular matrix: triu(G)"), lambda G, X: alg.call("triu", G)),
    "skew": Convention(said("independent entries of a skew-symmetric matrix: G - G^T"),
                       lambda G, X: textbook(alg.sub(G, alg.transpose(G)))),
    "toeplitz": Convention(said("independent entries of a Toeplitz matrix (Cookbook 140): sums along the diagonals of G"),
                           lambda G, X: alg.call("diagsums", G)),
}
_TANGENT = {
    "orthogonal": Convention(
        said("tangent space of the orthogonal matrices: 1/2 (G - Q G^T Q)"),
        lambda G, Q: _half(alg.sub(G, alg.matmul(Q, alg.transpose(G), Q)))),
    "symmetric": Convention(said("symmetric matrices: 1/2 (G + G^T)"), lambda G, X: _half(alg.add(G, alg.transpose(G)))),
    "skew": Convention(said("skew-symmetric matrices: 1/2 (G - G^T)"), lambda G, X: _half(alg.sub(G, alg.transpose(G)))),
}
_TANGENT["spd"] = _TANGENT["symmetric"]
_CONVENTIONS = {"free": {}, "independent": _INDEPENDENT, "tangent": _TANGENT}
ENTRIES = tuple(_CONVENTIONS)


def _half(x: Expr) -> Expr:
    return textbook(alg.mul(alg.power(alg.num(2), alg.MINUS), x))


def structure_of(assumptions: frozenset, entries: str) -> str:
    """The structure among a variable's assumptions that this convention knows, or ""."""
    return next((word for word in _CONVENTIONS[entries] if word in assumptions), "")


def restricted(G: Expr, X: Expr, entries: str) -> tuple[Expr, str]:
    """The gradient by the entries that vary, from the free gradient G by X, and the
    convention in words.

    Raises MatcalcError (M308) for another word than free, independent or tangent.
    """
    if entries not in _CONVENTIONS:
        raise fail("M308", f"there is no convention `{entries}` for entries", help="use free, independent or tangent")
    word = structure_of(X.assumptions if X.op == "var" else frozenset(), entries)
    if not word or G.rows != G.cols:
        return G, said("all entries vary")
    convention = _CONVENTIONS[entries][word]
    return convention.gradient(G, X), convention.words
