"""Contrast of two colours, as the Web Content Accessibility Guidelines define it."""

from __future__ import annotations

import re

ENOUGH = 4.5  # for text of ordinary size, level AA


def contrast(a: str, b: str) -> float:
    """From 1 to 21, of two colours such as #1b1b1b."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * c for c in colour[1:])
    channels = [int(digits[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def palettes(css: str) -> list[dict[str, str]]:
    """The colours of each :root block: light, dark, paper; what a later one leaves out it takes
    from the first."""
    found = [dict(re.findall(r"--(\w+): (#[0-9a-f]+)", block)) for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)]
    return [{**found[0], **colours} for colours in found]
