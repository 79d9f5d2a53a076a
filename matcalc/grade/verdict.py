"""What is said of an answer."""

from __future__ import annotations

from dataclasses import dataclass

RESULTS = ("right", "wrong", "unreadable", "undecided", "no_answer")
LEVELS = ("none", "verdict", "hint", "full")


@dataclass(frozen=True)
class Verdict:
    """A verdict on one answer.

    result    "right", "wrong", "unreadable" (no attempt is lost), "undecided" (never
              called wrong because of us), "no_answer"
    mistake   the name of what went wrong, a stable word of `diagnosis.names.HINTS`:
              "layout_transposed", "missing_transpose", "wrong_sign", ...; "" when it is not
              known or nothing is wrong; of a program also what keeps it from having values:
              "raises", "time_limit", ...
    feedback  for the student, as much of it as the level allows
    reading   the answer as it was read, in LaTeX; shape: its shape, () (n,) or (m, n)
    how       how it was decided: "exactly", "50 digits", "values"
    notes     readings that were chosen, slips between lines, how a program was called
    credit    part of the points, 0 to 1; None where a person has to decide
    """

    result: str
    mistake: str = ""
    feedback: str = ""
    reading: str = ""
    shape: tuple | None = None
    how: str = ""
    notes: tuple[str, ...] = ()
    credit: float | None = None

    def to_json(self) -> dict:
        return {"result": self.result, "mistake": self.mistake, "feedback": self.feedback, "reading": self.reading,
                "shape": None if self.shape is None else list(self.shape), "how": self.how, "notes": list(self.notes),
                "credit": self.credit}
