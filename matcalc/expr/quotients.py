"""Coefficients, fractions and entrywise quotients: what a textbook puts over what.

    1/N X^T (X w - y)     a denominator of numbers, sizes and letters stands in front
    x/norm2(x)            any other carries the whole product
    lambda/2 norm2(W)^2   letters go over the number
    a ./ x.^2             entrywise
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .compose import Signed, Style, digits, fraction, joined, number, numeric_power, power, product
from .marks import FRACTION, INFIX, PREFIX, PRODUCT, QUOTIENT, Mark, bracketed, mark
from .node import Expr

LEAVES = ("num", "const", "size", "var")
LONGEST_NUMERATOR = 16  # symbols; what is longer stands beside its fraction


@dataclass
class _Parts:
    """sign * numbers * over / under * body, as they were written."""

    sign: int = 1
    numbers: list[Fraction] = field(default_factory=list)
    over: list[tuple[Expr | None, Mark]] = field(default_factory=list)
    under: list[tuple[Expr, Mark]] = field(default_factory=list)  # (inverse power, mark of the power)
    body: list[Mark] = field(default_factory=list)


def quotient(e: Expr, memo, style: Style) -> Signed:
    """A product of scalars, a power of a scalar, or a scalar times a matrix."""
    if e.op == "pow" and not _is_inverse(e):
        base, p = e.args
        if p.op == "num":
            return Signed(1, numeric_power(memo[base].whole, p.data, "scalar", style))
        return Signed(1, power(memo[base].whole, memo[p].whole, "scalar", style))
    parts = _apart(e, memo, style)
    return Signed(parts.sign, _assembled(parts, style))


def factors(e: Expr, memo) -> list[Mark]:
    """The factors of a matrix product, or the one factor that e is."""
    out: list[Mark] = []
    for a in e.args if e.op == "matmul" else (e,):
        whole = memo[a].whole
        is_chain = a.op in ("ones", "rowsum", "colsum") and whole.kind == "product"  # 1 1^T, 1^T X
        out += whole.parts if is_chain else (whole,)
    return out


def _is_inverse(e: Expr) -> bool:
    return e.op == "pow" and e.args[1].op == "num" and e.args[1].data < 0


def _apart(e: Expr, memo, style: Style) -> _Parts:
    out = _Parts()
    while e.op == "scale":
        _sort(out, e.args[0], memo, style)
        e = e.args[1]
    if e.is_scalar:
        _sort(out, e, memo, style)
    else:
        _body(out, e, memo, style)
    if len(out.numbers) > 1:  # written out on purpose: keep them where they are
        out.numbers = []
    else:
        over = [(s, m) for s, m in out.over if s is not None]
        out.over = sorted(over, key=lambda p: not _is_letter(p[0], True))  # letters before functions
    return out


def _body(out: _Parts, e: Expr, memo, style: Style) -> None:
    """What is not a scalar; the scalars inside a Hadamard product come out of it."""
    if e.op == "matmul":
        out.body = factors(e, memo)
    elif e.op == "had" and any(f.op == "scale" for f in e.args):
        bare = []
        for f in e.args:
            while f.op == "scale":
                _sort(out, f.args[0], memo, style)
                f = f.args[1]
            bare.append(f)
        out.body = [_entry_quotient(tuple(bare), memo, style)]
    else:
        sign, bare = memo[e]
        out.sign *= sign
        out.body = list(bare.parts) if e.op == "ones" and bare.kind == "product" else [bare]


def _sort(out: _Parts, c: Expr, memo, style: Style) -> None:
    """The scalar c into signs, numbers, numerators and denominators."""
    for s in c.args if c.op == "had" else (c,):
        if s.op == "num":
            out.sign *= -1 if s.data < 0 else 1
            if abs(s.data) != 1:
                out.numbers.append(abs(s.data))
                out.over.append((None, number(abs(s.data), style)))
        elif _is_inverse(s):
            base = s.args[0]
            out.under.append((s, numeric_power(memo[base].whole, -s.args[1].data, "scalar", style)))
        else:
            sign, bare = memo[s]
            out.sign *= sign
            out.over.append((s, bare))


def _assembled(parts: _Parts, style: Style) -> Mark:
    value = parts.numbers[0] if parts.numbers else Fraction(1)
    shown = number(value, style)
    top, bottom = _number_parts(value, shown)
    over = [m for _, m in parts.over]
    if not parts.under and bottom is None:
        return _beside([*top, *over], parts.body)
    up, rest, body = _placed(parts)
    if bottom is not None and not parts.under and not up:
        return _beside([shown, *rest], body)
    below = [bottom] if bottom else []
    for _, m in sorted(parts.under, key=lambda p: not _is_plain(p[0])):
        below += m.parts if m.kind == "product" else (m,)
    numerator = _beside([*top, *up], []) if top or up else digits(1)
    return _beside([fraction(numerator, product(below), style), *rest], body)


def _number_parts(value: Fraction, shown: Mark) -> tuple[list[Mark], Mark | None]:
    """What the coefficient puts over and under the line."""
    if shown.kind == "fraction" or (value.denominator != 1 and shown.level == FRACTION
                                    and shown.kind == "number"):
        top = [digits(value.numerator)] if value.numerator != 1 else []
        return top, digits(value.denominator)
    return ([shown] if value != 1 else []), None


def _placed(parts: _Parts) -> tuple[list[Mark], list[Mark], list[Mark]]:
    """(scalars over the line, scalars beside the fraction, matrix factors beside it)."""
    every = [m for _, m in parts.over]
    if all(_is_plain(s) for s, _ in parts.under):
        letters = [_is_letter(s, bool(parts.under)) for s, _ in parts.over]
        up = [m for m, is_letter in zip(every, letters) if is_letter]
        rest = [m for m, is_letter in zip(every, letters) if not is_letter]
        size = sum(m.size for m in rest + parts.body)
        by_letter = any(s.args[0].op not in ("num", "size") for s, _ in parts.under)
        is_low = not any(m.tall for m in rest + parts.body)
        if by_letter and size <= 4 and is_low:
            return every + parts.body, [], []
        return up, rest, parts.body
    size = sum(m.size for m in every + parts.body)
    if size <= LONGEST_NUMERATOR and not any(m.tall for m in every + parts.body):
        return every + parts.body, [], []
    up = [m for s, m in parts.over if _is_letter(s, True)]
    return up, [m for s, m in parts.over if not _is_letter(s, True)], parts.body


def _is_plain(s: Expr) -> bool:
    """Whether s = 1 / (a number, a letter, or a product of these, or a whole power)."""
    base, p = s.args
    is_letters = base.op in LEAVES or base.op in ("had", "pow") and all(a.op in LEAVES for a in base.args)
    return is_letters and p.data.denominator == 1


def _is_letter(s: Expr | None, with_powers: bool) -> bool:
    if s is None or s.op in LEAVES:
        return True
    return with_powers and s.op == "pow" and all(a.op in LEAVES for a in s.args)


def _beside(scalars: list[Mark], body: list[Mark]) -> Mark:
    """Coefficients, then the factors of a matrix.  A quotient in front, a
    Hadamard or Kronecker product at the end, and x^T y after letters and
    numbers need no brackets."""
    every = scalars + body
    if not every:
        return digits(1)
    if len(every) == 1:
        return every[0]
    last = len(every) - 1
    ends_infix = len(body) == 1 and body[0].kind == "infix"
    is_open = not body and all(m.level >= FRACTION or m.kind == "fraction" for m in scalars[:-1])
    parts = []
    for i, m in enumerate(every):
        needed = FRACTION if i < last else INFIX if ends_infix else PRODUCT if is_open else PREFIX
        if i == 0 and m.kind == "fraction":
            needed = QUOTIENT
        parts.append(bracketed(m, needed))
    level = INFIX if ends_infix else QUOTIENT if parts[0].level == QUOTIENT else PRODUCT
    return joined(parts, level)


def entry_quotient(e: Expr, memo, style: Style) -> Mark | Signed:
    """A Hadamard product or an entrywise power."""
    if e.op == "had":
        if any(f.op == "scale" for f in e.args):
            return quotient(e, memo, style)
        return _entry_quotient(e.args, memo, style)
    if e.args[1].op == "num" and e.args[1].data < 0:
        return _entry_quotient((e,), memo, style)
    return _entry_power(e, memo, style)


def _entry_power(e: Expr, memo, style: Style) -> Mark:
    """x.^|p|"""
    base, p = e.args
    if p.op == "num":
        return numeric_power(memo[base].whole, abs(p.data), "entry", style)
    return power(memo[base].whole, memo[p].whole, "entry", style)


def _entry_quotient(factors: tuple[Expr, ...], memo, style: Style) -> Mark:
    """Factors side by side, with ./ for negative powers."""
    over = [memo[f].whole for f in factors if not _is_inverse(f)]
    under = [_entry_power(f, memo, style) for f in factors if _is_inverse(f)]
    if not under:
        return over[0] if len(over) == 1 else _infix(over, "had")
    over = [bracketed(m, PREFIX) for m in over or [digits(1)]]
    below = under[0] if len(under) == 1 else _infix(under, "had")
    return mark("infix", (*over, bracketed(below, PREFIX)), ("had",) * (len(over) - 1) + ("over",), INFIX)


def _infix(operands: list[Mark], operator: str) -> Mark:
    operands = [bracketed(m, PREFIX) for m in operands]
    return mark("infix", tuple(operands), (operator,) * (len(operands) - 1), INFIX)
