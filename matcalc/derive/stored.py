"""What the forward pass has to keep for the backward pass."""

from __future__ import annotations

from ..expr.node import variables


def stored(derivation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of intermediates that the backward equations and gradients use again, and
    of those that they do not; in the order of the forward pass."""
    used = {v.name for e in derivation.backward for v in variables(e.rhs)}
    used |= {v.name for g in derivation for v in variables(g.named_form)}
    names = [a.name for a in derivation.model.assignments[:-1]]
    return tuple(n for n in names if n in used), tuple(n for n in names if n not in used)
