"""What can go wrong, and how it is said.

Every input error is a `MatcalcError` that carries one `Diagnostic`: a code, one
sentence, the places in the source, facts, and one help line that works.
"""

from __future__ import annotations

from dataclasses import dataclass

MARKS = "^~"
MAX_LINE = 120


@dataclass(frozen=True)
class Label:
    """A marked place of the source text: characters start..end, with a remark."""

    start: int
    end: int
    text: str = ""


@dataclass(frozen=True)
class Diagnostic:
    """One message about one input.

    code      "M201": M1 reading, M2 shapes, M3 deriving, M4 grading,
              M5 rendering and code, M6 numbers
    message   one sentence, no full stop
    source    the text the labels point into ("" when there is none)
    name      what to call the source: a file name or "<text>"
    labels    the first is marked with ^, the second with ~
    facts     further lines, each printed after "="
    help      one suggestion that works
    """

    code: str
    message: str
    source: str = ""
    name: str = "<text>"
    labels: tuple[Label, ...] = ()
    facts: tuple[str, ...] = ()
    help: str = ""

    @property
    def line(self) -> int:
        """Line of the first label, counted from 1."""
        start = self.labels[0].start if self.labels else 0
        return self.source.count("\n", 0, start) + 1

    @property
    def column(self) -> int:
        """Column of the first label, counted from 1."""
        start = self.labels[0].start if self.labels else 0
        return start - (self.source.rfind("\n", 0, start) + 1) + 1

    def to_json(self) -> dict:
        """Plain data: code, message, line, column, labels, facts, help."""
        return {
            "code": self.code,
            "message": self.message,
            "source": self.name,
            "line": self.line,
            "column": self.column,
            "labels": [{"start": x.start, "end": x.end, "text": x.text} for x in self.labels],
            "facts": list(self.facts),
            "help": self.help,
        }

    def render(self) -> str:
        """The message as text: header, place, marked lines, facts, help."""
        out = [f"error[{self.code}]: {self.message}"]
        if self.labels:
            out.append(f" --> {self.name}:{self.line}:{self.column}")
            out += self._marked_lines()
        out += [f"  = {fact}" for fact in self.facts]
        if self.help:
            out.append(f"  = help: {self.help}")
        return "\n".join(out)

    def _marked_lines(self) -> list[str]:
        rows: dict[int, list[tuple[str, Label]]] = {}
        for mark, label in zip(MARKS, self.labels):
            rows.setdefault(self.source.count("\n", 0, label.start), []).append((mark, label))
        lines = self.source.split("\n")
        width = len(str(max(rows) + 1))
        out = [" " * width + " |"]
        for row, labels in sorted(rows.items()):
            offset = sum(len(x) + 1 for x in lines[:row])
            text, shift = _window(lines[row], labels[0][1].start - offset)
            out.append(f"{row + 1:>{width}} | {text}")
            marks = [" "] * (len(text) + 1)
            for mark, label in labels:
                first = max(label.start - offset - shift, 0)
                last = max(min(label.end - offset - shift, len(text)), first + 1)
                for i in range(first, min(last, len(marks))):
                    marks[i] = mark
            out.append(" " * width + " | " + "".join(marks).rstrip())
            out += [" " * width + f" |   {mark} {label.text}" for mark, label in labels if label.text]
        return out


def _window(line: str, column: int) -> tuple[str, int]:
    """A printable part of a long line around a column, and where it starts."""
    line = "".join(" " if ord(c) < 32 else c for c in line)
    if len(line) <= MAX_LINE:
        return line, 0
    shift = max(0, min(column - MAX_LINE // 2, len(line) - MAX_LINE))
    return line[shift:shift + MAX_LINE], shift


class MatcalcError(Exception):
    """The only exception that an input can cause; `.diagnostic` says what and where."""

    def __init__(self, diagnostic: Diagnostic):
        super().__init__(diagnostic.render())
        self.diagnostic = diagnostic


def fail(code: str, message: str, *, help: str = "", facts: tuple[str, ...] = (), **where) -> "MatcalcError":
    """A `MatcalcError` to raise; `where` takes source, name, labels."""
    return MatcalcError(Diagnostic(code, message, facts=tuple(facts), help=help, **where))
