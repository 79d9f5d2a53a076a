"""matcalc grade"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .options import write

EXIT = {"right": 0, "wrong": 1, "no_answer": 1, "unreadable": 2, "undecided": 3}
SYSTEMS = ("gradescope", "prairielearn", "github-classroom", "otter", "nbgrader", "canvas", "moodle")
EXPORTS = ("canvas", "moodle")


@click.command()
@click.argument("problem")
@click.argument("answers", nargs=-1, metavar="[ANSWER]...")
@click.option("--feedback", type=click.Choice(["none", "verdict", "hint", "full"]), default="full", show_default=True,
              help="How much students are told; a hint never gives the answer away.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the random points.")
@click.option("--json", "as_json", is_flag=True, help="The verdicts, or the summary of a class, as JSON.")
@click.option("--class", "of_class", metavar="FILE|FOLDER",
              help="Grade a class: CSV or JSONL with student, answer and perhaps problem, or a folder of files.")
@click.option("--student", metavar="NAME", help="The FOLDER is this one student's, with a file for each problem.")
@click.option("-o", "--output", metavar="FOLDER", help="Of a class: where results.jsonl, grades.csv and the reports go; "
              "what is graded there is not graded again.")
@click.option("--workers", type=click.IntRange(min=1), help="Of a class: processes. [default: one for each processor]")
@click.option("--dask", metavar="ADDRESS", help="Of a class: do the work on the cluster of this Dask scheduler.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), default=10, show_default=True, metavar="SECONDS",
              help="Of a class: an answer that takes longer is undecided.")
@click.option("--to", "system", type=click.Choice(SYSTEMS),
              help="Of a class: also files for this system; for Canvas and Moodle its own --export, filled in.")
@click.option("--export", metavar="FILE", help="Canvas' gradebook export, or Moodle's grading worksheet.")
@click.option("--column", metavar="TITLE", help="The assignment in Canvas' export, where it has several.")
@click.pass_context
def grade(ctx, problem, answers, feedback, seed, as_json, of_class, output, workers, time_limit, system, export, column,
          dask, student):
    """Grade ANSWERs (formulas, or files that hold one) to PROBLEM.toml: right, wrong and why, or unreadable.

    With --class, PROBLEM may be a folder of problems.
    """
    if of_class is not None:
        if answers or output is None:
            raise click.UsageError("--class goes with -o FOLDER, and without ANSWER")
        if (system in EXPORTS) != (export is not None):
            raise click.UsageError("--export FILE goes with --to canvas and --to moodle")
        result = _class(problem, of_class, output, feedback=feedback, seed=seed, workers=workers, seconds=time_limit,
                        dask=dask, student=student)
        done = _handed_over(result, problem, Path(output), system, export, column) if system else None
        write(_json(result, output, done) if as_json else _summary(result, output, done), None)
        return
    if any(x is not None for x in (output, workers, dask, student, system, export, column)):
        raise click.UsageError("-o, --workers, --dask, --student, --to, --export and --column go with --class")
    if not answers:
        raise click.UsageError("there is no ANSWER; write one, or name the answers of a class with --class")
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


def _class(problem: str, answers: str, output: str, **options):
    """Grade a class; on a terminal, show how far it is."""
    from ..grade import grade_class
    if not sys.stderr.isatty():
        return grade_class(problem, answers, output, **options)
    with click.progressbar(length=1, label="grading", file=sys.stderr) as bar:
        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)
        return grade_class(problem, answers, output, progress=show, **options)


def _handed_over(result, problem: str, folder: Path, system: str, export: str | None, column: str | None):
    """Write the files of another system."""
    from ..grade import systems
    return systems.write(result, folder, system, Path(export) if export else None, column, Path(problem).stem)


def _files(output: str, done) -> list[str]:
    from ..grade.classes import FILES
    return [str(Path(output) / f) for f in (*FILES, *([done.places] if done else []))]


def _summary(result, output: str, done) -> str:
    """What was graded and written, and who is not in the files of the other system."""
    from ..grade.report import plain
    lines = [str(result), f"written: {', '.join(_files(output, done))}"]
    for what, students in (("not in the export", done.absent), ("no score yet", done.unscored)) if done else ():
        if students:
            lines.append(f"{what}: {', '.join(map(plain, students))}")
    return "\n".join(lines) + "\n"


def _json(result, output: str, done) -> str:
    more = {"absent": done.absent, "unscored": done.unscored} if done else {}
    return json.dumps({**result.to_json(), "files": _files(output, done), **more}, indent=2) + "\n"


def _text(answer: str) -> str:
    """The answer itself, or what is in the file of that name."""
    from ..api.sources import file_text
    try:
        is_file = len(answer) < 256 and Path(answer).is_file()
    except (OSError, ValueError):
        is_file = False
    return file_text(Path(answer)) if is_file else answer


def _size(shape: tuple) -> str:
    """A shape as a verdict has it, (), (n,) or (m, n), in words."""
    return " x ".join(map(str, shape)) if len(shape) == 2 else f"a vector with {shape[0]} entries" if shape else "a scalar"


def _shown(verdict) -> str:
    lines = [verdict.result.replace("_", " ")]
    if verdict.credit and verdict.credit != 1:
        lines[0] += f", {verdict.credit:g} of the points"
    if verdict.feedback:
        lines += [f"  {line}" for line in verdict.feedback.splitlines()]
    if verdict.reading:
        lines.append(f"  read as {verdict.reading}, {_size(verdict.shape)}")
    return "\n".join([*lines, *(f"  {note}" for note in verdict.notes)])
