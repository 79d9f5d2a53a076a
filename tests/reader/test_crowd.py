"""A crowd's answers: nearly 1,000 spellings, whose values were written by hand in NumPy."""

from __future__ import annotations

import random

import pytest

import matcalc as mc
from matcalc.errors import MatcalcError
from matcalc.expr.latex import latex
from matcalc.expr.node import walk
from matcalc.expr.text import text
from matcalc.expr.unicode import unicode
from matcalc.reader.answers import Reading, read_answer

from .crowd import ANSWERS, PROBLEMS, alike, code_of, meant, mutants, problem, python_answer, ran, slopes, value

SEEDS = range(1, 9)
FORMS = {"matrix": 0.98, "code": 0.98, "lines": 0.97, "text": 0.98, "sum": 0.8, "component": 0.8, "words": 0.7}


def of(name: str) -> list[dict]:
    return [a for a in ANSWERS if a["problem"] == name]


def reading_of(record: dict, answer: str = "") -> Reading:
    given = problem(record["problem"])
    return read_answer(answer or record["answer"], given.model, given.functions, given.wrt, given.right.form.shape)


def has_cotangent(reading: Reading) -> bool:
    return any(e.op == "cot" for e in walk(reading.answer))


@pytest.mark.parametrize("name", PROBLEMS)
def test_labels(name: str):
    """Right answers have the value of finite differences, wrong ones differ at some point."""
    for record in of(name):
        if record.get("numpy") != "" and record["verdict"] != "unreadable":
            agreeing = [alike(meant(record, seed), slopes(name, seed)) for seed in range(1, 9)]
            assert all(agreeing) == (record["verdict"] == "right"), record


@pytest.mark.parametrize("name", PROBLEMS)
def test_readings_mean_what_was_meant(name: str):
    for record in of(name):
        try:
            reading = reading_of(record)
        except MatcalcError as refused:
            is_misfit = code_of(refused).startswith("M2")
            assert record["verdict"] == ("wrong" if is_misfit else "unreadable"), (record, str(refused))
            assert refused.diagnostic.labels
            continue
        assert record["verdict"] != "unreadable" and reading.latex
        if record.get("numpy") == "" or has_cotangent(reading):
            continue
        readings = (reading, *reading.alternatives)
        found = [all(alike(value(name, r.answer, s), slopes(name, s)) for s in SEEDS) for r in readings]
        assert any(found) == (record["verdict"] == "right"), (record, reading.latex)
        if record["verdict"] == "right" and "|" not in record["answer"]:  # |u| has two meanings
            assert alike(value(name, reading.answer, 1), meant(record, 1)), (record, reading.latex)


def test_how_many_are_read():
    for form, bar in FORMS.items():
        mine = [a for a in ANSWERS if a["form"] == form]
        assert sum(a["verdict"] != "unreadable" for a in mine) >= bar * len(mine), form


@pytest.mark.parametrize("name", PROBLEMS)
def test_verdicts(name: str):
    for record in of(name)[::8]:
        verdict = mc.grade(problem(name), record["answer"], feedback="none")
        assert verdict.result == record["verdict"], (record, verdict)


@pytest.mark.parametrize("name", PROBLEMS)
def test_respelt_answers_keep_their_value(name: str):
    """Through our printers, and wrapped in what changes nothing."""
    for record in of(name):
        if record["verdict"] != "right" or record["form"] not in ("matrix", "text", "code"):
            continue
        reading = reading_of(record)
        if has_cotangent(reading) or "|" in record["answer"]:
            continue
        respelt = [print_(reading.answer) for print_ in (latex, text, unicode)]
        respelt += [f"G = {text(reading.answer)}\n(2*G + G)/3", f"(({text(reading.answer)})')'",
                    rf"\left( \left( {latex(reading.answer)} \right)^{{\top}} \right)^{{T}}"]
        if is_single(record["answer"]):
            respelt += [f" {record['answer']} ", f"({record['answer']}) + 0", f"-(-({record['answer']}))"]
        for spelling in respelt:
            again = reading_of(record, spelling)
            assert alike(value(name, again.answer, 1), value(name, reading.answer, 1)), (record, spelling, again.latex)


@pytest.mark.parametrize("name", [n for n in PROBLEMS if any(map(python_answer, of(n)))])
def test_mutants_mean_what_python_computes(name: str):
    """One edit of a NumPy answer: running it says whether it is still right."""
    rng = random.Random(name)
    for record in filter(python_answer, of(name)):
        for mutant in mutants(record["answer"], name, rng, 3):
            outcomes = {ran(name, mutant, seed) for seed in range(1, 5)}
            if outcomes & {"error", "syntax"}:
                continue
            try:
                reading = reading_of(record, mutant)
            except MatcalcError:
                assert outcomes != {"right"}, mutant
                continue
            found = [all(alike(value(name, r.answer, s), slopes(name, s), 1e-6) for s in range(1, 5))
                     for r in (reading, *reading.alternatives)]
            assert any(found) == (outcomes == {"right"}), (mutant, record["answer"], reading.latex)


def is_single(answer: str) -> bool:
    """Whether it is one formula, so that it may stand in brackets."""
    return not set(answer) & set("=\n,;.$&:[") and answer.isascii() and "\\text" not in answer
