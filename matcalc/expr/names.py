"""How names are typeset: W12 is W with index 12, y_hat has a hat, lambda is Greek.

A name may be anything (SymPy allows it): what TeX would choke on is escaped,
so no name ever becomes a TeX command.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

GREEK = dict(zip(
    """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega""".split(),
    "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"))
_ALIASES = {"lam": "lambda", "eps": "epsilon"}  # what programmers write
_FROM_GREEK = {char: name for name, char in GREEK.items()}
ACCENTS = {"hat": "\u0302", "tilde": "\u0303", "bar": "\u0304", "dot": "\u0307", "ddot": "\u0308"}
_FROM_ACCENT = {char: name for name, char in ACCENTS.items()}

SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"))
SUPERSCRIPTS = dict(zip("0123456789+-−=()abcdefghijklmnoprstuvwxyz",
                        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"))

_ESCAPES = {"\\": r"\backslash{}", "~": r"\sim{}", "^": r"\wedge{}", " ": r"\ ",
            **{c: "\\" + c for c in "#$%&_{}"}}


class Name(NamedTuple):
    """A name taken apart: letters, an accent or "", and indices."""

    base: str
    accent: str
    indices: tuple[str, ...]


@lru_cache(maxsize=4096)
def taken_apart(name: str) -> Name | None:
    """The parts of an ordinary name, None for an odd one."""
    plain = "".join(_FROM_GREEK.get(c, c) for c in unicodedata.normalize("NFKD", name))
    accent = next((_FROM_ACCENT[c] for c in plain if c in _FROM_ACCENT), "")
    plain = "".join(c for c in plain if c not in _FROM_ACCENT)
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+([+-][0-9]+)?)*", plain):
        return None
    stem, *indices = plain.split("_")
    if indices and indices[0] in ACCENTS and not accent:
        accent = indices.pop(0)
    stem, digits = re.fullmatch(r"(.*?)(\d*)", stem).groups()
    found = re.fullmatch(rf"([A-Za-z]|{'|'.join(GREEK)})(\d*)({'|'.join(ACCENTS)})", stem)
    if found and not accent:
        stem, inner, accent = found.groups()
        digits = inner + digits
    stem = _ALIASES.get(stem, stem)
    return Name(stem, accent, tuple(([digits] if digits else []) + indices))


def is_word(name: str) -> bool:
    """Whether a name is set as a word, so that beside another letter it needs room."""
    parts = taken_apart(name)
    return parts is None or len(parts.base) > 1 and parts.base not in GREEK


# ---------------------------------------------------------------- LaTeX

def escaped(text: str) -> str:
    """Text as LaTeX maths, character by character; what pdfTeX does not know as its code."""
    return "".join(_ESCAPES.get(c) or (c if c.isascii() and c.isprintable() else f"u{ord(c):04X}")
                   for c in text)


def latex_index(text: str) -> str:
    """_1, _{12}, _{i}: a subscript with braces where it needs them."""
    return "_" + (text if len(text) == 1 else "{" + text + "}")


def latex_raised(text: str) -> str:
    """^2, ^{-1}: the same for a superscript."""
    return "^" + latex_index(text)[1:]


def _latex_piece(text: str) -> str:
    """One index: digits, letters of an index in italics, words upright."""
    if text in GREEK:
        return _latex_greek(text)
    return text if re.fullmatch(r"[0-9]+|[A-Za-z]([+-][0-9]+)?|[i-n]+", text) else rf"\mathrm{{{text}}}"


def _latex_greek(name: str) -> str:
    return "\\" + name


def latex_name(name: str, bold: bool = False) -> str:
    """\\hat{y}_1 for yhat1; `bold` for vectors and matrices in bold type."""
    parts = taken_apart(name)
    if parts is None:
        return rf"\mathit{{{escaped(name)}}}"
    base = _latex_greek(parts.base) if parts.base in GREEK else parts.base
    if bold:
        base = rf"\boldsymbol{{{base}}}" if parts.base in GREEK else rf"\mathbf{{{base}}}"
    elif len(parts.base) > 1 and parts.base not in GREEK:
        base = rf"\mathit{{{base}}}"
    if parts.accent:
        base = rf"\{parts.accent}{{{base}}}"
    return base + (latex_index(",".join(map(_latex_piece, parts.indices))) if parts.indices else "")


# ---------------------------------------------------------------- Unicode

def unicode_index(text: str) -> str:
    """Subscript characters for numbers and one or two letters, else _text."""
    if (text.isdigit() or len(text) <= 2 or re.fullmatch(r"[a-z][+-]\d", text)) and all(c in SUBSCRIPTS for c in text):
        return "".join(SUBSCRIPTS[c] for c in text)
    return "_" + (text if text.isalnum() or "," in text else f"({text})")


def unicode_name(name: str) -> str:
    """ŷ₁ for yhat1."""
    parts = taken_apart(name)
    if parts is None:
        return name
    base = GREEK.get(parts.base, parts.base)
    if parts.accent:
        base = unicodedata.normalize("NFC", base + ACCENTS[parts.accent])
    index = ",".join(GREEK.get(i, i) for i in parts.indices)
    return base + (unicode_index(index) if index else "")


# ---------------------------------------------------------------- functions

# name: (LaTeX, Unicode); others are upright, their part after _ an index
_FUNCTIONS = {
    **{f: ("\\" + f, f) for f in "sin cos tan arcsin arccos arctan sinh cosh tanh exp log det max min".split()},
    "sigmoid": (r"\sigma", "σ"), "relu": (r"\operatorname{ReLU}", "ReLU"),
    "leaky_relu": (r"\operatorname{LeakyReLU}", "LeakyReLU"),
    "elu": (r"\operatorname{ELU}", "ELU"), "gelu": (r"\operatorname{GELU}", "GELU"),
    "silu": (r"\operatorname{SiLU}", "SiLU"),
    "mse": (r"\operatorname{MSE}", "MSE"), "bce": (r"\operatorname{BCE}", "BCE"),
    "cross_entropy": (r"\operatorname{CE}", "CE"),
    "frechet": (r"L_{\exp}", "Lexp"), "rearrange": (r"\mathcal{R}", "R"),
}


def latex_function(name: str, is_user: bool = False) -> str:
    if is_user:
        parts = taken_apart(name)
        one_letter = parts is not None and (len(parts.base) == 1 or parts.base in GREEK)
        return latex_name(name) if one_letter else rf"\operatorname{{{escaped(name)}}}"
    if name in _FUNCTIONS:
        return _FUNCTIONS[name][0]
    head, *tail = name.split("_")
    return rf"\operatorname{{{head}}}" + "".join(rf"_{{\mathrm{{{t}}}}}" for t in tail)


def unicode_function(name: str, is_user: bool = False) -> str:
    return unicode_name(name) if is_user else _FUNCTIONS.get(name, ("", name))[1]
