"""No text of the user's ever becomes a command, a tag or a mark: what has a hostile name
is built like what has a harmless one."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from functools import cache

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

import matcalc as mc
from matcalc.render.tex import _LETTERS

from ..expr.test_mathml import assert_core
from .katex import HAS_KATEX, formulas_of, formulas_of_markdown, refused
from .tex import needs_tex, typeset

sympy = pytest.importorskip("sympy")

NASTY = ["a_b", "100%", "x#", r"\input{x}", r"a\b", "{", "}", "~", "$x$", "$$", "名", "😀", "שלום", "x y", "^^5cinput{x}",
         "`a`", "```", "<script>alert(1)</script>", "</math>", "#import \"x\"", '"); #panic("x")', "a\"b", "//c", "/*", "*a*",
         "- a", "# h", "|", "![a](b)", "[a](b)", "&amp;", "]]>", "-->", '"""', "{{ x }}", "{% x %}", r"\VAR{x}",
         r"\BLOCK{x}", r"\end{aligned}", "\\", r"\\", "@x", "<!-- cell: code -->", "W[0]", "layers.0.weight", "x" * 200,
         r"\def\frac{}", r"$\right)$", "&", "a & b", "%\\", "1", "=", "'", "onload=alert(1)", "\u00ad", "\u0301"]
MARKS = "\\{}$%#&_^~`*<>[]()|\"'@=-+/!.,;: \nabWx1名é😀"
SHOWN = [n for n in NASTY if n.isprintable()]
names = st.one_of(st.sampled_from(SHOWN), st.text(MARKS.replace("\n", ""), min_size=1, max_size=12))
few = settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink))
HARMLESS = ("<matrix>", "<vector>", "<size>", "<f>")  # not a letter with indices either
ESCAPES = {r"\backslash", r"\sim", r"\wedge", r"\ ", r"\textbackslash", r"\textasciitilde", r"\textasciicircum",
           r"\textless", r"\textgreater", r"\textbar", r"\lt", r"\gt", *("\\" + c for c in "#$%&_{}")}
NAMES_OWN = {r"\mathit", r"\mathrm", r"\hat", r"\tilde", r"\bar", r"\dot", r"\ddot", r"\operatorname", r"\allowbreak",
             r"\,", r"\qquad", r"\quad", r"\bigl", r"\bigr", r"\left", r"\right", r"\\"}


def derivation(matrix: str, vector: str, size: str, function: str):
    """x^T A x + 1^T f(x), by symbols of any names."""
    n = sympy.Symbol(size, integer=True, positive=True)
    A, x = sympy.MatrixSymbol(matrix, n, n), sympy.MatrixSymbol(vector, n, 1)
    return mc.derive(x.T * A * x + sympy.OneMatrix(1, n) * x.applyfunc(sympy.Function(function)), check=False)


four = st.lists(names, min_size=4, max_size=4, unique=True)


def rendered(chosen, format: str, **options) -> str:
    try:
        return derivation(*chosen).render(format, **options)
    except mc.MatcalcError:  # refused
        assume(False)


@cache
def harmless(format: str, **options) -> str:
    return derivation(*HARMLESS).render(format, **options)


def commands(latex: str) -> set[str]:
    return set(re.findall(r"\\(?:[A-Za-z]+\*?|.)", latex))


@few
@given(four, st.sampled_from(["latex", "article", "beamer"]))
def test_latex_has_no_commands_but_ours(chosen, format):
    latex = rendered(chosen, format)
    assert all(c.isascii() or c in _LETTERS for c in latex)
    assert commands(latex) <= commands(harmless(format)) | ESCAPES | NAMES_OWN
    assert "^^" not in latex and latex.count("$") % 2 == latex.count(r"\$") % 2
    body = latex.split(r"\begin{document}")[-1]
    assert not re.search(r"(?<!\\)(?:\\\\)*%", body)
    assert not re.search(r"\\\\(?!\n|\[\d)", body), "only we end lines"


@pytest.mark.skipif(not HAS_KATEX, reason="needs node and the npm package katex")
def test_katex_reads_every_hostile_name():
    formulas = []
    for i, name in enumerate(SHOWN):
        d = derivation(name, SHOWN[i - 1], SHOWN[i - 2], SHOWN[i - 3])
        formulas += formulas_of(d.render("latex"))
        for flavour in ("github", "jupyter"):
            formulas += formulas_of_markdown(d.render("markdown", flavour=flavour), flavour)
    assert refused(formulas) == []


