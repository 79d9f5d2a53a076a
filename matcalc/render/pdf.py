"""A LaTeX document to PDF, by a TeX engine that may run no other program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import MatcalcError, fail

ENGINE = "pdflatex"
SECONDS = 60
PACKAGES = {"mathtools.sty": "texlive-latex-recommended", "beamer.cls": "texlive-latex-recommended",
            "lmodern.sty": "lmodern", "amsmath.sty": "texlive-latex-base",
            "pgfcore.sty": "texlive-pictures", "tikz.sty": "texlive-pictures"}  # of Debian


def compiled(document: str, files: dict[str, bytes] | None = None, runs: int = 1) -> bytes:
    """The PDF of a document.

    files   name -> content of the pictures that it includes
    runs    2 for a table of contents

    Raises MatcalcError: M508 (no engine, or a part of TeX that is missing), M509 (the
    engine failed, or took too long).
    """
    engine = shutil.which(ENGINE)
    if engine is None:
        raise fail("M508", "there is no TeX engine to make a PDF with",
                   facts=(f"matcalc looks for {ENGINE}",),
                   help="install TeX (on Debian: apt-get install texlive-latex-recommended lmodern), "
                        "or Typst: pip install \"matcalc-derivations[typst]\", and add --format typst")
    with tempfile.TemporaryDirectory(prefix="matcalc-") as folder:
        Path(folder, "document.tex").write_text(document, encoding="utf-8")
        for name, data in (files or {}).items():
            Path(folder, name).write_bytes(data)
        log = None
        for _ in range(runs):
            log = log or _run(engine, folder)
        pdf = Path(folder, "document.pdf")
        if log is not None or not pdf.is_file():
            raise _failure(log or "")
        return pdf.read_bytes()


def _run(engine: str, folder: str) -> str | None:
    """None when all went well, else what the engine printed."""
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "document.tex"]
    environment = {**os.environ, "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise fail("M509", f"TeX did not finish within {SECONDS} seconds",
                   help="leave out --pdf and compile elsewhere") from None
    return None if done.returncode == 0 else done.stdout.decode("utf-8", "replace")


def _failure(log: str) -> MatcalcError:
    missing = re.search(r"File `([\w.-]+)' not found", log)
    if missing:
        name = missing.group(1)
        package = PACKAGES.get(name, "texlive-latex-recommended lmodern")
        return fail("M508", f"TeX lacks {name}", help=f"install it (on Debian: apt-get install {package}), "
                    "or leave out --pdf and compile elsewhere")
    return fail("M509", "TeX could not compile the document", facts=(_first_error(log),),
                help="please report this input; without --pdf the document is shown")


def _first_error(log: str) -> str:
    found = re.search(r"^! (.*)$", log, re.MULTILINE)
    return f"TeX says: {found.group(1)}" if found else "TeX gave no reason"
