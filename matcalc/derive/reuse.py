"""A layer's own value where its derivative can use it.

For Z = X/s, with a number s that depends on X too (a norm, a standard deviation),
the derivative is full of X and powers of s.  Written with Z it is what the papers
print: (G - (G^T Z) Z)/s for Z = x/||x||.
"""

from __future__ import annotations

from fractions import Fraction

from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..shapes import SCALAR
from .textbook import textbook

_HALF = Fraction(1, 2)
_SCALE = build.var("scale of the layer", SCALAR)  # no name of a user's has blanks


def with_value(G: Expr, root: Expr, Z: Expr) -> Expr:
    """The contribution G of Z = root, with Z in it where that is shorter."""
    number, scalars, X = alg.split(root)
    if X is None or number != 1 or len(scalars) != 1 or scalars[0].op != "pow":
        return G
    base, p = scalars[0].args
    s = base if alg.is_num(p, -1) else alg.fn("sqrt", base) if alg.is_num(p, -_HALF) else None
    if s is None:
        return G
    G = textbook(G)
    hidden = {e: alg.power(_SCALE, alg.num(k)) for e in walk(G) if (k := _power_of(e, s)) is not None}
    inside = replaced(replaced(G, hidden), {X: build.scale(_SCALE, Z)})
    shorter = textbook(textbook(inside), {}, {_SCALE: s})
    return shorter if shorter.cost < G.cost else G


def _power_of(e: Expr, s: Expr) -> Fraction | None:
    """k with e = s^k, for a norm or a root s and its square."""
    if e is s:
        return Fraction(1)
    if s.op == "norm2" and e.op == "sqnorm" and e.args == s.args:
        return Fraction(2)
    if s.op == "fn" and s.data.name == "sqrt" and e is s.args[0]:
        return Fraction(2)
    if e.op == "pow" and e.args[1].op == "num":
        inner = _power_of(e.args[0], s)
        return None if inner is None else inner * e.args[1].data
    return None
