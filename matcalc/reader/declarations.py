"""What declarations say: shapes, roles, assumptions, abstract functions."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model import ASSUMPTIONS
from ..shapes import ONE, Shape, Size
from ..shapes import shape as inside
from ..shapes import size as to_size
from ..suggest import closest
from .tokens import Source
from .tree import Declaration

ROLE_WORDS = ("target", "constant", "variable")
RANK_WORDS = ("scalar", "vector", "matrix")
FUNCTION_WORDS = ("entrywise", "function")
MAX_SIZE = 10 ** 6
NEEDS_SQUARE = ("symmetric", "spd", "skew", "diagonal", "lower", "upper", "toeplitz", "orthogonal", "invertible")


@dataclass
class Declared:
    """All that is declared of names.

    shapes       name -> inside shape
    ranks        name -> "vector" or "matrix", when only that is said
    assumptions  name -> words;  roles  name -> a word of ROLE_WORDS
    functions    abstract entrywise functions
    places       name -> (start, end) of its declaration
    """

    shapes: dict[str, Shape] = field(default_factory=dict)
    ranks: dict[str, str] = field(default_factory=dict)
    assumptions: dict[str, set[str]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)


def declare(source: Source, declaration: Declaration, into: Declared) -> None:
    """Take in one declaration. Raises M107, M110, M111, M202."""
    words = list(declaration.words)
    for name, start, end in declaration.names:
        if name in into.places:
            raise source.error("M107", f"`{name}` is declared twice", (start, end), into.places[name])
        into.places[name] = start, end
    names = [n for n, _, _ in declaration.names]
    if words[0][0] in FUNCTION_WORDS:
        into.functions.update(names)
        return
    shape, rest = _shape(source, words)
    for name in names:
        if isinstance(shape, str):
            into.ranks[name] = shape
        elif shape is not None:
            into.shapes[name] = shape
        for word, start, end in rest:
            _assume(source, name, word, (start, end), into)


def _assume(source: Source, name: str, word: str, place: tuple[int, int], into: Declared) -> None:
    if word in ROLE_WORDS:
        into.roles[name] = word
    elif word in ASSUMPTIONS:
        into.assumptions.setdefault(name, set()).add(word)
        shape = into.shapes.get(name)
        if word in NEEDS_SQUARE and shape is not None and shape[0] != shape[1]:
            raise source.error("M202", f"only a square matrix can be {word}", place,
                               facts=(f"{name} is {shape[0]} x {shape[1]}",))
    else:
        raise source.error("M111", f"`{word}` is no assumption or role", place,
                           help=closest(word, (*ASSUMPTIONS, *ROLE_WORDS))
                           or "use one of " + ", ".join((*ASSUMPTIONS, "target")))


def _shape(source: Source, words: list):
    """The shape at the head of a declaration, and the words behind it."""
    first, start, end = words[0]
    if first in ROLE_WORDS or first in ASSUMPTIONS:
        return None, words
    if first in RANK_WORDS:
        return ((ONE, ONE) if first == "scalar" else first), words[1:]
    rows = _size(source, *words[0])
    if len(words) > 1:
        second = words[1][0]
        if second in ("x", "X", "*", "×", "by", ",") and len(words) > 2:
            return (rows, _size(source, *words[2])), words[3:]
        if second[0] == "x" and second[1:].isdigit():  # 3x4
            return (rows, to_size(second[1:])), words[2:]
    return (rows, ONE), words[1:]


def _is_size(word) -> bool:
    """Whether it is a name, or a whole number up to MAX_SIZE."""
    if isinstance(word, int) and not isinstance(word, bool):
        return 0 < word <= MAX_SIZE
    return isinstance(word, str) and (word.isidentifier() or (
        word.isdecimal() and len(word) <= len(str(MAX_SIZE)) and 0 < int(word) <= MAX_SIZE))


def _size(source: Source, word: str, start: int, end: int) -> Size:
    if _is_size(word) and word != "x":
        return to_size(word)
    raise source.error("M110", f"`{word}` is no size", (start, end),
                       help="a size is a name or a whole number:  W : m x n,  x : n,  a : scalar")


def given(source: Source, shapes: dict | None, assume: dict | None, known: set[str], into: Declared) -> None:
    """Shapes and assumptions that came beside the text. Raises M111, M112."""
    for name, dims in (shapes or {}).items():
        _known(source, name, known)
        dims = (dims,) if isinstance(dims, (str, int)) else dims
        if not isinstance(dims, (tuple, list)) or len(dims) > 2 or not all(map(_is_size, dims)):
            raise source.error("M110", f"the shape given for `{name}` is not understood",
                               facts=(f"a size is a name or a whole number from 1 to {MAX_SIZE}",),
                               help="shapes={'W': ('m', 'n'), 'x': ('n',), 'a': ()}")
        into.shapes[name] = inside(dims)
    for name, words in (assume or {}).items():
        _known(source, name, known)
        for word in [words] if isinstance(words, str) else sorted(words):
            _assume(source, name, word, (0, 1), into)


def _known(source: Source, name: str, known: set[str]) -> None:
    if name not in known:
        raise source.error("M112", f"there is no variable `{name}` in the text",
                           help=closest(str(name), known), facts=(f"it has {', '.join(sorted(known))}",) if known else ())
