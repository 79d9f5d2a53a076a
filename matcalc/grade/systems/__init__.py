"""The files of other systems: one function each, from graded answers to files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...api.sources import file_text
from ..records import MOST
from ..results import Graded, replace
from . import autograders, gradebooks, tables
from .handed import Handed

_ALONE = {"gradescope": autograders.gradescope, "prairielearn": autograders.prairielearn,
          "github-classroom": autograders.github_classroom, "otter": tables.otter, "nbgrader": tables.nbgrader}
EXPORTS = ("canvas", "moodle")  # need the system's own export, and fill it in
SYSTEMS = (*_ALONE, *EXPORTS)


def write(graded: Sequence[Graded], folder: Path, system: str, export: Path | None = None, column: str | None = None,
          title: str = "homework") -> Handed:
    """Write the files of a system into FOLDER; title is what the assignment is called.

    Raises MatcalcError: M420, M421 (the export), M439 (points), and what reading the export raises.
    """
    if system in EXPORTS:
        text = file_text(export, MOST, "utf-8")
        done = (gradebooks.canvas(graded, text, str(export), column) if system == "canvas"
                else gradebooks.moodle(graded, text, str(export)))
    else:
        done = _ALONE[system](graded, title)
    for name, text in done.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, text)
    return done
