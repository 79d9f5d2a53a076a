"""What views are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """lhs = rhs"""

    lhs: str
    rhs: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    """Lines under a title; without lines it is not shown."""

    title: str
    lines: tuple[Line, ...] = ()
