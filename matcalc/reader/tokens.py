"""Characters to tokens.

Every token keeps its place in the source.  Typographic characters are read as
their plain counterparts (− as -, ᵀ as ^T, W₃ as W3, λ as lambda), Latin
look-alikes from other alphabets are refused by their Unicode name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ..errors import Label, fail
from ..expr.names import GREEK

MAX_TEXT = 100_000
MAX_DIGITS = 40
MAX_NAME = 200
MAX_NESTING = 200
NORMS = ("_F", "_1", "_2")

_GREEK = {char: name for name, char in GREEK.items()} | {"∂": "d", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta"}
_SUBSCRIPTS = {ord(a): b for a, b in zip("₀₁₂₃₄₅₆₇₈₉", "0123456789")}
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar"}
_POWERS = {"ᵀ": "^T", "⊤": "^T", "²": "^2", "³": "^3", "⁻¹": "^-1", "⁻ᵀ": "^-T"}
_PLAIN = {"−": "-", "–": "-", "·": "*", "×": "*", "⋅": "*", "⊙": ".*", "∘": ".*", "⊘": "./",
          "′": "'", "’": "'", "‖": "||", "∥": "||", "\u00a0": " ", "\u2009": " "}
_OPERATORS = ("**", ".*", "./", ".^", "||", "+", "-", "*", "/", "^", "@", "'", "(", ")", ",", ":",
              "=", ";", "|", "\n")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Token:
    """kind is "number", "name", "end", or the operator itself; start..end in the source."""

    kind: str
    text: str
    start: int
    end: int


class Source:
    """A text and what to call it; makes errors that point into it."""

    def __init__(self, text: str, name: str = "<text>"):
        self.text, self.name = text, name

    def error(self, code: str, message: str, *places, help: str = "", facts=()):
        """A MatcalcError at (start, end, remark) places; at most two."""
        labels = tuple(Label(p[0], max(p[1], p[0] + 1), p[2] if len(p) > 2 else "") for p in places[:2])
        return fail(code, message, source=self.text, name=self.name, labels=labels, help=help,
                    facts=tuple(facts))


def checked_length(source: Source) -> None:
    """Raises MatcalcError (M105) for a text that is too long."""
    if len(source.text) > MAX_TEXT:
        raise source.error("M105", f"the text is longer than the limit of {MAX_TEXT:,} characters", (0, 1))


def tokens(source: Source, more=None) -> list[Token]:
    """All tokens of the text, ended by an "end" token.

    `more(source, i, out)` may read further tokens at i: it gives the place behind
    what it read, or i.

    Raises MatcalcError: M101 (a character that means nothing here), M105 (a limit),
    M106 (a look-alike letter).
    """
    text = source.text
    checked_length(source)
    out: list[Token] = []
    i, end = 0, len(text)
    while i < end:
        c = text[i]
        if c in " \t\r\ufeff\u200b":
            i += 1
        elif c == "#":
            while i < end and text[i] != "\n":
                i += 1
        elif more is None or (behind := more(source, i, out)) == i:
            i = read_token(source, text, i, out)
        else:
            i = behind
    out.append(Token("end", "", end, end))
    return out


def read_token(source: Source, text: str, i: int, out: list[Token]) -> int:
    """Read one token at i; where the next one begins."""
    c = text[i]
    if c == "." and text[i + 1:i + 2] == "T" and not text[i + 2:i + 3].isalnum():
        out += [Token("^", "^", i, i + 1), Token("name", "T", i + 1, i + 2)]
        return i + 2
    if _NUMBER.match(text, i):
        return _number(source, text, i, out)
    if _is_letter(c):
        return _name(source, text, i, out)
    for length in (2, 1):
        replacement = _POWERS.get(text[i:i + length])
        if replacement:
            return _superscript(i, length, replacement, out)
    if c in _PLAIN:
        plain = _PLAIN[c].strip()
        end = i + (3 if plain == "||" and text[i + 1:i + 3] in NORMS else 1)
        if plain:
            out.append(Token(plain, text[i:end], i, end))
        return end
    for op in _OPERATORS:
        if text.startswith(op, i):
            # ||x||_F and ||x||_1: which norm it is belongs to the bars
            end = i + len(op) + (2 if op == "||" and text[i + 2:i + 4] in NORMS else 0)
            out.append(Token("^" if op == "**" else op, text[i:end], i, end))
            return end
    raise _unknown(source, c, i)


def _superscript(i: int, length: int, replacement: str, out: list[Token]) -> int:
    out.append(Token("^", "^", i, i + length))
    rest = replacement[1:]
    if rest[0] == "-":
        out.append(Token("-", "-", i, i + length))
        rest = rest[1:]
    out.append(Token("name" if rest == "T" else "number", rest, i, i + length))
    return i + length


def _number(source: Source, text: str, i: int, out: list[Token]) -> int:
    found = _NUMBER.match(text, i)
    word = found.group()
    exponent = re.split("[eE]", word)[1:] or ["0"]
    if len(word) > MAX_DIGITS or abs(int(exponent[0])) > MAX_DIGITS:
        raise source.error("M105", f"a number may have at most {MAX_DIGITS} digits", (i, found.end()))
    out.append(Token("number", word, i, found.end()))
    return found.end()


def _is_letter(c: str) -> bool:
    return (c.isascii() and c.isalpha()) or c in _GREEK or _accented(c) is not None


def _accented(c: str) -> str | None:
    """"yhat" for a precomposed letter with an accent that we know."""
    parts = unicodedata.normalize("NFD", c) if not c.isascii() else ""
    if len(parts) == 2 and parts[0].isascii() and parts[1] in _ACCENTS:
        return parts[0] + _ACCENTS[parts[1]]
    return None


def _name(source: Source, text: str, i: int, out: list[Token]) -> int:
    """A name: letters, digits, _ and unicode subscripts; W_{1} is W_1."""
    start, word = i, ""
    while i < len(text):
        c = text[i]
        if c.isascii() and (c.isalnum() or c == "_"):
            word += c
        elif ord(c) in _SUBSCRIPTS:
            word += _SUBSCRIPTS[ord(c)]
        elif c in _ACCENTS:
            word += _ACCENTS[c]
        elif (not word or text[start] == "∂" and i == start + 1) and c in _GREEK:
            word += _GREEK[c]
        elif (not word or text[start] == "∂" and i == start + 1) and _accented(c):
            word += _accented(c)
        elif c == "{" and word.endswith("_") and (close := text.find("}", i)) > 0 and text[i + 1:close].isalnum():
            word += text[i + 1:close]
            i = close
        else:
            break
        i += 1
    if len(word) > MAX_NAME:
        raise source.error("M105", f"a name may have at most {MAX_NAME} characters", (start, i))
    out.append(Token("name", word, start, i))
    return i


def _unknown(source: Source, c: str, i: int):
    name = unicodedata.name(c, "")
    if c.isalpha() and name:
        return source.error("M106", f"this letter is {name}, not a Latin or Greek letter",
                            (i, i + 1), help="type the name in Latin letters")
    shown = f"`{c}`" if c.isprintable() else f"U+{ord(c):04X}"
    helps = {"[": "write entries as named variables; square brackets are not used",
             '"': "write the formula itself, without quotes",
             ">": "write step(x) for the indicator of x > 0", "%": "comments start with #"}
    return source.error("M101", f"the character {shown} has no meaning here", (i, i + 1),
                        help=helps.get(c, ""))
