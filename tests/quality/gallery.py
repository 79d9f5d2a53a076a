"""What the bars are held against: every example and network, results of every kind,
and every way in which they can be written."""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path

import matcalc as mc

from ..render.test_html import RESULTS
from ..render.test_render import LONG

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

NAMES = "a_b : n; yhat_1 : n; lambda : scalar; W_12 : n x n; Sigma_hat : n x n spd; learning_rate : scalar; " \
        "first_hidden_layer : n; sum(a_b .* (W_12*yhat_1)) + lambda*learning_rate*first_hidden_layer'*inv(Sigma_hat)*a_b"
PATH = "encoder_layers_0_self_attention"  # of a parameter of PyTorch
UNBREAKABLE = f"{PATH}_weight : n x n; {PATH}_bias : n; norm2({PATH}_weight*x + {PATH}_bias)^2"
SOURCES = {
    "names": NAMES,
    "primes": "f : function; g : entrywise; sum(g(W*x)) + f(a)^2",
    "deep": "; ".join(f"b{i} : n{i}" for i in range(1, 13)) + "; " + "; ".join(f"h{i} = tanh(W{i}*h{i - 1} + b{i})" for i in range(1, 13)) + "; L = norm2(h12 - y)^2",
    "quotients": "norm2(A*x - b)^2/(1 + exp(x'*B*x)) + logdet(X'*S*X)*norm2(x)",
    "long names": UNBREAKABLE,
    **{f"long {i}": source for i, source in enumerate(LONG)},
}
TRANSFORMER = (mc.Attention(mask="M"), mc.LayerNorm(), mc.Linear("W1", "b1"), mc.ReLU(), mc.Linear("W2", "b2"))

OPTIONS = {
    "layers": {}, "rules": {"detail": "rules"}, "answer": {"detail": "answer"}, "named": {"named": True},
    "index": {"notation": "index"}, "delta": {"gradient": "delta"}, "d": {"gradient": "d"},
    "nabla": {"gradient": "nabla", "transpose": "T", "hadamard": "circ", "bold": True},
    "nabla rules": {"gradient": "nabla", "bold": True, "detail": "rules"},
}
WRITTEN_OUT = ("lectures/03_fully_connected.mc", "written out")


@cache
def examples() -> dict:
    """Everything in examples/ that is derived."""
    found = {str(p.relative_to(EXAMPLES)): mc.derive(p, check=False) for p in sorted(EXAMPLES.rglob("*.mc"))}
    networks = runpy.run_path(str(EXAMPLES / "networks.py"))
    found |= {f"networks.py:{name}": mc.derive(net, check=False)
              for name, net in networks.items() if isinstance(net, mc.Network)}
    return found


@cache
def gallery() -> dict:
    """The examples, and results of every kind."""
    transformer = mc.Network(*TRANSFORMER, loss=mc.SquaredError(), batch="rows")
    return {**examples(),
            "transformer": mc.derive(transformer, check=False),
            "written out": mc.jacobian("W : 2 x 3; x : 3; sigmoid(W*x)", "x", check=False),
            "any depth": mc.backpropagation("g", output="softmax", check=False),
            **{name: mc.derive(source, check=False) for name, source in SOURCES.items()},
            **{name: make() for name, make in RESULTS.items() if not name.startswith("net ")}}


def renderings(format: str, options=tuple(OPTIONS), **more):
    """(what, text) of everything in a format, in each way of writing that it has."""
    for name, result in gallery().items():
        for kind in options:
            chosen = {**OPTIONS[kind], **more}
            if "notation" in chosen and not hasattr(result, "trail") and not hasattr(result, "kind"):
                continue  # differentials and networks of any depth have no indices
            yield f"{name} ({kind})", result.render(format, **chosen)
        if name in WRITTEN_OUT:
            yield f"{name} (entries)", result.render(format, notation="entries", **more)
