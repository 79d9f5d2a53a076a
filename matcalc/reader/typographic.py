"""Characters of typeset formulas, as their plain counterparts.

What `expr.unicode` prints is read again: raised and lowered letters, vulgar
fractions, the bold one.
"""

from __future__ import annotations

import re
import unicodedata

from ..expr.names import ACCENTS, GREEK, SUBSCRIPTS, SUPERSCRIPTS

GREEK_LETTERS = {char: name for name, char in GREEK.items()} | {
    "∂": "d", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta"}
ACCENT_NAMES = {char: name for name, char in ACCENTS.items()}
LOWERED = {char: plain for plain, char in SUBSCRIPTS.items() if plain.isalnum()}
RAISED = {char: plain for plain, char in SUPERSCRIPTS.items() if plain != "−"}
FRACTIONS = dict(zip("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞", "1/2 1/3 2/3 1/4 3/4 1/5 2/5 3/5 4/5 1/6 5/6 1/8 3/8 5/8 7/8".split()))
ONES = "𝟏𝟙"
PLAIN = {"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "⊙": ".*", "∘": ".*", "⊘": "./",
         "′": "'", "’": "'", "‖": "||", "∥": "||", "\u00a0": " ", "\u2009": " ",
         "⊗": "⊗", "√": "√", "⟨": "⟨", "⟩": "⟩", "⁺": "⁺"}
_EXPONENT = re.compile(r"ᵀ|⊤|⁻ᵀ|⁻⊤|[" + "".join(RAISED) + "]+")
_PIECES = re.compile(r"\d+|[a-z]+|.")
_NORM_INDEX = re.compile(r"_[F12]|_\{[F12]\}|[₁₂]")


def exponent(text: str, i: int) -> tuple[list[tuple[str, str]], int]:
    """The (kind, text) pieces of a raised exponent at i, and where it ends;
    no pieces where there is none, or where ⁺ stands alone (a pseudo-inverse)."""
    found = _EXPONENT.match(text, i)
    if not found or found.group() == "⁺":
        return [], i
    word = found.group()
    if word[-1] in "ᵀ⊤":
        return [("-", "-")] * (len(word) - 1) + [("name", "T")], found.end()
    pieces = [(_kind(p), p) for p in _PIECES.findall("".join(RAISED[c] for c in word))]
    if len(pieces) > 1 + (pieces[0][0] == "-"):
        pieces = [("(", "("), *pieces, (")", ")")]
    return pieces, found.end()


def _kind(piece: str) -> str:
    return "number" if piece.isdigit() else "name" if piece.isalpha() else piece


def norm_index(text: str, i: int) -> int:
    """Where the index of a norm ends that begins at i: ‖W‖_F, ‖x‖₁."""
    found = _NORM_INDEX.match(text, i)
    return found.end() if found else i


def lowered(text: str, i: int) -> tuple[str, int]:
    """A run of subscript characters: 12 for digits, _ij for letters; where it ends."""
    end = i
    while end < len(text) and text[end] in LOWERED:
        end += 1
    word = "".join(LOWERED[c] for c in text[i:end])
    return (word if word.isdigit() else "_" + word), end


def accented(c: str) -> str | None:
    """"yhat" for a precomposed letter with an accent that we know."""
    parts = unicodedata.normalize("NFD", c) if not c.isascii() else ""
    if len(parts) == 2 and parts[0].isascii() and parts[1] in ACCENT_NAMES:
        return parts[0] + ACCENT_NAMES[parts[1]]
    return None
