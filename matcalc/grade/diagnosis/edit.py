"""What an edit is, and in which order edits are believed."""

from __future__ import annotations

from typing import NamedTuple

from ...expr.node import Expr


class Edit(NamedTuple):
    """One change of a part.

    kind   a word of `KINDS`
    new    what stands in the place of the part afterwards
    old    the piece that is changed or taken away, or None
    put    the piece that comes instead or is added, or None
    """

    kind: str
    new: Expr
    old: Expr | None = None
    put: Expr | None = None


# the likeliest, and the simplest to say, first
KINDS = ("transpose", "no transpose", "order", "transposes", "sign", "slope", "no slope", "bracket", "elsewhere", "swap",
         "symbol", "function", "apply", "no function", "entrywise", "matrix product", "diag", "inverse", "no inverse", "sum",
         "operation", "power", "no power", "insert factor", "insert entrywise", "drop factor", "number", "drop term",
         "insert term", "piece", "order and transposes", "cotangent")
