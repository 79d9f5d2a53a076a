"""What a picture is made of: labels, boxes, lines; the writers know formats only.

Lengths are in units of 1/96 inch, y grows downwards; a label stands on one line.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from ...expr.latex import latex
from ...expr.names import SUPERSCRIPTS, latex_name, unicode_name
from ...expr.node import Expr
from ...expr.unicode import unicode
from ..tex import escape

SIZE = 16  # of letters
_WIDTHS = {"Mn": 0.0, "Lm": 0.38, "No": 0.36, "Sm": 0.62, "Lu": 0.72, "Zs": 0.27, "Ps": 0.36, "Pe": 0.36}
_NARROW, _WIDE = "iljtfr.,:;'|/‖", "mwMW⊙∂"


@dataclass(frozen=True)
class Label:
    """The same words or formula for people (`plain`, Unicode) and for TeX (text mode)."""

    plain: str = ""
    tex: str = ""

    @classmethod
    def words(cls, text: str) -> Label:
        return cls(text, escape(text))

    @classmethod
    def formula(cls, e: Expr) -> Label:
        return cls(unicode(e), f"${latex(e)}$")

    @classmethod
    def name(cls, name: str) -> Label:
        return cls(unicode_name(name), f"${latex_name(name)}$")

    @classmethod
    def number(cls, value: float) -> Label:
        head, _, exponent = f"{value + 0.0:.5g}".partition("e")
        plain, tex = head.replace("-", "−"), head
        if exponent:
            plain += "·10" + "".join(SUPERSCRIPTS[c] for c in str(int(exponent)))
            tex += rf"\cdot 10^{{{int(exponent)}}}"
        return cls(plain, f"${tex}$")

    @classmethod
    def partial(cls, of: str, by: str) -> Label:
        """∂of/∂by, on one line."""
        return cls(f"∂{unicode_name(of)}/∂{unicode_name(by)}",
                   rf"$\partial {latex_name(of)}/\partial {latex_name(by)}$")

    def __add__(self, other: Label) -> Label:
        return Label(self.plain + other.plain, self.tex + other.tex)

    @property
    def width(self) -> float:
        """About how wide it is; letters of unknown fonts cannot be measured."""
        return SIZE * sum(map(_width, self.plain))


EQUALS = Label(" = ", " $=$ ")
TIMES = Label(" · ", r" $\cdot$ ")
PLUS = Label(" + ", " $+$ ")


def _width(char: str) -> float:
    if char in _NARROW:
        return 0.34
    return 0.9 if char in _WIDE else _WIDTHS.get(unicodedata.category(char), 0.52)


@dataclass(frozen=True)
class Text:
    """A label at its middle height; anchor "start" or "middle"; role: see ROLES; edge: the
    number of the edge that it belongs to; since: the step of a slide from which it is there."""

    x: float
    y: float
    label: Label
    role: str = "ink"
    anchor: str = "middle"
    edge: int | None = None
    since: int = 1


@dataclass(frozen=True)
class Box:
    """A box around its middle."""

    x: float
    y: float
    width: float
    height: float
    role: str = "box"


@dataclass(frozen=True)
class Line:
    """Points, joined horizontally smooth when `is_curved`, else straight; an arrow at its end."""

    points: tuple[tuple[float, float], ...]
    is_curved: bool = True


ROLES = {  # role: (on white, on black); survive projectors and colour-blindness
    "ink": ("#1a1a1a", "#e8e8e8"),
    "forward": ("#0072B2", "#56B4E9"),
    "backward": ("#B84C00", "#FF9D57"),
    "line": ("#666666", "#9a9a9a"),
    "box": ("#f3f5f8", "#252a31"),
}


@dataclass
class Picture:
    """Shapes on an area of width x height; `title` and `description`, the edges in words,
    are read by screen readers."""

    title: str
    description: str = ""
    width: float = 0
    height: float = 0
    shapes: list = field(default_factory=list)
