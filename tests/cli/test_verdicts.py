"""What happens after the check: a formula that it contradicts is never shown."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType

import pytest

import matcalc as mc
from matcalc.cli.run import run


@dataclass(frozen=True)
class Report:
    """A report with a chosen verdict."""

    verdict: str

    @property
    def line(self) -> str:
        return f"the check {self.verdict}"

    def __str__(self) -> str:
        return self.line

    def to_json(self) -> dict:
        return {"verdict": self.verdict}


@pytest.fixture
def verdict(monkeypatch):
    """A checker that says what it is told."""
    def says(word: str) -> None:
        module = ModuleType("matcalc.numeric.check")
        module.check_derivation = module.check_result = lambda what, seed: Report(word)
        monkeypatch.setitem(sys.modules, "matcalc.numeric.check", module)
    return says


def test_a_formula_that_disagrees_is_not_shown(verdict, capsys):
    verdict("disagrees")
    assert run(["derive", "norm2(W*x - y)^2"]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "error[M600]" in shown.err and "the check disagrees" in shown.err


@pytest.mark.parametrize("call", [
    lambda: mc.derive("x'*x"), lambda: mc.gradient("x'*x", "x"),
    lambda: mc.jacobian("A*x", "x"), lambda: mc.hessian("x'*x", "x")])
def test_no_verb_returns_it(verdict, call):
    verdict("disagrees")
    with pytest.raises(mc.MatcalcError, match="M600"):
        call()


def test_cannot_tell_is_said(verdict, capsys):
    verdict("cannot tell")
    assert run(["derive", "x'*x"]) == 0
    assert "the check cannot tell" in capsys.readouterr().out


@pytest.mark.parametrize(("word", "code"), [("agrees", 0), ("disagrees", 1), ("cannot tell", 3)])
def test_exit_codes_of_check(verdict, word, code):
    verdict(word)
    assert run(["check", "x'*x"]) == code


def test_without_a_check_nothing_is_said(verdict, capsys):
    verdict("disagrees")
    assert run(["derive", "x'*x", "--no-check"]) == 0
    assert "check" not in capsys.readouterr().out.lower()
