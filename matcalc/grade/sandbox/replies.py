"""What a guest says, as far as it can be trusted: its values may be forged, their kinds are what they seem."""

from __future__ import annotations

from dataclasses import dataclass

MOST_NAMES, MOST_TEXT = 200, 400


@dataclass(frozen=True)
class Offered:
    """A function that an answer defines; the name "" is the program itself, line by line.

    names       its parameters;  optional: those with a default;  by_place: those without a name
    any_places  whether it takes *args;  any_names: **kwargs;  is_unknown: it has no signature
    is_helper   whether another function uses it
    assigned    of the program itself: the names that it gives values to
    """

    name: str
    names: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    by_place: tuple[str, ...] = ()
    any_places: bool = False
    any_names: bool = False
    is_unknown: bool = False
    is_helper: bool = False
    assigned: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Raised:
    """line   of the answer, 0 when it is not known"""

    kind: str
    message: str
    line: int = 0


@dataclass(frozen=True)
class Reply:
    """What one call did, or loading the program.

    value     dict, tuple, list, array, Foreign, or anything that JSON can say
    remarks   kinds of arrays;  changed: arguments that were changed in place, by place or name
    offered   the functions, after loading;  guards: what the guest gave up
    """

    value: object = None
    error: Raised | None = None
    printed: str = ""
    remarks: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    offered: tuple[Offered, ...] = ()
    guards: tuple[str, ...] = ()


def reply(said: dict) -> Reply:
    """A message as a Reply. Raises TypeError, ValueError, KeyError or AttributeError for one that is none."""
    error = said["error"]
    raised = None if error is None else Raised(_text(error[0]), _text(error[1]), int(error[2]))
    return Reply(said.get("value"), raised, _text(said.get("printed", "")), _texts(said.get("remarks", ())),
                 _texts(said.get("changed", ())), tuple(map(offered, list(said.get("functions", ()))[:MOST_NAMES])),
                 _texts(said.get("guards", ())))


def offered(said: dict) -> Offered:
    lists = {n: _texts(said.get(n, ())) for n in ("names", "optional", "by_place")}
    assigned = said.get("assigned")
    return Offered(_text(said["name"]), **lists, any_places=bool(said.get("any_places")),
                   any_names=bool(said.get("any_names")), is_unknown="names" not in said,
                   is_helper=bool(said.get("is_helper")),
                   assigned=None if assigned is None else _texts(assigned))


def _text(x) -> str:
    return str(x)[:MOST_TEXT]


def _texts(items) -> tuple[str, ...]:
    return tuple(map(_text, list(items)[:MOST_NAMES]))
