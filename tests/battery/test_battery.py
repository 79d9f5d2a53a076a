"""The battery: 132 derivatives right at three points, and in textbook form.

Right: equal to differences of a reference in plain NumPy (`references.py`).
Textbook: not longer than the form written by hand in `battery.toml`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from matcalc.expr.notation import length
from matcalc.numeric.evaluate import evaluate

from .numbers import POINTS, as_jacobian, difference_jacobian, draw, relative_error
from .references import REFERENCES
from .tasks import TASKS, Task

TOLERANCE = 1e-6
DATA = Path(__file__).parents[1] / "data" / "battery.jsonl"
by_id = pytest.mark.parametrize("task", TASKS, ids=lambda t: t.id)


def is_short(task: Task) -> bool:
    return length(task.result.form) <= length(task.by_hand)


@by_id
def test_right(task: Task):
    for seed, sizes in enumerate(POINTS):
        values = draw(task.model.variables, sizes, seed)
        [form] = evaluate([task.result.form], values, sizes)
        expected = difference_jacobian(REFERENCES[task.id], values, task.wrt)
        assert relative_error(as_jacobian(form, task.kind, values, task.wrt), expected) < TOLERANCE, task.result.text


@by_id
def test_hand_form_is_right(task: Task):
    values = draw(task.model.variables, POINTS[0], 0)
    ours, by_hand = evaluate([task.result.form, task.by_hand], values, POINTS[0])
    assert relative_error(by_hand, ours) < 1e-9


def test_the_battery_is_whole():
    data = [json.loads(line) for line in DATA.read_text().splitlines()]
    assert [t.id for t in TASKS] == [d["id"] for d in data] == list(REFERENCES)
    for task, d in zip(TASKS, data):
        assert task.wrt == d["wrt"]
        assert {k: [str(n) for n in v.to_json()["shape"]] for k, v in task.model.variables.items()} == {
            k: [str(n) for n in s] for k, s in d["shapes"].items()}


def test_textbook_form():
    longer = [f"{t.id}: {t.result.text}  |  {t.textbook}" for t in TASKS if not is_short(t)]
    assert len(TASKS) - len(longer) >= 125, "\n".join(longer)


def test_an_error_would_be_seen():
    """The comparison is sharp: a changed formula, or a transposed one, fails."""
    task = next(t for t in TASKS if t.id == "t03")
    values = draw(task.model.variables, POINTS[0], 0)
    [form] = evaluate([task.result.form], values, POINTS[0])
    expected = difference_jacobian(REFERENCES["t03"], values, task.wrt)
    for wrong in (-form, 1.00001 * form, form.T, form + 1e-4):
        assert relative_error(as_jacobian(wrong, "gradient", values, task.wrt), expected) > TOLERANCE


def test_references_agree_with_jax():
    """The references against those of another hand, written in JAX."""
    jax = pytest.importorskip("jax", reason="JAX is not installed: the cross-check of the references did not run")
    jax.config.update("jax_enable_x64", True)
    names = {"jnp": jax.numpy, "jax": jax, "jsig": jax.nn.sigmoid}
    data = {d["id"]: d for d in map(json.loads, DATA.read_text().splitlines())}
    checked = 0
    for task in TASKS:
        source = data[task.id].get("reference_jax")
        if source is None or task.kind == "hessian" or task.id in ("t12", "d15"):  # fixed k; leaves a constant out
            continue
        values = draw(task.model.variables, POINTS[0], 1)
        value = eval(source, {**names, "e": {k: jax.numpy.asarray(v) for k, v in values.items()}})  # our own data
        assert np.allclose(np.asarray(value).squeeze(), np.squeeze(REFERENCES[task.id](**values)), rtol=1e-10), task.id
        checked += 1
    assert checked > 90
