"""Computational graphs and layer diagrams: well-formed, complete, the same bytes each time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

import matcalc as mc
from matcalc.render.diagram.drawing import drawn
from matcalc.render.diagram.graph import computational_graph, whole_derivation
from matcalc.render.diagram.layout import layout
from matcalc.render.diagram.picture import Box, Line

ROOT = Path(__file__).resolve().parents[2]
SCALAR = "a = 2*x1; b = 3*x2; c = a + b; e = c^2; g = e + 3"
AT = {"x1": 1, "x2": 3}
THREE = ROOT / "examples" / "three_layer.mc"
SKIP = "h1 = tanh(W1*x); h2 = h1 + tanh(W2*h1); h3 = h2 + tanh(W3*h2) + h1; L = norm2(h3 - y)^2"
LSTM = mc.Network(mc.LSTM()(mc.Input("x1"), mc.Input("x2", features="n0")), loss=mc.SquaredError())
ATTENTION = mc.Network(mc.Attention(), loss=mc.SquaredError(), batch="rows")


def labels(svg: str) -> list[str]:
    """All labels; a lowered 1 reads "1"."""
    root = ElementTree.fromstring(svg)
    return ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text")]


def of_class(svg: str, name: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    return ["".join(t.itertext()) for t in root.iter("{http://www.w3.org/2000/svg}text") if t.get("class") == name]


def test_the_lecture_s_numbers():
    svg = mc.plot("graph", SCALAR, at=AT)
    forward = of_class(svg, "forward")
    assert all(x in forward for x in ("a = 2", "b = 9", "c = 11", "e = 121", "g = 124"))
    assert of_class(svg, "backward")[:6].count("1") == 3
    assert {"22", "2", "3"} <= set(of_class(svg, "backward"))
    assert "∂g/∂x1 = 1 · 22 · 1 · 2 = 44" in labels(svg)


def test_a_formula_is_cut_into_operations():
    svg = mc.plot("graph", "(2*x1 + 3*x2)^2 + 3", at=AT)
    assert "∂L/∂x1 = 1 · 22 · 1 · 2 = 44" in labels(svg)
    svg = mc.plot("graph", "1/2*norm2(W3*W2*W1*x - y)^2")
    assert {"W1 x", "W2 v1", "W3 v2", "v3 − y"} <= set(labels(svg))


def test_several_paths_are_added():
    svg = mc.plot("graph", "a = x^2; b = 3*x; f = a*b", at={"x": 2})
    assert "∂f/∂x = 4 · 3 + 6 · 4 = 36" in labels(svg)


def test_layers_backward():
    found = labels(mc.plot("graph", THREE))
    assert {"= f3 − y", "= W3T(∂L/∂f3)", "= (∂L/∂f1) xT"} <= set(found)
    found = labels(mc.plot("graph", THREE, below="partials"))
    assert {"∂L/∂f3", "= f3 − y", "∂f3/∂f2", "= W3T", "∂f1/∂W1", "· xT"} <= set(found)


def test_numbers_of_vectors():
    at = {"W": [[1, 2], [3, 4]], "x": [1, 2], "y": [5, 11.00001]}
    found = labels(mc.plot("graph", "f = W*x; L = 1/2*norm2(f - y)^2", at=at))
    assert "f = (5, 11)" in found and "∂L/∂f = (0, −10−5)" not in found
    assert "∂L/∂f = (0, −1·10−5)" in found
    assert any(x.startswith("‖∂L/∂W‖ = ") for x in found)


def test_shapes_of_layers():
    found = labels(mc.plot("layers", THREE))
    assert {"f2 = W2 f1", "W2 : n2 × n1", "n0", "n3"} <= set(found)


@pytest.mark.parametrize("source", [SCALAR, THREE, SKIP, ATTENTION, "x'*A*x", "z = x; sum(z .* z)",
                                    "x1 : scalar; x2 : scalar; x1*x2 + sin(x1)"],
                         ids=["scalar", "three", "skip", "attention", "quadratic", "copy", "two_paths"])
@pytest.mark.parametrize("kind", ["graph", "layers"])
def test_well_formed_and_inside(kind: str, source):
    svg = mc.plot(kind, source)
    root = ElementTree.fromstring(svg)
    _, _, width, height = map(float, root.get("viewBox").split())
    for rect in root.iter("{http://www.w3.org/2000/svg}rect"):
        x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= height


@pytest.mark.parametrize("source", [THREE, SKIP, ATTENTION, LSTM], ids=["three", "skip", "attention", "lstm"])
def test_nothing_lies_on_something_else(source):
    """No box covers another, and no edge passes through a box."""
    shapes = drawn(computational_graph(whole_derivation(mc.read(source)))).shapes
    boxes = [s for s in shapes if isinstance(s, Box)]
    for i, a in enumerate(boxes):
        for b in boxes[:i]:
            assert abs(a.x - b.x) >= (a.width + b.width) / 2 or abs(a.y - b.y) >= (a.height + b.height) / 2
    for line in (s for s in shapes if isinstance(s, Line)):
        assert not line.is_curved or [x for x, _ in line.points] == sorted(x for x, _ in line.points)
        for (x, y), (u, v) in zip(line.points, line.points[1:]):
            for t in (0.1, 0.3, 0.5, 0.7, 0.9):
                at = (x + t * (u - x), y + t * (v - y))
                assert not any(abs(at[0] - b.x) < b.width / 2 - 1 and abs(at[1] - b.y) < b.height / 2 - 1 for b in boxes)


def test_columns_follow_the_longest_path():
    graph = computational_graph(whole_derivation(mc.read(SKIP)))
    found = layout(graph, lambda name: (30, 50))
    column = {n: c for c, names in enumerate(found.columns) for n in names}
    assert column["x"] < column["h1"] < column["h2"] < column["h3"] < column["L"]


def test_thirty_layers():
    lines = [f"h{i} = tanh(W{i}*{'x' if i == 1 else f'h{i - 1}'})" for i in range(1, 31)]
    assert "∂L/∂h29" in labels(mc.plot("graph", "\n".join([*lines, "L = norm2(h30 - y)^2"])))


def test_names_are_escaped():
    sympy = pytest.importorskip("sympy")
    a, b = sympy.symbols(r"a<b>&"), sympy.Symbol("\\input{x}#%")
    svg = mc.plot("graph", a ** 2 * sympy.sin(b), operations=True)
    ElementTree.fromstring(svg)
    assert "<b>" not in svg
    tex = mc.plot("graph", a ** 2 * sympy.sin(b), operations=True, format="tex")
    assert r"\input" not in tex and not re.search(r"(?<!\\)#", tex)


def test_bytes_are_stable():
    code = f"import matcalc as mc; print(hash(mc.plot('graph', {SKIP!r})) and mc.plot('graph', {SKIP!r}))"
    runs = {subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
                           env={"PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1


@pytest.mark.parametrize("source", [SCALAR, THREE, SKIP], ids=["scalar", "three", "skip"])
def test_tikz_compiles(source, tmp_path: Path):
    if shutil.which("pdflatex") is None or subprocess.run(
            ["kpsewhich", "tikz.sty"], capture_output=True, check=False).returncode:
        pytest.skip("pdflatex with tikz is not installed")
    document = (r"\documentclass{article}\usepackage{graphicx,amsmath,amssymb,tikz}\begin{document}"
                + mc.plot("graph", source, format="tex") + r"\par " + mc.plot("layers", source, format="tex")
                + r"\end{document}")
    (tmp_path / "a.tex").write_text(document)
    done = subprocess.run(["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"],
                          cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert b"Overfull" not in done.stdout


def test_graphs_need_no_matplotlib_and_no_numpy():
    code = "import sys, matcalc as mc; mc.plot('graph', 'norm2(W*x)^2'); assert 'matplotlib' not in sys.modules; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
