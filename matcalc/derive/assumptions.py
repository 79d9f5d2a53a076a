"""What an answer rests on: domains of the rules used, kinks, stated derivatives."""

from __future__ import annotations

from string import Formatter

from ..expr import build
from ..expr.node import Expr, Func, walk
from ..expr.text import text
from ..model import Model
from ..rules import ENTRYWISE, RULES
from ..rules.entrywise import derivative_expr
from ..shapes import SCALAR


# A sentence is made of words and formulas; a printer decides how formulas look.
Sentence = tuple["str | Expr", ...]


def said(sentence: Sentence) -> str:
    """A sentence with its formulas in the input language."""
    return "".join(p if isinstance(p, str) else text(p) for p in sentence)


def sentences(model: Model, shown: list[Expr]) -> tuple[Sentence, ...]:
    """One sentence an assumption, in order of first use, none twice.

    shown   the formulas of the answer; primes in them are defined
    """
    out: list[Sentence] = []
    for v in model.variables.values():
        words = sorted(v.assumptions - {"constant"})
        if words:
            out.append((build.var(v.name, v.shape), f" is {_and([_WORDS.get(w, w) for w in words])}"))
    roots = [a.expr for a in model.assignments]
    for e in walk(*roots):
        out += _domain(e)
    for e in walk(*shown):
        if e.op == "fn" and e.data.order > 0:
            out.append(_definition(e.data))
    return tuple({said(s): s for s in out}.values())


_WORDS = {"spd": "symmetric positive definite", "onehot": "one-hot", "onehot_cols": "one-hot in each column",
          "skew": "skew-symmetric", "lower": "lower triangular", "upper": "upper triangular",
          "toeplitz": "a Toeplitz matrix",
          "simplex": "non-negative with sum one"}


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _domain(e: Expr) -> list[Sentence]:
    if e.op in ("fn", "pow") and not any(n.op == "var" for n in walk(e.args[0])):
        return []  # of a number or a size: nothing is assumed
    if e.op == "fn":
        row = ENTRYWISE.get(e.data.name)
        if row is None or e.data.is_user:
            return []
        out: list[Sentence] = [(f"{e.data.name}: {row.domain} in ", e.args[0])] if row.domain else []
        return out + ([(f"{e.data.name}: {row.at_kink}",)] if row.at_kink else [])
    if e.op == "pow":
        return _power_domain(e)
    domain = RULES[e.op].domain if e.op in RULES else ""
    return [_filled(domain, e.args)] if domain else []


def _filled(domain: str, args: tuple[Expr, ...]) -> Sentence:
    """The words of a rule's domain, operand {0} in its place."""
    parts: list[str | Expr] = []
    for words, place, _, _ in Formatter().parse(domain):
        parts += [words] if words else []
        parts += [args[int(place)]] if place is not None else []
    return tuple(parts)


def _power_domain(e: Expr) -> list[Sentence]:
    base, p = e.args
    if p.op == "num" and p.data.denominator == 1:
        if p.data >= 0 or base.op in ("num", "size"):
            return []
        return [(base, " is not zero") if base.is_scalar else ("no entry of ", base, " is zero")]
    return [(base, " is positive") if base.is_scalar else ("the entries of ", base, " are positive")]


def _definition(f: Func) -> Sentence:
    """sigmoid'(t) = sigmoid(t) .* (1 - sigmoid(t)), said once."""
    t = build.var("t", SCALAR)
    if f.is_abstract:
        return (f"{f} denotes the derivative of {f.name}",)
    return build.fn(f, t), " = ", derivative_expr(f, t)
