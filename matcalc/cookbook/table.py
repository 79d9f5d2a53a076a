"""Chapter 2 of the Matrix Cookbook: what it prints, what matcalc makes of it.

`identities.toml` holds `[[derivative]]` entries (an equation as it is printed, in
the input language) and `[[cannot]]` entries (an equation without one, and why).
Nothing in the table counts as had before it is derived and compared.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import api
from ..errors import MatcalcError
from ..numeric.evaluate import evaluate
from ..numeric.sample import draw
from ..reader import read, read_formula

FILE = Path(__file__).with_name("identities.toml")
SEEDS = (1, 2)
CLOSE = 1e-8  # relative difference of two formulas in float64 that are the same


@dataclass(frozen=True)
class _Equation:
    id: str
    source: str
    section: str

    @property
    def number(self) -> str:
        """The equation's number, or "" for one that is printed without."""
        found = re.search(r"eq\. (\d+)$", self.source)
        return found.group(1) if found else ""

    @property
    def chapter(self) -> str:
        """2.4 of 2.4.1."""
        return ".".join(self.section.split(".")[:2])


@dataclass(frozen=True)
class Entry(_Equation):
    """A derivative as it is printed.

    model, form   in the input language
    kind          gradient, jacobian or hessian
    entries       "independent" where only a structure's free entries vary
    note          where the entry departs from print, or ""
    """

    wrt: str
    model: str
    form: str
    kind: str = "gradient"
    entries: str = "free"
    note: str = ""

    @cached_property
    def read(self):
        return read(self.model, name=self.id)


@dataclass(frozen=True)
class Cannot(_Equation):
    """An equation that matcalc does not derive.

    what, statement   in words and in LaTeX
    """

    what: str
    statement: str
    reason: str


@dataclass(frozen=True)
class Table:
    """sections: number -> title; equations: entries of both kinds, as printed one after the other."""

    sections: dict[str, str]
    equations: tuple[Entry | Cannot, ...]


@dataclass(frozen=True)
class Row:
    """One equation of the coverage: a derived result, or the reason why there is none."""

    equation: Entry | Cannot
    result: api.Result | None = None
    reason: str = ""

    @property
    def is_had(self) -> bool:
        return not self.reason

    @property
    def has_failed(self) -> bool:
        """Whether an entry that should be had is not."""
        return isinstance(self.equation, Entry) and not self.is_had


def load() -> Table:
    """The table of the package."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    equations = [Entry(**e) for e in data["derivative"]] + [Cannot(**e) for e in data["cannot"]]
    return Table(data["sections"], tuple(sorted(equations, key=_place)))


def _place(equation: _Equation) -> tuple:
    """In the order of print; what has no number comes first in its section."""
    return [int(n) for n in equation.chapter.split(".")], int(equation.number or 0), equation.id


def derived(entry: Entry) -> api.Result:
    """matcalc's own result for an entry, not yet checked."""
    options = {"entries": entry.entries} if entry.kind == "gradient" else {}
    return getattr(api, entry.kind)(entry.read, entry.wrt, check=False, **options)


def coverage(table: Table) -> tuple[Row, ...]:
    """Every equation of the table, derived and checked."""
    return tuple(_row(e) if isinstance(e, Entry) else Row(e, reason=e.reason) for e in table.equations)


def _row(entry: Entry) -> Row:
    try:
        result = derived(entry).checked()
    except MatcalcError as problem:
        return Row(entry, reason=problem.diagnostic.message)
    if result.report.verdict != "agrees":
        return Row(entry, result, "finite differences cannot tell")
    return Row(entry, result, "" if is_as_printed(entry, result) else "the printed form has another value")


def is_as_printed(entry: Entry, result: api.Result) -> bool:
    """Whether a result has the printed form's value at random points."""
    formulas = [result.form, read_formula(entry.form, entry.read)]
    for seed in SEEDS:
        point = draw(entry.read, [seed])
        if point is None:
            return False
        ours, printed = evaluate(formulas, point.values, point.sizes)
        if ours.shape != printed.shape or abs(ours - printed).max() > CLOSE * max(abs(printed).max(), CLOSE):
            return False
    return True
