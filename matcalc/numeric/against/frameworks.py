"""Arrays of NumPy, JAX and PyTorch: passing them in, reading them back, their own gradients."""

from __future__ import annotations

import contextlib
import inspect
import sys
from types import ModuleType

import numpy as np

from ...errors import fail

KINDS = ("numpy", "jax", "torch")


def kind_of(function) -> str:
    """Which arrays a function wants, from the modules that its file uses."""
    torch = sys.modules.get("torch")
    if torch is not None and (isinstance(function, torch.nn.Module) or _is_autograd(function)):
        return "torch"
    seen = getattr(_innermost(function), "__globals__", {}).values()
    roots = {v.__name__.partition(".")[0] for v in seen if isinstance(v, ModuleType)}
    roots |= {str(getattr(v, "__module__", "")).partition(".")[0] for v in seen if callable(v)}
    return "torch" if "torch" in roots else "jax" if "jax" in roots or _is_jitted(function) else "numpy"


def _innermost(function):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return getattr(function, "func", function)


def _is_jitted(function) -> bool:
    return type(function).__module__.partition(".")[0] in ("jax", "jaxlib")


def _is_autograd(function) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(function, type) and issubclass(function, torch.autograd.Function)


def given(kind: str, value):
    """A float64 array (or a number) as the framework has it."""
    if kind == "torch":
        import torch
        return torch.tensor(value, dtype=torch.float64, requires_grad=True)
    if kind == "jax":
        import jax.numpy as jnp
        return jnp.asarray(value)
    return value


def plain(value):
    """A framework's array as NumPy's; everything else as it is."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        return value.float().numpy() if value.dtype == torch.bfloat16 else value.numpy()
    if type(value).__module__.partition(".")[0] in ("jax", "jaxlib") and hasattr(value, "__array__"):
        return np.asarray(value)
    return value


def float64(kind: str):
    """A context in which JAX computes with float64 (the others always do)."""
    if kind != "jax":
        return contextlib.nullcontext()
    import jax
    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax.experimental import enable_x64
    return enable_x64()


def check_kind(kind: str) -> str:
    """Raises MatcalcError (M627) for an unknown kind or one that is not installed."""
    from importlib.util import find_spec
    if kind not in KINDS:
        raise fail("M627", f"there are no arrays `{kind}`", help="use numpy, jax or torch")
    if kind != "numpy" and find_spec(kind) is None:
        raise fail("M627", f"{kind} is not installed", help=f"python -m pip install {kind}")
    return kind


def callable_of(function, order: list[str]):
    """What is called: PyTorch's autograd functions and modules made ordinary functions.

    order   the model's variables; a module's parameters have their names, with _ for .
    """
    torch = sys.modules.get("torch")
    if _is_autograd(function):
        return _applied(function)
    if torch is None or not isinstance(function, torch.nn.Module):
        return function
    parameters = {n.replace(".", "_"): n for n, _ in function.named_parameters()}
    buffers = {n: b.double() for n, b in function.named_buffers() if b.is_floating_point()}

    def call(**values):
        own = {parameters[n]: v for n, v in values.items() if n in parameters}
        missing = [n for n in parameters if n not in values]
        if missing:
            raise TypeError(f"the module's parameters are {', '.join(parameters)}; the model has no {missing[0]}")
        inputs = tuple(v for n, v in values.items() if n not in parameters)
        return torch.func.functional_call(function, {**own, **buffers}, inputs)
    return call


def _applied(function):
    """The `apply` of an autograd function, with the signature of its `forward`."""
    def call(*values):
        return function.apply(*values)
    parameters = list(inspect.signature(function.forward).parameters.values())
    has_context = "setup_context" not in vars(function)
    call.__signature__ = inspect.Signature(parameters[1:] if has_context else parameters)
    return call


def own_gradients(kind: str, call, arguments: dict, wrt: list[str], result):
    """(loss, gradients) by the framework's own differentiation, when `result` is a loss.

    call        of the arguments by the model's names;  arguments: name -> framework array
    """
    if kind == "torch":
        import torch
        if not (isinstance(result, torch.Tensor) and result.numel() == 1 and result.requires_grad):
            return result
        given_ones = [n for n in wrt if n in arguments]
        found = torch.autograd.grad(result.reshape(()), [arguments[n] for n in given_ones], allow_unused=True)
        zero = torch.zeros_like
        return result, {n: zero(arguments[n]) if g is None else g for n, g in zip(given_ones, found, strict=True)}
    if kind == "jax" and getattr(result, "shape", None) == ():
        import jax
        moving = {n: arguments[n] for n in wrt if n in arguments}
        if len(moving) == 1 and next(iter(moving.values())).shape == ():
            return result
        rest = {n: v for n, v in arguments.items() if n not in moving}
        return result, jax.grad(lambda some: call({**rest, **some}))(moving)
    return result
