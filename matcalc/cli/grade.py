"""matcalc grade"""

from __future__ import annotations

import json
from pathlib import Path

import click

from .options import write

EXIT = {"right": 0, "wrong": 1, "no_answer": 1, "unreadable": 2, "undecided": 3}


@click.command()
@click.argument("problem")
@click.argument("answers", nargs=-1, required=True, metavar="ANSWER...")
@click.option("--feedback", type=click.Choice(["none", "verdict", "hint", "full"]), default="full", show_default=True,
              help="How much is said; a hint never gives the answer away.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the random points.")
@click.option("--json", "as_json", is_flag=True, help="The verdicts as JSON.")
@click.pass_context
def grade(ctx, problem, answers, feedback, seed, as_json):
    """Grade ANSWERs (formulas, or files that hold one) to PROBLEM.toml: right, wrong and why, or unreadable."""
    from ..grade import grade as graded
    from ..grade import load
    loaded = load(problem)
    verdicts = [graded(loaded, _text(a), feedback=feedback, seed=seed) for a in answers]
    if as_json:
        data = [v.to_json() for v in verdicts]
        write(json.dumps(data[0] if len(data) == 1 else data, ensure_ascii=False, indent=2) + "\n", None)
    else:
        write("\n".join(map(_shown, verdicts)) + "\n", None)
    ctx.exit(max(EXIT[v.result] for v in verdicts))


def _text(answer: str) -> str:
    """The answer itself, or what is in the file of that name."""
    from ..api.sources import file_text
    try:
        is_file = len(answer) < 256 and Path(answer).is_file()
    except (OSError, ValueError):
        is_file = False
    return file_text(Path(answer)) if is_file else answer


def _shown(verdict) -> str:
    lines = [verdict.result.replace("_", " ")]
    if verdict.feedback:
        lines += [f"  {line}" for line in verdict.feedback.splitlines()]
    if verdict.reading:
        lines.append(f"  read as {verdict.reading}")
    return "\n".join([*lines, *(f"  {note}" for note in verdict.notes)])
