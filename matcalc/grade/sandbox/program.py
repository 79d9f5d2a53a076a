"""The text of an answer as a program: its syntax, its imports, its functions.

A program without a function computes the gradient line by line; it becomes a function
of the names that it uses and does not define. Runs in the guest process.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import symtable
import sys
import types

from .calls import CODE, signature

RESULT = "result of the last line"  # no identifier, so no answer has it
SAFE = {"__future__", "abc", "cmath", "collections", "copy", "dataclasses", "decimal", "enum", "fractions", "functools",
        "itertools", "math", "numbers", "operator", "random", "re", "statistics", "string", "time", "typing", "warnings",
        "numpy", "scipy"}
LAZY = {"fft", "ma", "polynomial", "random", "testing"}  # parts of NumPy that are loaded when they are used


class Missing(types.ModuleType):
    """A module, or a part of one, that is not there."""

    __path__ = ()

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return Missing(f"{self.__name__}.{name}")

    def __call__(self, *_, **__):
        raise ModuleNotFoundError(f"No module named {self.__name__.split('.')[0]!r}")


class Program:
    """Raises what compile raises: SyntaxError, ValueError, RecursionError, MemoryError, OverflowError."""

    def __init__(self, text: str):
        tree = ast.parse(text, CODE)
        self.tree = tree
        self.last = _named_result(tree)
        self.functions = [n for n in map(_function_name, tree.body) if n]
        self.code = compile(tree, CODE, "exec", dont_inherit=True)
        self.helpers = _helpers(tree)
        self.free, self.assigned = ([], []) if self.functions else _names(text, tree)

    def load_modules(self) -> None:
        """Import what the answer will import; afterwards no file can be read. What there is not fails when it is used:
        many programs import a plotting library for lines that nobody runs here."""
        for name in _imported(self.tree):
            if name.split(".")[0] in SAFE:
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
            elif name.split(".")[0] not in sys.modules:
                parts = name.split(".")
                for k in range(1, len(parts) + 1):
                    sys.modules.setdefault(".".join(parts[:k]), Missing(".".join(parts[:k])))

    def run(self) -> dict:
        """The functions by their names: the program is executed once, or, without functions, at every call."""
        if not self.functions:
            return {"": self._script}
        space = {"__name__": "answer"}
        exec(self.code, space)
        found = {n: space.get(n) for n in self.functions}
        return {n: f for n, f in found.items() if callable(f)}

    def described(self, functions: dict) -> list[dict]:
        if not self.functions:
            return [{"name": "", "names": self.free, "assigned": [*self.assigned, *[RESULT] * self.last]}]
        return [{"name": n, "is_helper": n in self.helpers, **signature(f)} for n, f in functions.items()]

    def _script(self, take: str = "", /, **values):
        space = {"__name__": "answer", **values}
        exec(self.code, space)
        if take:
            return space[take]
        return space[RESULT] if self.last else space[self.assigned[-1]] if self.assigned else None


def _named_result(tree: ast.Module) -> bool:
    """Whether the last line is an expression (no print), which then gets a name."""
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr) or _is_print(last.value):
        return False
    named = ast.Assign([ast.Name(RESULT, ast.Store())], last.value)
    tree.body[-1] = ast.fix_missing_locations(ast.copy_location(named, last))
    return True


def _is_print(e: ast.expr) -> bool:
    return isinstance(e, ast.Call) and isinstance(e.func, ast.Name) and e.func.id in ("print", "display")


def _function_name(statement: ast.stmt) -> str:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return statement.name
    is_lambda = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Lambda)
    target = statement.targets[0] if is_lambda else None
    return target.id if isinstance(target, ast.Name) else ""


def _helpers(tree: ast.Module) -> set[str]:
    """Functions that another function of the program uses."""
    own = [n for n in tree.body if _function_name(n)]
    return {_function_name(f) for f in own for other in own if other is not f
            for n in ast.walk(other) if isinstance(n, ast.Name) and n.id == _function_name(f)}


def _names(text: str, tree: ast.Module) -> tuple[list[str], list[str]]:
    """(names that are used and not defined, names that are assigned, in order)."""
    top = symtable.symtable(text, CODE, "exec")
    own = {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for table in _tables(top) for s in table.get_symbols()
            if s.is_referenced() and (table is top or s.is_global())}
    assigned = [t.id for n in tree.body if isinstance(n, (ast.Assign, ast.AugAssign, ast.AnnAssign))
                for t in getattr(n, "targets", [getattr(n, "target", None)]) if isinstance(t, ast.Name) and t.id != RESULT]
    return sorted(used - own - set(dir(builtins))), assigned


def _tables(table) -> list:
    return [table, *(t for child in table.get_children() for t in _tables(child))]


def _imported(tree: ast.Module) -> list[str]:
    """The modules that the answer names, and the lazy parts of NumPy that it uses."""
    found, attributes = [], set()
    for n in ast.walk(tree):
        if isinstance(n, ast.Import):
            found += [a.name for a in n.names]
        elif isinstance(n, ast.ImportFrom) and n.module and not n.level:
            found += [n.module, *(f"{n.module}.{a.name}" for a in n.names if n.module.split(".")[0] in ("numpy", "scipy"))]
        elif isinstance(n, ast.Attribute):
            attributes.add(n.attr)
    return [*found, *(f"numpy.{a}" for a in sorted(LAZY & attributes))]
