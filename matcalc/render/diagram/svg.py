"""A picture as SVG: no dependency, letters stay letters, readable in dark mode."""

from __future__ import annotations

import unicodedata
from html import escape
from itertools import groupby

from ...expr.names import SUBSCRIPTS, SUPERSCRIPTS
from .picture import ROLES, SIZE, Box, Line, Picture, Text

SMALLEST, SMALL = 0.62, 0.75
_FONTS = "'STIX Two Text', 'Latin Modern Roman', Cambria, 'DejaVu Serif', serif"


def svg(picture: Picture) -> str:
    """The picture as one SVG element, for a file."""
    size = f'width="{number(picture.width)}" height="{number(picture.height)}"'
    return _element(picture, f'xmlns="http://www.w3.org/2000/svg" {size}', _style())


def inline(picture: Picture) -> str:
    """The same to stand in a page, of which there is one: its letters are as large as the
    page's where there is room, and never smaller than SMALLEST, on a phone SMALL, of them."""
    wide = picture.width / SIZE
    return _element(picture, "", f".matcalc {{ display: block; width: 100%; max-width: {number(wide)}em; "
                                 f"min-width: {number(SMALLEST * wide)}em; height: auto }}\n"
                                 f"@media (max-width: 30rem) {{ .matcalc {{ min-width: {number(SMALL * wide)}em }} }}\n"
                                 f"{_style()}")


def _element(picture: Picture, attributes: str, style: str) -> str:
    title = _text(picture.title)
    described = f"\n<desc>{_text(picture.description)}</desc>" if picture.description else ""
    body = "\n".join(_WRITERS[type(s)](s) for s in picture.shapes)
    area = f"0 0 {number(picture.width)} {number(picture.height)}"
    return f"""<svg {attributes}{" " if attributes else ""}viewBox="{area}" role="img" aria-label="{title}" class="matcalc">
<title>{title}</title>{described}
<style>
{style}
</style>
<defs><marker id="matcalc-arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" \
markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0.8 L8 4 L0 7.2 z"/></marker></defs>
{body}
</svg>
"""


def number(x: float) -> str:
    """One digit after the point is finer than any screen."""
    return f"{round(x, 1) + 0.0:g}"


def _style() -> str:
    def colours(k: int) -> str:
        c = {role: pair[k] for role, pair in ROLES.items()}
        return (f".matcalc text {{ fill: {c['ink']} }} .matcalc .forward {{ fill: {c['forward']} }} "
                f".matcalc .backward {{ fill: {c['backward']} }} .matcalc .tip {{ fill: {c['line']} }}\n"
                f".matcalc .line {{ stroke: {c['line']}; fill: none }} "
                f".matcalc .box {{ fill: {c['box']}; stroke: {c['line']} }}")
    return (f".matcalc text {{ font: {SIZE}px {_FONTS} }}\n{colours(0)}\n"
            f"@media screen and (prefers-color-scheme: dark) {{\n{colours(1)}\n}}")


def _text(text: str) -> str:
    """Escaped, without the characters that XML does not know."""
    return escape("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn")))


def _letters(text: str) -> str:
    """Single letters in italics, words upright; indices and exponents small and moved,
    since few fonts have all of the raised and lowered characters."""
    out, shift = [], 0.0
    text = text.replace("‖_F", "‖" + _SMALL_F)
    for (level, is_letters), group in groupby(zip(text, text[1:] + " "), _kind):
        run = "".join(_PLAIN.get(c, c) for c, _ in group)
        base = sum(unicodedata.category(c) != "Mn" for c in run)
        style = ' font-style="italic"' if is_letters and base == 1 else ""
        style += f' font-size="{0.72 * SIZE:.1f}"' if level else ""
        style += f' dy="{number(level - shift)}"' if level != shift else ""
        out.append(f"<tspan{style}>{_text(run)}</tspan>" if style else _text(run))
        shift = level
    return "".join(out)


_BELOW, _ABOVE = 4.0, -6.0
_SMALL_F = "\ua730"
_PLAIN = {raised: plain for table in (SUBSCRIPTS, SUPERSCRIPTS, {"T": "ᵀ", "F": _SMALL_F}) for plain, raised in table.items()}
_LEVELS = {**dict.fromkeys(SUBSCRIPTS.values(), _BELOW), **dict.fromkeys(SUPERSCRIPTS.values(), _ABOVE), "ᵀ": _ABOVE,
           _SMALL_F: _BELOW}


def _kind(pair: tuple[str, str]) -> tuple[float, bool]:
    """(height of a character, whether it is a letter); a raised ∘ belongs to the exponent behind it."""
    char, following = pair
    level = _ABOVE if char == "∘" and _LEVELS.get(following) == _ABOVE else _LEVELS.get(char, 0.0)
    return level, not level and unicodedata.category(char) in ("Lu", "Ll", "Mn")


def _label(t: Text) -> str:
    role = f' class="{t.role}"' if t.role != "ink" else ""
    role += f' data-since="{t.since}"' if t.since > 1 else ""
    words = _letters(t.label.plain) if "$" in t.label.tex else _text(t.label.plain)
    return (f'<text x="{number(t.x)}" y="{number(t.y + 0.32 * SIZE)}" text-anchor="{t.anchor}"{role} '
            f'xml:space="preserve">{words}</text>')


def _box(b: Box) -> str:
    return (f'<rect class="{b.role}" x="{number(b.x - b.width / 2)}" y="{number(b.y - b.height / 2)}" '
            f'width="{number(b.width)}" height="{number(b.height)}" rx="6"/>')


def _line(line: Line) -> str:
    start, *rest = line.points
    out, last = [f"M{number(start[0])} {number(start[1])}"], start
    for x, y in rest:
        if line.is_curved and last[1] != y:
            middle = number((last[0] + x) / 2)
            out.append(f"C{middle} {number(last[1])} {middle} {number(y)} {number(x)} {number(y)}")
        else:
            out.append(f"L{number(x)} {number(y)}")
        last = (x, y)
    return f'<path class="line" d="{" ".join(out)}" marker-end="url(#matcalc-arrow)"/>'


_WRITERS = {Text: _label, Box: _box, Line: _line}
