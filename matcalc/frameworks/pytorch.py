"""A PyTorch module as a model: traced by `torch.export`, written, read."""

from __future__ import annotations

import copy

from ..errors import fail
from ..layers.graph import Layer
from ..layers.network import Written
from .comparison import Comparison, compare
from .torch_import import exported, torch_of
from .tracing import Tracer


class TorchModel(Written):
    """A PyTorch module in matcalc's input language; usable wherever a source is.

        imported = mc.from_torch(module, torch.randn(5, 4), loss=mc.SquaredError())
        print(imported.source)
        print(mc.derive(imported))

    source   the module in the input language
    names    name in the input language -> name in state_dict, or of forward's argument
    target   name of the loss's target, or ""
    """

    label = "<module>"

    def __init__(self, module, example: tuple, loss: Layer | None, names: dict[str, str]):
        self.module, self.example, self.loss = module, example, loss
        graph, self._given, self._constants = exported(module, example)
        self.traced = Tracer(graph, self._given, names, loss).write()
        self.source, self.target = self.traced.source, self.traced.target
        self.names = {name: given.path for name, given in self.traced.given.items()}

    def tensors(self, module=None, example: tuple | None = None) -> dict:
        """The tensors that the names stand for, of this module or of a copy of it."""
        module, example = module or self.module, self.example if example is None else example
        inputs = dict(zip([g.path for g in self._given.values() if g.kind == "input"], example, strict=False))
        own = {**self._constants, **dict(module.named_buffers()), **dict(module.named_parameters())}
        return {name: (inputs if g.kind == "input" else own)[g.path] for name, g in self.traced.given.items()}

    def values(self) -> dict:
        """The module's parameters as they are now and the example input, by name, as
        NumPy arrays of float64; indices as one-hot rows. The target is not among them."""
        torch = torch_of()
        found = {}
        for name, tensor in self.tensors().items():
            tensor = tensor.detach().cpu()
            if name in self.traced.vocabulary:
                tensor = torch.nn.functional.one_hot(tensor, self.traced.vocabulary[name])
            found[name] = tensor.double().numpy()
        return found

    def check(self, target=None, seed: int = 0) -> Comparison:
        """The derivation's gradients beside autograd's, in float64, one row a parameter.

        target   the target's value, also as whole numbers for classes; default: drawn at random

        Raises MatcalcError (M336): PyTorch has no function for this loss.
        """
        return compare(self, target, seed)

    def __repr__(self) -> str:
        return f"<TorchModel\n{self.source}\n>"


def from_torch(module, example_input, loss: Layer | None = None, target: str | None = None,
               names: dict[str, str] | None = None) -> TorchModel:
    """A PyTorch module as a model of matcalc.

    example_input   a tensor, or a tuple of them: examples are rows, as PyTorch has it; a
                    single vector is a column. Its sizes are forgotten; sizes of 1 are kept
    loss            a loss of matcalc, or None when the module returns one number
    target          name of the loss's target, if not the loss's own
    names           names for parameters: {"0.weight": "V"}; otherwise W1, b1, gamma1, ...

    Raises MatcalcError: M330 (no PyTorch), M331 (operation), M332 (not traced), M333
    (more than two axes), M334 (random numbers), M335 (output and loss do not fit),
    M337 (a chosen name).
    """
    torch = torch_of()
    if not isinstance(module, torch.nn.Module):
        raise fail("M332", f"`{getattr(module, '__name__', type(module).__name__)}` is no module of PyTorch",
                   help="give an nn.Module, for instance nn.Sequential(nn.Linear(4, 3), nn.Tanh())")
    example = tuple(example_input) if isinstance(example_input, (tuple, list)) else (example_input,)
    if loss is not None and target is not None:
        loss = copy.copy(loss)
        loss.target = target
    return TorchModel(module, example, loss, names or {})
