"""Marks: the tree of what stands on the paper.

`notation` makes such a tree from an expression; the printers (`text`,
`unicode`, `latex`) turn it into characters and decide nothing about brackets,
signs, order or fractions, because all that is already in the tree.

The kinds (kind | parts | data):

  number     |               | digits, "2", "0.1", "½"
  scientific |               | (digits, power of ten)
  symbol     |               | (name, "scalar" | "vector" | "matrix")
  const      |               | "pi" or "e"
  constant   | sizes         | "ones", "eye" or "zeros"; sizes only where they are shown
  cot        |               | (output, name, rank): dL/dname
  differential |             | (name, rank): dX
  commutation  | sizes       |
  sum        | terms         | signs, one a term, +1 or -1
  negative   | x             |
  product    | factors       | gaps, one between neighbours: "space", "thin", "tight" or "dot"
  infix      | operands      | operators, one between neighbours: "had", "over", "kron"
  fraction   | top, bottom   |
  power      | base, exponent| "scalar", "entry" or "matrix"
  postfix    | x             | "transpose", "inverse", "inverse transpose", "pseudo"
  brackets   | x             |
  call       | operands      | (name, primes, is_user)
  sized      | x, sizes      | name of a function with sizes: mat, rearrange
  prefix     | x             | "logdet"
  norm       | x             | ("1" | "2" | "F", is it squared)
  absolute, root, indicator, exponential | x |
  angle      | A, B          | inner product
  indexed    | x             | indices of an entry, "i,j"
  series     | body, sizes   | the indices that are summed over
"""

from __future__ import annotations

from typing import Callable, NamedTuple

# How tightly a mark holds together; a slot brackets what is looser than it needs.
SUM, INFIX, QUOTIENT, PRODUCT, PREFIX, FRACTION, POWER, ATOM = range(1, 9)


class Mark(NamedTuple):
    """One mark; make it with `mark`.

    level   how tightly it holds together
    tall    whether there is a quotient in it, so that on a page it is higher than a line
    size    its symbols: leaves, operators, function names, transposes; no brackets
    """

    kind: str
    parts: tuple["Mark", ...]
    data: object
    level: int
    tall: bool
    size: int


_OWN_SIZE: dict[str, Callable] = {
    "sum": lambda parts, signs: len(parts) - (signs[0] > 0),
    "product": lambda parts, gaps: gaps.count("dot"),
    "infix": lambda parts, _: len(parts) - 1,
    "power": lambda parts, _: 0,
    "brackets": lambda parts, _: 0,
    "norm": lambda parts, data: 1 + data[1],
    "prefix": lambda parts, _: 2,
}


def mark(kind: str, parts: tuple[Mark, ...] = (), data: object = None, level: int = ATOM) -> Mark:
    own = _OWN_SIZE[kind](parts, data) if kind in _OWN_SIZE else 1
    seen = parts[:1] if kind in ("power", "constant") else parts  # exponents do not make it tall
    tall = kind in ("fraction", "series") or any(p.tall for p in seen)
    return Mark(kind, parts, data, level, tall, own + sum(p.size for p in parts))


def bracketed(x: Mark, needed: int) -> Mark:
    """x, in brackets if it is looser than the slot needs."""
    return x if x.level >= needed else brackets(x)


def brackets(x: Mark) -> Mark:
    return mark("brackets", (x,))


def fold(root: Mark, printers: dict[str, Callable], options=None):
    """What the printers make of the tree, parts first, each shared mark once
    (no recursion, any depth).  A printer gets (mark, values of the parts, options)."""
    done: dict[int, object] = {}
    stack = [root]
    while stack:
        m = stack[-1]
        if id(m) in done:
            stack.pop()
            continue
        waiting = [p for p in m.parts if id(p) not in done]
        if waiting:
            stack += waiting
        else:
            stack.pop()
            done[id(m)] = printers[m.kind](m, [done[id(p)] for p in m.parts], options)
    return done[id(root)]


def leading(m: Mark) -> Mark:
    """What a factor begins with."""
    while m.kind in ("product", "power", "postfix", "infix"):
        m = m.parts[0]
    return m


def ending(m: Mark) -> Mark:
    """What a factor ends with, without its exponents."""
    while m.kind in ("product", "power", "postfix", "infix"):
        m = m.parts[-1 if m.kind in ("product", "infix") else 0]
    return m
