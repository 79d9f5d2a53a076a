"""A student's function called at several points, with vectors as columns or with one axis."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..model import Model
from ..numeric.against.places import shaped
from ..numeric.mistakes import forward
from ..numeric.sample import Point
from ..shapes import Shape
from .binding import Binding
from .report import plain
from .returned import part
from .sandbox.replies import Raised, Reply

SAME = 1e-9  # relative difference of two calls with the same arguments
NO_MODULE = ("ModuleNotFoundError", "ImportError")
NOT_ALLOWED = ("PermissionError", "BlockingIOError", "FileNotFoundError", "OSError")


@dataclass(frozen=True)
class Finding:
    """What keeps a program from having values: the result, a word, and a sentence."""

    result: str
    mistake: str
    words: str


@dataclass
class Trial:
    """values: a matrix for each point;  finding: why there are none;  remarks: what was seen on the way."""

    values: list[np.ndarray] = field(default_factory=list)
    finding: Finding | None = None
    remarks: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    single: bool = False

    def note(self, *words: str) -> None:
        self.remarks += [w for w in words if w not in self.remarks]


def tried(host, binding: Binding, right, wrt: str, model: Model, points: list[Point], is_flat: bool, code: str) -> Trial:
    """Call it at every point, at the first one twice.

    right    the derivative as a formula;  is_flat: pass vectors as (n,), else as (n, 1)
    Raises Ended.
    """
    trial = Trial()
    order = [n for n, v in model.variables.items() if v.role == "variable"]
    for k, point in enumerate(points):
        arguments = given(model, binding.used, point, is_flat)
        wanted = tuple(d.value(point.sizes) for d in right.shape)
        for again in range(2 if k == 0 else 1):
            said = _called(host, binding, arguments)
            trial.finding = _trouble(trial, binding, said, arguments, code)
            if trial.finding:
                return trial
            found = part(said.value, wrt, wanted, order, is_flat)
            if found.array is None:
                is_clear = found.mistake != "which_part"
                trial.finding = Finding("wrong" if is_clear else "unreadable", found.mistake, found.words)
                return trial
            trial.note(*found.remarks)
            trial.single |= found.single
            if again and not _alike(trial.values[0], found.array, trial.single):
                trial.finding = Finding("wrong", "not_repeatable", "Two calls with the same arguments return different "
                                        "values: the function keeps something between calls, or uses random numbers.")
                return trial
            trial.values[k:] = [found.array]
    if not all(np.all(np.isfinite(v)) for v in trial.values):
        what = "NaN" if any(np.any(np.isnan(v)) for v in trial.values) else "infinite"
        trial.finding = Finding("wrong", "not_finite", f"Some of the numbers that the function returns are {what}.")
    return trial


def given(model: Model, names: list[str], point: Point, is_flat: bool) -> dict:
    """Values as a function gets them: scalars are numbers, vectors (n, 1) or (n,)."""
    known = point.values if all(n in point.values or n in point.sizes for n in names) else forward(model, point)
    return {n: _shown(known[n], model.shape_of(n), point, is_flat) if n in known else int(point.sizes[n]) for n in names}


def _shown(value: np.ndarray, shape: Shape, point: Point, is_flat: bool):
    outside = shaped(shape, point.sizes)
    if not outside:
        return float(value[0, 0])
    return np.array(value.reshape(outside) if is_flat else value)


def has_vectors(model: Model, names: list[str]) -> bool:
    """Whether it makes a difference how vectors are passed."""
    return any(shape is not None and shape[1].is_one and not shape[0].is_one for shape in map(model.shape_of, names))


def _called(host, binding: Binding, arguments: dict) -> Reply:
    names = {p: arguments[n] for p, n in binding.names.items()}
    return host.call(binding.function, [*([binding.take] if not binding.function and binding.take else []),
                                        *(arguments[n] for n in binding.places)], names)


def _trouble(trial: Trial, binding: Binding, said: Reply, arguments: dict, code: str) -> Finding | None:
    trial.note(*printed(said), *(f"it returns a {kind}" for kind in said.remarks))
    trial.changed += [n for n in map(binding.argument, said.changed) if n not in trial.changed]
    if said.error is None:
        return None
    shapes = [f"{n} {np.shape(a)}" for n, a in arguments.items() if np.ndim(a)]
    return raised(said.error, code, f" It was called with {', '.join(shapes)}." if shapes else "")


def printed(said: Reply) -> list[str]:
    return [f"it prints: {plain(said.printed.strip().splitlines()[0][:60])}"] if said.printed.strip() else []


def raised(error: Raised, code: str, shapes: str = "", result: str = "wrong") -> Finding:
    """An exception by its kind."""
    lines = code.split("\n")
    is_known = code and 0 < error.line <= len(lines)
    place = f" in line {error.line}, `{lines[error.line - 1].strip()[:80]}`" if is_known else ""
    kind, message = plain(error.kind), plain(error.message.split("\n")[0])
    what = f"{kind}: {message}" if message else kind
    if kind in NO_MODULE:
        return Finding("unreadable", "module", f"The program needs a module that is not there ({what}). Use NumPy.")
    if kind == "MemoryError":
        return Finding("undecided", "memory", f"The program runs out of memory{place} ({what}).")
    if kind in NOT_ALLOWED:
        return Finding("unreadable", "not_allowed", f"The program asks the system for something that it may not have{place} ("
                       f"{what}). A derivative needs no files, no processes and no network.")
    if kind == "SystemExit":
        return Finding("wrong", "process_ended", f"The program ends itself{place} instead of returning a value.")
    return Finding(result, "raises", f"The program raises {what}{place}.{shapes}")


def _alike(a: np.ndarray, b: np.ndarray, single: bool) -> bool:
    scale = float(np.abs(np.nan_to_num(a)).max(initial=0))
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=(1e-4 if single else SAME) * scale, equal_nan=True))
