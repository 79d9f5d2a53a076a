"""From a derivation or a result to text in one of the formats."""

from __future__ import annotations

import json

from ..errors import fail
from ..suggest import closest
from .board import chain_lines, step_lines
from .breaking import width
from .browser import Browser
from .data import derivation_data, result_data
from .deck import PACES, deck_of
from .differential import differential_data, differential_view
from .general import general_data, general_view
from .html import Html, aside, digest
from .indexed import check_notation
from .printer import WIDTH, Paper, Terminal, lines
from .result_view import result_view
from .tex import Tex
from .view import view_of

FORMATS = ("text", "latex", "article", "html", "json")
DECKS = ("beamer", "slides")  # of derivations only
OPTIONS = {"columns": WIDTH, "named": False, "notation": "matrix", "steps": "normal", "handout": False}
MIN_WIDTH = 40
SLIDE = 47  # what fits on a line of a slide


def render(derivation, format: str = "text", **options) -> str:
    """A derivation, or a result, as text of a format.

    format    "text" (Unicode, for a terminal), "latex" (a fragment for amsmath),
              "article" (a document), "html" (a page that needs no network), "json";
              of a derivation also "beamer" and "slides" (a deck in LaTeX, in HTML)
    options   columns: width of the terminal (text); named: named forms only;
              notation: "matrix", or with a section in "index" notation, or with
              "entries" written out; of a deck:
              steps: "coarse", "normal" or "fine"; handout: all steps at once

    Raises MatcalcError: M501 (unknown format), M503 (unknown option), M512 (unknown
    notation), M513 (sizes that cannot be written out).
    """
    kind = _kind(derivation)
    formats = (*FORMATS, *DECKS) if kind == "derivation" else FORMATS
    if format not in formats:
        raise fail("M501", f"{format} is for derivations only" if format in DECKS else f"there is no format `{format}`",
                   facts=(f"the formats are {', '.join(formats)}",),
                   help=closest(format, formats) or f"use {', '.join(formats[:-1])} or {formats[-1]}")
    options = _checked(options)
    if format == "json":
        return json.dumps(_DATA[kind](derivation), ensure_ascii=False, indent=2) + "\n"
    return _PRINTED.get(format, _latex)(derivation, format, options)


def _checked(options: dict) -> dict:
    """The options with their defaults. Raises MatcalcError (M503)."""
    for name in options:
        if name not in OPTIONS:
            raise fail("M503", f"there is no option `{name}` for rendering",
                       help=closest(name, OPTIONS) or f"the options are {', '.join(OPTIONS)}")
    options = {**OPTIONS, **options}
    if options["steps"] not in PACES:
        raise fail("M503", f"steps cannot be `{options['steps']}`",
                   help=closest(str(options["steps"]), PACES) or f"use {', '.join(PACES[:-1])} or {PACES[-1]}")
    check_notation(options["notation"])
    return options


def _text(derivation, format: str, options: dict) -> str:
    from .templating import filled
    columns = max(int(options["columns"]), MIN_WIDTH)
    printer = Terminal(columns)
    name, view = _view(derivation, printer, options)
    return tidy(filled(f"{name}.txt.j2", view=view, pad=_padded, chain=lambda g: chain_lines(g, printer),
                       table=lambda steps: step_lines(steps, columns)))


def _latex(derivation, format: str, options: dict) -> str:
    from .templating import filled
    name, view = _view(derivation, Paper(), options)
    if format == "latex":
        return tidy(filled(f"{name}.tex.j2", view=view, fit=Tex(""), endfit=Tex("")))
    return tidy(filled("article.tex.j2", view=view, body=f"{name}.tex.j2",
                       fit=Tex(r"\begin{mcfit}"), endfit=Tex(r"\end{mcfit}")))


def _beamer(derivation, format: str, options: dict) -> str:
    from .templating import filled
    deck = _deck(derivation, Paper(SLIDE, "\n"), options)
    return tidy(filled("beamer.tex.j2", deck=deck, handout=options["handout"], lines=lines))


def _html(derivation, format: str, options: dict) -> str:
    name, view = _view(derivation, Browser(), options)
    return _page("page.html.j2", derivation, options, view=view, body=f"{name}.html.j2")


def _slides(derivation, format: str, options: dict) -> str:
    from .templating import filled
    script = "" if options["handout"] else dense(filled("slides.js"))
    return _page("slides.html.j2", derivation, options, deck=_deck(derivation, Browser(SLIDE), options),
                 script=Html(script), allowed=digest(script))


def _page(template: str, derivation, options: dict, **data) -> str:
    """A page for the browser."""
    from .templating import filled
    title = _view(derivation, Terminal(), options)[1].heading
    return dense(filled(template, title=title, lines=lines, aside=aside, **data))


def _deck(derivation, printer, options: dict):
    return deck_of(_view(derivation, printer, options)[1], printer, options["steps"])


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


_PRINTED = {"text": _text, "html": _html, "beamer": _beamer, "slides": _slides}


def tidy(text: str) -> str:
    """No blanks at line ends, no two empty lines together, one newline at the end."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    kept = [line for line, before in zip(lines, ["x", *lines]) if line or before]
    return "\n".join(kept) + "\n"


def dense(text: str) -> str:
    """No empty lines, one newline at the end."""
    return "\n".join(line for line in text.split("\n") if line.strip()) + "\n"


def _padded(text: str, texts) -> str:
    """Text with blanks behind it, as wide as the widest of `texts`."""
    return text + " " * (max(map(width, texts), default=0) - width(text))
