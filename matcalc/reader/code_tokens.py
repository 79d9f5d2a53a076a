"""Tokens that only code and free text have: np., methods, typographic fractions and sums."""

from __future__ import annotations

import re

from ..expr.names import GREEK
from .tokens import MAX_NAME, Source, Token

_PREFIX = re.compile(r"(?:np|numpy|jnp|torch|tf|math|nn|scipy|sp|linalg|special|functional|F|nabla)\.(?=[A-Za-z])")
_SIGNS = {"[": "(", "]": ")", "{": "(", "}": ")", ">=": ">", "<=": "<", ">": ">", "<": "<", "&": "", "`": "", "⊗": "kron"}
_NABLA = re.compile(r"∇(?:_?\{?([A-Za-z]\w*)\}?)?")
_SUM = re.compile(r"(?:[∑Σ]|sum)_(?:\{([a-z](?:,?[a-z])?)(?:=1)?\}|([i-n])(?![A-Za-z]))(?:\^(?:\{(\w+)\}|([0-9]+|\w)))?")
_FRACTIONS = {"½": "12", "⅓": "13", "¼": "14", "⅔": "23", "¾": "34"}
_INDEX = re.compile(r"_(?:\{([a-z]{1,2})\}|([a-z]{1,2})(?![A-Za-z0-9]))")
_METHOD = re.compile(r"\.(?=[A-Za-z'])")
_SPEC = re.compile(r"(['\"])([A-Za-z, ]+)(?:->([A-Za-z ]*))?\1")
_DIVISION = re.compile(r"\\(?:(?=[(\s])|([A-Za-z]\w*))")
_SUBSCRIPTS = dict(zip("ᵢⱼₖₗₘₙₚᵣₛₜ", "ijklmnprst", strict=True))


def divides_from_left(text: str, is_known) -> bool:
    """Whether every backslash divides from the left, as in MATLAB: X\\b, S \\ (mu - x)."""
    if "$" in text or "^{" in text or "\\)" in text:
        return False
    words = [found.group(1) for found in _DIVISION.finditer(text)]
    return len(words) == text.count("\\") > 0 and all(w is None or w not in GREEK and is_known(w) for w in words)


def code_token(source: Source, i: int, out: list[Token]) -> int:
    """Tokens that only code and free text have; where the next one begins (i: none read)."""
    text = source.text
    c = text[i]
    if c.isascii() and (c.isalpha() and (found := _PREFIX.match(text, i))):
        if i == 0 or not (text[i - 1].isalnum() or text[i - 1] == "_"):
            out.append(Token("np", found.group(), i, found.end()))
            return found.end()
    if (behind := sum_token(source, i, out)) > i:
        return behind
    if c == "_" and out and out[-1].kind == ")" and (found := _INDEX.match(text, i)):
        out.append(Token("sub", found.group(1) or found.group(2), i, found.end()))
        return found.end()
    if c == "\\":
        out.append(Token("\\", c, i, i + 1))
        return i + 1
    if text.startswith("%*%", i):
        out.append(Token("@", "@", i, i + 3))
        return i + 3
    if c in "'\"" and [t.text for t in out[-2:]] == ["einsum", "("] and (found := _SPEC.match(text, i)):
        out.append(Token("string", found.group().strip(c), i, found.end()))
        return found.end()
    if text.startswith(":=", i):
        return i + 1
    if c in _FRACTIONS:
        above, below = _FRACTIONS[c]
        out += [Token(k, x, i, i + 1) for k, x in (("(", "("), ("number", above), ("/", "/"), ("number", below), (")", ")"))]
        return i + 1
    if text.startswith(("∘²", "⊙²"), i):
        out += [Token(".^", c, i, i + 1), Token("number", "2", i + 1, i + 2)]
        return i + 2
    if c in "𝟏𝟙":
        if text[i + 1:i + 2] not in ("[", "{"):
            out.append(Token("name", "ones", i, i + 1))
        return i + 1
    if c in _SUBSCRIPTS:
        return _index(text, i, out)
    if c == "∇":
        found = _NABLA.match(text, i)
        out.append(Token("nabla", found.group(1) or "", i, found.end()))
        return found.end()
    if text[i:i + 3] == ".T'" or c == "." and text[i + 1:i + 2] == "'":
        return i + 1 if text[i + 1] == "'" else i
    if c == "." and not text.startswith(".T", i) and _METHOD.match(text, i):
        out.append(Token(".", ".", i, i + 1))
        return i + 1
    for length in (2, 1):
        sign = _SIGNS.get(text[i:i + length])
        if sign is not None:
            if sign:
                out.append(Token(sign, text[i:i + length], i, i + length))
            return i + length
    if c == "." and (i + 1 == len(text) or text[i + 1].isspace()):
        return i + 1
    return i


def sum_token(source: Source, i: int, out: list[Token]) -> int:
    """A sum sign with its indices and its upper end; where the next token begins (i: none read)."""
    text = source.text
    if text[i] in "∑Σ" and text[i + 1:i + 2] in _SUBSCRIPTS:
        return _index(text, i + 1, out)
    if text[i] in "∑Σs" and (found := _SUM.match(text, i)):
        out.append(Token("sum", ",".join((found.group(1) or found.group(2)).replace(",", ""))
                         + "|" + (found.group(3) or found.group(4) or ""), i, found.end()))
        return found.end()
    return i


def _index(text: str, i: int, out: list[Token]) -> int:
    """Letters below the line: xᵢ is x_i."""
    end = i
    while text[end:end + 1] in _SUBSCRIPTS:
        end += 1
    letters = "".join(_SUBSCRIPTS[c] for c in text[i:end])
    before = text[i - 1:i]
    if before in ("∑", "Σ"):
        out.append(Token("sum", ",".join(letters) + "|", i - 1, end))
    elif out and out[-1].kind == "name" and out[-1].end == i and len(out[-1].text) < MAX_NAME:
        out[-1] = Token("name", f"{out[-1].text}_{letters}", out[-1].start, end)
    else:
        out.append(Token("sub", letters, i, end))
    return end
