"""Lecture item 8: the softmax table for Tiger, Airplane, Boat, Heavy Metal.

IIT's lecture 4 prints the cross-entropy once as -sum yhat log y; meant is
-sum y log yhat, which is what cross_entropy(yhat, y) computes.
"""

import numpy as np

import matcalc as mc

x = np.array([-3.44, 1.16, -0.81, 3.91])
d = mc.derive("y : 4 onehot target; x : 4; yhat = softmax(x); L = cross_entropy(yhat, y)")
_, gradients = d.numpy()(x=x, y=[1, 0, 0, 0])
softmax = gradients["x"] + [1, 0, 0, 0]
for name, *row in zip(["Tiger", "Airplane", "Boat", "Heavy Metal"], x, np.exp(x), softmax, strict=True):
    print(f"{name:12}{row[0]:8.2f}{row[1]:8.2f}{row[2]:9.4f}")
print(f"dL/dx = {d['x'].named_text}")
