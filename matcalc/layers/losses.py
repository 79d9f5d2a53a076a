"""Losses: layers that end in one number.  In a batch the mean over the examples is taken."""

from __future__ import annotations

from .graph import Layer
from .statements import Statements, Value


class Loss(Layer):
    """A loss of the network's value and a target y."""

    target_words: tuple[str, ...] = ("target",)
    formula = ""

    def __init__(self, target: str = "y", name: str = "L"):
        self.target, self.name = target, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        formula = self.of_one(out, x.name, self._target(out, x))
        if out.batch:
            formula = _per_example(formula, out.examples)
        return Value(out.assign("L", formula, self.name), "")

    def of_one(self, out: Statements, x: str, y: str) -> str:
        """The formula, for one example or summed over a batch."""
        return self.formula.format(x=x, y=y)

    def _target(self, out: Statements, x: Value) -> str:
        name = self.target.upper() if out.batch and len(self.target) == 1 else self.target
        words = tuple("onehot_cols" if w == "onehot" and out.batch == "columns" else w for w in self.target_words)
        return out.declare_data(name, x.features, *words)


def _per_example(formula: str, n: str) -> str:
    return formula.replace("1/2*", f"1/(2*{n})*", 1) if formula.startswith("1/2*") else f"1/{n}*{formula}"


class SquaredError(Loss):
    """1/2 ||yhat - y||^2 (Bishop, PRML, equation 1.2)."""

    formula = "1/2*norm2({x} - {y})^2"


class MeanSquaredError(Loss):
    """The mean of (yhat - y)^2 over all entries."""

    formula = "mse({x}, {y})"

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        return Value(out.assign("L", self.of_one(out, x.name, self._target(out, x)), self.name), "")


class AbsoluteError(Loss):
    """||yhat - y||_1."""

    formula = "norm1({x} - {y})"


class Huber(Loss):
    """Squares up to delta, linear beyond (Huber 1964): with r = yhat - y,
    1/2 ||r||^2 - 1/2 ||relu(|r| - delta)||^2."""

    def __init__(self, target: str = "y", delta: str | float = "delta", name: str = "L"):
        super().__init__(target, name)
        self.delta = delta

    def of_one(self, out: Statements, x: str, y: str) -> str:
        if not isinstance(self.delta, (int, float)):
            out.declare(self.delta, "scalar", "constant", "positive")
        r, ones = f"{x} - {y}", "matrix(1)" if out.batch else "vector(1)"
        return f"1/2*(norm2({r})^2 - norm2(relu(abs({r}) - {self.delta}*{ones}))^2)"


class CrossEntropy(Loss):
    """-sum y log(yhat) of probabilities yhat (Bishop, equation 4.108)."""

    target_words = ("target", "onehot")
    formula = "cross_entropy({x}, {y})"


class SoftmaxCrossEntropy(Loss):
    """Cross-entropy of softmax(a): the softmax is a step of its own."""

    target_words = ("target", "onehot")

    def of_one(self, out: Statements, x: str, y: str) -> str:
        softmax = {None: "softmax", "columns": "softmax_cols", "rows": "softmax_rows"}[out.batch]
        p = out.assign("yhat", f"{softmax}({x})", "Yhat" if out.batch else "yhat")
        return f"cross_entropy({p}, {y})"


class BinaryCrossEntropy(Loss):
    """-sum y log p + (1 - y) log(1 - p) of probabilities p (Bishop, equation 4.90)."""

    formula = "bce({x}, {y})"


class SigmoidCrossEntropy(Loss):
    """Binary cross-entropy of p = sigmoid(a)."""

    def of_one(self, out: Statements, x: str, y: str) -> str:
        p = out.assign("yhat", f"sigmoid({x})", "Yhat" if out.batch else "yhat")
        return f"bce({p}, {y})"


class Hinge(Loss):
    """sum max(0, 1 - y s), y = 1 or -1."""

    formula = "hinge({x}, {y})"


class KullbackLeibler(Loss):
    """sum y (log y - log yhat), of distributions y and yhat."""

    target_words = ("target", "simplex")
    formula = "sum({y} .* (log({y}) - log({x})))"


class GaussianLikelihood(Loss):
    """-log N(y | mean, covariance) without its constant (Bishop, equation 2.43).

    by   "covariance" S:  1/2 logdet(S) + 1/2 (y - x)^T S^{-1} (y - x)
         "precision" P:  -1/2 logdet(P) + 1/2 (y - x)^T P (y - x)
    """

    def __init__(self, target: str = "y", matrix: str = "S", by: str = "covariance", name: str = "L"):
        super().__init__(target, name)
        self.matrix, self.by = matrix, by

    def write(self, out: Statements, *inputs: Value) -> Value:
        (x,) = inputs
        y = self._target(out, x)
        S = out.declare(self.matrix, x.features, "x", x.features, "spd")
        inner, sign = (f"inv({S})", "") if self.by == "covariance" else (S, "-")
        r = f"({y} - {x.name})"
        return Value(out.assign("L", f"{sign}1/2*logdet({S}) + 1/2*{r}'*{inner}*{r}", self.name), "")


class Contrastive(Layer):
    """y/2 d^2 + (1 - y)/2 max(0, m - d)^2 with d = ||x1 - x2|| (Hadsell et al. 2006)."""

    def __init__(self, target: str = "y", margin: str = "m", name: str = "L"):
        self.target, self.margin, self.name = target, margin, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        first, second = inputs
        y = out.declare(self.target, "scalar", "target")
        m = out.declare(self.margin, "scalar", "constant", "positive")
        d = out.assign("d", f"norm2({first.name} - {second.name})", "d")
        return Value(out.assign("L", f"1/2*{y}*{d}^2 + 1/2*(1 - {y})*relu({m} - {d})^2", self.name), "")


class Triplet(Layer):
    """max(0, ||a - p||^2 - ||a - n||^2 + m) (Schroff et al. 2015)."""

    def __init__(self, margin: str = "m", name: str = "L"):
        self.margin, self.name = margin, name

    def write(self, out: Statements, *inputs: Value) -> Value:
        anchor, positive, negative = (v.name for v in inputs)
        m = out.declare(self.margin, "scalar", "constant", "positive")
        formula = f"relu(norm2({anchor} - {positive})^2 - norm2({anchor} - {negative})^2 + {m})"
        return Value(out.assign("L", formula, self.name), "")


class WeightDecay:
    """lam/2 ||W||_F^2 for each of the weights, added to the loss."""

    power = "{lam}/2*norm2({W})^2"

    def __init__(self, *weights: str, lam: str = "lam"):
        self.weights, self.lam = weights, lam

    def terms(self, out: Statements) -> list[str]:
        """What is added, after the parameter is declared."""
        out.declare(self.lam, "scalar", "constant", "positive")
        return [self.power.format(lam=self.lam, W=W) for W in self.weights]


class L1Penalty(WeightDecay):
    """lam ||W||_1 for each of the weights."""

    power = "{lam}*norm1({W})"
