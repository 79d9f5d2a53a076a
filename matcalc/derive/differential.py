"""Differentials: dF in terms of dX, pushed forward through the rules, and what is
read off them (Magnus and Neudecker, Matrix Differential Calculus, chapter 9)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, count

from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, walk
from ..lang import Said, said
from ..model import Model
from ..rules import RULES
from ..shapes import Shape, is_column, is_scalar
from .closed import inlined
from .engine import checked_names, differentiable
from .identify import coefficient
from .result import Equation, Printed
from .sweep import Step, Sweep
from .textbook import textbook


def _identification(model: Model, F: Expr, names: list[str]) -> Said:
    """How derivatives are read off, in the shapes at hand; several variables are all called x or X."""
    def is_vector(shape: Shape) -> bool:
        return is_column(shape) or is_scalar(shape)

    def free(letter: str) -> str:
        taken = {*model.variables, *(a.name for a in model.assignments)}
        return next(n for n in chain([letter], (f"{letter}_{k}" for k in count(1))) if n not in taken)

    shape = max(map(model.shape_of, names), key=lambda s: (not is_vector(s), not is_scalar(s)))
    small = is_vector(shape)
    X = build.dvar(names[0] if len(names) == 1 else "x" if small else "X", shape)
    dF = build.dvar(model.output.name, F.shape)
    if F.is_scalar:
        G = build.var(free("g" if small else "G"), shape)
        return said("{dF} = {form} identifies the gradient {G}", dF=dF, form=alg.inner(G, X), G=G)
    J = build.var(free("J"), (F.rows * F.cols, X.rows * X.cols))
    if small and is_vector(F.shape):
        product = alg.mul(X, J) if X.is_scalar else alg.matmul(J, X)
        return said("{dF} = {form} identifies the Jacobian {J}", dF=dF, form=product, J=J)
    stacked = {"dF": build.call("vec", dF), "form": alg.matmul(J, build.call("vec", X))}
    return said("{dF} = {form} identifies the Jacobian {J}, columns stacked", **stacked, J=J)


def differential(root: Expr, changes: dict[Expr, Expr]) -> tuple[Expr, tuple[Step, ...]]:
    """d root, when each variable in `changes` changes by its value (a `dvar` node).

    The result is linear in the dvars.  Raises MatcalcError (M303) where a rule
    has no closed form.
    """
    d: dict[Expr, Expr] = {}
    steps: list[Step] = []
    for e in walk(root):
        if e in changes:
            d[e] = changes[e]
            continue
        dargs = tuple(d[a] for a in e.args)
        if all(alg.is_zero(x) for x in dargs):
            d[e] = alg.zeros(e.shape)
            continue
        rule = RULES[e.op]
        d[e] = rule.differential(e, e.args, dargs, e.data)
        steps.append(Step(e.op, "differential", e, e, d[e], rule.why, rule.cites))
    return d[root], tuple(steps)


@dataclass(frozen=True)
class Differential(Printed):
    """dF of a model in terms of the differentials of its variables.

    form         dF with every dX behind its coefficient: tr(G^T dX), g^T dx, J dx
    equations    the differential of each named assignment, in named intermediates
    identified   name -> gradient G (scalar F) or Jacobian J
    convention   how the derivatives are read off
    """

    model: Model
    wrt: tuple[str, ...]
    form: Expr
    equations: tuple[Equation, ...]
    identified: dict[str, Expr] = field(compare=False)
    convention: Said | str = ""
    steps: tuple[Step, ...] = ()

    def is_stacked(self, name: str) -> bool:
        """Whether the Jacobian by this name has stacked entries."""
        F, x = self.model.output.expr, self.model.shape_of(name)
        return not F.is_scalar and not is_scalar(x) and not (is_column(F.shape) and is_column(x))


def model_differential(model: Model, wrt=None) -> Differential:
    """The differential of the model's output.

    Raises MatcalcError: M302 (unknown name), M303 and M306 (no closed form).
    """
    names = differentiable(model) if wrt is None else checked_names(model, wrt)
    start, closed = inlined(model, names)
    symbols = start.symbols
    F = closed.forward(symbols[model.output.name])
    dF, steps = differential(F, {symbols[n]: _change(symbols[n]) for n in names})
    parts, identified = [], {}
    for n in names:
        dX = _change(symbols[n])
        D = identified[n] = textbook(_adjoint(dF, dX) if F.is_scalar else _jacobian(dF, dX))
        parts.append(alg.inner(D, dX) if F.is_scalar else _applied(D, dX, dF))
    if not names:
        return Differential(model, (), alg.zeros(F.shape), (), {})
    identified = {n: start.restore(D) for n, D in identified.items()}
    return Differential(model, tuple(names), start.restore(alg.add(*parts)), _equations(model, start, names), identified,
                        _identification(model, F, names), steps)


def _change(symbol: Expr) -> Expr:
    return build.dvar(symbol.name, symbol.shape)


def _equations(model: Model, start: Sweep, names: list[str]) -> tuple[Equation, ...]:
    """d f = ... for every assignment that the names reach."""
    symbols = start.symbols
    changes = {symbols[n]: _change(symbols[n]) for n in names}
    out = []
    for a in model.assignments:
        d, _ = differential(start.recognised[a.name], changes)
        if not alg.is_zero(d):
            changes[symbols[a.name]] = _change(symbols[a.name])
            out.append(Equation(a.name, changes[symbols[a.name]], start.restore(textbook(d))))
    return tuple(out)


def _adjoint(dF: Expr, dX: Expr) -> Expr:
    """G with dF = <G, dX>: the rules' VJPs on an expression that is linear in dX."""
    arrived: dict[Expr, list[Expr]] = {dF: [alg.UNIT]}
    order = list(walk(dF))
    varies = {dX}
    for e in order:
        if any(a in varies for a in e.args):
            varies.add(e)
    G = alg.zeros(dX.shape)
    for e in reversed(order):
        if e not in arrived or e not in varies:
            continue
        G = alg.add(*arrived.pop(e))
        if e is dX:
            return G
        for i, a in enumerate(e.args):
            if a in varies:
                arrived.setdefault(a, []).append(RULES[e.op].vjp(G, e, i, e.args, e.data))
    return alg.zeros(dX.shape)


def _jacobian(dF: Expr, dX: Expr) -> Expr:
    M = coefficient(dF, dX)
    return alg.zeros((dF.rows * dF.cols, dX.rows * dX.cols)) if M is None else M


def _applied(J: Expr, dX: Expr, dF: Expr) -> Expr:
    """J dx for vectors; for matrices dF as it stands."""
    return alg.matmul(J, dX) if dX.is_column and dF.is_column else _only(dF, dX)


def _only(dF: Expr, dX: Expr) -> Expr:
    """The part of dF that holds dX."""
    memo: dict[Expr, Expr] = {}
    for e in walk(dF):
        if e.op == "dvar" and e is not dX:
            memo[e] = alg.zeros(e.shape)
        else:
            memo[e] = alg.rebuild(e, tuple(memo[a] for a in e.args)) if e.args else e
    return textbook(memo[dF])
