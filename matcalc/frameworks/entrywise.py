"""Entrywise operations and arithmetic of PyTorch's graph."""

from __future__ import annotations

from .writer import Term, Writer, factor, is_scalar, number

SAME_NAME = ("tanh", "sigmoid", "relu", "exp", "log", "sqrt", "abs", "sin", "cos", "tan", "sinh", "cosh", "erf", "sign",
             "silu")
OTHER_NAME = {"asin": "arcsin", "acos": "arccos", "atan": "arctan"}


def function(name: str):
    """An entrywise function of the input language."""
    def write(w: Writer, x: Term) -> Term:
        return w.assign("h", f"{name}({x.text})", x.dims)
    return write


def gelu(w: Writer, x: Term, *, approximate: str = "none") -> Term:
    if approximate != "none":
        w.refuse('approximate="tanh" is another function', 'use nn.GELU() without approximate="tanh"')
    return w.assign("h", f"gelu({x.text})", x.dims)


def elu(w: Writer, x: Term, alpha=1, scale=1, input_scale=1) -> Term:
    if (alpha, scale, input_scale) != (1, 1, 1):
        w.refuse("alpha is not 1")
    return w.assign("h", f"elu({x.text})", x.dims)


def softplus(w: Writer, x: Term, beta=1, threshold=20) -> Term:
    if beta != 1 or threshold < 20:
        w.refuse("beta is not 1, or the threshold is below 20")
    return w.assign("h", f"softplus({x.text})", x.dims)


def leaky_relu(w: Writer, x: Term, slope=0.01) -> Term:
    formula = f"leaky_relu({x.text})" if slope == 0.01 else f"relu({x.text}) - {number(slope)}*relu(-{x.text})"
    return w.assign("h", formula, x.dims)


def log_sigmoid(w: Writer, x: Term) -> Term:
    return w.assign("h", f"-softplus(-{x.text})", x.dims)


def add(w: Writer, a: Term, b, *, alpha=1) -> Term:
    return _sum(w, a, b, alpha)


def sub(w: Writer, a: Term, b, *, alpha=1) -> Term:
    return _sum(w, a, b, -alpha)


def rsub(w: Writer, a: Term, b, alpha=1) -> Term:
    if alpha != 1:
        w.refuse("alpha is not 1")
    return _sum(w, b, a, -1)


def _sum(w: Writer, a, b, factor) -> Term:
    """a + factor b."""
    terms = [t for t in (a, b) if isinstance(t, Term)]
    dims = w.broadcast(*terms)
    first, second = (w.spread(t, dims) if isinstance(t, Term) else number(t) for t in (a, b))
    if abs(factor) != 1:
        second = f"{number(abs(factor))}*{second}"
    return w.assign("s", f"{first} {'-' if factor < 0 else '+'} {second}", dims)


def mul(w: Writer, a, b) -> Term:
    """Entry by entry, or by a scalar."""
    a, b = (b, a) if isinstance(a, Term) and not isinstance(b, Term) else (a, b)
    if not isinstance(a, Term):
        return w.assign("z", f"{number(a)}*{b.text}", b.dims)
    dims = w.broadcast(a, b)
    for scalar, other in ((a, b), (b, a)):
        if is_scalar(scalar.dims):
            return w.assign("z", f"{scalar.text}*{w.spread(other, dims)}", dims)
    return w.assign("z", f"{factor(w.spread(a, dims))} .* {factor(w.spread(b, dims))}", dims)


def div(w: Writer, a, b, *, rounding_mode=None) -> Term:
    """Entry by entry, or by a scalar."""
    if rounding_mode:
        w.refuse("it rounds")
    if not isinstance(b, Term):
        return w.assign("z", f"{a.text}/{number(b)}", a.dims)
    if not isinstance(a, Term):
        return w.assign("z", f"{number(a)} ./ {b.text}", b.dims)
    dims = w.broadcast(a, b)
    if is_scalar(b.dims):
        return w.assign("z", f"{factor(w.spread(a, dims))}/{b.text}", dims)
    return w.assign("z", f"{factor(w.spread(a, dims))} ./ {factor(w.spread(b, dims))}", dims)


def neg(w: Writer, x: Term) -> Term:
    return w.assign("z", f"-{x.text}", x.dims)


def power(w: Writer, x: Term, exponent) -> Term:
    if isinstance(exponent, Term) or not isinstance(x, Term):
        w.refuse("its exponent is no number")
    return w.assign("z", f"{x.text}.^{number(exponent)}", x.dims)


ENTRYWISE = {
    **{name: function(name) for name in SAME_NAME}, **{name: function(ours) for name, ours in OTHER_NAME.items()},
    "gelu": gelu, "elu": elu, "softplus": softplus, "leaky_relu": leaky_relu, "log_sigmoid": log_sigmoid,
    "add": add, "sub": sub, "rsub": rsub, "mul": mul, "div": div, "neg": neg, "pow": power,
    "square": lambda w, x: power(w, x, 2), "reciprocal": lambda w, x: power(w, x, -1),
    "rsqrt": lambda w, x: power(w, x, -0.5),
}
