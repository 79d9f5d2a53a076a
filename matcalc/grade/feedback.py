"""What was found of an answer, and what of it the level of feedback lets a student read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..expr.node import Expr
from .deciding import Referee
from .verdict import Verdict


@dataclass(frozen=True)
class Found:
    """All that is known of an answer.

    verdict   with all that can be said
    hint      what a hint says instead; "" where the feedback gives nothing away
    formula   what was compared with the derivative, at the points of `referee`; None where nothing was
    """

    verdict: Verdict
    hint: str = ""
    formula: Expr | None = None
    referee: Referee | None = None


def told(found: Found, level: str) -> Verdict:
    """The verdict as the student reads it."""
    verdict = found.verdict
    if level == "full":
        return verdict
    is_said = level == "hint" or level == "verdict" and verdict.result in ("no_answer", "undecided")
    return replace(verdict, feedback=(found.hint or verdict.feedback) if is_said else "")
