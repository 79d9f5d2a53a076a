"""Problem files: read, and refused with the place of what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from pathlib import Path

from ..api.sources import file_text
from ..errors import Label, MatcalcError, fail
from ..model import Assignment, Model
from ..reader import read
from ..reader.answers import read_answer
from ..reader.vocabulary import OPERATIONS, SUGAR
from ..rules import FUNCTION_NAMES
from ..suggest import closest
from .diagnosis.names import MISTAKES
from .problem import KINDS, LAYOUTS, Accepted, Problem
from .toml_places import places

KEYS = {  # name -> (type, what it is called)
    "id": (str, "text"), "title": (str, "text"), "wrt": (str, "text"), "model": (str, "text"),
    "kind": (str, "text"), "layout": (str, "text"), "function": (str, "text"), "points": ((int, float), "a number above 0"),
    "functions": (Mapping, "a table of names"), "given": (Mapping, "a table of formulas"),
    "rows_are": (Mapping, "a table of matrices"), "credit": (Mapping, "a table of numbers from 0 to 1"),
    "accept": (list, "a list of tables"),
}
ACCEPT_KEYS = {"answer": (str, "text"), "credit": ((int, float), "a number from 0 to 1"), "feedback": (str, "text"),
               "mistake": (str, "text")}


def load(source) -> Problem:
    """A problem from a TOML file (its path), or the same as a dict.

    Raises MatcalcError: M401 (no TOML), M402 (a key), M403 (a value), M438 (no such
    mistake), M441 (an accepted answer or a given formula), and what reading the model raises.
    """
    if isinstance(source, Problem):
        return source
    if isinstance(source, dict):
        return _File(source).problem()
    path = Path(source)
    text = file_text(path).replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise fail("M401", f"`{path}` is no TOML file", facts=(str(problem),),
                   help='a problem has lines such as  wrt = "W"  and  model = """..."""') from None
    return _File(data, text, str(path), path.stem).problem()


class _File:
    """The entries of a problem, and where they stand."""

    def __init__(self, data: dict, text: str = "", name: str = "<problem>", id: str = ""):
        self.data, self.text, self.name, self.id = data, text, name, id
        self.places = places(text)

    def refused(self, code: str, message: str, *path, help: str = "", facts: tuple[str, ...] = ()) -> MatcalcError:
        """The error, with the place of an entry or of the table that it is in."""
        found = next((self.places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.places), None)
        if found is None:
            return fail(code, message, facts=(f"in {self.name}", *facts), help=help)
        return fail(code, message, facts=facts, help=help, source=self.text, name=self.name, labels=(found,))

    def problem(self) -> Problem:
        data = self.data
        self._entries(data, KEYS, ("wrt", "model"), "a problem", "the problem")
        for key, known in (("kind", KINDS), ("layout", LAYOUTS)):
            if data.get(key, known[0]) not in known:
                raise self.refused("M403", f"`{key}` cannot be `{data[key]}`", key, help=f"use {', '.join(known)}")
        points = data.get("points", 1)
        if not isfinite(points) or points <= 0:
            raise self.refused("M403", f"`points` cannot be {points}", "points", help="give a number above 0")
        function = data.get("function", "")
        if function and not function.isidentifier():
            raise self.refused("M403", f"`function` cannot be `{function}`", "function", help='write  function = "grad"')
        model = self._model()
        if data["wrt"] not in model.variables:
            raise self.refused("M403", f"there is no variable `{data['wrt']}` in the model", "wrt",
                               help=closest(data["wrt"], model.variables) or f"the model has {', '.join(model.variables)}")
        made = Problem(data.get("id", self.id), model, data["wrt"], data.get("kind", KINDS[0]),
                       data.get("layout", LAYOUTS[0]), points, self._functions(model), rows_are=self._rows(model),
                       credit=self._credit(), function=function, title=data.get("title", ""))
        for name in data.get("given", ()):
            made = replace(made, given=(*made.given, self._given(made, name)))
        return replace(made, accept=tuple(self._accepted(made, n) for n in range(len(data.get("accept", ())))))

    def _entries(self, data: Mapping, keys: dict, needed: tuple[str, ...], one: str, it: str, *path) -> None:
        """Known keys with values of their types, and none missing."""
        for key, value in data.items():
            if key not in keys:
                raise self.refused("M402", f"{one} has no entry `{key}`", *path, key,
                                   help=closest(str(key), keys) or f"the entries are {', '.join(keys)}")
            kind, called = keys[key]
            if not isinstance(value, kind) or isinstance(value, bool):
                raise self.refused("M403", f"`{key}` is {called}, not `{value!r:.40}`", *path, key)
        for key in needed:
            if key not in data:
                raise self.refused("M402", f"{it} says no `{key}`", *path, help=f'add {key} = "..."')

    def _model(self) -> Model:
        """The model; a message about it points into the TOML file."""
        try:
            return read(self.data["model"], name=self.name)
        except MatcalcError as problem:
            start = self.text.find(self.data["model"]) if self.data["model"] else -1
            d = problem.diagnostic
            if start < 0 or d.source != self.data["model"]:
                raise
            labels = tuple(Label(x.start + start, x.end + start, x.text) for x in d.labels)
            raise MatcalcError(replace(d, source=self.text, labels=labels)) from None

    def _functions(self, model: Model) -> dict[str, str]:
        known = {*FUNCTION_NAMES, *OPERATIONS, *SUGAR, *model.functions}
        for name, function in (found := dict(self.data.get("functions", {}))).items():
            if function not in known:
                raise self.refused("M403", f"there is no function `{function}`", "functions", name,
                                   help=closest(str(function), known) or "`matcalc rules` lists the functions")
        return found

    def _rows(self, model: Model) -> dict[str, str]:
        matrices = [v.name for v in model.variables.values() if not any(s.is_one for s in v.shape)]
        for name, matrix in (found := dict(self.data.get("rows_are", {}))).items():
            if matrix not in matrices:
                others = f"its matrices are {', '.join(matrices) or 'none'}"
                raise self.refused("M403", f"there is no matrix `{matrix}` in the model", "rows_are", name,
                                   help=closest(str(matrix), matrices) or others)
        return found

    def _mistake(self, name: str, *path) -> str:
        if name not in MISTAKES:
            raise self.refused("M438", f"there is no mistake `{name}`", *path,
                               help=closest(name, MISTAKES) or "`matcalc explain M438` lists them")
        return name

    def _fraction(self, value, *path) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise self.refused("M403", f"credit cannot be `{value!r:.40}`", *path, help="give a number from 0 to 1")
        return value

    def _credit(self) -> dict[str, float]:
        return {self._mistake(name, "credit", name): self._fraction(value, "credit", name)
                for name, value in self.data.get("credit", {}).items()}

    def _formula(self, problem: Problem, text, *path):
        if not isinstance(text, str):
            raise self.refused("M403", f"a formula is text, not `{text!r:.40}`", *path)
        try:
            return read_answer(text, problem.language, problem.functions, problem.wrt, rows=problem.rows_are).answer
        except MatcalcError as unread:
            said = unread.diagnostic
            raise self.refused("M441", f"`{text:.60}` cannot be read in the names of the model", *path,
                               facts=(said.message, *said.facts), help=said.help) from None

    def _given(self, problem: Problem, name: str) -> Assignment:
        if problem.language.shape_of(name) is not None:
            raise self.refused("M403", f"the model has a `{name}` already", "given", name, help="give it another name")
        return Assignment(name, self._formula(problem, self.data["given"][name], "given", name))

    def _accepted(self, problem: Problem, n: int) -> Accepted:
        entry = self.data["accept"][n]
        if not isinstance(entry, Mapping):
            raise self.refused("M403", "`accept` is a list of tables", "accept",
                               help='write [[accept]] and answer = "..."')
        self._entries(entry, ACCEPT_KEYS, ("answer",), "an accepted answer", "an accepted answer", "accept", n)
        return Accepted(entry["answer"], self._formula(problem, entry["answer"], "accept", n, "answer"),
                        self._fraction(entry.get("credit", 1), "accept", n, "credit"), entry.get("feedback", ""),
                        self._mistake(entry["mistake"], "accept", n, "mistake") if entry.get("mistake") else "")
