"""What the level of feedback lets a student read."""

from __future__ import annotations

from .diagnosis.names import hint
from .diagnosis.wording import Named


def sentence(level: str, found: Named) -> str:
    """What the level allows to be said of a wrong answer; a hint never gives it away."""
    if level in ("none", "verdict"):
        return ""
    return hint(found.mistake) if level == "hint" else found.words
