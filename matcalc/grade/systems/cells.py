"""A CSV file as another program wrote it: single cells are replaced, every other character stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...errors import fail

# a cell between quotes or not, and what ends it
_CELL = r'("(?:[^"]|"")*"|[^"{0}\r\n][^{0}\r\n]*|)({0}|\r\n|\n|\r|\Z)'


class Table:
    """The rows of a CSV file. Raises MatcalcError: M420 (not a CSV file)."""

    def __init__(self, text: str, name: str):
        first = text.split("\n", 1)[0]
        self.text, self.sign = text, max(",;\t", key=first.count)
        self.rows: list[list[str]] = []
        self.places: list[list[tuple[int, int]]] = []
        scan, at, is_new = re.compile(_CELL.format(self.sign)), 1 if text.startswith("\ufeff") else 0, True
        while at < len(text):
            found = scan.match(text, at)
            if found is None:
                raise fail("M420", f"`{name}` is no export of a gradebook", facts=(f"row {len(self.rows)} is no CSV",),
                           help="take the file as it was downloaded")
            if is_new:
                self.rows.append([])
                self.places.append([])
            raw, at, is_new = found[1], found.end(), found[2] != self.sign
            self.rows[-1].append(raw[1:-1].replace('""', '"') if raw.startswith('"') else raw)
            self.places[-1].append(found.span(1))
        if not is_new:
            self.rows[-1].append("")
            self.places[-1].append((at, at))

    def filled(self, cells: Mapping[tuple[int, int], str]) -> str:
        """The text with other cells at (row, column)."""
        out, done = [], 0
        for (row, column), value in sorted(cells.items()):
            start, end = self.places[row][column]
            out += [self.text[done:start], self._quoted(value)]
            done = end
        return "".join([*out, self.text[done:]])

    def _quoted(self, value: str) -> str:
        is_plain = not re.search(r'[",;\t\r\n]', value)
        return value if is_plain else '"' + value.replace('"', '""') + '"'
