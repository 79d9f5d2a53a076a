"""Lecture item 1: f = (2 x1 + 3 x2)^2 + 3 at (1, 3), its derivative three ways.

The transcript prints the shifted value as `((2(1+10^-2+9)^2 + 3)`; brackets are
missing, meant is (2 (1 + 10^-2) + 9)^2 + 3.
"""

from math import floor

import matcalc as mc

SOURCE = """a = 2*x1
b = 3*x2
c = a + b
e = c^2
g = e + 3"""


def f(x1, x2):
    return (2 * x1 + 3 * x2) ** 2 + 3


h = 2e-2
up, down = f(1 + h / 2, 3), f(1 - h / 2, 3)
quotient = floor((up - down) / h * 1e4) / 1e4  # the lecture cuts the digits off
print(f"differences: ({up:.4f} - {down:.4f}) / {h} = {quotient:.4f}")

rules = mc.gradient("(2*x1 + 3*x2)^2 + 3", "x1")
print(f"rules: df/dx1 = {rules.text} = {float(rules.numpy(x1=1, x2=3)):g}")

graph = mc.derive(SOURCE, wrt=["a", "c", "e", "x1"])
a, b = 2 * 1, 3 * 3
c = a + b
e = c ** 2
print("graph forward:", a, b, c, e, e + 3)
_, gradients = graph.numpy()(x1=1, x2=3)
backward = [1, float(gradients["c"]) / float(gradients["e"]), 1, 2]
print("graph backward:", *(f"{v:g}" for v in backward), "product:", f"{float(gradients['x1']):g}")
