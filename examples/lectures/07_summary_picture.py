"""Lecture item 7: forward pass, loss, backward pass with what flows on the edges.

Writes summary_3.svg and summary_6.svg (three and six layers), the same as TikZ, and
layers.svg, into the folder given (default: here).
"""

import sys
from pathlib import Path

import matcalc as mc

folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
for depth in (3, 6):
    layers = [layer for i in range(1, depth + 1) for layer in (mc.Linear(f"W{i}", name=f"f{i}"),)]
    network = mc.Network(*layers, loss=mc.SquaredError())
    for ending in ("svg", "tex"):
        mc.plot("graph", network, folder / f"summary_{depth}.{ending}", below="partials")
    print(f"{depth} layers:", *(f"d{of}/d{by}" for of, by in [("L", f"f{depth}")] + [
        (f"f{i}", f"f{i - 1}") for i in range(depth, 1, -1)] + [("f1", "W1")]))
mc.plot("layers", network, folder / "layers.svg")
