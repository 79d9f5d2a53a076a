"""What the options of an item may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


LARGEST = 1e300  # nan and inf are no numbers here


@dataclass(frozen=True)
class OptionType:
    """words say what it is; example is one, in TOML."""

    words: str
    example: str
    fits: Callable[[object], bool]


def _is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < LARGEST


def _are(kind) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and bool(value) and all(map(kind, value))


def _is_text(value) -> bool:
    return isinstance(value, str)


def _is_array(value) -> bool:
    return _is_number(value) or isinstance(value, list) and all(map(_is_array, value))


TEXT = OptionType("a text", '"..."', _is_text)
LIST = OptionType("a list of tables", "[]", lambda value: isinstance(value, list))
NAMES = OptionType('names, as "W1, W2" or a list', '"W1, W2"', lambda v: _is_text(v) or _are(_is_text)(v))
TEXTS = OptionType("a list of texts", '["...", "..."]', _are(_is_text))
FLAG = OptionType("true or false", "true", lambda value: isinstance(value, bool))
NUMBER = OptionType("a whole number", "3", lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= 0)
NUMBERS = OptionType("a list of positive numbers", "[0.1, 0.01]", _are(lambda v: _is_number(v) and v > 0))
DIGITS = OptionType("a list of whole numbers", "[2, 4]", _are(lambda v: NUMBER.fits(v) and v <= 15))
STEPS = OptionType('a list of step sizes, numbers or "practical"', '[1e-5, "practical"]',
                   _are(lambda v: v == "practical" or _is_number(v) and v > 0))
VALUES = OptionType("a table of values", "{ x1 = 1, x2 = [3, 4] }",
                    lambda v: isinstance(v, dict) and bool(v) and all(map(_is_array, v.values())))
TEXT_BY_TEXT = OptionType("a list of pairs of texts", '[["ReLU", "relu(x)"]]',
                          _are(lambda v: isinstance(v, list) and len(v) in (2, 3) and all(map(_is_text, v))))
