"""Layers put together: sequences, and graphs by calling layers on values.

    h = mc.Tanh()(mc.Linear("W1", "b1")(mc.Input("x")))
    out = mc.Linear("W2")(h) + h          # contributions of both paths are added
"""

from __future__ import annotations

from .statements import Statements, Value


class Node:
    """The value of a layer at given inputs; nodes form a graph without cycles."""

    def __init__(self, layer: Layer, inputs: tuple[Node, ...]):
        self.layer, self.inputs = layer, inputs

    def __add__(self, other: Node) -> Node:
        return Add()(self, other)


class Layer:
    """A layer writes its equations into `Statements`; called on nodes it makes a node."""

    def write(self, out: Statements, *inputs: Value) -> Value:
        """Declare the parameters, assign the value, and say what it is called."""
        raise NotImplementedError

    def __call__(self, *inputs: Node) -> Node:
        return Node(self, inputs)


class Add(Layer):
    """The sum of its inputs: where paths meet."""

    def write(self, out: Statements, *inputs: Value) -> Value:
        return Value(out.assign("s", " + ".join(v.name for v in inputs)), inputs[0].features)


class Input(Node, Layer):
    """The network's input: a vector, or a batch of them.

    name      "x"; in a batch the capital letter is used
    features  their number, a name or a whole number; default n0
    words     further words of a declaration: "onehot", "constant"
    """

    def __init__(self, name: str = "x", features=None, *words: str):
        Node.__init__(self, self, ())
        self.name, self.features, self.words = name, features, words

    def write(self, out: Statements) -> Value:
        features = str(self.features or out.new_size())
        name = self.name.upper() if out.batch and len(self.name) == 1 else self.name
        return Value(out.declare_data(name, features, *self.words), features)


class Sequential(Layer):
    """Layers one after the other."""

    def __init__(self, *layers: Layer):
        self.layers = layers

    def write(self, out: Statements, *inputs: Value) -> Value:
        for layer in self.layers:
            inputs = (layer.write(out, *inputs),)
        return inputs[0]


class Residual(Sequential):
    """F(x) + x, He et al. 2016, equation 1."""

    def write(self, out: Statements, *inputs: Value) -> Value:
        value = super().write(out, *inputs)
        return Add().write(out, value, inputs[0])


def written(output: Node, out: Statements) -> Value:
    """Write a graph, inputs before what uses them, every node once."""
    done: dict[int, Value] = {}
    stack = [output]
    while stack:
        node = stack[-1]
        waiting = [n for n in node.inputs if id(n) not in done]
        if id(node) in done or not waiting:
            stack.pop()
            if id(node) not in done:
                done[id(node)] = node.layer.write(out, *(done[id(n)] for n in node.inputs))
        else:
            stack += reversed(waiting)
    return done[id(output)]
