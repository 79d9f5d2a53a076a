"""Markdown: LaTeX between dollars, with the marks of Markdown around it.

GitHub takes ```math blocks and $`...`$, and knows no \\operatorname; Jupyter, MyST
and Quarto take $$ and $.
"""

from __future__ import annotations

import re

from ..expr.compose import DEFAULT, Notation
from .printer import FOR, IF, Paper
from .tex import Tex
from .tex import escape as tex_escape

_MARKS = re.compile(r"([\\`*_\[\]<>&#|$~{}%])")
_BULLET = re.compile(r"^(?=[-+] )")
_OPERATOR = re.compile(r"\\operatorname\{([^{}]*)\}(_?)")


class Markdown(str):
    """Markdown that is safe to print: our own, or already escaped."""


def escape(text: str) -> str:
    """Plain text as one line of Markdown."""
    shown = "".join(c if c.isprintable() else " " if c in "\n\t" else f"[U+{ord(c):04X}]" for c in text)
    return _BULLET.sub(r"\\", _MARKS.sub(r"\\\1", shown))


def finalize(value) -> Markdown:
    """What a template prints: what is ready passes, everything else is escaped."""
    return Markdown(value if isinstance(value, (Tex, Markdown)) else escape(str(value)))


class Dollars(Paper):
    """LaTeX in Markdown, for "github" or "jupyter"."""

    words = staticmethod(finalize)

    def __init__(self, notation: Notation = DEFAULT, flavour: str = "github"):
        super().__init__(notation)
        self._flavour = flavour

    def formula(self, e) -> Tex:
        return self._safe(super().formula(e))

    def name(self, *arguments) -> Tex:
        return self._safe(super().name(*arguments))

    def inline(self, e) -> Tex:
        return self.formula(e)

    def mixed(self, *arguments) -> Tex:
        return self._safe(super().mixed(*arguments))

    def less(self, a: str, b: str) -> Tex:
        return Tex(rf"{a} \lt {b}")

    def maths(self, formula: str) -> Tex:
        return Tex(f"$`{formula}`$" if self._flavour == "github" else f"${formula}$")

    def aside(self, formula: str) -> Tex:
        return Tex(formula)

    def loop(self, steps: str) -> Tex:
        return Tex(f"**{self.said(FOR)}** {self.maths(steps)}")

    def only_if(self, line: str, condition: str) -> Tex:
        return Tex(f"{line} **{self.said(IF)}** {condition}")

    def quotient(self, *arguments, **options) -> Tex:
        return self._safe(super().quotient(*arguments, **options))

    def second(self, *arguments) -> Tex:
        return self._safe(super().second(*arguments))

    def _safe(self, formula: str) -> Tex:
        r"""Nothing that ends a formula, or that a page could take for a tag: only a name
        has a dollar or a backquote; < and > have words."""
        formula = formula.replace(r"\$", "u0024").replace("`", "u0060")
        formula = formula.replace("<", r"\lt ").replace(">", r"\gt ")
        return Tex(_OPERATOR.sub(_upright, formula) if self._flavour == "github" else formula)


def _upright(operator: re.Match) -> str:
    """The name of a function without \\operatorname; \\mathop would put an index below it."""
    word, index = operator.groups()
    return rf"\mathrm{{{word}}}_" if index else rf"\mathop{{\mathrm{{{word}}}}}"


def fences(flavour: str) -> tuple[Tex, Tex]:
    """What stands before and after a display."""
    return (Tex("```math"), Tex("```")) if flavour == "github" else (Tex("$$"), Tex("$$"))


def words(note: str) -> Tex:
    """What stands in brackets behind an equation: a formula, or words."""
    return Tex(f"({note})" if isinstance(note, Tex) else rf"\text{{({tex_escape(note)})}}")
