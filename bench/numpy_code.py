"""Generated NumPy code against backpropagation by hand: one process, interleaved.

    python bench/numpy_code.py [--readme]

A case is timed in rounds; a figure is the median over the rounds, a ratio the
median of the ratios of neighbouring calls. Memory is the peak that tracemalloc sees.
"""

from __future__ import annotations

import sys
import tracemalloc
from statistics import median
from time import perf_counter

import baselines
import models
import numpy as np

import matcalc as mc

CASES = [(name, source, by_hand, n, batch)
         for name, source, by_hand in (("linear", models.LINEAR, baselines.linear), ("MLP", models.MLP, baselines.mlp))
         for n in (64, 256, 1024) for batch in (1, 128)]
FURTHER = [(name, source, by_hand, n, batch)
           for name, source, by_hand in (("attention", models.ATTENTION, baselines.attention),
                                         ("LayerNorm", models.LAYER_NORM, baselines.layer_norm),
                                         ("12 residual blocks", models.residual(12), baselines.residual))
           for n, batch in ((64, 128), (256, 128), (256, 1024))]


def arguments(source: str, n: int, batch: int) -> dict[str, np.ndarray]:
    """Random values for every variable; weights of a size that keeps activations moderate."""
    rng = np.random.default_rng(0)
    out = {}
    for v in mc.read(source).variables.values():
        shape = tuple(n if d.names == ("n",) else batch if d.names == ("B",) else 1 for d in v.shape)
        out[v.name] = rng.normal(size=shape[:1] if v.shape[1].is_one else shape) / np.sqrt(n)
    if "softmax_rows(Z)" in source:
        out["T"] = np.eye(n)[rng.integers(0, n, batch)]
    return out


def times(by_hand, ours, values: dict, seconds: float = 2.0) -> tuple[float, float, float]:
    """Milliseconds by hand, of ours, and the ratio; the two take turns to go first."""
    def clock(f) -> float:
        start = perf_counter()
        f(**values)
        return perf_counter() - start
    clock(ours), clock(by_hand)
    rounds = max(11, min(1000, int(seconds / (clock(ours) + clock(by_hand)))))
    hand, own = [], []
    for k in range(rounds):
        pair = ((by_hand, hand), (ours, own))
        for f, out in pair if k % 2 else pair[::-1]:
            out.append(clock(f))
    return 1e3 * median(hand), 1e3 * median(own), median(b / a for a, b in zip(hand, own, strict=True))


def peak(f, values: dict) -> int:
    """Bytes that one call has in use at most, beside its arguments."""
    tracemalloc.start()
    result = f(**values)
    out = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del result
    return out


def agree(expected, found) -> bool:
    return bool(np.isclose(expected[0], found[0])) and all(np.allclose(v, found[1][k]) for k, v in expected[1].items())


def table(cases) -> list[float]:
    """Prints the cases; their ratios."""
    ratios = []
    print(f"{'model':20}{'n':>6}{'batch':>7}{'by hand':>12}{'matcalc':>12}{'ratio':>8}{'memory':>9}")
    functions = {source: mc.derive(source).numpy() for _, source, _, _, _ in cases}
    for name, source, by_hand, n, batch in cases:
        ours, values = functions[source], arguments(source, n, batch)
        assert agree(by_hand(**values), ours(**values))
        a, b, ratio = times(by_hand, ours, values)
        ratios.append(ratio)
        memory = peak(ours, values) / peak(by_hand, values)
        print(f"{name:20}{n:6}{batch:7}{a:9.3f} ms{b:9.3f} ms{ratio:8.2f}{memory:9.2f}")
    print(f"median ratio {median(ratios):.2f}, worst {max(ratios):.2f}\n")
    return ratios


def readme(cases, ratios: list[float]) -> None:
    """The same for the README: a row a model, a column a size, batches behind one another."""
    print("| | n = 64 | n = 256 | n = 1024 |\n|---|---|---|---|")
    for name in dict.fromkeys(c[0] for c in cases):
        rows = [(n, batch, r) for (model, _, _, n, batch), r in zip(cases, ratios, strict=True) if model == name]
        batches = sorted({batch for _, batch, _ in rows})
        cells = [" / ".join(f"{r:.2f}" for m, _, r in sorted(rows) if m == n) for n in (64, 256, 1024)]
        print(f"| {name}, batch {' / '.join(map(str, batches))} | {' | '.join(cells)} |")


if __name__ == "__main__":
    every = CASES + FURTHER
    found = table(CASES) + table(FURTHER)
    if "--readme" in sys.argv:
        readme(every, found)
