"""The entries of a document, as TOML or a dict has them, each of the kind that it should be."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from ..api.sources import file_text
from ..errors import fail
from ..suggest import closest
from .kinds import KINDS
from .options import FLAG, LIST, TEXT, OptionType
from .place import Place

DOCUMENT = {"title": TEXT, "author": TEXT, "section": LIST, "gradient": TEXT, "transpose": TEXT, "hadamard": TEXT,
            "bold": FLAG, "lang": TEXT}
SECTION = {"title": TEXT, "text": TEXT, "source": TEXT, "names": TEXT, "item": LIST}
ITEM = {"show": TEXT, "text": TEXT, "source": TEXT, "names": TEXT, "caption": TEXT}


@dataclass(frozen=True)
class Entry:
    """An item: what is said before it, what is shown and of which source.

    names   declarations of names that only the text uses
    """

    place: Place
    show: str = ""
    text: str = ""
    source: str = ""
    names: str = ""
    caption: str = ""
    options: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A section."""

    place: Place
    title: str
    text: str
    source: str
    names: str
    items: tuple[Entry, ...]


@dataclass(frozen=True)
class Plan:
    """A document: options are those of rendering, folder is where its sources are."""

    title: str
    author: str
    sections: tuple[Part, ...]
    options: dict
    folder: Path


def loaded(source) -> Plan:
    """The plan of a TOML file (its path), or of the same as a dict.

    Raises MatcalcError: M544 (no TOML), M545 (an entry that is unknown or missing), M546 (a
    value that an entry cannot have), and those of reading a file.
    """
    if isinstance(source, dict):
        return _plan(source, Place("<notes>"), Path("."))
    try:
        path = Path(source)
    except TypeError:
        raise fail("M544", "notes are made from a TOML file or a dict", help='write mc.notes("notes.toml")') from None
    try:
        data = tomllib.loads(file_text(path))
    except tomllib.TOMLDecodeError as problem:
        raise fail("M544", f"`{path}` is no TOML file", facts=(str(problem),),
                   help='notes have lines such as  title = "..."  and sections that begin with  [[section]]') from None
    return _plan(data, Place(str(path)), path.parent)


def _plan(data: dict, place: Place, folder: Path) -> Plan:
    _known(data, DOCUMENT, place, "notes have")
    _needed(data, ("title", "section"), place, "the notes")
    options = {k: v for k, v in data.items() if k not in ("title", "author", "section")}
    sections = tuple(_section(s, n, place) for n, s in enumerate(data["section"], 1))
    return Plan(data["title"], data.get("author", ""), sections, options, folder)


def _section(data, number: int, document: Place) -> Part:
    place = Place(document.name, str(number))
    _table(data, place, "section")
    if isinstance(data.get("title"), str):
        place = Place(document.name, f'{number} "{data["title"]}"')
    _known(data, SECTION, place, "a section has")
    _needed(data, ("title",), place, "the section")
    items = tuple(_item(i, n, place, data) for n, i in enumerate(data.get("item", []), 1))
    return Part(place, data["title"], data.get("text", ""), data.get("source", ""), data.get("names", ""), items)


def _item(data, number: int, section: Place, of: dict) -> Entry:
    place = Place(section.name, section.section, number)
    _table(data, place, "section.item")
    show = data.get("show", "")
    if not isinstance(show, str) or show and show not in KINDS:
        raise place.fail("M546", f"`show` cannot be `{show}`", facts=(f"it can be {', '.join(KINDS)}",),
                         help=closest(str(show), KINDS) or 'show a derivation with  show = "derive"')
    kind = KINDS.get(show)
    own = kind.options if kind else {}
    _known(data, {**ITEM, **own}, place, f"an item `{show}` has" if show else "an item that shows nothing has")
    source = data.get("source", of.get("source", ""))
    if kind:
        _needed({**data, "source": source} if source else data, (*(("source",) if kind.has_source else ()), *kind.needs),
                place, f"the item `{show}`")
    else:
        _needed(data, ("text",), place, "the item")
    return Entry(place, show, data.get("text", ""), source, data.get("names", ""), data.get("caption", ""),
                 {k: v for k, v in data.items() if k in own})


# ---------------------------------------------------------------- what is checked

def _table(data, place: Place, head: str) -> None:
    if not isinstance(data, dict):
        raise place.fail("M546", "this is no table of entries", help=f"begin it with the line  [[{head}]]")


def _known(data: dict, known: dict[str, OptionType], place: Place, whose: str) -> None:
    for key, value in data.items():
        if key not in known:
            raise place.fail("M545", f"there is no entry `{key}` here",
                             help=closest(str(key), known) or f"{whose} {', '.join(known)}")
        if not known[key].fits(value):
            raise place.fail("M546", f"`{key}` is {known[key].words}, not `{_short(value)}`",
                             help=f"for instance  {key} = {known[key].example}")


def _needed(data: dict, keys: tuple[str, ...], place: Place, whose: str) -> None:
    for key in keys:
        if not data.get(key):
            raise place.fail("M545", f"{whose} has no `{key}`",
                             help="begin a section with the line  [[section]]" if key == "section" else f"add  {key} = ...")


def _short(value) -> str:
    text = str(value)
    return text if len(text) < 40 else text[:37] + "..."
