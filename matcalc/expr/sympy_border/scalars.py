"""Functions of numbers from SymPy, of one number or of every entry of an operand.

Everything here works on values that are either scalars or of one common
shape; a scalar beside a matrix is spread over its entries, as it is inside
the Lambda of `applyfunc`.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from .. import build as b
from ..node import Expr, Func
from . import functions
from .shapes import name_of, unsupported

Read = Callable[[object], Expr]

_BY_CLASS = {cls: name for name, cls in functions.PLAIN.items() if name != "sqrt"}
_BY_CLASS[sp.Heaviside] = "step"
_RECIPROCALS = {sp.cot: "tan", sp.sec: "cos", sp.coth: "tanh", sp.sech: "cosh"}


def plus(x: Expr, y: Expr) -> Expr:
    if x.is_scalar != y.is_scalar:
        x = x if y.is_scalar else b.mul(x, b.ones(y.shape))
        y = y if not y.is_scalar else b.mul(y, b.ones(x.shape))
    return b.add(x, y)


def times(x: Expr, y: Expr) -> Expr:
    """The product entry by entry."""
    return b.mul(x, y) if x.is_scalar or y.is_scalar else b.had(x, y)


def power(x: Expr, p: Expr) -> Expr:
    if p.is_scalar:
        return b.fn("sqrt", x) if p == b.num("1/2") else b.power(x, p)
    return b.fn("exp", times(p, b.fn("log", x)))


def function(obj, args: list[Expr]) -> Expr:
    """A SymPy function application whose arguments have been read."""
    cls, x = type(obj), args[0]
    if cls in _BY_CLASS:
        return b.fn(_BY_CLASS[cls], x)
    if cls in _RECIPROCALS:
        return b.power(b.fn(_RECIPROCALS[cls], x), b.num(-1))
    if cls in (sp.Max, sp.Min):
        return _extreme(args, 1 if cls is sp.Max else -1)
    if isinstance(obj, sp.core.function.AppliedUndef) and len(args) == 1:
        return b.fn(_named(cls), x)
    raise unsupported(obj)


def _named(function) -> Func:
    name = name_of(function)
    return Func(name) if name in functions.FORMULAS else Func(name, is_user=True)


def _extreme(args: list[Expr], sign: int) -> Expr:
    """max(x, y) = y + relu(x - y), min(x, y) = y - relu(y - x)."""
    x, *rest = args
    for y in rest:
        zero = [e for e in (x, y) if e == b.num(0)]
        if zero and sign > 0:
            x = b.fn("relu", y if x is zero[0] else x)
        else:
            difference = plus(x, b.neg(y)) if sign > 0 else plus(y, b.neg(x))
            part = b.fn("relu", difference)
            x = plus(y, part if sign > 0 else b.neg(part))
    return x


def piecewise(obj, read: Read) -> Expr:
    """Pieces f where a > b, else g: step(a - b) f + (1 - step(a - b)) g."""
    pieces = list(obj.args)
    if pieces[-1][1] != sp.true:
        raise unsupported(obj, "without a last piece that is always taken")
    out = read(pieces.pop()[0])
    for value, condition in reversed(pieces):
        inside = _step(condition, obj, read)
        value = read(value)
        if value == b.num(1) and out == b.num(0):
            out = inside
        elif out == b.num(0):
            out = times(inside, value)
        else:
            out = plus(times(inside, value), times(plus(b.num(1), b.neg(inside)), out))
    return out


def _step(condition, obj, read: Read) -> Expr:
    if not isinstance(condition, (sp.StrictGreaterThan, sp.StrictLessThan, sp.GreaterThan, sp.LessThan)):
        raise unsupported(obj, "with a condition that is no inequality")
    high, low = condition.gts, condition.lts
    return b.fn("step", read(high) if low == 0 else plus(read(high), b.neg(read(low))))


def sigmoid(base, exponent, read: Read) -> Expr | None:
    """1 / (1 + exp(-v)) is sigmoid(v)."""
    if exponent == -1 and isinstance(base, sp.Add) and len(base.args) == 2 and base.args[0] == 1:
        inside = base.args[1]
        if isinstance(inside, sp.exp) and not inside.args[0].is_Matrix:
            return b.fn("sigmoid", read(-inside.args[0]))
    return None


class Body:
    """The body of a Lambda in one parameter, read with the parameter standing for x."""

    def __init__(self, parameter, x: Expr, read: Read):
        self.parameter, self.x, self.outside = parameter, x, read

    def __call__(self, f) -> Expr:
        if f == self.parameter:
            return self.x
        if not f.has(self.parameter):
            return self.outside(f)
        known = functions.known().get(f.xreplace({self.parameter: functions.t}))
        if known:
            return b.fn(Func(*known), self.x)
        if isinstance(f, (sp.Add, sp.Mul)):
            return self._folded(f)
        if isinstance(f, sp.Pow):
            base, exponent = f.args
            return sigmoid(base, exponent, self) or power(self(base), self(exponent))
        if isinstance(f, sp.Piecewise):
            return piecewise(f, self)
        if isinstance(f, (sp.Derivative, sp.Subs)):
            return self._derivative(f)
        return function(f, [self(a) for a in f.args])

    def _folded(self, f) -> Expr:
        combine = plus if isinstance(f, sp.Add) else times
        out = None
        for part in f.as_ordered_terms() if isinstance(f, sp.Add) else f.args:
            value = self(part)
            out = value if out is None else combine(out, value)
        return out

    def _derivative(self, f) -> Expr:
        """Derivative(g(t), (t, k)), or Subs(..., t, u): the derivative of an abstract function."""
        point = self.x
        if isinstance(f, sp.Subs):
            point = self(f.point[0])
            f = f.expr
        return derivative(f, point)


def derivative(f, point: Expr) -> Expr:
    if isinstance(f, sp.Derivative) and isinstance(f.expr, sp.core.function.AppliedUndef):
        (variable, order), = f.variable_count
        if f.expr.args == (variable,):
            base = _named(type(f.expr))
            return b.fn(Func(base.name, int(order), is_user=base.is_user), point)
    raise unsupported(f)


def applied(formula, parameter, x: Expr, read: Read) -> Expr:
    """The Lambda parameter -> formula, applied to x, or to every entry of x."""
    out = Body(parameter, x, read)(formula)
    return b.mul(out, b.ones(x.shape)) if out.is_scalar and not x.is_scalar else out
