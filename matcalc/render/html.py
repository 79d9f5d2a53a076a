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


def words(text: str) -> Html:
    """Plain text."""
    return Html(escape(text))


def aside(note: str) -> Html:
    """What stands in brackets behind an equation: a formula, or words."""
    return note if isinstance(note, Html) else Html(leaf("mtext", note))


def digest(script: str) -> str:
    """By what a page names the one script that it allows."""
    return "sha256-" + b64encode(sha256(script.encode()).digest()).decode()
