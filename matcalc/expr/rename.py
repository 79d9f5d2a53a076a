"""The same expression with other names of variables and sizes."""

from __future__ import annotations

from typing import Callable

from ..shapes import Size
from .node import Expr, node, walk


def renamed(e: Expr, rename: Callable[[str], str]) -> Expr:
    """e with every name of a variable, cotangent, differential and size renamed."""
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        shape = tuple(_size(s, rename) for s in part.shape)
        memo[part] = node(part.op, args, _data(part, rename), shape)
    return memo[e]


def replaced(e: Expr, parts: dict[Expr, Expr]) -> Expr:
    """e with parts replaced by expressions of the same shape, nothing simplified."""
    memo = dict(parts)
    for part in walk(e):
        if part not in memo:
            args = tuple(memo[a] for a in part.args)
            memo[part] = part if args == part.args else node(part.op, args, part.data, part.shape)
    return memo[e]


def _size(s: Size, rename: Callable[[str], str]) -> Size:
    return Size(s.coefficient, tuple(sorted(map(rename, s.names))))


def _data(e: Expr, rename: Callable[[str], str]):
    if e.op == "var":
        return (rename(e.data[0]), e.data[1])
    if e.op == "cot":
        return tuple(map(rename, e.data))
    if e.op == "dvar":
        return rename(e.data)
    if e.op == "size":
        return _size(e.data, rename)
    if e.op in ("commutation", "mat", "rearrange"):
        return tuple(_size(s, rename) for s in e.data)
    return e.data
