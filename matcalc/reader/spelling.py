"""One name in its many spellings: W1, W_1, W_{1}; yhat, y_hat, haty; lam, lambda."""

from __future__ import annotations

import re
from collections import Counter

from ..expr.names import ACCENTS, taken_apart

_ACCENT_FIRST = re.compile(rf"({'|'.join(ACCENTS)})_?([A-Za-z])(?![A-Za-z])_?(\w*)")
_VARIANTS = {"varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta",
             **dict.fromkeys(("lmbda", "lambd", "lamb", "lamda", "lmd"), "lambda")}  # `lambda` is a word of Python


def key(name: str) -> tuple[str, str]:
    """What all spellings of a name share: letters with indices, and the accent."""
    name = name.rstrip("_") or name
    turned = _ACCENT_FIRST.fullmatch(name)
    if turned:
        name = turned.group(2) + turned.group(1) + ("_" + turned.group(3) if turned.group(3) else "")
    parts = taken_apart(name)
    if parts is None:
        return name, ""
    return _VARIANTS.get(parts.base, parts.base) + "".join(parts.indices), parts.accent


class Spelling:
    """Finds known names however they are spelt; names that share a spelling are only found as written."""

    def __init__(self, names):
        self.names = set(names)
        keys = {n: key(n) for n in self.names}
        often = Counter(keys.values())
        self.by_key = {k: n for n, k in keys.items() if often[k] == 1}

    def find(self, word: str) -> str | None:
        if word in self.names:
            return word
        return self.by_key.get(key(word)) if word and word[0] != "_" else None


def parts(word: str, find) -> list[str] | None:
    """A word cut into pieces that `find` knows, the longest first; None when it cannot be."""
    length = len(word)
    best: list[list[str] | None] = [None] * length + [[]]
    for i in range(length - 1, -1, -1):
        for j in range(length, i, -1):
            if best[j] is not None and find(word[i:j]):
                best[i] = [word[i:j], *best[j]]
                break
    return best[0]
