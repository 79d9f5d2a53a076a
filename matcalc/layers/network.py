"""A network: layers, a loss, and the model they write."""

from __future__ import annotations

from functools import cached_property

from ..errors import fail
from ..model import Model
from ..reader import read
from .graph import Input, Layer, Node, written
from .losses import WeightDecay
from .statements import BATCHES, Statements


class Written:
    """What writes itself in the input language, in `source`; a source wherever one can be."""

    source: str
    label = "<network>"

    @cached_property
    def model(self) -> Model:
        """What is written, as a model. Raises MatcalcError."""
        return read(self.source, name=self.label)


class Network(Written):
    """Layers one after the other, or the graph that ends in a node.

        mc.Network(mc.Linear("W1", "b1"), mc.Tanh(), mc.Linear("W2"), loss=mc.SquaredError())
        mc.Network(output, loss=mc.SquaredError())      # output: a node of a graph

    loss       a loss layer, or None when the last layer is one
    input      name of the input of a sequence, or an `Input`
    batch      None: one example, a column vector; "columns", "rows": a batch
    penalties  WeightDecay, L1Penalty, added to the loss

    It can be used wherever a source can: mc.derive(network).  `source` is the same
    network in the input language.

    Raises MatcalcError: M320, M321, M322, M323 (something else than layers).
    """

    def __init__(self, *layers, loss: Layer | None = None, input: str | Input = "x", batch: str | None = None,
                 penalties: tuple = ()):
        if batch is not None and batch not in BATCHES:
            raise fail("M323", f"there is no batch `{batch}`", help='use batch="columns" or batch="rows"')
        self.batch = batch
        self.penalties = (penalties,) if isinstance(penalties, WeightDecay) else tuple(penalties)
        self.output = self._graph(layers, loss, input)

    @staticmethod
    def _graph(layers: tuple, loss: Layer | None, start: str | Input) -> Node:
        sequence = [*layers, *([loss] if loss is not None else [])]
        for layer in sequence:
            if not isinstance(layer, (Layer, Node)):
                raise fail("M323", f"`{getattr(layer, '__name__', layer)!s}` is no layer",
                           help='layers are objects: Network(Linear("W1"), Tanh(), loss=SquaredError())')
        if not sequence:
            raise fail("M323", "a network needs at least one layer", help='Network(Linear("W1"), loss=SquaredError())')
        if isinstance(sequence[0], Node):
            node, *sequence = sequence
        else:
            node = start if isinstance(start, Input) else Input(start)
        for layer in sequence:
            node = layer(node)
        return node

    @cached_property
    def source(self) -> str:
        """The network in matcalc's input language."""
        out = Statements(self.batch)
        loss = written(self.output, out)
        terms = [t for p in self.penalties for t in p.terms(out)]
        if terms:
            out.assigned[loss.name] = " + ".join([out.assigned[loss.name], *terms])
        return out.text

    def __repr__(self) -> str:
        return f"<Network\n{self.source}\n>"
