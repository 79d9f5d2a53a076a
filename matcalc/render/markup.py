"""Long MathML on several lines.

Rows inside rows are laid flat, brackets with what is raised behind them included,
so that a formula can be cut inside brackets; on each line, what belongs together
is then put into rows again.
"""

from __future__ import annotations

import re
from html import unescape

from ..expr.elements import row
from .breaking import BRACKET, PRODUCT, SUM, Piece, packed

_TOKEN = re.compile(r"<(mi|mn|mo|mtext|mspace)\b[^>]*>[^<]*</\1>|</?\w+[^>]*>")
_LEAF = re.compile(r"<(\w+)([^>]*)>([^<]*)</\1>")
_SIGN = re.compile(r"(?P<script><ms\w+>)?<mo(?P<attributes>[^>]*)>(?P<text>[^<]*)</mo>(?P<scripts>.*)", re.DOTALL)
_SCRIPT = re.compile(r"<(msub|msup|msubsup)>")

_BINARY = {"+": SUM, "−": SUM, "⊙": PRODUCT, "⊘": PRODUCT, "⊗": PRODUCT}
_OPENING, _CLOSING, _TIMES = "([⟨", ")]⟩", "\u2062"
_FIXED = ' minsize="1.8em" maxsize="1.8em"'  # of a tall bracket whose partner is on another line

_WIDE = {"=": 2.6, ",": 0.8, "⋅": 1.2, "\u2061": 0.0, _TIMES: 0.0, "(": 0.7, ")": 0.7, "[": 0.6, "]": 0.6,
         **dict.fromkeys(_BINARY, 2.4)}
_SMALL = 0.75  # an index


def broken(markup: str, first: float, rest: float) -> list[str]:
    """A formula on lines, one element a line."""
    if markup_width(markup) <= first:
        return [markup]
    lines = ["".join(p.text for p in line) for line in packed(_pieces(markup), first, rest)]
    return [_grouped(_flat(line)) for line in lines] if len(lines) > 1 else [markup]


# ---------------------------------------------------------------- widths

def markup_width(markup: str) -> float:
    """About how wide a formula is, in lower-case letters."""
    open_: list[tuple[str, list[float]]] = [("", [])]
    for found in _TOKEN.finditer(markup):
        token = found.group()
        if found.group(1):
            open_[-1][1].append(_leaf_width(token))
        elif token.startswith("</"):
            tag, inside = open_.pop()
            open_[-1][1].append(_combined(tag, inside))
        else:
            open_.append((re.match(r"<(\w+)", token).group(1), []))
    return sum(open_[0][1])


def _combined(tag: str, inside: list[float]) -> float:
    if tag in ("mfrac", "munder", "mover", "munderover"):
        return max(inside)
    if tag in ("msub", "msup", "msubsup"):
        return inside[0] + _SMALL * max(inside[1:])
    return sum(inside) + (tag == "msqrt")


def _leaf_width(leaf: str) -> float:
    _, attributes, text = _LEAF.match(leaf).groups()
    text = unescape(text)
    if text in _WIDE:
        return 1.4 if 'form="prefix"' in attributes and text == "−" else _WIDE[text]
    return sum(1.4 if c.isupper() else 1.0 for c in text) * (1 if len(text) == 1 else 0.9)


# ---------------------------------------------------------------- pieces

def _flat(markup: str) -> list[str]:
    """The elements of a row, with the rows in it and in its raised brackets opened."""
    tokens = [t.group() for t in _TOKEN.finditer(markup)]
    out: list[str] = []
    scripts: list[str] = []  # for each open row: the script element whose base it is, or ""
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token == "<mrow>":
            scripts.append("")
            i += 1
        elif token == "</mrow>":
            script, i = scripts.pop(), i + 1
            if script:
                end = _end(tokens, i)
                out[-1] = script + out[-1] + "".join(tokens[i:end + 1])
                i = end + 1
        elif _SCRIPT.fullmatch(token) and tokens[i + 1] == "<mrow>" and _side(tokens[i + 2]) > 0:
            scripts.append(token)
            i += 2
        else:
            end = i if _LEAF.fullmatch(token) else _end(tokens, i + 1)
            out.append("".join(tokens[i:end + 1]))
            i = end + 1
    return out


def _end(tokens: list[str], i: int) -> int:
    """Where the element that is open before tokens[i] ends."""
    depth = 1
    while True:
        if not _LEAF.fullmatch(tokens[i]):
            depth += -1 if tokens[i].startswith("</") else 1
        if not depth:
            return i
        i += 1


def _side(element: str) -> int:
    """1 for an opening bracket, -1 for a closing one, with or without something raised, else 0."""
    sign = _SIGN.match(element)
    if sign is None:
        return 0
    text, attributes = sign["text"], sign["attributes"]
    if text in ("‖", "|"):
        return 1 if 'form="prefix"' in attributes else -1
    return (text in _OPENING) - (text in _CLOSING) if text else 0


def _operator(element: str) -> str:
    """The sign of an operator between two things, "" for anything else."""
    found = _LEAF.fullmatch(element)
    is_operator = found and found[1] == "mo" and "prefix" not in found[2] and not _side(element)
    return unescape(found[3]) if is_operator else ""


def _pieces(markup: str) -> list[Piece]:
    """A formula cut where it may be broken: before a sign, between brackets and what follows."""
    elements = _flat(markup)
    pieces: list[Piece] = []
    text, cost, depth = elements[0], 0, max(_side(elements[0]), 0)
    for i, element in enumerate(elements[1:], 1):
        here = _cost(elements, i)
        if here is not None:
            pieces.append(Piece(text, markup_width(text), cost))
            text, cost = "", here + BRACKET * depth
        text += element
        depth += _side(element)
    return [*pieces, Piece(text, markup_width(text), cost)]


def _cost(elements: list[str], i: int) -> int | None:
    """What a break before an element costs, brackets not counted; None where there can be none."""
    sign = _operator(elements[i])
    if sign in _BINARY:
        return _BINARY[sign]
    is_behind_brackets = i > 1 and _operator(elements[i - 1]) == _TIMES and _side(elements[i - 2]) < 0
    return PRODUCT if is_behind_brackets else None


# ---------------------------------------------------------------- lines

def _grouped(elements: list[str]) -> str:
    """One line: brackets that close on it in rows of their own, the others of a fixed size."""
    levels: list[list[str]] = [[]]
    for element in elements:
        side = _side(element)
        if side > 0:
            levels.append([element])
        elif side < 0 and len(levels) > 1:
            levels[-2].append(_closed(levels.pop(), element))
        else:
            levels[-1].append(_fixed(element) if side else element)
    flat = levels[0] + [x for level in levels[1:] for x in (_fixed(level[0]), *level[1:])]
    if _operator(flat[0]):
        flat[0] = flat[0].replace("<mo", '<mo form="infix"', 1)
    return row(*flat)


def _closed(opened: list[str], closing: str) -> str:
    sign = _SIGN.match(closing)
    if not sign["script"]:
        return row(*opened, closing)
    fence = f"<mo{sign['attributes']}>{sign['text']}</mo>"
    return sign["script"] + row(*opened, fence) + sign["scripts"]


def _fixed(bracket: str) -> str:
    return bracket if "stretchy" in bracket else bracket.replace("<mo", "<mo" + _FIXED, 1)
