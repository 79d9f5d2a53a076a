"""One way down: every file imports only from rows below its own, or its own room."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "matcalc"

ROWS = {  # ARCHITECTURE.md, from the bottom
    "errors": 0, "shapes": 0, "suggest": 0, "lang": 0,
    "model": 1, "expr": 1,
    "rules": 2,
    "reader": 3,
    "layers": 4, "derive": 4,
    "render": 5, "numeric": 5,
    "api": 6,
    "cookbook": 7, "testing": 7, "grade": 7, "frameworks": 7, "plot": 7,
    "notes": 8,
    "cli": 9, "__main__": 9, "__init__": 9,
}
APART = {("cookbook", "render")}  # lower, and still none of its business
SHARED = (0, 1, 9)  # rows that are one room: words, things, doors
HEAVY = {  # where each library may be imported
    "numpy": ("numeric", "grade"), "sympy": ("expr/sympy_border",), "jinja2": ("render",),
    "click": ("cli",), "rich": ("cli",), "typst": ("render",), "matplotlib": ("plot",), "distributed": ("grade/cluster",),
    "torch": ("frameworks/torch_import", "numeric/against/frameworks"),
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    """Dotted names that a file imports, relative ones made absolute."""
    package = ["matcalc", *path.relative_to(PACKAGE).parts[:-1]]
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[:len(package) - node.level + 1] if node.level else []
            module = base + (node.module.split(".") if node.module else [])
            found += [".".join([*module, a.name]) for a in node.names] if module == ["matcalc"] else [".".join(module)]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_down(path: Path):
    own = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "matcalc" or parts[1:2] in ([], ["__version__"]):
            continue
        other = parts[1]
        assert other in ROWS, f"{path.name} imports the unknown room {other}"
        is_same = other == own or ROWS[other] == ROWS[own] and ROWS[own] in SHARED
        assert is_same or ROWS[other] < ROWS[own] and (own, other) not in APART, (
            f"{path.relative_to(ROOT)} ({own}) must not import {name}")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_libraries_stay_in_their_rooms(path: Path):
    inside = str(path.relative_to(PACKAGE))
    for name in imports(path):
        rooms = HEAVY.get(name.split(".")[0])
        assert rooms is None or inside.startswith(rooms), f"{inside} must not import {name}"


def loaded(code: str) -> set[str]:
    """The top-level modules that a program has loaded at its end."""
    program = f"{code}\nimport sys; print(*{{m.split('.')[0] for m in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_import_is_light():
    assert not loaded("import matcalc as mc; mc.MatcalcError") & {"sympy", "numpy", "jinja2", "click", "rich"}


def test_deriving_and_printing_need_no_numbers():
    code = "import matcalc as mc; print(mc.derive('norm2(tanh(W*x) - y)^2', check=False))"
    assert not loaded(code) & {"sympy", "numpy", "click"}


def test_json_and_latex_need_no_numbers():
    code = """
import matcalc as mc
d = mc.derive("norm2(tanh(W*x) - y)^2", check=False)
[d.render(f) for f in ("json", "latex", "article", "html")]
"""
    assert not loaded(code) & {"sympy", "numpy", "click"}


def test_help_is_light():
    code = "from matcalc.cli.run import run; run(['--help'])"
    assert not loaded(code) & {"sympy", "numpy", "jinja2", "rich"}


def test_the_verb_keeps_its_name_whatever_is_imported_first():
    code = "import matcalc.derive.engine; import matcalc as mc; mc.read('x'); assert not hasattr(mc.derive, '__path__')"
    loaded(code)
