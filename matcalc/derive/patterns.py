"""Well-known functions recognised in what was written out.

log(sum(exp(z))) is logsumexp, exp(z)/sum(exp(z)) softmax, log(1 + exp(u))
softplus, log(det(X)) logdet, sqrt(x^T x) a norm.  Recognising them before the
rules are used gives the derivative that a textbook prints.
"""

from __future__ import annotations

from ..expr import algebra as alg
from ..expr.canonical import canonical
from ..expr.node import Expr, walk


def is_function(e: Expr, name: str) -> bool:
    return e.op == "fn" and e.data.name == name and e.data.order == 0 and not e.data.is_user


def recognise(e: Expr, memo: dict[Expr, Expr], fired: list[tuple[Expr, Expr]]) -> Expr:
    """e with every known pattern replaced, from the inside out; `fired` receives
    (as written, as recognised) for each."""
    for part in walk(e):
        if part in memo:
            continue
        if not part.args:
            memo[part] = part
            continue
        plain = alg.rebuild(part, tuple(memo[a] for a in part.args))
        memo[part] = named = known(plain)
        if named is not plain:
            fired.append((plain, named))
    return memo[e]


def known(e: Expr) -> Expr:
    """The well-known function that the node e spells out, or e itself."""
    rule = _PATTERNS.get(e.op)
    return rule(e) if rule else e


def _function(e: Expr) -> Expr:
    x = e.args[0]
    if is_function(e, "log"):
        if x.op == "det":
            return alg.call("logdet", x.args[0])
        for sums, op in ((_sum_of_exp, "logsumexp"), (_row_sums_of_exp, "logsumexp_rows")):
            inside = sums(x)
            if inside is not None:
                return alg.call(op, inside)
        inside = _one_plus_exp(x)
        if inside is not None:
            return alg.fn("softplus", inside)
    if is_function(e, "sqrt"):
        return _norm(x) or e
    return e


def _power(e: Expr) -> Expr:
    base, p = e.args
    if p.op != "num":
        return e
    if p.data == -1:
        inside = _one_plus_exp(base)
        if inside is not None:
            return alg.fn("sigmoid", alg.neg(inside))
    if p.data.denominator == 2:
        norm = _norm(base)
        if norm is not None:
            return alg.power(norm, alg.num(p.data * 2))
    if p.data == -2 and base.op == "fn" and is_function(base, "sqrt"):
        return alg.power(base.args[0], alg.MINUS)
    return e


def _norm(x: Expr) -> Expr | None:
    """sqrt(x) as a norm, for x = v^T v, tr(X^T X), sum(X .^ 2), or a squared norm."""
    number, scalars, body = alg.split(x)
    if number != 1 or body is not None or len(scalars) != 1:
        return None
    x = scalars[0]
    if x.op == "sqnorm":
        return alg.call("norm2", x.args[0])
    if x.op == "tr":
        x = x.args[0]
    if x.op == "matmul" and len(x.args) == 2:
        left, right = x.args
        if canonical(alg.transpose(left)) is canonical(right):
            return alg.call("norm2", right if right.op != "T" else left)
    if x.op == "sum" and x.args[0].op == "pow" and alg.is_num(x.args[0].args[1], 2):
        return alg.call("norm2", x.args[0].args[0])
    return None


def _sum_of_exp(x: Expr) -> Expr | None:
    """z for sum(exp(z)), 1^T exp(z) and tr(1^T exp(z)), z a vector."""
    if x.op == "tr":
        x = x.args[0]
    inside = None
    if x.op == "sum":
        inside = x.args[0]
    elif x.op == "matmul" and len(x.args) == 2:
        left, right = x.args
        inside = right if alg.transpose(left).op == "ones" else left if right.op == "ones" else None
    if inside is not None and is_function(inside, "exp") and inside.is_column:
        return inside.args[0]
    return None


