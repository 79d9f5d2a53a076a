"""The view of a deck: the frames of a derivation, and the step at which each thing appears.

Both decks (Beamer, HTML) are laid out from it, so that they have the same steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from ..lang import said
from .view import GradientView, View

PACES = ("coarse", "normal", "fine")
ROOM = 8.0   # lines of a frame
TALL = 1.7   # lines that a quotient takes
SMALL = 0.7  # lines that a line of words takes
LETTERS = 55  # of a line of words


@dataclass(frozen=True)
class Shown:
    """A line of a frame, and the step from which it is there."""

    item: object
    since: int


@dataclass(frozen=True)
class Frame:
    """One slide.

    kind    how it is laid out: "title", "variables", "equations", "rules",
            "sentences", or "gradient", whose only line is a `Reveal`
    steps   how many steps it has
    """

    kind: str
    title: str
    lines: tuple[Shown, ...]
    steps: int


@dataclass(frozen=True)
class Reveal:
    """A gradient and the steps at which its parts appear.

    factors, values   of its chain product, arranged as in `gradient.rows`
    """

    gradient: GradientView
    factors: tuple[tuple[int, ...], ...]
    values: tuple[tuple[int, ...], ...]
    named: int
    closed: int


@dataclass(frozen=True)
class Deck:
    """heading: what it is about."""

    heading: str
    frames: tuple[Frame, ...]


def deck_of(view: View, printer, pace: str = "normal") -> Deck:
    """The frames of a derivation's view.

    pace   "coarse": every frame at once; "normal": factor by factor, then the
           values together; "fine": the values one by one too
    """
    def height(line) -> float:
        return sum(TALL if printer.is_tall(part) else 1 for part in f"{line.lhs}{line.rhs}".split("\n"))

    def words(sentence) -> float:
        return SMALL * (2 + printer.wide(sentence) // LETTERS)

    def rule(step) -> float:
        return SMALL * (2.5 + (len(step.title) + printer.wide(step.target) + printer.wide(step.after)) // LETTERS)

    frames = [Frame("title", view.heading, (), 1)]
    frames += _frames("variables", printer.plain(said("Variables")), view.variables, lambda row: 1, "coarse")
    frames += _frames("equations", printer.plain(said("Forward pass")), view.forward, height, pace)
    frames += _frames("rules", printer.plain(said("Steps")), view.steps, rule, pace)
    frames += _frames("equations", printer.plain(said("Backward pass")), view.backward, height, pace)
    frames += [_gradient_frame(g, printer, pace) for g in view.gradients]
    frames += _frames("equations", view.indexed.title, view.indexed.lines, height, pace)
    frames += _frames("sentences", printer.plain(said("Assumptions")), (*view.assumptions, *view.notes), words, "coarse")
    frames += _frames("sentences", printer.plain(said("Check")), tuple(filter(None, [view.check])), words, "coarse")
    return Deck(view.heading, tuple(frames))


def _frames(kind: str, title: str, items: tuple, height, pace: str) -> list[Frame]:
    """The items line by line, on as many frames as they need."""
    pages: list[list] = []
    used = ROOM
    for item in items:
        if used + height(item) > ROOM:
            pages.append([])
            used = 0.0
        pages[-1].append(item)
        used += height(item)
    titles = [title, *(f"{title} ({i})" for i in range(2, len(pages) + 1))]
    return [_frame(kind, name, page, pace) for name, page in zip(titles, pages, strict=False)]


def _frame(kind: str, title: str, items: list, pace: str) -> Frame:
    lines = tuple(Shown(item, 1 if pace == "coarse" else i) for i, item in enumerate(items, 1))
    return Frame(kind, title, lines, lines[-1].since)


def _gradient_frame(g: GradientView, printer, pace: str) -> Frame:
    title = printer.said(said("Gradient with respect to {variable}", variable=printer.maths(g.symbol)))
    step = {part: i for i, together in enumerate(_events(g, pace), 1) for part in together}

    def at(kind: str) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(step[kind, i, j] for j in range(len(row))) for i, row in enumerate(g.rows))

    reveal = Reveal(g, at("factor"), at("value"), step["named"], step["closed"])
    return Frame("gradient", title, (Shown(reveal, 1),), max(step.values()))


def _events(g: GradientView, pace: str) -> list[list]:
    """What appears together, in the order in which it appears."""
    places = {(i, j): f.is_braced for i, row in enumerate(g.rows) for j, f in enumerate(row)}
    values = [[("value", *place)] for place, is_braced in places.items() if is_braced]
    if values and pace == "normal":
        values = [list(chain(*values))]
    forms = [[name] for name in ("named", "closed") if getattr(g, name)]
    events = [*([("factor", *place)] for place in places), *values, *forms]
    absent = [("value", *place) for place, is_braced in places.items() if not is_braced]
    absent += [name for name in ("named", "closed") if not getattr(g, name)]
    events[-1] = events[-1] + absent
    return [list(chain(*events))] if pace == "coarse" else events
