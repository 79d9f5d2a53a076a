"""Gradients of two_layer.mc by hand, once right and twice with a mistake.

    matcalc check examples/two_layer.mc --against examples/my_gradients.py:right
"""

import numpy as np


def right(x, y, W1, b1, W2):
    """(loss, gradients)"""
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h - y
    dz = W2.T @ r * (1 - h ** 2)
    return 0.5 * r @ r, {"W1": np.outer(dz, x), "b1": dz, "W2": np.outer(r, h), "x": W1.T @ dz}


def forgotten(x, y, W1, b1, W2):
    """The slope of tanh is forgotten."""
    h = np.tanh(W1 @ x + b1)
    r = W2 @ h - y
    dz = W2.T @ r
    return {"W1": np.outer(dz, x), "b1": dz, "W2": np.outer(r, h), "x": W1.T @ dz}


def averaged(**values):
    """Every gradient is divided by the number of outputs."""
    loss, gradients = right(**values)
    n = len(values["y"])
    return loss, {name: g / n for name, g in gradients.items()}
