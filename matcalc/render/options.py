"""The options of rendering: their names, what each may be, what they start with."""

from __future__ import annotations

import os

from ..errors import fail
from ..expr.compose import Notation
from ..lang import languages
from ..suggest import closest
from .deck import PACES
from .indexed import TITLES
from .picture import PICTURES
from .printer import WIDTH

OPTIONS = {"columns": WIDTH, "named": False, "notation": "matrix", "detail": "layers", "flavour": "github",
           "templates": None, "gradient": "partial", "transpose": "top", "hadamard": "odot", "bold": False,
           "steps": "normal", "handout": False, "picture": "auto", "lang": "en"}

CHOICES = {
    "notation": tuple(TITLES),
    "detail": ("answer", "layers", "rules"),
    "flavour": ("github", "jupyter"),
    "gradient": ("partial", "nabla", "delta", "d"),
    "transpose": ("top", "T"),
    "hadamard": ("odot", "circ"),
    "bold": (False, True),
    "named": (False, True),
    "steps": PACES,
    "handout": (False, True),
    "picture": PICTURES,
}
_WRITTEN = {"top": "\\top", "odot": "\\odot", "circ": "\\circ"}


def completed(options: dict) -> dict:
    """The options with those that were not given.

    Raises MatcalcError: M503 (unknown option), M520 (a value that it cannot have).
    """
    for name, value in options.items():
        if name not in OPTIONS:
            raise fail("M503", f"there is no option `{name}` for rendering",
                       help=closest(name, OPTIONS) or f"the options are {', '.join(OPTIONS)}")
        _refuse_unknown(name, value)
    return {**OPTIONS, **options}


def formula_notation(options: dict) -> Notation:
    """How formulas are written."""
    transpose, hadamard = options["transpose"], options["hadamard"]
    return Notation(transpose=_WRITTEN.get(transpose, transpose), hadamard=_WRITTEN[hadamard],
                    bold=options["bold"], gradient=options["gradient"])


def _refuse_unknown(name: str, value) -> None:
    if name == "columns" and not (isinstance(value, int) and value > 0):
        raise fail("M520", f"`{value}` is no number of columns", help="write columns=80")
    if name == "templates" and not (value is None or isinstance(value, (str, os.PathLike))):
        raise fail("M520", f"`{value}` is no folder", help='write templates="my_templates"')
    choices = languages() if name == "lang" else CHOICES.get(name)
    if choices and not any(value is c or isinstance(c, str) and value == c for c in choices):
        words = [str(c) for c in choices]
        raise fail("M520", f"`{value}` is no {name} that there is", facts=(f"{name} is one of {', '.join(words)}",),
                   help=closest(str(value), words) or f"leave {name} out for {OPTIONS[name]}")
