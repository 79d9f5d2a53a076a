"""Where boxes stand: columns by the longest path, rows by the mean of the neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from .graph import END, Edge, Graph

SWEEPS = 4


@dataclass
class Layout:
    """columns   ids from left to right, each column from top to bottom
    y         id -> middle height
    routes    (tail, head) -> ids that an edge passes, both ends included; a long edge
              passes a place of its own in every column between
    """

    columns: list[list[str]] = field(default_factory=list)
    y: dict[str, float] = field(default_factory=dict)
    routes: dict[tuple[str, str], list[str]] = field(default_factory=dict)


def layout(graph: Graph, reach) -> Layout:
    """reach   id -> (height it needs above its middle, below it)"""
    edges = [e for e in graph.edges if _is_trunk(graph, e)]
    level = _levels(graph, edges)
    out = Layout([[] for _ in range(max(level.values()) + 1)])
    for name, column in level.items():
        out.columns[column].append(name)
    for k, e in enumerate(edges):
        between = range(level[e.tail] + 1, level[e.head])
        places = [f"\0{k}\0{c}" for c in between]
        for c, place in zip(between, places):
            out.columns[c].append(place)
        out.routes[(e.tail, e.head)] = [e.tail, *places, e.head]
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for route in out.routes.values():
        for a, b in pairwise(route):
            before.setdefault(b, []).append(a)
            after.setdefault(a, []).append(b)
    _order(out.columns, before, after)
    for column in out.columns:
        _place(out, column, before, reach)
    return out


def is_place(name: str) -> bool:
    """Whether an id is a place that an edge passes, not a box."""
    return name.startswith("\0") and name != END


def _is_trunk(graph: Graph, e: Edge) -> bool:
    return graph.nodes[e.tail].side is None


def _levels(graph: Graph, edges: list[Edge]) -> dict[str, int]:
    """Longest path from the left. An edge between a value used twice and a box with
    several inputs is long, so that it gets a place for its labels."""
    ins: dict[str, list[Edge]] = {}
    outs: dict[str, list[Edge]] = {}
    for e in edges:
        ins.setdefault(e.head, []).append(e)
        outs.setdefault(e.tail, []).append(e)
    level: dict[str, int] = {}
    for name in [n for n, node in graph.nodes.items() if node.side is None] + [END]:
        level[name] = max((level[e.tail] + 1 + (len(ins[name]) > 1 and len(outs[e.tail]) > 1)
                           for e in ins.get(name, ())), default=0)
    for name in level:
        if name not in ins and name in outs:
            level[name] = min(level[e.head] for e in outs[name]) - 1
    lowest = min(level.values())
    return {n: c - lowest for n, c in level.items()}


def _order(columns: list[list[str]], before: dict, after: dict) -> None:
    """Sort every column by the mean place of its neighbours, to and fro."""
    for k in range(SWEEPS):
        forward = k % 2 == 0
        neighbours = before if forward else after
        place: dict[str, float] = {}
        for column in columns if forward else columns[::-1]:
            def mean(name: str, column=column, place=place, neighbours=neighbours) -> float:
                near = [place[n] for n in neighbours.get(name, ()) if n in place]
                return sum(near) / len(near) if near else column.index(name) / len(column)
            keys = {name: mean(name) for name in column}
            column.sort(key=lambda n: (keys[n], is_place(n)))
            place.update({name: (i + 0.5) / len(column) for i, name in enumerate(column)})


def _place(out: Layout, column: list[str], before: dict, reach) -> None:
    """Heights as near to the neighbours' as the boxes allow (isotonic regression)."""
    offset, offsets = 0.0, []
    for i, name in enumerate(column):
        offset += reach(column[i - 1])[1] + reach(name)[0] if i else 0.0
        offsets.append(offset)
    blocks: list[list[float]] = []  # [weight, mean, count]
    for name, shift in zip(column, offsets):
        near = before.get(name, ())
        solid = [n for n in near if not is_place(n)] or near
        wish = sum(out.y[n] for n in solid) / len(solid) if solid else 0.0
        blocks.append([1e-4 if is_place(name) else 1.0, wish - shift, 1])
        while len(blocks) > 1 and blocks[-2][1] > blocks[-1][1]:
            w, m, c = blocks.pop()
            v, n, d = blocks.pop()
            blocks.append([v + w, (v * n + w * m) / (v + w), c + d])
    spread = [mean for _, mean, count in blocks for _ in range(int(count))]
    out.y.update({name: round(s + shift) for name, s, shift in zip(column, spread, offsets)})
