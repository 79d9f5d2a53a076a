"""The picture on a page: which one it is, whether it fits, how a format writes it."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import fail
from ..lang import Language, Said, language, said
from .diagram.drawing import drawn
from .diagram.expand import expanded
from .diagram.graph import computational_graph, layer_diagram, whole_derivation
from .diagram.picture import Picture

PICTURES = ("auto", "none", "graph", "layers")
_TITLES = {"graph": said("Computational graph"), "layers": said("Layers")}
ROOM = {"article": 1050, "beamer": 1200, "slides": 1250, "html": 1330, "notebook": 1330, "typst": 1050}  # letters can be read
SHRUNK = 1.75  # how much wider than that a picture may be that is asked for, where it does not scroll
SCROLLS = ("html", "notebook")
LAYERED = 3  # assignments of a model that has layers to show


@dataclass(frozen=True)
class Chosen:
    """which: "graph" or "layers"."""

    which: str
    picture: Picture

    @property
    def title(self) -> Said:
        return _TITLES[self.which]


def chosen_picture(result, kind: str, format: str, options: dict) -> Chosen | None:
    """The picture that the options ask for, or None where there is none to show.

    With "auto" a model with several layers has its layer diagram, where that fits.

    Raises MatcalcError: M538 (no picture in this format, or of this result), M539 (too
    large for a page).
    """
    wish = options["picture"]
    if wish == "none" or wish == "auto" and not _is_layered(result, kind, format, options):
        return None
    which = "layers" if wish == "auto" else wish
    _refuse_impossible(result, kind, format, which)
    picture = drawn(_graph(result, kind, which, language(options["lang"])))
    if wish == "auto":
        return Chosen(which, picture) if picture.width <= ROOM[format] else None
    if format not in SCROLLS and picture.width > SHRUNK * ROOM[format]:
        raise fail("M539", f"this picture is too large for a page of the format {format}",
                   help="use the format html, where it scrolls, or draw it by itself with matcalc plot")
    return Chosen(which, picture)


def _is_layered(result, kind: str, format: str, options: dict) -> bool:
    return (format in ROOM and kind != "general" and options["detail"] != "answer"
            and len(result.model.assignments) >= LAYERED)


def _refuse_impossible(result, kind: str, format: str, which: str) -> None:
    """Raises MatcalcError (M538)."""
    if format not in ROOM:
        raise fail("M538", f"the format {format} shows no pictures", facts=(f"{', '.join(ROOM)} do",),
                   help="draw the picture by itself with matcalc plot")
    if kind == "general":
        raise fail("M538", "a network of any depth has no picture",
                   help="leave it out, or derive a network with a number of layers")
    output = result.model.output
    if which == "graph" and not output.expr.is_scalar:
        raise fail("M538", f"a computational graph shows gradients, and {output.name} is not a scalar",
                   help="use the picture layers")


def _graph(result, kind: str, which: str, language: Language):
    model = result.model if len(result.model.assignments) > 1 else expanded(result.model)
    if which == "layers":
        return layer_diagram(model, language)
    wrt = [g.name for g in result if g.name in model.variables] if kind == "derivation" else None
    return computational_graph(whole_derivation(model, wrt), language=language)
