"""One call of somebody else's function: how it is called and what it did."""

from __future__ import annotations

import contextlib
import inspect
import io
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from . import frameworks

MAX_PRINTED = 2000
_PACKAGE = str(Path(__file__).parents[2])


@dataclass(frozen=True)
class Foreign:
    """A part of an answer that is neither a number nor an array."""

    type_name: str


@dataclass(frozen=True)
class Reply:
    """What one call did.

    answer    dict, tuple, list, NumPy array, number, or Foreign
    changed   variables that the function changed in place
    printed   what it wrote to standard output
    error     (what was raised, where) or None;  misfit: why it cannot be called at all
    """

    answer: object = None
    changed: list[str] = field(default_factory=list)
    printed: str = ""
    error: tuple[str, str] | None = None
    misfit: str = ""


@dataclass
class Callee:
    """A function with its calling convention.

    names   the model's variables in order -> their names in Python
    wrt     whose gradients are wanted;  kind: numpy, jax or torch
    """

    function: object
    names: dict[str, str]
    wrt: list[str]
    kind: str = ""

    def __post_init__(self) -> None:
        self.kind = frameworks.check_kind(self.kind or frameworks.kind_of(self.function))
        self.call = frameworks.callable_of(self.function, list(self.names))
        self.by_name, self.misfit = convention(self.call, self.names)

    def __call__(self, values: dict[str, np.ndarray]) -> Reply:
        """values   name -> array of the variable's shape; they stay as they are."""
        if self.misfit:
            return Reply(misfit=self.misfit)
        printed = io.StringIO()
        with frameworks.float64(self.kind), contextlib.redirect_stdout(printed), np.errstate(all="ignore"), \
                warnings.catch_warnings():
            warnings.simplefilter("ignore")
            used = {n: frameworks.given(self.kind, np.array(values[n]) if np.ndim(values[n]) else float(values[n]))
                    for n in (self.by_name if self.by_name is not None else self.names)}
            try:
                result = self._called(used)
                result = frameworks.own_gradients(self.kind, self._called, used, self.wrt, result)
            except (Exception, SystemExit) as problem:
                return Reply(error=_described(problem), printed=printed.getvalue()[:MAX_PRINTED])
            changed = [n for n, a in used.items() if not np.array_equal(frameworks.plain(a), values[n], equal_nan=True)]
            return Reply(simple(result), changed, printed.getvalue()[:MAX_PRINTED])

    def _called(self, arguments: dict):
        if self.by_name is None:
            return self.call(*arguments.values())
        return self.call(**{self.names[n]: arguments[n] for n in self.by_name})


def convention(function, names: dict[str, str]) -> tuple[list[str] | None, str]:
    """(variables to pass by keyword, or None for all by position; why neither works)."""
    if not callable(function):
        return None, f"it is no function but {type(function).__name__}"
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None, ""
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return list(names), ""
    named = {p.name: p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
    needed = [p for p in parameters if p.default is p.empty and p.kind is not p.VAR_POSITIONAL]
    python_names = set(names.values())
    passed = [n for n, python in names.items() if python in named]
    if passed and all(p.name in python_names for p in needed):
        return passed, ""
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    required = sum(p.default is p.empty for p in places)
    anything = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if required <= len(names) and (anything or len(names) <= len(places)) and \
            not any(p.kind is p.KEYWORD_ONLY and p.default is p.empty for p in parameters):
        return None, ""
    return None, f"it takes ({', '.join(map(str, parameters))}), the model has {', '.join(names)}"


def simple(value):
    """An answer as dicts, tuples, lists, NumPy arrays and numbers."""
    value = frameworks.plain(value)
    if isinstance(value, dict):
        return {str(k): simple(v) for k, v in value.items()}
    if isinstance(value, tuple):
        return tuple(map(simple, value))
    if isinstance(value, list):
        return list(map(simple, value))
    if isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
        array = np.asarray(value)
        return array if array.dtype.kind in "biufc" else Foreign(f"array of {array.dtype}")
    return Foreign("None" if value is None else type(value).__name__)


def _described(problem: BaseException) -> tuple[str, str]:
    """(type and message, the last line of the user's own that was reached)."""
    frames = [f for f in traceback.extract_tb(problem.__traceback__) if not f.filename.startswith(_PACKAGE)]
    own = [f for f in frames if "site-packages" not in f.filename and not f.filename.startswith("<")] or frames
    where = f"line {own[-1].lineno} of {Path(own[-1].filename).name}: {own[-1].line}" if own else ""
    message = str(problem).strip().split("\n")[0][:300]
    return (f"{type(problem).__name__}: {message}" if message else type(problem).__name__), where
