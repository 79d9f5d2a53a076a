"""Lecture item 2: how the step size h decides what a difference quotient is worth.

Writes differences.svg into the folder given (default: here); needs matplotlib.
"""

import sys
from pathlib import Path

import matcalc as mc

folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")


def f(x):
    return x ** 3 - 2 * x


x, exact, eps = 3.0, 3 * 3.0 ** 2 - 2, 2.0 ** -52
for text, h in (("1e-2", 1e-2), ("1e-5", 1e-5), ("eps^(1/3) x_c", eps ** (1 / 3) * x), ("1e-12", 1e-12)):
    quotient = (f(x + h / 2) - f(x - h / 2)) / h
    print(f"h = {text:14} (f(x + h/2) - f(x - h/2))/h = {quotient:.12f}  error {abs(quotient - exact):.0e}")
print("at x = 0 the step eps^(1/3) x_c is 0: take x_c = 1 there")
print("price: two evaluations of f per entry; a matrix of 1000 x 1000 weights needs 2000000")

mc.plot("differences", "x^3 - 2*x", folder / "differences.svg", at={"x": x})
