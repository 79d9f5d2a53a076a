"""pdfTeX and Typst take every document, and in none of them anything sticks out."""

from __future__ import annotations

import pytest

from matcalc.cookbook import table as cookbook
from matcalc.render import cookbook_page
from matcalc.render.printer import Paper

from ..battery.tasks import TASKS
from ..field.table import ENTRIES
from .gallery import OPTIONS, gallery, renderings
from .tex import needs_tex, overfull, sticks_out, typeset

WIDE = ("transformer", "deep", "long 1", "long names")


@needs_tex
def test_the_judge_finds_what_sticks_out(tmp_path):
    wide = r"$\displaystyle " + "x + " * 5 + r"\hbox{" + "x" * 200 + "}$"
    bodies = {"fits": "$x$", "line": wide, "display": rf"\[ {wide[1:-1]} \]",
              "lines": rf"\begin{{align*}} x &= y \\ x &= {wide[1:-1]} \end{{align*}}", "page": r"\vbox to 900pt{\vfil}"}
    documents = [(name, rf"\documentclass[fleqn]{{article}}\usepackage{{amsmath}}\begin{{document}}{body}\end{{document}}")
                 for name, body in bodies.items()]
    assert set(sticks_out(documents, tmp_path)) == {"line", "display", "lines", "page"}


@needs_tex
def test_every_article(tmp_path):
    assert sticks_out(renderings("article", ("layers", "nabla rules", "index", "answer")), tmp_path) == {}


@needs_tex
def test_every_deck(tmp_path):
    decks = [(name, d.render("beamer", handout=True)) for name, d in gallery().items() if hasattr(d, "gradients")]
    decks += [(f"{name} (nabla)", d.render("beamer", handout=True, **OPTIONS["nabla"]))
              for name, d in gallery().items() if name in WIDE]
    assert len(decks) > 35
    assert sticks_out(decks, tmp_path) == {}


@needs_tex
def test_every_formula_of_the_tables_fits_a_line(tmp_path):
    head, printer = r"\frac{\partial L}{\partial \lambda}", Paper()
    forms = {task.id: task.result.form for task in TASKS} | {entry.id: entry.formula for entry in ENTRIES}
    preamble = gallery()["three_layer.mc"].render("article").split(r"\begin{document}")[0]
    documents = ((name, rf"{preamble}\begin{{document}}\begin{{align*}}{head} &= {printer.broken(form, [head])}"
                        r"\end{align*}\end{document}") for name, form in forms.items())
    assert sticks_out(documents, tmp_path) == {}


@needs_tex
def test_the_cookbook(tmp_path):
    table = cookbook.load()
    _, said = typeset(cookbook_page.article(table, cookbook.coverage(table)), tmp_path)
    assert overfull(said) == []


@pytest.mark.parametrize("options", ["layers", "nabla rules", "answer"])
def test_typst_takes_every_document(options):
    typst = pytest.importorskip("typst", reason="needs typst (pip install typst)")
    documents = [text.partition("\n= ") for _, text in renderings("typst", (options,))]
    whole = documents[0][0] + "".join(f"\n#pagebreak(weak: true)\n= {body}" for _, _, body in documents)
    assert typst.compile(whole.encode(), format="pdf").startswith(b"%PDF")
