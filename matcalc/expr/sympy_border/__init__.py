"""The border to SymPy: `to_sympy` and `from_sympy`, tested by round trip.

SymPy takes half a second to import, so it is imported when one of these is
called and not before.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...errors import fail

if TYPE_CHECKING:
    from ...model import Model
    from ..node import Expr


@contextmanager
def _depth():
    """SymPy works by recursion, so what is nested too deeply is refused."""
    try:
        yield
    except RecursionError:
        raise fail("M195", "the expression is nested too deeply for SymPy",
                   help="work with named layers, or with the named forms of the gradients") from None


def to_sympy(e: Expr, symbols: dict | None = None):
    """The expression in SymPy: scalars are scalars, vectors and matrices matrix
    expressions; a product that is a scalar becomes a trace.

    symbols   name -> the SymPy symbol that stands for it (variables and sizes);
              others are made: `Symbol(name)`, `MatrixSymbol(name, m, n)`
    """
    from .out import convert
    with _depth():
        return convert(e, symbols or {})


def from_sympy(obj, name: str = "", assume: dict | None = None) -> Model:
    """A model of one anonymous assignment from a SymPy expression.

    name      name of the assignment; a free one is chosen when it is empty
    assume    {"S": "spd", "y": ["onehot", "target"]}

    Raises MatcalcError: M190 to M195 for what cannot be read, M290 to M292 for
    shapes that do not fit (SymPy does not compare symbolic ones), and M111, M112,
    M202 for assumptions.
    """
    from .models import read_model
    with _depth():
        return read_model(obj, name, assume or {})


def symbols_of(obj) -> dict:
    """name -> SymPy symbol, for `to_sympy` to use the same again."""
    from .read import symbols_of as found
    return found(obj)
