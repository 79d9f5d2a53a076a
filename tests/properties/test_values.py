"""Simplification never changes a value, gradients are right, text is read again."""

from __future__ import annotations

import random

import numpy as np
import pytest

from matcalc.derive.engine import derivation
from matcalc.derive.patterns import recognise
from matcalc.derive.textbook import textbook
from matcalc.errors import MatcalcError
from matcalc.expr.canonical import canonical
from matcalc.expr.text import text
from matcalc.model import Assignment, Model, Variable
from matcalc.numeric.evaluate import evaluate
from matcalc.reader import read_formula

from .random_expressions import SHAPES, VARIABLES, expression, values

ALL = [v for group in VARIABLES.values() for v in group]


def drawn(seed: int, kind: str = ""):
    rng = random.Random(seed)
    return expression(rng, kind or rng.choice(list(SHAPES)), rng.choice([2, 3, 4, 5]))


def value(e, seed: int):
    at, sizes = values(seed)
    return evaluate([e], at, sizes)[0]


def close(a, b) -> bool:
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-7, atol=1e-7 * max(1.0, np.abs(b).max()))


def model_of(e) -> Model:
    variables = {v.name: Variable(v.name, v.shape, assumptions=v.assumptions) for v in ALL}
    return Model(variables, (Assignment("L", e, True),))


@pytest.mark.parametrize("block", range(8))
def test_simplified_forms_keep_the_value(block: int):
    checked = 0
    for seed in range(block * 60, block * 60 + 60):
        e = drawn(seed)
        expected = value(e, seed)
        if not np.all(np.isfinite(expected)) or np.abs(expected).max() > 1e8:
            continue
        for form in (textbook(e), canonical(e), recognise(e, {}, [])):
            assert close(value(form, seed), expected), f"{seed}: {text(e)}  ->  {text(form)}"
        checked += 1
    assert checked > 40


@pytest.mark.parametrize("seed", range(60))
def test_gradients_of_random_losses(seed: int):
    e = drawn(seed, "scalar")
    d = derivation(model_of(e), ["x", "A", "W"])
    at, sizes = values(seed)
    for g in d:
        rng = np.random.default_rng(seed)
        move, h = rng.normal(size=at[g.name].shape), 1e-5
        up, down = (evaluate([e], {**at, g.name: at[g.name] + s * h * move}, sizes)[0][0, 0] for s in (1, -1))
        numeric, analytic = (up - down) / (2 * h), float(np.sum(value(g.closed_form, seed) * move))
        assert abs(numeric - analytic) <= 1e-4 * max(1.0, abs(numeric), abs(analytic)), text(e)


@pytest.mark.parametrize("block", range(4))
def test_text_is_read_again(block: int):
    read = 0
    for seed in range(1000 + block * 40, 1040 + block * 40):
        e = textbook(drawn(seed))
        if e.op in ("zeros", "ones") or not e.args:
            continue
        try:
            again = read_formula(text(e), model_of(e))
        except MatcalcError as error:  # nothing in a lone formula says how large its ones are
            assert error.diagnostic.code in ("M203", "M205", "M209", "M204", "M201"), text(e)
            continue
        if again.shape == e.shape:
            assert close(value(again, seed), value(e, seed)), text(e)
            read += 1
    assert read > 20
