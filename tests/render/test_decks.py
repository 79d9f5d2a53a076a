"""Decks: their steps, that both have the same, that nothing moves, that TeX accepts them."""

from __future__ import annotations

import re
import shutil
import subprocess
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

import matcalc as mc
from matcalc.render import pdf
from matcalc.render.browser import Browser
from matcalc.render.deck import PACES, deck_of
from matcalc.render.general import general_view
from matcalc.render.printer import Paper
from matcalc.render.view import view_of

from ..cli.process import matcalc
from ..expr.test_mathml import assert_core
from ..quality.tex import needs_tex, overfull, typeset
from .test_html import page
from .test_render import CLASSIFIER, LONG, NET, RESIDUAL, net

SOURCES = [NET, "logdet(X)", "x : n; L = x'*x", *LONG]
DEEP = "; ".join(f"h{i} = tanh(W{i}*h{i - 1})" for i in range(1, 13)) + "; L = norm2(h12 - y)^2"


RESULTS = {  # of every kind that there is
    "gradient": lambda: mc.gradient("logdet(X)", "X", check=False),
    "jacobian": lambda: mc.jacobian("softmax(W*x)*norm2(x)", "x", check=False),
    "stacked": lambda: mc.jacobian("A*X*B", "X", check=False),
    "hessian": lambda: mc.hessian("log(sum(exp(A*x)))", "x", check=False),
    "product": lambda: mc.hessian("h = tanh(W*x); L = 1/2*norm2(h - y)^2", "W", times="V", check=False),
    "differential": lambda: mc.differential("h = tanh(W*x); L = norm2(h - y)^2", check=False),
    "backprop": lambda: mc.backpropagation(check=False),
    "recurrent": lambda: mc.backpropagation(recurrent=True, check=False),
}


def deck(text: str, pace: str = "normal", printer=None):
    printer = printer or Paper(between="\n")
    return deck_of(view_of(net(text), printer), printer, pace)


def steps_of_beamer(latex: str) -> list[int]:
    """The last step of each frame."""
    return [max(map(int, re.findall(r"<(\d+)->", f)), default=1) for f in frames(latex)]


def gradients(found) -> list:
    return [frame.lines[0].item for frame in found.frames if frame.kind == "gradient"]


def frames(latex: str) -> list[str]:
    return re.findall(r"\\begin{frame}.*?\\end{frame}", latex, re.DOTALL)


def steps_of_slides(html: str) -> list[int]:
    """The last step of each slide."""
    slides = page(without_script(html)).iter("section")
    return [max((int(e.get("data-since", 1)) for e in s.iter()), default=1) for s in slides]


def without_script(html: str) -> str:
    return re.sub(r"<script>.*</script>", "", html, flags=re.DOTALL)


# ---------------------------------------------------------------- the view

def test_factors_one_by_one_then_values_one_by_one_then_the_forms():
    W3, _, W1, _ = gradients(deck(NET))
    assert (W3.factors, W3.values, W3.named, W3.closed) == (((1, 2),), ((3, 4),), (5,), (6,))
    assert (W1.factors, W1.values, W1.named, W1.closed) == (((1, 2, 3, 4),), ((5, 6, 7, 8),), (9,), (10,))


def test_coarse_steps_are_lines():
    W1 = gradients(deck(NET, "coarse"))[2]
    assert (W1.factors, W1.values, W1.named, W1.closed) == (((1, 1, 1, 1),), ((1, 1, 1, 1),), (2,), (3,))
    assert [line.since for line in deck(NET, "coarse").frames[2].lines] == [1, 2, 3, 4]


def test_fine_steps_ask_for_the_right_side_first():
    lines = deck(NET, "fine").frames[2].lines
    assert [(line.since, line.lines) for line in lines] == [(1, (2,)), (3, (4,)), (5, (6,)), (7, (8,))]


