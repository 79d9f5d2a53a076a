"""From a derivation or a result to text in one of the formats."""

from __future__ import annotations

import json

from ..errors import fail
from ..suggest import closest
from .board import chain_lines, step_lines
from .breaking import width
from .browser import Browser
from .data import derivation_data, result_data
from .differential import differential_data, differential_view
from .general import general_data, general_view
from .html import aside, lines
from .indexed import check_notation
from .printer import WIDTH, Paper, Terminal
from .result_view import result_view
from .tex import Tex
from .view import view_of

FORMATS = ("text", "latex", "article", "html", "json")
OPTIONS = {"columns": WIDTH, "named": False, "notation": "matrix"}
MIN_WIDTH = 40


def render(derivation, format: str = "text", **options) -> str:
    """A derivation, or a result, as text of a format.

    format    "text" (Unicode, for a terminal), "latex" (a fragment for amsmath),
              "article" (a document), "html" (a page that needs no network), "json"
    options   columns: width of the terminal (text); named: named forms only;
              notation: "matrix", or with a section in "index" notation, or with
              "entries" written out

    Raises MatcalcError: M501 (unknown format), M503 (unknown option), M512 (unknown
    notation), M513 (sizes that cannot be written out).
    """
    if format not in FORMATS:
        raise fail("M501", f"there is no format `{format}`", facts=(f"the formats are {', '.join(FORMATS)}",),
                   help=closest(format, FORMATS) or "use text, latex, article, html or json")
    for name in options:
        if name not in OPTIONS:
            raise fail("M503", f"there is no option `{name}` for rendering",
                       help=closest(name, OPTIONS) or "the options are columns, named and notation")
    options = {**OPTIONS, **options}
    check_notation(options["notation"])
    if format == "json":
        data = _DATA[_kind(derivation)](derivation)
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if format == "html":
        return _html(derivation, options)
    return tidy(_text(derivation, options) if format == "text" else _latex(derivation, format, options))


def _text(derivation, options: dict) -> str:
    from .templating import filled
    columns = max(int(options["columns"]), MIN_WIDTH)
    printer = Terminal(columns)
    name, view = _view(derivation, printer, options)
    return filled(f"{name}.txt.j2", view=view, pad=_padded, chain=lambda g: chain_lines(g, printer),
                  table=lambda steps: step_lines(steps, columns))


def _latex(derivation, format: str, options: dict) -> str:
    from .templating import filled
    name, view = _view(derivation, Paper(), options)
    if format == "latex":
        return filled(f"{name}.tex.j2", view=view, fit=Tex(""), endfit=Tex(""))
    return filled("article.tex.j2", view=view, body=f"{name}.tex.j2",
                  fit=Tex(r"\begin{mcfit}"), endfit=Tex(r"\end{mcfit}"))


def _html(derivation, options: dict) -> str:
    from .templating import filled
    name, view = _view(derivation, Browser(), options)
    title = _view(derivation, Terminal(), options)[1].heading
    page = filled("page.html.j2", view=view, title=title, body=f"{name}.html.j2", lines=lines, aside=aside)
    return "\n".join(line for line in page.split("\n") if line.strip()) + "\n"


def _view(derivation, printer, options: dict):
    """The name of the template and the view that goes into it."""
    kind = _kind(derivation)
    if kind == "derivation":
        return kind, view_of(derivation, printer, options["named"], options["notation"])
    if kind == "result":
        return kind, result_view(derivation, printer, options["notation"])
    return kind, _VIEWS[kind](derivation, printer)


def _kind(derivation) -> str:
    """Which template prints it."""
    found = [kind for kind, attribute in _MARKED_BY.items() if hasattr(derivation, attribute)]
    return found[0] if found else "derivation"


_MARKED_BY = {"differential": "identified", "general": "equations", "result": "kind"}
_VIEWS = {"general": general_view, "differential": differential_view}
_DATA = {"derivation": derivation_data, "result": result_data, "general": general_data,
         "differential": differential_data}


def tidy(text: str) -> str:
    """No blanks at line ends, no two empty lines together, one newline at the end."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    kept = [line for line, before in zip(lines, ["x", *lines]) if line or before]
    return "\n".join(kept) + "\n"


def _padded(text: str, texts) -> str:
    """Text with blanks behind it, as wide as the widest of `texts`."""
    return text + " " * (max(map(width, texts), default=0) - width(text))
