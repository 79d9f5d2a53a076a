"""The order of statements: every name once, and before it is used."""

from __future__ import annotations

from .tokens import Source
from .tree import Statement, Tree

RESERVED = ("ones", "eye")


def ordered(source: Source, statements: list[Statement]) -> None:
    """Every name is assigned once and before its use. Raises M107, M108, M109."""
    place: dict[str, int] = {}
    for i, s in enumerate(statements):
        if s.name is None:
            continue
        if s.name in place:
            first = statements[place[s.name]]
            raise source.error("M107", f"`{s.name}` is assigned twice", (s.start, s.end), (first.start, first.end),
                               help=f"give the second value a new name, such as {s.name}2")
        if s.name in RESERVED:
            raise source.error("M107", f"`{s.name}` is a constant of the language", (s.start, s.end))
        place[s.name] = i
    uses = [{t.value: t for t in leaves(s.tree)} for s in statements]
    for i, s in enumerate(statements):
        for name, leaf in uses[i].items():
            if place.get(name, -1) < i:
                continue
            cycle = _cycle(i, place, uses, statements)
            if cycle:
                raise source.error("M108", f"{' -> '.join(cycle)} is a loop", (leaf.start, leaf.end),
                                   facts=("a derivation needs every name to be built from earlier ones",),
                                   help="unroll it: one name a step, such as h1 = ..., h2 = ...")
            later = statements[place[name]]
            raise source.error("M109", f"`{name}` is used before it is defined", (leaf.start, leaf.end),
                               (later.start, later.end, "defined here"), help="move the definition up")


def by_use(items: list) -> list:
    """Definitions behind `where`, each before its use; as they came when they make a loop."""
    waiting, out = list(items), []
    while waiting:
        names = {s.name for s in waiting if isinstance(s, Statement)}
        ready = [s for s in waiting if not isinstance(s, Statement) or names.isdisjoint(t.value for t in leaves(s.tree))]
        if not ready:
            return items
        out += ready
        waiting = [s for s in waiting if s not in ready]
    return out


def _cycle(start: int, place: dict, uses: list, statements: list[Statement]) -> list[str] | None:
    """Names along a loop through statement `start`, or None."""
    path = [(start, iter(uses[start]))]
    seen = {start}
    while path:
        i, names = path[-1]
        for name in names:
            j = place.get(name)
            if j == start:
                loop = [statements[k].name for k, _ in path]
                return [*loop, loop[0]]
            if j is not None and j not in seen:
                seen.add(j)
                path.append((j, iter(uses[j])))
                break
        else:
            path.pop()
    return None


def leaves(tree: Tree):
    """Name leaves, left to right."""
    stack = [tree]
    while stack:
        t = stack.pop()
        if t.kind == "name":
            yield t
        stack += reversed(t.args)


def used(statements: list[Statement]) -> set[str]:
    return {t.value for s in statements for t in leaves(s.tree)}
