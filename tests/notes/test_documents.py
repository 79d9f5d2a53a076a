"""Documents: what they are made of, what is escaped, what is refused and where."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import matcalc as mc
from matcalc.notes.kinds import KINDS

from ..cli.process import matcalc
from ..quality.tex import needs_tex, typeset
from .documents import markdown, notes

HOSTILE = r'\input{x} $5 \$ & <script>alert(1)</script> 100% #1 _a_ ^ ~ {z} `cmd` "q" — Jürgen 数'


def test_text_stands_between_formulas():
    text = markdown({"text": "The layer $f = W*x$ is linear.\n\nNext $dL/dW$.", "source": "f = W*x; L = sum(f)",
                     "show": "derive", "detail": "answer"})
    assert "The layer $f = W x$ is linear.\n\nNext $\\frac{\\partial L}{\\partial W}$." in text


def test_formulas_are_about_the_names_of_the_source():
    """y is no matrix by convention, but the source may say that it is one."""
    source = "y : m x n; sum(y)"
    assert r"$y^{\top}$" in markdown({"text": "$y'$", "source": source})


def test_sources_are_cited_with_one_number_each():
    """Two items with every rule: one bibliography, the numbers go on."""
    item = {"show": "derive", "detail": "rules", "source": "1/2*norm2(W*x - y)^2"}
    text = markdown(item, {**item, "source": "logdet(X)"})
    sources = re.findall(r"^- \\\[(\d+)\\\] (.*)$", text, re.MULTILINE)
    assert [n for n, _ in sources] == [str(i + 1) for i in range(len(sources))]
    assert len({t for _, t in sources}) == len(sources) and text.count("## Sources") == 1
    assert {*re.findall(r"\\\[(\d+)\\\], ", text)} <= {n for n, _ in sources}


def test_the_check_stands_once_at_the_end():
    text = markdown({"show": "derive", "source": "norm2(x)^2"}, {"show": "jacobian", "source": "tanh(x)", "wrt": "x"})
    assert text.count("## Check") == 1 and "2 derivatives of these notes" in text


def test_a_wrong_formula_stops_everything(tmp_path: Path, monkeypatch):
    from matcalc.numeric import check
    right = check.check_derivation
    monkeypatch.setattr(check, "check_derivation", lambda d, seed=0: _contradicted(right(d, seed)))
    with pytest.raises(mc.MatcalcError) as caught:
        notes({"show": "derive", "source": "norm2(x)^2"})
    assert caught.value.diagnostic.code == "M600" and "item 1" in str(caught.value)


def _contradicted(report):
    from dataclasses import replace
    return replace(report, variables=tuple(replace(v, verdict="disagrees") for v in report.variables))


@needs_tex
def test_pages_are_filled(tmp_path: Path):
    """Equations go on at the end of a page: as a whole they would need a sixth one."""
    source = "; ".join(f"h{i} = tanh(W{i}*h{i - 1})" for i in range(1, 8)) + "; L = norm2(h7 - y)^2"
    derived = {"text": "Seven layers.", "show": "derive", "source": source, "named": True}
    _, said = typeset(notes(*[derived] * 4).render("latex"), tmp_path)
    assert "(5 pages" in said


# ---------------------------------------------------------------- what is escaped

def hostile():
    figure = {"show": "graph", "source": "norm2(W*x)^2", "caption": HOSTILE.replace("$5 \\$", "5")}
    words = HOSTILE.replace("$5 \\$", r"\$5")
    values = {"show": "values", "source": "x : 1; sum(x)", "at": {"x": [1]}, "columns": ["x"], "labels": [HOSTILE]}
    return mc.notes({"title": HOSTILE, "author": HOSTILE, "section": [
        {"title": HOSTILE, "text": words, "item": [figure, values]}]})


class Tags(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)


def test_words_are_no_tags():
    assert "script" not in Tags(hostile().render("html")).tags


def test_words_are_no_commands():
    text = hostile().render("latex")
    assert r"\input{x}" not in text and r"\textbackslash{}input\{x\}" in text


def test_hostile_words_compile():
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    assert hostile().pdf().startswith(b"%PDF")


# ---------------------------------------------------------------- what is refused

REFUSED = [
    ({"show": "derive", "source": "W*x +"}, "M101"),
    ({"show": "derive", "source": "W*x"}, "M301"),
    ({"show": "derive", "source": "nosuch.mc"}, "M180"),
    ({"show": "derive"}, "M545"),
    ({}, "M545"),
    ({"show": "derive", "source": "norm2(x)^2", "wrt": 3}, "M546"),
    ({"show": "derive", "source": "norm2(x)^2", "detail": "all"}, "M520"),
    ({"show": "derive", "source": "norm2(x)^2", "notation": "entries"}, "M513"),
    ({"show": "derive", "source": "norm2(x)^2", "through": "h"}, "M542"),
    ({"show": "nothing", "source": "norm2(x)^2"}, "M546"),
    ({"text": "$W*x"}, "M547"),
    ({"text": "$W*$"}, "M101"),
    ({"show": "equal", "source": "x : n; sum(x)", "left": "x", "right": "q"}, "M548"),
    ({"show": "equal", "source": "x : n; sum(x)", "left": "sin(x)", "right": "sin(x) + x/1000000"}, "M548"),
    ({"show": "values", "source": "x : n; sum(x)", "at": {"x": [1]}, "columns": ["y"]}, "M548"),
    ({"show": "values", "source": "x : n; sum(x)", "at": {"z": [1]}, "columns": ["x"]}, "M604"),
    ({"show": "quotients", "source": "x : scalar; log(x)", "wrt": "x", "at": {"x": -1}, "h": [0.1]}, "M548"),
    ({"show": "slopes", "source": "x : scalar; x^2", "wrt": ","}, "M546"),
    ({"show": "message", "source": "norm2(x)^2"}, "M548"),
    ({"show": "functions", "functions": ["sigmod"]}, "M548"),
    ({"show": "modules", "modules": [["one"]]}, "M546"),
    ({"show": "graph", "source": "norm2(x)^2", "below": "above"}, "M533"),
]


@pytest.mark.parametrize(("item", "code"), REFUSED, ids=lambda v: v if isinstance(v, str) else v.get("show", "text"))
def test_refused_with_the_place(item: dict, code: str):
    with pytest.raises(mc.MatcalcError) as caught:
        notes({"text": "Fine."}, item).render("html")
    assert caught.value.diagnostic.code == code
    assert 'section 1 "S", item 2' in str(caught.value)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-2, 5), st.floats(), st.sampled_from(
    ["", "x", "W*", "(", "$", ",", "h, L", "\0", "a.mc", "x : n", "𝟏"]), st.lists(st.sampled_from(
        ["x", "1", 0.1, 0, "practical", ["a", "x : n; a = tanh(x)"], []]), max_size=3),
    st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from([0, 1.5, [1, 2], [[]], "x"]), max_size=2))
ENTRIES = sorted({"show", "text", "source", "names", "caption"} | {o for k in KINDS.values() for o in k.options})


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([k for k in KINDS if k not in ("differences", "norms", "descent")]),
       st.dictionaries(st.sampled_from(ENTRIES), VALUES, max_size=3))
def test_any_entries_give_a_document_or_a_message(show: str, entries: dict):
    item = {"show": show, "source": "x : n; h = tanh(x); L = norm2(h)^2", **entries}
    item = {k: v for k, v in item.items() if k in KINDS[show].options or k in ("show", "text", "source", "names", "caption")}
    try:
        made = notes(item)
        for form in ("html", "latex", "markdown"):
            made.render(form)
    except mc.MatcalcError as problem:
        assert "section 1" in str(problem)


# ---------------------------------------------------------------- at the command line

TOML = """title = "T"
[[section]]
title = "S"
text = "The layer $W*x$."
[[section.item]]
show = "derive"
source = "layer.mc"
[[section.item]]
show = "graph"
source = "layer.mc"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes.toml").write_text(TOML)
    (tmp_path / "layer.mc").write_text("f = W*x\nL = 1/2*norm2(f - y)^2\n")
    return tmp_path


