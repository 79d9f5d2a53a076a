"""Where the keys of a TOML file stand: the standard library reads the values and forgets the places."""

from __future__ import annotations

import re

from ..errors import Label

_HEADER = re.compile(r"\s*\[(\[?)\s*([^\[\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"\n]*"|'[^'\n]*')(?:\s*\.\s*(?:[\w-]+|"[^"\n]*"|'[^'\n]*'))*)\s*=\s*""")
_NAME = re.compile(r"""[\w-]+|"[^"\n]*"|'[^'\n]*'""")


def places(text: str) -> dict[tuple, Label]:
    """(key, ...) -> its place; an entry of an array of tables has its number in between.

    Keys inside braces are not listed: their table is. The text is TOML.
    """
    out: dict[tuple, Label] = {}
    counts: dict[tuple, int] = {}
    inside: tuple = ()
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        header, key = _HEADER.match(text, at, end), _KEY.match(text, at, end)
        if header:
            inside = _names(header[2])
            if header[1]:
                counts[inside] = counts.get(inside, -1) + 1
                inside = (*inside, counts[inside])
            out.setdefault(inside, Label(*header.span(2)))
        elif key:
            out[(*inside, *_names(key[1]))] = Label(*key.span(1))
            quotes = text[key.end():key.end() + 3]
            if quotes in ('"""', "'''"):
                closing = text.find(quotes, key.end() + 3)
                end = text.find("\n", closing) if closing >= 0 else -1
                end = len(text) if end < 0 else end
        at = end + 1
    return out


def _names(dotted: str) -> tuple:
    return tuple(n.strip("\"'") for n in _NAME.findall(dotted))
