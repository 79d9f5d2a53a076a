"""One-edit mutants of NumPy formulas, made on Python's own syntax tree, and what NumPy says of their values."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator

import numpy as np

FUNCTIONS = {"tanh": np.tanh, "exp": np.exp, "log": np.log, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}


def value(text: str, values: dict[str, np.ndarray]):
    """What NumPy gives, or None where the shapes do not fit."""
    try:
        with np.errstate(all="ignore"):
            return eval(text, {"np": np, "__builtins__": {}}, {**FUNCTIONS, **values})  # our own formulas
    except (ValueError, np.linalg.LinAlgError):
        return None


def mutants(text: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """(kind, text) of every formula that is one edit away."""
    tree = ast.parse(text, mode="eval")
    for k, part in enumerate(ast.walk(tree)):
        if not isinstance(part, ast.expr):
            continue
        for kind, changed in _changes(part, names):
            whole = copy.deepcopy(tree)
            places = list(ast.walk(whole))
            for above in places:
                for name, child in ast.iter_fields(above):
                    if child is places[k]:
                        setattr(above, name, changed)
                    elif isinstance(child, list) and any(c is places[k] for c in child):
                        setattr(above, name, [changed if c is places[k] else c for c in child])
            yield kind, ast.unparse(ast.fix_missing_locations(whole))


def _is_transpose(e: ast.expr) -> bool:
    return isinstance(e, ast.Attribute) and e.attr == "T"


def _changes(e: ast.expr, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    if _is_transpose(e):
        yield "transpose dropped", e.value
    if isinstance(e, ast.Name) and e.id in names:
        yield "transpose added", ast.Attribute(e, "T", ast.Load())
        yield from (("symbol", ast.Name(n, ast.Load())) for n in names if n != e.id)
    if isinstance(e, ast.Constant):
        yield from (("number", ast.Constant(n)) for n in (1, 2, 3) if n != e.value)
    if isinstance(e, ast.BinOp):
        yield from _of_operation(e)


def _of_operation(e: ast.BinOp) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(e.op, ast.MatMult):
        yield "order", ast.BinOp(e.right, e.op, e.left)
        yield "entrywise", ast.BinOp(e.left, ast.Mult(), e.right)
    if isinstance(e.op, (ast.MatMult, ast.Mult)):
        yield "factor dropped", e.left
        yield "factor dropped", e.right
    if isinstance(e.op, ast.Mult):
        yield "matrix product", ast.BinOp(e.left, ast.MatMult(), e.right)
    if isinstance(e.op, (ast.Add, ast.Sub)):
        yield "sign", ast.BinOp(e.left, ast.Sub() if isinstance(e.op, ast.Add) else ast.Add(), e.right)
        yield "term dropped", e.left
