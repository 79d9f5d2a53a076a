"""Chain products on a terminal: factors side by side, a brace under each.

    ∂L/∂W₂ =     ∂L/∂f₃      · ∂f₃/∂f₂ ·  ∂f₂/∂W₂
             ╰──────┬──────╯   ╰──┬──╯   ╰───┬───╯
             (W₃ W₂ W₁ x − y)    W₃ᵀ      · (W₁ x)ᵀ
                                reused
"""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from .view import FactorView, GradientView

REUSED = "reused"


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def centred(text: str, columns: int) -> str:
    left = (columns - width(text)) // 2
    return " " * left + text + " " * (columns - width(text) - left)


def brace(columns: int) -> str:
    left = (columns - 3) // 2
    return "╰" + "─" * left + "┬" + "─" * (columns - 3 - left) + "╯"


def chain_lines(gradient: GradientView, columns: int) -> list[str]:
    """The lines of one chain product, wrapped to a number of columns."""
    head = f"{gradient.lhs} = "
    margin = " " * width(head)
    out: list[str] = []
    for row in _rows(gradient.factors, columns - width(head)):
        first, *under = _row_lines(row)
        out.append((head if not out else margin[:-2] + "· ") + first)
        out += [margin + line for line in under]
    return [line.rstrip() for line in out]


def _columns(f: FactorView) -> int:
    return max(width(f.quotient), width(f.value), width(REUSED) if f.reused else 0, 3)


def _rows(factors: tuple[FactorView, ...], columns: int) -> list[list[FactorView]]:
    """Factors that fit on a line together."""
    rows: list[list[FactorView]] = [[]]
    used = 0
    for f in factors:
        needed = _columns(f) + (3 if rows[-1] else 0)
        if rows[-1] and used + needed > columns:
            rows.append([])
            used, needed = 0, _columns(f)
        rows[-1].append(f)
        used += needed
    return rows


def _row_lines(row: list[FactorView]) -> list[str]:
    widths = [_columns(f) for f in row]
    lines = [" · ".join(centred(f.quotient, n) for f, n in zip(row, widths)),
             "   ".join(brace(n) for n in widths),
             "   ".join(centred(f.value, n) for f, n in zip(row, widths))]
    if any(f.reused for f in row):
        lines.append("   ".join(centred(REUSED if f.reused else "", n) for f, n in zip(row, widths)))
    return lines
