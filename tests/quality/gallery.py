"""What is looked at: every example and network, and results of every kind."""

from __future__ import annotations

import runpy
from functools import cache, partial
from pathlib import Path

import matcalc as mc

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def _networks() -> dict:
    names = runpy.run_path(str(EXAMPLES / "networks.py"))
    return {f"networks.py:{name}": net for name, net in names.items() if isinstance(net, mc.Network)}


_FILES = {str(p.relative_to(EXAMPLES)): p for p in sorted(EXAMPLES.rglob("*.mc"))}
