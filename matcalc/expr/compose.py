"""Marks put together with the brackets that they need, and the options of notation."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ..shapes import Size
from .marks import (ATOM, FRACTION, INFIX, POWER, PREFIX, PRODUCT, QUOTIENT, SUM, Mark, bracketed,
                    brackets, ending, leading, mark)
from .names import is_word


@dataclass(frozen=True)
class Notation:
    """What a reader may wish to see otherwise; all printers take it.

    transpose   "\\\\top" or "T"
    hadamard    "\\\\odot" or "\\\\circ"
    bold        vectors and matrices in bold type
    gradient    dL/dW as "partial" (a quotient), "nabla", "delta" or "d" (dW)
    sizes       the sizes of ones and identities: True always, False never,
                None where the place does not tell them (in a Kronecker product)
    """

    transpose: str = "\\top"
    hadamard: str = "\\odot"
    bold: bool = False
    gradient: str = "partial"
    sizes: bool | None = None


DEFAULT = Notation()


class Style(NamedTuple):
    """For whom the marks are made.

    form   "input": the input language, to be read again by the reader;
           "line": one line for people; "page": with tall fractions
    """

    form: str
    options: Notation

    @property
    def is_page(self) -> bool:
        return self.form == "page"

    @property
    def is_input(self) -> bool:
        return self.form == "input"


class Signed(NamedTuple):
    """A sign, +1 or -1, and what it stands before."""

    sign: int
    bare: Mark

    @property
    def whole(self) -> Mark:
        return self.bare if self.sign > 0 else mark("negative", (bracketed(self.bare, INFIX),), level=SUM)


# ---------------------------------------------------------------- numbers

_VULGAR = {Fraction(*map(int, k.split("/"))): v for k, v in zip(
    "1/2 1/3 2/3 1/4 3/4 1/5 1/6 1/8".split(), "½⅓⅔¼¾⅕⅙⅛")}
SMALL = Fraction(1, 10000)  # below this, powers of ten


def digits(text: object) -> Mark:
    return mark("number", data=str(text))


def number(x: Fraction, style: Style) -> Mark:
    """A number that is not negative: 2, 0.1, 1/3, 1e-8."""
    if x.denominator == 1:
        return digits(x.numerator)
    short = _decimal(x)
    if short is None:
        if style.form == "line" and x in _VULGAR:
            return mark("number", data=_VULGAR[x], level=FRACTION)
        return fraction(digits(x.numerator), digits(x.denominator), style)
    if x >= SMALL:
        return digits(short)
    value = Decimal(short).normalize()
    head = "".join(map(str, value.as_tuple().digits))
    head = head[0] + ("." + head[1:] if head[1:] else "")
    return mark("scientific", data=(head, value.adjusted()), level=FRACTION if style.is_page else ATOM)


def _decimal(x: Fraction) -> str | None:
    """The decimal form of a fraction where that is the better one to read."""
    rest = x.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1 or x.denominator in (2, 4, 5, 8):
        return None
    places = next(k for k in range(1, x.denominator.bit_length() + 1) if 10 ** k % x.denominator == 0)
    whole = str(x.numerator * 10 ** places // x.denominator).rjust(places + 1, "0")
    text = f"{whole[:-places]}.{whole[-places:]}"
    return text if x < SMALL or len(text) <= len(f"{x.numerator}/{x.denominator}") else None


def size_marks(n: Size) -> Mark:
    """A size: m, 2 m n."""
    front = [digits(n.coefficient)] if n.coefficient != 1 or not n.names else []
    return product([*front, *(mark("symbol", data=(name, "scalar")) for name in n.names)])


# ---------------------------------------------------------------- products, quotients, powers

def product(factors: list[Mark]) -> Mark:
    """Factors side by side; nothing but the last may be a prefix function."""
    if len(factors) == 1:
        return factors[0]
    last = len(factors) - 1
    parts = [bracketed(f, PREFIX if i == last else FRACTION) for i, f in enumerate(factors)]
    return joined(parts, PRODUCT)


def joined(parts: list[Mark], level: int) -> Mark:
    """Parts that have their brackets, side by side."""
    gaps = tuple(_gap(a, b) for a, b in zip(parts, parts[1:]))
    return mark("product", tuple(parts), gaps, level)


_NUMBERS = ("number", "scientific")


def _gap(a: Mark, b: Mark) -> str:
    """Numbers must not run into what stands before them, and neither the d of dX nor a
    name of several letters into any factor: W beside WQ would be three letters in a row."""
    lead, end = leading(b), ending(a)
    if a.kind == lead.kind == "brackets":
        return "tight"
    if lead.kind in _NUMBERS or lead.kind == "fraction" and a.kind in (*_NUMBERS, "fraction"):
        return "dot"
    is_apart = any(m.kind == "differential" or m.kind == "symbol" and is_word(m.data[0]) for m in (lead, end))
    return "thin" if is_apart else "space"


def fraction(top: Mark, bottom: Mark, style: Style) -> Mark:
    if style.is_page:
        return mark("fraction", (top, bottom), level=FRACTION)
    return mark("fraction", (bracketed(top, PRODUCT), bracketed(bottom, POWER)), level=QUOTIENT)


def power(base: Mark, exponent: Mark, kind: str, style: Style) -> Mark:
    if not style.is_page and not _is_short(exponent):
        exponent = brackets(exponent)
    return mark("power", (bracketed(base, ATOM), exponent), kind, POWER)


def _is_short(exponent: Mark) -> bool:
    """Whether an exponent on the line needs no brackets: 2, k, -3."""
    if exponent.kind == "negative":
        exponent = exponent.parts[0]
    return exponent.kind in ("symbol", "number", "brackets")


def numeric_power(base: Mark, p: Fraction, kind: str, style: Style) -> Mark:
    """base ^ p for a positive number p."""
    if p == 1:
        return base
    if p == Fraction(1, 2):
        return root(base, style)
    exponent = digits(p)  # 1/3 stays on the line, even in an exponent on a page
    return power(base, exponent if p.denominator == 1 or style.is_page else brackets(exponent), kind, style)


def root(x: Mark, style: Style) -> Mark:
    if style.is_input:
        return mark("call", (x,), ("sqrt", 0, False))
    return mark("root", (x,)) if style.is_page else mark("root", (bracketed(x, ATOM),), level=POWER)


def postfix(x: Mark, kind: str) -> Mark:
    return mark("postfix", (bracketed(x, ATOM),), kind, POWER)
