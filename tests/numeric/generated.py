"""Running generated modules in the tests."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

TARGETS = [pytest.param(t, marks=[] if importlib.util.find_spec(t) else pytest.mark.skip(
    reason=f"{t} is not installed: its modules are NOT tested")) for t in ("numpy", "jax", "torch")]
LIBRARIES = [p for p in TARGETS if p.values[0] != "numpy"]


def load(source: str) -> dict:
    """The names that a module defines; its self-test is not run."""
    space = {"__name__": "generated"}
    exec(compile(source, "<generated>", "exec"), space)  # noqa: S102
    return space


def run_alone(source: str) -> None:
    """The module as a script, which runs its self-test."""
    exec(compile(source, "<generated>", "exec"), {"__name__": "__main__"})  # noqa: S102


def given(model, values: dict) -> list:
    """The arguments in order, scalars as numbers."""
    return [values[n].reshape(()) if values[n].size == 1 else values[n] for n in model.variables]


def same(found, expected: np.ndarray) -> bool:
    found = np.asarray(found, dtype=float)
    return found.size == expected.size and np.allclose(
        found.reshape(expected.shape), expected, rtol=1e-7, atol=1e-8 * max(1.0, np.abs(expected).max()))
