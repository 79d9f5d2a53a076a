"""The Matrix Cookbook's table: complete, derived anew, and rendered."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter

import pytest

from matcalc.cookbook.table import Cannot, Entry, coverage, derived, is_as_printed, load
from matcalc.render import cookbook_page

from ..cli.process import matcalc

TABLE = load()
ROWS = coverage(TABLE)


def test_every_equation_of_the_chapter_appears_once():
    """An equation with two left sides has a second entry, named by a letter."""
    first = [e for e in TABLE.equations if e.number and e.id == f"mc-{e.number:0>3}"]
    assert [int(e.number) for e in first] == list(range(33, 145))
    more = [e for e in TABLE.equations if e.number and e not in first]
    assert all(isinstance(e, Entry) and e.id == f"mc-{e.number:0>3}b" for e in more)
    assert max(Counter(e.id for e in TABLE.equations).values()) == 1
    assert {e.number for e in more} <= {e.number for e in first if isinstance(e, Entry)}


def test_every_entry_is_had():
    assert not [f"{r.equation.id}: {r.reason}" for r in ROWS if r.has_failed]


def test_what_cannot_be_had_says_why():
    assert all(e.what and e.statement and e.reason for e in TABLE.equations if isinstance(e, Cannot))


def test_a_wrong_printed_form_is_noticed():
    entry = next(e for e in TABLE.equations if e.id == "mc-081")
    assert is_as_printed(entry, derived(entry))
    wrong = dataclasses.replace(entry, form="2*B*x")
    assert not is_as_printed(wrong, derived(wrong))


def test_the_command_line_prints_the_coverage():
    done = matcalc("rules", "--cookbook")
    assert (done.returncode, done.stderr) == (0, "")
    for section, title in TABLE.sections.items():
        assert f"{section} {title}" in done.stdout
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert "101 tr(A X B) X have" in lines
    assert lines[-1] == "The Matrix Cookbook (2012), chapter 2: 114 equations, have 98, cannot 16"


def test_json_has_every_entry():
    done = matcalc("rules", "--cookbook", "--json")
    data = json.loads(done.stdout)
    assert data["totals"] == {"equations": 114, "have": 98, "cannot": 16}
    entries = {e["id"]: e for s in data["sections"] for e in s["equations"]}
    assert list(entries) == [e.id for e in TABLE.equations]
    assert entries["mc-101"]["text"] == "A^T B^T"
    assert entries["mc-143"]["status"] == "cannot"


def test_the_article_shows_what_was_derived():
    tex = cookbook_page.article(TABLE, ROWS)
    assert tex.count(r"\mccell{78mm}") == sum(r.is_had for r in ROWS)
    assert r"\mccell{78mm}{A^{\top} B^{\top}}" in tex
    assert tex.endswith("\\end{document}\n")


def test_the_page_shows_what_was_derived():
    page = cookbook_page.page(TABLE, ROWS)
    assert page.count("<tr><td>") == sum(r.is_had for r in ROWS)
    assert "http:" not in page and "https:" not in page and "<script" not in page


@pytest.mark.parametrize("arguments", [["--json"], ["--pdf", "-o", "x.pdf"], ["--format", "article"],
                                       ["matmul", "--cookbook"], ["--cookbook", "--pdf"]])
def test_options_that_contradict_each_other(arguments):
    done = matcalc("rules", *arguments)
    assert done.returncode == 2
    assert "M505" in done.stderr
