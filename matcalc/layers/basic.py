"""Linear layers, activations, dropout, normalisation, convolution, pooling."""

from __future__ import annotations

from ..errors import fail
from .graph import Layer
from .statements import Statements, Value


class Linear(Layer):
    """a = W x + b (Goodfellow et al., Deep Learning, equation 6.36).

    W, b        names of the weights, out x in, and of the bias; no bias without a name
    features    number of outputs, a name or a whole number
    transposed  a = W^T x, with W of shape in x out
    name        name of the value; default a1, a2, ...

    In a batch of columns A = W X + b 1^T; of rows A = X W + 1 b^T with W of shape
    in x out, or A = X W^T + 1 b^T when transposed (PyTorch's convention).
    """

    def __init__(self, W: str, b: str | None = None, features=None, transposed: bool = False, name: str | None = None):
        self.W, self.b, self.features, self.transposed, self.name = W, b, features, transposed, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        out.depth += 1
        is_in_out = self.transposed != (out.batch == "rows")
        size = str(self.features) if self.features else self._known(out, is_in_out) or out.new_size()
        out.declare(self.W, *([x.features, "x", size] if is_in_out else [size, "x", x.features]))
        W = self.W + "'" * self.transposed
        formula = f"{x.name}*{W}" if out.batch == "rows" else f"{W}*{x.name}"
        if self.b:
            out.declare(self.b, size)
            formula += f" + {out.spread(self.b)}"
        return Value(out.assign("a", formula, self.name), size)

    def _known(self, out: Statements, is_in_out: bool) -> str | None:
        """The number of outputs of a weight that another layer has declared."""
        words = out.declared.get(self.W, "").split()
        return (words[2] if is_in_out else words[0]) if words else None


class Activation(Layer):
    """h = f(a), entry by entry; f is any entrywise function of the input language."""

    function = ""

    def __init__(self, function: str | None = None, name: str | None = None):
        self.function = function or self.function
        self.name = name

    def write(self, out: Statements, *inputs: Value) -> Value:
        return Value(out.assign("h", f"{self.function}({inputs[0].name})", self.name), inputs[0].features)


def _activation(title: str, function: str) -> type[Activation]:
    return type(title, (Activation,), {"function": function, "__doc__": f"h = {function}(a), entry by entry."})


Sigmoid, Tanh = _activation("Sigmoid", "sigmoid"), _activation("Tanh", "tanh")
ReLU, LeakyReLU = _activation("ReLU", "relu"), _activation("LeakyReLU", "leaky_relu")
ELU, GELU = _activation("ELU", "elu"), _activation("GELU", "gelu")
SiLU, Softplus = _activation("SiLU", "silu"), _activation("Softplus", "softplus")


class Softmax(Layer):
    """p = softmax(a) of each example (Bishop, PRML, equation 4.104)."""

    def __init__(self, name: str | None = None):
        self.name = name

    def write(self, out: Statements, *inputs: Value) -> Value:
        function = {None: "softmax", "columns": "softmax_cols", "rows": "softmax_rows"}[out.batch]
        return Value(out.assign("p", f"{function}({inputs[0].name})", self.name), inputs[0].features)


class Dropout(Layer):
    """h = m .* a with a given mask m, divided by the probability to keep (inverted dropout)."""

    def __init__(self, mask: str = "m", keep: str | float | None = None):
        self.mask, self.keep = mask, keep

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        out.declare_data(self.mask, x.features, "constant")
        formula = f"{self.mask} .* {x.name}"
        if self.keep is not None:
            if not isinstance(self.keep, (int, float)):
                out.declare(self.keep, "scalar", "constant", "positive")
            formula = f"1/{self.keep}*({formula})"
        return Value(out.assign("r", formula), x.features)


class _Normalisation(Layer):
    """xhat = standardised x, then gamma .* xhat + beta."""

    function = "standardize"
    over_features = True

    def __init__(self, gamma: str | None = "gamma", beta: str | None = "beta", eps: str | None = "eps"):
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def normalized(self, out: Statements, x: Value) -> str:
        """The formula of xhat."""
        along = self._along(out)
        return f"{self.function}{along}({x.name}{self._eps(out)})"

    def _along(self, out: Statements) -> str:
        if out.batch is None:
            return ""
        return "_rows" if (out.batch == "rows") == self.over_features else "_cols"

    def _eps(self, out: Statements) -> str:
        return "" if self.eps is None else ", " + out.declare(self.eps, "scalar", "constant", "positive")

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        value = out.assign("xhat", self.normalized(out, x))
        formula = value
        if self.gamma:
            out.declare(self.gamma, x.features)
            formula = f"{self.gamma} .* {value}" if out.batch is None else f"({out.spread(self.gamma)}) .* {value}"
        if self.beta:
            out.declare(self.beta, x.features)
            formula += f" + {out.spread(self.beta)}"
        return Value(out.assign("z", formula) if formula != value else value, x.features)


