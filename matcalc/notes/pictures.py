"""Items that are pictures."""

from __future__ import annotations

from ..plot import plot
from ..plot.plotting import GRAPHS
from ..render.parts import Figure, Part
from .job import Job


def picture(kind: str):
    """An item that shows a picture of this kind."""
    def make(job: Job) -> tuple[Part, ...]:
        source = job.source if kind == "norms" and _are_names(job.source) else job.model

        def draw(form: str, lang: str = "en"):
            with job.place.said():
                return plot(kind, source, format=form, lang=lang, **job.options)
        return (Figure(draw, (), kind in GRAPHS),)
    return make


def _are_names(source: str) -> bool:
    """Whether the source names activations: "sigmoid, relu:2"."""
    return not set(source) & set("=;\n*")