def test_fine_steps_show_a_long_formula_line_by_line():
    found = {pace: gradients(deck(LONG[0], pace, Paper(line=30, between="\n"))) for pace in PACES}
    (at,) = [at for at in found["fine"] if len(at.closed) > 2][:1]
    assert list(at.closed) == list(range(at.closed[0], at.closed[0] + len(at.closed))) and at.note == at.closed[-1]
    assert all(len(set(at.closed)) == 1 for at in found["normal"] if at.closed)


def test_the_frames_of_the_three_layers():
    found = deck(NET)
    assert [f.kind for f in found.frames] == ["title", "variables", "equations", "equations", *["gradient"] * 4]
    assert [f.steps for f in found.frames] == [1, 1, 4, 3, 6, 8, 10, 10]
    assert [f.steps for f in deck(NET, "coarse").frames] == [1, 1, 4, 3, 3, 3, 3, 3]
    assert [f.steps for f in deck(NET, "fine").frames] == [1, 1, 8, 6, 6, 8, 10, 10]
    assert found.frames[4].title == "Gradient with respect to $W_3$"


def test_equations_come_line_by_line():
    assert [line.since for line in deck(NET).frames[2].lines] == [1, 2, 3, 4]


def test_every_step_brings_something():
    for text in SOURCES:
        for pace in PACES:
            for frame in deck(text, pace).frames:
                seen = {step for line in frame.lines for step in (line.since, *line.lines)} or {1}
                for at in (line.item for line in frame.lines if frame.kind == "gradient"):
                    seen |= {step for row in (*at.factors, *at.values, at.named, at.closed) for step in row}
                assert seen == set(range(1, frame.steps + 1))


def test_long_lists_are_on_several_frames():
    found = [f for f in deck(DEEP).frames if f.kind == "equations" and f.title.startswith("Backward")]
    assert len(found) > 1 and found[1].title == "Backward pass (2)"
    assert [line.since for line in found[1].lines] == list(range(1, len(found[1].lines) + 1))


@pytest.mark.parametrize("printer", [Paper(between="\n"), Browser()])
def test_a_line_with_a_fraction_is_higher(printer):
    """Eleven lines without fit on a frame; of the long algorithm six of the first eleven have one."""
    algorithms = [[len(f.lines) for f in deck_of(general_view(RESULTS[name](), printer), printer).frames if f.kind == "commands"]
                  for name in ("backprop", "recurrent")]
    assert algorithms == [[10], [10, 6]]


@pytest.mark.parametrize("printer", [Paper(between="\n"), Browser()])
def test_matrices_take_the_room_of_their_rows(printer):
    """A matrix of six rows leaves no room for one of two."""
    d = mc.derive("W : 6 x 2; V : 5 x 6; x : 2; y : 5; h = W*x; L = norm2(V*h - y)^2", check=False)
    found = deck_of(view_of(d, printer, notation="entries"), printer)
    rows = [[printer.rows(f"{x.item.rhs}") for x in f.lines] for f in found.frames if f.title.startswith("Written out")]
    assert {n for page in rows for n in page} == {0, 2, 6} and not any(sum(page) > 6 for page in rows)


def test_dimensions_stand_with_their_equation():
    printer = Paper(between="\n")
    found = deck_of(view_of(net(NET), printer, notation="dimensions"), printer)
    shown = [[x.item for x in f.lines] for f in found.frames if f.title.startswith("Dimensions")]
    assert len(shown) > 1 and sum(line.is_below for page in shown for line in page) > len(shown)
    assert not any(page[0].is_below for page in shown)


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("pace", PACES)
def test_every_result_is_a_deck_and_both_decks_have_its_steps(name, pace):
    found = RESULTS[name]()
    latex, slides = found.render("beamer", steps=pace), found.render("slides", steps=pace)
    if pace != "fine":  # formulas are not broken at the same places
        assert steps_of_beamer(latex) == steps_of_slides(slides)
    answer = next(line for line in found.render("latex", detail="answer").split("\n") if "&=" in line)
    assert answer.split("&=")[0].strip() in latex