@needs_tex
def test_tex_takes_every_hostile_name(tmp_path):
    articles = [derivation(name, SHOWN[i - 1], SHOWN[i - 2], SHOWN[i - 3]).render("article")
                for i, name in enumerate(SHOWN)]
    preamble = articles[0].split(r"\begin{document}")[0]
    bodies = [a.split(r"\begin{document}")[1].split(r"\end{document}")[0] for a in articles]
    pdf, _ = typeset("\n".join([preamble, r"\begin{document}", *bodies, r"\end{document}"]), tmp_path)
    assert pdf.read_bytes().startswith(b"%PDF")


def tags(html: str) -> list[tuple]:
    """The elements in order, without those of formulas, whose lines may be broken elsewhere."""
    root = ET.fromstring(re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL).removeprefix("<!DOCTYPE html>"))
    for parent in list(root.iter()):
        for formula in parent.findall("math"):
            assert_core(_plain(formula))
            formula[:] = []
    return [(e.tag, sorted(a for a in e.attrib if a != "data-since")) for e in root.iter() if e.tag not in ("math", "span")]


def _plain(formula: ET.Element) -> ET.Element:
    for e in formula.iter():
        e.attrib.pop("data-since", None)
    return formula


@few
@given(four, st.sampled_from(["html", "slides"]))
def test_pages_have_no_elements_but_ours(chosen, format):
    html = rendered(chosen, format)
    found, ours = tags(html), tags(harmless(format))
    assert found == ours if format == "html" else set(map(str, found)) <= set(map(str, ours)), "long names take more slides"
    assert html.count("<script") == (format == "slides")


@few
@given(four, st.sampled_from(["github", "jupyter"]))
def test_markdown_has_no_marks_but_ours(chosen, flavour):
    """CommonMark, read by somebody else, finds the same blocks; nothing of a name is a tag or a link."""
    markdown_it = pytest.importorskip("markdown_it", reason="needs markdown-it-py")

    def blocks(text: str) -> list[str]:
        if flavour == "jupyter":  # which takes the formulas out before it reads Markdown
            for formula in sorted(formulas_of_markdown(text, flavour), key=len, reverse=True):  # whole ones first
                text = text.replace(formula, "x")
        found = markdown_it.MarkdownIt().enable("table").parse(text)
        assert not {t.type for b in found for t in b.children or ()} & {"html_inline", "link_open", "image"}
        return [b.type for b in found]

    assert blocks(rendered(chosen, "markdown", flavour=flavour)) == blocks(harmless("markdown", flavour=flavour))


@few
@given(four)
def test_typst_has_no_commands_but_ours(chosen):
    typst = pytest.importorskip("typst", reason="needs typst (pip install typst)")

    def headings(document: str) -> int:
        return len(json.loads(typst.query(document.encode(), "heading")))

    assert headings(rendered(chosen, "typst")) == headings(harmless("typst"))


@few
@given(st.text(MARKS + "\x00\x1b\u202e\ud800\u2028", max_size=12), st.sampled_from(["matrix", "size", "function"]))
def test_a_terminal_gets_nothing_that_it_would_obey(name, what):
    chosen = {"matrix": "A", "vector": "x", "size": "n", "function": "f"} | {what: name}
    try:
        text = derivation(**chosen).render("text")
    except (mc.MatcalcError, ValueError):  # refused by us, or by Python as the name of a class
        return
    assert all(c.isprintable() or c == "\n" for c in text)
    assert not name or name.isprintable()


@pytest.mark.parametrize("name", ["", "a\nb", "\x1b[31m", "\u202e", "\ud800"])
def test_names_that_cannot_be_shown_are_refused(name):
    with pytest.raises(mc.MatcalcError, match="M550"):
        mc.derive(sympy.MatrixSymbol(name, 3, 1).T * sympy.MatrixSymbol("x", 3, 1))
    with pytest.raises(mc.MatcalcError, match="M550"):
        n = sympy.Symbol(name, integer=True, positive=True)
        mc.derive(sympy.MatrixSymbol("x", n, 1).T * sympy.MatrixSymbol("y", n, 1))


@pytest.mark.parametrize("name", [n for n in NASTY if not re.fullmatch(r"[A-Za-z]\w*", n, re.ASCII)])
def test_the_other_doors_refuse_them(name):
    """The input language, sizes from outside, layers: M1 and M2, never a traceback."""
    for door in (lambda: mc.derive(f"{name} : n; sum({name})", check=False),
                 lambda: mc.derive("norm2(W*x)^2", shapes={"W": (name, "n")}, check=False),
                 lambda: mc.derive("norm2(W*x)^2", shapes={name: ("m", "n")}, check=False),
                 lambda: mc.derive(mc.Network(mc.Linear(name), loss=mc.SquaredError()), check=False)):
        try:
            latex = door().render("latex")
        except mc.MatcalcError as problem:
            assert problem.diagnostic.code[:2] in ("M1", "M2", "M3")
        else:  # it means something in the language, such as $x$
            assert not HAS_KATEX or refused(formulas_of(latex)) == []
