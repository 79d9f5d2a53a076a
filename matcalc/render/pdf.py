"""A LaTeX document to PDF, by a TeX engine that may run no other program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import fail

ENGINE = "pdflatex"
SECONDS = 60


def compiled(document: str) -> bytes:
    """The PDF of a document.

    Raises MatcalcError: M508 (no engine), M509 (the engine failed, or took too long).
    """
    engine = shutil.which(ENGINE)
    if engine is None:
        raise fail("M508", "there is no TeX engine to make a PDF with",
                   facts=(f"matcalc looks for {ENGINE}",),
                   help="install TeX (on Debian: apt-get install texlive-latex-recommended lmodern), "
                        "or Typst: pip install \"matcalc-derivations[typst]\", and add --format typst")
    with tempfile.TemporaryDirectory(prefix="matcalc-") as folder:
        Path(folder, "article.tex").write_text(document, encoding="utf-8")
        log = _run(engine, folder)
        pdf = Path(folder, "article.pdf")
        if log is not None or not pdf.is_file():
            raise fail("M509", "TeX could not compile the article", facts=(_first_error(log or ""),),
                       help="please report this input; --format article shows the document")
        return pdf.read_bytes()


def _run(engine: str, folder: str) -> str | None:
    """None when all went well, else what the engine printed."""
    command = [engine, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "article.tex"]
    environment = {**os.environ, "openin_any": "p", "openout_any": "p", "max_print_line": "1000"}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise fail("M509", f"TeX did not finish within {SECONDS} seconds",
                   help="use --format article and compile elsewhere") from None
    return None if done.returncode == 0 else done.stdout.decode("utf-8", "replace")


def _first_error(log: str) -> str:
    found = re.search(r"^! (.*)$", log, re.MULTILINE)
    return f"TeX says: {found.group(1)}" if found else "TeX gave no reason"
