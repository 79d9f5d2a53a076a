"""Ways to print what a view holds: for a terminal and for LaTeX (`browser` has the one for HTML)."""

from __future__ import annotations

import re

from ..derive.jacobian import HESSIAN, VECTOR
from ..expr import build
from ..expr.compose import DEFAULT, Notation
from ..expr.latex import latex, latex_symbol
from ..expr.names import latex_raised, unicode_name
from ..expr.node import Expr
from ..expr.unicode import unicode
from ..lang import said
from ..shapes import SCALAR, Size, is_column, is_scalar
from .breaking import broken, fixed, latex_pieces, typeset_width, width, wrapped
from .speaker import Speaker
from .tex import Tex, finalize

WIDTH = 100  # columns of a terminal, where nothing else is known
MARGIN = 2   # of the lines in the text templates
HANG = 2     # how much further in the next lines of a formula stand
LINE = 60    # what fits on a line of an article, as `typeset_width` counts
ALIGNED = " \\\\\n  &\\qquad "  # of an `aligned` or `align*`, all lines behind its first &
SHORT = 0.4  # of a line: so long may a formula be that stays together in a sentence
REUSED, IF, FOR = said("reused"), said("if"), said("for")


class Terminal(Speaker):
    """Unicode, in lines of a number of columns."""

    times = " × "
    right = "· "
    gap = 3  # between the factors of a chain product

    def __init__(self, columns: int = WIDTH, notation: Notation = DEFAULT):
        self.columns, self.notation = columns, notation
        self.hadamard = "∘ " if notation.hadamard == r"\circ" else "⊙ "

    def formula(self, e: Expr) -> str:
        """The formula on one line."""
        return unicode(e, self.notation)

    def inline(self, e: Expr) -> str:
        """The formula in a sentence."""
        return self.formula(e)

    def broken(self, e: Expr, heads: list[str]) -> str:
        """The formula behind "head = ", on as many lines as it needs; the heads
        are those that stand below one another."""
        start = MARGIN + max(map(width, heads)) + 3
        lines = wrapped(self.formula(e), self.columns - start, self.columns - start - HANG)
        return ("\n" + " " * (start + HANG)).join(lines)

    def room(self, head: str) -> int:
        """What is left of a line behind "head = "."""
        return self.columns - MARGIN - width(head) - 3

    def wide(self, text: str) -> int:
        return width(text)

    def is_tall(self, formula: str) -> bool:
        """Whether the formula is higher than a line."""
        return False

    def rows(self, formula: str) -> int:
        """Of the matrices in a line of a formula; 0 without one."""
        return 0

    def name(self, name: str, shape=SCALAR) -> str:
        return unicode_name(name)

    def maths(self, formula: str) -> str:
        """A formula in a sentence."""
        return formula

    def aside(self, formula: str) -> str:
        """A formula that is the note of an equation."""
        return formula

    dots = "+ …"

    def steps(self, index: str, first: str, last: str) -> str:
        """i = 1, …, L"""
        return f"{index} = {first.replace('-', '−')}, …, {last}"

    def less(self, a: str, b: str) -> str:
        return f"{a} < {b}"

    def only_if(self, line: str, condition: str) -> str:
        return f"{line}  {self.said(IF)} {condition}"

    def loop(self, steps: str) -> str:
        return f"{self.said(FOR)} {steps}"

    def assigned(self, lhs: str, rhs: str, add: bool = False) -> str:
        """lhs ← rhs, or rhs added to lhs."""
        return f"{lhs} ← {lhs} + {rhs}" if add else f"{lhs} ← {rhs}"

    def series(self, kind: str, term: str, index: str, first: str, last: str) -> str:
        """A sum or product over an index."""
        sign = {"sum": "∑", "product": "∏"}[kind]
        return f"{sign}[{index}={first}…{last.replace(' ', '').replace('-', '−')}] {term}"

    def beside(self, factors: list[str]) -> str:
        return " ".join(factors)

    def size(self, n: Size) -> str:
        return self.formula(build.size_number(n))

    def enclosed(self, formula: str) -> str:
        return f"({formula})"

    def quotient(self, of: str, by: str, shape, stacked: bool = False, of_shape=SCALAR) -> str:
        """∂f/∂x; stacked: ∂vec(F)/∂vec(X)ᵀ."""
        of, by = unicode_name(of), unicode_name(by)
        return f"∂vec({of})/∂vec({by})ᵀ" if stacked else f"∂{of}/∂{by}"

    def second(self, of: str, by: str, shape) -> str:
        """∂²f/∂x∂xᵀ, the Hessian."""
        by = unicode_name(by)
        if is_scalar(shape):
            return f"∂²{unicode_name(of)}/∂{by}²"
        by = by if is_column(shape) else f"vec({by})"
        if self.notation.gradient == "nabla":
            return f"∇²_{by} {unicode_name(of)}"
        return f"∂²{unicode_name(of)}/∂{by} ∂{by}ᵀ"

    def mixed(self, of: str, first: str, second: str) -> str:
        """∂²f/∂x_i ∂x_j"""
        return f"∂²{unicode_name(of)}/∂{unicode_name(first)} ∂{unicode_name(second)}"

    def grid(self, rows: list[list[str]], heads: list[str]) -> str:
        """A matrix of entries, its columns below one another, behind "head = "."""
        widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
        indent = "\n" + " " * (MARGIN + max(map(width, heads)) + 3)
        ends = [("[", "]")] if len(rows) == 1 else [("⎡", "⎤"), *[("⎢", "⎥")] * (len(rows) - 2), ("⎣", "⎦")]
        return indent.join(f"{left} " + "   ".join(e + " " * (w - width(e)) for e, w in zip(row, widths, strict=True))
                           + f" {right}" for row, (left, right) in zip(rows, ends, strict=True))

    def along(self, of: str, direction: str, shape) -> str:
        """∇²f[V], the second derivative along a matrix."""
        return f"∇²{unicode_name(of)}[{unicode_name(direction)}]"

    def entries(self, meaning: str, of: str, by: str) -> str:
        """What the entries of a Jacobian (VECTOR) or Hessian (HESSIAN) are."""
        of, by = unicode_name(of), unicode_name(by)
        return {VECTOR: f"J[i, j] = ∂{of}[i]/∂{by}[j]", HESSIAN: f"H[i, j] = ∂²{of}/∂{by}[i] ∂{by}[j]"}[meaning]


