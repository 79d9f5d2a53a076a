"""The public verbs: read, derive, gradient, jacobian, hessian, differential, backpropagation."""

from .results import Backpropagation, Derivation, Result
from .sources import read
from .verbs import backpropagation, derive, differential, gradient, hessian, jacobian

__all__ = ["Backpropagation", "Derivation", "Result", "backpropagation", "derive", "differential", "gradient",
           "hessian", "jacobian", "read"]
