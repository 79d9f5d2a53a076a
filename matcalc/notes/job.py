"""One item to be made: its source, its options, and where to report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..api import read
from ..api.sources import is_file_name, read_file
from ..expr.node import Expr, variables, walk
from ..model import Model
from ..reader import read_formula
from ..render.parts import Shown
from ..suggest import closest
from .place import Place

RENDERING = ("detail", "notation", "named")
_OBJECT = re.compile(r"[^\n;=]+\.py:[A-Za-z_][\w.]*")


@dataclass(frozen=True)
class Job:
    """reports   of the checks of what was derived, for the end of the document"""

    source: str
    options: dict
    folder: Path
    place: Place
    reports: list = field(default_factory=list)

    @cached_property
    def model(self) -> Model:
        """The model of the source: a file beside the document, FILE.py:NAME, or text."""
        if _OBJECT.fullmatch(self.source):
            from ..numeric.against.load import load
            return read(load(str(self.folder / self.source)))
        if is_file_name(self.source):
            return read_file(self.folder / self.source.strip())
        return read(self.source)

    @property
    def variable(self) -> str:
        """The one name in `wrt`. Raises MatcalcError (M546)."""
        found = names(self.options["wrt"])
        if len(found) != 1:
            raise self.place.fail("M546", "`wrt` is the name of one variable here", help='for instance  wrt = "x"')
        return found[0]

    def formula(self, text: str) -> Expr:
        """A formula in the names of the model alone, so that it has a value where the model has
        one. Raises MatcalcError (M548) for other names, and those of reading."""
        e = read_formula(text, self.model)
        known = {*self.model.variables, *(a.name for a in self.model.assignments)}
        sizes = {n for v in self.model.variables.values() for d in v.shape for n in d.names}
        missing = [v.name for v in variables(e) if v.name not in known]
        missing += [n for part in walk(e) for d in part.shape for n in d.names if n not in sizes]
        if missing:
            raise self.place.fail("M548", f"the source has no `{missing[0]}`", facts=(f"it is asked for in {text}",),
                                  help=closest(missing[0], known) or f"it has {', '.join(sorted(known))}")
        return e

    def get(self, name: str, default=None):
        return self.options.get(name, default)

    def chosen(self, *names: str) -> dict:
        """Those of the options that were given."""
        return {n: self.options[n] for n in names if n in self.options}

    def checked(self, thing):
        """Something derived, whose report goes to the end of the document."""
        self.reports.append((self.place, thing.report))
        return thing

    def shown(self, thing) -> Shown:
        """What was derived, rendered as the item's options say."""
        return Shown(self.checked(thing), self.chosen(*RENDERING), self.place.said)


def names(given) -> list[str]:
    """["W1", "W2"] of "W1, W2", or of the list itself."""
    listed = given.split(",") if isinstance(given, str) else given
    return [n.strip() for n in listed if n.strip()]
