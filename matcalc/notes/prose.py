"""Paragraphs with formulas between dollars, which are read like any other formula, and with what is
typed between backquotes."""

from __future__ import annotations

import re

from ..expr.node import Expr
from ..model import Model
from ..reader import read, read_formula
from ..render.parts import Code, Formula, Paragraph, Sentence
from .place import Place, noted

_DOLLAR = re.compile(r"(?<!\\)\$")
_SIGNS = re.compile(r"\s*(<-|->|=)\s*")
MAX_QUOTED = 60


def context(names: str) -> Model:
    """A model that knows the declared names and nothing else."""
    return read(names + "\n0")


def paragraphs(text: str, model: Model | None, place: Place) -> tuple[Paragraph, ...]:
    """The paragraphs of a text; an empty line stands between two.

    model   whose names the formulas may use; others get shapes by convention

    Raises MatcalcError: M547 (a dollar without a partner), and those of reading formulas.
    """
    blocks = re.split(r"\n\s*\n", text.strip())
    return tuple(Paragraph(sentence(" ".join(b.split()), model, place)) for b in blocks if b.strip())


def sentence(text: str, model: Model | None, place: Place) -> Sentence:
    """Words and formulas of one paragraph."""
    pieces = _DOLLAR.split(text)
    if len(pieces) % 2 == 0:
        quoted = pieces[-1].strip()[:MAX_QUOTED]
        raise place.fail("M547", "a `$` has no partner", facts=(f"it stands before: {quoted}",),
                         help=r"close the formula with another $; a dollar sign itself is \$ (in TOML \\$)")
    with place.said():
        return tuple(piece for i, p in enumerate(pieces) if p
                     for piece in ((_formula(p, model),) if i % 2 else _words(p.replace(r"\$", "$"))))


def _words(text: str) -> tuple[str | Code, ...]:
    """Words, and what is typed between backquotes."""
    return tuple(Code(p) if i % 2 else p for i, p in enumerate(re.split(r"`([^`]*)`", text)) if p)


def _formula(text: str, model: Model | None) -> Expr | Formula:
    parts = _SIGNS.split(text.strip())
    with noted(f"in the formula {text.strip()}"):
        sides = tuple(_side(p, model) for p in parts[::2])
    return Formula(sides, tuple(parts[1::2])) if len(sides) > 1 else sides[0]


def _side(text: str, model: Model | None) -> Expr:
    return read_formula(text, context("") if model is None else model)
