"""The string type that an HTML template may print as it stands."""

from __future__ import annotations

from html import escape

from ..expr.elements import leaf


class Html(str):
    """Markup that is safe to print: our own, or already escaped.  Jinja2 asks for
    `__html__` and escapes every other string."""

    def __html__(self) -> Html:
        return self


def lines(formula: Html) -> list[Html]:
    """The lines of a formula that a printer has broken."""
    return [Html(line) for line in formula.split("\n")]


def words(text: str) -> Html:
    """Plain text."""
    return Html(escape(text))


def aside(note: str) -> Html:
    """What stands in brackets behind an equation: a formula, or words."""
    return note if isinstance(note, Html) else Html(leaf("mtext", note))
