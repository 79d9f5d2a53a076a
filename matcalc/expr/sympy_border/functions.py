"""Entrywise functions in SymPy: each as a formula in one real number."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

t = sp.Symbol("t", real=True)  # the bound variable of every formula here


def _step(x):
    return sp.Piecewise((1, x > 0), (0, True))


_MADE = {
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
    "softplus": lambda x: sp.log(1 + sp.exp(x)),
    "relu": lambda x: sp.Max(0, x),
    "leaky_relu": lambda x: sp.Max(x, x / 100),
    "elu": lambda x: sp.Piecewise((x, x > 0), (sp.exp(x) - 1, True)),
    "silu": lambda x: x / (1 + sp.exp(-x)),
    "gelu": lambda x: x * (1 + sp.erf(x / sp.sqrt(2))) / 2,
    "step": _step,
}
# our name: the function of SymPy
PLAIN = {"sin": sp.sin, "cos": sp.cos, "tan": sp.tan, "arcsin": sp.asin, "arccos": sp.acos,
         "arctan": sp.atan, "sinh": sp.sinh, "cosh": sp.cosh, "tanh": sp.tanh, "exp": sp.exp,
         "log": sp.log, "sqrt": sp.sqrt, "abs": sp.Abs, "sign": sp.sign, "erf": sp.erf}
FORMULAS = {**PLAIN, **_MADE}
# first derivatives where SymPy's own has a value at the kink other than ours
_KINKED = {"abs": sp.sign, "sign": lambda x: sp.Integer(0), "step": lambda x: sp.Integer(0),
           "relu": _step, "leaky_relu": lambda x: sp.Rational(1, 100) + sp.Rational(99, 100) * _step(x)}


@lru_cache(maxsize=256)
def body(name: str, order: int = 0):
    """The built-in function `name`, differentiated `order` times, as a formula in t."""
    if order and name in _KINKED:
        return derivative(_KINKED[name](t), order - 1)
    return derivative(FORMULAS[name](t), order)


def derivative(formula, order: int, wrt=t):
    """d^order formula / d wrt^order of an ordinary function of one number; SymPy is
    right there.  Its Heaviside function has 1/2 at 0, ours is the step with 0."""
    if not order:
        return formula
    found = sp.Derivative(formula, (wrt, order)).doit()
    return found.replace(lambda x: isinstance(x, sp.Heaviside), lambda x: _step(x.args[0]))


@lru_cache(maxsize=1)
def known() -> dict:
    """Formula in t: (name, order), for reading them back."""
    out = {}
    for name in FORMULAS:
        for order in (1, 0):  # the function itself last, so that it wins
            if order == 0 or name in _MADE and name not in ("step", "relu", "softplus"):
                out[body(name, order)] = (name, order)
    out[sp.Heaviside(t)] = out[sp.Heaviside(t, 0)] = ("step", 0)
    return out
