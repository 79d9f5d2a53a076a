"""Networks of any depth: the equations of layer i, for every i at once.

Nothing is typed here that a rule could derive.  A network is derived at one depth
by the engine; its equations are renamed from "layer 3" to "layer i", and must come
out the same from every other layer between the first and the last.  Backpropagation
is then a recurrence (Goodfellow et al., Deep Learning, algorithm 6.4; Nielsen, Neural
Networks and Deep Learning, BP1-BP4), and its unrolled form a product.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Callable

from ..errors import fail
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import renamed, replaced
from ..lang import said
from ..model import Model
from ..reader import read
from ..rules import FUNCTION_NAMES
from ..suggest import closest
from .differential import differential
from .engine import derivation
from .identify import coefficient
from .textbook import textbook

DEPTH = 5                      # of the network that is derived
_INDEXED = re.compile(r"([A-Za-z]+)(\d+)")


@dataclass(frozen=True)
class Family:
    """A network at every depth.

    title    in words, for headings
    text     text(depth): its source; a name with a number belongs to that layer
    index    letter of the layer, "i" or "t";  last: the depth as a symbol, "L" or "T"
    state    stem of the values that the recurrence runs over;  through: stem of the
             values that lie between one state and the next
    """

    title: str
    text: Callable[[int], str]
    index: str
    last: str
    state: str = "a"
    through: str = "h"


@dataclass(frozen=True)
class General:
    """One equation of layer i.

    is_sum      the right side is summed over all i
    has_last    whether the last layer has this forward equation too
    """

    name: str
    lhs: Expr
    rhs: Expr
    is_sum: bool = False
    has_last: bool = True


@dataclass(frozen=True)
class Backpropagation:
    """The equations of a network of symbolic depth.

    model        the network at the depth that was derived
    forward      of layer i;  ending: what follows the last layer
    start        cotangents behind the last layer, and of its state
    recurrence   cotangents of layer i from those of layer i + 1
    gradients    of the weights of layer i (or sums over all steps), and of the input
    delta        the recurrence in one equation, in delta_i = dJ/da_i
    factor       of the unrolled product: delta_i = factor_i delta_{i+1} + what enters at i
    is_pure      whether nothing else enters, so that the product is all
    """

    family: Family
    model: Model
    forward: tuple[General, ...]
    ending: tuple[General, ...]
    start: tuple[General, ...]
    recurrence: tuple[General, ...]
    gradients: tuple[General, ...]
    delta: General
    factor: Expr
    is_pure: bool


def feedforward(activation: str = "g", output: str = "softmax", bias: bool = True) -> Family:
    """a_i = W_i h_{i-1} + b_i, h_i = g(a_i); the last layer linear with half the squared
    error, softmax or sigmoid with their cross-entropies (CS7015, lecture 4).

    Raises MatcalcError: M326 (another output), M327 (no such activation).
    """
    outputs = {"linear": "J = 1/2*norm2(a{0} - y)^2",
               "softmax": "y : n{0} target onehot\nyhat = softmax(a{0})\nJ = cross_entropy(yhat, y)",
               "sigmoid": "yhat = sigmoid(a{0})\nJ = bce(yhat, y)"}
    if output not in outputs:
        raise fail("M326", f"there is no output `{output}`", help="use linear, softmax or sigmoid")

    _known(activation)

    def text(depth: int) -> str:
        lines = [f"{activation} : function"] if activation == "g" else []
        lines += ["h0 : n0", *(f"W{i} : n{i} x n{i - 1}" for i in range(1, depth + 1))]
        lines += [f"b{i} : n{i}" for i in range(1, depth + 1) if bias]
        for i in range(1, depth + 1):
            lines.append(f"a{i} = W{i}*h{i - 1}" + f" + b{i}" * bias)
            if i < depth:
                lines.append(f"h{i} = {activation}(a{i})")
        return "\n".join([*lines, outputs[output].format(depth)])

    return Family(said("Backpropagation in a network with L layers"), text, "i", "L")


def recurrent(activation: str = "tanh", bias: bool = True) -> Family:
    """a_t = W h_{t-1} + U x_t + b, h_t = g(a_t), o_t = V h_t + c, and half the squared error
    of every step (Goodfellow et al., equations 10.8-10.10): backpropagation through time."""
    _known(activation)

    def text(depth: int) -> str:
        steps = range(1, depth + 1)
        lines = [f"{activation} : function"] if activation == "g" else []
        lines += ["h0 : m constant", *(f"x{t} : n constant" for t in steps), *(f"y{t} : k target" for t in steps),
                  "W : m x m", "U : m x n", *(["b : m", "c : k"] if bias else []), "V : k x m"]
        for t in steps:
            lines += [f"a{t} = W*h{t - 1} + U*x{t}" + " + b" * bias, f"h{t} = {activation}(a{t})",
                      f"o{t} = V*h{t}" + " + c" * bias, f"J{t} = 1/2*norm2(o{t} - y{t})^2"]
        return "\n".join([*lines, "J = " + " + ".join(f"J{t}" for t in steps)])

    return Family(said("Backpropagation through T steps of time"), text, "t", "T")


def _known(activation: str) -> None:
    if activation != "g" and activation not in FUNCTION_NAMES:
        raise fail("M327", f"there is no entrywise function `{activation}`",
                   help=closest(activation, FUNCTION_NAMES) or "use tanh, sigmoid, relu, ..., or g for any function")


def backpropagation(family: Family) -> Backpropagation:
    """The equations of layer i of a family of networks.

    Raises MatcalcError (M325) when the layers of a family have no equation in common.
    """
    model = read(family.text(DEPTH))
    d = derivation(model)
    at = {e.name: e.rhs for e in d.backward}
    assigned = [a.name for a in model.assignments]
    cotangents = [n for n in reversed(assigned) if n in at and at[n].op != "num"]
    place = _Place(family)
    delta = _in_one(place, at)
    entering, factor = _factor(delta.rhs)
    return Backpropagation(
        family, model,
        forward=place.every_layer({a.name: a.expr for a in model.assignments}),
        ending=tuple(place.ending(a.name, a.expr) for a in model.assignments if not number(a.name)),
        start=tuple(place.general(n, at[n], DEPTH, family.last, True) for n in cotangents
                    if n != model.output.name and number(n) in (0, DEPTH)),
        recurrence=place.every_layer({n: at[n] for n in cotangents}, cot=True),
        gradients=_gradients(place, d), delta=delta, factor=factor, is_pure=not entering)


def number(name: str) -> int:
    """The layer that a name belongs to, or 0."""
    found = _INDEXED.fullmatch(name)
    return int(found.group(2)) if found else 0


def relative(at: int, symbol: str) -> Callable[[str], str]:
    """Renames layer `at` to the symbol, its neighbours to symbol - 1, symbol + 1."""
    def rename(name: str) -> str:
        found = _INDEXED.fullmatch(name)
        if not found:
            return name
        shift = int(found.group(2)) - at
        return f"{found.group(1)}_{symbol}{shift:+d}" if shift else f"{found.group(1)}_{symbol}"
    return rename


def _numbered(name: str) -> str:
    """h_0 for h0, as the names of layer i are written."""
    found = _INDEXED.fullmatch(name)
    return f"{found.group(1)}_{found.group(2)}" if found else name


class _Place:
    """Equations of layer 3 as equations of layer i."""

    def __init__(self, family: Family):
        self.family = family

    def general(self, name: str, rhs: Expr, at: int, symbol: str, cot: bool = False) -> General:
        rename = relative(at, symbol)
        return _general(rename(name), renamed(rhs, rename), cot)

    def every_layer(self, equations: dict[str, Expr], cot: bool = False) -> tuple[General, ...]:
        """The equations of layer i, which all layers but the first and last have."""
        found: dict[str, set] = {}
        for name, rhs in equations.items():
            if 1 < number(name) < DEPTH:
                stem = _INDEXED.fullmatch(name).group(1)
                found.setdefault(stem, set()).add(self.general(name, rhs, number(name), self.family.index, cot))
        if any(len(same) != 1 for same in found.values()):
            raise _nothing_in_common("layers")
        return tuple(replace(same.pop(), has_last=cot or f"{stem}{DEPTH}" in equations) for stem, same in found.items())

    def ending(self, name: str, rhs: Expr) -> General:
        """What follows the last layer; a sum over all layers is one."""
        term = self.summed(rhs) if rhs.op == "add" else None
        if term is None:
            return self.general(name, rhs, DEPTH, self.family.last)
        return _general(name, term, False, is_sum=True)

    def summed(self, total: Expr) -> Expr | None:
        """The one term of layer i that all terms of a sum over the layers are, or None."""
        terms = total.args if total.op == "add" else (total,)
        layers = [max((number(e.name if e.op == "var" else e.data[1]) for e in walk(t) if e.op in ("var", "cot")),
                      default=0) for t in terms]
        found = {renamed(t, relative(at, self.family.index)) for at, t in zip(layers, terms, strict=True)}
        return found.pop() if len(found) == 1 and sorted(layers) == list(range(1, DEPTH + 1)) else None


def _general(name: str, rhs: Expr, cot: bool, is_sum: bool = False) -> General:
    lhs = build.cot("J", name, rhs.shape) if cot else build.var(name, rhs.shape)
    return General(name, lhs, rhs, is_sum)


def _nothing_in_common(what: str):
    return fail("M325", f"the {what} of this network have no equation in common",
                help="write the network at a depth of your choice and derive that")


def _in_one(place: _Place, at: dict[str, Expr]) -> General:
    """delta_i from delta_{i+1}: the equations of one layer put into one another."""
    family = place.family
    middle, between = f"{family.state}3", f"{family.through}3"
    inside = {build.cot("J", between, at[between].shape): at[between]}
    whole = textbook(at[middle], {}, inside)
    rename = relative(3, family.index)
    deltas = {e: build.var(e.data[1].replace(family.state, "delta"), e.shape) for e in walk(whole)
              if e.op == "cot" and e.data[1].startswith(family.state)}
    return _general(f"delta_{family.index}", renamed(replaced(whole, deltas), rename), False)


def _factor(rhs: Expr) -> tuple[bool, Expr]:
    """Whether something else enters a recurrence, and its factor in front of delta_{i+1}."""
    later = next(e for e in walk(rhs) if e.op == "var" and e.name.startswith("delta_"))
    moving = build.dvar(later.name, later.shape)
    changed, _ = differential(rhs, {later: moving})
    rest = replaced(rhs, {later: alg.zeros(later.shape)})
    return not alg.is_zero(textbook(rest)), textbook(coefficient(textbook(changed), moving))


def _gradients(place: _Place, d) -> tuple[General, ...]:
    """Of the weights of layer i, of shared weights as sums, of the input."""
    out = list(place.every_layer({g.name: g.named_form for g in d}, cot=True))
    for g in d:
        if g.name == "h0":
            out.append(_general("h_0", renamed(g.named_form, _numbered), True))
        elif not number(g.name):
            term = place.summed(g.named_form)
            if term is None:
                raise _nothing_in_common(f"terms of dJ/d{g.name}")
            out.append(_general(g.name, term, True, is_sum=True))
    return tuple(out)
