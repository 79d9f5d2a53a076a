"""From a derivation or a result to text in one of the formats."""

from __future__ import annotations

import json
from dataclasses import replace

from ..errors import fail
from ..suggest import closest
from .answer import answer_view
from .board import chain_lines, rule_lines, source_lines, step_lines
from .breaking import width
from .browser import Browser
from .data import derivation_data, result_data
from .differential import differential_data, differential_view
from .general import general_data, general_view
from .html import aside, lines
from .options import completed, notation
from .printer import Paper, Terminal
from .result_view import result_view
from .rule_steps import rule_steps
from .tex import Tex
from .view import view_of

FORMATS = ("text", "latex", "article", "html", "markdown", "notebook", "typst", "json")
MIN_WIDTH = 40


def render(derivation, format: str = "text", **options) -> str:
    """A derivation, or a result, as text of a format.

    format    "text" (Unicode, for a terminal), "latex" (a fragment for amsmath),
              "article" (a document), "html" (a page that needs no network),
              "markdown", "notebook" (for Jupyter), "typst" (a document), "json"
    options   columns: width of the terminal (text); named: named forms only;
              detail: "answer", "layers" or "rules"; gradient: "partial", "nabla",
              "delta" or "d"; transpose: "top" or "T"; hadamard: "odot" or "circ";
              bold: vectors and matrices in bold type; flavour: "github" or "jupyter"
              (markdown); templates: a folder whose templates replace matcalc's

    Raises MatcalcError: M501 (unknown format), M503 (unknown option), M520 (a value
    that an option cannot have), M502, M521, M522 (templates), M523 (notebook).
    """
    if format not in FORMATS:
        raise fail("M501", f"there is no format `{format}`", facts=(f"the formats are {', '.join(FORMATS)}",),
                   help=closest(format, FORMATS) or "use one of these")
    options = completed(options)
    if format == "json":
        data = _DATA[_kind(derivation)](derivation)
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    return _MAKERS[format](derivation, options)


def _text(derivation, options: dict) -> str:
    columns = max(options["columns"], MIN_WIDTH)
    printer = Terminal(columns, notation(options))
    name, view = _view(derivation, printer, options)
    return tidy(_filled(f"{name}.txt.j2", options, view=view, pad=_padded, chain=lambda g: chain_lines(g, printer),
                        table=lambda steps: step_lines(steps, columns), rules=lambda steps: rule_lines(steps, columns),
                        sources=lambda sources: source_lines(sources, columns)))


def _latex(derivation, options: dict) -> str:
    name, view = _view(derivation, Paper(notation(options)), options)
    return tidy(_filled(f"{name}.tex.j2", options, view=view, fit=Tex(""), endfit=Tex("")))


def _article(derivation, options: dict) -> str:
    name, view = _view(derivation, Paper(notation(options)), options)
    return tidy(_filled("article.tex.j2", options, view=view, body=f"{name}.tex.j2",
                        fit=Tex(r"\begin{mcfit}"), endfit=Tex(r"\end{mcfit}")))


def _html(derivation, options: dict) -> str:
    name, view = _view(derivation, Browser(notation(options)), options)
    title = _view(derivation, Terminal(notation=notation(options)), options)[1].heading
    page = _filled("page.html.j2", options, view=view, title=title, body=f"{name}.html.j2", lines=lines, aside=aside)
    return "\n".join(line for line in page.split("\n") if line.strip()) + "\n"


def _markdown(derivation, options: dict, template: str = "page.md.j2", **more) -> str:
    from .markdown import Dollars, fences, words
    flavour = options["flavour"]
    printer = Dollars(notation(options), flavour)
    name, view = _view(derivation, printer, options)
    begin, end = fences(flavour)
    return tidy(_filled(template, options, view=view, body=f"{name}.md.j2", begin=begin, end=end, words=words,
                        maths=printer.maths, **more))


def _typst(derivation, options: dict) -> str:
    from .typst import Sheet, Typst, quoted, words
    printer = Sheet(notation(options))
    name, view = _view(derivation, printer, options)
    title = _view(derivation, Terminal(notation=notation(options)), options)[1].heading
    return tidy(_filled("page.typ.j2", options, view=view, body=f"{name}.typ.j2", title=Typst(quoted(title)),
                        words=words, maths=printer.maths))


def _notebook(derivation, options: dict) -> str:
    from .notebook import call, notebook
    made = call(derivation, _kind(derivation))
    return notebook(_markdown(derivation, {**options, "flavour": "jupyter"}, "notebook.md.j2", **made))


def _filled(template: str, options: dict, **data) -> str:
    from .templating import filled
    return filled(template, options["templates"], **data)


def _view(derivation, printer, options: dict):
    """The name of the template and the view that goes into it."""
    kind = _kind(derivation)
    if kind == "differential" and printer.notation.gradient == "d":
        printer.notation = replace(printer.notation, gradient="partial")  # dX is a differential there
    if kind == "derivation":
        view = view_of(derivation, printer, options["named"])
    else:
        view = _VIEWS[kind](derivation, printer)
    if options["detail"] == "answer":
        return "answer", answer_view(kind, view)
    if options["detail"] == "rules" and kind != "general":
        trail = derivation.trail if kind == "derivation" else derivation.steps
        rules, sources = rule_steps(trail, derivation.model, printer)
        view = replace(view, steps=(), rules=rules, sources=sources)
    return kind, view


def answers(derivation, printer, options: dict):
    """Nothing but the answers, printed: the lines of an `AnswerView`."""
    return _view(derivation, printer, {**options, "detail": "answer"})[1].answers


def _kind(derivation) -> str:
    """Which template prints it."""
    found = [kind for kind, attribute in _MARKED_BY.items() if hasattr(derivation, attribute)]
    return found[0] if found else "derivation"


_MARKED_BY = {"differential": "identified", "general": "equations", "result": "kind"}
_VIEWS = {"result": result_view, "general": general_view, "differential": differential_view}
_DATA = {"derivation": derivation_data, "result": result_data, "general": general_data,
         "differential": differential_data}
_MAKERS = {"text": _text, "latex": _latex, "article": _article, "html": _html, "markdown": _markdown,
           "notebook": _notebook, "typst": _typst}


def tidy(text: str) -> str:
    """No blanks at line ends, no two empty lines together, one newline at the end."""
    lines = [line.rstrip() for line in text.strip("\n").split("\n")]
    kept = [line for line, before in zip(lines, ["x", *lines]) if line or before]
    return "\n".join(kept) + "\n"


def _padded(text: str, texts) -> str:
    """Text with blanks behind it, as wide as the widest of `texts`."""
    return text + " " * (max(map(width, texts), default=0) - width(text))
