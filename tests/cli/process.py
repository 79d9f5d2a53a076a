"""Running the command line as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def matcalc(*arguments: str, stdin: bytes | None = None, cwd: Path = ROOT, **environment: str):
    """The finished process of `python -m matcalc`; stdout and stderr as text."""
    done = subprocess.run([sys.executable, "-m", "matcalc", *arguments], cwd=cwd, input=stdin,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                          capture_output=True, timeout=120, check=False)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())
