"""SymPy classes for what SymPy has no class for.

They hold their operands as arguments, know their shape and, where it is
simple, their entries (so that `as_explicit` works), and print sensibly.
"""

from __future__ import annotations

from sympy import Eq, Expr, Integer, KroneckerDelta, Max, Min, Piecewise, Symbol, floor, sympify
from sympy.matrices.expressions import MatrixExpr, MatrixSymbol


class Operation(MatrixExpr):
    """A matrix-valued operation that prints as `name(operands)`."""

    name = ""
    tex = ""

    def __new__(cls, *args):
        return super().__new__(cls, *args)

    @property
    def arg(self):
        return self.args[0]

    @property
    def shape(self):
        return self.arg.shape

    def _sympystr(self, printer, *_):
        return f"{self.name}({', '.join(map(printer.doprint, self.args))})"

    _sympyrepr = _sympystr

    def _latex(self, printer, *_, exp=None):
        inside = ", ".join(map(printer.doprint, self.args))
        power = f"^{{{exp}}}" if exp else ""
        return rf"{self.tex or chr(92) + 'operatorname{' + self.name + '}'}{power}\left({inside}\right)"

    def _entry(self, i, j, **_):
        explicit = self._explicit()
        if explicit is None:
            raise NotImplementedError(f"entries of {self.name} have no formula")
        return explicit[i, j]

    def _explicit(self):
        return None

    def as_explicit(self):
        found = self._explicit()
        return super().as_explicit() if found is None else found


class Commutation(Operation):
    """K_{m,n} with K vec(X) = vec(X^T) for X of shape m x n."""

    name = "commutation"

    @property
    def shape(self):
        m, n = self.args
        return m * n, m * n

    def _entry(self, i, j, **_):
        (m, n), i = self.args, sympify(i)
        return KroneckerDelta((i % n) * m + floor(i / n), j)  # i and j may be summation indices

    def _latex(self, printer, *_, exp=None):
        return f"K_{{{','.join(map(printer.doprint, self.args))}}}"


class Vec(Operation):
    """Columns stacked."""

    name = "vec"

    @property
    def shape(self):
        return self.arg.rows * self.arg.cols, Integer(1)

    def _entry(self, i, j, **_):
        i = sympify(i)
        return self.arg[i % self.arg.rows, floor(i / self.arg.rows)]


class Mat(Operation):
    """The inverse of `Vec`; arguments: vector, rows, columns."""

    name = "mat"

    @property
    def shape(self):
        return self.args[1], self.args[2]

    def _entry(self, i, j, **_):
        return self.arg[i + j * self.args[1], 0]


class Rearrange(Operation):
    """R(G) = vec(A) vec(B)^T for G = kron(A, B); arguments: G, m, n, p, q."""

    name = "rearrange"
    tex = r"\mathcal{R}"

    @property
    def shape(self):
        _, m, n, p, q = self.args
        return m * n, p * q

    def _entry(self, i, j, **_):
        (g, m, _, p, q), i, j = self.args, sympify(i), sympify(j)
        return g[(i % m) * p + j % p, floor(i / m) * q + floor(j / p)]


class PseudoInverse(Operation):
    name = "pinv"

    @property
    def shape(self):
        return self.arg.cols, self.arg.rows

    def _explicit(self):
        return self.arg.as_explicit().pinv()


class MatrixExponential(Operation):
    name = "expm"

    def _explicit(self):
        return self.arg.as_explicit().exp()


class FrechetExponential(Operation):
    """The derivative of expm at A in direction E."""

    name = "frechet"
    tex = r"L_{\exp}"

    def _explicit(self):
        a, e = (x.as_explicit() for x in self.args)
        n = a.rows
        return a.row_join(e).col_join((a * 0).row_join(a)).exp()[:n, n:]


class ArgMax(Operation):
    """One-hot of the largest entry."""

    name = "argmax"
    pick = Max

    def _explicit(self):
        x = self.arg.as_explicit()
        best = self.pick(*x)
        return x.applyfunc(lambda entry: Piecewise((1, Eq(entry, best)), (0, True)))


class ArgMin(ArgMax):
    """One-hot of the smallest entry."""

    name = "argmin"
    pick = Min


class Extreme(Expr):
    """A number made from all entries: the largest or the smallest."""

    name = ""
    pick = Max
    is_commutative = True
    is_scalar = True

    def __new__(cls, arg):
        return Expr.__new__(cls, arg)

    @property
    def arg(self):
        return self.args[0]

    def doit(self, **hints):
        return self.pick(*self.arg.as_explicit())

    def _sympystr(self, printer, *_):
        return f"{self.name}({printer.doprint(self.arg)})"

    def _latex(self, printer, *_, exp=None):
        power = f"^{{{exp}}}" if exp else ""
        return rf"\{self.name}{power}\left({printer.doprint(self.arg)}\right)"


class MaxEntry(Extreme):
    name = "max"


class MinEntry(Extreme):
    name = "min"
    pick = Min


class CotangentSymbol(MatrixSymbol):
    """dL/dX as a symbol; its name is "dL/dX"."""


class ScalarCotangentSymbol(Symbol):
    """dL/da of a scalar a."""


class DifferentialSymbol(MatrixSymbol):
    """dX as a symbol; its name is "dX"."""


class ScalarDifferentialSymbol(Symbol):
    """da of a scalar a."""


OPERATIONS = {cls.name: cls for cls in (
    Commutation, Vec, Mat, Rearrange, PseudoInverse, MatrixExponential, FrechetExponential,
    ArgMax, ArgMin, MaxEntry, MinEntry)}

__all__ = ["OPERATIONS", *(c.__name__ for c in OPERATIONS.values()), "CotangentSymbol",
           "DifferentialSymbol", "ScalarCotangentSymbol", "ScalarDifferentialSymbol"]
