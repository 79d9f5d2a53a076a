"""The public verbs: read, derive, gradient, jacobian, hessian, differential, backpropagation."""

from .results import Backpropagation, Derivation, Differential, Result
from .sources import read
from .verbs import backpropagation, batched, derive, differential, gradient, hessian, jacobian

__all__ = ["Backpropagation", "Derivation", "Differential", "Result", "backpropagation", "batched", "derive", "differential", "gradient",
           "hessian", "jacobian", "read"]
