"""Where in a document something went wrong."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace

from ..errors import MatcalcError, fail


@dataclass(frozen=True)
class Place:
    """A file, a section of it, an item of that."""

    name: str
    section: str = ""
    item: int = 0

    def __str__(self) -> str:
        parts = [f"in {self.name}", self.section and f"section {self.section}", self.item and f"item {self.item}"]
        return ", ".join(filter(None, parts))

    def fail(self, code: str, message: str, *, help: str = "", facts: tuple[str, ...] = ()) -> MatcalcError:
        """An error that says where it is."""
        return fail(code, message, facts=(*facts, str(self)), help=help)

    def said(self):
        """Errors from inside say where they are."""
        return noted(str(self))


@contextmanager
def noted(fact: str):
    """Errors from inside have one more fact."""
    try:
        yield
    except MatcalcError as problem:
        known = problem.diagnostic.facts
        facts = known if fact in known else (*known, fact)
        raise MatcalcError(replace(problem.diagnostic, facts=facts)) from None
