"""What an answer rests on: domains of the rules used, kinks, stated derivatives."""

from __future__ import annotations

from ..expr import build
from ..expr.node import Expr, Func, walk
from ..expr.text import text
from ..rules import ENTRYWISE, RULES
from ..rules.entrywise import derivative_expr
from ..shapes import SCALAR


def sentences(derivation) -> tuple[str, ...]:
    """One sentence an assumption, in order of first use, none twice."""
    out: list[str] = []
    model = derivation.model
    for v in model.variables.values():
        words = sorted(v.assumptions - {"constant"})
        if words:
            out.append(f"{v.name} is {_and([_WORDS.get(w, w) for w in words])}")
    roots = [a.expr for a in model.assignments]
    for e in walk(*roots):
        out += _domain(e)
    shown = [g.named_form for g in derivation.gradients.values()] + [
        g.closed_form for g in derivation.gradients.values() if _is_written(g)]
    for e in walk(*shown):
        if e.op == "fn" and e.data.order > 0:
            out += _definition(e.data)
    return tuple(dict.fromkeys(out))


_WORDS = {"spd": "symmetric positive definite", "onehot": "one-hot", "onehot_cols": "one-hot in each column",
          "simplex": "non-negative with sum one"}


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _is_written(gradient) -> bool:
    from ..errors import MatcalcError
    try:
        return gradient.closed_form is not None
    except MatcalcError:
        return False


def _domain(e: Expr) -> list[str]:
    if e.op == "fn":
        row = ENTRYWISE.get(e.data.name)
        if row is None or e.data.is_user:
            return []
        out = [f"{e.data.name}: {row.domain} in {text(e.args[0])}"] if row.domain else []
        return out + ([f"{e.data.name}: {row.at_kink}"] if row.at_kink else [])
    if e.op == "pow":
        return _power_domain(e)
    domain = RULES[e.op].domain if e.op in RULES else ""
    return [domain.format(*map(text, e.args))] if domain else []


def _power_domain(e: Expr) -> list[str]:
    base, p = e.args
    if p.op == "num" and p.data.denominator == 1:
        if p.data >= 0 or base.op in ("num", "size"):
            return []
        return [f"{text(base)} is not zero" if base.is_scalar else f"no entry of {text(base)} is zero"]
    return [f"{text(base)} is positive" if base.is_scalar else f"the entries of {text(base)} are positive"]


def _definition(f: Func) -> list[str]:
    """sigmoid'(t) = sigmoid(t) .* (1 - sigmoid(t)), said once."""
    if f.is_abstract:
        return [f"{f} denotes the derivative of {f.name}"]
    t = build.var("t", SCALAR)
    return [f"{f}(t) = {text(derivative_expr(f, t))}"]
