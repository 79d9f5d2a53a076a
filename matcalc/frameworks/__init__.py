"""Modules of other frameworks as models of matcalc."""

from .pytorch import TorchModel, from_torch

__all__ = ["TorchModel", "from_torch"]
