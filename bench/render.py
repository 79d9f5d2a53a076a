"""Each format of the three-layer example, and our formulas beside SymPy's printer.

    python bench/render.py

"first" is the first rendering of a process, which compiles the templates; "again"
the median of the next ones.  The bar: the deck of the example, read, derived and
laid out by a new process, in under 2 s (without TeX).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

THREE = Path(__file__).resolve().parents[1] / "examples" / "three_layer.mc"
FORMATS = ("text", "json", "latex", "article", "markdown", "notebook", "typst", "html", "beamer", "slides")
DECKS = ("beamer", "slides")


def seconds(action) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start


def whole_process(format: str) -> float:
    command = [sys.executable, "-m", "matcalc", "derive", str(THREE), "--format", format]
    return median(seconds(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(5))


def formats() -> None:
    import matcalc as mc
    d = mc.derive(THREE, check=False)
    print("format        first      again")
    for format in FORMATS:
        first = seconds(lambda f=format: d.render(f))
        again = median(seconds(lambda f=format: d.render(f)) for _ in range(9))
        print(f"{format:10} {1e3 * first:6.0f} ms  {1e3 * again:6.1f} ms")


def formulas() -> None:
    """The same expressions by our printer and by SymPy's, in one process."""
    import sympy

    import matcalc as mc
    from matcalc.expr.latex import latex
    gradients = list(mc.derive("norm2(W3*tanh(W2*tanh(W1*x + b1) + b2) + b3 - y)^2", check=False))
    ours = [g.closed_form for g in gradients]
    theirs = [g.expr for g in gradients]
    a = median(seconds(lambda: [latex(e) for e in ours]) for _ in range(9))
    b = median(seconds(lambda: [sympy.latex(e) for e in theirs]) for _ in range(9))
    print(f"LaTeX of {len(ours)} gradients: {1e3 * a:.1f} ms; sympy.latex of the same {1e3 * b:.1f} ms; ratio {a / b:.2f}")


if __name__ == "__main__":
    for deck in DECKS:
        print(f"matcalc derive three_layer.mc --format {deck:7} {whole_process(deck):.2f} s   (bar 2)")
    formats()
    formulas()
