"""Closed forms: named intermediates and cotangents replaced by what they stand for."""

from __future__ import annotations

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import Expr
from ..lang import said
from ..model import Model
from .sweep import Sweep, prepared
from .textbook import textbook

MAX_WRITTEN = 20_000  # nodes of a formula that is still written out


class ClosedForms:
    """Closed forms of one sweep, each made when it is first asked for.

    One memo serves all of them, so that what two gradients share is worked out once.
    """

    def __init__(self, sweep: Sweep, at_structure: bool = True):
        """at_structure   whether what is known of entries is used (see `sweep.STRUCTURES`)"""
        self._sweep = sweep
        self._memo: dict[Expr, Expr] = dict(sweep.restored) if at_structure else {}
        self._forward_done = False

    def forward(self, e: Expr) -> Expr:
        """e (in named intermediates) in terms of the model's variables.

        Raises MatcalcError (M304), here and in `gradient`, as soon as one
        definition is too long to write out.
        """
        if not self._forward_done:
            for a in self._sweep.model.assignments:
                symbol = self._sweep.symbols[a.name]
                self._memo[symbol] = written(textbook(self._sweep.recognised[a.name], self._memo))
            self._forward_done = True
        return written(textbook(e, self._memo))

    def gradient(self, name: str) -> Expr:
        """The closed form of dL/dname."""
        self.forward(alg.UNIT)
        sweep = self._sweep
        for other, formula in sweep.named.items():
            symbol = sweep.symbol(other)
            if symbol not in self._memo or other == name:
                self._memo[symbol] = form = written(textbook(formula, self._memo))
            if other == name:
                return form
        raise KeyError(name)


def inlined(model: Model, names=()) -> tuple[Sweep, ClosedForms]:
    """A sweep of which nothing is done yet, and closed forms of the assignments in which
    the variables in `names` may move."""
    nothing = prepared(model, set(names))
    return nothing, ClosedForms(nothing, at_structure=False)


def written(form: Expr) -> Expr:
    """The form itself, if it can be written on paper.

    Raises MatcalcError (M304) for one that is too long (a residual network
    written out doubles with every block).
    """
    if form.count > MAX_WRITTEN:
        raise fail("M304", said("the closed form has more than {n} symbols, too long to write out", n=MAX_WRITTEN),
                   help="use the named form, which grows only with the number of layers")
    return form

