"""Generated NumPy code against backpropagation by hand: one process, interleaved, medians.

    python bench/numpy_code.py
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

import baselines
import numpy as np

import matcalc as mc

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


def arguments(source: str, n: int, batch: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    out = {}
    for v in mc.read(source).variables.values():
        shape = tuple(n if d.names == ("n",) else batch if d.names == ("B",) else 1 for d in v.shape)
        out[v.name] = rng.normal(size=shape) / np.sqrt(n)
        if shape[1] == 1 and v.name.startswith("b"):
            out[v.name] = out[v.name][:, 0]
    if "softmax" in source:
        out["T"] = np.eye(n)[rng.integers(0, n, batch)]
    return out


def medians(functions, values: dict, repeats: int) -> list[float]:
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(repeats):
        for t, f in zip(times, functions, strict=True):
            start = perf_counter()
            f(**values)
            t.append(perf_counter() - start)
    return [1e3 * median(t) for t in times]


def main() -> None:
    ratios = []
    print(f"{'net':8}{'n':>6}{'batch':>7}{'by hand':>12}{'matcalc':>12}{'ratio':>8}")
    for name, source, by_hand in (("linear", LINEAR, baselines.linear), ("MLP", MLP, baselines.mlp)):
        ours = mc.derive(source).numpy()
        for n in (64, 256, 1024):
            for batch in (1, 128):
                values = arguments(source, n, batch)
                expected, found = by_hand(**values)[1], ours(**values)[1]
                assert all(np.allclose(expected[k], found[k]) for k in expected)
                a, b = medians((by_hand, ours), values, 200 if n < 1024 else 15)
                ratios.append(b / a)
                print(f"{name:8}{n:6}{batch:7}{a:9.3f} ms{b:9.3f} ms{b / a:8.2f}")
    print(f"median ratio {median(ratios):.2f}, worst {max(ratios):.2f}")


if __name__ == "__main__":
    main()
