"""The sources behind citations such as "cookbook:37"."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ..lang import Said, all_of, said


@dataclass(frozen=True)
class Source:
    """One work, with the fields of BibTeX; author is "Last, First and Last, First".

    place   what a citation's part behind the colon is, "eq. {}"; "" where it is the year
    """

    key: str
    type: str
    author: str
    title: str
    place: str
    publisher: str = ""
    year: int | None = None

    @property
    def names(self) -> str:
        """Petersen and Pedersen"""
        return all_of([a.partition(",")[0] for a in self.author.split(" and ")])

    @property
    def text(self) -> Said:
        """Petersen and Pedersen, The Matrix Cookbook (2012)"""
        return said("{names}, {title}", names=self.names, title=self.title + (f" ({self.year})" if self.year else ""))

    @property
    def full(self) -> Said:
        """The line of a bibliography: the publisher too."""
        behind = ", ".join(str(x) for x in (self.publisher, self.year) if x)
        return said("{names}, {title}", names=self.names, title=self.title + (f". {behind}" if behind else ""))


@lru_cache(maxsize=1)
def bibliography() -> dict[str, Source]:
    """All sources by key."""
    data = tomllib.loads((files("matcalc") / "rules" / "bibliography.toml").read_text(encoding="utf-8"))
    return {key: Source(key, **fields) for key, fields in data.items()}


def resolved(cite: str) -> tuple[Source, Said | str]:
    """The source of a citation and the place in it: "cookbook:37" is (..., "eq. 37")."""
    key, _, place = cite.partition(":")
    source = bibliography()[key]
    return source, Said(source.place, {"": place}) if source.place else ""
