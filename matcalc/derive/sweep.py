"""The reverse sweep over the named assignments, with its trail.

For an assignment Z = f(A, B, ...) and the cotangent dL/dZ, the expression of f
is swept from its root to its leaves with the rules' VJPs.  What arrives at the
name A is a contribution to dL/dA; contributions of all assignments that use A
are added.  Every firing of a rule is a `Step`; the gradients are the folded steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..lang import said
from ..model import Model
from ..rules import RULES
from .patterns import recognise
from .reuse import with_value
from .textbook import textbook


# What is known of entries.  While a variable moves, all its entries move, so this must
# not be used before the derivative is taken: tr(A S^T) and tr(A S) have different ones.
STRUCTURES = frozenset(("symmetric", "spd", "skew", "diagonal", "lower", "upper", "toeplitz", "orthogonal",
                        "onehot", "onehot_cols", "simplex"))


@dataclass(frozen=True)
class Step:
    """One use of one rule.

    rule     op of the rule ("matmul"), "recognise", "accumulate" or "fuse"
    source   the assignment it happened in
    target   what the contribution flows to: a name, or the text of a subexpression
    before   the cotangent of the result (for "recognise": the expression as written)
    after    the contribution (for "recognise": the known function)
    because  the rule's sentence
    cites    sources
    """

    rule: str
    source: str
    target: Expr
    before: Expr
    after: Expr
    because: str
    cites: tuple[str, ...] = ()


@dataclass
class Sweep:
    """State and result of one sweep.

    symbols      name -> the `var` node by which expressions refer to it
    named        name -> its cotangent in named form
    parts        name -> [(assignment, contribution)] before they are added
    steps        the trail
    recognised   name -> its expression, with known functions recognised
    active       assignment -> the operands through which wanted names are reached
    restored     symbol -> the same with what is known of its entries (see STRUCTURES)
    """

    model: Model
    wanted: set[str]
    symbols: dict[str, Expr] = field(default_factory=dict)
    named: dict[str, Expr] = field(default_factory=dict)
    parts: dict[str, list[tuple[str, Expr]]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    recognised: dict[str, Expr] = field(default_factory=dict)
    active: dict[str, set[Expr]] = field(default_factory=dict)
    restored: dict[Expr, Expr] = field(default_factory=dict)

    @property
    def output(self) -> str:
        return self.model.output.name

    def restore(self, e: Expr) -> Expr:
        """e at a point that has the structures: S^T is S there, the entries of y add up to 1."""
        return textbook(e, {}, self.restored) if self.restored else e

    def symbol(self, name: str) -> Expr:
        """dL/dname as a symbol; 1 for the output itself."""
        if name == self.output:
            return alg.UNIT
        return build.cot(self.output, name, self.model.shape_of(name))


def sweep(model: Model, wanted: set[str]) -> Sweep:
    """All cotangents that the names in `wanted` need.

    Raises MatcalcError (M303) where a rule has no closed form.
    """
    out = prepared(model, wanted)
    for assignment in reversed(model.assignments):
        name = assignment.name
        if name != out.output:
            if name not in out.parts:
                continue
            _accumulate(out, name)
        if out.active[name]:
            _sweep_assignment(out, name)
    for name in model.variables:
        if name in wanted and name in out.parts:
            _accumulate(out, name)
    return out


def prepared(model: Model, wanted: set[str]) -> Sweep:
    """A sweep before its first step: symbols, recognised expressions, active operands."""
    out = Sweep(model, wanted)
    memo: dict[Expr, Expr] = {}
    for v in model.variables.values():
        symbol = out.symbols[v.name] = build.var(v.name, v.shape, v.assumptions)
        if v.name in wanted and v.assumptions & STRUCTURES:
            plain = memo[symbol] = out.symbols[v.name] = build.var(v.name, v.shape, v.assumptions - STRUCTURES)
            out.restored[plain] = symbol
    reached = {out.symbols[n] for n in wanted if n in model.variables}
    for a in model.assignments:
        fired: list[tuple[Expr, Expr]] = []
        expr = out.recognised[a.name] = recognise(a.expr, memo, fired)
        out.steps += [Step("recognise", a.name, after, before, after,
                           said("A well-known function is written by its name.")) for before, after in fired]
        symbol = out.symbols[a.name] = build.var(a.name, expr.shape)
        known = _inherited(replaced(expr, out.restored))
        if known:
            out.restored[symbol] = build.var(a.name, expr.shape, known)
        out.active[a.name] = {e for e in walk(expr) if e.op == "var" and e in reached}
        if out.active[a.name] or a.name in wanted:
            reached.add(symbol)
    return out


def _inherited(expr: Expr) -> tuple[str, ...]:
    """What is known of a name because of its definition."""
    if expr.op == "softmax":
        return ("simplex",)
    return ("symmetric",) if not expr.is_scalar and alg.is_symmetric(expr) else ()


def _accumulate(out: Sweep, name: str) -> None:
    """Add the contributions that have arrived at a name."""
    parts = out.parts[name]
    total = textbook(alg.add(*(c for _, c in parts)))
    target = out.symbols[name]
    if len(parts) > 1:
        out.steps.append(Step(
            "accumulate", name, target, build.add(*(c for _, c in parts)), total,
            said("{name} is used in {places}: contributions are added.", name=name,
                 places=tuple(dict.fromkeys(a for a, _ in parts)))))
    out.named[name] = _fused(out, name, total)


def _fused(out: Sweep, name: str, total: Expr) -> Expr:
    """Put in the cotangent it came from where that makes the formula shorter
    (softmax and cross-entropy: yhat - y)."""
    values = {out.symbol(a): out.named[a] for a, _ in out.parts[name] if a in out.named}
    if not any(map(_may_shorten, values.values())):
        return total
    fused = textbook(total, {}, values)
    if fused.cost >= total.cost:
        return total
    out.steps.append(Step("fuse", name, out.symbols[name], total, fused,
                          said("Put together with the step before, the formula gets shorter.")))
    return fused


def _may_shorten(cotangent: Expr) -> bool:
    """Whether putting this cotangent in could make a formula shorter: it is a
    number, ones or a name, or it has a denominator that may cancel."""
    return cotangent.cost <= 2 or any(
        e.op == "pow" and e.args[1].op == "num" and e.args[1].data < 0 for e in walk(cotangent))


def _sweep_assignment(out: Sweep, name: str) -> None:
    root = out.recognised[name]
    seed = out.symbol(name)
    leaves = out.active[name]
    order = list(walk(root))
    varies: set[Expr] = set()
    for e in order:
        if e in leaves or any(a in varies for a in e.args):
            varies.add(e)
    if root not in varies:
        return
    found: list[tuple[tuple[int, ...], str, Expr]] = []
    arrived: dict[Expr, list[tuple[tuple[int, ...], Expr]]] = {root: [((), seed)]}
    for e in reversed(order):
        if e not in varies or e not in arrived:
            continue
        places = sorted(arrived.pop(e), key=lambda p: p[0])  # terms in reading order
        G = alg.add(*(contribution for _, contribution in places))
        if e in leaves:
            found.append((places[0][0], e.name, G))
            continue
        Y = out.symbols[name] if e is root and name != out.output else e
        for i, contribution in _fire(out, name, e, G, Y, varies):
            arrived.setdefault(e.args[i], []).append((places[0][0] + (i,), contribution))
    for _, leaf, G in sorted(found, key=lambda f: f[0]):
        out.parts.setdefault(leaf, []).append((name, with_value(G, root, out.symbols[name])))


def _fire(out: Sweep, source: str, e: Expr, G: Expr, Y: Expr, varies: set[Expr]):
    """Use the rule of one node: (i, contribution) for every operand that varies."""
    rule = RULES[e.op]
    for i, operand in enumerate(e.args):
        if operand not in varies:
            continue
        contribution = rule.vjp(G, Y, i, e.args, e.data)
        if contribution is None:
            continue
        out.steps.append(Step(e.op, source, operand, G, contribution, rule.why, rule.cites))
        yield i, contribution
