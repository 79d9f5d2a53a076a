"""All that knows matplotlib: figures, files with the same bytes each time, drawn pictures."""

from __future__ import annotations

import io

from ..errors import fail
from ..render.diagram.picture import ROLES, SIZE, Box, Line, Picture, Text

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#666666", "#56B4E9")
_METADATA = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
             "png": {"Software": None}}
_STYLE = {"svg.hashsalt": "matcalc", "svg.fonttype": "none", "font.family": ["STIXGeneral", "DejaVu Sans"],
          "font.size": 12, "mathtext.fontset": "stix", "axes.spines.top": False, "axes.spines.right": False}


def figure(width: float = 6.4, height: float = 4.2):
    """An empty figure, in inches, without a window. Raises MatcalcError (M530)."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise fail("M530", "matplotlib is not installed", facts=("curves, PDF and PNG are drawn with it",),
                   help='pip install "matcalc-derivations[plot]"; '
                        "graph and layers need nothing as .svg or .tex") from None
    return Figure(figsize=(width, height))


def axes(title: str, across: str, up: str):
    """The axes of a new figure with curves."""
    from matplotlib import rc_context
    made = figure()
    with rc_context(_STYLE):
        out = made.add_subplot()
        out.set(title=title, xlabel=across, ylabel=up)
        out.grid(True, color="#dddddd", linewidth=0.6)
    return out


def saved(figure, form: str) -> bytes | str:
    """The file of a figure: text for SVG, bytes else; no dates in it."""
    from matplotlib import rc_context
    out = io.BytesIO()
    with rc_context(_STYLE):
        figure.savefig(out, format=form, metadata=_METADATA[form], bbox_inches="tight", dpi=160)
    return out.getvalue().decode() if form == "svg" else out.getvalue()


def painted(picture: Picture, form: str) -> bytes | str:
    """A picture drawn with matplotlib."""
    made = figure(picture.width / 96, picture.height / 96)
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
    from matplotlib.path import Path
    area = made.add_axes((0, 0, 1, 1))
    area.set(xlim=(0, picture.width), ylim=(picture.height, 0))
    area.set_axis_off()
    ink = {role: pair[0] for role, pair in ROLES.items()}
    for s in picture.shapes:
        if isinstance(s, Text):
            area.text(s.x, s.y, s.label.plain, color=ink[s.role], fontsize=0.6 * SIZE, va="center",
                      ha="left" if s.anchor == "start" else "center", family=["DejaVu Serif", "DejaVu Sans"],
                      parse_math=False)
        elif isinstance(s, Box):
            area.add_patch(FancyBboxPatch(
                (s.x - s.width / 2 + 4, s.y - s.height / 2 + 4), s.width - 8, s.height - 8, boxstyle="round,pad=4",
                facecolor=ink["box"], edgecolor=ink["line"], linewidth=0.8))
        elif isinstance(s, Line):
            area.add_patch(FancyArrowPatch(path=Path(*_path(s, Path)), arrowstyle="-|>", mutation_scale=9,
                                           color=ink["line"], linewidth=0.8, shrinkA=0, shrinkB=0, fill=False))
    return saved(made, form)


def _path(line: Line, path) -> tuple[list, list]:
    points, codes = [line.points[0]], [path.MOVETO]
    for x, y in line.points[1:]:
        px, py = points[-1]
        if line.is_curved and py != y:
            points += [((px + x) / 2, py), ((px + x) / 2, y), (x, y)]
            codes += [path.CURVE4] * 3
        else:
            points.append((x, y))
            codes.append(path.LINETO)
    return points, codes
