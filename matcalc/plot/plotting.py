"""One call from a source to a picture."""

from __future__ import annotations

import os
from pathlib import Path

from ..api import read
from ..errors import fail
from ..lang import Language, language
from ..suggest import closest

GRAPHS, CURVES = ("graph", "layers"), ("differences", "norms", "descent")
KINDS = (*GRAPHS, *CURVES)
FORMATS = ("svg", "pdf", "png", "tex")
OPTIONS = {  # the options of each kind
    "graph": ("at", "wrt", "below", "operations"), "layers": ("operations",),
    "differences": ("at", "wrt", "seed"), "norms": ("depth", "width", "seed"),
    "descent": ("at", "wrt", "rates", "steps", "seed"),
}
BELOW = ("partials", "gradients")


def plot(kind: str, source, output=None, *, format: str | None = None, shapes=None, assume=None,
         lang: str = "en", **options) -> str | bytes:
    """A picture of a model: text for "svg" and "tex", bytes for "pdf" and "png".

    kind     "graph"        the computational graph, values above, derivatives below the edges
             "layers"       the layers with the shapes of what flows between them
             "differences"  error of finite differences against the step size h
             "norms"        norm of the gradient in every layer; the source may be names of
                            activations, "sigmoid, tanh, relu:2" (weights twice as large)
             "descent"      loss against steps for learning rates too low, right, too high
    output   a file to write; its ending is the format
    at       {"x1": 1, "x2": 3}: values of all variables; default: a random point (no numbers in a graph)
    wrt      variables to differentiate with respect to, or to move
    below    of a graph: "partials" or "gradients"; default: partials between scalars
    operations  a box for every operation; default: only where the source is one formula
    rates, steps, depth, width, seed   of the curves
    lang     "en" or "de": the language of its words

    pdf, png and the curves need matplotlib: pip install "matcalc-derivations[plot]".

    Raises MatcalcError: M520 (language), M530 (no matplotlib) to M536, and those of reading and deriving.
    """
    if kind not in KINDS:
        raise fail("M532", f"there is no picture `{kind}`", facts=(f"there are {', '.join(KINDS)}",),
                   help=closest(str(kind), KINDS))
    form = _format(kind, output, format)
    unknown = [name for name in options if name not in OPTIONS[kind]]
    if unknown:
        raise fail("M533", f"a picture `{kind}` has no option `{unknown[0]}`",
                   help=f"it has {', '.join(OPTIONS[kind])}")
    options = {name: value for name, value in options.items() if value is not None}
    made = (_graph if kind in GRAPHS else _curves)(kind, source, form, {"shapes": shapes, "assume": assume}, _language(lang),
                                                     options)
    if output is not None:
        _write(made, output)
    return made


def _format(kind: str, output, format: str | None) -> str:
    form = format or (Path(os.fspath(output)).suffix[1:].lower() if output is not None else "svg")
    known = FORMATS if kind in GRAPHS else FORMATS[:3]
    if form not in known:
        what = "TikZ is written for graph and layers only" if form == "tex" else f"no picture can be written as `{form}`"
        raise fail("M531", what, help=f"end the name of the file in {', '.join('.' + f for f in known[:-1])} or .{known[-1]}")
    return form


def _language(code: str) -> Language:
    """Raises MatcalcError (M520)."""
    from ..render.options import completed
    return language(completed({"lang": code})["lang"])


def _graph(kind: str, source, form: str, reading: dict, spoken: Language, options: dict) -> str | bytes:
    from ..render.diagram.drawing import drawn
    from ..render.diagram.expand import expanded
    from ..render.diagram.graph import layer_diagram
    below = options.get("below")
    if below not in (None, *BELOW):
        raise fail("M533", f"below the edges there are no `{below}`", help="use partials or gradients")
    model = read(source, **reading)
    operations = options.pop("operations", None)
    if len(model.assignments) == 1 if operations is None else operations:
        model = expanded(model)
    picture = drawn(_computational(model, spoken, **options) if kind == "graph" else layer_diagram(model, spoken))
    if form == "svg":
        from ..render.diagram.svg import svg
        return svg(picture)
    if form == "tex":
        from ..render.diagram.tikz import tikz
        return tikz(picture)
    from .canvas import painted
    return painted(picture, form)


def _computational(model, spoken: Language, at: dict | None = None, wrt=None, below: str | None = None):
    from ..render.diagram.graph import computational_graph, whole_derivation
    names = [n.strip() for n in wrt.split(",")] if isinstance(wrt, str) else wrt
    d = whole_derivation(model, names)
    run = None
    if at is not None:
        from ..numeric.passes import passes
        run = passes(d, at)
    return computational_graph(d, run, below, names, spoken)


def _curves(kind: str, source, form: str, reading: dict, spoken: Language, options: dict) -> str | bytes:
    from . import curves
    from .canvas import saved
    figure = getattr(curves, kind)(source, reading, spoken.plain, **options)
    return saved(figure, form)


def _write(made: str | bytes, output) -> None:
    try:
        Path(output).write_bytes(made.encode() if isinstance(made, str) else made)
    except (OSError, ValueError):
        raise fail("M504", f"`{output}` cannot be written",
                   help="name a file in a folder that exists and may be written to") from None
