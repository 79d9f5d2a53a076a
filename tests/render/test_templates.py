"""A user's own templates: what they replace, and what is said of their mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

import matcalc as mc
from matcalc.render.templating import folder

from .test_render import net

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own(tmp_path: Path):
    """Writes a template into a folder and gives the folder."""
    def write(name: str, text: str | bytes) -> Path:
        (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path
    return write


def refused(**options):
    with pytest.raises(mc.MatcalcError) as caught:
        net().render("text", detail="answer", **options)
    return caught.value.diagnostic


def test_one_template_is_replaced(own):
    mine = own("answer.txt.j2", "{% for a in view.answers %}[{{ a.lhs }}]{% endfor %}")
    assert net().render("text", detail="answer", templates=mine) == "[∂L/∂W₃][∂L/∂W₂][∂L/∂W₁][∂L/∂x]\n"
    assert net().render("text", templates=str(mine)) == net().render("text")


def test_a_block_is_replaced(own):
    mine = own("article.tex.j2", '\\BLOCK{extends "builtin:article.tex.j2"}\n'
                                 '\\BLOCK{block packages}\\usepackage{bm}\\BLOCK{endblock}\n')
    text = net().render("article", templates=mine)
    assert r"\usepackage{bm}" in text
    assert text.replace(r"\usepackage{bm}" + "\n", "").split() == net().render("article").split()


@pytest.mark.parametrize(("name", "format"), [
    ("page.css", "html"), ("page.md.j2", "markdown"), ("formulas.tex.j2", "latex"), ("notebook.md.j2", "notebook")])
def test_every_format_takes_them(own, name, format):
    mine = own(name, (folder() / name).read_text())
    assert net().render(format, templates=mine) == net().render(format)


@pytest.mark.parametrize(("text", "line", "reason"), [
    ("one\n{{ view.answer }}", 2, "there is nothing called 'answer' here"),
    ("{% if %}", 1, "Expected an expression"),
    ("\n\n{% for a in view.answers %}\n", 3, "Unexpected end of template"),
    ("\n{{ nothing }}", 2, "'nothing' is undefined"),
    ("\n\n{{ 1 / 0 }}", 3, "it cannot be computed"),
    ("{{ view.__class__.__mro__ }}", 1, "a template may not use '__class__'"),
    ("{{ view.answers|nofilter }}", 1, "No filter named 'nofilter'"),
])
def test_a_mistake_is_shown_where_it_is(own, text, line, reason):
    found = refused(templates=own("answer.txt.j2", text))
    assert (found.code, found.line) == ("M521", line)
    assert "answer.txt.j2" in found.message and f"line {line}" in found.message
    assert reason in found.labels[0].text
    assert " object" not in found.render()


def test_a_mistake_in_what_is_included(own):
    own("answer.txt.j2", '{% include "formulas.txt.j2" %}')
    found = refused(templates=own("formulas.txt.j2", "a\n\n{{ b }}"))
    assert "`formulas.txt.j2` has a mistake in line 3" in found.message


def test_what_is_not_there(own):
    found = refused(templates=own("answer.txt.j2", 'a\n{% include "answr.md.j2" %}'))
    assert (found.code, found.line) == ("M502", 2)
    assert "answer.md.j2" in found.help


def test_folders_that_replace_nothing(own, tmp_path):
    assert refused(templates=tmp_path / "nowhere").code == "M522"
    found = refused(templates=own("derivation.txt", ""))
    assert found.code == "M522" and "derivation.txt.j2" in found.help


def test_not_utf_8(own):
    assert refused(templates=own("answer.txt.j2", b"\xff")).code == "M521"


def test_a_template_reads_no_other_files(own, tmp_path):
    (tmp_path.parent / "secret.txt.j2").write_text("secret")
    assert refused(templates=own("answer.txt.j2", '{% include "../secret.txt.j2" %}')).code == "M502"


def test_a_notebook_without_cells(own):
    with pytest.raises(mc.MatcalcError, match="M524"):
        net().render("notebook", templates=own("notebook.md.j2", "text"))


def test_every_template_is_documented():
    documented = (ROOT / "docs" / "templates.md").read_text()
    for path in folder().glob("*.*"):
        if path.name == ".gitkeep":
            continue
        kind = path.name.split(".")[0]
        assert f"`{path.name}`" in documented or f"`{kind}.*`" in documented, path.name


def test_decks_have_templates_of_ones_own(own):
    folder = own("slides.css", ".slide { color: teal; }")
    assert "color: teal" in net().render("slides", templates=folder)
    folder = own("slides.js", '"mine";')
    assert '<script>"mine";' in net().render("slides", templates=folder)
