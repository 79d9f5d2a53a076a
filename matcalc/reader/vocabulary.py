"""Which names are functions, which are variables, and how glued names split."""

from __future__ import annotations

import re

from ..expr.names import unicode_name
from ..rules import FUNCTION_NAMES, RULES

# Called but never defined, these are abstract entrywise functions.
ABSTRACT = ("sigma", "phi", "psi", "rho")
# Functions that are spelt out in other operations.
SIZED = ("ones", "zeros", "eye", "commutation")  # their arguments are sizes
LIKE_A_SIZE = re.compile(r"[dk-np-sDKMN]_?\d*")
SUGAR = ("outer", "dot", "vector", "matrix", *SIZED)
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

    def meant(self, word: str, written: str) -> str:
        """The name that typographic characters stand for: ŷ is y_hat where that is
        known and yhat is not, and in formulas of a model σ( is its sigmoid."""
        if written.isascii() or word in self.variables or word in self.entrywise:
            return word
        if written == "σ" and self.output:
            return "sigmoid"
        alike = [n for n in sorted(self.variables | self.entrywise) if unicode_name(n) == unicode_name(word)]
        return alike[0] if len(alike) == 1 else word

    def needs_argument(self, name: str) -> bool:
        """Whether a name is a function and nothing else: sin, det, but not ones or sigma."""
        return name not in self.variables and (name in FUNCTION_NAMES or name in OPERATIONS)

    def functions(self) -> list[str]:
        return sorted({*FUNCTION_NAMES, *OPERATIONS, *SUGAR, *self.entrywise})

    def cotangent(self, above: str, below: str, written: str) -> tuple[str, str] | None:
        """(L, W) for dL / dW, where that is a cotangent of this model."""
        if not self.output or above != "d" + self.output or below[0] != "d":
            return None
        name = self.meant(below[1:], written[1:])
        return (self.output, name) if name in self.cotangents else None

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
