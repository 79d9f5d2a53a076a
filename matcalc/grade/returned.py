"""What a student's function returned, as the one matrix that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..numeric.against.wire import Foreign
from .binding import GENERAL, spelled, spellings


@dataclass(frozen=True)
class Part:
    """array: (rows, columns), float64, or None with words that say why there is none.

    mistake  a word for that;  remarks: what was taken for what;  single: fewer digits than float64 has
    """

    array: np.ndarray | None = None
    mistake: str = ""
    words: str = ""
    remarks: tuple[str, ...] = ()
    single: bool = False


def part(tree, wrt: str, shape: tuple[int, int], order: list[str], is_flat: bool) -> Part:
    """The derivative with respect to wrt in a dict, tuple, list or array.

    shape   rows and columns that it should have;  order: variables, for a tuple of all gradients
    is_flat  whether vectors were passed with one axis
    """
    found, remarks = _found(tree, wrt, shape, order)
    if isinstance(found, Part):
        return found
    array = _regular(found)
    if array is None:
        if isinstance(found, Foreign) and found.type_name.startswith("array of shape"):  # too large to be sent
            return Part(None, "wrong_shape", f"The function returns an {found.type_name}, the derivative is "
                        f"{shape[0]} x {shape[1]}.")
        return Part(None, "no_array", f"The function returns {_called(found)}, not an array of numbers.")
    if isinstance(found, (list, tuple)):
        remarks = (*remarks, "a list was taken as an array")
    if array.ndim == 1 and not is_flat and array.size > 1:
        kind = "row" if shape[0] == 1 else "column"
        remarks = (*remarks, f"it returns an array with one axis, which was taken as a {kind}")
    return _matrix(array, shape, remarks)


def _found(tree, wrt: str, shape: tuple[int, int], order: list[str]):
    """(the part, remarks), or (a Part that says why there is none, ())."""
    if isinstance(tree, dict):
        return _in_dict(tree, wrt)
    if not isinstance(tree, tuple) and not (isinstance(tree, list) and any(map(_is_whole, tree))):
        return tree, ()
    if len(tree) == 1:
        return tree[0], ()
    for inner in tree:
        if isinstance(inner, dict):
            return _in_dict(inner, wrt)
    arrays = [_regular(x) for x in tree]
    fitting = [k for k, a in enumerate(arrays) if a is not None and _fits(a, shape)]
    if len(fitting) != 1 and len(tree) in (len(order), len(order) + 1) and wrt in order and len(order) > 1:
        fitting = [order.index(wrt) + len(tree) - len(order)]
    if len(fitting) != 1 and len(tree) == 2 and arrays[0] is not None and arrays[0].size == 1:
        fitting = [1]
    if len(fitting) != 1:
        return Part(None, "which_part", f"The function returns {len(tree)} values, and it is not clear which is the "
                    f"derivative with respect to {wrt}: return it alone."), ()
    return tree[fitting[0]], (f"took value {fitting[0] + 1} of the {len(tree)} that it returns",)


def _is_whole(value) -> bool:
    """Whether it is more than an entry or a row of a nested list."""
    return isinstance(value, (dict, tuple)) or isinstance(value, np.ndarray) and value.ndim > 0


def _in_dict(tree: dict, wrt: str):
    wanted = [spelled(wrt), *spellings(wrt), *GENERAL]
    keys = sorted((wanted.index(spelled(k)), k) for k in tree if spelled(k) in wanted)
    exact = [k for k in tree if k == wrt]
    key = (exact or [k for _, k in keys] or [*tree][:len(tree) == 1] or [None])[0]
    if key is None:
        return Part(None, "which_part", f"The dict that the function returns has no entry {wrt}; it has "
                    f"{', '.join(tree)[:100] or 'none at all'}."), ()
    return tree[key], (f"took the entry {key[:40]} of the dict that it returns",)


def _regular(value) -> np.ndarray | None:
    """Numbers in an array or in nested lists, else None."""
    if isinstance(value, np.ndarray):
        return value
    if not isinstance(value, (list, tuple)) or not value:
        return None
    parts = [_regular(v) for v in value]
    if any(p is None or p.shape != parts[0].shape for p in parts):
        return None
    return np.array(parts)


def _fits(a: np.ndarray, shape: tuple[int, int]) -> bool:
    return a.shape == shape or a.ndim < 2 and a.size == shape[0] * shape[1] and min(shape) == 1


def _matrix(array: np.ndarray, shape: tuple[int, int], remarks: tuple[str, ...]) -> Part:
    if array.dtype.kind == "c" and np.any(array.imag):
        return Part(None, "no_array", "The function returns complex numbers.")
    single = array.dtype.kind == "f" and array.dtype.itemsize < 8
    if single:
        remarks = (*remarks, f"it returns {array.dtype}, so fewer digits were compared")
    numbers = array.real.astype(float)
    if numbers.ndim > 2:
        return Part(None, "wrong_shape", f"The function returns an array of shape {array.shape}, the derivative is "
                    f"{shape[0]} x {shape[1]}.")
    if _fits(numbers, shape):
        numbers = numbers.reshape(shape)
    return Part(numbers if numbers.ndim == 2 else numbers.reshape(-1, 1), remarks=remarks, single=single)


def _called(value) -> str:
    if isinstance(value, Foreign):
        kind = value.type_name
        return "nothing (None)" if kind == "None" else f"an {kind}" if kind.startswith("array") else f"a {kind}"
    if isinstance(value, (list, tuple)):
        return "a list with rows of several lengths, or with other things than numbers"
    return "something else"
