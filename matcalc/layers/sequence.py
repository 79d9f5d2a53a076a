"""Attention and recurrent layers; a recurrence is unrolled over its steps."""

from __future__ import annotations

from ..errors import fail
from .graph import Layer
from .statements import Statements, Value


class Attention(Layer):
    """Scaled dot-product attention, Vaswani et al. 2017, equation 1; tokens are rows.

        Q = X WQ, K = X WK, V = X WV, S = 1/sqrt(dk) Q K^T + M, P = softmax_rows(S), O = P V

    heads     several heads: each has its own WQ1, WK1, WV1, and a part WO1 of the output
              weights, so that O1 WO1 + O2 WO2 is the product of the joined heads with WO
    mask      name of a constant matrix that is added to the scores
    inputs    one node (self-attention), or two: queries come from the first, keys and
              values from the second (cross-attention)
    """

    def __init__(self, heads: int = 1, mask: str | None = None):
        self.heads, self.mask = heads, mask

    def write(self, out: Statements, *inputs: Value) -> Value:
        if out.batch != "rows":
            raise fail("M321", "attention reads tokens as rows", help='write Network(..., batch="rows")')
        x, memory = inputs[0], inputs[-1]
        parts = [self._head(out, x, memory, str(k) if self.heads > 1 else "") for k in range(1, self.heads + 1)]
        if self.heads == 1:
            return parts[0]
        terms = [f"{o.name}*{out.declare(f'WO{k}', o.features, 'x', x.features)}" for k, o in enumerate(parts, 1)]
        return Value(out.assign("z", " + ".join(terms)), x.features)

    def _head(self, out: Statements, x: Value, memory: Value, k: str) -> Value:
        dk, dv = "dk", "dv"
        def project(letter: str, source: Value, size: str) -> str:
            W = out.declare(f"W{letter}{k}", source.features, "x", size)
            return out.assign(letter, f"{source.name}*{W}", f"{letter}{k}")
        Q, K, V = project("Q", x, dk), project("K", memory, dk), project("V", memory, dv)
        scores = f"1/sqrt({dk})*{Q}*{K}'"
        if self.mask:
            scores += " + " + out.declare(self.mask, out.examples, "x", out.examples, "constant")
        S = out.assign("S", scores, f"S{k}")
        P = out.assign("P", f"softmax_rows({S})", f"P{k}")
        return Value(out.assign("O", f"{P}*{V}", f"O{k}"), dv)


class _Recurrent(Layer):
    """A layer with a state, unrolled; the inputs are the nodes of the steps, and with
    them the number of steps.  The value is the last state."""

    def __init__(self, state: str = "h0", features="m"):
        self.state, self.features = state, str(features)

    def write(self, out: Statements, *inputs: Value) -> Value:
        if out.batch is not None:
            raise fail("M322", "a recurrent layer reads one sequence, not a batch", help="leave batch out")
        out.declare(self.state, self.features)
        self.begin(out)
        h = self.state
        for t, x in enumerate(inputs, 1):
            h = self.step(out, h, x, t)
        return Value(h, self.features)

    def begin(self, out: Statements) -> None:
        """Declare further states."""

    def step(self, out: Statements, h: str, x: Value, t: int) -> str:
        """Write step t and say the name of the new state."""
        raise NotImplementedError

    def affine(self, out: Statements, gate: str, h: str, x: Value) -> str:
        """W h + U x + b of one gate."""
        W = out.declare(f"W{gate}", self.features, "x", self.features)
        U = out.declare(f"U{gate}", self.features, "x", x.features)
        b = out.declare(f"b{gate}", self.features)
        return f"{W}*{h} + {U}*{x.name} + {b}"


class RNN(_Recurrent):
    """h_t = tanh(W h_{t-1} + U x_t + b), Goodfellow et al., equations 10.8 and 10.9."""

    def __init__(self, state: str = "h0", features="m", function: str = "tanh"):
        super().__init__(state, features)
        self.function = function

    def step(self, out: Statements, h: str, x: Value, t: int) -> str:
        a = out.assign("a", self.affine(out, "", h, x), f"a{t}")
        return out.assign("h", f"{self.function}({a})", f"h{t}")


class LSTM(_Recurrent):
    """Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000.

    f, i, o = sigmoid(...), g = tanh(...), c_t = f .* c_{t-1} + i .* g, h_t = o .* tanh(c_t)
    """

    def begin(self, out: Statements) -> None:
        out.declare("c0", self.features)

    def step(self, out: Statements, h: str, x: Value, t: int) -> str:
        gates = {}
        for gate, function in (("f", "sigmoid"), ("i", "sigmoid"), ("o", "sigmoid"), ("g", "tanh")):
            gates[gate] = out.assign(gate, f"{function}({self.affine(out, gate, h, x)})", f"{gate}{t}")
        c = out.assign("c", f"{gates['f']} .* c{t - 1} + {gates['i']} .* {gates['g']}", f"c{t}")
        return out.assign("h", f"{gates['o']} .* tanh({c})", f"h{t}")


class GRU(_Recurrent):
    """Cho et al. 2014: z, r = sigmoid(...), n = tanh(W (r .* h) + U x + b),
    h_t = z .* h_{t-1} + (1 - z) .* n."""

    def step(self, out: Statements, h: str, x: Value, t: int) -> str:
        z = out.assign("z", f"sigmoid({self.affine(out, 'z', h, x)})", f"z{t}")
        r = out.assign("r", f"sigmoid({self.affine(out, 'r', h, x)})", f"r{t}")
        n = out.assign("n", f"tanh({self.affine(out, 'n', f'({r} .* {h})', x)})", f"v{t}")
        return out.assign("h", f"{z} .* {h} + (1 - {z}) .* {n}", f"h{t}")
