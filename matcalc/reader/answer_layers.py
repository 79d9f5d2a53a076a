"""Layers written above: a^{2} is a2 where no a is known, as in texts that write \\delta^{l}."""

from __future__ import annotations

from .answer_names import AnswerNames
from .tokens import Token

_LINE_ENDS = ("\n", ";", ",")


def layered(stream: list[Token], names: AnswerNames) -> list[Token]:
    """The tokens, with a^2 as a2 where only a2 has a value."""
    given = {_joined(stream, k) for k, t in enumerate(stream)
             if (k == 0 or stream[k - 1].kind in _LINE_ENDS) and _is_raised(stream, k) and stream[k + 3].kind == "="}
    out: list[Token] = []
    k = 0
    while k < len(stream):
        token = stream[k]
        if _is_raised(stream, k) and names.find(token.text) is None:
            joined = _joined(stream, k)
            if joined in given or names.find(joined):
                out.append(Token("name", joined, token.start, stream[k + 2].end))
                k += 3
                continue
        out.append(token)
        k += 1
    return out


def _is_raised(stream: list[Token], k: int) -> bool:
    return [t.kind for t in stream[k:k + 3]] == ["name", "^", "number"] and k + 3 < len(stream)


def _joined(stream: list[Token], k: int) -> str:
    return stream[k].text + stream[k + 2].text
