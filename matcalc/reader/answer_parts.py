"""The statements of an answer: definitions, chains of equalities, left-hand sides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .answer_atoms import LABELS, is_index
from .answer_names import AnswerNames
from .latex_words import ASIDES, CONNECTIVES
from .tokens import Source, Token

MAX_MEMBERS = 100
_CONTINUES = ("+", "*", ".*", "/", "./", "@", "=", "kron", "^", ")", "'")
_INCOMPLETE = ("+", "-", "*", ".*", "/", "./", "@", "=", "kron", "^", "sum", "(")
_BESIDE = re.compile(r"(?:d|grad|gradient|nabla|D)_?(?:[A-Za-z]+_?d_?|[LJEC]_?d?)?(\w+)|(\w+)_grad")


@dataclass
class Part:
    """name = member = member, or members alone.

    name      what is defined, or ""
    target    the name below the derivative on the left-hand side, or ""
    labels    the indices of the left-hand side
    is_aside  it stands behind a word such as `since`
    """

    members: list[list[Token]]
    name: str = ""
    target: str = ""
    labels: tuple[str, ...] = ()
    is_derivative: bool = False
    is_aside: bool = False


def parts_of(source: Source, stream: list[Token], names: AnswerNames, wrt: str) -> tuple[list[Part], int]:
    """All parts, and which of them is the answer. Raises M104 when there is none."""
    statements = _statements(stream, names)
    if sum(len(members) for members, _ in statements) > MAX_MEMBERS:
        raise source.error("M105", f"an answer may have at most {MAX_MEMBERS} lines and members", (0, 1))
    parts = []
    for members, word in statements:
        part = _part(source, members, names)
        if part.members:
            part.is_aside = word in ASIDES
            parts.append(part)
    last = _answer(source, parts, names, wrt)
    for i, part in enumerate(parts):
        if i != last and not part.name and len(part.members) > 1 and _assigns_entries(part.members[0]):
            raise source.error("M116", "this line defines nothing that can be read",
                               (part.members[0][0].start, part.members[0][-1].end),
                               help="a definition has one name on its left")
    return parts, last


def _assigns_entries(first: list[Token]) -> bool:
    """d[...] = ...: it changes what comes later, so it cannot be passed over."""
    return len(first) > 1 and first[0].kind == "name" and first[1].text == "["


def _answer(source: Source, parts: list[Part], names: AnswerNames, wrt: str) -> int:
    """Which part is the answer."""
    if not parts:
        raise source.error("M104", "there is no formula in the answer", (0, 1) if source.text else (0, 0))
    asked = [i for i, p in enumerate(parts) if wrt and p.target == wrt]
    derivatives = [i for i, p in enumerate(parts) if p.is_derivative]
    bare = [i for i, p in enumerate(parts) if not p.name and not p.is_aside and not _is_differential(p, names)]
    usual = bare or derivatives
    if not wrt and derivatives and bare != [len(parts) - 1]:
        usual = derivatives
    return (asked or usual or [i for i, p in enumerate(parts) if not p.is_aside] or [len(parts) - 1])[-1]


def _is_differential(part: Part, names: AnswerNames) -> bool:
    """d(X^{-1}) = ..., d log det X = ...: a step on the way."""
    first = part.members[0][0]
    return len(part.members) > 1 and first.kind == "name" and first.text[0] == "d" and names.find(first.text) is None \
        and (first.text == "d" or names.find(first.text[1:]) is not None)


def _statements(stream: list[Token], names: AnswerNames) -> list[tuple[list[list[Token]], str]]:
    """Statements as lists of members as lists of tokens, each with the word in front of it."""
    out: list[tuple[list[list[Token]], str]] = []
    members: list[list[Token]] = [[]]
    depth, word, k = 0, "", -1
    while k + 1 < len(stream):
        k += 1
        token = stream[k]
        kind = token.kind
        if kind == "(" and stream[k + 1].text.lower() in ASIDES and _is_word(stream, k + 1, names):
            k = _closing(stream, k)  # (since A is square)
            continue
        depth += (kind == "(") - (kind == ")")
        is_word = depth <= 0 and _is_word(stream, k, names)
        is_break = kind in ("end", ";") or is_word or kind == "," and depth <= 0 or kind == "\n" and depth <= 0
        if kind == "\n" and stream[k - 1].kind == "\n" and k:
            continue
        if kind == "\n" and is_break and _goes_on(stream, k, members):
            continue
        is_heading = kind == ":" and depth <= 0 and len(members) == 1 and all(
            t.kind == "name" and names.find(t.text) is None for t in members[0])
        if is_heading:  # Answer: ...
            members = [[]]
        elif is_break:
            if any(members):
                out.append((members, word))
                word = ""
            members, depth = [[]], 0
            said = token.text.lower() if is_word else token.text
            word = said if said in ASIDES else "" if kind == "\n" else word
        elif kind == "=" and depth <= 0:
            members.append([])
        elif kind != "\n" or depth:
            members[-1].append(token)
    return out


def _is_word(stream: list[Token], k: int, names: AnswerNames) -> bool:
    """Whether token k is an English word between formulas."""
    token, behind = stream[k], stream[min(k + 1, len(stream) - 1)]
    return token.kind == "name" and token.text.lower() in CONNECTIVES and behind.kind != "=" \
        and names.find(token.text) is None and (behind.start != token.end or behind.kind in (":", ",", "end"))


def _closing(stream: list[Token], k: int) -> int:
    """Where the bracket that opens at k is closed; the end when it is not."""
    depth = 0
    for j in range(k, len(stream) - 1):
        depth += (stream[j].kind == "(") - (stream[j].kind == ")")
        if depth == 0:
            return j
    return len(stream) - 2


def _goes_on(stream: list[Token], k: int, members: list[list[Token]]) -> bool:
    """Whether the line break at k stands inside a formula."""
    j = k
    while stream[j].kind == "\n":
        j += 1
    following, last = stream[j].kind, stream[j - 1].text
    before = members[-1][-1].kind if members[-1] else ("=" if len(members) > 1 else "")
    return following in _CONTINUES or before in _INCOMPLETE or following == "-" and last == "\\quad" and j > k + 1


def _part(source: Source, members: list[list[Token]], names: AnswerNames) -> Part:
    for k, member in enumerate(members):
        if not member and (k or len(members) == 1):
            after = members[k - 1][-1].end if k and members[k - 1] else 0
            raise source.error("M101", "a formula is expected behind `=`", (max(after - 1, 0), after + 1))
    if members[0] and members[0][0].text in ("import", "from"):
        return Part([])
    if members[0] and members[0][0].text == "return":
        del members[0][0]
    if not members[0]:
        return Part([m for m in members if m])
    first = members[0]
    if len(members) > 1 and [t.kind for t in first] == ["name", "name"] and first[0].text == "d" \
            and names.find("d") is None:  # d W = ...
        first = [Token("name", "d" + first[1].text, first[0].start, first[1].end)]
    derivative = _derivative(first, names)
    if derivative is not None and len(members) > 1:
        below, labels = derivative
        return Part(members[1:], "d/d" + below, _target(below, names), labels, True)
    if len(members) == 1:
        return Part(members)
    if len(first) == 2 and first[0].kind == "name" and first[1].kind in ("+", "-", "*", "/", "@", ".*"):  # d *= e
        around = [Token("(", "(", first[1].start, first[1].end), Token(")", ")", first[1].start, first[1].end)]
        return _named(first[0].text, [[*first, around[0], *members[-1], around[1]]], names)
    if len(first) > 4 and _assigns_entries(first) and first[-1].text == "]" and [t.text for t in members[-1]] == ["0"]:
        return _named(first[0].text, [_masked(first)], names)
    if len(first) == 1 and first[0].kind == "name":
        return _named(first[0].text, members[1:], names)
    if len(first) == 2 and first[0].kind == "name" and first[1].kind == "sub":
        return Part(members[1:], first[0].text, "", tuple(first[1].text))
    if first[0].kind == "name" and (
            first[0].text == names.output or names.find(first[0].text) is None) and _is_function_of(first[1:]):
        return Part(members[1:], first[0].text)
    return Part(members)


def _masked(first: list[Token]) -> list[Token]:
    """d[z < 0] = 0 gives d the value d*(1 - (z < 0))."""
    at = first[1]
    signs = [Token(kind, text, at.start, at.end) for kind, text in (
        ("*", "*"), ("(", "("), ("number", "1"), ("-", "-"), ("(", "("))]
    end = first[-1]
    return [first[0], *signs, *first[2:-1], Token(")", ")", end.start, end.end), Token(")", ")", end.start, end.end)]


def _is_function_of(rest: list[Token]) -> bool:
    """(x), '(x), (W, b): what stands behind the name in f(x) =."""
    while rest and rest[0].kind == "'":
        rest = rest[1:]
    return len(rest) > 2 and rest[0].kind == "(" and rest[-1].kind == ")" and all(
        t.kind in ("name", ",") for t in rest[1:-1])


