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
from .wire import Foreign

MAX_PRINTED = 2000
_PACKAGE = str(Path(__file__).parents[2])


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
        self.by_place, self.by_name, self.misfit = convention(self.call, self.names)

    def __call__(self, values: dict[str, np.ndarray]) -> Reply:
        """values   name -> array of the variable's shape; they stay as they are."""
        if self.misfit:
            return Reply(misfit=self.misfit)
        printed = io.StringIO()
        with frameworks.float64(self.kind), contextlib.redirect_stdout(printed), np.errstate(all="ignore"), \
                warnings.catch_warnings():
            warnings.simplefilter("ignore")
            used = {n: frameworks.given(self.kind, np.array(values[n]) if np.ndim(values[n]) else float(values[n]))
                    for n in (*self.by_place, *self.by_name)}
            try:
                result = self._called(used)
                result = frameworks.own_gradients(self.kind, self._called, used, self.wrt, result)
            except (Exception, SystemExit) as problem:
                return Reply(error=_described(problem), printed=printed.getvalue()[:MAX_PRINTED])
            changed = [n for n, a in used.items() if not np.array_equal(frameworks.plain(a), values[n], equal_nan=True)]
            return Reply(simple(result), changed, printed.getvalue()[:MAX_PRINTED])

    def _called(self, arguments: dict):
        return self.call(*(arguments[n] for n in self.by_place), **{self.names[n]: arguments[n] for n in self.by_name})


def convention(function, names: dict[str, str]) -> tuple[list[str], list[str], str]:
    """(variables passed by position, variables passed by keyword, why neither works).

    A function that names its arguments after variables gets those it names; one with
    other names gets all variables in the order of the model.
    """
    everything = list(names)
    if not callable(function):
        return [], [], f"it is no function but {type(function).__name__}"
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return everything, [], ""
    kinds = {p.kind for p in parameters}
    if inspect.Parameter.VAR_KEYWORD in kinds and inspect.Parameter.VAR_POSITIONAL not in kinds:
        return [], everything, ""
    ordinary = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    variables = {python: n for n, python in names.items()}
    if any(p.name in variables for p in ordinary) and all(p.name in variables for p in ordinary if p.default is p.empty):
        return *_split(ordinary, variables), ""
    places = [p for p in ordinary if p.kind is not p.KEYWORD_ONLY]
    required = [p for p in ordinary if p.default is p.empty]
    is_enough = inspect.Parameter.VAR_POSITIONAL in kinds or len(names) <= len(places)
    if len(required) <= len(names) and is_enough and not any(p.kind is p.KEYWORD_ONLY for p in required):
        return everything, [], ""
    return [], [], f"it takes ({', '.join(p.name for p in parameters)}), the model has {', '.join(names)}"


def _split(parameters: list, variables: dict[str, str]) -> tuple[list[str], list[str]]:
    """By position as far as that goes: what frameworks wrap often takes nothing else."""
    first = next((i for i, p in enumerate(parameters) if p.name not in variables or p.kind is p.KEYWORD_ONLY), len(parameters))
    return ([variables[p.name] for p in parameters[:first]],
            [variables[p.name] for p in parameters[first:] if p.name in variables and p.kind is not p.POSITIONAL_ONLY])


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
    where = f"line {own[-1].lineno} of {Path(own[-1].filename).name}" if own else ""
    if own and own[-1].line:
        where += f": {own[-1].line[:80]}"
    message = str(problem).strip().split("\n")[0][:300]
    return (f"{type(problem).__name__}: {message}" if message else type(problem).__name__), where
