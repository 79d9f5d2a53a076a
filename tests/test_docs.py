"""Every block of the README runs and shows what really comes out.

`python -m tests.test_readme` writes the real output into the README.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


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


@pytest.mark.parametrize("block", blocks(PYTHON))
def test_python(block: str, monkeypatch):
    monkeypatch.chdir(ROOT)
    test = doctest.DocTestParser().get_doctest(block, {}, "README", "README.md", 0)
    assert test.examples
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert runner.run(test).failed == 0


def test_pictures_exist():
    for page in PAGES:
        for path in re.findall(r"!\[.*?\]\((.*?)\)", page.read_text()):
            assert (ROOT / path).is_file(), path


def test_the_other_package_is_not_recommended():
    assert "pip install matcalc" not in (ROOT / "README.md").read_text().replace("pip install matcalc-", "")


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
            page.write_text(text)


if __name__ == "__main__":
    _refresh()
