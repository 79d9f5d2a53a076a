"""Entrywise functions: one row each, and derivatives of every order.

`derivative(x, y)` is a formula in the operand x and the value y = f(x), made
with `algebra`, so that it works for scalars, vectors and matrices alike.
"""

from __future__ import annotations

from fractions import Fraction

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import Expr, Func
from ..shapes import is_scalar
from .rule import Entrywise, Rule

# ---------------------------------------------------------------- small formulas


def _c(value, like: Expr) -> Expr:
    """A number, spread over the shape of `like`."""
    return alg.mul(alg.num(value), alg.ones(like.shape))


def _square(x: Expr) -> Expr:
    return alg.power(x, alg.num(2))


def _one_minus(x: Expr) -> Expr:
    return alg.sub(_c(1, x), x)


def _recip(x: Expr) -> Expr:
    return alg.power(x, alg.MINUS)


def _f(name: str, x: Expr) -> Expr:
    return alg.fn(name, x)


def _gelu_density(x: Expr) -> Expr:
    """phi(x) = exp(-x^2 / 2) / sqrt(2 pi)."""
    root = alg.power(alg.had(alg.num(2), alg.build.const("pi")), alg.num(Fraction(-1, 2)))
    return alg.mul(root, _f("exp", alg.mul(alg.num(Fraction(-1, 2)), _square(x))))


def _erf(np, x):
    """The error function for float arrays (Python's own, entry by entry)."""
    from math import erf
    return np.vectorize(erf, otypes=[float])(x)


