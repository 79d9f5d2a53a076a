"""Every format of two examples, byte by byte, in processes that hash differently."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from .golden import EXAMPLES, FOLDER, FORMATS, ROOT


def printed(seed: str) -> dict[str, str]:
    done = subprocess.run([sys.executable, "-m", "tests.quality.golden", "--print"], cwd=ROOT, capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}, check=True, timeout=120)
    return json.loads(done.stdout)


@pytest.mark.parametrize("seed", ["0", "20240229"])
def test_every_format_has_these_bytes(seed: str):
    found = printed(seed)
    assert len(found) == len(EXAMPLES) * len(FORMATS)
    assert set(found) == {path.name for path in FOLDER.iterdir()}
    changed = [name for name, text in found.items() if (FOLDER / name).read_bytes() != text.encode()]
    assert changed == [], "if this is on purpose: python -m tests.quality.golden, and look at the difference"
