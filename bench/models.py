"""The models that generated code is timed on."""

from __future__ import annotations

LINEAR = """X : n x B constant; T : n x B target; W1 : n x n; W2 : n x n; W3 : n x n
F1 = W1*X
F2 = W2*F1
F3 = W3*F2
L = 1/2*norm2(F3 - T)^2"""

MLP = """X : B x n constant; T : B x n onehot target; W1 : n x n; b1 : n; W2 : n x n; b2 : n; W3 : n x n; b3 : n
A1 = X*W1 + ones*b1'
H1 = sigmoid(A1)
A2 = H1*W2 + ones*b2'
H2 = sigmoid(A2)
Z = H2*W3 + ones*b3'
P = softmax_rows(Z)
L = 1/B*cross_entropy(P, T)"""

ATTENTION = """X : B x n constant; T : B x n target; Wq : n x n; Wk : n x n; Wv : n x n
Q = X*Wq
K = X*Wk
V = X*Wv
P = softmax_rows(Q*K'/sqrt(n))
Y = P*V
L = 1/2*norm2(Y - T)^2"""

LAYER_NORM = """X : B x n; T : B x n target; g : n; b : n
M = X - rowmean(X)*ones'
s = sqrt(rowmean(M.^2) + 0.00001*ones)
H = M ./ (s*ones')
Y = H .* (ones*g') + ones*b'
L = 1/2*norm2(Y - T)^2"""


def residual(blocks: int = 12) -> str:
    """h_i = h_(i-1) + tanh(h_(i-1) W_i + 1 b_i^T), examples in rows."""
    lines = ["X : B x n constant; T : B x n target"]
    lines += [f"W{i} : n x n; b{i} : n" for i in range(1, blocks + 1)]
    before = "X"
    for i in range(1, blocks + 1):
        lines += [f"A{i} = tanh({before}*W{i} + ones*b{i}')", f"H{i} = {before} + A{i}"]
        before = f"H{i}"
    return "\n".join([*lines, f"L = 1/2*norm2({before} - T)^2"])