class LayerNorm(_Normalisation):
    """Each example standardised over its features (Ba, Kiros and Hinton 2016)."""


class BatchNorm(_Normalisation):
    """Each feature standardised over the batch (Ioffe and Szegedy 2015); needs a batch."""

    over_features = False

    def write(self, out: Statements, *inputs: Value) -> Value:
        if out.batch is None:
            raise fail("M320", "batch normalisation needs a batch",
                       help='write Network(..., batch="columns") or batch="rows"')
        return super().write(out, *inputs)


class RMSNorm(_Normalisation):
    """Each example over its root mean square (Zhang and Sennrich 2019)."""

    function = "rmsnorm"

    def __init__(self, gamma: str | None = "gamma", eps: str | None = "eps"):
        super().__init__(gamma, None, eps)


class Conv1d(Layer):
    """z = T(w) x with the Toeplitz matrix T = w1 S1 + ... + wk Sk of a kernel of k entries.

    S1, ..., Sk are constant selection matrices: S_j takes x from its j-th entry on.
    """

    def __init__(self, w: str, kernel: int = 3, name: str | None = None):
        self.w, self.kernel, self.name = w, kernel, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        out.depth += 1
        size = out.new_size()
        terms = []
        for j in range(1, self.kernel + 1):
            weight = out.declare(f"{self.w}_{j}", "scalar")
            terms.append(f"{weight}*{out.declare(f'S{j}', size, 'x', x.features, 'constant')}")
        T = out.assign("T", " + ".join(terms))
        formula = f"{x.name}*{T}'" if out.batch == "rows" else f"{T}*{x.name}"
        return Value(out.assign("z", formula, self.name), size)


class Conv2d(Layer):
    """Z = sum over a, b of w_ab R_a X C_b^T: a kernel moved over an image X.

    R_a, C_b are constant selection matrices of rows and columns.  The image is an
    input with two sizes: Input("X", "h x w").
    """

    def __init__(self, w: str, kernel: tuple[int, int] = (2, 2), name: str | None = None):
        self.w, self.kernel, self.name = w, kernel, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        height, by, width = x.features.partition(" x ")
        if not by:
            raise fail("M324", "a convolution in two directions needs an image, and its input is a vector",
                       help='give the input two sizes: Network(..., input=Input("X", "h x w"))')
        out.depth += 1
        rows, cols = out.new_size(), out.new_size()
        terms = []
        for a in range(1, self.kernel[0] + 1):
            R = out.declare(f"R{a}", rows, "x", height, "constant")
            for b in range(1, self.kernel[1] + 1):
                C = out.declare(f"C{b}", cols, "x", width, "constant")
                weight = out.declare(f"{self.w}_{a}{b}", "scalar")
                terms.append(f"{weight}*{R}*{x.name}*{C}'")
        return Value(out.assign("Z", " + ".join(terms), self.name), f"{rows} x {cols}")


class AveragePool(Layer):
    """z = P x with a constant matrix P whose rows hold 1/k at the k pooled entries."""

    def __init__(self, P: str = "P", name: str | None = None):
        self.P, self.name = P, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        size = out.new_size()
        out.declare(self.P, size, "x", x.features, "constant")
        formula = f"{x.name}*{self.P}'" if out.batch == "rows" else f"{self.P}*{x.name}"
        return Value(out.assign("z", formula, self.name), size)


class Embedding(Layer):
    """The rows of E that one-hot rows choose: X E, or E^T x for one example."""

    def __init__(self, E: str = "E", features=None):
        self.E, self.features = E, features

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        size = str(self.features or out.new_size())
        out.declare(self.E, x.features, "x", size)
        formula = f"{x.name}*{self.E}" if out.batch == "rows" else f"{self.E}'*{x.name}"
        return Value(out.assign("e", formula), size)
