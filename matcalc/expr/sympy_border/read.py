"""From SymPy to our expressions: any ordinary matrix expression, with its shapes checked.

A 1 x 1 matrix is a number here.  Nothing of SymPy's is evaluated, simplified
or differentiated on the way.
"""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from sympy.matrices import expressions as mx
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagonalOf

from ...errors import fail
from ...shapes import ONE, Size
from .. import build as b
from ..node import Expr
from . import nodes, products, scalars
from .entries import index_sum
from .shapes import name_of, shown, size_of, square, together, unsupported

def symbols_of(obj) -> dict:
    """name -> symbol; sizes too."""
    found = {}
    for s in sp.sympify(obj).atoms(sp.Symbol, mx.MatrixSymbol):
        found[s.name] = s
        if isinstance(s, mx.MatrixSymbol):
            found.update({d.name: d for n in s.shape for d in n.free_symbols})
    return found


class Reader:
    """One reading: names and sizes, and what has been read already."""

    def __init__(self, obj, assume: dict[str, frozenset]):
        self.assume = assume  # name -> frozenset of words
        self.memo: dict[object, Expr] = {}
        self.symbols: dict[str, object] = {}
        leaves = obj.atoms(mx.MatrixSymbol, mx.OneMatrix, mx.ZeroMatrix, mx.Identity)
        self.sizes = {d.name for s in leaves for n in s.shape for d in n.free_symbols}

    def __call__(self, obj) -> Expr:
        found = self.memo.get(obj)
        if found is None:
            found = self.memo[obj] = self._made(obj)
        return found

    def _made(self, obj) -> Expr:
        for cls in type(obj).__mro__:
            if cls in _READERS:
                return _READERS[cls](self, obj)
        raise unsupported(obj)

    def all(self, items) -> list[Expr]:
        return [self(x) for x in items]

    def once(self, name: str, symbol) -> None:
        """Two different symbols of one name would become one variable."""
        other = self.symbols.setdefault(name, symbol)
        if other != symbol or symbol.is_Matrix and name in self.sizes:
            raise fail("M192", f"two different SymPy symbols are named `{name}`",
                       help="give one of them another name")


# ---------------------------------------------------------------- leaves

def _number(r: Reader, x) -> Expr:
    if not x.is_finite or not x.is_real:
        raise fail("M194", f"`{x}` is not a finite real number", help="use finite real numbers")
    return b.num(Fraction(int(x.p), int(x.q)) if x.is_Rational else Fraction(str(x)))


def _symbol(r: Reader, s) -> Expr:
    if s.name in r.sizes or s.is_integer and s.is_positive:
        return b.size_number(Size(1, (name_of(s),)))
    r.once(name_of(s), s)
    positive = {"positive"} if s.is_positive else set()
    return b.var(s.name, (ONE, ONE), r.assume.get(s.name, frozenset()) | positive)


def _matrix_symbol(r: Reader, s) -> Expr:
    r.once(name_of(s), s)
    return b.var(s.name, _shape(s), r.assume.get(s.name, ()))


def _shape(s) -> tuple:
    return tuple(size_of(d) for d in s.shape)


def _cotangent(r: Reader, s) -> Expr:
    output, name = s.name[1:].split("/d")
    return b.cot(output, name, _shape(s) if s.is_Matrix else (ONE, ONE))


def _differential(r: Reader, s) -> Expr:
    return b.dvar(s.name[1:], _shape(s) if s.is_Matrix else (ONE, ONE))


# ---------------------------------------------------------------- functions

def _function(r: Reader, obj) -> Expr:
    args = r.all(obj.args)
    for e in args:
        if not e.is_scalar:
            raise fail("M193", f"{type(obj).__name__} is a function of a number, but "
                       f"{shown(obj.args[0])} is {e.rows} x {e.cols}",
                       help="write M.applyfunc(f) to apply f to every entry of M")
    if isinstance(obj, sp.log) and args[0].op == "det":
        return b.call("logdet", args[0].args[0])
    return scalars.function(obj, args)


def _substituted(r: Reader, obj) -> Expr:
    """Subs(Derivative(f(t), t), t, x) is f'(x)."""
    return scalars.derivative(obj.expr, r(obj.point[0]))


def _derivative(r: Reader, obj) -> Expr:
    return scalars.derivative(obj, r(obj.variables[0]))


# ---------------------------------------------------------------- matrices

def _determinant(r: Reader, obj) -> Expr:
    x = r(obj.args[0])
    square(x, "determinant")
    return x if x.is_scalar else b.call("det", x)


def _inverse(r: Reader, obj) -> Expr:
    x = r(obj.args[0])
    square(x, "inverse")
    return b.power(x, b.num(-1)) if x.is_scalar else b.call("inv", x)


