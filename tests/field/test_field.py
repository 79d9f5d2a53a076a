"""Derivatives of books and courses: right, no longer than printed, checked by JAX."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from matcalc.expr.notation import length
from matcalc.numeric.evaluate import Program, evaluate
from matcalc.numeric.sample import Point, draw

from .table import ENTRIES, Entry

each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)


def values_at(entry: Entry, formulas: list, seed: int) -> tuple[Point, list[np.ndarray]]:
    """Values of formulas at a random point; a named form's intermediates are computed first."""
    point = draw(entry.read, [seed])
    assert point is not None, "no point inside the domain"
    values = dict(point.values)
    if entry.kind == "named":
        for eq in entry.found.forward:
            values[eq.name] = evaluate([eq.rhs], values, point.sizes)[0]
        for eq in entry.found.backward:
            values[eq.lhs.data] = evaluate([eq.rhs], values, point.sizes)[0]
    return point, evaluate(formulas, values, point.sizes)


def relative_error(a: np.ndarray, b: np.ndarray) -> float:
    assert a.shape == b.shape
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(b), 1e-300))


def test_ids_are_unique():
    assert len({e.id for e in ENTRIES}) == len(ENTRIES)


@each
def test_is_what_the_source_prints(entry: Entry):
    for seed in (1, 2):
        _, (ours, printed) = values_at(entry, [entry.formula, entry.printed], seed)
        assert relative_error(ours, printed) < 1e-8, str(entry.found)


@each
def test_agrees_with_differences(entry: Entry):
    assert entry.found.check(seed=1).verdict == "agrees"


def test_no_longer_than_the_source():
    longer = [f"{e.id} {length(e.formula)} > {length(e.printed)}: {e.formula}  |  {e.form}"
              for e in ENTRIES if length(e.formula) > length(e.printed)]
    assert len(longer) <= 0.05 * len(ENTRIES), "\n".join(longer)


def test_agrees_with_jax():
    """Gradients against JAX's own differentiation, in float64, of what was written."""
    jax = pytest.importorskip("jax", reason="JAX is not installed: the field was NOT checked against JAX")
    jax.config.update("jax_enable_x64", True)
    for entry in ENTRIES:
        if entry.kind not in ("gradient", "named") or entry.entries != "free" or entry.wrt not in entry.read.variables:
            continue
        point, (ours,) = values_at(entry, [entry.formula], 3)
        assert relative_error(ours, np.asarray(_by_jax(jax, entry, point))) < 1e-9, entry.id


# What the oracles take from Python, entry by entry, as JAX has it.
_OF_JAX = {math.erf: lambda jax: jax.scipy.special.erf}


def _by_jax(jax, entry: Entry, point: Point):
    array = SimpleNamespace(**{**vars(jax.numpy), "vectorize": lambda f, otypes: _OF_JAX[f](jax)})
    programs = [(a.name, Program([a.expr], array)) for a in entry.read.assignments]

    def loss(x):
        values = {**point.values, entry.wrt: x}
        for name, program in programs:
            values[name] = program.results(program.run(values, point.sizes))[0]
        return values[programs[-1][0]][0, 0]

    return jax.grad(loss)(point.values[entry.wrt])
