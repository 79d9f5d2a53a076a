"""Two ways to print what a view holds: for a terminal and for LaTeX."""

from __future__ import annotations

from ..expr import build
from ..expr.latex import latex, latex_symbol
from ..expr.names import unicode_name
from ..expr.node import Expr
from ..expr.unicode import unicode
from ..shapes import SCALAR, Size, is_column, is_scalar
from .tex import Tex

LINE = 95  # characters of a formula that fit on a line of an article


class Terminal:
    """Unicode on one line."""

    times = " × "
    right = "· "
    hadamard = "⊙ "

    def formula(self, e: Expr) -> str:
        return unicode(e)

    def broken(self, e: Expr) -> str:
        """A terminal breaks lines itself."""
        return unicode(e)

    def name(self, name: str, shape=SCALAR) -> str:
        return unicode_name(name)

    def size(self, n: Size) -> str:
        return unicode(build.size_number(n))

    def enclosed(self, formula: str) -> str:
        return f"({formula})"

    def quotient(self, of: str, by: str, shape, stacked: bool = False) -> str:
        """∂f/∂x; stacked: ∂vec(F)/∂vec(X)ᵀ."""
        of, by = unicode_name(of), unicode_name(by)
        return f"∂vec({of})/∂vec({by})ᵀ" if stacked else f"∂{of}/∂{by}"

    def second(self, of: str, by: str, shape) -> str:
        """∂²f/∂x∂xᵀ, the Hessian."""
        by = unicode_name(by)
        if is_scalar(shape):
            return f"∂²{unicode_name(of)}/∂{by}²"
        by = by if is_column(shape) else f"vec({by})"
        return f"∂²{unicode_name(of)}/∂{by} ∂{by}ᵀ"


class Paper:
    """LaTeX."""

    times = Tex(r" \times ")
    right = Tex(r"\cdot\, ")
    hadamard = Tex(r"\odot\, ")

    def formula(self, e: Expr) -> Tex:
        return Tex(latex(e))

    def broken(self, e: Expr) -> Tex:
        """A long sum on several lines of an `aligned`, term by term."""
        if e.op != "add" or len(unicode(e)) <= LINE:
            return self.formula(e)
        lines: list[str] = []
        for group in _groups(e.args):
            part = latex(build.add(*group) if len(group) > 1 else group[0])
            lines.append(part if part.startswith("-") or not lines else "+ " + part)
        return Tex((r" \\" + "\n  &\\quad ").join(lines))

    def name(self, name: str, shape=SCALAR) -> Tex:
        rank = "scalar" if is_scalar(shape) else "vector" if is_column(shape) else "matrix"
        return Tex(latex_symbol(name, rank))

    def size(self, n: Size) -> Tex:
        return Tex(latex(build.size_number(n)))

    def enclosed(self, formula: str) -> Tex:
        left, right = (r"\left(", r"\right)") if r"\frac" in formula or r"\left" in formula else "()"
        return Tex(f"{left}{formula}{right}")

    def quotient(self, of: str, by: str, shape, stacked: bool = False) -> Tex:
        of, by = self.name(of), self.name(by, shape)
        if stacked:
            of, by = rf"\operatorname{{vec}}({of})", rf"\operatorname{{vec}}({by})^{{\top}}"
        return Tex(rf"\frac{{\partial {of}}}{{\partial {by}}}")

    def second(self, of: str, by: str, shape) -> Tex:
        by = self.name(by, shape)
        if is_scalar(shape):
            bottom = rf"\partial {by}^{{2}}"
        else:
            by = by if is_column(shape) else rf"\operatorname{{vec}}({by})"
            bottom = rf"\partial {by} \, \partial {by}^{{\top}}"
        return Tex(rf"\frac{{\partial^{{2}} {self.name(of)}}}{{{bottom}}}")


def shape_of(shape, printer) -> str:
    """A shape as it is declared: n₁ × n₀, n₀, scalar."""
    if is_scalar(shape):
        return "scalar"
    sizes = shape[:1] if is_column(shape) else shape
    kind = type(printer.times)
    return kind(printer.times.join(printer.size(n) for n in sizes))


def _groups(terms: tuple[Expr, ...]) -> list[list[Expr]]:
    """Neighbouring terms that fit on a line together."""
    groups: list[list[Expr]] = [[]]
    used = 0
    for t in terms:
        columns = len(unicode(t)) + 3
        if groups[-1] and used + columns > LINE:
            groups.append([])
            used = 0
        groups[-1].append(t)
        used += columns
    return groups
