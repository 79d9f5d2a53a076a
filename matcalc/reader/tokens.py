"""Characters to tokens.

Every token keeps its place in the source.  Typographic characters are read as
their plain counterparts (− as -, ᵀ as ^T, W₃ as W3, λ as lambda), Latin
look-alikes from other alphabets are refused by their Unicode name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from ..errors import Label, fail
from .typographic import (ACCENT_NAMES, FRACTIONS, GREEK_LETTERS, LOWERED, ONES, PLAIN, accented, exponent,
                          lowered, norm_index)

MAX_TEXT = 100_000
MAX_DIGITS = 40
MAX_NAME = 200
MAX_NESTING = 200
NORMS = ("_F", "_1", "_2")

_OPERATORS = ("**", ".*", "./", ".^", "||", "+", "-", "*", "/", "^", "@", "'", "(", ")", ",", ":",
              "=", ";", "|", "\n")
_POSITIVE = re.compile(r">\s*0\s*\]")  # the end of 𝟏[x > 0]
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
    if c in FRACTIONS:
        return _fraction(source, text, i, out)
    if c == "∘" and (text[i + 1:i + 2] == "^" or exponent(text, i + 1)[0]):
        return _raised(source, text, i, i + 1, ".^", out)
    if exponent(text, i)[0]:
        return _raised(source, text, i, i, "^", out)
    if found := _POSITIVE.match(text, i):
        out.append(Token(")", found.group(), i, found.end()))
        return found.end()
    plain, end = PLAIN.get(c), i + 1
    if plain is None:
        plain = next((op for op in _OPERATORS if text.startswith(op, i)), None)
        if plain is None:
            raise _unknown(source, c, i)
        end = i + len(plain)
    if plain == "||":  # which norm it is belongs to the bars
        end = norm_index(text, end)
    if plain != " ":
        out.append(Token("^" if plain == "**" else plain, text[i:end], i, end))
    return end


def _raised(source: Source, text: str, start: int, i: int, sign: str, out: list[Token]) -> int:
    """A raised exponent at i as a power; x∘² and x∘^(1/2) are powers of the entries."""
    pieces, end = exponent(text, i)
    if end - i > MAX_DIGITS:
        raise source.error("M105", f"a raised exponent may have at most {MAX_DIGITS} characters", (i, end))
    end = max(end, start + 2) if sign == ".^" else end
    index = norm_index(text, end)
    if index > end and out and out[-1].kind == "||":  # ‖W‖²_F
        out[-1] = replace(out[-1], text=out[-1].text + text[end:index])
        end = index
    out.append(Token(sign, text[start:end], start, end))
    out += [Token(kind, word, start, end) for kind, word in pieces]
    return end


def _fraction(source: Source, text: str, i: int, out: list[Token]) -> int:
    if out and out[-1].kind == "number" and out[-1].end == i:
        raise source.error("M101", "a number and a fraction run together", (out[-1].start, i + 1),
                           help="for a mixed number write 3/2, for a product 1*½")
    out.append(Token("number", FRACTIONS[text[i]], i, i + 1))
    return i + 1


def _number(source: Source, text: str, i: int, out: list[Token]) -> int:
    found = _NUMBER.match(text, i)
    word = found.group()
    exponent = re.split("[eE]", word)[1:] or ["0"]
    if len(word) > MAX_DIGITS or abs(int(exponent[0])) > MAX_DIGITS:
        raise source.error("M105", f"a number may have at most {MAX_DIGITS} digits", (i, found.end()))
    out.append(Token("number", word, i, found.end()))
    return found.end()


def _is_letter(c: str) -> bool:
    return (c.isascii() and c.isalpha()) or c in GREEK_LETTERS or c in ONES or accented(c) is not None


def _name(source: Source, text: str, i: int, out: list[Token]) -> int:
    """A name: letters, digits, _ and unicode subscripts; W_{1} is W_1, 𝟏 is ones."""
    start, word = i, ""
    if text[i] in ONES:
        if text[i + 1:i + 2] == "[":  # 𝟏[x > 0], the indicator
            out += [Token("name", "step", i, i + 1), Token("(", "[", i + 1, i + 2)]
            return i + 2
        i, word = i + 1, "ones"
    while i < len(text):
        c = text[i]
        is_first = not word or text[start] == "∂" and i == start + 1
        if c.isascii() and (c.isalnum() or c == "_"):
            word += c
        elif c in LOWERED and word:
            index, i = lowered(text, i)
            word += index
            continue
        elif c in ACCENT_NAMES:
            word += ACCENT_NAMES[c]
        elif is_first and c in GREEK_LETTERS:
            word += GREEK_LETTERS[c]
        elif is_first and accented(c):
            word += accented(c)
        elif c == "{" and word.endswith("_") and (close := text.find("}", i)) > 0 and text[i + 1:close].isalnum():
            word += text[i + 1:close]
            i = close
            if text[i + 1:i + 2].isalpha():  # A_{ij}X_{ij} is a product
                i += 1
                break
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
             ">": "write step(x) for the indicator of x > 0", "%": "comments start with #",
             "_": "an index belongs to a name, as in W_1, or to the bars of a norm, ||W||_F^2",
             "₋": "an index has only letters and digits, as in h_prev",
             "∇": "write the function itself; its gradients are what matcalc derives",
             "∈": "declare a shape with a colon:  W : m x n",
             "∑": "sums over entries are sum(...), rowsum(...), colsum(...)"}
    return source.error("M101", f"the character {shown} has no meaning here", (i, i + 1),
                        help=helps.get(c, ""))
