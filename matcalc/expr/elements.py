"""MathML Core elements as text.  Every function gives exactly one element."""

from __future__ import annotations

from html import escape

THIN = "0.167em"
TIMES, APPLY = "&#x2062;", "&#x2061;"  # invisible: they tell a screen reader what stands side by side
_SIDED = "‖|"  # brackets that do not say themselves whether they open or close


def leaf(tag: str, text: str, **attributes: str) -> str:
    """<mi>x</mi>; the text is escaped, what cannot be printed is shown as its code."""
    shown = "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in text)
    return f"<{tag}{_written(attributes)}>{escape(shown)}</{tag}>"


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def mi(text: str, **attributes: str) -> str:
    return leaf("mi", text, **attributes)


def mn(text: str) -> str:
    return leaf("mn", text)


def mo(text: str, **attributes: str) -> str:
    return leaf("mo", text, **attributes)


def tight(text: str) -> str:
    """An operator without room around it."""
    return mo(text, lspace="0", rspace="0")


def invisible(sign: str, room: bool = False) -> str:
    """TIMES or APPLY, with a thin space behind it if there is to be room."""
    return f'<mo rspace="{THIN}">{sign}</mo>' if room else f"<mo>{sign}</mo>"


def row(*parts: str) -> str:
    return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def frac(top: str, bottom: str) -> str:
    return f"<mfrac>{top}{bottom}</mfrac>"


def sub(base: str, index: str) -> str:
    return f"<msub>{base}{index}</msub>"


def sup(base: str, raised: str) -> str:
    """A superscript stands above the index of its base, not behind it."""
    if base.startswith("<msub>"):
        return f"<msubsup>{base.removeprefix('<msub>').removesuffix('</msub>')}{raised}</msubsup>"
    return f"<msup>{base}{raised}</msup>"


def over(base: str, accent: str) -> str:
    return f'<mover accent="true">{base}{mo(accent, stretchy="false")}</mover>'


def fence(sign: str, form: str, tall: bool) -> str:
    """One bracket; only what encloses something tall grows."""
    attributes = {"form": form} if sign in _SIDED else {}
    return mo(sign, **attributes, **({} if tall else {"stretchy": "false"}))


def enclosed(left: str, inside: str, right: str, tall: bool = False) -> str:
    return row(fence(left, "prefix", tall), inside, fence(right, "postfix", tall))


def listed(parts: list[str], comma: str = mo(",")) -> str:
    """Parts with commas between them."""
    return row(*alternated(parts, [comma] * (len(parts) - 1)))


def indices(parts: list[str], comma: str = ",") -> str:
    """The same in an index, closer together."""
    return listed(parts, tight(comma))


def alternated(parts: list[str], between: list[str]) -> list[str]:
    out = parts[:1]
    for sign, part in zip(between, parts[1:], strict=True):
        out += [sign, part]
    return out


def limits(sign: str, below: str, above: str = "") -> str:
    """A large operator with what stands below and above it."""
    large = mo(sign, largeop="true", movablelimits="false")
    return f"<munderover>{large}{below}{above}</munderover>" if above else f"<munder>{large}{below}</munder>"


def grid(rows: list[list[str]]) -> str:
    """A matrix of elements in brackets."""
    lines = "".join(f"<mtr>{''.join(f'<mtd>{entry}</mtd>' for entry in line)}</mtr>" for line in rows)
    return enclosed("(", f"<mtable>{lines}</mtable>", ")", tall=True)
