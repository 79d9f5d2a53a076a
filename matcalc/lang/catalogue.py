"""Catalogues: a TOML file a language, with the translation of every English sentence."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import fail
from .said import pieces, places

FOLDER = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Language:
    """A language in which results are shown.

    code         "en", "de": the name of its file, and what HTML and Typst call it
    sentences    English pattern -> translation; what is missing is said in English
    hyphenation  what TeX calls its hyphenation patterns, "" for those of English
    thousands    between groups of three digits
    """

    code: str
    sentences: Mapping[str, str] = field(default_factory=dict, repr=False)
    hyphenation: str = ""
    thousands: str = ","

    def pieces(self, sentence) -> list:
        """Words in this language, and the formulas, names and numbers that stand between them."""
        return list(pieces(sentence, self._translated, self._number))

    def plain(self, sentence) -> str:
        """A sentence as text; its formulas in the input language."""
        return "".join(map(str, self.pieces(sentence)))

    def _translated(self, pattern: str) -> str:
        return self.sentences.get(pattern, pattern)

    def _number(self, n: int) -> str:
        return f"{n:,}".replace(",", self.thousands)


ENGLISH = Language("en")


def languages() -> tuple[str, ...]:
    """The codes of all languages; no file is read."""
    return (ENGLISH.code, *sorted(path.stem for path in FOLDER.glob("*.toml")))


def language(code: str) -> Language:
    """The language of one of these codes. Raises MatcalcError (M525)."""
    return ENGLISH if code == ENGLISH.code else _read(FOLDER / f"{code}.toml")


@lru_cache
def _read(path: Path) -> Language:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise _unusable(path, f"it is no TOML file: {problem}") from None
    sentences = data.pop("sentences", None)
    if not _is_table_of_words(sentences) or not _is_table_of_words(data) or data.keys() - {"hyphenation", "thousands"}:
        raise _unusable(path, "it holds hyphenation, thousands, and a table [sentences] of English and translation")
    for english, translation in sentences.items():
        if _places(english) != _places(translation):
            raise _unusable(path, f"`{english}` and its translation have different {{places}}")
    return Language(path.stem, sentences, **data)


def _is_table_of_words(table) -> bool:
    return isinstance(table, dict) and all(isinstance(x, str) for x in table.values())


def _places(pattern: str) -> list[str] | None:
    try:
        return sorted(set(places(pattern)))
    except ValueError:
        return None


def _unusable(path: Path, reason: str):
    return fail("M525", f"the catalogue `{path.name}` cannot be used", facts=(reason,),
                help="docs/rendering.md says what a catalogue is; or leave lang out")
