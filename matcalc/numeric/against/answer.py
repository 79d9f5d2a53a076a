"""What a function returned, as one gradient for each variable.

Taken are: a dict name -> gradient; a tuple or list of gradients in order; a single
gradient when there is one variable; and each of these behind the loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ...errors import fail
from ...suggest import closest
from .wire import Foreign

HELP = "return {{{names}}}, or (loss, gradients), or the gradients in the order {order}"


@dataclass(frozen=True)
class Fault:
    """Something about an answer that has a page of its own.

    is_wrong   False for what is only remarked
    """

    code: str
    name: str
    words: str
    is_wrong: bool = True

    @property
    def line(self) -> str:
        return f"{self.name + ': ' if self.name else ''}{self.words} ({self.code})"


@dataclass
class Answer:
    """gradients   name -> float64 array in the variable's shape, where that was possible
    raw         name -> the array as it came, where its shape is another
    """

    gradients: dict[str, np.ndarray] = field(default_factory=dict)
    raw: dict[str, np.ndarray] = field(default_factory=dict)
    loss: float | None = None
    faults: list[Fault] = field(default_factory=list)
    single: bool = False  # float32 or shorter


def understood(tree, shapes: dict[str, tuple[int, ...]], python_names: dict[str, str]) -> Answer:
    """The answer of one call.

    shapes   name -> shape of the gradient, in the order of a tuple
    Raises MatcalcError (M624) when it is not clear which part is which gradient.
    """
    loss, parts = _parts(tree, shapes, python_names)
    answer = Answer(loss=loss)
    for name, value in parts.items():
        _take(answer, name, value, shapes[name])
    return answer


def _parts(tree, shapes: dict, python_names: dict) -> tuple[float | None, dict]:
    names = list(shapes)
    if isinstance(tree, dict):
        return _from_dict(tree, names, python_names)
    if isinstance(tree, (tuple, list)):
        if isinstance(tree, list) and len(names) == 1 and len(tree) != 1 and _shape(tree) is not None:
            return None, {names[0]: tree}
        if len(tree) == 2 and _is_number(tree[0]) and isinstance(tree[1], (dict, tuple, list)):
            return _number(tree[0]), _parts(tree[1], shapes, python_names)[1]
        if len(tree) == len(names) + 1 and _is_number(tree[0]):
            return _number(tree[0]), dict(zip(names, tree[1:], strict=True))
        if len(tree) == len(names):
            return None, dict(zip(names, tree, strict=True))
        raise _unclear(f"it returned {len(tree)} values for {len(names)} gradients", names)
    if isinstance(tree, np.ndarray) and len(names) == 1:
        return None, {names[0]: tree}
    if isinstance(tree, np.ndarray):
        what = "a single number" if tree.ndim == 0 else f"one array of shape {tree.shape}"
        raise _unclear(f"it returned {what} for {len(names)} gradients", names)
    raise _unclear(f"it returned {_called(tree)}", names)


def _from_dict(tree: dict, names: list, python_names: dict) -> tuple[float | None, dict]:
    found = {}
    for n in names:
        key = next((k for k in (n, python_names.get(n, n), f"d{n}", f"grad_{n}") if k in tree), None)
        if key is None:
            raise _unclear(f"the gradient of `{n}` is missing", names, closest(n, tree),
                           (f"it returned {', '.join(tree) or 'an empty dict'}",))
        found[n] = tree[key]
    loss = tree.get("loss")
    return (_number(loss) if _is_number(loss) else None), found


def _unclear(why: str, names: list[str], hint: str = "", facts: tuple[str, ...] = ()):
    order = ", ".join(names)
    pairs = ", ".join(f'"{n}": ...' for n in names)
    return fail("M624", f"the answer of the function is not clear: {why}", facts=facts,
                help=hint or HELP.format(names=pairs, order=order))


def _take(answer: Answer, name: str, value, shape: tuple[int, ...]) -> None:
    array = value
    if isinstance(value, (list, tuple)):
        dims = _shape(value)
        if dims is not None:
            array = np.asarray(value, dtype=float)
            answer.faults.append(Fault("M632", name, "the gradient is a list, not an array", is_wrong=False))
    if not isinstance(array, np.ndarray):
        answer.faults.append(Fault("M632", name, f"the gradient is {_called(value)}, not an array of numbers"))
        return
    if array.dtype.kind == "c":
        answer.faults.append(Fault("M632", name, "the gradient is complex; its real part is compared",
                                   is_wrong=bool(np.any(array.imag))))
        array = array.real
    if array.dtype.kind == "f" and array.dtype.itemsize < 8:
        answer.single = True
        answer.faults.append(Fault("M634", name, f"the gradient is {array.dtype}, so only "
                                   f"{'7' if array.dtype.itemsize == 4 else '3'} digits can be compared", is_wrong=False))
    array = array.astype(float)
    if array.shape != shape and not (array.size == 1 and shape in ((), (1,), (1, 1))):
        answer.faults.append(Fault("M631", name, f"the gradient has shape {array.shape}, the variable {shape}"))
        answer.raw[name] = array
        return
    array = array.reshape(shape)
    bad = ~np.isfinite(array)
    if bad.any():
        first = [int(i) for i in np.argwhere(bad)[0]]
        what = "NaN" if np.isnan(array[tuple(first)]) else "infinite"
        place = f", the first at {first}" if first else ""
        answer.faults.append(Fault("M633", name, f"{int(bad.sum())} of {bad.size} entries are not finite{place} ({what})"))
    answer.gradients[name] = array


def _is_number(x) -> bool:
    return isinstance(x, np.ndarray) and x.size == 1 and x.ndim <= 1


def _number(x: np.ndarray) -> float:
    return float(x.real.reshape(()))


def _shape(value) -> tuple | None:
    """Shape of nested lists of numbers; None when they are ragged or hold something else."""
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        return None
    return array.shape


def _called(value) -> str:
    if isinstance(value, Foreign):
        return "nothing (None)" if value.type_name == "None" else f"a {value.type_name}"
    return f"a {type(value).__name__}"
