"""Which names are functions, which are variables, and how glued names split."""

from __future__ import annotations

import re

from ..rules import FUNCTION_NAMES, RULES

# Called but never defined, these are abstract entrywise functions.
ABSTRACT = ("sigma", "phi", "psi", "rho")
# Functions that are spelt out in other operations.
SUGAR = ("outer", "dot", "ones", "zeros", "eye", "vector", "matrix", "commutation")
OPERATIONS: dict[str, tuple[str, ...]] = {}
for _op, _rule in RULES.items():
    for _call in _rule.calls:
        OPERATIONS[_call] = (*OPERATIONS.get(_call, ()), _op)


class Names:
    """What is known of names before the text is parsed.

    variables    declared or assigned names
    entrywise    entrywise functions that the user declared or defined
    output       name of the output and names that have cotangents (for formulas)
    """

    def __init__(self, variables=(), entrywise=(), output: str = "", cotangents=()):
        self.variables = set(variables)
        self.entrywise = set(entrywise)
        self.output = output
        self.cotangents = set(cotangents)

    def with_variable(self, name: str) -> "Names":
        return Names(self.variables | {name}, self.entrywise, self.output, self.cotangents)

    def is_known(self, name: str) -> bool:
        return name in self.variables

    def is_function(self, name: str) -> bool:
        if name in self.entrywise:
            return True
        return name not in self.variables and (
            name in FUNCTION_NAMES or name in OPERATIONS or name in SUGAR or name in ABSTRACT)

    def functions(self) -> list[str]:
        return sorted({*FUNCTION_NAMES, *OPERATIONS, *SUGAR, *self.entrywise})

    def cotangent(self, above: str, below: str) -> tuple[str, str] | None:
        """(L, W) for dL / dW, where that is a cotangent of this model."""
        if self.output and above == "d" + self.output and below[0] == "d" and below[1:] in self.cotangents:
            return self.output, below[1:]
        return None

    def split(self, word: str) -> list[str]:
        """W3W2W1x as W3, W2, W1, x: known names by longest match, else letters with
        their indices; a word that is known, or has no index inside, stays whole."""
        if word in self.variables:
            return [word]
        known = self._known_parts(word)
        if known:
            return known
        parts = re.findall(r"[A-Za-z]+(?:_?\d+)?", word)
        has_index_inside = len(parts) > 1 and "".join(parts) == word and "_" not in word
        return parts if has_index_inside else [word]

    def _known_parts(self, word: str) -> list[str] | None:
        """The word cut into known names, longest first; None when it cannot be."""
        best: list[list[str] | None] = [None] * (len(word) + 1)
        best[len(word)] = []
        for i in range(len(word) - 1, -1, -1):
            for j in range(len(word), i, -1):
                if best[j] is not None and word[i:j] in self.variables:
                    best[i] = [word[i:j], *best[j]]
                    break
        return best[0]
