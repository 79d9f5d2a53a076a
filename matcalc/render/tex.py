"""The string type that a LaTeX template may print as it stands."""

from __future__ import annotations

_ESCAPES = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
            "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "\u202f": r"\,", "„": ",,", "‚": ",",
            **{c: "\\" + c for c in "#$%&_{}"}}
# What a document in UTF-8 has in the font encodings OT1 and T1 alike.
_LETTERS = frozenset("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
                     "ĆćČčĎďĚěĞğİıŁłŃńŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŮůŰűŸŹźŻżŽž–—‘’“”…")


class Tex(str):
    """LaTeX that is safe to print: our own, or already escaped."""


def escape(text: str) -> str:
    """Plain text as LaTeX text; a character that pdfTeX does not know as its code."""
    return "".join(_ESCAPES.get(c) or (c if c == "\n" or c in _LETTERS or c.isascii() and c.isprintable()
                                       else f"[U+{ord(c):04X}]") for c in text)


def finalize(value) -> Tex:
    """What a template prints: Tex passes, everything else is escaped."""
    return value if isinstance(value, Tex) else Tex(escape(str(value)))