def test_sources_are_beside_the_document(folder: Path, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = matcalc("notes", str(folder / "notes.toml"), "-o", "out.html", cwd=elsewhere)
    assert done.returncode == 0 and done.stdout == "written: out.html\n"
    assert "<svg" in (elsewhere / "out.html").read_text()


def test_markdown_has_its_pictures_beside_it(folder: Path):
    done = matcalc("notes", "notes.toml", "-o", "week 3.md", cwd=folder)
    assert done.stdout == "written: week 3.md, week-3-figure-1.svg\n"
    text = (folder / "week 3.md").read_text()
    assert all((folder / name).is_file() for name in re.findall(r"!\[.*?\]\((.*?)\)", text))


def test_nothing_is_written_when_something_is_wrong(folder: Path):
    (folder / "layer.mc").write_text("f = W*x\nL = f + y +\n")
    done = matcalc("notes", "notes.toml", "-o", "out.md", cwd=folder)
    assert done.returncode == 2 and "error[M101]" in done.stderr and "layer.mc:2" in done.stderr
    assert {p.name for p in folder.iterdir()} == {"notes.toml", "layer.mc"}


@pytest.mark.parametrize(("text", "code"), [("title = ", "M544"), ("", "M545"), ('title = "T"\nsections = []', "M545"),
                                            ('title = "T"\nsection = 3', "M546"), ('title = 1\nsection = []', "M546"),
                                            ('title = "T"\nsection = [1]', "M546"), ("\ufefftitle = 'T'", "M545")])
def test_files_that_are_no_notes(text: str, code: str, folder: Path):
    (folder / "notes.toml").write_text(text)
    done = matcalc("notes", "notes.toml", "-o", "out.md", cwd=folder)
    assert done.returncode == 2 and f"error[{code}]" in done.stderr and "Traceback" not in done.stderr


def test_the_ending_is_asked_first(folder: Path):
    done = matcalc("notes", "nosuch.toml", "-o", "out.docx", cwd=folder)
    assert done.returncode == 2 and "error[M549]" in done.stderr


def test_the_notation_is_that_of_the_document():
    data = {"title": "T", "gradient": "nabla", "section": [{"title": "S", "item": [
        {"show": "derive", "source": "norm2(x)^2", "detail": "answer"}]}]}
    assert r"\nabla_x L" in mc.notes(data).render("markdown")
    with pytest.raises(mc.MatcalcError) as caught:
        mc.notes({**data, "gradient": "grad"}).render("html")
    assert caught.value.diagnostic.code == "M520"


# ---------------------------------------------------------------- its page

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "notes.md").read_text()


def test_the_document_of_the_page_is_made():
    import tomllib
    made = mc.notes(tomllib.loads(re.search(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)))
    assert "Figure 1." in made.render("html")


def test_every_kind_and_option_is_on_the_page():
    rows = re.findall(r"^\| (`.*?) \| .*? \| (.*) \|$", PAGE, re.MULTILINE)
    written = {kind: options for kinds, options in rows for kind in re.findall(r"`(\w+)`", kinds)}
    assert set(written) == set(KINDS)
    for name, kind in KINDS.items():
        if "matcalc plot" not in written[name]:
            assert set(kind.options) <= set(re.findall(r"`(\w+)`", written[name])), name