def test_conventions_stand_above_the_answer():
    assert "$J_{ij} = \\partial F_i / \\partial x_j$" in RESULTS["jacobian"]().render("beamer")
    assert "since $\\mathrm{d}" in RESULTS["differential"]().render("beamer")
    assert "for $i = 1, \\dots, L$" in RESULTS["backprop"]().render("beamer")


def test_a_single_expression_shows_its_steps():
    assert "rules" in [f.kind for f in deck("logdet(X)").frames]


# ---------------------------------------------------------------- both formats

@pytest.mark.parametrize("text", SOURCES)
@pytest.mark.parametrize("pace", PACES)
def test_both_decks_have_the_steps_of_the_view(text, pace):
    d = net(text)
    steps = [f.steps for f in deck(text, pace, Paper(line=47, between="\n")).frames]
    assert steps_of_beamer(d.render("beamer", steps=pace, picture="none")) == steps
    slides = [f.steps for f in deck(text, pace, Browser(line=47)).frames]
    assert steps_of_slides(d.render("slides", steps=pace, picture="none")) == slides


def test_reused_factors_are_coloured():
    latex = frames(net().render("beamer", picture="none"))
    assert [f.count(r"\textcolor{mcmark}") for f in latex[4:]] == [0, 1, 2, 3]
    slides = list(page(without_script(net().render("slides", picture="none"))).iter("section"))
    assert [len(s.findall(".//mrow[@class='reused']")) for s in slides[4:]] == [0, 1, 2, 3]


def test_the_dot_of_a_multiplication_from_the_right():
    assert r"\mcfactor<8->{\frac{\partial f_1}{\partial W_1}}{\textstyle \cdot\, x^{\top}}" in net().render("beamer")


def test_named_forms_only():
    assert r"\mcfactor<" not in net().render("beamer", named=True)
    assert "munder" not in without_script(net().render("slides", named=True))


def test_the_check_is_a_frame():
    d = mc.derive(NET)
    assert "checked: 4 gradients agree" in frames(d.render("beamer"))[-1]
    assert "checked: 4 gradients agree" in d.render("slides")


def test_same_bytes_every_time():
    for format in ("beamer", "slides"):
        assert net(CLASSIFIER).render(format) == net(CLASSIFIER).render(format)


def test_options_are_checked():
    with pytest.raises(mc.MatcalcError, match="M520.*`finer`"):
        net().render("beamer", steps="finer")


# ---------------------------------------------------------------- the deck in HTML

@pytest.mark.parametrize("text", SOURCES)
def test_slides_are_one_file_of_mathml(text):
    html = net(text).render("slides")
    root = page(without_script(html))
    for formula in root.iter("math"):
        for element in formula.iter():
            element.attrib.pop("data-since", None)
        assert_core(formula)
    assert not re.search(r"https?:|url\((?!#)|@import|<link|src=", html)


