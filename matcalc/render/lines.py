"""What views are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """lhs = rhs

    is_below   whether it says something of the line above, and stays with it
    """

    lhs: str
    rhs: str
    note: str = ""
    is_below: bool = False


@dataclass(frozen=True)
class Section:
    """Lines under a title; without lines it is not shown."""

    title: str
    lines: tuple[Line, ...] = ()
