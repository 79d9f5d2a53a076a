"""A sentence that can be said in another language."""

from __future__ import annotations

from functools import reduce
from string import Formatter
from typing import Callable, Iterator


class Said(str):
    """An English sentence, a string like any other, which remembers what it is made of.

    pattern   the sentence with {places}, "{x} is invertible": the key of the catalogues
    parts     what stands in the places: a formula, a number, a name that is the same in every
              language, another sentence, or a tuple of these
    """

    pattern: str
    parts: dict

    def __new__(cls, pattern: str, parts: dict):
        self = super().__new__(cls, "".join(map(str, _filled(pattern, parts, _english, "{:,}".format))))
        self.pattern, self.parts = pattern, parts
        return self

    def __reduce__(self):
        return type(self), (self.pattern, self.parts)


def said(pattern: str, /, **parts) -> Said:
    """A sentence.  Every pattern in the code is the literal argument of a call of `said`, where
    the tests find it; but what rules and the cookbook say stands in their own tables."""
    return Said(pattern, parts)


def all_of(things: list):
    """a, b and c"""
    return things[0] if len(things) == 1 else said("{some} and {last}", some=tuple(things[:-1]), last=things[-1])


def one_by_one(sentences: list):
    """a; b; c, without those that are empty."""
    kept = list(filter(None, sentences))
    return reduce(lambda a, b: said("{a}; {b}", a=a, b=b), kept) if kept else ""


def places(pattern: str) -> list[str]:
    """The names of a pattern's places. Raises ValueError for braces that do not match."""
    return [place for _, place, _, _ in Formatter().parse(pattern) if place is not None]


def pieces(sentence, translated: Callable[[str], str], number: Callable[[int], str]) -> Iterator:
    """The words of a sentence in a language, and what stands between them."""
    if isinstance(sentence, Said):
        yield from _filled(sentence.pattern, sentence.parts, translated, number)
    else:
        yield translated(sentence) if type(sentence) is str else sentence


def _filled(pattern: str, parts: dict, translated, number) -> Iterator:
    for words, place, _, _ in Formatter().parse(translated(pattern)):
        if words:
            yield words
        if place is not None:
            yield from _part(parts[place], translated, number)


def _part(part, translated, number) -> Iterator:
    if isinstance(part, Said):
        yield from pieces(part, translated, number)
    elif isinstance(part, tuple):
        for i, one in enumerate(part):
            yield from ([", "] if i else [])
            yield from _part(one, translated, number)
    else:
        yield number(part) if isinstance(part, int) else part


def _english(pattern: str) -> str:
    return pattern
