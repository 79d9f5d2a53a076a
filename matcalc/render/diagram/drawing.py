"""A graph drawn: boxes where the layout puts them, edges with their labels."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from .graph import END, Edge, Graph, described
from .layout import Layout, is_place, layout
from .picture import Box, Label, Line, Picture, Text

MARGIN, PAD, BEND = 16, 14, 40
LINE = 21          # from line to line
AWAY = 62          # from the edge of a box to the middle of a parameter
LABEL = 13         # from an edge to the middle of its label


def drawn(graph: Graph) -> Picture:
    """The picture of a graph."""
    return _Drawing(graph).picture()


class _Drawing:
    def __init__(self, graph: Graph):
        self.graph = graph
        self.edges = {(e.tail, e.head): e for e in graph.edges}
        self.number = {key: k for k, key in enumerate(self.edges)}
        self.beside: dict[tuple[str, str], list[Edge]] = {}
        for e in graph.edges:
            side = graph.nodes[e.tail].side
            if side:
                self.beside.setdefault((e.head, side), []).append(e)
        self.layout: Layout = layout(graph, self.reach)
        self.lanes = {key: self._lane(key) for key in self.layout.routes}
        self.x: dict[str, float] = {}
        self.column: dict[str, int] = {}
        self.bends: dict[int, tuple[float, float]] = {}

    def size(self, name: str) -> tuple[float, float]:
        """Width and height of a box, without what stands beside it."""
        if name == END or is_place(name):
            return (self._passing(name) if is_place(name) else 0.0), 0.0
        node = self.graph.nodes[name]
        wide, high = max(x.width for x in node.lines), LINE * len(node.lines)
        for side in ("above", "below"):
            cells = self._cells(name, side)
            wide = max([wide, *(2 * abs(shift) for _, shift in cells)])
        return (wide + 2 * PAD, high + PAD) if node.is_box else (wide + 8, high)

    def half(self, name: str) -> float:
        """Half the width; an edge passes a column as level as the widest box there."""
        names = next(c for c in self.layout.columns if name in c) if is_place(name) else [name]
        return max(self.size(n)[0] for n in names) / 2

    def _passing(self, place: str) -> float:
        """A long edge has its labels at its first place."""
        key = next(k for k, route in self.layout.routes.items() if place in route)
        return _width(self.edges[key]) + PAD if self.layout.routes[key][1] == place else 0.0

    def reach(self, name: str) -> tuple[float, float]:
        """Heights above and below the middle, labels and parameters included."""
        half = self.size(name)[1] / 2 if not is_place(name) else 0
        up = half + AWAY + LINE if (name, "above") in self.beside else half + 8
        down = half + AWAY + LINE if (name, "below") in self.beside else half + 8
        return max(up, 28), max(down, 52)

    def span(self, name: str) -> tuple[float, float]:
        """Widths left and right of the middle."""
        half = self.size(name)[0] / 2
        left = right = half
        for side in ("above", "below"):
            cells = self._cells(name, side)
            if cells:
                left = max(left, -cells[0][1] + self.size(cells[0][0].tail)[0] / 2)
                right = max(right, cells[-1][1] + self._cell(cells[-1][0])[1])
        return left, right

    def _cell(self, e: Edge) -> tuple[float, float]:
        """Widths left and right of a parameter's middle; its label stands right of its edge."""
        half = self.size(e.tail)[0] / 2
        return half, max(half, _width(e) + 12)

    def _cells(self, name: str, side: str) -> list[tuple[Edge, float]]:
        """The parameters beside a box with their distances from its middle."""
        edges = self.beside.get((name, side), [])
        places, x = [], 0.0
        for k, e in enumerate(edges):
            x += self._cell(edges[k - 1])[1] + self._cell(e)[0] + 6 if k else 0.0
            places.append(x)
        return [(e, p - x / 2) for e, p in zip(edges, places)]

    def _lane(self, key: tuple[str, str]) -> float:
        """The height at which an edge carries its labels."""
        route, y = self.layout.routes[key], self.layout.y
        if len(route) > 2:
            return y[route[1]]
        fans_out = sum(k[0] == key[0] for k in self.layout.routes) > 1
        return y[key[1] if fans_out else key[0]]

    def picture(self) -> Picture:
        self._columns()
        out = Picture(self.graph.title, described(self.graph))
        for key, route in self.layout.routes.items():
            self._edge(out, key, route)
        for name in self.x:
            if name != END and not is_place(name):
                self._node(out, name, self.x[name], self.layout.y[name])
                self._parameters(out, name)
        return _framed(out, self.graph.notes)

    def _columns(self) -> None:
        """Middles of the columns, with room between them for labels and bends."""
        x = 0.0
        for c, column in enumerate(self.layout.columns):
            if c:
                last = self.layout.columns[c - 1]
                bends = self.bends[c] = self._bends(column)
                gap = (max(self.size(n)[0] for n in last) + max(self.size(n)[0] for n in column)) / 2 + 2 * PAD
                room = max(self.span(n)[1] for n in last) + max(self.span(n)[0] for n in column) + PAD
                for key, route in self.layout.routes.items():
                    for a, b in pairwise(route):
                        if b in column:
                            label = _width(self.edges[key]) if len(route) == 2 else 0.0
                            gap = max(gap, self.half(a) + self.half(b) + label + 2 * PAD + sum(bends))
                x += max(gap, room)
            for name in column:
                self.x[name], self.column[name] = x, c

    def _bends(self, column: list[str]) -> tuple[float, float]:
        """Room for bends at both ends of the space before a column."""
        left = right = 0.0
        for key, route in self.layout.routes.items():
            for a, b in pairwise(route):
                if b in column:
                    left = max(left, BEND * (self.layout.y[a] != self._height(key, a, b)))
                    right = max(right, BEND * (self.layout.y[b] != self._height(key, a, b)))
        return left, right

    def _height(self, key: tuple[str, str], a: str, b: str) -> float:
        """Where the part of an edge between two columns is level."""
        if len(self.layout.routes[key]) == 2:
            return self.lanes[key]
        return self.layout.y[a if is_place(a) else b]

    def _edge(self, out: Picture, key: tuple[str, str], route: list[str]) -> None:
        e, y, lane = self.edges[key], self.layout.y, self.lanes[key]
        points = []
        for a, b in pairwise(route):
            left, right = self.x[a] + self.half(a), self.x[b] - self.half(b)
            before, after = self.bends[self.column[b]]
            level = self._height(key, a, b)
            points += [(left, y[a]), (left + before, level), (right - after, level), (right, y[b])]
        middle = self.x[route[1]] if len(route) > 2 else (points[1][0] + points[2][0]) / 2
        out.shapes.append(Line(tuple(dict.fromkeys(points))))
        out.shapes += [Text(middle, lane - LABEL - k * LINE, label, "forward", edge=self.number[key])
                       for k, label in enumerate(e.above[::-1]) if label.plain]
        out.shapes += [Text(middle, lane + LABEL + 2 + k * LINE, label, "backward", edge=self.number[key])
                       for k, label in enumerate(e.below)]

    def _node(self, out: Picture, name: str, x: float, y: float) -> None:
        node = self.graph.nodes[name]
        if node.is_box:
            out.shapes.append(Box(x, y, *self.size(name)))
        first = y - (len(node.lines) - 1) * LINE / 2
        out.shapes += [Text(x, first + k * LINE, label) for k, label in enumerate(node.lines)]

    def _parameters(self, out: Picture, name: str) -> None:
        high = self.size(name)[1]
        for side, sign in (("above", -1), ("below", 1)):
            for e, shift in self._cells(name, side):
                x, y = self.x[name] + shift, self.layout.y[name] + sign * (high / 2 + AWAY)
                self._node(out, e.tail, x, y)
                out.shapes.append(Line(((x, y - sign * LINE / 2), (x, y - sign * AWAY)), is_curved=False))
                shown = [(role, label) for role, labels in (("forward", e.above), ("backward", e.below))
                         for label in labels if label.plain]
                top = y - sign * AWAY * 0.55 - (len(shown) - 1) * LINE / 2
                out.shapes += [Text(x + 10, top + k * LINE, label, role, "start", self.number[e.tail, e.head])
                               for k, (role, label) in enumerate(shown)]


