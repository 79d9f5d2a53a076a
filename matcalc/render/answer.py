"""The view of nothing but the answers: the formulas, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from .lines import Line, Section


@dataclass(frozen=True)
class AnswerView:
    heading: str
    answers: tuple[Line, ...]
    assumptions: tuple[str, ...]
    indexed: Section


def answer_view(kind: str, view) -> AnswerView:
    """What is the answer of a view of this kind."""
    answers = {"derivation": lambda: tuple(Line(g.lhs, g.closed or g.named, g.note) for g in view.gradients),
               "result": lambda: (view.result,), "general": lambda: view.gradients,
               "differential": lambda: (view.total, *view.identified)}[kind]()
    return AnswerView(view.heading, answers, getattr(view, "assumptions", ()), getattr(view, "indexed", Section("")))
