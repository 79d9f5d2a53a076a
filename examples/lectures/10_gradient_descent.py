"""Lecture item 10: the learning rate, and gradients that vanish or explode with depth.

Writes descent.svg and depth.svg into the folder given (default: here); needs matplotlib.
"""

import sys
from pathlib import Path

import matcalc as mc

folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
MODEL = "X : M x d; y : M target; L = 1/M*norm2(X*w - y)^2"

d = mc.derive(MODEL, "w")
print("w <- w - eta *", d["w"].text)
mc.plot("descent", MODEL, folder / "descent.svg", wrt="w")
mc.plot("norms", "sigmoid, tanh, relu, relu:2.5", folder / "depth.svg")
