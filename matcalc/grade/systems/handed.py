"""What is handed over to a system, and what the systems have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote

from ..results import Graded


class Handed(NamedTuple):
    """Files for a system.

    files     name below the folder of the results -> text
    absent    students with answers that the system's export does not have (or has twice)
    unscored  students with an answer that a person has to look at: they have no score there yet
    """

    files: dict[str, str]
    absent: tuple[str, ...] = ()
    unscored: tuple[str, ...] = ()

    @property
    def places(self) -> str:
        """The file, or the pattern that the names of all have in common."""
        names = list(self.files)
        return names[0] if len(names) == 1 else f"{names[0].split('/')[0]}/ ({len(names)} files)" if names else "nothing"


def by_student(graded: Iterable[Graded]) -> dict[str, list[Graded]]:
    out: dict[str, list[Graded]] = {}
    for g in graded:
        out.setdefault(g.record.student, []).append(g)
    return out


def total(answers: Sequence[Graded]) -> float | None:
    """Points of a student; None while one answer has no score."""
    scores = [g.score for g in answers]
    return None if None in scores else sum(scores)


def unscored(graded: Iterable[Graded]) -> tuple[str, ...]:
    return tuple(s for s, answers in by_student(graded).items() if total(answers) is None)


def folders(names: Iterable[str]) -> dict[str, str]:
    """name -> the name of a folder or file that is nothing else, from any text.

    Where big and small letters are one, no two are the same either.
    """
    out: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        made = quote(name.encode(errors="backslashreplace"), safe=" @+").replace("~", "%7E")
        made = made if made.strip(". ") == made else made.replace(".", "%2E").replace(" ", "%20")
        if not made or len(made) > 150 or made.lower() in taken:
            made = f"{made[:80]}-{sha256(name.encode(errors='backslashreplace')).hexdigest()[:16]}"
        taken.add(made.lower())
        out[name] = made
    return out
