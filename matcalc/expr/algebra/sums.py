"""Sums: equal terms are collected, zeros dropped."""

from __future__ import annotations

from fractions import Fraction

from .. import build
from ..build import num, zeros
from ..canonical import canonical
from ..node import Expr, node
from ..terms import MINUS, is_zero, join, split
from . import entries


def add(*terms: Expr) -> Expr:
    """Sum with equal terms collected, in order of first appearance."""
    shape = terms[0].shape
    found: dict[Expr, tuple[Fraction, Expr]] = {}
    for term in build.flat("add", _grouped(terms)):
        if is_zero(term):
            continue
        number, scalars, body = split(term)
        core = join(Fraction(1), scalars, body)
        key = canonical(core)
        if key.op in ("scale", "had"):  # a sign that the canonical form pulled out
            sign, rest, inner = split(key)
            key, flip = join(Fraction(1), rest, inner), sign
        else:
            flip = Fraction(1)
        if key in found:
            value, core, first = found[key]
            found[key] = value + number * flip / first, core, first
        else:
            found[key] = number, core, flip
    kept = [entries.mul(num(n), core) for n, core, _ in found.values() if n != 0]
    if not kept:
        return zeros(shape)
    return kept[0] if len(kept) == 1 else node("add", tuple(kept), None, shape)


def _grouped(terms: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """r + r = 2 r for a sum r, before its brackets are dropped."""
    sums = [t for t in terms if t.op == "add"]
    if len(sums) < 2:
        return terms
    counts = {canonical(t): 0 for t in sums}
    for t in sums:
        counts[canonical(t)] += 1
    out = []
    for t in terms:
        n = counts.pop(canonical(t), 0) if t.op == "add" else 1
        if n:
            out.append(t if n == 1 else entries.mul(num(n), t))
    return tuple(out)


def neg(x: Expr) -> Expr:
    return entries.mul(MINUS, x)


def sub(a: Expr, b: Expr) -> Expr:
    return add(a, neg(b))
