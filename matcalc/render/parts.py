"""What a document of several sections is made of: data that no format knows."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from ..expr.node import Expr
from ..lang import Said


@dataclass(frozen=True)
class Formula:
    """Formulas with signs between them: a = b, w <- w - eta g."""

    sides: tuple[Expr, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """A number as it is to be read, and as TeX writes it in a formula."""

    plain: str
    tex: str


@dataclass(frozen=True)
class Code:
    """What is typed: a command, a name of a file."""

    text: str


Sentence = Said | tuple["str | Said | Expr | Formula | Number | Code", ...]  # a plain string is the user's


@dataclass(frozen=True)
class Shown:
    """A derivation, a result, ... with the options of its rendering.

    place   makes a context that says of an error where it happened
    """

    thing: object
    options: dict
    place: Callable[[], AbstractContextManager] = nullcontext


@dataclass(frozen=True)
class Row:
    """lhs = rhs  (note); without lhs it goes on with the equation above."""

    lhs: Expr | None
    rhs: Expr
    note: Said | str = ""


@dataclass(frozen=True)
class Equations:
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Table:
    heads: tuple[Sentence, ...]
    rows: tuple[tuple[Sentence, ...], ...]


@dataclass(frozen=True)
class Paragraph:
    sentence: Sentence


@dataclass(frozen=True)
class Listing:
    """Text as a terminal shows it."""

    text: str


@dataclass(frozen=True)
class Figure:
    """A picture.

    draw       from "svg", "tex" or "pdf" and the code of a language to the picture's text or bytes
    is_drawn   boxes and arrows: TikZ for LaTeX, and an SVG with colours for dark pages
               too; else a curve on white
    """

    draw: Callable[[str, str], "str | bytes"]
    caption: Sentence = ()
    is_drawn: bool = True


Part = Shown | Equations | Table | Paragraph | Listing | Figure


@dataclass(frozen=True)
class Chapter:
    """A numbered section."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """check: what all formulas were checked with, a sentence each."""

    title: str
    author: str
    chapters: tuple[Chapter, ...]
    check: tuple[Said, ...] = ()
