"""The battery: 132 derivatives right at three points, and in textbook form.

Right: equal to differences of a reference in plain NumPy (`references.py`).
Textbook: not longer than the form written by hand in `battery.toml`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import matcalc as mc
from matcalc.expr.notation import length
from matcalc.numeric.evaluate import evaluate

from .numbers import POINTS, as_jacobian, difference_jacobian, draw, relative_error
from .references import REFERENCES
from .tasks import TASKS, Task

TOLERANCE = 1e-6
DATA = Path(__file__).parents[1] / "data" / "battery.jsonl"
BY_ID = {t.id: t for t in TASKS}
by_id = pytest.mark.parametrize("task", TASKS, ids=lambda t: t.id)

# The same tasks spelled otherwise: literally as in the data, or with the functions
# of the language where battery.toml writes exp, diag and quotients (and the other way).
ROWS = "K1 : N x n; Q1 : q x n; V1 : N x p; G : q x p; "
QUERY = "K1 : N x n; V1 : N x p; q1 : n; g1 : p; "
SCALED = ROWS + "1/2*norm2(diag(1./(exp(Q1*K1'/sqrt(n))*vector(1)))*exp(Q1*K1'/sqrt(n))*V1 - G)^2"
PLAIN = ROWS + "1/2*norm2(softmax_rows(Q1*K1')*V1 - G)^2"
SPELLINGS = {
    "v08": "x : n; sqrt(x'*x)",
    "v12": "x : n; Q : n x n; (x'*Q*x)/(x'*x)",
    "v13": "x : n; Q : n x n; tr(x'*Q*x)/tr(x'*x)",
    "v16": "a : n; x : n; y0 : scalar; log(1 + exp(-y0*tr(a'*x)))",
    "j15": "x : n; x/sqrt(x'*x)",
    "n03": "D : N x n; T : N x p; Wd : n x p; lam : scalar; tr((D*Wd - T)'*(D*Wd - T))/2 + lam/2*tr(Wd'*Wd)",
    "e12": "x : n; t : p onehot target; Wd : n x p; cross_entropy(softmax(Wd'*x), t)",
    "e14": "w : n; D : N x n; yd : N; sum(softplus(-(yd.*(D*w))))",
    **dict.fromkeys(("a01", "a02", "a03"), SCALED),
    **dict.fromkeys(("a11", "a12", "a13"), PLAIN),
    "a04": QUERY + "1/2*norm2(V1'*exp(K1*q1)/sum(exp(K1*q1)) - g1)^2",
    "a05": QUERY + "1/2*norm2(V1'*softmax(K1*q1) - g1)^2",
}


def value(task: Task, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The derivative by matcalc and by differences of the reference, laid out alike."""
    values = draw(task.model.variables, POINTS[seed], seed)
    return (as_jacobian(task.result.numpy(**values), task.kind, values, task.wrt),
            difference_jacobian(REFERENCES[task.id], values, task.wrt))


@by_id
def test_right(task: Task):
    for seed in range(len(POINTS)):
        found, expected = value(task, seed)
        assert relative_error(found, expected) < TOLERANCE, task.result.text


@by_id
def test_matcalc_checks_it_itself(task: Task):
    assert task.result.check(seed=1).verdict == "agrees"


@by_id
def test_hand_form_is_right(task: Task):
    values = draw(task.model.variables, POINTS[0], 0)
    ours, by_hand = evaluate([task.result.form, task.by_hand], values, POINTS[0])
    assert relative_error(by_hand, ours) < 1e-9


@pytest.mark.parametrize("name", SPELLINGS)
def test_other_spellings_are_right_and_no_longer(name: str):
    task = BY_ID[name]
    other = mc.gradient(SPELLINGS[name], task.wrt, check=False) if task.kind == "gradient" else mc.jacobian(
        SPELLINGS[name], task.wrt, check=False)
    values = draw(task.model.variables, POINTS[1], 1)
    assert relative_error(other.numpy(**values), task.result.numpy(**values)) < 1e-9
    assert length(other.form) <= length(task.result.form), other.text


def test_the_battery_is_whole():
    data = [json.loads(line) for line in DATA.read_text().splitlines()]
    assert [t.id for t in TASKS] == [d["id"] for d in data] == list(REFERENCES)
    for task, d in zip(TASKS, data, strict=True):
        assert task.wrt == d["wrt"]
        assert {k: [str(n) for n in v.to_json()["shape"]] for k, v in task.model.variables.items()} == {
            k: [str(n) for n in s] for k, s in d["shapes"].items()}


def test_textbook_form():
    longer = [f"{t.id}: {t.result.text}  |  {t.textbook}" for t in TASKS if length(t.result.form) > length(t.by_hand)]
    assert len(TASKS) - len(longer) >= 125, "\n".join(longer)


@by_id
def test_an_error_would_be_seen(task: Task):
    """The comparison is sharp: another sign, factor or entry fails, and a
    transposed form unless the right one is symmetric."""
    found, expected = value(task, 0)
    for wrong in (-found, 1.00001 * found, found + 1e-4 * max(np.abs(expected).max(), 1)):
        assert relative_error(wrong, expected) > TOLERANCE
    form = np.squeeze(task.result.numpy(**draw(task.model.variables, POINTS[0], 0)))
    if form.ndim == 2 and form.shape[0] == form.shape[1] and not np.allclose(form, form.T):
        values = draw(task.model.variables, POINTS[0], 0)
        assert relative_error(as_jacobian(form.T, task.kind, values, task.wrt), expected) > TOLERANCE


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
