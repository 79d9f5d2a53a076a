"""Generated code: stand-alone modules for NumPy, JAX and PyTorch."""

from __future__ import annotations

from .codegen.module import module, result_module
from .codegen.program import argument_names

NAME = "loss_and_gradients"


def function_source(derivation, target: str = "numpy", what: str = "both", dtype: str = "float64") -> str:
    """A stand-alone module for a derivation.

    what   "both": loss_and_gradients(...) -> (loss, {"W1": gradient, ...}); "loss",
           "gradients", "hvp" (Hessian-vector products), "hessian" (of one variable)

    Raises MatcalcError: M601 (an operation without code), M602 (a size that no
    argument tells), M603 (an abstract function), M307 (Hessian of several variables).
    """
    return module(derivation, target, what, dtype)


def result_source(result, target: str = "numpy", dtype: str = "float64") -> str:
    """A stand-alone module for a gradient, Jacobian or Hessian in closed form."""
    return result_module(result, target, dtype)


__all__ = ["NAME", "argument_names", "function_source", "result_source"]