class Paper(Speaker):
    """LaTeX; `between`: what stands between the lines of a broken formula."""

    kind = Tex
    words = staticmethod(finalize)
    times = Tex(r" \times ")
    right = Tex(r"\cdot\, ")
    gap = 1.5

    def __init__(self, notation: Notation = DEFAULT, line: float = LINE, between: str = ALIGNED):
        self.notation, self.line, self.between = notation, line, between
        self.hadamard = Tex(notation.hadamard + r"\, ")

    def formula(self, e: Expr) -> Tex:
        return Tex(latex(e, self.notation))

    def inline(self, e: Expr) -> Tex:
        formula = self.formula(e)
        is_long = typeset_width(formula) > self.line * SHORT
        return Tex(r"\allowbreak ".join(p.text for p in latex_pieces(fixed(formula))) if is_long else formula)

    def broken(self, e: Expr, heads: list[str]) -> Tex:
        """The formula on lines behind "head ="."""
        room = self.room(max(heads, key=typeset_width))
        return Tex(self.between.join(broken(self.formula(e), room, room - 2)))

    def room(self, head: str) -> float:
        return self.line - typeset_width(head)

    def wide(self, text: str) -> float:
        return typeset_width(text)

    def is_tall(self, formula: str) -> bool:
        return bool(re.search(r"\\(?:frac|left|prod|sum)(?![a-z])", formula))

    def rows(self, formula: str) -> int:
        return max((m.count(r"\\") + 1 for m in re.findall(r"\\begin{pmatrix}(.*?)\\end{pmatrix}", formula)), default=0)

    def name(self, name: str, shape=SCALAR) -> Tex:
        rank = "scalar" if is_scalar(shape) else "vector" if is_column(shape) else "matrix"
        return Tex(latex_symbol(name, rank, self.notation))

    def maths(self, formula: str) -> Tex:
        return Tex(f"${formula}$")

    def aside(self, formula: str) -> Tex:
        return self.maths(formula)

    dots = Tex(r"+ \dots")

    def steps(self, index: str, first: str, last: str) -> Tex:
        return Tex(rf"{index} = {first}, \dots, {last}")

    def less(self, a: str, b: str) -> Tex:
        return Tex(f"{a} < {b}")

    def only_if(self, line: str, condition: str) -> Tex:
        return Tex(rf"{line} \quad\textbf{{{self.said(IF)}}} {condition}")

    def loop(self, steps: str) -> Tex:
        return Tex(rf"\textbf{{{self.said(FOR)}}} ${steps}$")

    def assigned(self, lhs: str, rhs: str, add: bool = False) -> Tex:
        return Tex(rf"{lhs} \leftarrow " + (f"{lhs} + {rhs}" if add else rhs))

    def series(self, kind: str, term: str, index: str, first: str, last: str) -> Tex:
        sign = {"sum": r"\sum", "product": r"\prod"}[kind]
        return Tex(rf"{sign}_{{{index}={first}}}^{{{last}}} {term}")

    def beside(self, factors: list[str]) -> Tex:
        return Tex(" ".join(factors))

    def size(self, n: Size) -> Tex:
        return self.formula(build.size_number(n))

    def enclosed(self, formula: str) -> Tex:
        left, right = (r"\left(", r"\right)") if self.is_tall(formula) else "()"
        return Tex(f"{left}{formula}{right}")

    def quotient(self, of: str, by: str, shape, stacked: bool = False, of_shape=SCALAR) -> Tex:
        of, by = self.name(of, of_shape), self.name(by, shape)
        if stacked:
            of, by = rf"\operatorname{{vec}}({of})", rf"\operatorname{{vec}}({by})" + self._transposed()
        return Tex(rf"\frac{{\partial {of}}}{{\partial {by}}}")

    def second(self, of: str, by: str, shape) -> Tex:
        by = self.name(by, shape)
        if is_scalar(shape):
            bottom = rf"\partial {by}^{{2}}"
        else:
            by = by if is_column(shape) else rf"\operatorname{{vec}}({by})"
            if self.notation.gradient == "nabla":
                return Tex(rf"\nabla^2_{{{by}}} {self.name(of)}")
            bottom = rf"\partial {by} \, \partial {by}{self._transposed()}"
        return Tex(rf"\frac{{\partial^{{2}} {self.name(of)}}}{{{bottom}}}")

    def mixed(self, of: str, first: str, second: str) -> Tex:
        return Tex(rf"\frac{{\partial^{{2}} {self.name(of)}}}{{\partial {self.name(first)} \, \partial {self.name(second)}}}")

    def grid(self, rows: list[list[str]], heads: list[str]) -> Tex:
        apart = r" \\[6pt] " if any(r"\frac" in e for row in rows for e in row) else r" \\ "
        lines = apart.join(" & ".join(row) for row in rows)
        return Tex(rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}")

    def along(self, of: str, direction: str, shape) -> Tex:
        return Tex(rf"\nabla^2 {self.name(of)}[{self.name(direction, shape)}]")

    def entries(self, meaning: str, of: str, by: str) -> Tex:
        if meaning == VECTOR:
            return self.maths(rf"J_{{ij}} = \partial {self._entry(of, 'i')} / \partial {self._entry(by, 'j')}")
        return self.maths(rf"H_{{ij}} = \partial^2 {self.name(of)} / "
                          rf"\partial {self._entry(by, 'i')} \, \partial {self._entry(by, 'j')}")

    def _transposed(self) -> str:
        return latex_raised(self.notation.transpose)

    def _entry(self, name: str, index: str) -> str:
        """x_i, or (x_1)_i."""
        symbol = self.name(name)
        return f"({symbol})_{index}" if "_" in symbol else f"{symbol}_{index}"


def shape_of(shape, printer) -> str:
    """A shape as it is declared: n₁ × n₀, n₀, scalar."""
    if is_scalar(shape):
        return printer.plain(said("scalar"))
    sizes = shape[:1] if is_column(shape) else shape
    return printer.kind(printer.times.join(printer.size(n) for n in sizes))


def lines(formula: str) -> list[str]:
    """The lines of a formula that a printer has broken."""
    return [type(formula)(line) for line in formula.split("\n")]
