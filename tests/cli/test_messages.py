"""Every page of `matcalc explain` shows what really happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import matcalc as mc

from .process import ROOT, matcalc

PAGES = sorted((ROOT / "matcalc" / "messages").glob("*.md"))
EXAMPLE = re.compile(r"^```[a-z]*\n((?:>>> |\$ )[^`]*?)\n(error\[.*?)\n```$", re.MULTILINE | re.DOTALL)


def examples() -> list:
    """(page, commands, output) of every example that is a command or Python."""
    return [pytest.param(commands, output, id=page.stem)
            for page in PAGES for commands, output in EXAMPLE.findall(page.read_text())]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_page_has_a_title(page: Path):
    assert page.read_text().startswith(f"# {page.stem}: ")


@pytest.mark.parametrize(("commands", "output"), examples())
def test_example_gives_this_message(commands: str, output: str):
    assert message(commands).rstrip() == output


def message(commands: str) -> str:
    """What the commands of an example end with."""
    if commands.startswith(">>>"):
        names = {"mc": mc}
        with pytest.raises(mc.MatcalcError) as caught:
            for line in commands.split("\n"):
                exec(line.removeprefix(">>> "), names)
        return str(caught.value)
    stdin = None
    words = shlex.split(commands.removeprefix("$ "))
    if "|" in words:  # printf "..." | matcalc ...
        bar = words.index("|")
        stdin, words = words[1].encode().decode("unicode_escape").encode("latin-1"), words[bar + 1:]
    done = matcalc(*words[1:], stdin=stdin)
    assert done.returncode in (2, 3)
    return done.stderr


def test_every_code_has_a_page():
    """Codes are written as "M201" in the sources; a page is its test."""
    sources = (ROOT / "matcalc").rglob("*.py")
    codes = {c for p in sources for c in re.findall(r'"(M[1-69]\d\d)"', p.read_text(encoding="utf-8"))}
    assert codes - {p.stem for p in PAGES} == set()
