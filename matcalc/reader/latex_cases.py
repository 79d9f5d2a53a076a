"""Values by cases in LaTeX."""

from __future__ import annotations

import re
from dataclasses import replace

from .tokens import Token


class Cases:
    """The part of the LaTeX reader that knows \\begin{cases}."""

    def cases(self, start: int) -> None:
        """\\begin{cases} a & z > 0 \\\\ b & otherwise \\end{cases}: (z > 0) a + (1 - (z > 0)) b."""
        end = self.text.find("\\end{cases}", self.i)
        rows = [r for r in _rows(self.text, self.i, end) if self.text[r[0]:r[1]].strip()] if end > 0 else []
        cells = [_cells(self.text, *row) for row in rows]
        if len(cells) != 2 or len(cells[0]) != 2:
            raise self.error("M114", "only cases of two lines are read, with a condition on the first", start, self.i,
                             "write \\mathbb{1}[z > 0] \\odot ...")
        (above, condition), below = (self.segment(*c) for c in cells[0]), self.segment(*cells[1][0])
        condition = [t for t in condition if t.text not in ("if", "when", "for")]
        if any(t.kind == "≠" for t in condition):
            condition = [replace(t, kind="=", text="=") if t.kind == "≠" else t for t in condition]
            above, below = below, above
        self.i = end + len("\\end{cases}")
        signs = [Token(k, k, start, start + 1) for k in "()*+-"]
        opening, closing, times, plus, minus = signs
        test = [opening, *condition, closing]
        one = Token("number", "1", start, start + 1)
        parts = [(test, above), ([opening, one, minus, *test, closing], below)]
        parts = [p for p in parts if [t.text for t in p[1]] != ["0"]] or parts[:1]
        self.out.append(opening)
        for holds, value in parts:
            self.out += [*([plus] if holds is not parts[0][0] else []), *holds, times, opening, *value, closing]
        self.out.append(closing)

    def segment(self, start: int, end: int) -> list[Token]:
        """The tokens of a part of the text, without separators."""
        outer, self.out, self.i = self.out, [], start
        while self.i < end:
            self.item()
        inner, self.out = self.out, outer
        return [t for t in inner if t.kind not in (";", "\n")]


def _rows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the lines between two places begin and end."""
    cuts = [m.start() for m in re.finditer(r"\\\\", text) if start <= m.start() < end]
    return list(zip([start, *(c + 2 for c in cuts)], [*cuts, end]))


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the cells of a line begin and end."""
    cuts = [k for k in range(start, end) if text[k] == "&" and text[k - 1] != "\\"]
    return list(zip([start, *(c + 1 for c in cuts)], [*cuts, end]))
