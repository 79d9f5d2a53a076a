"""German as it is shown: on the board, in TeX, on the command line."""

from __future__ import annotations

import shutil
import subprocess

import pytest

import matcalc as mc
from matcalc.render import pdf

from ..cli.process import matcalc
from ..quality.tex import needs_tex
from .things import RESIDUAL, things

SOURCE = "x : n; y : k; h = relu(W*x); L = 1/2*norm2(V*h - y)^2"


def derived(**options):
    return mc.derive(SOURCE, **{"check": False, **options})


def test_on_the_board():
    text = derived(check=True).render(lang="de")
    assert text.startswith("Gradienten von L nach V, W und x\n\nVariablen\n")
    assert "  y : k      (Zielwert)\n" in text and "  W : m × n  (erschlossen)\n" in text
    for line in ("Vorwärtsrechnung", "Rückwärtsrechnung", "Gradienten", "Annahmen", "Probe"):
        assert f"\n{line}\n" in text
    assert "relu: bei 0 nimmt man den Wert 0, einen der Subgradienten" in text
    assert "geprüft: 3 Gradienten stimmen an 3 zufälligen Punkten mit zentralen Differenzen überein" in text


def test_below_braces():
    text = things()["three_layer"].render(lang="de")
    assert "bekannt" in text and "reused" not in text


def test_word_order_is_free():
    text = mc.differential("W*x", "x", check=False).render("latex", lang="de")
    assert r"denn aus $\mathrm{d}F$ = $J \, \mathrm{d}x$ liest man die Jacobi-Matrix $J$ ab" in text


def test_a_point_is_that_of_a_decimal_only():
    assert "mehr als 20\u202f000 Symbole" in things()["deep"].render(lang="de")


def test_documents_say_their_language():
    d = derived()
    assert '<html lang="de">' in d.render("html", lang="de") and '<html lang="en">' in d.render("html")
    assert '<html lang="de">' in d.render("slides", lang="de")
    assert 'lang: "de"' in d.render("typst", lang="de")
    assert r"\l@ngerman" in d.render("article", lang="de") and "l@" not in d.render("article")


def test_the_picture_of_a_notebook():
    d = derived()
    assert 'mc.plot(\\"graph\\", d.model, lang=\\"de\\")' in d.render("notebook", picture="graph", lang="de")
    assert 'mc.plot(\\"graph\\", d.model)' in d.render("notebook", picture="graph")


def test_notes():
    made = mc.notes({"title": "T", "lang": "de", "section": [{"title": "S", "source": SOURCE, "item": [
        {"show": "derive", "detail": "rules"}, {"show": "shapes"}]}]})
    text = made.render("latex")
    assert r"\renewcommand{\contentsname}{Inhalt}\tableofcontents" in text
    assert "Petersen und Pedersen" in text and " and " not in text.split(r"\section*{Quellen}")[1].split("Cookbook")[0]
    assert r"\textbf{Variable} & \textbf{Form} & \textbf{ihr Gradient}" in text


def test_own_templates_speak_it_too(tmp_path):
    (tmp_path / "answer.txt.j2").write_text('{{ t("Gradients") }} ({{ language.code }}): {{ t("{n} variables", n=3) }}\n')
    assert derived().render(detail="answer", templates=tmp_path, lang="de") == "Gradienten (de): 3 Variablen\n"


def words_of(document: bytes, folder) -> str:
    """The text of a PDF, or "" without poppler."""
    (folder / "a.pdf").write_bytes(document)
    if shutil.which("pdftotext") is None:
        pytest.skip("needs poppler")
    return subprocess.run(["pdftotext", "a.pdf", "-"], cwd=folder, capture_output=True, text=True, check=True).stdout


@needs_tex
def test_tex_sets_the_article(tmp_path):
    text = words_of(pdf.compiled(mc.derive(RESIDUAL).render("article", lang="de")), tmp_path)
    assert "Vorwärtsrechnung" in text and "größter" in text


@needs_tex
def test_the_fragment_needs_only_amsmath(tmp_path):
    fragment = mc.derive(RESIDUAL).render("latex", lang="de")
    document = "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n" + fragment + "\\end{document}\n"
    assert "Gradienten" in words_of(pdf.compiled(document), tmp_path)


@needs_tex
def test_tex_sets_the_deck(tmp_path):
    text = words_of(pdf.compiled(derived(check=True).render("beamer", lang="de", handout=True)), tmp_path)
    assert "Rückwärtsrechnung" in text and "Gradient nach" in text


@pytest.mark.parametrize(("arguments", "line"), [
    (("derive", "x'*x"), "Gradient von L nach x"), (("gradient", "x'*x", "--wrt", "x"), "Gradient von L nach x"),
    (("jacobian", "W*x", "--wrt", "x"), "Jacobi-Matrix von F nach x"),
    (("hessian", "x'*x", "--wrt", "x"), "Hesse-Matrix von L nach x"),
    (("differential", "x'*x"), "Differential von L"), (("backprop",), "Backpropagation in einem Netz mit L Schichten"),
    (("rules", "matmul"), "Matrixprodukt"), (("rules",), "matmul            Matrixprodukt")])
def test_every_command_speaks_it(arguments, line):
    done = matcalc(*arguments, "--lang", "de")
    assert done.returncode == 0 and line in done.stdout


def test_the_command_line_knows_the_languages():
    done = matcalc("derive", "x'*x", "--lang", "fr")
    assert done.returncode == 2 and "'en', 'de'" in done.stderr


def test_headings_are_bold_in_every_language(monkeypatch):
    from matcalc.cli.options import emphasised
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[1mProbe\x1b[0m" in emphasised("Probe\n  geprüft", "de")
    assert emphasised("Probe\n  geprüft") == "Probe\n  geprüft"
