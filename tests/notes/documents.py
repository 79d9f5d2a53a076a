"""Small documents for tests."""

from __future__ import annotations

import matcalc as mc


def notes(*items: dict, **section) -> mc.Notes:
    """One section with these items."""
    return mc.notes({"title": "T", "section": [{"title": "S", "item": list(items), **section}]})


def markdown(*items: dict, **section) -> str:
    return notes(*items, **section).render("markdown", flavour="jupyter")
