"""What a deck shows of a view, part by part: for every kind of view there is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..lang import said
from .differential import DifferentialView
from .general import GeneralView
from .lines import Line
from .result_view import ResultView
from .view import View


@dataclass(frozen=True)
class Part:
    """Items that go on frames of their own.

    kind        what the items are: see `deck.Frame`, or "gradients", a frame each
    intro       sentences that stand above the items
    is_static   whether everything is there at once
    """

    kind: str
    title: str
    items: tuple
    intro: tuple[str, ...] = ()
    is_static: bool = False


def parts_of(view, printer) -> tuple[Part, ...]:
    """The parts of a view that have anything to show, in the order of the lecture."""
    return tuple(replace(part, title=printer.plain(part.title)) for part in _PARTS[type(view)](view, printer) if part.items)


def _derivation(view: View, printer) -> list[Part]:
    return [_variables(view),
            Part("equations", said("Forward pass"), view.forward),
            Part("rules", said("Steps"), view.steps),
            Part("equations", said("Backward pass"), view.backward),
            Part("gradients", said("Gradients"), view.gradients),
            *_ending(view)]


def _result(view: ResultView, printer) -> list[Part]:
    shape = printer.plain(said("scalar")) if view.is_scalar else printer.maths(view.shape)
    return [_variables(view),
            Part("equations", said("Function"), (view.function,)),
            Part("equations", said("In named intermediates"), view.named, (view.naming,)),
            Part("rules", said("Steps"), view.steps),
            Part("equations", view.title, (view.function, view.result), (shape, view.convention)),
            *_ending(view)]


def _differential(view: DifferentialView, printer) -> list[Part]:
    return [_variables(view),
            Part("equations", said("Forward"), view.forward),
            Part("rules", said("Steps"), view.steps),
            Part("equations", said("Differentials"), view.differentials),
            Part("equations", said("In the variables"), (view.total,)),
            Part("equations", said("Identified"), view.identified, (printer.said(said("since {convention}", convention=view.convention)),)),
            Part("sentences", said("Notes"), view.notes, is_static=True), _check(view)]


def _general(view: GeneralView, printer) -> list[Part]:
    forward = printer.said(said("for {steps}", steps=printer.maths(view.layers)))
    return [Part("equations", said("Forward pass"), view.forward, (forward,)),
            Part("equations", said("After the last"), view.ending),
            Part("equations", said("Backward pass: at the last"), view.start),
            Part("equations", said("Backward pass"), view.recurrence, (printer.said(said("for {steps}", steps=printer.maths(view.back))),)),
            Part("equations", said("The whole way back"), (view.delta, Line("", view.unrolled.rhs)), (view.meaning,)),
            Part("equations", said("Gradients"), view.gradients, (forward,)),
            Part("commands", said("Algorithm"), view.algorithm),
            _check(view)]


_PARTS = {View: _derivation, ResultView: _result, DifferentialView: _differential, GeneralView: _general}


def _variables(view) -> Part:
    return Part("variables", said("Variables"), view.variables, is_static=True)


def _ending(view) -> list[Part]:
    return [Part("equations", view.indexed.title, view.indexed.lines),
            Part("sentences", said("Assumptions"), (*view.assumptions, *view.notes), is_static=True), _check(view)]


def _check(view) -> Part:
    return Part("sentences", said("Check"), tuple(filter(None, [view.check])), is_static=True)

