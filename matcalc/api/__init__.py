"""The public verbs: read, derive, gradient, jacobian, hessian, differential."""

from .results import Derivation, Result
from .sources import read
from .verbs import derive, differential, gradient, hessian, jacobian

__all__ = ["Derivation", "Result", "derive", "differential", "gradient", "hessian", "jacobian", "read"]
