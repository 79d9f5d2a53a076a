"""Functions to call: the generated code compiled, results evaluated."""

from __future__ import annotations

import numpy as np

from ..errors import fail
from ..model import Model
from ..shapes import is_column, is_scalar, outside
from ..suggest import closest
from .code import NAME, argument_names, function_source
from .evaluate import evaluate

_FAST = """
def {name}(*, {arguments}, **_others):
    try:
        if ({shapes},) == _known[0] and not _others:
            return _inner({given})
    except (AttributeError, TypeError, ValueError):
        pass
    return _slow({{{values}, **_others}})
"""


def build(derivation):
    """f(W=..., x=...) -> (loss, {"W": array, ...}), compiled from `function_source`.

    Only text that matcalc wrote itself is executed. Arguments are looked at when
    their shapes differ from those of the call before. The function raises
    MatcalcError: M604 (missing or unknown argument), M605 (shape), M606 (not numbers).
    """
    source = function_source(derivation)
    space: dict = {"__name__": "matcalc_generated"}
    exec(compile(source, "<matcalc>", "exec"), space)  # noqa: S102
    inner = space[NAME]
    model = derivation.model
    names = argument_names(model, NAME)
    known: list = [None]

    def slow(values: dict):
        """The call with its arguments checked, and their shapes remembered."""
        arrays, _ = checked(model, {n: v for n, v in values.items() if v is not None})
        known[0] = tuple(a.shape for a in arrays.values())
        return inner(*arrays.values())

    if any(n != python for n, python in names.items()):
        def function(**values):
            return slow(values)
    else:
        text = _FAST.format(name=NAME, arguments=", ".join(f"{n}=None" for n in names), given=", ".join(names),
                            shapes=", ".join(f"{n}.shape" for n in names), values=", ".join(f"'{n}': {n}" for n in names))
        own = {"_inner": inner, "_slow": slow, "_known": known}
        exec(compile(text, "<matcalc>", "exec"), own)  # noqa: S102
        function = own[NAME]
    function.__name__ = NAME
    function.__doc__ = inner.__doc__
    function.source = source
    return function


def value_of(result, values: dict) -> np.ndarray:
    """The value of a gradient, Jacobian or Hessian; a gradient has the shape in
    which its variable was given.

    Raises MatcalcError: M604, M605, M606.
    """
    arrays, sizes = checked(result.model, values)
    inside = {n: a.reshape(-1, 1) if a.ndim < 2 else a for n, a in arrays.items()}
    out = evaluate([result.form], inside, sizes)[0]
    if result.kind == "gradient" and result.wrt in arrays:
        return out.reshape(arrays[result.wrt].shape)
    if is_scalar(result.form.shape):
        return out.reshape(())
    return out[:, 0] if is_column(result.form.shape) else out


def checked(model: Model, values: dict) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """The arguments as float arrays, and the sizes that their shapes tell."""
    known = list(model.variables)
    for name in values:
        if name not in model.variables:
            raise fail("M604", f"there is no argument `{name}`", help=closest(name, known),
                       facts=(f"the arguments are {', '.join(known)}",))
    missing = [n for n in known if n not in values]
    if missing:
        raise fail("M604", f"the argument `{missing[0]}` is missing", help=f"call it with {', '.join(n + '=...' for n in known)}")
    sizes: dict[str, int] = {}
    arrays = {n: _argument(model, n, values[n], sizes) for n in known}
    return arrays, sizes


def _argument(model: Model, name: str, value, sizes: dict[str, int]) -> np.ndarray:
    shape = model.variables[name].shape
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise fail("M606", f"the argument `{name}` is not an array of numbers") from None
    have = array.shape
    full = have if len(have) == 2 else (*have, 1) if len(have) == 1 else (1, 1) if not have else have
    wanted = outside(shape)
    if len(full) != 2 or not all(_matches(d, n, sizes) for d, n in zip(shape, full, strict=True)):
        known = ", ".join(f"{k} = {v}" for k, v in sizes.items())
        raise fail("M605", f"the argument `{name}` has shape {have}, but {_said(wanted)} is wanted",
                   facts=(f"so far {known}",) if known else ())
    return array


def _matches(d, n: int, sizes: dict[str, int]) -> bool:
    if d.is_number:
        return d.coefficient == n
    if len(d.names) == 1 and d.coefficient == 1:
        return sizes.setdefault(d.names[0], n) == n
    return True


def _said(dims: tuple) -> str:
    return f"({', '.join(map(str, dims))}{',' if len(dims) == 1 else ''})"