def _named(word: str, members: list[list[Token]], names: AnswerNames) -> Part:
    """name = ...: a definition; dW1 and grad_W1 are gradients besides."""
    stem, _, index = word.rpartition("_")
    found = _BESIDE.fullmatch(word)
    if found and names.spelling.find(word) is None:
        target = _target(found.group(1) or found.group(2) or "", names) or _target(word[1:], names)
        if target and target != names.output:
            return Part(members, word, target, (), True)
    if stem and names.spelling.find(word) is None and is_index(index):
        return Part(members, stem, "", tuple(index))
    return Part(members, word)


def _target(below: str, names: AnswerNames) -> str:
    return names.spelling.find(below) or names.spelling.find(below.rpartition("_")[0]) or ""


def _derivative(first: list[Token], names: AnswerNames) -> tuple[str, tuple[str, ...]] | None:
    """(name below, indices) when a left-hand side is a derivative."""
    labels: tuple[str, ...] = ()
    if first[-1].kind == "sub":
        labels, first = tuple(first[-1].text), first[:-1]
    while len(first) > 2 and first[0].kind == "(" and first[-1].kind == ")":
        first = first[1:-1]
    if first[0].kind == "nabla":
        below = first[0].text
        return ("", tuple(below)) if below in LABELS and names.find(below) is None else (below, labels)
    kinds = [t.kind for t in first[:3]]
    if kinds == ["name", "/", "name"] and first[0].text[0] == "d" and first[2].text[0] == "d":
        above, below = first[0].text[1:], first[2].text[1:]
        upper, (below, lower) = _index(above, names)[1], _index(below, names)
        return below, labels or upper + lower
    return None


def _index(word: str, names: AnswerNames) -> tuple[str, tuple[str, ...]]:
    """W_ij as W and (i, j), unless it is a name itself."""
    stem, _, index = word.rpartition("_")
    if names.spelling.find(word) is None and stem and is_index(index):
        return stem, tuple(index)
    return word, ()
