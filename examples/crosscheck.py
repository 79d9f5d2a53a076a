"""Is my backward pass right?    python examples/crosscheck.py"""

import numpy as np

import matcalc as mc


def gradients(X, y, w):
    p = 1 / (1 + np.exp(-X @ w))
    return {"w": X.T @ (p - y)}


model = mc.derive("X : N x d; y : N target; w : d; 1/N*bce(sigmoid(X*w), y)", wrt="w")
print(model.check_against(gradients))
