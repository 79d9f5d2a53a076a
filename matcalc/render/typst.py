"""Typst: the printer, what a template may print, and the PDF."""

from __future__ import annotations

import re

from ..derive.jacobian import VECTOR
from ..errors import fail
from ..expr import build
from ..expr.compose import DEFAULT, Notation
from ..expr.latex import latex
from ..expr.node import Expr
from ..expr.typst import lowered, quoted, quotient, raised, top, typst, typst_symbol
from ..shapes import SCALAR, Size, is_column, is_scalar
from .breaking import BRACKET, PRODUCT, SUM, Piece, packed, typeset_width, width
from .printer import FOR, IF
from .speaker import Speaker

LINE = 60  # what fits on a line, as `typeset_width` counts
_SIGNS = {"+": SUM, "−": SUM, "⊙": PRODUCT, "∘": PRODUCT, "⊘": PRODUCT, "⊗": PRODUCT}
_MARKS = re.compile(r"([\\#$*_`<>@\[\]~=+/\"'-])")


class Typst(str):
    """Typst that is safe to print: our own, or already escaped."""


def escape(text: str) -> str:
    """Plain text as Typst markup."""
    shown = "".join(c if c.isprintable() else " " if c in "\n\t" else f"[U+{ord(c):04X}]" for c in text)
    return _MARKS.sub(r"\\\1", shown)


