"""What a text template cannot lay out itself: braces under factors, tables.

    ∂L/∂W₂ =     ∂L/∂f₃      · ∂f₃/∂f₂ ·  ∂f₂/∂W₂
             ╰──────┬──────╯   ╰──┬──╯   ╰───┬───╯
             (W₃ W₂ W₁ x − y)    W₃ᵀ      · (W₁ x)ᵀ
                                reused
"""

from __future__ import annotations

from ..lang import said
from .breaking import width, wrapped
from .chains import FactorView, factor_width
from .printer import MARGIN, REUSED, Terminal


def centred(text: str, columns: int) -> str:
    left = (columns - width(text)) // 2
    return " " * left + text + " " * (columns - width(text) - left)


def brace(columns: int) -> str:
    left = (columns - 3) // 2
    return "╰" + "─" * left + "┬" + "─" * (columns - 3 - left) + "╯"


def chain_lines(gradient, printer: Terminal) -> list[str]:
    """The lines of one chain product."""
    head = f"{gradient.lhs} = "
    margin = " " * width(head)
    out: list[str] = []
    for row in gradient.rows:
        first, *under = _row_lines(row, printer)
        out.append((head if not out else margin[:-2] + "· ") + first)
        out += [margin + line for line in under]
    return [line.rstrip() for line in out]


def _row_lines(row: tuple[FactorView, ...], printer: Terminal) -> list[str]:
    widths = [int(factor_width(f, printer)) for f in row]

    def line(cells, between: str = " " * printer.gap) -> str:
        return between.join(centred(cell, n) for cell, n in zip(cells, widths, strict=True))

    reused = printer.plain(REUSED)
    lines = [line([f.quotient for f in row], " · "),
             line([brace(n) if f.is_braced else "" for f, n in zip(row, widths, strict=True)]),
             line([f.value or (reused if f.reused else "") for f in row]),
             line([reused if f.reused and f.value else "" for f in row])]
    return lines[:1] + [under for under in lines[1:] if under.strip()]


def step_lines(steps, printer: Terminal) -> list[str]:
    """The steps as a table, or two lines each where the table is too wide."""
    columns = printer.columns
    rows = [(s.title, printer.said(said("at {place}", place=s.target)), printer.said(said("gives {result}", result=s.after)))
            for s in steps]
    table = [line.rstrip() for line in table_lines(rows)]
    if max(map(width, table), default=0) + MARGIN <= columns:
        return table
    out: list[str] = []
    for title, place, gives in rows:
        first, *more = wrapped(f"{title}, {place}", columns - MARGIN, columns - MARGIN - 4)
        out += [first, *("    " + line for line in more)]
        out += ["    " + line for line in wrapped(gives, columns - MARGIN - 4, columns - MARGIN - 4)]
    return out


def table_lines(rows) -> list[str]:
    """Columns below one another."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    return ["  ".join(c + " " * (n - width(c)) for c, n in zip(row, widths, strict=True)).rstrip() for row in rows]


def rule_lines(steps, printer: Terminal) -> list[str]:
    """Every step with its rule, a block each."""
    out: list[str] = []
    columns = printer.columns
    for n, s in enumerate(steps, 1):
        at = printer.said(said("at {place}", place=s.target)) if s.target != s.place else ""
        head = ", ".join(filter(None, [s.title, printer.said(said("in {place}", place=s.place)) if s.place else "", at]))
        statement = "; ".join(f"{line.lhs} = {line.rhs}" for line in s.statement)
        body = [printer.said(said("{before} becomes {after}", before=f"{s.before} ", after=f" {s.after}")),
                f"{printer.plain(said('Rule:'))} {statement}" if statement else "",
                s.because + (f" {s.cites}" if s.cites else "")]
        number = f"{n:2}. "
        for first, text in [(number, head), *(("    ", text) for text in body if text)]:
            line, *more = wrapped(text, columns - MARGIN - 4, columns - MARGIN - 6)
            out += [first + line, *("      " + line for line in more)]
    return out


def source_lines(sources, columns: int) -> list[str]:
    """The bibliography."""
    out: list[str] = []
    for s in sources:
        line, *more = wrapped(f"[{s.number}] {s.text}", columns - MARGIN, columns - MARGIN - 4)
        out += [line, *("    " + line for line in more)]
    return out
