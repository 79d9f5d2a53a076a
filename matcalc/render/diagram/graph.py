"""From a model to boxes and edges: the computational graph, and the layer diagram."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from ...derive.engine import derivation, differentiable, is_input
from ...derive.factors import factor
from ...expr import algebra as alg
from ...expr.names import unicode_name
from ...expr.node import variables
from ...lang import ENGLISH, Language, Said, said
from ...model import Model
from ...shapes import is_scalar
from .picture import EQUALS, PLUS, TIMES, Label

END = "\0"  # where the edge of the output goes
MAX_LABEL = 330
MAX_PATHS = 4


@dataclass
class Node:
    """side   None: in the row of the layers; "above", "below": next to the box that uses it"""

    lines: tuple[Label, ...]
    is_box: bool = True
    side: str | None = None


@dataclass
class Edge:
    tail: str
    head: str
    above: tuple[Label, ...] = ()
    below: tuple[Label, ...] = ()


@dataclass
class Graph:
    """notes   (role, label) of the lines under the picture"""

    title: str
    language: Language = ENGLISH
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    notes: list[tuple[str, Label]] = field(default_factory=list)

    def note(self, role: str, sentence: Said) -> None:
        """A line of words under the picture."""
        self.notes.append((role, Label.words(self.language.plain(sentence))))


def described(graph: Graph) -> str:
    """The edges in words, for those who cannot see them."""
    say = graph.language.plain

    def name(end: str) -> str:
        return unicode_name(end.split("\0")[0])

    out = []
    for e in graph.edges:
        labels = [label.plain for label in e.above if label.plain]
        labels += [say(said("backward {value}", value=" ".join(label.plain for label in e.below)))] if e.below else []
        ends = (say(said("from {tail} to {head}", tail=name(e.tail), head=name(e.head))) if e.head != END else
                say(said("out of {tail}", tail=name(e.tail))))
        out.append(f"{ends}: {', '.join(labels)}" if labels else ends)
    return "; ".join(out)


def frame(model: Model, title: Said, language: Language, has_parameters: bool = True) -> Graph:
    """Boxes and edges without labels. An input stands left of the first box; a parameter
    is drawn above every box that uses it, a target or a later input below."""
    graph = Graph(language.plain(title), language)
    names = {a.name for a in model.assignments}
    uses = {a.name: [v.name for v in variables(a.expr)] for a in model.assignments}
    left = _left(model, uses, names)
    for a in model.assignments:
        for name in uses[a.name]:
            tail = name
            if name in names or name in left:
                graph.nodes.setdefault(name, Node((Label.name(name),), is_box=False))
            else:
                is_data = is_input(name) or model.variables[name].role == "target"
                if not (has_parameters or is_data):
                    continue
                tail = f"{name}\0{a.name}"
                graph.nodes[tail] = Node((Label.name(name),), False, "below" if is_data else "above")
            graph.edges.append(Edge(tail, a.name))
        graph.nodes[a.name] = Node((Label.formula(a.expr),))
    graph.edges.append(Edge(model.output.name, END))
    return graph


def _left(model: Model, uses: dict, names: set) -> set[str]:
    """The variables that a first layer reads: those called x, else the last factor."""
    out: set[str] = set()
    for of in uses.values():
        if not any(n in names for n in of) and of:
            free = [n for n in of if model.variables[n].role != "target"] or of
            out |= {n for n in free if is_input(n)} or (set() if out & set(of) else {free[-1]})
    return out


def whole_derivation(model: Model, wrt: list[str] | None = None):
    """The derivation that a computational graph shows: by `wrt`, and by all named values."""
    names = [a.name for a in model.assignments]
    chosen = differentiable(model) if wrt is None else wrt
    return derivation(model, [*names, *(n for n in chosen if n not in names)])


def computational_graph(d, run=None, below: str | None = None, wrt: list[str] | None = None,
                        language: Language = ENGLISH) -> Graph:
    """Forward values above the edges, and below them partials (of the box ahead with
    respect to the value behind) or gradients of the output.

    d       a `whole_derivation`
    run     its `numeric.passes.Passes`: numbers instead of expressions
    below   "partials" or "gradients"; default: partials between scalars
    wrt     whose products along the paths are written out; default: all variables
    """
    model = d.model
    chosen = [n for n in d.gradients if n in model.variables] if wrt is None else wrt
    is_all_scalar = all(is_scalar(v.shape) for v in model.variables.values())
    below = below or ("partials" if is_all_scalar else "gradients")
    output = model.output.name
    graph = frame(model, said("Computational graph of {output}", output=output), language)
    for edge in graph.edges:
        tail = edge.tail.split("\0")[0]
        edge.above = (_forward(tail, run, is_variable=tail in model.variables),)
        found = dict(d.contributions(tail)).get(edge.head)
        if found is not None:
            edge.below = (_partial if below == "partials" else _gradient)(d, tail, edge.head, found, run)
    graph.note("forward", said("above the edges: values, forward"))
    graph.note("backward", said("below the edges: partial derivatives, backward") if below == "partials" else
               said("below the edges: gradients of {output}, backward", output=output))
    if below == "gradients" and any(len(d.contributions(n)) > 1 for n in d.gradients):
        graph.note("backward", said("+ : the contributions of all edges that leave a value are added"))
    graph.notes += [("ink", line) for line in _sums(d, chosen, below, run)]
    return graph


def _short(label: Label, instead: Label) -> Label:
    return label if label.width <= MAX_LABEL else instead


def _number(name: Label, value) -> Label:
    """name = 3, name = (1, 2), or the norm of what has more entries."""
    if value.size > 3 or value.size > 1 and value.shape[1] > 1:
        bars = Label("‖", r"$\Vert$")
        return bars + name + bars + EQUALS + Label.number(float((value ** 2).sum()) ** 0.5)
    numbers = [Label.number(float(v)) for v in value.ravel()]
    if len(numbers) == 1:
        return name + EQUALS + numbers[0]
    inside = numbers[0]
    for n in numbers[1:]:
        inside = inside + Label.words(", ") + n
    return name + EQUALS + Label.words("(") + inside + Label.words(")")


def _forward(name: str, run, is_variable: bool) -> Label:
    if run is None:
        return Label() if is_variable else Label.name(name)
    value = run.forward(name)
    if is_variable:
        return Label.number(float(value[0, 0])) if value.size == 1 else Label()
    return _number(Label.name(name), value)


def _partial(d, tail: str, head: str, contribution, run) -> tuple[Label, ...]:
    """d head/d tail: what the gradient at the head is multiplied with, and from which side."""
    output = d.model.output.name
    name = Label.partial(head, tail)
    scalars = is_scalar(d.model.shape_of(tail)) and is_scalar(d.model.shape_of(head))
    if run is not None and scalars:
        return (Label.number(float(run.value(contribution, (head,))[0, 0])),)
    G = alg.UNIT if head == output else alg.build.cot(output, head, d.model.shape_of(head))
    side, value = ("seed", contribution) if head == output else factor(contribution, G) or (None, contribution)
    if side is None:
        return _short(Label.formula(contribution), name),
    sign = {"right": Label("· ", r"$\cdot$ "), "hadamard": Label("⊙ ", r"$\odot$ ")}.get(side)
    if sign is not None:  # it multiplies from the right, or entry by entry
        return (name, _short(sign + Label.formula(value), sign + Label.words("...")))
    return _lines(name, Label.formula(value), scalars)


def _lines(name: Label, value: Label, on_one: bool) -> tuple[Label, ...]:
    if value.width > MAX_LABEL:
        return (name,)
    return (name + EQUALS + value,) if on_one else (name, Label("= ", "$=$ ") + value)


def _gradient(d, tail: str, head: str, contribution, run) -> tuple[Label, ...]:
    """d L/d tail; where several boxes use the value, what comes from this one."""
    output = d.model.output.name
    name = Label.partial(output, tail)
    many = len(d.contributions(tail)) > 1
    if run is not None:
        if not many:
            return (_number(name, run.backward(tail)),)
        return (PLUS + Label.number(float(run.value(contribution)[0, 0])),) if contribution.is_scalar else ()
    if many:
        return (_short(PLUS + Label.formula(contribution), PLUS + Label.partial(output, head) + TIMES
                       + Label.partial(head, tail)),)
    return _lines(name, Label.formula(d[tail].named_form), False)


def _sums(d, names, below: str, run) -> list[Label]:
    """The chain rule with numbers: products along the paths, added."""
    output = d.model.output.name
    if run is None or below != "partials":
        return []
    out = []
    for name in names:
        paths = _paths(d, name)
        if not is_scalar(d.model.shape_of(name)) or not paths or len(paths) > MAX_PATHS:
            continue
        terms = []
        for path in paths:
            values = [float(run.value(dict(d.contributions(by))[of], (of,))[0, 0]) for of, by in pairwise(path)]
            factors = [Label.number(v) if v >= 0 else Label.words("(") + Label.number(v) + Label.words(")") for v in values]
            product = factors[0]
            for f in factors[1:]:
                product = product + TIMES + f
            terms.append(product)
        total = terms[0]
        for t in terms[1:]:
            total = total + PLUS + t
        out.append(Label.partial(output, name) + EQUALS + total + EQUALS
                   + Label.number(float(run.backward(name)[0, 0])))
    return out


def _paths(d, name: str) -> list[tuple[str, ...]]:
    """Paths from the output to a name, through scalars only; too many are not looked for."""
    done, open_ = [], [(name,)]
    while open_ and len(done) + len(open_) <= MAX_PATHS:
        path = open_.pop(0)
        if path[0] == d.model.output.name:
            done.append(path)
        elif is_scalar(d.model.shape_of(path[0])):
            open_ += [(of, *path) for of, _ in d.contributions(path[0])]
    return [] if open_ else done


def layer_diagram(model: Model, language: Language = ENGLISH) -> Graph:
    """A box a layer with its parameters; above every edge the shape of the value."""
    graph = frame(model, said("Layers of {output}", output=model.output.name), language, has_parameters=False)
    drawn = {edge.tail.split("\0")[0] for edge in graph.edges}
    for a in model.assignments:
        lines = [Label.name(a.name) + EQUALS + Label.formula(a.expr)]
        lines += [Label.name(v.name) + Label.words(" : ") + _shape(v.shape) for v in variables(a.expr)
                  if v.name in model.variables and v.name not in drawn]
        graph.nodes[a.name].lines = tuple(lines)
    for edge in graph.edges:
        edge.above = (_shape(model.shape_of(edge.tail.split("\0")[0])),)
    graph.note("forward", said("above the edges: shapes"))
    return graph


def _shape(shape) -> Label:
    if is_scalar(shape):
        return Label.words("1")
    dims = [d for d in shape if not d.is_one] if shape[1].is_one else shape
    out = _size(dims[0])
    for d in dims[1:]:
        out = out + Label(" × ", r" $\times$ ") + _size(d)
    return out


def _size(size) -> Label:
    return Label.name(str(size)) if not size.is_number and size.coefficient == 1 and len(size.names) == 1 \
        else Label.words(str(size))