def literal(text: str) -> Typst:
    """A text of several lines as a string of Typst, as it is."""
    return Typst('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


def finalize(value) -> Typst:
    """What a template prints: what is ready passes, everything else is escaped."""
    return value if isinstance(value, Typst) else Typst(escape(str(value)))


def words(note: str) -> Typst:
    """What stands in brackets behind an equation: a formula, or words."""
    return Typst(f"({note})" if isinstance(note, Typst) else f"({quoted(note)})")


class Sheet(Speaker):
    """Typst maths: every formula stands between dollars."""

    kind = Typst
    words = staticmethod(finalize)
    times = Typst(" × ")
    right = Typst("⋅ ")
    dots = Typst("+ …")
    gap = 1.5

    def __init__(self, notation: Notation = DEFAULT):
        self.notation = notation
        self.hadamard = Typst("∘ " if notation.hadamard == r"\circ" else "⊙ ")

    def formula(self, e: Expr) -> Typst:
        return Typst(typst(e, self.notation))

    def inline(self, e: Expr) -> Typst:
        return self.formula(e)

    def broken(self, e: Expr, heads: list[str]) -> Typst:
        """Lines behind the first & of an equation."""
        formula, room = self.formula(e), LINE - 8
        long = typeset_width(latex(e))
        if long <= room:
            return formula
        pieces, share = _pieces(formula), long / max(width(formula), 1)
        lines = packed([Piece(p.text, p.columns * share, p.cost) for p in pieces], room, room - 2)
        return Typst(" \\\n  & quad \"\" ".join(_line("".join(p.text for p in line)) for line in lines))

    def room(self, head: str) -> float:
        return LINE - self.wide(head)

    def wide(self, text: str) -> float:
        return width(re.sub(r"upright|italic|bold|frac|[\"_^() ]|op", "", text))

    def is_tall(self, formula: str) -> bool:
        return any(command in formula for command in ("frac(", "limits(", "sum_"))

    def rows(self, formula: str) -> int:
        return max((matrix.count(";") + 1 for matrix in formula.split("mat(")[1:]), default=0)

    def name(self, name: str, shape=SCALAR) -> Typst:
        rank = "scalar" if is_scalar(shape) else "vector" if is_column(shape) else "matrix"
        return Typst(typst_symbol(name, rank, self.notation))

    def maths(self, formula: str) -> Typst:
        return Typst(f"${formula}$")

    def aside(self, formula: str) -> Typst:
        return Typst(formula)

    def steps(self, index: str, first: str, last: str) -> Typst:
        return Typst(f"{index} = {first}, …, {last}")

    def less(self, a: str, b: str) -> Typst:
        return Typst(f"{a} < {b}")

    def only_if(self, line: str, condition: str) -> Typst:
        return Typst(f"{line} #h(1em) *{self.said(IF)}* {condition}")

    def loop(self, steps: str) -> Typst:
        return Typst(f"*{self.said(FOR)}* ${steps}$")

    def assigned(self, lhs: str, rhs: str, add: bool = False) -> Typst:
        return Typst(f"{lhs} ← {lhs} + {rhs}" if add else f"{lhs} ← {rhs}")

    def series(self, kind: str, term: str, index: str, first: str, last: str) -> Typst:
        sign = {"sum": "∑", "product": "∏"}[kind]
        return Typst(f"limits({sign}){lowered(f'{index} = {first}')}{raised(last)} {term}")

    def beside(self, factors: list[str]) -> Typst:
        return Typst(" ".join(factors))

    def size(self, n: Size) -> Typst:
        return self.formula(build.size_number(n))

    def enclosed(self, formula: str) -> Typst:
        return Typst(f"({formula})")

    def quotient(self, of: str, by: str, shape, stacked: bool = False, of_shape=SCALAR) -> Typst:
        of, by = self.name(of, of_shape), self.name(by, shape)
        if stacked:
            of, by = f'op("vec") ({of})', f'op("vec") ({by}){raised(top(self.notation))}'
        return Typst(quotient(of, by))

    def second(self, of: str, by: str, shape) -> Typst:
        by = self.name(by, shape)
        if is_scalar(shape):
            return Typst(f"frac(∂^(2) {self.name(of)}, ∂ {by}^(2))")
        by = by if is_column(shape) else f'op("vec") ({by})'
        if self.notation.gradient == "nabla":
            return Typst(f"∇^(2)_({by}) {self.name(of)}")
        return Typst(f"frac(∂^(2) {self.name(of)}, ∂ {by} thin ∂ {by}{raised(top(self.notation))})")

    def mixed(self, of: str, first: str, second: str) -> Typst:
        return Typst(f"frac(∂^(2) {self.name(of)}, ∂ {self.name(first)} thin ∂ {self.name(second)})")

    def grid(self, rows: list[list[str]], heads: list[str]) -> Typst:
        apart = "row-gap: #0.6em, " if any("frac(" in e for row in rows for e in row) else ""
        return Typst(f"mat({apart}{'; '.join(', '.join(row) for row in rows)})")

    def along(self, of: str, direction: str, shape) -> Typst:
        return Typst(f"∇^(2) {self.name(of)} [{self.name(direction, shape)}]")

    def entries(self, meaning: str, of: str, by: str) -> Typst:
        if meaning == VECTOR:
            return self.maths(f'J_(i j) = ∂ {self._entry(of, "i")} \\/ ∂ {self._entry(by, "j")}')
        return self.maths(f'H_(i j) = ∂^(2) {self.name(of)} \\/ ∂ {self._entry(by, "i")} thin ∂ {self._entry(by, "j")}')

    def _entry(self, name: str, index: str) -> str:
        """x_i, or (x_1)_i."""
        symbol = self.name(name)
        return f"({symbol})_({index})" if "_" in symbol else f"{symbol}_({index})"


# ---------------------------------------------------------------- long formulas

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|[_^]\(|[a-z.]{2,}\(|[()\[\]]|[^\s"()\[\]_^]+|[_^]|\s+')


def _pieces(formula: str) -> list[Piece]:
    """A formula cut before signs and between brackets, but not inside frac(...) or an index."""
    pieces: list[Piece] = []
    open_: list[str] = []
    text, cost, before = "", 0, ""
    for token in _TOKEN.findall(formula):
        here = _cost(token, before)
        if here is not None and text.strip() and all(b in "([" for b in open_):
            pieces.append(Piece(text, width(text), cost))
            text, cost = "", here + BRACKET * len(open_)
        text += token
        if token[-1] in "([" and token[0] != '"':
            open_.append(token)
        elif token in (")", "]"):
            open_.pop()
        before = before if token.isspace() else token
    return [*pieces, Piece(text, width(text), cost)]


def _cost(token: str, before: str) -> int | None:
    """What a break before a token costs, None where there can be none."""
    if not before or before in "([," or before in _SIGNS:
        return None
    return _SIGNS.get(token, PRODUCT if token in "([" and before == ")" else None)


def _line(text: str) -> str:
    """A line; brackets that close on another one are signs only."""
    tokens, open_ = _TOKEN.findall(text), []
    for i, token in enumerate(tokens):
        if token[-1] in "([" and token[0] != '"':
            open_.append(i)
        elif token in (")", "]"):
            if open_:
                open_.pop()
            else:
                tokens[i] = "\\" + token
    for i in open_:
        tokens[i] = "\\" + tokens[i]
    return "".join(tokens).strip()


def compiled(document: str) -> bytes:
    """The PDF of a Typst document.

    Raises MatcalcError: M508 (Typst is not installed), M509 (it failed).
    """
    try:
        import typst as engine
    except ImportError:
        raise fail("M508", "Typst is not here to make a PDF with",
                   help='install it: pip install "matcalc-derivations[typst]"') from None
    try:
        return engine.compile(document.encode(), format="pdf")
    except RuntimeError as problem:
        raise fail("M509", "Typst could not compile the document", facts=(f"Typst says: {problem}".splitlines()[0],),
                   help="please report this input; --format typst shows the document") from None