def _trace(r: Reader, obj) -> Expr:
    x = r(obj.args[0])
    square(x, "trace")
    if x.is_scalar:
        return x
    found = products.squared_factors(x)
    if found:
        return found
    return b.call("tr", x)


def _hadamard(r: Reader, obj) -> Expr:
    factors = r.all(obj.args)
    for f in factors[1:]:
        together(factors[0], f, obj)
    return b.had(*factors)


def _hadamard_power(r: Reader, obj) -> Expr:
    x, p = r.all(obj.args)
    if not p.is_scalar:
        raise unsupported(obj, "with a matrix as exponent")
    return b.power(x, p)


def _kron(r: Reader, obj) -> Expr:
    out, *rest = r.all(obj.args)
    for e in rest:
        out = b.mul(out, e) if out.is_scalar or e.is_scalar else b.kron(out, e)
    return out


def _diagonal_matrix(r: Reader, obj) -> Expr:
    v = r(obj.args[0])
    if v.is_row:
        v = b.transpose(v)
    return v if v.is_scalar else b.call("diag", v if v.is_column else b.call("diagpart", v))


def _applied(r: Reader, obj) -> Expr:
    rule, x = obj.function, r(obj.expr)
    if not isinstance(rule, sp.Lambda):
        return scalars.function(rule(sp.Symbol("t")), [x])
    return scalars.applied(rule.expr, rule.variables[0], x, r)


def _own(made):
    def make(r: Reader, obj) -> Expr:
        operands = [r(a) for a in obj.args if getattr(a, "is_Matrix", False)]
        sizes = [size_of(a) for a in obj.args if not getattr(a, "is_Matrix", False)]
        return made(*operands, *sizes)
    return make


def _call_own(op: str):
    return _own(lambda *operands: b.call(op, *operands))


_READERS = {
    sp.Number: _number, sp.core.numbers.ImaginaryUnit: _number,
    sp.core.numbers.Infinity: _number, sp.core.numbers.ComplexInfinity: _number, sp.core.numbers.NaN: _number,
    sp.core.numbers.Pi: lambda r, x: b.const("pi"), sp.core.numbers.Exp1: lambda r, x: b.const("e"),
    sp.Symbol: _symbol, mx.MatrixSymbol: _matrix_symbol,
    nodes.CotangentSymbol: _cotangent, nodes.ScalarCotangentSymbol: _cotangent,
    nodes.DifferentialSymbol: _differential, nodes.ScalarDifferentialSymbol: _differential,
    sp.Add: products.read_sum, mx.MatAdd: products.read_sum,
    sp.Mul: products.read_product, mx.MatMul: products.read_product,
    sp.Pow: products.read_power, mx.MatPow: products.read_power, mx.Inverse: _inverse,
    sp.Function: _function, sp.Max: _function, sp.Min: _function,
    sp.Piecewise: lambda r, obj: scalars.piecewise(obj, r),
    sp.Subs: _substituted, sp.Derivative: _derivative,
    sp.Sum: lambda r, obj: index_sum(obj, r),
    mx.matexpr.MatrixElement: lambda r, obj: index_sum(obj, r),
    mx.Trace: _trace, mx.Determinant: _determinant,
    mx.Transpose: lambda r, obj: b.transpose(r(obj.args[0])),
    mx.Adjoint: lambda r, obj: b.transpose(r(obj.args[0])),
    mx.OneMatrix: lambda r, obj: b.ones(_shape(obj)), mx.ZeroMatrix: lambda r, obj: b.zeros(_shape(obj)),
    mx.Identity: lambda r, obj: b.eye(size_of(obj.shape[0])),
    mx.HadamardProduct: _hadamard, mx.HadamardPower: _hadamard_power, mx.KroneckerProduct: _kron,
    mx.DiagMatrix: _diagonal_matrix, mx.DiagonalMatrix: _diagonal_matrix,
    DiagonalOf: lambda r, obj: b.call("diagpart", r(obj.args[0])),
    ElementwiseApplyFunction: _applied,
    nodes.Commutation: _own(b.commutation), nodes.Vec: _call_own("vec"),
    nodes.Mat: _own(b.mat), nodes.Rearrange: _own(b.rearrange),
    nodes.PseudoInverse: _call_own("pinv"), nodes.MatrixExponential: _call_own("expm"),
    nodes.FrechetExponential: _call_own("frechet"), nodes.ArgMax: _call_own("argmax"),
    nodes.ArgMin: _call_own("argmin"), nodes.MaxEntry: _call_own("max"), nodes.MinEntry: _call_own("min"),
}
