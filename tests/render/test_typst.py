"""Typst: what the documents hold, that formulas compile, and that names stay text."""

from __future__ import annotations

import pytest

import matcalc as mc
from matcalc.expr.compose import Notation
from matcalc.expr.typst import typst
from matcalc.render.typst import Sheet, _line, _pieces, escape

from ..expr.test_printers import ALL, OTHER
from .test_render import RESIDUAL, net


def compiled(document: str) -> bytes:
    pytest.importorskip("typst")
    from matcalc.render.typst import compiled as pdf
    return pdf(document)


@pytest.mark.parametrize("options", [Notation(), OTHER])
def test_typst_takes_every_formula(options):
    assert compiled("\n".join(f"$ {typst(e, options)} $" for e in ALL.values())).startswith(b"%PDF")


def test_the_three_layers():
    text = net().render("typst")
    assert "= Gradients of $L$ with respect to $W_(3)$, $W_(2)$, $W_(1)$ and $x$\n" in text
    assert "underbrace(frac(∂ f_(3), ∂ f_(2)), inline(W_(3)^(⊤)))" in text
    assert "&= W_(3)^(⊤) (W_(3) W_(2) W_(1) x − y) (W_(1) x)^(⊤) $)" in text


def test_a_pdf_has_the_same_bytes_every_time():
    document = net().render("typst")
    pdf = compiled(document)
    assert pdf == compiled(document)
    assert b"CreationDate" not in pdf and b"CreateDate" not in pdf, "other bytes in the next second"


def test_long_formulas_are_on_several_lines():
    sheet, d = Sheet(), net(RESIDUAL)
    lines = sheet.broken(d["x"].closed_form, [""]).split(" \\\n  & quad \"\" ")
    assert len(lines) > 3
    whole = sheet.formula(d["x"].closed_form)
    assert "".join(lines).replace("\\(", "(").replace("\\)", ")").replace(" ", "") == whole.replace(" ", "")
    assert "".join(p.text for p in _pieces(whole)) == whole


def test_brackets_without_a_partner_on_the_line_are_signs():
    assert _line("(a + (b)") == "\\(a + (b)"
    assert _line("frac(a, (b)) c) + d") == "frac(a, (b)) c\\) + d"


def test_hostile_names_stay_text():
    sympy = pytest.importorskip("sympy")
    for name in ('"); #panic("x")', "#import", "$ a $", "a\\b", "// c", "a)b("):
        x = sympy.MatrixSymbol(name, 3, 1)
        document = mc.derive(x.T * x, check=False).render("typst")
        assert compiled(document).startswith(b"%PDF")
    assert escape("#a $b$ *c* _d_ @e <f> [g]") == r"\#a \$b\$ \*c\* \_d\_ \@e \<f\> \[g\]"


def test_on_the_command_line(tmp_path):
    pytest.importorskip("typst")
    from ..cli.process import matcalc
    target = tmp_path / "gradients.pdf"
    done = matcalc("derive", "x'*A*x", "--no-check", "--format", "typst", "--pdf", "-o", str(target))
    assert (done.returncode, done.stderr) == (0, "")
    assert target.read_bytes().startswith(b"%PDF")


def test_a_mistake_is_said():
    pytest.importorskip("typst")
    with pytest.raises(mc.MatcalcError, match="M509"):
        compiled("#nothing()")
