"""Pictures on pages: which are shown, that they fit, build up, can be read by everyone, and stay safe."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

import matcalc as mc
from matcalc.render import pdf
from matcalc.render.diagram.drawing import drawn
from matcalc.render.diagram.graph import (
    computational_graph,
    layer_diagram,
    whole_derivation,
)
from matcalc.render.diagram.picture import Text
from matcalc.render.diagram.stages import staged
from matcalc.render.picture import ROOM

from ..cli.process import matcalc
from .test_html import RESULTS, page
from .test_render import CLASSIFIER, NET, RESIDUAL, net

HAS_TIKZ = shutil.which("kpsewhich") and not subprocess.call(["kpsewhich", "tikz.sty"], stdout=subprocess.DEVNULL)
SCALAR = "a = 2*x1; b = 3*x2; c = a + b; e = c^2; g = e + 3"
DEEP = "; ".join(f"h{i} = tanh(W{i}*h{i - 1})" for i in range(1, 21)) + "; L = norm2(h20 - y)^2"
MARKS = {"article": r"\usepackage{tikz}", "beamer": r"\usepackage{tikz}", "html": "<svg", "slides": "<svg",
         "notebook": "mc.plot(", "typst": "#image("}


def has_picture(result, format: str, **options) -> bool:
    return MARKS[format] in result.render(format, **options)


@pytest.mark.parametrize("format", ROOM)
def test_layers_are_shown_where_there_are_several_and_they_fit(format):
    assert has_picture(net(NET), format)
    assert not has_picture(net("norm2(W*x)^2"), format)
    assert not has_picture(net(DEEP), format)
    assert not has_picture(net(NET), format, picture="none")
    assert not has_picture(mc.backpropagation(check=False), format)
    if format not in ("beamer", "slides"):
        assert not has_picture(net(NET), format, detail="answer")
        assert has_picture(net(NET), format, detail="answer", picture="layers")


@pytest.mark.parametrize("name", [n for n in RESULTS if not n.startswith(("back", "through"))])
def test_every_result_shows_its_layers(name):
    result = RESULTS[name]()
    found = page(result.render("html", picture="layers")).find(".//svg")
    assert found.get("aria-label").startswith("Layers of")
    assert all(has_picture(result, format, picture="layers") for format in ROOM)


@pytest.mark.parametrize("text", [NET, CLASSIFIER, RESIDUAL, SCALAR])
def test_every_edge_is_in_the_description(text):
    model = mc.read(text)
    for graph in (layer_diagram(model), computational_graph(whole_derivation(model))):
        said = drawn(graph).description.split("; ")
        assert len(said) == len(graph.edges)
        assert sum("backward" in edge for edge in said) == sum(bool(e.below) for e in graph.edges)


def test_the_description_is_read_aloud():
    svg = page(net(NET).render("html", picture="graph")).find(".//svg")
    assert svg.get("role") == "img" and svg.find("title").text == "Computational graph of L"
    assert "from f₂ to f₃: f₂, backward ∂L/∂f₂ = W₃ᵀ(∂L/∂f₃)" in svg.find("desc").text


# ---------------------------------------------------------------- how it builds up

def appears(text: str, pace: str) -> dict[str, int]:
    """label of the graph -> step"""
    picture, steps = staged(drawn(computational_graph(whole_derivation(mc.read(text)))), pace)
    assert {t.since for t in picture.shapes if isinstance(t, Text)} == set(range(1, steps + 1))
    return {t.label.plain: t.since for t in picture.shapes if isinstance(t, Text)}


def test_backward_comes_edge_by_edge_from_the_end():
    at = appears(NET, "normal")
    assert at["f₁"] == at["f₃"] == 1
    assert 1 < at["∂L/∂f₃"] < at["∂L/∂f₂"] < at["∂L/∂f₁"] < at["∂L/∂x"]
    assert at["∂L/∂W₃"] < at["∂L/∂f₁"]


def test_coarse_and_fine():
    assert set(appears(NET, "coarse").values()) == {1, 2}
    at = appears(NET, "fine")
    assert 1 < at["f₁"] < at["f₂"] < at["f₃"] < at["∂L/∂f₃"] < at["∂L/∂x"]


@pytest.mark.parametrize("pace", ["coarse", "normal", "fine"])
def test_both_decks_build_up_alike(pace):
    latex = net(CLASSIFIER).render("beamer", steps=pace, picture="graph")
    frame = re.findall(r"\\begin{frame}.*?\\end{frame}", latex, re.DOTALL)[1]
    html = net(CLASSIFIER).render("slides", steps=pace, picture="graph", handout=True)
    slide = list(page(html).iter("section"))[1]
    in_html = [int(e.get("data-since")) for e in slide.iter("text") if e.get("data-since")]
    assert in_html == [int(n) for n in re.findall(r"uncover<(\d+)->", frame)]
    assert max(in_html) == int(slide.get("data-steps"))


# ---------------------------------------------------------------- what cannot be

@pytest.mark.parametrize("format", ["text", "latex", "markdown", "json"])
def test_formats_without_pictures_say_so(format):
    with pytest.raises(mc.MatcalcError, match="M538"):
        net(NET).render(format, picture="layers")
    assert net(NET).render(format) == net(NET).render(format, picture="none")


def test_what_has_no_picture_says_so():
    for result, picture in ((mc.backpropagation(check=False), "layers"), (mc.jacobian("A*x", "x", check=False), "graph")):
        with pytest.raises(mc.MatcalcError, match="M538"):
            result.render("html", picture=picture)


def test_what_is_too_large_scrolls_in_html_only():
    assert has_picture(net(DEEP), "html", picture="graph")
    for format in ("article", "beamer", "slides", "typst"):
        with pytest.raises(mc.MatcalcError, match="M539"):
            net(DEEP).render(format, picture="graph")


def test_the_command_line():
    assert "<svg" in matcalc("gradient", "x'*A*x", "--wrt", "x", "--no-check", "--picture", "graph", "--format", "html").stdout
    done = matcalc("derive", "x'*x", "--picture", "graph")
    assert done.returncode == 2 and "M538" in done.stderr and "matcalc plot" in done.stderr
    assert "graf" in matcalc("derive", "x'*x", "--picture", "graf").stderr


def test_hostile_names_stay_text():
    sympy = pytest.importorskip("sympy")
    a, b = sympy.Symbol("</svg><script>alert(1)</script>"), sympy.Symbol(r"\input{x}#%")
    d = mc.derive(a ** 2 * sympy.sin(b), check=False)
    html = d.render("html", picture="graph")
    assert "<script" not in html and page(html).find(".//svg") is not None
    for format in ("article", "beamer"):
        assert r"\input{" not in d.render(format, picture="graph")
    assert compiled(sympy.Symbol('"); format: "x") \\" #panic() <a>') ** 2).startswith(b"%PDF")


def compiled(source) -> bytes:
    """The PDF that Typst makes of a page with a picture."""
    pytest.importorskip("typst")
    from matcalc.render.typst import compiled
    return compiled(mc.derive(source, check=False).render("typst", picture="graph"))


def test_typst_takes_the_picture():
    assert compiled(CLASSIFIER).startswith(b"%PDF")


# ---------------------------------------------------------------- TeX

def test_only_what_has_a_picture_needs_tikz(monkeypatch):
    assert "tikz" not in net("norm2(W*x)^2").render("article")
    assert "tikz" not in net(NET).render("article", picture="none")
    monkeypatch.setattr(pdf.shutil, "which", lambda name: "/bin/tex")
    monkeypatch.setattr(pdf, "_run", lambda *_: "! LaTeX Error: File `tikz.sty' not found.")
    with pytest.raises(mc.MatcalcError, match="M508") as caught:
        pdf.compiled("")
    assert "texlive-pictures" in caught.value.diagnostic.help


@pytest.mark.skipif(not HAS_TIKZ, reason="needs TikZ (Debian: texlive-pictures)")
@pytest.mark.parametrize("text, picture", [(RESIDUAL, "graph"), (CLASSIFIER, "layers")])
def test_the_article_fits_its_page(text, picture, tmp_path):
    (tmp_path / "a.tex").write_text(net(text).render("article", picture=picture))
    done = subprocess.run(["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
                          cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-1000:]
    assert b"Overfull" not in done.stdout
