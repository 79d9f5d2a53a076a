"""The tasks of battery.toml, read and derived once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matcalc as mc
from matcalc import reader
from matcalc.expr.node import Expr
from matcalc.model import Model


@dataclass(frozen=True)
class Task:
    """One task as it stands in battery.toml."""

    id: str
    kind: str
    wrt: str
    source: str
    textbook: str

    @property
    def model(self) -> Model:
        return _model(self)

    @property
    def result(self) -> mc.Result:
        """The derivative that matcalc finds; not checked yet, the tests do that."""
        return _result(self)

    @property
    def by_hand(self) -> Expr:
        """The hand-written form."""
        return reader.read_formula(self.textbook, self.model)


@cache
def _model(task: Task) -> Model:
    return reader.read(task.source)


@cache
def _result(task: Task) -> mc.Result:
    return derive(task)


def derive(task: Task) -> mc.Result:
    """The task's derivative, anew."""
    return getattr(mc, task.kind)(task.model, task.wrt, check=False)


TASKS = tuple(Task(**entry) for entry in tomllib.loads(
    Path(__file__).with_name("battery.toml").read_text(encoding="utf-8"))["task"])
