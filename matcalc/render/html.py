"""The string type that an HTML template may print as it stands."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from ..expr.elements import leaf


class Html(str):
    """Markup that is safe to print: our own, or already escaped.  Jinja2 asks for
    `__html__` and escapes every other string."""

    def __html__(self) -> Html:
        return self


def ready(text) -> Html:
    """Plain text as markup; markup passes."""
    return Html(text if hasattr(text, "__html__") else escape(str(text)))


def sentence(pieces: list[Html]) -> Html:
    """The pieces of a sentence; a comma stays on the line of the formula before it."""
    out = ""
    for piece in pieces:
        if out.endswith("</math>") and piece[:1] in (",", ".", ";", ":"):
            start = out.rindex("<math>")
            out, piece = f'{out[:start]}<span class="together">{out[start:]}{piece[0]}</span>', piece[1:]
        out += piece
    return Html(out)


def aside(note: str) -> Html:
    """What stands in brackets behind an equation: a formula, or words."""
    return note if isinstance(note, Html) else Html(leaf("mtext", note))


def digest(script: str) -> str:
    """By what a page names the one script that it allows."""
    return "sha256-" + b64encode(sha256(script.encode()).digest()).decode()
