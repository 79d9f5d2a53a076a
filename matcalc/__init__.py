"""matcalc derives gradients of matrix expressions the way a lecturer writes them on the board.

    import matcalc as mc
    d = mc.derive("1/2*norm2(W*x - y)^2")
    print(d)

Public names are loaded when they are first used, so that importing the package
costs nothing.
"""

from __future__ import annotations

import sys
from types import ModuleType

__version__ = "0.1.0"

_HOMES = {
    "read": "api", "derive": "api", "gradient": "api", "jacobian": "api", "hessian": "api",
    "differential": "api", "backpropagation": "api", "batched": "api", "Backpropagation": "api", "Differential": "api", "Derivation": "api", "Result": "api",
    "check": "grade", "grade": "grade", "grade_class": "grade", "Verdict": "grade", "ClassReport": "grade",
    "plot": "plot", "notes": "notes", "Notes": "notes",
    "MatcalcError": "errors", "Diagnostic": "errors",
    "from_torch": "frameworks", "TorchModel": "frameworks",
    "Model": "model", "Variable": "model",
    **dict.fromkeys("""ELU GELU GRU LSTM RNN AbsoluteError Activation Add Attention AveragePool BatchNorm
    BinaryCrossEntropy Contrastive Conv1d Conv2d CrossEntropy Dropout Embedding GaussianLikelihood Hinge Huber
    Input KullbackLeibler L1Penalty LayerNorm LeakyReLU Linear MeanSquaredError Network RMSNorm ReLU Residual
    Sequential SiLU Sigmoid SigmoidCrossEntropy Softmax SoftmaxCrossEntropy Softplus SquaredError Tanh Triplet
    WeightDecay""".split(), "layers"),
}
__all__ = sorted(_HOMES)


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'matcalc' has no attribute {name!r}")
    from importlib import import_module
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])


class _Package(ModuleType):
    """Keeps `mc.derive` the verb: importing the room `matcalc.derive` would
    otherwise put the subpackage in its place, depending on what came first."""

    def __setattr__(self, name: str, value) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
