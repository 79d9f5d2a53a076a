"""Backpropagation written by hand in NumPy, as a good programmer would."""

from __future__ import annotations

import numpy as np


def linear(W1, W2, W3, X, T):
    """1/2 ||W3 W2 W1 X - T||^2 and the gradients of the weights; a batch in columns."""
    F1 = W1 @ X
    F2 = W2 @ F1
    E = W3 @ F2
    E -= T
    D2 = W3.T @ E
    D1 = W2.T @ D2
    return 0.5 * np.vdot(E, E), {"W3": E @ F2.T, "W2": D2 @ F1.T, "W1": D1 @ X.T}


def mlp(W1, b1, W2, b2, W3, b3, X, T):
    """Two sigmoid layers and softmax with mean cross-entropy; examples in rows."""
    n = len(X)
    H1 = 1 / (1 + np.exp(-(X @ W1 + b1)))
    H2 = 1 / (1 + np.exp(-(H1 @ W2 + b2)))
    Z = H2 @ W3 + b3
    Z -= Z.max(axis=1, keepdims=True)
    E = np.exp(Z)
    E /= E.sum(axis=1, keepdims=True)
    loss = -np.sum(T * np.log(E)) / n
    D3 = (E - T) / n
    D2 = D3 @ W3.T * (H2 * (1 - H2))
    D1 = D2 @ W2.T * (H1 * (1 - H1))
    return loss, {"W1": X.T @ D1, "b1": D1.sum(0), "W2": H1.T @ D2, "b2": D2.sum(0), "W3": H2.T @ D3, "b3": D3.sum(0)}


def attention(Wq, Wk, Wv, X, T):
    """One attention head under the squared error."""
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    scale = 1 / np.sqrt(Q.shape[1])
    S = Q @ K.T
    S *= scale
    S -= S.max(axis=1, keepdims=True)
    np.exp(S, out=S)
    S /= S.sum(axis=1, keepdims=True)
    D = S @ V
    D -= T
    loss = 0.5 * np.vdot(D, D)
    dV = S.T @ D
    dS = D @ V.T
    dS -= (S * dS).sum(axis=1, keepdims=True)
    dS *= S
    dS *= scale
    return loss, {"Wq": X.T @ (dS @ K), "Wk": X.T @ (dS.T @ Q), "Wv": X.T @ dV}


def layer_norm(X, g, b, T):
    """Layer normalisation with gain and bias under the squared error."""
    M = X - X.mean(axis=1, keepdims=True)
    s = np.sqrt((M * M).mean(axis=1, keepdims=True) + 1e-5)
    M /= s
    D = M * g
    D += b
    D -= T
    loss = 0.5 * np.vdot(D, D)
    db, dg = D.sum(axis=0), (D * M).sum(axis=0)
    D *= g
    dX = D - D.mean(axis=1, keepdims=True)
    dX -= M * (D * M).mean(axis=1, keepdims=True)
    dX /= s
    return loss, {"X": dX, "g": dg, "b": db}


def residual(X, T, **parameters):
    """h <- h + tanh(h W + b) for every block, under the squared error; examples in rows."""
    blocks = len(parameters) // 2
    h, inputs, activations, gradients = X, [], [], {}
    for i in range(1, blocks + 1):
        a = h @ parameters[f"W{i}"]
        a += parameters[f"b{i}"]
        np.tanh(a, out=a)
        inputs.append(h)
        activations.append(a)
        h = h + a
    D = h - T
    loss = 0.5 * np.vdot(D, D)
    for i in range(blocks, 0, -1):
        a = activations.pop()
        a *= a
        np.subtract(1, a, out=a)
        a *= D
        gradients[f"W{i}"] = inputs.pop().T @ a
        gradients[f"b{i}"] = a.sum(axis=0)
        if i > 1:
            D += a @ parameters[f"W{i}"].T
    return loss, gradients
