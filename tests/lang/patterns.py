"""Every English sentence that can be shown, found in the sources: what a catalogue must hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from matcalc.cookbook.table import Cannot, load
from matcalc.rules import ENTRYWISE, RULES
from matcalc.rules.bibliography import bibliography

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(p for p in (ROOT / "templates").glob("*.j2") if not p.name.startswith("class"))  # grading is in English
MAKER = ROOT / "matcalc" / "lang" / "said.py"
SOURCES = sorted(p for p in (ROOT / "matcalc").rglob("*.py") if p != MAKER)
CALLED = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""")
PLACES = re.compile(r"\{\w*\}")


def patterns() -> set[str]:
    """All of them; what holds no word needs no translation."""
    found = {*_in_code(), *_in_templates(), *_in_tables()}
    return {p for p in found if re.search(r"[^\W\d_]", PLACES.sub("", p))}


def _in_code() -> set[str]:
    found = {"{some} and {last}"}  # of `lang.all_of`
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said" and node.args:
                pattern = node.args[0]
                if isinstance(pattern, ast.Constant):
                    found.add(pattern.value)
                else:
                    assert not isinstance(pattern, ast.JoinedStr), f"{path.name}:{node.lineno}: no f-string can be translated"
    return found


def _in_templates() -> set[str]:
    return {text for path in TEMPLATES for text in CALLED.findall(path.read_text(encoding="utf-8"))}


def _in_tables() -> set[str]:
    """What rules, functions, sources and the cookbook say."""
    table = load()
    words = [w for r in RULES.values() for w in (r.title, r.why, r.domain)]
    words += [w for f in ENTRYWISE.values() for w in (f.why, f.domain, f.at_kink)]
    words += [s.place for s in bibliography().values()]
    words += table.sections.values()
    words += [w for e in table.equations for w in ((e.what, e.reason) if isinstance(e, Cannot) else (e.note,))]
    return set(words)
