"""Sentences are strings, and can be said in another order; catalogues that cannot be used are refused."""

from __future__ import annotations

import copy
import pickle
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

import matcalc as mc
from matcalc.expr.text import text
from matcalc.lang import ENGLISH, Language, Said, all_of, language, one_by_one, said

NAMES = st.text(string.ascii_letters + "{}\\$%<>&", max_size=8)
BACKWARDS = Language("xx", {"{a} of {b}": "{b} hat {a}", "{some} and {last}": "{last} sowie {some}",
                            "gradient": "Gradient"}, thousands=".")


@given(NAMES, NAMES)
def test_a_sentence_is_its_english_text(a, b):
    sentence = said("{a} of {b}", a=a, b=b)
    assert sentence == f"{a} of {b}" and hash(sentence) == hash(f"{a} of {b}")
    assert ENGLISH.plain(sentence) == sentence
    assert BACKWARDS.plain(sentence) == f"{b} hat {a}"


@given(st.lists(NAMES, min_size=1, max_size=4))
def test_lists(names):
    *some, last = names
    assert all_of(names) == (f"{', '.join(some)} and {last}" if some else last)
    assert one_by_one(names) == "; ".join(filter(None, names))


def test_parts_are_said_too_but_names_are_not():
    inner = said("{a} of {b}", a=said("gradient"), b="gradient")
    assert BACKWARDS.plain(all_of(["x", inner])) == "gradient hat Gradient sowie x"
    assert BACKWARDS.plain("gradient") == "Gradient"
    assert BACKWARDS.plain("{a} of") == "{a} of"


def test_numbers():
    assert said("{n} symbols", n=20_000) == "20,000 symbols"
    assert BACKWARDS.plain(said("{n} symbols", n=20_000)) == "20.000 symbols"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_copies_keep_what_they_are_made_of(copied):
    [sentence] = mc.derive("logdet(X)", check=False).assumptions
    again = copied(sentence)
    assert again == sentence and isinstance(again, Said)
    assert again.pattern == "det({0}) > 0" and text(again.parts["0"]) == "X"


@pytest.mark.parametrize(("content", "reason"), [
    ("[sentences", "no TOML"), ("", "a table [sentences]"), ("[sentences]\n'loss' = 3", "a table [sentences]"),
    ("decimals = ','\n[sentences]", "a table [sentences]"),
    ("[sentences]\n'{n} variables' = 'Variablen'", "different {places}"),
    ("[sentences]\n'{n} variables' = '{n Variablen'", "different {places}"), (b"\xff", "no TOML")])
def test_a_catalogue_that_cannot_be_used(content, reason, tmp_path, monkeypatch):
    (tmp_path / "fr.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.setattr("matcalc.lang.catalogue.FOLDER", tmp_path)
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("x'*x", check=False).render(lang="fr")
    found = caught.value.diagnostic
    assert found.code == "M525" and "`fr.toml`" in found.message and reason in found.facts[0]


def test_what_a_catalogue_lacks_is_said_in_english(tmp_path, monkeypatch):
    (tmp_path / "fr.toml").write_text("[sentences]\n'Variables' = 'Variables libres'", encoding="utf-8")
    monkeypatch.setattr("matcalc.lang.catalogue.FOLDER", tmp_path)
    shown = mc.derive("x'*x", check=False).render(lang="fr")
    assert "Variables libres\n" in shown and "Gradients\n" in shown


@pytest.mark.parametrize("code", ["xx", "../de", "", None, "DE", ["de"], 3])
def test_a_language_that_is_not_there(code):
    with pytest.raises(mc.MatcalcError) as caught:
        mc.derive("x'*x", check=False).render(lang=code)
    assert caught.value.diagnostic.code == "M520"
    assert "en, de" in caught.value.diagnostic.facts[0]


def test_only_what_is_asked_for_is_german():
    d = mc.derive("logdet(X)", check=False)
    assert d.render("json", lang="de") == d.render("json")
    d.render("text", lang="de")
    assert "Variables" in d.render("text") and "Variables" in str(d)
    assert d.assumptions == ("det(X) > 0",) and language("en").sentences == {}
