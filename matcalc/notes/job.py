"""One item to be made: its source, its options, and where to report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..api import read
from ..api.sources import is_file_name, read_file
from ..model import Model
from ..render.parts import Shown
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
