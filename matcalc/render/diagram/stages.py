"""A picture that builds up on a slide: values forward, then derivatives backward, edge by edge."""

from __future__ import annotations

from dataclasses import replace

from .picture import Picture, Text


def staged(picture: Picture, pace: str) -> tuple[Picture, int]:
    """The picture with the step from which each label of an edge is there, and how many
    steps there are.

    pace   "coarse": forward, then all that is backward; "normal": backward edge by edge;
           "fine": forward too
    """
    forward, backward = _edges(picture, "forward"), _edges(picture, "backward")[::-1]
    events = [[("forward", e)] for e in forward] if pace == "fine" else []
    start = [] if pace == "fine" else [("forward", e) for e in forward]
    events += [[("backward", e)] for e in backward] if pace != "coarse" else [[("backward", e) for e in backward]]
    events = [start, *filter(None, events)]
    since = {label: step for step, together in enumerate(events, 1) for label in together}
    shapes = [replace(s, since=since.get((s.role, s.edge), 1)) if isinstance(s, Text) else s for s in picture.shapes]
    return replace(picture, shapes=shapes), len(events)


def _edges(picture: Picture, role: str) -> list[int]:
    """The edges that have labels of this role, in the order of the forward pass."""
    return sorted({s.edge for s in picture.shapes if isinstance(s, Text) and s.role == role and s.edge is not None})
