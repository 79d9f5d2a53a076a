"""What `text` prints, the reader reads again: the same value, and printed the same."""

from __future__ import annotations

import numpy as np
import pytest

from matcalc.expr import build as b
from matcalc.expr.node import variables, walk
from matcalc.expr.text import text
from matcalc.expr.unicode import unicode
from matcalc.model import Assignment, Function, Model, Variable

from .evaluate import evaluate
from .formulas import FORMULAS
from .samples import EVERY_OP, A, C

reader = pytest.importorskip("matcalc.reader.read")

ALL = {**EVERY_OP, **FORMULAS}
NOT_IN_THE_LANGUAGE = ("dvar", "differential", "mat", "rearrange", "frechet", "argmax", "argmin")
# there the size of ones, zeros or I, or whether N is a size, is nowhere to be seen
OPEN = ("zeros", "size", "quadratic over N", "two denominators")


def model_of(e) -> Model:
    """A model with the variables of e; it knows the sizes m and n."""
    inputs = {v.name: Variable(v.name, v.shape, assumptions=v.assumptions) for v in (*variables(e), A, C)}
    functions = {}
    for part in walk(e):
        if part.op == "cot":
            inputs[part.data[1]] = Variable(part.data[1], part.shape)
        if part.op == "fn" and part.data.is_user:
            functions[part.data.name] = Function(part.data.name, part.data.parameter, part.data.body)
    return Model(inputs, (Assignment("L", b.num(0)),), functions)


@pytest.mark.parametrize("name", [k for k in ALL if k not in NOT_IN_THE_LANGUAGE + OPEN])
def test_text_is_read_again(name):
    e = ALL[name]
    again = reader.read_formula(text(e), model_of(e))
    assert text(again) == text(e) or name in ("sizes", "gauss", "fraction in a product")  # scalars move
    assert again.shape == e.shape
    np.testing.assert_allclose(evaluate(again), evaluate(e), rtol=1e-12)


# W_1,2 has a comma in its index; the others are sizes that only their place tells
OPEN_IN_UNICODE = ("names", "ones matrix", "centring")


@pytest.mark.parametrize("name", [k for k in ALL if k not in NOT_IN_THE_LANGUAGE + OPEN + OPEN_IN_UNICODE])
def test_unicode_is_read_again(name):
    e = ALL[name]
    again = reader.read_formula(unicode(e), model_of(e))
    assert again.shape == e.shape
    np.testing.assert_allclose(evaluate(again), evaluate(e), rtol=1e-12)
