"""Sizes from SymPy, and the errors for shapes that do not fit and for unknown nodes."""

from __future__ import annotations

import sympy as sp

from ...errors import MatcalcError, fail
from ...shapes import Size
from ..node import Expr


def shown(obj) -> str:
    """A SymPy object in a message."""
    text = " ".join(sp.sstr(obj).split())
    return text if len(text) <= 80 else text[:77] + "..."


def name_of(symbol) -> str:
    """The name of a symbol or function. Raises MatcalcError (M550) for one that no page
    or terminal can show."""
    name = symbol.name
    if not name or not name.isprintable():
        codes = ", ".join(f"U+{ord(c):04X}" for c in name if not c.isprintable())
        raise fail("M550", "a SymPy symbol has a name that cannot be shown",
                   facts=(f"it contains {codes}" if name else "the name is empty",),
                   help="give the symbol a name of printable characters")
    return name


def size_of(d) -> Size:
    """A size from a SymPy number: a whole number, a symbol, or a product of these."""
    d = sp.sympify(d)
    coefficient, names = 1, []
    for factor in sp.Mul.make_args(d):
        base, exponent = factor.as_base_exp()
        if factor.is_Integer and factor > 0:
            coefficient *= int(factor)
        elif base.is_Symbol and exponent.is_Integer and exponent > 0:
            names += [name_of(base)] * int(exponent)
        else:
            raise fail("M191", f"the size `{shown(d)}` is not a whole number, a name or a product of these",
                       help="replace the size by one symbol")
    return Size(coefficient, tuple(sorted(names)))


def words(e: Expr) -> str:
    """`W x` is m x 1."""
    return f"{shortened(repr(e))} is {e.rows} x {e.cols}"


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def together(x: Expr, y: Expr, obj) -> None:
    """Terms of a sum, factors of a Hadamard product: one shape."""
    if x.shape != y.shape:
        raise fail("M291", f"the operands of {type(obj).__name__} have different shapes: "
                   f"{words(x)}, but {words(y)}", facts=(f"in {shown(obj)}",),
                   help="give the symbols the same shape")


def fitting(x: Expr, y: Expr, obj) -> None:
    """Neighbours in a matrix product."""
    if x.cols != y.rows:
        raise fail("M290", f"the factors of a product do not fit: {words(x)} and has {x.cols} columns, but "
                   f"{words(y)} and has {y.rows} rows", facts=(f"in {shown(obj)}",),
                   help="give the symbols shapes that fit, or transpose a factor; a scalar such as x.T*x "
                   "before a vector must be written Trace(x.T*x)")


def square(x: Expr, what: str) -> None:
    if x.rows != x.cols:
        raise fail("M292", f"the {what} needs a square matrix, but {words(x)}",
                   help="give the symbols shapes that fit")


def unsupported(obj, more: str = "") -> MatcalcError:
    kind = type(obj).__name__
    return fail("M190", f"the SymPy node {kind}{' ' + more if more else ''} cannot be read: {shown(obj)}",
                help="rewrite it with products, sums, Trace, Determinant, Inverse, HadamardProduct, "
                "applyfunc, DiagMatrix and KroneckerProduct")
