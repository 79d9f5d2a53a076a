"""From a graph of `torch.export` to statements: what is declared, and one statement a node.

Everything is read off the nodes' names and shapes, so nothing is imported from PyTorch.
"""

from __future__ import annotations

from typing import NamedTuple

from ..errors import fail
from ..layers.graph import Layer
from ..layers.statements import Value
from .names import ParameterNames, Use
from .operations import OPERATIONS
from .sizes import ONE, Dims
from .writer import Term, Writer

RANDOM = ("bernoulli", "rand", "randn", "rand_like", "randn_like")
VIEWS = ("t", "numpy_T", "mT", "transpose", "permute", "dropout", "contiguous", "alias", "view", "reshape", "flatten",
         "squeeze", "unsqueeze")  # their value may be their argument's memory
OF_INDICES = ("embedding", "cross_entropy_loss", "nll_loss_nd")
VARIANCE = ("batch_norm", 4)
STATISTICS = 3  # from this argument on, batch normalisation has those that training does not read
MAX_AXES = 2


class Given(NamedTuple):
    """What a placeholder of the graph stands for.

    kind     "input", "parameter" or "constant"
    path     the parameter's name in state_dict, or the argument's of `forward`
    is_index whether its entries are whole numbers
    """

    kind: str
    path: str
    is_index: bool


class Traced(NamedTuple):
    """What was written.

    given         what the names of the input language stand for
    vocabulary    the number of columns of each one-hot matrix
    target        the loss's target, or ""
    has_examples  whether the loss is a mean over examples
    """

    source: str
    given: dict[str, Given]
    vocabulary: dict[str, int]
    target: str
    has_examples: bool


class Tracer:
    """Writes one graph.

    given   placeholder's name -> what it stands for; tied parameters have one path
    names   chosen names: path -> name
    """

    def __init__(self, graph, given: dict[str, Given], names: dict[str, str], loss: Layer | None):
        self.nodes, self.loss = _needed(graph), loss
        seen = set(self.nodes)  # statistics of batch normalisation are overwritten, and nothing else may be
        self.unseen = [n for n in graph.nodes if n not in seen and _overwrites(n)
                       and (n.args[0].op != "placeholder" or given[n.args[0].name].kind != "constant")]
        target = getattr(loss, "target", "")
        self.given = given
        self.names = ParameterNames(names, (getattr(loss, "name", "L"), target, target.upper(), "yhat", "Yhat"))
        self.w = Writer()
        self.terms: dict = {}
        self.paths: dict[str, Given] = {}

    def write(self) -> Traced:
        """All declarations and statements. Raises MatcalcError: M331, M333, M334, M335."""
        self._declare()
        for node in self.nodes:
            if node.op == "call_function":
                self.terms[node] = self._statement(node)
        for node in self.unseen:
            self._at(node)
            self.w.refuse("it overwrites a part of a value", "write it without overwriting")
        target = self._end(self._output())
        vocabulary = {t.text: self.w.sizes.number(t.dims[1]) for n, t in self.terms.items()
                      if n.op == "placeholder" and self.paths[t.text].is_index}
        return Traced(self.w.sizes.named(self.w.out.text), self.paths, vocabulary, target, bool(self.w.out.batch))

    def _declare(self) -> None:
        """Inputs first, then parameters in the order of their use."""
        uses = [(node, k, arg) for node in self.nodes for k, arg in _arguments(node)
                if getattr(arg, "op", "") == "placeholder"]
        uses.sort(key=lambda use: self.given[use[2].name].kind != "input")
        by_path: dict[str, Term] = {}
        for node, place, arg in uses:
            given = self.given[arg.name]
            if given.path not in by_path:
                by_path[given.path] = self._declared(arg, given, Use(given.path, _operation(node), place))
            self.terms[arg] = by_path[given.path]

    def _declared(self, node, given: Given, use: Use) -> Term:
        shape = tuple(node.meta["val"].shape)
        self._few_axes(shape, given.path)
        given = given._replace(is_index=given.is_index and shape != ())
        out, sizes = self.w.out, self.w.sizes
        is_batch = given.kind == "input" and (len(shape) == 2 or given.is_index and len(shape) == 1)
        has_batch = any(g.kind == "input" for g in self.paths.values())
        dims = tuple(sizes.new(n, "N" if is_batch and not has_batch and k == 0 else None) for k, n in enumerate(shape))
        if given.is_index:
            if len(shape) > 1:
                raise _axes(given.path, len(shape) + 1)
            dims = (*dims, sizes.new())
        name = self.names.input(given.path, len(dims) == 2) if given.kind == "input" else self.names.parameter(use)
        words = ["onehot"] * given.is_index + ["constant"] * (given.kind == "constant" or given.is_index)
        words += ["positive"] * ((use.operation, use.place) == VARIANCE)
        out.declare(name, " x ".join(dims) or "scalar", *words)
        self.paths[name] = given
        return Term(name, dims)

    def _statement(self, node) -> Term:
        w, operation = self.w, _operation(node)
        self._at(node)
        if _drops(node):
            raise fail("M334", f"the operation `{operation}` is random", facts=w.where(),
                       help="call module.eval() first")
        write = OPERATIONS.get(operation.removesuffix("_"))
        if write is None:
            w.refuse("matcalc has no such operation")
        if _overwrites(node):
            _check_in_place(w, node)
        if operation not in OF_INDICES and any(self._is_index(a) for a in node.all_input_nodes):
            w.refuse("whole numbers are read as indices, for embeddings and classes", "give it numbers of a float type")
        w.shapes = _shape(node.args[0]), _shape(node)
        self._few_axes(w.shapes[1], operation)
        args = [self._argument(a) for a in node.args]
        kwargs = {k: self._argument(a) for k, a in node.kwargs.items()}
        try:
            return write(w, *args, **kwargs)
        except (TypeError, ValueError, AttributeError, IndexError) as problem:
            w.refuse(f"its arguments are not understood ({problem})")

    def _at(self, node) -> None:
        """Say what is being written."""
        stack = list((node.meta.get("nn_module_stack") or {}).values())
        self.w.operation = f"`{_operation(node)}`"
        self.w.place = f"`{stack[-1][0]}`, a {stack[-1][1].rpartition('.')[2]}" if stack and stack[-1][0] else ""

    def _argument(self, arg):
        if isinstance(arg, (list, tuple)):
            return [self._argument(a) for a in arg]
        return self.terms.get(arg) if hasattr(arg, "op") else arg

    def _is_index(self, node) -> bool:
        term = self.terms.get(node)
        return isinstance(term, Term) and term.text in self.paths and self.paths[term.text].is_index

    def _few_axes(self, shape: tuple[int, ...], what: str) -> None:
        if len(shape) > MAX_AXES:
            raise _axes(what, len(shape), self.w.where())

    def _output(self) -> Term:
        found = self.nodes[-1].args[0]
        found = found if isinstance(found, (tuple, list)) else (found,)
        if len(found) != 1 or found[0] not in self.terms:
            raise fail("M335", f"the module returns {len(found)} values, and a model has one output",
                       help="wrap it in a module that returns one of them")
        return self.terms[found[0]]

    def _end(self, value: Term) -> str:
        """Write the loss; the name of its target."""
        out, loss = self.w.out, self.loss
        if loss is None:
            if value.dims and any(d != ONE for d in value.dims):
                raise fail("M335", "the module returns no single number, and there is no loss",
                           help="from_torch(module, example, loss=mc.SquaredError())")
            last = next(reversed(out.assigned), None)
            out.assign("L", out.assigned.pop(last) if last == value.text else value.text, "L")
            return ""
        if not isinstance(loss, Layer):
            raise fail("M335", f"`{getattr(loss, '__name__', loss)!s}` is no loss of matcalc",
                       help="from_torch(module, example, loss=mc.SquaredError())")
        known = set(out.declared)
        examples = self._examples(value.dims)
        out.batch, out.examples = ("rows", examples) if examples else (None, "")
        features = value.dims[-1] if len(value.dims) == 2 or not examples and value.dims else ONE
        loss.write(out, Value(value.text, features))
        return next((n for n in out.declared if n not in known), "")

    def _examples(self, dims: Dims) -> str:
        """The number of examples: the rows of a matrix, or the entries of a vector that
        has one of each example; "" when the value belongs to a single example."""
        if len(dims) == 2:
            return dims[0]
        batches = [t.dims[0] for t in self.terms.values() if t.text in self.paths and len(t.dims) == 2
                   and self.paths[t.text].kind == "input"]
        return dims[0] if len(dims) == 1 and any(self.w.sizes.same(dims[0], b) for b in batches) else ""


