"""KaTeX as the judge of our formulas: all that it refuses, from one process.

The npm package `katex` is looked for where node looks (a `node_modules` above,
or a folder that NODE_PATH names).  Where it is not, tests are skipped; where
MATCALC_KATEX is set, as in .ci/run, a skipped test would be a lie, and they fail.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable

import pytest

_SCRIPT = """
const katex = require("katex");
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const refused = [];
for (const formula of formulas) {
  try { katex.renderToString(formula, {displayMode: true, throwOnError: true, strict: "error", trust: false}); }
  catch (problem) { refused.push([formula, String(problem.message)]); }
}
process.stdout.write(JSON.stringify(refused));
"""


def _is_here() -> bool:
    return bool(shutil.which("node")) and not subprocess.run(
        ["node", "-e", "require('katex')"], capture_output=True, check=False).returncode


HAS_KATEX = _is_here()
needs_katex = pytest.mark.skipif(not HAS_KATEX and not os.environ.get("MATCALC_KATEX"),
                                 reason="needs node and the npm package katex (npm install katex, NODE_PATH)")


def refused(formulas: Iterable[str]) -> list[tuple[str, str]]:
    """(formula, what KaTeX says) of those that it does not take."""
    given = json.dumps(sorted(set(formulas)))
    done = subprocess.run(["node", "-e", _SCRIPT], input=given, capture_output=True, text=True, check=True, timeout=300)
    return [(formula, said) for formula, said in json.loads(done.stdout)]


_DISPLAYS = {r"\[": r"\]", r"\begin{align*}": r"\end{align*}"}
_MARK = re.compile(r"\\begin\{align\*\}|\\end\{align\*\}|\\\\|\\\$|\\\[|\\\]|\$")


def formulas_of(latex: str) -> list[str]:
    """The formulas of a LaTeX text, displays and inline, without their fences."""
    found: list[str] = []
    opened, start = "", 0
    for mark in _MARK.finditer(latex):
        text = mark.group()
        if not opened and text in (*_DISPLAYS, "$"):
            opened, start = text, mark.end() if text != r"\begin{align*}" else mark.start()
        elif opened and text == _DISPLAYS.get(opened, "$"):
            found.append(latex[start:mark.end() if text == r"\end{align*}" else mark.start()])
            opened = ""
    assert not opened, f"a formula that begins with {opened} does not end"
    return found
