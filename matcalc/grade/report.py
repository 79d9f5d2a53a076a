"""The report on a class: verdicts, mistakes, and equal wrong answers, the most frequent first."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from .verdict import RESULTS

if TYPE_CHECKING:
    from .results import Graded

MOST_SHOWN, MOST_IDS = 300, 50
# What Markdown could read as more than a character: markup, links, list numbers.
_SPECIAL = re.compile(r"[\\`*_\[\]<>&~|$#^{}!:@/+-]|\.(?=\S)|(?<=\d)[.)]")


class Group(NamedTuple):
    """Answers with one formula: as first written, as read, what was said, whose."""

    problem: str
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


class Section(NamedTuple):
    """A problem, or all of them together."""

    name: str
    total: int
    verdicts: tuple[tuple[str, int], ...]
    mistakes: tuple[tuple[str, int], ...]

    @property
    def answers(self) -> str:
        return f"{self.total} answer{'s' if self.total != 1 else ''}"


class View(NamedTuple):
    """What the templates lay out; every string may be a student's."""

    summary: Section
    sections: tuple[Section, ...]  # of each problem, where there are several
    wrong: tuple[Group, ...]
    open: tuple[Group, ...]  # not read or not decided


def view(graded: Sequence[Graded]) -> View:
    names = list(dict.fromkeys(g.record.problem for g in graded))
    sections = [_section(n, [g for g in graded if g.record.problem == n]) for n in names]
    return View(_section("", graded), tuple(sections) if len(sections) > 1 else (),
                _groups(graded, ("wrong",)), _groups(graded, ("unreadable", "undecided")))


def _section(name: str, graded: Sequence[Graded]) -> Section:
    verdicts = Counter(g.verdict.result for g in graded)
    mistakes = Counter(g.verdict.mistake or "not named" for g in graded if g.verdict.result == "wrong")
    return Section(name, len(graded), tuple((words(r), verdicts[r]) for r in RESULTS if verdicts[r]),
                   tuple(sorted(mistakes.items(), key=lambda x: (-x[1], x[0]))))


def summary(graded: Sequence[Graded]) -> dict:
    """The counts as plain data."""
    def counts(s: Section) -> dict:
        return {"answers": s.total, "verdicts": dict(s.verdicts), "mistakes": dict(s.mistakes)}

    names = dict.fromkeys(g.record.problem for g in graded)
    return {**counts(_section("", graded)),
            "problems": {n: counts(_section(n, [g for g in graded if g.record.problem == n])) for n in names}}


def _groups(graded: Sequence[Graded], results: tuple[str, ...]) -> tuple[Group, ...]:
    together: dict[tuple, list[Graded]] = {}
    for g in graded:
        if g.verdict.result in results:
            together.setdefault((g.record.problem, g.judged.form or g.record.answer.strip()), []).append(g)
    out = []
    for same in together.values():
        record, verdict, ids = same[0].record, same[0].verdict, [plain(g.record.student) for g in same]
        out.append(Group(record.problem, plain(record.answer), plain(verdict.reading), verdict.mistake,
                         plain(verdict.feedback.split("\n", 1)[0]), tuple(ids[:MOST_IDS]), len(ids[MOST_IDS:])))
    return tuple(sorted(out, key=lambda g: (-g.count, g.problem, g.reading, g.answer)))


def words(result: str) -> str:
    return result.replace("_", " ")


def plain(text: str) -> str:
    """One line of printable characters: nothing that ends a line or turns its direction."""
    line = " ".join(text.split())
    shown = "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in line)
    return shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…"


def escaped(text: str) -> str:
    """Text that Markdown takes for text."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """Text as code in Markdown: its fence is longer than any of backticks inside."""
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
