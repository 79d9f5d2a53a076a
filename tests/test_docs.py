"""Every block of the README and of docs/ runs and shows what really comes out.

`python -m tests.test_docs` writes the real output into the pages.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from matcalc import derive
from matcalc.errors import MatcalcError
from matcalc.reader.vocabulary import ABSTRACT, OPERATIONS, SUGAR
from matcalc.rules import FUNCTION_NAMES

from .function_tables import filled

ROOT = Path(__file__).resolve().parents[1]
LANGUAGE = ROOT / "docs" / "language.md"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def sessions(block: str) -> list[tuple[str, str]]:
    """(command, output) of each "$ command" of a console block."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2]))


def output(command: str, folder: Path) -> str:
    """What a matcalc command prints."""
    words = shlex.split(command)
    assert words[0] == "matcalc", command
    done = subprocess.run([sys.executable, "-m", "matcalc", *words[1:]], cwd=folder, capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False)
    return (done.stdout + done.stderr).decode()


def blocks(pattern: re.Pattern) -> list:
    return [pytest.param(block, id=f"{page.stem}-{i}") for page in PAGES
            for i, block in enumerate(pattern.findall(page.read_text()))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the examples, where a command may write."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


@pytest.mark.parametrize("block", blocks(CONSOLE))
def test_commands(block: str, folder: Path):
    for command, shown in sessions(block):
        assert output(command, folder) == shown


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_python(page: Path, monkeypatch):
    """The blocks of a page are one session."""
    monkeypatch.chdir(ROOT)
    text = "\n".join(PYTHON.findall(page.read_text()))
    test = doctest.DocTestParser().get_doctest(text, {}, page.stem, page.name, 0)
    assert doctest.DocTestRunner(optionflags=OPTIONS).run(test).failed == 0


def test_the_function_tables_are_the_programs():
    text = LANGUAGE.read_text()
    assert filled(text) == text


def test_every_function_is_on_the_language_page():
    prose = re.sub(r"^```.*?^```$", "", LANGUAGE.read_text(), flags=re.MULTILINE | re.DOTALL)
    written = set(re.findall(r"`([A-Za-z_0-9]+)(?:\([^`]*\))?`", prose))
    assert {*FUNCTION_NAMES, *OPERATIONS, *SUGAR, *ABSTRACT} - written == set()


REFUSALS = [(code.strip(), example.replace("\\|", "|"))
            for code, examples in re.findall(r"^\| (M\d+)[^|]*\|[^|]*\| (.*) \|$", LANGUAGE.read_text(), re.MULTILINE)
            for example in re.findall(r"`(.*?)`", examples) if not example.startswith("--")]


@pytest.mark.parametrize(("code", "example"), REFUSALS)
def test_refusals_on_the_language_page(code: str, example: str):
    with pytest.raises(MatcalcError) as caught:
        derive(example)
    assert caught.value.diagnostic.code == code


def test_pictures_exist():
    for page in PAGES:
        for path in re.findall(r"!\[.*?\]\((.*?)\)", page.read_text()):
            assert (ROOT / path).is_file(), path


def test_the_other_package_is_not_recommended():
    assert "pip install matcalc" not in (ROOT / "README.md").read_text().replace("pip install matcalc-", "")


def session(block: str, names: dict) -> str:
    """The block with the output that its statements have, where that is another."""
    out = []
    for part in doctest.DocTestParser().parse(block):
        if isinstance(part, str):
            out.append(part)
            continue
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(part.source, "<docs>", "single"), names)  # noqa: S102
        got = printed.getvalue()
        same = doctest.OutputChecker().check_output(part.want, got, OPTIONS)
        first, *more = part.source.splitlines(keepends=True)
        out.append(">>> " + first + "".join("... " + line for line in more) + (part.want if same else got))
    return "".join(out)


def _refresh() -> None:
    import tempfile
    for page in PAGES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "examples").symlink_to(ROOT / "examples")
            text = page.read_text()
            for block in CONSOLE.findall(text):
                new = "".join(f"$ {c}\n{output(c, folder)}" for c, _ in sessions(block))
                text = text.replace(f"```console\n{block}```", f"```console\n{new}```")
            names: dict = {}
            for block in PYTHON.findall(text):
                text = text.replace(f"```python\n{block}```", f"```python\n{session(block, names)}```")
            page.write_text(filled(text) if page == LANGUAGE else text)


if __name__ == "__main__":
    _refresh()
