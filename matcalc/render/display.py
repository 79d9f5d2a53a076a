"""The answers of a derivation or result, as a notebook shows them."""

from __future__ import annotations

from ..expr.display import HTML, LATEX, PLAIN, Lines
from .browser import Browser
from .options import OPTIONS
from .printer import Paper, Terminal
from .render import answers

_PRINTERS = {PLAIN: Terminal, LATEX: Paper, HTML: Browser}


def shown_lines(result, kind: str) -> Lines:
    """Both sides of the equations."""
    return [(line.lhs, line.rhs) for line in answers(result, _PRINTERS[kind](), OPTIONS)]
