"""A picture as TikZ, with labels set by TeX."""

from __future__ import annotations

from .picture import ROLES, Box, Line, Picture, Text
from .svg import number

_HEAD = r"""% needs \usepackage{graphicx,amsmath,amssymb,tikz}
\begingroup
"""
_TAIL = r"""%
\noindent\ifdim\wd0>\linewidth \resizebox{\linewidth}{!}{\usebox0}\else \usebox0\fi
\endgroup
"""


_BEGIN = r"""\begin{tikzpicture}[x=0.75bp, y=-0.75bp, >=stealth,
    box/.style={draw=mcline, fill=mcbox, rounded corners=3pt}, line/.style={draw=mcline, ->}]"""


def tikz(picture: Picture) -> str:
    """A fragment for \\input, no wider than the line it stands on."""
    return _HEAD + boxed(picture, "0") + _TAIL


def boxed(picture: Picture, box: str) -> str:
    """What puts the picture, in its natural size, into a box register of TeX; what comes
    in later steps of a slide has its room from the first on."""
    colours = "\n".join(rf"\definecolor{{mc{role}}}{{HTML}}{{{pair[0][1:].upper()}}}" for role, pair in ROLES.items())
    area = rf"\path[use as bounding box] (0,0) rectangle {_point(picture.width, picture.height)};"
    body = "\n".join(_WRITERS[type(s)](s) for s in picture.shapes)
    return f"{colours}\n\\sbox{box}{{{_BEGIN}\n{area}\n{body}\n\\end{{tikzpicture}}}}"


def _point(x: float, y: float) -> str:
    return f"({number(x)},{number(y)})"


def _label(t: Text) -> str:
    anchor = "west" if t.anchor == "start" else "center"
    node = rf"\node[mc{t.role}, anchor={anchor}, inner sep=0pt] at {_point(t.x, t.y)} {{{t.label.tex}}};"
    return rf"\uncover<{t.since}->{{{node}}}" if t.since > 1 else node


def _box(b: Box) -> str:
    return (rf"\draw[box] {_point(b.x - b.width / 2, b.y - b.height / 2)} rectangle "
            rf"{_point(b.x + b.width / 2, b.y + b.height / 2)};")


def _line(line: Line) -> str:
    out, last = [_point(*line.points[0])], line.points[0]
    for x, y in line.points[1:]:
        if line.is_curved and last[1] != y:
            middle = (last[0] + x) / 2
            out.append(f".. controls {_point(middle, last[1])} and {_point(middle, y)} .. {_point(x, y)}")
        else:
            out.append(f"-- {_point(x, y)}")
        last = (x, y)
    return rf"\draw[line] {' '.join(out)};"


_WRITERS = {Text: _label, Box: _box, Line: _line}
