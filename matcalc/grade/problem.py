"""A problem: a model, the derivative that is asked for, and what is accepted."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..api import Result, gradient, jacobian
from ..api.sources import file_text
from ..errors import fail
from ..model import Model
from ..reader import read
from ..suggest import closest

KINDS = ("gradient", "jacobian")
LAYOUTS = ("expected", "either", "report")
KEYS = ("id", "wrt", "kind", "layout", "points", "model", "functions", "function", "title")


@dataclass(frozen=True)
class Problem:
    """One problem.

    wrt        the variable
    kind       "gradient" (shape of the variable) or "jacobian" (J[i, j] = dF_i/dx_j)
    layout     of an answer that is transposed: "expected" wrong, "either" right,
               "report" right with a remark
    functions  further names that answers may use: {"sigma": "sigmoid"}
    function   name of the function that answers in Python define; "" for any
    """

    id: str
    model: Model
    wrt: str
    kind: str = "gradient"
    layout: str = "expected"
    points: float = 1
    functions: dict[str, str] = field(default_factory=dict)
    function: str = ""

    @cached_property
    def right(self) -> Result:
        """The derivative, checked."""
        return (gradient if self.kind == "gradient" else jacobian)(self.model, self.wrt)


def load(source) -> Problem:
    """A problem from a TOML file (its path), or the same as a dict.

    Raises MatcalcError: M401 (no TOML), M402 (a key), M403 (a value), and what reading
    the model raises.
    """
    if isinstance(source, Problem):
        return source
    if isinstance(source, dict):
        return _problem(source, "<problem>")
    path = Path(source)
    try:
        data = tomllib.loads(file_text(path))
    except tomllib.TOMLDecodeError as problem:
        raise fail("M401", f"`{path}` is no TOML file", facts=(str(problem),),
                   help='a problem has lines such as  wrt = "W"  and  model = """..."""') from None
    return _problem({"id": path.stem, **data}, str(path))


def _problem(data: dict, name: str) -> Problem:
    for key in data:
        if key not in KEYS:
            raise fail("M402", f"a problem has no entry `{key}`", facts=(f"in {name}",),
                       help=closest(str(key), KEYS) or f"the entries are {', '.join(KEYS)}")
    for key in ("wrt", "model"):
        if not isinstance(data.get(key), str):
            raise fail("M402", f"the problem says no `{key}`", facts=(f"in {name}",), help=f'add {key} = "..."')
    for key, known in (("kind", KINDS), ("layout", LAYOUTS)):
        if data.get(key, known[0]) not in known:
            raise fail("M403", f"`{key}` cannot be `{data[key]}`", facts=(f"in {name}",), help=f"use {', '.join(known)}")
    function = data.get("function", "")
    if not isinstance(function, str) or function and not function.isidentifier():
        raise fail("M403", f"`function` cannot be `{function}`", facts=(f"in {name}",), help='write  function = "grad"')
    model = read(data["model"], name=name)
    if data["wrt"] not in model.variables:
        raise fail("M403", f"there is no variable `{data['wrt']}` in the model", facts=(f"in {name}",),
                   help=closest(data["wrt"], model.variables) or f"the model has {', '.join(model.variables)}")
    return Problem(str(data.get("id", "")), model, data["wrt"], data.get("kind", "gradient"),
                   data.get("layout", "expected"), data.get("points", 1), dict(data.get("functions", {})), function)
