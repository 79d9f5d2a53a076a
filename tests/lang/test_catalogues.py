"""Every catalogue has every sentence, and what is shown in a language is in that language."""

from __future__ import annotations

import json
import re

import pytest

from matcalc.lang import ENGLISH, languages
from matcalc.lang.catalogue import FOLDER, language
from matcalc.lang.said import places
from matcalc.rules import FUNCTION_NAMES

from .patterns import patterns
from .things import renderings

OTHERS = [code for code in languages() if code != ENGLISH.code]
NOT_GERMAN = """the of with respect is are by every each and at gives since from this that only where which entry entries shape
    checked agrees agree gradients pass forward backward assumptions check variables steps rule sources scalar reused
    inferred target columns column rows positive symmetric becomes for to not be has have if matrix product loss used on""".split()


@pytest.mark.parametrize("code", OTHERS)
def test_every_sentence_is_translated_and_no_translation_unused(code):
    known = set(language(code).sentences)
    assert patterns() - known == set()
    assert known - patterns() == set()


@pytest.mark.parametrize("code", OTHERS)
def test_places_agree(code):
    for english, translation in language(code).sentences.items():
        assert sorted(places(english)) == sorted(places(translation)), english
        assert english.endswith((".", ":")) == translation.endswith((".", ":")), english


def test_german_is_german():
    """No English function word is left in anything that is shown."""
    word = re.compile(rf"\b({'|'.join(NOT_GERMAN)})\b", re.IGNORECASE)
    for name, text in renderings("de", ("text", "html")):
        found = word.search(without_matrix_words(text))
        assert found is None, f"{name}: {text[max(found.start() - 60, 0):found.end() + 40]}"


def without_matrix_words(text: str) -> str:
    """English words that are German ones: Matrix, and names."""
    return re.sub(r"\bMatrix\b|-Matrix|Matrix-", "", text)


def test_a_language_is_a_file(tmp_path, monkeypatch):
    """An invented language, every letter an ö: nothing that is shown is left in English."""
    def invented(pattern: str) -> str:
        return "".join(p if p.startswith("{") else re.sub(r"[^\W\d_]", "ö", p) for p in re.split(r"(\{\w*\})", pattern))
    lines = [f"{json.dumps(p)} = {json.dumps(invented(p))}" for p in sorted(patterns())]
    (tmp_path / "oe.toml").write_text("thousands = '_'\n[sentences]\n" + "\n".join(lines), encoding="utf-8")
    monkeypatch.setattr("matcalc.lang.catalogue.FOLDER", tmp_path)
    assert languages() == ("en", "oe")
    english = {w for p in patterns() for w in re.findall(r"[A-Za-z]{4,}", re.sub(r"\{\w*\}", "", p))} - SYMBOLS
    for name, text in renderings("oe"):
        left = english & set(re.findall(r"[A-Za-z]+", text))
        assert not left, f"{name}: {left}"
        assert "ö" in text


SYMBOLS = {*FUNCTION_NAMES, "softmax", "logsumexp", "grad", "tril", "triu", "yhat", "pinv", "ReLU", "sigma", "alpha",
           "delta", "Petersen", "Pedersen", "matcalc", "diag", "inner"}  # the last is TikZ


def test_catalogues_are_in_the_package():
    assert FOLDER.name == "lang" and {"de"} <= set(OTHERS)
