"""Every oracle also runs with 50 digits, and gives the same value."""

from __future__ import annotations

import numpy as np
import pytest
from mpmath import mp

from matcalc.numeric.evaluate import Program, evaluate
from matcalc.numeric.precise import DIGITS, Precise, numbers

from ..rules.test_rules import OPS, SIZES, point


@pytest.mark.parametrize("op", [o for o in OPS if o not in ("argmax", "argmin", "expm", "frechet", "pinv")])
def test_same_value(op: str):
    node, _, values, _ = point(op, 0)
    with mp.workdps(DIGITS):
        program = Program([node], Precise())
        [exact] = program.results(program.run(numbers(values), SIZES))
    assert np.allclose(np.asarray(exact, dtype=float), evaluate([node], values, SIZES)[0], rtol=1e-12)
