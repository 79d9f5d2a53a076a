"""The syntax tree: what was written, with its places, before shapes are known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Tree:
    """One node.

    kind    "number" (value: Fraction), "name" (value: str), "call" (value: function
            name, primes: how often it is differentiated), "add", "sub", "neg", "mul",
            "div", "emul", "ediv", "power", "epower", "transpose", "norm" (value: "1"
            or "2"), "bars" (|x|), "cot" (value: (output, name)), "entry" (value:
            indices), "bigsum" (value: (indices, upper end)); in answers also
            "star" (a product sign that shapes decide; value: the sign), "choice"
            (args: bracketings, value: their costs), "family"
            (x_i as a row of X; value: (X, i)), "kronecker", "extent" (a size; value: axis), "like", "filled", "reshaped"
    args    operands
    start, end   place in the source
    is_number    whether it is made of number literals only
    """

    kind: str
    args: tuple["Tree", ...]
    start: int
    end: int
    value: object = None
    primes: int = 0
    is_number: bool = False


@dataclass(slots=True, eq=False)
class Declaration:
    """names : words, e.g. W1, W2 : n x n spd."""

    names: tuple[tuple[str, int, int], ...]
    words: tuple[tuple[str, int, int], ...]
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Definition:
    """name(parameter) = body: an entrywise function."""

    name: str
    parameter: str
    body: Tree
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Statement:
    """name = tree; name is None for a bare expression."""

    name: str | None
    tree: Tree
    start: int
    end: int


def trees(tree: Tree):
    """A tree and all below it, from left to right."""
    stack = [tree]
    while stack:
        t = stack.pop()
        yield t
        stack += reversed(t.args)


def has_index(tree: Tree) -> bool:
    """Whether index notation stands anywhere in a tree."""
    return any(t.kind in ("entry", "family", "bigsum", "kronecker") for t in trees(tree))
