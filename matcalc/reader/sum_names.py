"""What x_i means in the sums of a model: an entry of x, or row i of X.

A name is known when it is declared, has a value, or stands somewhere without an
index.  An unknown one can be read where its sum is made of entries and numbers only;
everywhere else x_i could be a number or a vector, and the text has to say which.
"""

from __future__ import annotations

from ..rules import FUNCTION_NAMES
from .declarations import Declared
from .infer import convention
from .sums import USUAL
from .tokens import Source
from .tree import Statement, Tree, trees

_ENTRYWISE = ("number", "entry", "bigsum", "add", "sub", "neg", "mul", "div", "power", "epower", "bars")


def upper_ends(statements: list[Statement]) -> frozenset[str]:
    """The sizes that sums run up to."""
    return frozenset(t.value[1] for s in statements for t in trees(s.tree)
                     if t.kind == "bigsum" and t.value[1].isidentifier())


def candidates(statements: list[Statement]) -> set[str]:
    """X for every x_i: names that may be declared although they are not written."""
    return {_capital(e.args[0].value) for s in statements for e in _entries(s.tree)}


def resolved(source: Source, statements: list[Statement], declared: Declared, functions) -> dict[Tree, Tree]:
    """Give x_i the matrix X where that is meant; the sums that have to consist of numbers, each
    with the entry that nothing else is known of. Raises M117."""
    labels = {x for s in statements for t in trees(s.tree) if t.kind == "bigsum" for x in t.value[0]}
    said = set(declared.places) | set(declared.shapes) | {s.name for s in statements if s.name}
    plain = {leaf.value for s in statements for leaf in _plain(s.tree)}
    stems = {e.args[0].value for s in statements for e in _entries(s.tree)}
    for s in statements:
        _ranges(source, s.tree)
        _outside(source, s, labels, stems, set(declared.places))
    for s in statements:
        for e in _entries(s.tree):
            leaf, capital = e.args[0], _capital(e.args[0].value)
            if leaf.value not in said | plain and capital in said and not _is_number(capital, declared):
                leaf.value = capital
    out = {}
    for s in statements:
        for total in _outermost(s.tree):
            unknown = next((e for e in _entries(total) if e.args[0].value not in said | plain), None)
            if unknown is not None:
                _of_numbers(source, total, unknown, declared, functions)
                out[total] = unknown
    return out


def could_be_a_vector(source: Source, total: Tree, unknown: Tree):
    """The error for x_i when nothing says whether it is a number or a vector."""
    leaf, index = unknown.args[0], unknown.value[0]
    name = leaf.value
    end = next((t.value[1] for t in trees(total) if t.kind == "bigsum" and index in t.value[0]), "")
    end = end or ("n" if name != "n" else "m")
    if len(unknown.value) == 2:
        help = f"declare the matrix:  {name} : {end} x {'d' if end != 'd' else 'k'}"
    else:
        rows = _capital(name)
        help = f"declare  {name} : {end}  when it is a number,  {rows} : {end} x d  when it is a vector (a row of {rows})"
    return source.error("M117", f"nothing says whether `{name}_{''.join(unknown.value)}` is a number or a vector",
                        (leaf.start, leaf.end), help=help)


def _of_numbers(source: Source, total: Tree, unknown: Tree, declared: Declared, functions) -> None:
    sizes = {t.value[1] for t in trees(total) if t.kind == "bigsum"}
    stack = [total]
    while stack:
        t = stack.pop()
        is_call = t.kind == "call" and (t.value in FUNCTION_NAMES or t.value in functions)
        is_name = t.kind == "name" and (t.value in sizes | {"pi", "e"} or _is_number(t.value, declared))
        if not (t.kind in _ENTRYWISE or is_call or is_name):
            raise could_be_a_vector(source, total, unknown)
        if t.kind != "entry":
            stack += t.args


def _is_number(name: str, declared: Declared) -> bool:
    if name in declared.shapes:
        return all(size.is_one for size in declared.shapes[name])
    return name not in declared.ranks and convention(name) == "scalar"


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _entries(tree: Tree) -> list[Tree]:
    """Entries of names."""
    return [t for t in trees(tree) if t.kind == "entry" and t.args[0].kind == "name"]


def _plain(tree: Tree):
    """Names that stand without an index."""
    stack = [tree]
    while stack:
        t = stack.pop()
        if t.kind == "name":
            yield t
        stack += () if t.kind == "entry" and t.args[0].kind == "name" else t.args


def _outermost(tree: Tree):
    stack = [tree]
    while stack:
        t = stack.pop()
        if t.kind == "bigsum":
            yield t
        else:
            stack += t.args


def _ranges(source: Source, tree: Tree) -> None:
    """Raises M117 for sums whose index or end is not read."""
    stack: list[tuple[Tree, tuple[str, ...]]] = [(tree, ())]
    while stack:
        t, around = stack.pop()
        if t.kind == "bigsum":
            labels, above = t.value
            place = (t.start, t.args[0].start)
            if not all(len(x) == 1 and x.isascii() and x.islower() for x in labels):
                raise source.error("M117", "an index is one small letter", place)
            if len({*labels, *around}) < len(labels) + len(around):
                raise source.error("M117", "an index is summed twice", place, help="give the inner sum an index of its own")
            around += labels
            if above in around or above and not (above.isidentifier() or above.isdecimal() and above != "0"):
                raise source.error("M117", "the end of this sum is not read", place,
                                   help="a sum runs from 1 to a number or to the name of a size")
        stack += [(a, around) for a in t.args]


def _outside(source: Source, statement: Statement, labels: set[str], stems: set[str], declared: set[str]) -> None:
    """Raises M117 for x_i where no sum runs over i, in a text with sums over i or with entries of x."""
    if statement.name and _index(statement.name) and set(_index(statement.name)) <= labels:
        raise source.error("M117", f"`{statement.name}` is one entry, and only whole vectors and matrices are "
                           "given a value here", (statement.start, statement.start + 1), help="give the vector a name without an index")
    for leaf in _plain(statement.tree):
        index = _index(leaf.value)
        is_entry = set(index) <= labels or leaf.value[:-len(index) - 1] in stems and set(index) <= USUAL
        if index and is_entry and leaf.value not in declared:
            raise source.error("M117", f"no sum over {index[0]} stands around `{leaf.value}`", (leaf.start, leaf.end),
                               help="put brackets around all that is summed:  \\sum_i (a_i + b_i)")


def _index(name: str) -> str:
    return name.rpartition("_")[2] if "_" in name else ""
