"""Formulas that overflow or cancel, written so that they do not.

Logarithms of softmax, sigmoid, determinants and sums of exponentials become one
function each; a loss that takes them is written with that function, also when
the softmax has a name of its own.
"""

from __future__ import annotations

from ...derive.patterns import is_function, known
from ...expr import algebra as alg
from ...expr import build
from ...expr.node import Expr, node, walk

_SOFTMAX = {"softmax": "log_softmax", "softmax_rows": "log_softmax_rows", "softmax_cols": "log_softmax_cols"}


def stable(e: Expr, definitions: dict[Expr, Expr]) -> Expr:
    """e with its logarithms written stably.

    definitions   named intermediate -> its formula
    """
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        plain = part if args == part.args else node(part.op, args, part.data, part.shape)
        memo[part] = _stable(known(plain), definitions)
    return memo[e]


def _stable(e: Expr, definitions: dict[Expr, Expr]) -> Expr:
    if is_function(e, "log"):
        return _log(e.args[0], definitions) or e
    if e.op == "cross_entropy":
        log = _log(e.args[0], definitions)
        return build.neg(build.call("inner", e.args[1], log)) if log is not None else e
    if e.op == "bce":
        p, y = e.args
        p = definitions.get(p, p)
        if is_function(p, "sigmoid"):
            a = p.args[0]
            return build.sub(build.call("sum", build.fn("softplus", a)) if not a.is_scalar else build.fn("softplus", a),
                             build.call("inner", y, a) if not a.is_scalar else build.had(y, a))
    return e


def _log(x: Expr, definitions: dict[Expr, Expr]) -> Expr | None:
    """log(x) as one function, for x = softmax(z), sigmoid(z) or 1 - sigmoid(z)."""
    x = definitions.get(x, x)
    if x.op in _SOFTMAX:
        return node(_SOFTMAX[x.op], x.args, None, x.shape)
    if is_function(x, "sigmoid"):
        return build.neg(build.fn("softplus", build.neg(x.args[0])))
    if x.op == "add" and len(x.args) == 2:
        for one, other in (x.args, x.args[::-1]):
            number, scalars, body = alg.split(other)
            p = scalars[0] if body is None and len(scalars) == 1 else body if not scalars else None
            p = definitions.get(p, p)
            if alg.is_ones(one) and number == -1 and p is not None and is_function(p, "sigmoid"):
                return build.neg(build.fn("softplus", p.args[0]))
    return None
