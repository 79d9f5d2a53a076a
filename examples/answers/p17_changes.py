"""An answer to problem p17 with the right values; it overwrites what it was given."""

import numpy as np


def grad(h, yhat, y, W2, x):
    yhat -= y
    delta = (W2.T @ yhat) * (1 - h**2)
    return {"loss": 0.5 * np.sum(yhat**2), "dW1": np.outer(delta, x)}