def _sigmoid(np, x):
    """Stable on both sides."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


_KINK = "at 0 the value {} is taken, one of the subgradients"

ROWS = (
    Entrywise("sin", lambda x, y: _f("cos", x), lambda np, x: np.sin(x), explicit=True, latex=r"\sin"),
    Entrywise("cos", lambda x, y: alg.neg(_f("sin", x)), lambda np, x: np.cos(x), explicit=True, latex=r"\cos"),
    Entrywise("tan", lambda x, y: alg.add(_c(1, x), _square(y)), lambda np, x: np.tan(x),
              explicit=True, latex=r"\tan", draw="unit", domain="cos is not zero"),
    Entrywise("arcsin", lambda x, y: alg.power(_one_minus(_square(x)), alg.num(Fraction(-1, 2))),
              lambda np, x: np.arcsin(x), aliases=("asin",), explicit=True, latex=r"\arcsin",
              draw="unit", domain="entries lie between -1 and 1"),
    Entrywise("arccos", lambda x, y: alg.neg(alg.power(_one_minus(_square(x)), alg.num(Fraction(-1, 2)))),
              lambda np, x: np.arccos(x), aliases=("acos",), explicit=True, latex=r"\arccos",
              draw="unit", domain="entries lie between -1 and 1"),
    Entrywise("arctan", lambda x, y: _recip(alg.add(_c(1, x), _square(x))), lambda np, x: np.arctan(x),
              aliases=("atan",), explicit=True, latex=r"\arctan"),
    Entrywise("sinh", lambda x, y: _f("cosh", x), lambda np, x: np.sinh(x), explicit=True, latex=r"\sinh"),
    Entrywise("cosh", lambda x, y: _f("sinh", x), lambda np, x: np.cosh(x), explicit=True, latex=r"\cosh"),
    Entrywise("tanh", lambda x, y: _one_minus(_square(y)), lambda np, x: np.tanh(x),
              explicit=True, latex=r"\tanh", why="The slope of tanh is one minus its square.",
              cites=("bishop:5.59",)),
    Entrywise("exp", lambda x, y: y, lambda np, x: np.exp(x), explicit=True, latex=r"\exp",
              why="The exponential is its own derivative."),
    Entrywise("log", lambda x, y: _recip(x), lambda np, x: np.log(x), aliases=("ln",), explicit=True,
              latex=r"\log", draw="positive", domain="entries are positive"),
    Entrywise("sqrt", lambda x, y: alg.mul(alg.num(Fraction(1, 2)), _recip(y)), lambda np, x: np.sqrt(x),
              explicit=True, draw="positive", domain="entries are positive"),
    Entrywise("abs", lambda x, y: _f("sign", x), lambda np, x: np.abs(x), explicit=True,
              kinks=(0.0,), at_kink=_KINK.format("0")),
    Entrywise("sign", lambda x, y: alg.zeros(x.shape), lambda np, x: np.sign(x), aliases=("sgn",),
              explicit=True, kinks=(0.0,), at_kink="at 0 it jumps; the derivative is 0 everywhere else",
              why="The gradient vanishes almost everywhere (as a distribution it is twice the delta function)."),
    Entrywise("step", lambda x, y: alg.zeros(x.shape), lambda np, x: (x > 0).astype(float),
              aliases=("heaviside",), explicit=True, kinks=(0.0,),
              at_kink="at 0 it jumps; the derivative is 0 everywhere else"),
    Entrywise("relu", lambda x, y: _f("step", x), lambda np, x: np.maximum(x, 0), aliases=("ReLU",),
              explicit=True, latex=r"\operatorname{ReLU}", kinks=(0.0,), at_kink=_KINK.format("0"),
              why="ReLU passes what is positive.", cites=("uva:2",)),
    Entrywise("leaky_relu", lambda x, y: alg.add(
        _c(Fraction(1, 100), x), alg.mul(alg.num(Fraction(99, 100)), _f("step", x))),
              lambda np, x: np.where(x > 0, x, 0.01 * x), aliases=("LeakyReLU",), latex=r"\operatorname{LeakyReLU}",
              kinks=(0.0,), at_kink=_KINK.format("0.01"), explicit=True, cites=("uva:2",)),
    Entrywise("sigmoid", lambda x, y: alg.had(y, _one_minus(y)), _sigmoid, aliases=("logistic",),
              latex=r"\sigma", why="The slope of the sigmoid is its value times one minus its value.",
              cites=("bishop:4.88", "uva:2")),
    Entrywise("softplus", lambda x, y: _f("sigmoid", x), lambda np, x: np.logaddexp(0, x), explicit=True,
              latex=r"\operatorname{softplus}", cites=("uva:2",)),
    Entrywise("elu", lambda x, y: alg.add(_f("step", x), alg.had(
        _one_minus(_f("step", x)), _f("exp", x))),
              lambda np, x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
              aliases=("ELU",), latex=r"\operatorname{ELU}", kinks=(0.0,), at_kink="at 0 both sides have slope 1"),
    Entrywise("silu", lambda x, y: alg.add(_f("sigmoid", x), alg.had(y, _one_minus(_f("sigmoid", x)))),
              lambda np, x: x * _sigmoid(np, x), aliases=("swish", "SiLU"), latex=r"\operatorname{SiLU}"),
    Entrywise("gelu", lambda x, y: alg.add(alg.mul(alg.num(Fraction(1, 2)), alg.add(
        _c(1, x), _f("erf", alg.mul(alg.power(alg.num(2), alg.num(Fraction(-1, 2))), x)))),
        alg.had(x, _gelu_density(x))),
              lambda np, x: x * 0.5 * (1 + _erf(np, x / np.sqrt(2))), aliases=("GELU",), latex=r"\operatorname{GELU}"),
    Entrywise("erf", lambda x, y: alg.mul(
        alg.had(alg.num(2), alg.power(alg.build.const("pi"), alg.num(Fraction(-1, 2)))),
        _f("exp", alg.neg(_square(x)))), _erf, explicit=True, latex=r"\operatorname{erf}"),
)
ENTRYWISE: dict[str, Entrywise] = {row.name: row for row in ROWS}
FUNCTION_NAMES: dict[str, str] = {n: row.name for row in ROWS for n in (row.name, *row.aliases)}


# ---------------------------------------------------------------- derivatives of any order

def derivative(f: Func, x: Expr, y: Expr, is_named: bool) -> Expr:
    """f'(x) as it is shown: the formula when y has a name, when x is short, or
    when the formula is; else f' as a function, whose definition is stated."""
    if f.is_user or f.order > 0:
        return alg.fn(f.prime, x)
    row = ENTRYWISE[f.name]
    if row.explicit or is_named:
        return row.derivative(x, y)
    return alg.fn(f.prime, x)