def test_only_the_decks_own_script_may_run():
    html = net().render("slides")
    (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{allowed}'" in html


def test_without_the_script_everything_is_shown():
    html = net().render("slides", handout=True)
    assert "<script" not in html and "script-src" not in html
    assert re.sub(r"; script-src '.*?'", "", without_script(net().render("slides"))).split() == html.split()
    assert 'class="later' not in html


def test_hostile_names_stay_text():
    sympy = pytest.importorskip("sympy")
    names = ["</script><script>alert(1)</script>", r"\input{x}%"]
    n = sympy.Symbol("n", integer=True, positive=True)
    x, A = sympy.MatrixSymbol(names[0], n, 1), sympy.MatrixSymbol(names[1], n, n)
    d = mc.derive(x.T * A * x, check=False)
    html = d.render("slides")
    assert html.count("<script") == 1
    root = page(without_script(html))
    assert {"".join(th.itertext()) for th in root.iter("th")} == set(names)
    assert r"\input{" not in d.render("beamer") and "script>" in d.render("beamer")


# ---------------------------------------------------------------- TeX

def test_what_tex_lacks_is_said(monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: "/bin/tex")
    monkeypatch.setattr(pdf, "_run", lambda *_: "! LaTeX Error: File `beamer.cls' not found.")
    with pytest.raises(mc.MatcalcError, match="M508") as caught:
        pdf.compiled("")
    assert "apt-get install texlive-latex-recommended" in caught.value.diagnostic.help


@needs_tex
@pytest.mark.parametrize("text", ["logdet(X)", DEEP])
def test_tex_accepts_the_handout_and_nothing_sticks_out(text, tmp_path):
    d = net(text)
    _, log = typeset(d.render("beamer", handout=True), tmp_path)
    assert overfull(log) == []
    assert f"({len(frames(d.render('beamer')))} pages" in log


@needs_tex
@pytest.mark.parametrize("pace", PACES)
def test_the_deck_has_a_page_a_step_and_nothing_moves(pace, tmp_path):
    latex = net().render("beamer", steps=pace, picture="graph")
    found, log = typeset(latex, tmp_path)
    steps = steps_of_beamer(latex)
    assert f"({sum(steps)} pages" in log
    assert overfull(log) == []
    assert_nothing_moves(found, steps)


@needs_tex
@pytest.mark.parametrize("name", ["jacobian", "product", "backprop"])
def test_nothing_moves_in_decks_of_results(name, tmp_path):
    latex = RESULTS[name]().render("beamer", steps="fine")
    found, log = typeset(latex, tmp_path)
    assert f"({sum(steps_of_beamer(latex))} pages" in log
    assert overfull(log) == []
    assert_nothing_moves(found, steps_of_beamer(latex))


def assert_nothing_moves(deck: Path, steps: list[int]) -> None:
    """Between two steps of a frame no pixel gets lighter, and some get darker."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("needs pdftoppm (Debian: poppler-utils)")
    subprocess.run(["pdftoppm", "-r", "40", "-gray", deck, deck.parent / "page"], check=True, timeout=60)
    pages = [path.read_bytes().split(b"\n", 3)[3] for path in sorted(deck.parent.glob("page*.pgm"))]
    first = 0
    for count in steps:
        for before, after in pairwise(pages[first:first + count]):
            assert not any(a < 128 <= b for a, b in zip(before, after, strict=True)), "ink is lost"
            assert before != after, "nothing appears"
        first += count


@needs_tex
def test_compiled():
    assert pdf.compiled(net(RESIDUAL).render("beamer", handout=True)).startswith(b"%PDF")


@pytest.mark.parametrize("make", [lambda: Paper(line=47, between="\n"), lambda: Browser(line=47)])
def test_no_closed_form_is_shrunk_until_nobody_can_read_it(make):
    source = "W : n x n; h1 = x + tanh(W*x); h2 = h1 + tanh(W*h1); h3 = h2 + tanh(W*h2); L = norm2(h3 - y)^2"
    left_out = 0
    for text in (DEEP, source):
        printer = make()
        for at in gradients(deck(text, printer=printer)):
            lines = at.gradient.closed.split("\n")
            assert len(lines) <= 4 and max(map(printer.wide, lines)) <= 1.6 * 47
            assert at.gradient.named
            left_out += "too long for a slide" in at.gradient.note
    assert left_out


# ---------------------------------------------------------------- the command line

COMMANDS = [("gradient", "logdet(X)", "--wrt", "X", "--no-check"), ("jacobian", "A*x", "--wrt", "x", "--no-check"),
            ("hessian", "x'*A*x", "--wrt", "x", "--no-check"), ("differential", "x'*A*x", "--no-check"), ("backprop",)]


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda a: a[0])
def test_every_command_makes_decks_and_pdfs(arguments):
    done = matcalc(*arguments, "--format", "slides", "--steps", "coarse")
    assert done.returncode == 0 and done.stdout.count('<section class="slide') > 3
    assert "add -o" in matcalc(*arguments, "--format", "beamer", "--pdf").stderr


@needs_tex
def test_the_pdf_of_a_jacobian(tmp_path):
    done = matcalc(*COMMANDS[1], "--pdf", "-o", str(tmp_path / "jacobian.pdf"))
    assert done.returncode == 0 and (tmp_path / "jacobian.pdf").read_bytes().startswith(b"%PDF")
