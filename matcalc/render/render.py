"""From a derivation or a result to text in one of the formats."""

from __future__ import annotations

import json

from ..errors import fail
from ..suggest import closest
from .board import chain_lines, width
from .data import derivation_data, result_data
from .printer import Paper, Terminal
from .result_view import result_view
from .tex import Tex
from .view import view_of

FORMATS = ("text", "latex", "article", "json")
WIDTH = 100
INDENT = 2  # of the lines in the text template


def render(derivation, format: str = "text", **options) -> str:
    """A derivation, or a result, as text of a format.

    format    "text" (Unicode, for a terminal), "latex" (a fragment for amsmath),
              "article" (a document), "json"
    options   columns: width of the terminal (text)

    Raises MatcalcError: M501 (unknown format), M503 (unknown option).
    """
    if format not in FORMATS:
        raise fail("M501", f"there is no format `{format}`", facts=(f"the formats are {', '.join(FORMATS)}",),
                   help=closest(format, FORMATS) or "use text, latex, article or json")
    columns = _columns(options)
    is_result = hasattr(derivation, "kind")
    if format == "json":
        data = result_data(derivation) if is_result else derivation_data(derivation)
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    from .templating import filled
    printer = Terminal() if format == "text" else Paper()
    view = result_view(derivation, printer) if is_result else view_of(derivation, printer)
    name = "result" if is_result else "derivation"
    if format == "article":
        text = filled("article.tex.j2", view=view, body=f"{name}.tex.j2",
                      fit=Tex(r"\begin{mcfit}"), endfit=Tex(r"\end{mcfit}"))
    elif format == "latex":
        text = filled(f"{name}.tex.j2", view=view, fit=Tex(""), endfit=Tex(""))
    else:
        text = filled(f"{name}.txt.j2", view=view, pad=_padded, chain=lambda g: chain_lines(g, columns - INDENT))
    return _tidy(text)


def _tidy(text: str) -> str:
    """No blanks at line ends, no two empty lines together, one newline at the end."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    kept = [line for line, before in zip(lines, ["x", *lines]) if line or before]
    return "\n".join(kept) + "\n"


def _columns(options: dict) -> int:
    options = dict(options)
    columns = options.pop("columns", WIDTH)
    if options:
        raise fail("M503", f"there is no option `{next(iter(options))}` for rendering",
                   help=closest(next(iter(options)), ["columns"]) or "the only option is columns")
    return max(int(columns), 40)


def _padded(text: str, texts) -> str:
    """Text with blanks behind it, as wide as the widest of `texts`."""
    return text + " " * (max(map(width, texts), default=0) - width(text))
