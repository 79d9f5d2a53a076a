"""What an item can show: a row each, with its options and what makes its parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import derivations, tables
from .options import (
    DIGITS,
    FLAG,
    NAMES,
    NUMBER,
    NUMBERS,
    STEPS,
    TEXT,
    TEXT_BY_TEXT,
    TEXTS,
    VALUES,
    OptionType,
)
from .pictures import picture


@dataclass(frozen=True)
class Kind:
    """make      from a job to the parts that are shown
    options   name -> what it may be;  needs: those that have to be there
    """

    make: Callable
    options: dict[str, OptionType]
    needs: tuple[str, ...] = ()
    has_source: bool = True


_SHOWN = {"detail": TEXT, "notation": TEXT}
_RESULT = {"wrt": NAMES, **_SHOWN}

KINDS = {
    "derive": Kind(derivations.derive, {"wrt": NAMES, "through": NAMES, "layout": TEXT, "batch": TEXT, "examples": NAMES,
                                        "named": FLAG, **_SHOWN}),
    "gradient": Kind(derivations.RESULTS["gradient"], {**_RESULT, "entries": TEXT}, ("wrt",)),
    "jacobian": Kind(derivations.RESULTS["jacobian"], _RESULT, ("wrt",)),
    "hessian": Kind(derivations.RESULTS["hessian"], {**_RESULT, "times": TEXT}, ("wrt",)),
    "differential": Kind(derivations.RESULTS["differential"], {"wrt": NAMES, "detail": TEXT}),
    "backprop": Kind(derivations.backprop, {"activation": TEXT, "last_layer": TEXT, "bias": FLAG, "recurrent": FLAG,
                                            "detail": TEXT}, has_source=False),
    "formula": Kind(derivations.formula, {"of": NAMES}),
    "slopes": Kind(derivations.slopes, {"wrt": TEXT, "at": VALUES}, ("wrt",)),
    "stored": Kind(derivations.stored, {"wrt": NAMES}),
    "equal": Kind(derivations.equal, {"left": TEXT, "right": TEXT}, ("left", "right")),
    "message": Kind(derivations.message, {"wrt": NAMES}),
    "values": Kind(tables.values, {"at": VALUES, "columns": TEXTS, "labels": TEXTS, "digits": DIGITS}, ("at", "columns")),
    "quotients": Kind(tables.quotients, {"wrt": TEXT, "at": VALUES, "h": STEPS, "digits": DIGITS}, ("wrt", "at", "h")),
    "functions": Kind(tables.functions, {"functions": TEXTS}, ("functions",), has_source=False),
    "modules": Kind(tables.modules, {"modules": TEXT_BY_TEXT}, ("modules",), has_source=False),
    "shapes": Kind(tables.shapes, {"wrt": NAMES}),
    "graph": Kind(picture("graph"), {"at": VALUES, "wrt": NAMES, "below": TEXT, "operations": FLAG}),
    "layers": Kind(picture("layers"), {"operations": FLAG}),
    "differences": Kind(picture("differences"), {"at": VALUES, "wrt": NAMES, "seed": NUMBER}),
    "norms": Kind(picture("norms"), {"depth": NUMBER, "width": NUMBER, "seed": NUMBER}),
    "descent": Kind(picture("descent"), {"at": VALUES, "wrt": NAMES, "rates": NUMBERS, "steps": NUMBER, "seed": NUMBER}),
}
