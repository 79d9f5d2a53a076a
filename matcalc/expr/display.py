"""How things show themselves in a notebook: equations in LaTeX, MathML and text."""

from __future__ import annotations

from .elements import mo, row
from .latex import latex
from .mathml import mathml
from .node import Expr
from .unicode import unicode

PLAIN, LATEX, HTML = "text/plain", "text/latex", "text/html"
Lines = list[tuple[str, str]]  # both sides of equations, printed

_WRITERS = {PLAIN: unicode, LATEX: latex, HTML: mathml}


class Shown:
    """The methods that Jupyter asks for; a class gives `_equations`, or `_lines` of its own."""

    def _equations(self) -> list[tuple[Expr, Expr]]:
        """What is shown, as sides of equations."""
        raise NotImplementedError

    def _lines(self, kind: str) -> Lines:
        write = _WRITERS[kind]
        return [(write(lhs), write(rhs)) for lhs, rhs in self._equations()]

    def _repr_latex_(self) -> str:
        return latex_block(self._lines(LATEX))

    def _repr_html_(self) -> str:
        return mathml_block(self._lines(HTML))

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        plain = "\n".join(f"{lhs} = {rhs}" for lhs, rhs in self._lines(PLAIN))
        return chosen({PLAIN: plain, LATEX: self._repr_latex_(), HTML: self._repr_html_()}, include, exclude)


def chosen(bundle: dict[str, str], include=None, exclude=None) -> dict[str, str]:
    """The kinds that a front end wants."""
    return {kind: text for kind, text in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())}


def latex_block(lines: Lines) -> str:
    """Equations below one another, in the LaTeX that MathJax and KaTeX both read."""
    if len(lines) == 1 and "&" not in lines[0][1]:
        return rf"$\displaystyle {lines[0][0]} = {lines[0][1]}$"
    rows = " \\\\\n".join(f"{lhs} &= {rhs}" for lhs, rhs in lines)
    return f"$\\displaystyle \\begin{{aligned}}\n{rows}\n\\end{{aligned}}$"


def mathml_block(lines: Lines) -> str:
    """The same as MathML; the lines of a long formula stand below one another."""
    rows = [_row(lhs if i == 0 else "", line, i == 0) for lhs, rhs in lines for i, line in enumerate(rhs.split("\n"))]
    table = f'<mtable displaystyle="true">{"".join(rows)}</mtable>'
    return f'<div style="overflow: auto hidden; padding: 0.4em 0"><math>{table}</math></div>'


def _row(lhs: str, line: str, is_first: bool) -> str:
    begin = mo("=", form="infix") if is_first else '<mspace width="2em"></mspace>'
    return (f'<mtr><mtd style="text-align: right; padding: 0.3em 0.2em 0.3em 0">{lhs}</mtd>'
            f'<mtd style="text-align: left; padding: 0.3em 0">{row(begin, line)}</mtd></mtr>')
