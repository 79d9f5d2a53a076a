"""Numbers in sentences and tables."""

from __future__ import annotations

from ..expr.names import SUPERSCRIPTS
from ..render.parts import Number


def number(value: float, digits: int | None = None) -> Number:
    """A number with so many digits behind the point; without: as short as it can be."""
    if digits is not None:
        plain = f"{value:.{digits}f}"
        return Number(plain.replace("-", "−"), plain)
    head, _, exponent = f"{value + 0.0:.12g}".partition("e")
    if not exponent:
        return Number(head.replace("-", "−"), head)
    power = str(int(exponent))
    raised = "10" + "".join(SUPERSCRIPTS[c] for c in power)
    factor = "" if head == "1" else head.replace("-", "−") + "·"
    return Number(factor + raised, ("" if head == "1" else head + r" \cdot ") + f"10^{{{power}}}")


def rounded(value: float, digits: int) -> Number:
    """A number with so many digits that count."""
    return number(float(f"{value:.{digits - 1}e}"))
