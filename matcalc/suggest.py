"""Near matches for a mistyped name."""

from __future__ import annotations

from difflib import get_close_matches


def closest(name: str, known) -> str:
    """"did you mean `tanh`?", or "" when nothing is near."""
    found = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(f'`{n}`' for n in found)}?" if found else ""