def derivative_expr(f: Func, x: Expr) -> Expr:
    """The function f, whose order is at least 1, written out at x.

    Raises MatcalcError (M303) for an abstract function, which has no formula.
    """
    if f.order < 1:
        raise ValueError("derivative_expr needs a derivative")
    lower = Func(f.name, f.order - 1, f.parameter, f.body, f.is_user)
    if f.is_user:
        if f.body is None:
            raise fail("M303", f"the function `{f.name}` is abstract, so its derivative has no formula")
        formula = f.body
        for _ in range(f.order):
            formula = differentiate(formula, f.parameter)
        return lift(formula, f.parameter, x)
    if f.order == 1:
        return ENTRYWISE[f.name].derivative(x, alg.fn(lower, x))
    return differentiate(derivative_expr(lower, x), x)


def differentiate(e: Expr, x: Expr) -> Expr:
    """de/dx entry by entry, for an e made of entrywise operations on x."""
    if e is x:
        return alg.ones(x.shape)
    if e.op == "add":
        return alg.add(*(differentiate(t, x) for t in e.args))
    if e.op in ("had", "scale"):
        parts = [(e.args[:i], differentiate(a, x), e.args[i + 1:]) for i, a in enumerate(e.args)]
        return alg.add(*(_product(before + (d,) + after) for before, d, after in parts))
    if e.op == "pow":
        base, p = e.args
        out = alg.had(alg.mul(p, alg.power(base, alg.sub(p, alg.UNIT))), differentiate(base, x))
        dp = differentiate(p, x)
        return out if alg.is_zero(dp) else alg.add(
            out, _product((alg.fn("log", base), e, dp)))
    if e.op == "fn":
        inside = differentiate(e.args[0], x)
        if alg.is_zero(inside):
            return alg.zeros(e.shape)
        return alg.had(derivative(e.data, e.args[0], e, is_named=True), inside)
    return alg.zeros(e.shape)


def _product(factors: tuple[Expr, ...]) -> Expr:
    """Entrywise product of scalars and equally shaped factors."""
    out = factors[0]
    for f in factors[1:]:
        out = alg.mul(out, f) if out.is_scalar or f.is_scalar else alg.had(out, f)
    return out


def lift(body: Expr, parameter: Expr, x: Expr) -> Expr:
    """A scalar formula in `parameter`, applied to every entry of x."""
    if is_scalar(x.shape):
        return _substituted(body, parameter, x)
    out = _lifted(body, parameter, x)
    return alg.mul(out, alg.ones(x.shape)) if out.is_scalar else out


def _substituted(e: Expr, parameter: Expr, x: Expr) -> Expr:
    if e is parameter:
        return x
    return alg.rebuild(e, tuple(_substituted(a, parameter, x) for a in e.args)) if e.args else e


def _lifted(e: Expr, parameter: Expr, x: Expr) -> Expr:
    """Scalar where the parameter does not occur, else of x's shape."""
    if e is parameter:
        return x
    args = tuple(_lifted(a, parameter, x) for a in e.args)
    if all(a.is_scalar for a in args):
        return alg.rebuild(e, args) if args else e
    if e.op == "add":
        return alg.add(*(alg.mul(a, alg.ones(x.shape)) if a.is_scalar else a for a in args))
    if e.op == "had":
        return _product(args)
    if e.op == "pow":
        if args[0].is_scalar:  # c ^ x = exp(x log c)
            return alg.fn("exp", alg.mul(alg.fn("log", args[0]), args[1]))
        if not args[1].is_scalar:
            return alg.fn("exp", alg.had(args[1], alg.fn("log", args[0])))
    return alg.rebuild(e, args)


# ---------------------------------------------------------------- the rule of op "fn"

def _fn_vjp(G, Y, i, args, data):
    return alg.had(G, derivative(data, args[0], Y, is_named=Y.op == "var"))


def _fn_oracle(np, arrays, data, sizes):
    if data.is_user or data.order:
        raise ValueError("functions of the user and derivatives are evaluated through their formulas")
    return ENTRYWISE[data.name].numpy(np, arrays[0])


RULE = Rule(
    "fn", "Entrywise function", "m n -> m n", ("x",),
    vjp=_fn_vjp,
    differential=lambda Y, args, dargs, data: alg.had(
        derivative(data, args[0], Y, is_named=Y.op == "var"), dargs[0]),
    oracle=_fn_oracle,
    why="The Jacobian of an entrywise function is diagonal, so a Hadamard product replaces it.",
    cites=("uva:2", "magnus:8.1"))
