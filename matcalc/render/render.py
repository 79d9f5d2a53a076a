"""From a derivation or a result to text in one of the formats."""

from __future__ import annotations

import json
from dataclasses import replace

from ..errors import fail
from ..lang import language
from ..suggest import closest
from .answer import answer_view
from .board import chain_lines, rule_lines, source_lines, step_lines
from .breaking import width
from .browser import Browser
from .data import derivation_data, result_data
from .deck import Frame, Shown, deck_of
from .diagram.stages import staged
from .diagram.svg import inline, svg
from .diagram.tikz import boxed
from .differential import differential_data, differential_view
from .general import general_data, general_view
from .html import Html, aside, digest
from .options import completed, formula_notation
from .picture import chosen_picture
from .printer import Paper, Terminal, lines
from .result_view import result_view
from .rule_steps import rule_steps
from .tex import Tex
from .view import view_of

DECKS = ("beamer", "slides")
FORMATS = ("text", "latex", "article", "html", "markdown", "notebook", "typst", *DECKS, "json")
MIN_WIDTH = 40
SLIDE = 47  # what fits on a line of a slide


def render(derivation, format: str = "text", **options) -> str:
    """A derivation, or a result, as text of a format.

    format    "text" (Unicode, for a terminal), "latex" (a fragment for amsmath),
              "article" (a document), "html" (a page that needs no network),
              "markdown", "notebook" (for Jupyter), "typst" (a document), "beamer" and
              "slides" (a deck in LaTeX, in HTML), "json"
    options   columns: width of the terminal (text); named: named forms only;
              notation: "matrix", or with a section in "index" notation, or with
              "entries" written out; detail: "answer", "layers" or "rules";
              gradient: "partial", "nabla", "delta" or "d"; transpose: "top" or "T";
              hadamard: "odot" or "circ"; bold: vectors and matrices in bold type;
              flavour: "github" or "jupyter" (markdown); lang: "en", "de" (not of JSON,
              which is for programs); templates: a folder whose
              templates replace matcalc's; picture: "graph", "layers", "none", or "auto"
              (the layers where there are several), on pages and decks; of a deck: steps: "coarse", "normal" or
              "fine"; handout: all steps at once

    Raises MatcalcError: M501 (unknown format), M503 (unknown option), M505 (options
    that contradict), M520 (a value that an option cannot have), M502, M521, M522
    (templates), M525 (the catalogue of a language), M513 (sizes that cannot be written out), M524 (notebook),
    M538, M539 (pictures).
    """
    kind = _kind(derivation)
    if format not in FORMATS:
        raise fail("M501", f"there is no format `{format}`", facts=(f"the formats are {', '.join(FORMATS)}",),
                   help=closest(format, FORMATS) or f"use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    given, options = options, completed(options)
    _check(format, kind, given, options)
    options = {**options, "chosen": chosen_picture(derivation, kind, format, options)}
    if format == "json":
        return json.dumps(_DATA[kind](derivation), ensure_ascii=False, indent=2) + "\n"
    return _MAKERS[format](derivation, options)


def _check(format: str, kind: str, given: dict, options: dict) -> None:
    """Raises MatcalcError (M505) for options that this format or kind does not have."""
    if format not in DECKS and given.keys() & {"steps", "handout"}:
        raise fail("M505", "only decks have steps and a handout", help="use the format beamer or slides")
    if format in DECKS and options["detail"] != "layers":
        raise fail("M505", f"a deck goes layer by layer, so it has no detail `{options['detail']}`",
                   help="leave out the detail")
    if kind in ("differential", "general") and options["notation"] != "matrix":
        raise fail("M505", "index notation is for derivations, gradients, Jacobians and Hessians",
                   help="leave out the notation")


def _text(derivation, options: dict) -> str:
    columns = max(options["columns"], MIN_WIDTH)
    printer = Terminal(columns, formula_notation(options))
    name, view = _view(derivation, printer, options)
    return tidy(_filled(f"{name}.txt.j2", options, view=view, pad=_padded, chain=lambda g: chain_lines(g, printer),
                        table=lambda steps: step_lines(steps, printer), rules=lambda steps: rule_lines(steps, printer),
                        sources=lambda sources: source_lines(sources, columns)))


def _latex(derivation, options: dict) -> str:
    name, view = _view(derivation, Paper(formula_notation(options)), options)
    return tidy(_filled(f"{name}.tex.j2", options, view=view, fit=Tex(""), endfit=Tex("")))


def _article(derivation, options: dict) -> str:
    name, view = _view(derivation, Paper(formula_notation(options)), options)
    return tidy(_filled("article.tex.j2", options, view=view, body=f"{name}.tex.j2", picture=_tikz(options["chosen"]),
                        fit=Tex(r"\begin{mcfit}"), endfit=Tex(r"\end{mcfit}")))


def _beamer(derivation, options: dict) -> str:
    deck = _deck(derivation, Paper(formula_notation(options), SLIDE, "\n"), options, _tikz)
    return tidy(_filled("beamer.tex.j2", options, deck=deck, handout=options["handout"], lines=lines))


def _html(derivation, options: dict) -> str:
    name, view = _view(derivation, Browser(formula_notation(options)), options)
    return _page("page.html.j2", derivation, options, view=view, body=f"{name}.html.j2", picture=_svg(options["chosen"]))


def _slides(derivation, options: dict) -> str:
    script = "" if options["handout"] else dense(_filled("slides.js", options))
    return _page("slides.html.j2", derivation, options, script=Html(script), allowed=digest(script),
                 deck=_deck(derivation, Browser(formula_notation(options), SLIDE), options, _svg))


def _page(template: str, derivation, options: dict, **data) -> str:
    """A page for the browser."""
    return dense(_filled(template, options, title=_title(derivation, options), lines=lines, aside=aside, **data))


def _title(derivation, options: dict) -> str:
    """The heading in plain text."""
    return _view(derivation, Terminal(notation=formula_notation(options)), options)[1].heading


def _deck(derivation, printer, options: dict, written):
    """`written` makes text of a picture."""
    view, pace, chosen = _view(derivation, printer, options)[1], options["steps"], options["chosen"]
    if chosen is None:
        return deck_of(view, printer, pace)
    picture, steps = staged(chosen.picture, pace)
    item = written(replace(chosen, picture=picture))
    return deck_of(view, printer, pace, Frame("picture", printer.plain(chosen.title), (Shown(item, 1),), steps))


def _tikz(chosen) -> Tex:
    """The chosen picture in the box register of the documents, "" where there is none."""
    return Tex(boxed(chosen.picture, r"{\mcbox}") if chosen else "")


def _svg(chosen) -> Html:
    """The chosen picture as an element of the page, "" where there is none."""
    return Html(inline(chosen.picture) if chosen else "")


def _markdown(derivation, options: dict, template: str = "page.md.j2", **more) -> str:
    from .markdown import Dollars, fences, words
    flavour = options["flavour"]
    printer = Dollars(formula_notation(options), flavour)
    name, view = _view(derivation, printer, options)
    begin, end = fences(flavour)
    return tidy(_filled(template, options, view=view, body=f"{name}.md.j2", begin=begin, end=end, words=words,
                        maths=printer.maths, **more))


def _typst(derivation, options: dict) -> str:
    from .typst import Sheet, Typst, literal, quoted, words
    printer, chosen = Sheet(formula_notation(options)), options["chosen"]
    name, view = _view(derivation, printer, options)
    return tidy(_filled("page.typ.j2", options, view=view, body=f"{name}.typ.j2",
                        title=Typst(quoted(_title(derivation, options))), words=words, maths=printer.maths,
                        picture=literal(svg(chosen.picture)) if chosen else "",
                        alt=Typst(quoted(chosen.picture.description)) if chosen else ""))


def _notebook(derivation, options: dict) -> str:
    from .notebook import call, notebook
    made = {**call(derivation, _kind(derivation)), "picture": Tex(options["chosen"].which if options["chosen"] else "")}
    return notebook(_markdown(derivation, {**options, "flavour": "jupyter"}, "notebook.md.j2", **made))


def _filled(template: str, options: dict, **data) -> str:
    from .templating import filled
    return filled(template, options["templates"], language(options["lang"]), **data)


def _view(derivation, printer, options: dict, numbers: dict | None = None):
    """The name of the template and the view that goes into it."""
    kind = _kind(derivation)
    printer.speaking(language(options["lang"]))
    if kind == "differential" and printer.notation.gradient == "d":
        printer.notation = replace(printer.notation, gradient="partial")  # dX is a differential there
    view = _VIEWS[kind](derivation, printer, options)
    if options["detail"] == "answer":
        return "answer", answer_view(kind, view)
    if options["detail"] == "rules" and kind != "general":
        trail = derivation.trail if kind == "derivation" else derivation.steps
        rules, sources = rule_steps(trail, derivation.model, printer, numbers)
        view = replace(view, steps=(), rules=rules, sources=sources)
    return kind, view


def body(derivation, printer, options: dict, numbers: dict):
    """The name of the template and the view of one part of a longer document.

    numbers   the sources that the document has cited, with their numbers

    Raises MatcalcError (M503, M505, M520).
    """
    options = completed(options)
    _check("latex", _kind(derivation), {}, options)
    return _view(derivation, printer, options, numbers)


def answers(derivation, printer, options: dict):
    """Nothing but the answers, printed: the lines of an `AnswerView`."""
    return _view(derivation, printer, {**options, "detail": "answer"})[1].answers


def _kind(derivation) -> str:
    """Which template prints it."""
    found = [kind for kind, attribute in _MARKED_BY.items() if hasattr(derivation, attribute)]
    return found[0] if found else "derivation"


_MARKED_BY = {"differential": "identified", "general": "equations", "result": "kind"}
_VIEWS = {"derivation": lambda d, printer, options: view_of(d, printer, options["named"], options["notation"]),
          "result": lambda d, printer, options: result_view(d, printer, options["notation"]),
          "general": lambda d, printer, options: general_view(d, printer),
          "differential": lambda d, printer, options: differential_view(d, printer)}
_DATA = {"derivation": derivation_data, "result": result_data, "general": general_data,
         "differential": differential_data}
_MAKERS = {"text": _text, "latex": _latex, "article": _article, "html": _html, "markdown": _markdown,
           "notebook": _notebook, "typst": _typst, "beamer": _beamer, "slides": _slides}


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
