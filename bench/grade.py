"""A class of 1,000 answers with two processes, and single answers.

    python bench/grade.py          (from the root of the checkout)

The answers are those recorded in tests/data, and programs made of their translations to
NumPy; every round of them has another comment or other blanks, so that none is equal to
another: equal ones are graded once.  The bar: 60 s.
"""

from __future__ import annotations

import json
import sys
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import matcalc as mc  # noqa: E402
from matcalc.grade import load  # noqa: E402
from tests.grade.test_functions import program  # noqa: E402

ANSWERS, PROCESSES = 1000, 2


def recorded() -> list[dict]:
    """Answers with their problem and their verdict."""
    files = [ROOT / "tests" / "data" / f"{name}_answers.jsonl" for name in ("student", "lecture")]
    answers = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    programs = [{**a, "answer": program(a), "format": "python"} for a in answers
                if a.get("numpy") and a["mistake"] != "layout_transposed"]  # which vectors with one axis cannot be
    return list({(a["problem"], a["answer"]): a for a in answers + programs}.values())


def is_program(answer: str) -> bool:
    return "def " in answer


def respelt(answer: str, n: int) -> str:
    """The same answer in its n-th spelling."""
    if is_program(answer):
        return f"# {n}\n{answer}" if n else answer
    first, blank, rest = answer.partition(" ")
    return f"{first}{blank}{' ' * n}{rest}" if blank else f"({' ' * n}{answer})" if n else answer


def class_of(size: int) -> list[dict]:
    answers = recorded()
    rounds = ({**a, "answer": respelt(a["answer"], n)} for n in count() for a in answers)
    return [{**next(rounds), "student": f"s{i}"} for i in range(size)]


def whole_class() -> None:
    answers = class_of(ANSWERS)
    distinct = len({(a["problem"], a["answer"]) for a in answers})
    programs = sum(is_program(a["answer"]) for a in answers)
    start = perf_counter()
    report = mc.grade_class(ROOT / "examples" / "problems", answers, workers=PROCESSES)
    seconds = perf_counter() - start
    agree = sum(graded.verdict.result == a["verdict"] for graded, a in zip(report, answers))
    print(f"{len(answers)} answers, {distinct} distinct, {programs} of them programs; {PROCESSES} processes")
    print(f"  whole class        {seconds:8.1f} s    (bar 60)   {1e3 * seconds / len(answers):.0f} ms an answer")
    print(f"  verdict as recorded {agree}/{len(answers)}")


def single_answers() -> None:
    """Each once, in this process: what a student waits for who hands in a formula, or a program."""
    problems = {a["problem"]: load(ROOT / "examples" / "problems" / f"{a['problem']}.toml") for a in recorded()}
    for problem in problems.values():
        problem.right  # noqa: B018  derived once, not with each answer
    times: dict[bool, list[float]] = {False: [], True: []}
    for a in recorded():
        start = perf_counter()
        mc.grade(problems[a["problem"]], a["answer"], format=a.get("format"))
        times[is_program(a["answer"])].append(1e3 * (perf_counter() - start))
    for name, found in (("formulas", times[False]), ("programs", times[True])):
        slow = quantiles(found, n=20, method="inclusive")[-1]
        print(f"  single {name} ({len(found):3})  median {median(found):5.0f} ms   "
              f"95 % within {slow:5.0f} ms   longest {max(found):5.0f} ms")


if __name__ == "__main__":
    whole_class()
    single_answers()
