"""The view of a deck: its frames, and the step at which each thing appears.

Both decks (Beamer, HTML) are laid out from it, so that they have the same steps.
What goes on frames is named by `deck_parts`, for every kind of view.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

from ..lang import said
from .deck_parts import Part, parts_of
from .lines import Line
from .printer import lines
from .view import GradientView

PACES = ("coarse", "normal", "fine")
ROOM = 8.0   # lines of a frame
TALL = 1.7   # lines that a quotient takes
ROW = 1.2    # lines that a row of a matrix takes
SMALL = 0.7  # lines that a line of words takes
INLINE = 0.85  # lines that a line with a small quotient takes
LETTERS = 55  # of a line of words
MOST = 4     # lines of a closed form beside a named one: more would be shrunk until nobody can read them
WIDE = 1.6   # times a line of the frame: so wide may one of them be


TOO_LONG = said("the closed form is too long for a slide; this named form is the same")


@dataclass(frozen=True)
class Shown:
    """A line of a frame, the step from which it is there, and, of an equation, those
    from which the lines of its right side are."""

    item: object
    since: int
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Frame:
    """One slide.

    kind    how it is laid out: "title", "variables", "equations", "rules",
            "sentences", "commands", "picture", whose only line is markup, or "gradient",
            whose only line is a `Reveal`
    steps   how many steps it has
    intro   what stands above the lines from the first step on
    """

    kind: str
    title: str
    lines: tuple[Shown, ...]
    steps: int
    intro: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reveal:
    """A gradient and the steps at which its parts appear.

    factors, values   of its chain product, arranged as in `gradient.rows`
    named, closed     of the lines of these forms
    note              of its note: the last step
    """

    gradient: GradientView
    factors: tuple[tuple[int, ...], ...]
    values: tuple[tuple[int, ...], ...]
    named: tuple[int, ...]
    closed: tuple[int, ...]
    note: int


@dataclass(frozen=True)
class Deck:
    """heading: what it is about."""

    heading: str
    frames: tuple[Frame, ...]


def deck_of(view, printer, pace: str = "normal", picture: Frame | None = None) -> Deck:
    """The frames of a view of any kind; a picture stands behind the title.

    pace   "coarse": line by line; "normal": of a chain product first the factors
           one by one, then their values one by one; "fine": also the two sides of
           an equation, and the lines of a long formula
    """
    frames = [Frame("title", view.heading, (), 1), *filter(None, [picture])]
    for part in parts_of(view, printer):
        if part.kind == "gradients":
            frames += [_gradient_frame(g, printer, pace) for g in part.items]
        else:
            frames += _frames(part, printer, pace)
    return Deck(view.heading, tuple(frames))


# ---------------------------------------------------------------- lists

def _frames(part: Part, printer, pace: str) -> list[Frame]:
    """The items line by line, on as many frames as they need."""
    pages: list[list] = []
    used = ROOM
    above = sum(_words_height(s, printer) for s in part.intro)
    for items in _together(part.items):
        height = sum(_HEIGHTS[part.kind](item, printer) for item in items)
        if used + height > ROOM:
            pages.append([])
            used = above
        pages[-1] += items
        used += height
    titles = [part.title, *(type(part.title)(f"{part.title} ({i})") for i in range(2, len(pages) + 1))]
    return [_frame(part, title, page, pace) for title, page in zip(titles, pages, strict=False)]


def _together(items: tuple) -> list[list]:
    """The items; with a line stand those that are below it."""
    groups: list[list] = []
    for item in items:
        if isinstance(item, Line) and item.is_below:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _frame(part: Part, title: str, items: list, pace: str) -> Frame:
    if part.is_static:
        return Frame(part.kind, title, tuple(Shown(item, 1) for item in items), 1, part.intro)
    counts = [_steps(item, pace) for item in items]
    firsts = [last - n + 1 for last, n in zip(accumulate(counts), counts)]
    shown = tuple(_shown(item, first, n) for item, first, n in zip(items, firsts, counts, strict=True))
    return Frame(part.kind, title, shown, sum(counts), part.intro)


def _steps(item, pace: str) -> int:
    """How many steps an item takes: one; of an equation, where steps are fine, one for its
    left side and one for each line of the right one."""
    is_cut = pace == "fine" and isinstance(item, Line)
    return bool(item.lhs) + len(lines(item.rhs)) if is_cut else 1


def _shown(item, first: int, count: int) -> Shown:
    if not isinstance(item, Line):
        return Shown(item, first)
    rows = len(lines(item.rhs))
    return Shown(item, first, (first,) * rows if count == 1 else tuple(range(first + count - rows, first + count)))


def _line_height(line: Line, printer) -> float:
    return sum(max(TALL if printer.is_tall(part) else 1, ROW * printer.rows(part))
               for part in f"{line.lhs}{line.rhs}".split("\n"))


def _words_height(sentence, printer) -> float:
    return SMALL * (2 + printer.wide(sentence) // LETTERS)


def _rule_height(step, printer) -> float:
    return SMALL * (2.5 + (len(step.title) + printer.wide(step.target) + printer.wide(step.after)) // LETTERS)


_HEIGHTS = {"variables": lambda row, printer: 1, "equations": _line_height, "rules": _rule_height,
            "sentences": _words_height, "commands": lambda command, printer: INLINE if printer.is_tall(command.text) else SMALL}


# ---------------------------------------------------------------- gradients

def _gradient_frame(g: GradientView, printer, pace: str) -> Frame:
    lines = g.closed.split("\n")
    if g.named and (len(lines) > MOST or max(map(printer.wide, lines)) > WIDE * printer.line):
        g = replace(g, closed="", note=g.note or printer.plain(TOO_LONG))
    title = printer.said(said("Gradient with respect to {variable}", variable=printer.maths(g.symbol)))
    events = _events(g, pace)
    step = {part: i for i, together in enumerate(events, 1) for part in together}

    def at(kind: str) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(step.get((kind, i, j), 1) for j in range(len(row))) for i, row in enumerate(g.rows))

    def of(name: str) -> tuple[int, ...]:
        return tuple(step[part] for part in _form(g, name))

    reveal = Reveal(g, at("factor"), at("value"), of("named"), of("closed"), len(events))
    return Frame("gradient", title, (Shown(reveal, 1),), len(events))


def _events(g: GradientView, pace: str) -> list[list[tuple]]:
    """What appears together, in the order in which it appears."""
    factors = [[("factor", i, j) for j in range(len(row))] for i, row in enumerate(g.rows)]
    values = [[("value", i, j) for j, f in enumerate(row) if f.is_braced] for i, row in enumerate(g.rows)]
    forms = [form for name in ("named", "closed") if (form := _form(g, name))]
    if pace == "coarse":
        return [f + v for f, v in zip(factors, values, strict=True)] + forms
    chain = [[part] for rows in (factors, values) for row in rows for part in row]
    return chain + (forms if pace == "normal" else [[line] for form in forms for line in form])


def _form(g: GradientView, name: str) -> list[tuple]:
    """The lines of the named or the closed form."""
    formula = getattr(g, name)
    return [(name, k) for k in range(len(lines(formula)))] if formula else []
