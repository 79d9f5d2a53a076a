"""Gradients of the derivation beside those of PyTorch's autograd."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..api import derive
from ..errors import fail
from .torch_import import double, torch_of

TOLERANCE = 1e-9
FLOOR = 1e-3  # a gradient this much smaller than the largest one is compared with that


class Row(NamedTuple):
    """One gradient: its name here and in PyTorch, and how far apart they are."""

    name: str
    path: str
    error: float

    @property
    def verdict(self) -> str:
        """"agrees" or "disagrees"; NaN disagrees."""
        return "agrees" if self.error < TOLERANCE else "disagrees"


@dataclass(frozen=True)
class Comparison:
    """Rows, the relative error of the loss first."""

    rows: tuple[Row, ...]

    @property
    def verdict(self) -> str:
        """"agrees" when all do."""
        return "agrees" if all(r.verdict == "agrees" for r in self.rows) else "disagrees"

    def __str__(self) -> str:
        head = ("", "in PyTorch", "verdict", "relative error")
        lines = [head, *((r.name, r.path, r.verdict, f"{r.error:.1e}") for r in self.rows)]
        widths = [max(len(line[k]) for line in lines) for k in range(3)]
        padded = ([*(c.ljust(w) for c, w in zip(line, widths, strict=False)), line[3]] for line in lines)
        return "\n".join("  ".join(p) for p in padded)


def compare(imported, target, seed: int) -> Comparison:
    """Both losses and all gradients at the module's parameters. Raises MatcalcError (M336)."""
    torch = torch_of()
    module, example = double(imported.module, imported.example)
    example = tuple(x.requires_grad_() if x.is_floating_point() else x for x in example)
    value = module(*example)
    y = None
    if imported.loss is not None:
        y = _target(torch, imported.loss, value, seed) if target is None else torch.as_tensor(target)
        if y.dim() < value.dim() and "onehot" in imported.loss.target_words:
            y = torch.nn.functional.one_hot(y, value.shape[-1])
        y = y.double()
        is_mean = imported.traced.has_examples and type(imported.loss).__name__ != "MeanSquaredError"
        value = _loss(torch, imported.loss, value, y) / (len(value) if is_mean else 1)
    value.reshape(()).backward()
    derivation = derive(imported, check=False)
    given = {**imported.values(), **({imported.target: y.numpy()} if y is not None else {})}
    loss, gradients = derivation.numpy()(**given)
    tensors = imported.tensors(module, example)
    theirs = {n: torch.zeros_like(tensors[n]) if tensors[n].grad is None else tensors[n].grad for n in gradients}
    largest = max((float(g.abs().max()) for g in theirs.values()), default=0.0)
    rows = [Row(derivation.model.output.name, "loss", _error(torch, loss, value.detach(), 0.0))]
    rows += [Row(n, imported.names[n], _error(torch, g, theirs[n], FLOOR * largest)) for n, g in gradients.items()]
    return Comparison(tuple(rows))


def _error(torch, ours, theirs, floor: float) -> float:
    """The largest difference over the largest entry."""
    difference = float((torch.as_tensor(ours, dtype=torch.float64).reshape(theirs.shape) - theirs).abs().max())
    return difference / max(float(theirs.abs().max()), floor, 1e-300)


def _target(torch, loss, value, seed: int):
    """A random target: one-hot rows, distributions, 0 or 1, 1 or -1, or any numbers."""
    random = torch.Generator().manual_seed(seed)
    noise = torch.randn(value.shape, generator=random, dtype=torch.float64)
    if "onehot" in loss.target_words:
        return torch.nn.functional.one_hot(noise.argmax(-1), value.shape[-1]).double()
    if "simplex" in loss.target_words:
        return noise.softmax(-1)
    kind = type(loss).__name__
    if kind in ("BinaryCrossEntropy", "SigmoidCrossEntropy"):
        return (noise > 0).double()
    return noise.sign() if kind == "Hinge" else noise


def _loss(torch, loss, x, y):
    """The loss as PyTorch computes it, summed over the examples."""
    F = torch.nn.functional
    sums = {
        "SquaredError": lambda: F.mse_loss(x, y, reduction="sum") / 2,
        "AbsoluteError": lambda: F.l1_loss(x, y, reduction="sum"),
        "CrossEntropy": lambda: F.nll_loss(x.log(), y.argmax(-1), reduction="sum"),
        "SoftmaxCrossEntropy": lambda: F.cross_entropy(x, y, reduction="sum"),
        "BinaryCrossEntropy": lambda: F.binary_cross_entropy(x, y, reduction="sum"),
        "SigmoidCrossEntropy": lambda: F.binary_cross_entropy_with_logits(x, y, reduction="sum"),
        "Hinge": lambda: F.relu(1 - y * x).sum(),
        "KullbackLeibler": lambda: F.kl_div(x.log(), y, reduction="sum"),
    }
    kind = type(loss).__name__
    if kind == "MeanSquaredError":
        return F.mse_loss(x, y)
    if kind not in sums:
        raise fail("M336", f"there is no function of PyTorch to compare the loss {kind} with",
                   facts=(f"losses compared here: MeanSquaredError, {', '.join(sums)}",),
                   help="mc.derive checks the gradients by differences")
    return sums[kind]()
