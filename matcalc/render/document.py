"""A document of several sections as LaTeX, as a page for the browser, as Markdown.

The bodies of derivations are those of single pages; what they would repeat, the check and
the sources, stands once at the end.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace

from ..errors import fail
from ..expr.elements import alternated, mo, row
from ..lang import Said, language
from ..suggest import closest
from .browser import Browser
from .html import Html, aside, ready
from .lines import Line
from .markdown import Dollars, fences
from .markdown import words as bracketed
from .markup import markup_width
from .options import completed, formula_notation
from .parts import (
    Code,
    Document,
    Equations,
    Figure,
    Formula,
    Listing,
    Number,
    Paragraph,
    Shown,
    Table,
)
from .printer import Paper, lines
from .render import body, dense, tidy
from .rule_steps import Reference
from .templating import filled
from .tex import Tex, escape

FORMATS = ("latex", "html", "markdown")
OPTIONS = ("gradient", "transpose", "hadamard", "bold", "lang", "flavour", "templates")
FIGURES = "figure-{}.{}"
TOGETHER = 22  # what a browser does not break in a sentence, as `markup_width` counts


@dataclass(frozen=True)
class Made:
    """A document: its text, and the files of its pictures that belong beside it."""

    text: str
    files: dict[str, bytes] = field(default_factory=dict)


def made(document: Document, format: str, stem: str = "", **options) -> Made:
    """A document in one of the FORMATS.

    stem      what the names of its pictures' files begin with
    options   of OPTIONS, for all of it

    Raises MatcalcError: M501 (unknown format), M503, M520 (options), and those of templates.
    """
    if format not in FORMATS:
        raise fail("M501", f"notes are not written as `{format}`", facts=(f"the formats are {', '.join(FORMATS)}",),
                   help=closest(format, FORMATS) or f"use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    for name in options:
        if name not in OPTIONS:
            raise fail("M503", f"there is no option `{name}` for notes",
                       help=closest(name, OPTIONS) or f"the options are {', '.join(OPTIONS)}")
    return {"latex": _latex, "html": _html, "markdown": _markdown}[format](document, completed(options), stem)


def _latex(document: Document, options: dict, stem: str) -> Made:
    view = _View(document, Paper(formula_notation(options)), options, "tex", stem)
    text = filled("notes.tex.j2", options["templates"], language(options["lang"]), notes=view, picture="", fit=Tex(r"\begin{mcfit}"), endfit=Tex(r"\end{mcfit}"))
    return Made(tidy(text), view.files)


def _html(document: Document, options: dict, stem: str) -> Made:
    view = _View(document, Browser(formula_notation(options)), options, "html", stem)
    text = filled("notes.html.j2", options["templates"], language(options["lang"]), notes=view, title=document.title, lines=lines, aside=aside,
                  lower=_lower)
    return Made(dense(text), {})


def _markdown(document: Document, options: dict, stem: str) -> Made:
    printer = Dollars(formula_notation(options), options["flavour"])
    view = _View(document, printer, options, "md", stem)
    begin, end = fences(options["flavour"])
    text = filled("notes.md.j2", options["templates"], language(options["lang"]), notes=view, begin=begin, end=end, words=bracketed,
                  maths=printer.maths, raw=Tex, lower=_lower_markdown)
    return Made(tidy(text), view.files)


def _lower(html: str) -> Html:
    """The headings of a body, two levels further down."""
    return Html(re.sub(r"(</?h)([23])\b", lambda m: f"{m[1]}{int(m[2]) + 1}", html))


def _lower_markdown(text: str) -> Tex:
    return Tex(re.sub(r"^##(?= )", "###", text, flags=re.MULTILINE))


# ---------------------------------------------------------------- the view

@dataclass(frozen=True)
class Item:
    """A part, printed: its kind, and what the kind has.

    kind   body, equations, table, paragraph, listing or figure
    """

    kind: str
    template: str = ""
    view: object = None
    lines: tuple = ()
    heads: tuple = ()
    align: str = ""
    text: str = ""
    number: int = 0
    source: str = ""
    is_themed: bool = True


@dataclass(frozen=True)
class PrintedChapter:
    number: int
    title: str
    items: tuple[Item, ...]


class _View:
    """A document, printed for one format.

    ending     of the templates: "tex", "html", "md"
    files      pictures that do not stand in the text itself
    """

    def __init__(self, document: Document, printer, options: dict, ending: str, stem: str):
        self._printer = printer.speaking(language(options["lang"]))
        self.title, self.author = document.title, document.author
        self.check = " ".join(map(printer.plain, document.check))
        self._options, self._ending = options, ending
        self._stem = re.sub(r"[^A-Za-z0-9]+", "-", stem)  # TeX and Markdown have signs of their own
        self._numbers: dict = {}
        self._figures = 0
        self.files: dict[str, bytes] = {}
        self.chapters = tuple(PrintedChapter(n, c.title, tuple(map(self._item, c.parts)))
                              for n, c in enumerate(document.chapters, 1))
        self.sources = tuple(Reference(n, self._printer.plain(source.full)) for source, n in self._numbers.items())
        self.has_tikz = any(i.kind == "figure" and i.text for c in self.chapters for i in c.items)

    def _item(self, part) -> Item:
        return _ITEMS[type(part)](self, part)

    def _shown(self, part: Shown) -> Item:
        with part.place():
            name, view = body(part.thing, self._printer, {**self._options, **part.options}, self._numbers)
        if name != "answer":
            view = replace(view, check="", **({"sources": ()} if hasattr(view, "sources") else {}))
        return Item("body", template=f"{name}.{self._ending}.j2", view=view)

    def _equations(self, part: Equations) -> Item:
        printer = self._printer
        heads = [printer.formula(r.lhs) for r in part.rows if r.lhs is not None]
        kind = type(printer.times)
        return Item("equations", lines=tuple(
            Line(kind("") if r.lhs is None else printer.formula(r.lhs), printer.broken(r.rhs, heads), printer.plain(r.note))
            for r in part.rows))

    def _table(self, part: Table) -> Item:
        columns = zip(*part.rows, strict=True)
        align = "".join("r" if all(map(_is_number, column)) else "l" for column in columns)
        return Item("table", heads=tuple(self._said(h) for h in part.heads), align=align,
                    lines=tuple(tuple(self._said(cell, displayed=True) for cell in row) for row in part.rows))

    def _paragraph(self, part: Paragraph) -> Item:
        return Item("paragraph", text=self._said(part.sentence))

    def _listing(self, part: Listing) -> Item:
        if self._ending != "tex":
            return Item("listing", text=part.text)
        rows = (_typed(line).replace(" ", "~") for line in part.text.rstrip("\n").split("\n"))
        return Item("listing", lines=tuple(Tex(line or "~") for line in rows))

    def _figure(self, part: Figure) -> Item:
        self._figures += 1
        source = ""
        if self._ending == "html":
            text = Html(part.draw("svg", self._options["lang"])) if part.is_drawn else ""
            source = "" if part.is_drawn else _data_address(part.draw("svg", self._options["lang"]))
        elif self._ending == "tex" and part.is_drawn:
            text = Tex(part.draw("tex", self._options["lang"]))
        else:
            text, form = "", "svg" if self._ending == "md" else "pdf"
            source = self._stem + FIGURES.format(self._figures, form)
            drawn = part.draw(form, self._options["lang"])
            self.files[source] = drawn.encode() if isinstance(drawn, str) else drawn
        caption = self._said(part.caption) if part.caption else ""
        return Item("figure", text=text, source=source, number=self._figures, is_themed=part.is_drawn, view=caption)

    def _said(self, sentence, displayed: bool = False) -> str:
        """A sentence; displayed: its formulas in the style of a display."""
        return self._printer.together([self._piece(p, displayed) for p in self._pieces(sentence)])

    def _pieces(self, sentence) -> list:
        parts = (sentence,) if isinstance(sentence, Said) else sentence
        return [p for part in parts for p in (self._printer.language.pieces(part) if isinstance(part, Said) else [part])]

    def _piece(self, piece, displayed: bool) -> str:
        printer = self._printer
        if isinstance(piece, str):
            return printer.words(piece)
        if isinstance(piece, Code):
            return _CODE[self._ending](piece.text)
        if isinstance(piece, Number):
            return printer.words(piece.plain) if self._ending == "html" else printer.maths(piece.tex)
        sides, signs = (piece.sides, piece.signs) if isinstance(piece, Formula) else ((piece,), ())
        return self._joined([printer.inline(s) if not displayed else printer.formula(s) for s in sides], signs, displayed)

    def _joined(self, sides: list[str], signs: tuple[str, ...], displayed: bool) -> str:
        if self._ending != "html":
            style = r"\displaystyle " if displayed and self._ending == "tex" else ""
            joined = sides[0] + "".join(f" {_SIGNS[sign]} {side}" for sign, side in zip(signs, sides[1:], strict=True))
            return self._printer.maths(Tex(style + joined))
        together = row(*alternated(sides, [mo(_SIGNS_MATHML[sign]) for sign in signs]))
        if displayed or markup_width(together) <= TOGETHER and "\n" not in together:
            return self._printer.maths(Html(together))
        out = [f"<math>{line}</math>" for line in lines(sides[0])]
        for sign, side in zip(signs, sides[1:], strict=True):
            first, *more = lines(side)
            out.append(f'<math><mrow><mo form="infix">{_SIGNS_MATHML[sign]}</mo>{first}</mrow></math>')
            out += [f"<math>{line}</math>" for line in more]
        return Html(" ".join(out))


_ITEMS = {Shown: _View._shown, Equations: _View._equations, Table: _View._table, Paragraph: _View._paragraph,
          Listing: _View._listing, Figure: _View._figure}
_CODE = {"tex": lambda text: Tex(rf"\texttt{{{_typed(text)}}}"), "html": lambda text: Html(f"<code>{ready(text)}</code>"),
         "md": lambda text: Tex(f"`{text}`")}
_SIGNS = {"=": "=", "<-": r"\leftarrow", "->": r"\rightarrow", "x": r"\times"}
_SIGNS_MATHML = {"=": "=", "<-": "←", "->": "→", "x": "×"}


def _typed(text: str) -> str:
    """Text in a typewriter font, whose two dashes do not run together."""
    return escape(text).replace("-", "-{}")


def _is_number(cell) -> bool:
    return all(isinstance(p, Number) for p in cell)


def _data_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