def _axes(what: str, axes: int, facts: tuple[str, ...] = ()):
    return fail("M333", f"`{what}` has a value with {axes} axes, and formulas have matrices at most", facts=facts,
                help="give one example: a matrix whose rows are its tokens, or a batch of vectors as rows")


def _arguments(node) -> list[tuple[int, object]]:
    """The arguments with their places; those by keyword and in lists have none."""
    places = {arg: k for k, arg in enumerate(node.args) if hasattr(arg, "op")}
    used = [(places.get(arg, -1), arg) for arg in node.all_input_nodes]
    return used if _operation(node) != "batch_norm" or not node.args[5] else [u for u in used if u[0] < STATISTICS]


def _drops(node) -> bool:
    """Whether entries are dropped at random."""
    operation = _operation(node)
    if operation == "scaled_dot_product_attention":
        return len(node.args) > 4 and node.args[4] > 0 or node.kwargs.get("dropout_p", 0) > 0
    return operation in RANDOM or operation == "dropout" and bool(node.args[1] and node.args[2])


def _shape(node) -> tuple[int, ...]:
    """The shape of a node's value, () for what is no tensor."""
    return tuple(getattr(getattr(node, "meta", {}).get("val"), "shape", ()))


def _overwrites(node) -> bool:
    return node.op == "call_function" and _operation(node).endswith("_") and _operation(node) != "detach_"


def _check_in_place(w: Writer, node) -> None:
    """Raise MatcalcError (M331) unless what is overwritten is used nowhere else."""
    while _overwrites(node) or node.op == "call_function" and _operation(node) in VIEWS:
        node = node.args[0]
        if len(node.users) > 1 or node.op != "call_function":
            w.refuse("it overwrites a value that is used elsewhere", "write it without inplace=True")


def _operation(node) -> str:
    """"linear" for `aten.linear.default`."""
    schema = getattr(node.target, "_schema", None)
    return schema.name.partition("::")[2] if schema else getattr(node.target, "__name__", str(node.target))


def _needed(graph) -> list:
    """The nodes that the output depends on, in order."""
    nodes = list(graph.nodes)
    needed = {nodes[-1]}
    for node in reversed(nodes):
        if node in needed:
            needed.update(node.all_input_nodes)
    return [n for n in nodes if n in needed]
