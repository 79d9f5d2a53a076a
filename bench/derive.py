"""Times of deriving: chains, residual networks, closed forms, the battery.

    python bench/derive.py
"""

from __future__ import annotations

import gc
from statistics import median
from time import perf_counter

import matcalc as mc
from matcalc.derive.engine import derivation


def chain(depth: int, activation: str = "") -> str:
    lines, h = [], "x"
    for i in range(1, depth + 1):
        lines.append(f"f{i} = W{i}*{h}")
        h = f"f{i}"
        if activation:
            lines.append(f"h{i} = {activation}(f{i})")
            h = f"h{i}"
    return "\n".join([*lines, f"L = 1/2*norm2({h} - y)^2"])


def residual(blocks: int, activation: str = "") -> str:
    lines = ["h0 : n; y : n", *(f"W{i} : n x n" for i in range(1, blocks + 1))]
    for i in range(1, blocks + 1):
        branch = f"{activation}(W{i}*h{i - 1})" if activation else f"W{i}*h{i - 1}"
        lines.append(f"h{i} = h{i - 1} + {branch}")
    return "\n".join([*lines, f"L = 1/2*norm2(h{blocks} - y)^2"])


def milliseconds(work, repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        gc.collect()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return 1e3 * median(times)


def row(name: str, ms: float, bar: str = "", peer: str = "") -> None:
    print(f"{name:44}{ms:10.1f} ms   {bar:14}{peer}")


def main() -> None:
    print(f"{'':44}{'median':>13}   {'bar':14}peers")
    peers = {20: "CasADi 6.5, SymPy 3,890", 200: "CasADi 377"}
    for depth, bar in ((3, ""), (8, ""), (20, "20"), (64, ""), (200, "300")):
        model = mc.read(chain(depth))
        row(f"linear chain {depth}, all gradients, named", milliseconds(lambda m=model: derivation(m)), bar, peers.get(depth, ""))
    for depth in (20, 200):
        model = mc.read(chain(depth, "tanh"))
        row(f"tanh chain {depth}, named", milliseconds(lambda m=model: derivation(m)))
    model = mc.read(chain(20))
    row("linear chain 20, closed forms", milliseconds(lambda: [g.closed_form for g in derivation(model)]), "200")
    for activation in ("", "tanh"):
        model = mc.read(residual(16, activation))
        row(f"16 residual blocks {activation}, named", milliseconds(lambda m=model: derivation(m)), "50", "SymPy explodes")
    row("reading the chain of 200", milliseconds(lambda: mc.read(chain(200))))
    row("three layers: read, derive, check", milliseconds(lambda: mc.derive(chain(3))))


if __name__ == "__main__":
    main()
