"""pdfTeX as the judge of our documents: what it makes of them, and what sticks out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

HAS_TEX = shutil.which("kpsewhich") and not subprocess.call(
    ["kpsewhich", "beamer.cls", "lmodern.sty"], stdout=subprocess.DEVNULL)
needs_tex = pytest.mark.skipif(not HAS_TEX, reason="needs TeX with beamer (Debian: texlive-latex-recommended lmodern)")
ALLOWED = 1.0  # pt
_BEGIN, _END = r"\begin{document}", r"\end{document}"


def typeset(latex: str, folder: Path) -> tuple[Path, str]:
    """The document's PDF, and what TeX said."""
    (folder / "document.tex").write_text(latex)
    done = subprocess.run(["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "document.tex"],
                          cwd=folder, env={**os.environ, "max_print_line": "1000"}, capture_output=True,
                          timeout=240, check=False)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[-2000:]
    return folder / "document.pdf", said


def overfull(said: str) -> list[str]:
    """The lines about boxes that stick out."""
    return [line for line in re.findall(r"^Overfull .*$", said, re.MULTILINE)
            if float(re.search(r"\(([\d.]+)pt", line)[1]) > ALLOWED]


def sticks_out(documents: Iterable[tuple[str, str]], folder: Path) -> dict[str, list[str]]:
    """What sticks out of which of many documents: TeX starts once, with the longest preamble, which
    has the packages of all."""
    preambles, bodies = [], []
    for name, document in documents:
        preamble, body = document.split(_BEGIN)
        preambles.append(preamble)
        bodies.append(f"\\message{{^^J@@{name.replace('_', ' ')}^^J}}{body.split(_END)[0]}\\clearpage")
    _, said = typeset("\n".join([max(preambles, key=len) + _BEGIN, *bodies, _END]), folder)
    _, *parts = re.split(r"^@@", said, flags=re.MULTILINE)
    assert len(parts) == len(bodies)
    found = {part.split("\n")[0]: overfull(part) for part in parts}
    return {name: lines for name, lines in found.items() if lines}