def _width(e: Edge) -> float:
    return max((x.width for x in (*e.above, *e.below)), default=0.0)


def _framed(picture: Picture, notes: list[tuple[str, Label]]) -> Picture:
    """Moved so that everything is on the area, with the notes below."""
    left = min(_extent(s)[0] for s in picture.shapes) - MARGIN
    top = min(_extent(s)[1] for s in picture.shapes) - MARGIN
    right = max(_extent(s)[2] for s in picture.shapes)
    bottom = max(_extent(s)[3] for s in picture.shapes) + MARGIN
    out = Picture(picture.title, picture.description)
    for s in picture.shapes:
        out.shapes.append(Line(tuple((x - left, y - top) for x, y in s.points), s.is_curved) if isinstance(s, Line)
                          else replace(s, x=s.x - left, y=s.y - top))
    for k, (role, label) in enumerate(notes):
        out.shapes.append(Text(MARGIN, bottom - top + LINE * (k + 0.5), label, role, "start"))
    out.width = max([right - left, *(MARGIN + label.width for _, label in notes)]) + MARGIN
    out.height = bottom - top + LINE * len(notes) + MARGIN
    return out


def _extent(shape) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    if isinstance(shape, Line):
        xs, ys = zip(*shape.points)
        return min(xs), min(ys), max(xs), max(ys)
    if isinstance(shape, Box):
        wide, high = shape.width, shape.height
        return shape.x - wide / 2, shape.y - high / 2, shape.x + wide / 2, shape.y + high / 2
    left = shape.x - (shape.label.width / 2 if shape.anchor == "middle" else 0)
    return left, shape.y - LINE / 2, left + shape.label.width, shape.y + LINE / 2
