"""The report on a class: verdicts, mistakes, and equal wrong formulas, the most frequent first.

It is the teacher's: it says everything, whatever students are told.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from textwrap import indent
from typing import TYPE_CHECKING, NamedTuple

from .verdict import RESULTS

if TYPE_CHECKING:
    from .results import Graded

MOST_SHOWN, MOST_LINES, MOST_INDENT, MOST_IDS = 300, 20, 40, 50
# What Markdown could read as more than a character: markup, links, list numbers.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$#^{}!:@/+-]|\.(?=\S)|(?<=\d)[.)]")

_LAYOUT = re.compile(r"[\s{}]")  # what LaTeX has for its own sake


class Group(NamedTuple):
    """Answers with one formula: as first written (in lines), as read, what was said, whose."""

    answer: str
    reading: str
    mistake: str
    feedback: str
    ids: tuple[str, ...]
    others: int  # ids that are not listed

    @property
    def count(self) -> int:
        return len(self.ids) + self.others

    @property
    def whose(self) -> str:
        return ", ".join(self.ids) + (f" and {self.others} more" if self.others else "")

    @property
    def is_read_otherwise(self) -> bool:
        """Whether the reading says more than the answer does."""
        return bool(self.reading) and _LAYOUT.sub("", self.reading) != _LAYOUT.sub("", self.answer)


class Section(NamedTuple):
    """A problem, or all of them together."""

    name: str
    title: str
    total: int
    verdicts: tuple[tuple[str, int], ...]
    mistakes: tuple[tuple[str, int], ...]
    wrong: tuple[Group, ...] = ()
    open: tuple[Group, ...] = ()  # not read or not decided

    @property
    def heading(self) -> str:
        return f"Problem {self.name}" + (f": {self.title}" if self.title else "")

    @property
    def answers(self) -> str:
        return f"{self.total} answer{'s' if self.total != 1 else ''}"

    @property
    def counted(self) -> str:
        return ", ".join(f"{n} {name}" for name, n in self.verdicts)


class View(NamedTuple):
    """What the templates lay out; every string may be a student's."""

    summary: Section
    sections: tuple[Section, ...]  # one for each problem
    columns: tuple[str, ...]  # the verdicts that occur

    @property
    def table(self) -> list[tuple]:
        """For each problem: its name, its answers, and how many have each verdict."""
        return [(s.name, s.total, *(dict(s.verdicts).get(c, 0) for c in self.columns)) for s in self.sections]


def view(graded: Sequence[Graded]) -> View:
    together: dict[str, list[Graded]] = {}
    for g in graded:
        together.setdefault(g.record.problem, []).append(g)
    sections = [_section(n, mine, _groups(mine, ("wrong",)), _groups(mine, ("unreadable", "undecided")))
                for n, mine in together.items()]
    whole = _section("", graded)
    return View(whole, tuple(sections), tuple(name for name, _ in whole.verdicts))


def _section(name: str, graded: Sequence[Graded], *groups: tuple[Group, ...]) -> Section:
    verdicts = Counter(g.verdict.result for g in graded)
    mistakes = Counter(g.verdict.mistake or "not named" for g in graded if g.verdict.result == "wrong")
    title = plain(graded[0].title) if name else ""
    return Section(name, title, len(graded), tuple((words(r), verdicts[r]) for r in RESULTS if verdicts[r]),
                   tuple(sorted(mistakes.items(), key=lambda x: (-x[1], x[0]))), *groups)


def summary(graded: Sequence[Graded]) -> dict:
    """The counts as plain data."""
    def counts(s: Section) -> dict:
        return {"answers": s.total, "verdicts": dict(s.verdicts), "mistakes": dict(s.mistakes)}

    shown = view(graded)
    return {**counts(shown.summary), "problems": {s.name: counts(s) for s in shown.sections}}


def _groups(graded: Sequence[Graded], results: tuple[str, ...]) -> tuple[Group, ...]:
    """Answers of one problem with one normal form together; unread ones by their text."""
    together: dict[str, list[Graded]] = {}
    for g in graded:
        if g.verdict.result in results:
            together.setdefault(g.judged.form or " ".join(g.record.answer.split()), []).append(g)
    out = []
    for same in together.values():
        record, verdict, ids = same[0].record, same[0].verdict, [plain(g.record.student) for g in same]
        out.append(Group(lines(record.answer), plain(verdict.reading), verdict.mistake,
                         plain(same[0].judged.teacher.split("\n", 1)[0]), tuple(ids[:MOST_IDS]), len(ids[MOST_IDS:])))
    return tuple(sorted(out, key=lambda g: (-g.count, g.reading, g.answer)))


def words(result: str) -> str:
    return result.replace("_", " ")


def printable(text: str) -> str:
    """One line of printable characters: nothing that ends a line or turns its direction."""
    line = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in line)


def plain(text: str) -> str:
    """The beginning of a text as one line."""
    shown = printable(text)
    return shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…"


def lines(text: str) -> str:
    """The beginning of a text in its lines, indented as they are, without empty ones."""
    shown = [" " * min(len(x) - len(x.lstrip()), MOST_INDENT) + plain(x)
             for x in text.expandtabs(4).splitlines() if x.strip()]
    return "\n".join([*shown[:MOST_LINES], *["…"] * (len(shown) > MOST_LINES)])


def escaped(text: str) -> str:
    """Text that Markdown takes for text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """A line, or a list item's lines, as code in Markdown: its fence is longer than any of backticks inside."""
    if "\n" in text:
        return "\n\n" + indent(block(text), "  ")
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence} {text} {fence}"


def block(text: str) -> str:
    """Lines as a block of code in Markdown, its fence longer than any of backticks inside."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def report_markdown(graded: Sequence[Graded]) -> str:
    text = _filled("class_markdown.txt.j2", graded, escaped=escaped, code=code)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def report_html(graded: Sequence[Graded]) -> str:
    return _filled("class.html.j2", graded, title="Class report")


def report_text(graded: Sequence[Graded]) -> str:
    """The summary for a terminal."""
    return _filled("class.txt.j2", graded).rstrip("\n")


def _filled(template: str, graded: Sequence[Graded], **more: str | Callable) -> str:
    from ..render.templating import filled
    return filled(template, view=view(graded), **more)
