"""One call of somebody else's function: what it returned, printed, changed, raised.

Runs in the guest process as well as in ours (for a function that the teacher passes),
and imports nothing of matcalc but `wire`.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import traceback
import warnings
from collections.abc import Callable

import numpy as np
from numpy import array_equal, copy, ndim

from ...numeric.against.wire import Foreign

MOST_PRINTED, MOST_SAID = 400, 300
MOST_BYTES = 2 ** 24  # of one returned array
CODE = "<answer>"  # the file name of the student's program


class Shown(io.TextIOBase):
    """The beginning of what is printed; the rest is thrown away."""

    def __init__(self) -> None:
        self.text = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if len(self.text) < MOST_PRINTED:
            self.text += str(text)[:MOST_PRINTED - len(self.text)]
        return len(text)


def called(function: Callable, places: list, names: dict, given: Callable = copy, plain: Callable = lambda v: v) -> dict:
    """What function(*places, **names) does.

    places, names  float64 arrays, and numbers for scalars; the function gets copies
    given, plain   an array as the function wants it, and what it returns as NumPy has it

    value, remarks (kinds of arrays), changed (arguments, as a place or a name), printed,
    error ([type, message, line]) or None
    """
    ours = dict(enumerate(places)) | names
    theirs = {k: given(v) if ndim(v) else v for k, v in ours.items()}
    remarks: list[str] = []

    def run():
        value = function(*(theirs[k] for k in range(len(places))), **{k: theirs[k] for k in names})
        return simple(value, plain, remarks)

    said = quietly(run)
    changed = [] if said["error"] else [
        k for k, v in ours.items() if ndim(v) and not array_equal(plain(theirs[k]), v, equal_nan=True)]
    return {**said, "remarks": sorted(set(remarks)), "changed": changed}


def quietly(run: Callable) -> dict:
    """value, printed, error of run(), without warnings, and with its prints kept from the terminal."""
    shown = Shown()
    said: dict = {"value": None, "error": None}
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown), np.errstate(all="ignore"), \
            warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            said["value"] = run()
        except (Exception, SystemExit) as problem:
            said["error"] = described(problem)
    return {**said, "printed": shown.text}


def described(problem: BaseException) -> list:
    """[type, message, line of the answer or 0]; the message may itself be hostile."""
    lines = [f.lineno for f in traceback.extract_tb(problem.__traceback__, -50) if f.filename == CODE]
    try:
        message = str(problem)[:MOST_SAID]
    except Exception:
        message = ""
    name = "MemoryError" if isinstance(problem, MemoryError) else type(problem).__name__
    return [str(name)[:80], message, lines[-1] if lines else 0]


def simple(value, plain: Callable, remarks: list[str]):
    """A returned value as dicts, tuples, lists, NumPy arrays and Foreign."""
    value = plain(value)
    if isinstance(value, dict):
        return {str(k): simple(v, plain, remarks) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        kind = list if isinstance(value, list) else tuple
        return kind(simple(v, plain, remarks) for v in value)
    if isinstance(value, (bool, int, float, complex, np.generic, np.ndarray)):
        if type(value).__name__ in ("matrix", "MaskedArray"):
            remarks.append(type(value).__name__)
        if type(value).__name__ == "MaskedArray" and np.any(value.mask):
            return Foreign("masked array with entries left out")
        array = np.asarray(value)
        if array.dtype.kind not in "biufc":
            return Foreign(f"array of type {array.dtype}")
        if array.nbytes > MOST_BYTES:
            return Foreign(f"array of shape {array.shape}")
        return np.array(array)
    return Foreign("None" if value is None else str(type(value).__name__)[:80])


def signature(function) -> dict:
    """Names of the parameters by kind, or {} where they cannot be told."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return {}
    kinds = {p.kind for p in parameters}
    ordinary = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return {"names": [p.name for p in ordinary],
            "optional": [p.name for p in ordinary if p.default is not p.empty],
            "by_place": [p.name for p in ordinary if p.kind is p.POSITIONAL_ONLY],
            "any_places": inspect.Parameter.VAR_POSITIONAL in kinds, "any_names": inspect.Parameter.VAR_KEYWORD in kinds}
