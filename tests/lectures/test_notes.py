"""The lecture notes of all items print what the lectures print."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.render.deck import deck_of
from matcalc.render.parts import Figure
from matcalc.render.printer import Paper
from matcalc.render.view import view_of

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "lectures"
ITEMS = 22


@pytest.fixture(scope="module")
def notes():
    pytest.importorskip("matplotlib", reason="curves need matplotlib, which is not installed")
    return mc.notes(FOLDER / "notes.toml")


@pytest.fixture(scope="module")
def sections(notes) -> dict[int, str]:
    """The Markdown of every section by number; the formulas as Jupyter takes them."""
    text = notes.render("markdown", flavour="jupyter")
    parts = re.split(r"^## (\d+)\. .*$", text, flags=re.MULTILINE)
    return {int(n): body for n, body in zip(parts[1::2], parts[2::2], strict=True)}


def picture(notes, section: int) -> str:
    return next(p.draw("svg") for p in notes.document.chapters[section - 1].parts if isinstance(p, Figure))


def letters(svg: str) -> list[str]:
    """The texts of a picture, without the marks of raised and lowered ones."""
    return [re.sub(r"<[^>]*>", "", t) for t in re.findall(r"<text[^>]*>(.*?)</text>", svg)]


def test_every_item_has_its_section(notes):
    assert len(notes.document.chapters) == ITEMS + 1
    assert re.match(r"1\d\d derivatives of these notes, .* agree with central differences", notes.document.check[0])
    assert "Not so" not in notes.document.check


PRINTED = {
    1: ["$124.4404$", "$123.5604$", "43.9999", r"\text{(linearity, constant)}", r"\text{(monomial)}", r"\text{(chain rule)}",
        "is $44$", r"meant is $\left(2\left(1 + \frac{1}{10^2}\right) + 9\right)^2 + 3$"],
    2: ["10^{-5}", r"\epsilon^{1/3} x_c", "$1000000$", "$2000000$", "6.1"],
    3: [r"\hat{y}_1 &= w_{11} x_1 + w_{12} x_2 + w_{13} x_3", r"\hat{y}_2 &= w_{21} x_1 + w_{22} x_2 + w_{23} x_3",
        r"\frac{\partial L}{\partial \hat{y}} x^{\top}", r"W^{\top} \frac{\partial L}{\partial \hat{y}}"],
    4: [r"\frac{\partial L}{\partial b} &= W x + b - y", "P x + e"],
    5: [r"\underbrace{\;\frac{\partial f}{\partial W}\;}_{\textstyle \cdot\, x^{\top}}", r"&= (W x - y) x^{\top}",
        r"&= W^{\top}(W x - y)"],
    6: [r"&= (W_3 W_2 W_1 x - y)(W_2 W_1 x)^{\top}", r"&= W_3^{\top}(W_3 W_2 W_1 x - y)(W_1 x)^{\top}",
        r"&= W_2^{\top} W_3^{\top}(W_3 W_2 W_1 x - y) x^{\top}", r"&= W_1^{\top} W_2^{\top} W_3^{\top}(W_3 W_2 W_1 x - y)",
        r"\text{reused}"],
    8: ["| Tiger | $-3.44$ | $0.03$ | $0.0006$ |", "| Airplane | $1.16$ | $3.19$ | $0.0596$ |",
        "| Boat | $-0.81$ | $0.44$ | $0.0083$ |", "| Heavy Metal | $3.91$ | $49.90$ | $0.9315$ |",
        r"-\log\left(\frac{\exp(x_k)}{", r"&= \operatorname{softmax}(x) - y"],
    9: [r"| $\operatorname{sign}(x)$ | $0$ |", "$y(1 - y)$", "twice the delta function", r"\mathbf{1}[x \gt  0]"],
    10: [r"w \leftarrow w - \eta \frac{\partial L}{\partial w}", r"\frac{2}{M} X^{\top}(X w - y)"],
    11: [r"\hat{y} &= O(W_3 g(W_2 g(W_1 x + b_1) + b_2) + b_3)", r"\frac{\partial L}{\partial a_3} &= \hat{y} - y",
         r"\frac{\partial L}{\partial h_2} &= W_3^{\top}", r"\frac{\partial J}{\partial W_i} \leftarrow \delta_i h_{i-1}^{\top}"],
    12: [r"\frac{\partial L}{\partial \hat{y}} &= \hat{y} - y", r"\frac{\partial L}{\partial a} &= \hat{y} - y",
         r"\operatorname{sum}(y) \operatorname{softmax}(a) - y"],
    13: [r"L &= \frac{1}{N} \sum_{i,j} (\hat{Y}_{ij} - Y_{ij})^2", r"&= \frac{2}{N}(W X + b \mathbf{1}^{\top} - Y) X^{\top}",
         r"&= \frac{2}{N} X^{\top}(X W + \mathbf{1} b^{\top} - Y)"],
    14: [r"\frac{\partial h_{11}}{\partial W_{111}}", r"\frac{\partial h_{21}}{\partial W_{211}}",
         r"\frac{\partial a_{11}}{\partial W_{111}}"],
    15: [r"| $W_1$ | $2 \times 3$ | $\frac{\partial L}{\partial W_1}$ | $2 \times 3$ | $6$ |",
         r"| $b_1$ | $2$ | $\frac{\partial L}{\partial b_1}$ | $2$ | $2$ |", r"\begin{pmatrix}"],
    16: [r"\frac{\partial L}{\partial x} = x - y", r"\frac{\partial L}{\partial x} = -y \oslash x",
         r"\frac{\partial L}{\partial x} = \operatorname{softmax}(x) - y", r"\tanh(x) &= 2 \sigma(2 x) - 1",
         r"0.01 + 0.99"],
    17: [r"\phi(W x) &= \sigma(W x)"],
    18: [r"\sum_{j=1}^{m} W_{ji} \frac{\partial z}{\partial y_j}", r"\operatorname{diag}(1 - \tanh(x)^{\circ 2})",
         r"\operatorname{diag}(\operatorname{softmax}(x)) - \operatorname{softmax}(x) \operatorname{softmax}(x)^{\top}",
         "2 w_{11} x_1 & 2 w_{12} x_2 & 2 w_{13} x_3"],
    19: ["h -> s -> h is a loop", r"\frac{\partial L}{\partial s} + W^{\top} \frac{\partial L}{\partial a_2}", r"\sum_{t=1}^{T}"],
    20: [r"15 \times 10 &= (15 \times 1) (1 \times 10)", r"10 \times 5 &= (10 \times 1) (1 \times 5)",
         r"15 \times 1 &= (15 \times 10) (10 \times 1)", r"10 \times 1 &= (10 \times 5) (5 \times 1)",
         r"10 \times 1 &= (10 \times 15) (15 \times 1)", r"5 \times 1 &= (5 \times 10) (10 \times 1)"],
    21: ["stores $h_1$ and $h_2$", r"\odot h_2 \odot (1 - h_2)", "on both sides"],
    22: [r"\frac{\partial L}{\partial u} &= \cos(u)", r"&= x \cos\left(\frac{1}{2} x^2\right)"],
    23: [r"(W + W^{\top}) x", r"&= 2 W x"],
}


@pytest.mark.parametrize(("section", "part"), [(n, p) for n, parts in PRINTED.items() for p in parts])
def test_printed(sections, section: int, part: str):
    assert part in sections[section]


def test_01_the_graph_has_both_passes(notes):
    shown = letters(picture(notes, 1))
    assert {"a = 2", "b = 9", "c = 11", "e = 121", "g = 124"} <= set(shown)
    assert any("1 · 22 · 1 · 2 = 44" in t for t in shown)


def test_06_the_deck_reveals_it_factor_by_factor():
    """About 25 slides in the lecture."""
    d = mc.derive(FOLDER / "06_three_layers.mc")
    deck = deck_of(view_of(d, Paper()), Paper(), "fine")
    assert sum(frame.steps for frame in deck.frames) >= 25


def test_07_partials_stand_on_the_edges(notes):
    shown = " ".join(letters(picture(notes, 7)))
    assert "∂f3/∂f2" in shown and "∂f3/∂W3" in shown and "∂L/∂f3" in shown


def test_the_page_needs_nothing_else(notes):
    """One file: pictures inside, links that lead somewhere, headings one level at a time."""
    page = notes.render("html")
    ids = re.findall(r'\bid="(section-[^"]*)"', page)
    links = re.findall(r'href="#([^"]*)"', page)
    assert len(set(ids)) == len(ids) == len(links) and set(links) == set(ids)
    assert all(address.startswith("data:") for address in re.findall(r'\bsrc="([^"]*)"', page))
    assert "<script" not in page and "<link" not in page
    levels = [int(n) for n in re.findall(r"<h([1-6])\b", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


def test_no_line_runs_over_the_margin(notes, tmp_path: Path):
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    names = notes.save(tmp_path / "my notes_1.tex")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", Path(names[0]).name]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert [w for w in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log) if float(w) > 1] == []