def _row_sums_of_exp(x: Expr) -> Expr | None:
    """Z for rowsum(exp(Z)) and exp(Z) 1."""
    inside = None
    if x.op == "rowsum":
        inside = x.args[0]
    elif x.op == "matmul" and len(x.args) == 2 and x.args[1].op == "ones" and x.is_column:
        inside = x.args[0]
    return inside.args[0] if inside is not None and is_function(inside, "exp") else None


def _one_plus_exp(x: Expr) -> Expr | None:
    """u for 1 + exp(u), in either order."""
    if x.op != "add" or len(x.args) != 2:
        return None
    for one, other in (x.args, x.args[::-1]):
        if alg.is_ones(one) and is_function(other, "exp"):
            return other.args[0]
    return None


def _product(e: Expr) -> Expr:
    """softmax, softmax_rows and the sigmoid among the factors of a product."""
    number, scalars, body = alg.split(e)
    factors = list(scalars)
    if body is not None:
        factors += body.args if body.op == "had" else (body,)
    if body is not None and body.op == "matmul" and scalars:
        return _inside_product(e, number, scalars, body)
    exps = [f for f in factors if is_function(f, "exp")]
    if not exps:
        return e
    for f in factors:
        if f.op != "pow" or not alg.is_num(f.args[1], -1):
            continue
        for x in exps:
            found = _quotient(x, f.args[0])
            if found is not None:
                rest = [g for g in factors if g is not x and g is not f]
                out = alg.mul(alg.num(number), found)
                for g in rest:
                    out = alg.mul(g, out) if g.is_scalar or out.is_scalar else alg.had(g, out)
                return out
    return e


def _inside_product(e: Expr, number, scalars, body: Expr) -> Expr:
    """(1 / sum(exp(z))) A exp(z) B = A softmax(z) B."""
    for i, x in enumerate(body.args):
        inner = x.args[0] if x.op == "T" else x
        if not is_function(inner, "exp"):
            continue
        for f in scalars:
            below = f.args[0] if f.op == "pow" and alg.is_num(f.args[1], -1) else None
            found = _quotient(inner, below) if below is not None else None
            if found is not None:
                found = alg.transpose(found) if x.op == "T" else found
                rest = tuple(g for g in scalars if g is not f)
                front = alg.join(number, rest, None)
                return alg.mul(front, alg.matmul(*body.args[:i], found, *body.args[i + 1:]))
    return e


def _quotient(x: Expr, below: Expr) -> Expr | None:
    """exp(z) / below, where that is a softmax or a sigmoid."""
    z = x.args[0]
    key = canonical(z)
    total = _sum_of_exp(below)
    if total is not None and canonical(total) is key:
        return alg.call("softmax", z)
    if below.op == "matmul" and below.shape == x.shape and alg.is_ones(below.args[-1]):
        rows = _row_sums_of_exp(alg.matmul(*below.args[:-1]))
        if rows is not None and canonical(rows) is key:
            return alg.call("softmax_rows", z)
        if len(below.args) == 2 and below.args[0] is x:
            return alg.call("softmax_rows", z)
    inside = _one_plus_exp(below)
    if inside is not None and canonical(inside) is key:
        return alg.fn("sigmoid", z)
    return None


def _chain(e: Expr) -> Expr:
    """diag(1 ./ (exp(Z) 1)) exp(Z) is softmax_rows(Z)."""
    for i in range(len(e.args) - 1):
        left, right = e.args[i], e.args[i + 1]
        if left.op != "diag" or not is_function(right, "exp"):
            continue
        v = left.args[0]
        rows = _row_sums_of_exp(v.args[0]) if v.op == "pow" and alg.is_num(v.args[1], -1) else None
        if rows is not None and canonical(rows) is canonical(right.args[0]):
            soft = alg.call("softmax_rows", right.args[0])
            return alg.matmul(*e.args[:i], soft, *e.args[i + 2:])
    return e


_PATTERNS = {"fn": _function, "pow": _power, "had": _product, "scale": _product, "matmul": _chain}
