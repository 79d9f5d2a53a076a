"""What a derivation shows on the terminal can be pasted into a formula of its model."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcalc import derive
from matcalc.expr.text import text
from matcalc.expr.unicode import unicode
from matcalc.reader import read_formula

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.mc"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_gradients_are_read_again(path: Path):
    derivation = derive(path.read_text(encoding="utf-8"), check=False)
    for gradient in derivation.gradients.values():
        for form in (gradient.named_form, gradient.closed_form):
            if form is not None and form.op != "zeros":  # a 0 does not show its shape
                assert text(read_formula(unicode(form), derivation.model)) == text(form)
