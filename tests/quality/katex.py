"""KaTeX as the judge of our formulas: all that it refuses, from one process.

The npm package `katex` is looked for where node looks: in a `node_modules` above,
or in a folder that NODE_PATH names.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable

import pytest

_JUDGE = """
const katex = require("katex");
const refused = [];
for (const formula of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  try { katex.renderToString(formula, {displayMode: true, throwOnError: true, strict: "error"}); }
  catch (problem) { refused.push([formula, String(problem.message)]); }
}
process.stdout.write(JSON.stringify(refused));
"""

HAS_KATEX = bool(shutil.which("node")) and not subprocess.call(["node", "-e", "require('katex')"], stderr=subprocess.DEVNULL)
needs_katex = pytest.mark.skipif(not HAS_KATEX, reason="needs node and the npm package katex, where NODE_PATH finds it")


def refused(formulas: Iterable[str]) -> list[tuple[str, str]]:
    """(formula, what KaTeX says) for those that it does not take."""
    done = subprocess.run(["node", "-e", _JUDGE], input=json.dumps(sorted(set(formulas))), capture_output=True,
                          text=True, check=True, timeout=300)
    return [(formula, said) for formula, said in json.loads(done.stdout)]


_ENDS = {r"\[": r"\]", r"\begin{align*}": r"\end{align*}", "$": "$"}
_MARK = re.compile(r"\\(?:begin|end)\{align\*\}|\\.|\$", re.DOTALL)


def formulas_of(latex: str) -> list[str]:
    """The formulas of a LaTeX text, displays and inline; `align*` with its fences,
    which say how it is to be read."""
    found: list[str] = []
    opened, start = "", 0
    for mark in _MARK.finditer(latex):
        text = mark.group()
        if not opened and text in _ENDS:
            opened, start = text, mark.start() if "align" in text else mark.end()
        elif opened and text == _ENDS[opened]:
            found.append(latex[start:mark.end() if "align" in text else mark.start()])
            opened = ""
    assert not opened, f"a formula that begins with {opened} does not end"
    return found


def formulas_of_markdown(text: str, flavour: str) -> list[str]:
    """The formulas of a page in Markdown."""
    display, inline = {"github": (r"^```math\n(.*?)^```$", r"\$`(.*?)`\$"),
                       "jupyter": (r"^\$\$\n(.*?)^\$\$$", r"(?<![\$\\])\$([^$\n]+)\$(?!\$)")}[flavour]
    return re.findall(display, text, re.MULTILINE | re.DOTALL) + re.findall(inline, text)
