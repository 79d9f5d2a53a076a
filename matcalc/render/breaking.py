"""Long formulas on several lines.

A printed formula is cut into pieces where people break one: before the sign of
a sum, before ⊙, between factors; the fewer brackets stand around a place, the
better it is.  Both printers come here with pieces of their own kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

FULL = 0.35  # a line is filled at least so far, if it can be
SUM, PRODUCT = 0, 1  # a product is broken where a sum with one bracket more would be
BRACKET = 2


@dataclass(frozen=True)
class Piece:
    """Part of a formula; cost says how bad a line break before it is."""

    text: str
    columns: float
    cost: int


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def packed(pieces: list[Piece], first: float, rest: float) -> list[list[Piece]]:
    """The pieces on lines: `first` columns for the first line, `rest` for the others."""
    lines: list[list[Piece]] = []
    start, room = 0, first
    while start < len(pieces):
        end = _end(pieces, start, room)
        lines.append(pieces[start:end])
        start, room = end, rest
    return lines


def _end(pieces: list[Piece], start: int, room: float) -> int:
    """Where the line that begins at `start` ends."""
    used = pieces[start].columns
    places: list[tuple[int, float]] = []  # (where, how full the line is then)
    for i in range(start + 1, len(pieces)):
        places.append((i, used))
        used += pieces[i].columns
        if used > room:
            break
    else:
        return len(pieces)
    good = [(i, n) for i, n in places if n >= FULL * room] or places
    return min(good, key=lambda place: (pieces[place[0]].cost, -place[0]))[0]


# ---------------------------------------------------------------- a terminal

_SIGNS = {"+": SUM, "−": SUM, "⊙": PRODUCT, "⊘": PRODUCT, "⊗": PRODUCT, "·": PRODUCT}


def wrapped(formula: str, first: int, rest: int) -> list[str]:
    """A Unicode formula on lines."""
    if width(formula) <= first:
        return [formula]
    pieces: list[Piece] = []
    depth, after_sign = 0, True
    for word in formula.split(" "):
        is_sign = word in _SIGNS
        cost = _SIGNS.get(word, PRODUCT) + BRACKET * depth
        if after_sign and pieces:  # the sign stays with what follows it
            last = pieces.pop()
            pieces.append(Piece(f"{last.text} {word}", last.columns + width(word) + 1, last.cost))
        else:
            pieces.append(Piece(word, width(word) + 1, cost))
        depth += sum(map(word.count, "([")) - sum(map(word.count, ")]"))
        after_sign = is_sign
    return [" ".join(p.text for p in line) for line in packed(pieces, first + 1, rest + 1)]


# ---------------------------------------------------------------- LaTeX

_TOKEN = re.compile(r"\\left|\\right|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_BINARY = {"+": SUM, "-": SUM, r"\odot": PRODUCT, r"\oslash": PRODUCT, r"\otimes": PRODUCT}
_OPENING = ("(", "[", r"\lVert", r"\lvert", r"\langle")
_CLOSING = (")", "]", r"\rVert", r"\rvert", r"\rangle")
_WIDE = {"+": 2.4, "-": 2.4, r"\odot": 2.4, r"\oslash": 2.4, r"\otimes": 2.4, "=": 2.6, "(": 0.7, ")": 0.7,
         "[": 0.6, "]": 0.6, ",": 0.8, r"\quad": 1.8, r"\qquad": 3.6}
_NOTHING = {r"\left", r"\right", r"\operatorname", r"\mathrm", r"\mathbf", r"\mathit", r"\boldsymbol",
            r"\displaystyle", r"\textstyle", r"\text", "{", "}", "^", "_", r"\,", r"\;", r"\ ", r"\hat",
            r"\tilde", r"\bar", r"\dot"}
_SMALL = 0.75  # an index


_STAYS = (*_CLOSING, r"\right", "^", "_", ",", "'", "}")


def typeset_width(formula: str) -> float:
    """About how wide LaTeX maths is, in lower-case letters."""
    return _span(_TOKEN.findall(formula), 0)[0]


def _span(tokens: list[str], i: int) -> tuple[float, int]:
    """Width of tokens[i:] up to a closing brace, and where that is."""
    total, scale = 0.0, 1.0
    while i < len(tokens) and tokens[i] != "}":
        t = tokens[i]
        i += 1
        if t in ("^", "_"):
            scale = _SMALL
            continue
        if t == r"\frac":
            top, i = _span(tokens, i + 1)
            bottom, i = _span(tokens, i + 2)
            wide, i = max(top, bottom), i + 1
        elif t == "{":
            wide, i = _span(tokens, i)
            i += 1
        else:
            wide = _glyph(t)
        total, scale = total + scale * wide, 1.0
    return total, i


def _glyph(token: str) -> float:
    if token in _NOTHING or token.isspace():
        return 0.0
    if token in _WIDE:
        return _WIDE[token]
    if token.startswith("\\"):
        name = token[1:]
        return 0.9 * len(name) if name in _NAMED else 1.2
    return 1.4 if token.isupper() else 1.0


_NAMED = frozenset(["sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "exp", "log", "det", "max", "min"])


def latex_pieces(formula: str) -> list[Piece]:
    """A LaTeX formula cut where it may be broken."""
    pieces: list[Piece] = []
    braces = depth = cost = 0
    text, before = "", ""
    for token in _TOKEN.findall(formula):
        if not braces and text.strip():
            here = _cost(token, before, depth)
            if here is not None:
                pieces.append(Piece(text, typeset_width(text), cost))
                text, cost = "", here
        text += token
        braces += (token == "{") - (token == "}")
        depth += (token in _OPENING) - (token in _CLOSING) if not braces else 0
        before = before if token.isspace() else token
    return [*pieces, Piece(text, typeset_width(text), cost)]


def _cost(token: str, before: str, depth: int) -> int | None:
    """What a break before this token costs, None where there can be none."""
    if before in _BINARY or before in _OPENING or before in (r"\left", ",", "^", "_"):
        return None  # a sign stays with what follows it; the + of P^+ is none
    if token in _BINARY:
        return _BINARY[token] + BRACKET * depth
    if before in (")", "]") and token not in _STAYS and not token.isspace():
        return PRODUCT + BRACKET * depth
    return None


def broken(formula: str, first: float, rest: float) -> list[str]:
    """A LaTeX formula on lines; brackets that end on another line are of one fixed size."""
    if typeset_width(formula) <= first:
        return [formula]
    lines = ["".join(p.text for p in line).strip() for line in packed(latex_pieces(formula), first, rest)]
    return [fixed(line, formula) for line in lines] if len(lines) > 1 else lines


def fixed(line: str, formula: str = "") -> str:
    r"""Part of a formula with brackets of one size: between \left and \right there is no line break."""
    big = r"\Big" if r"\frac" in (formula or line) else r"\big"
    return line.replace(r"\left", big + "l").replace(r"\right", big + "r")
