"""What is to be computed, as a list of named formulas over Python names."""

from __future__ import annotations

from dataclasses import dataclass, field
from keyword import iskeyword

from ...derive.differential import differential
from ...errors import fail
from ...expr import algebra as alg
from ...expr import build
from ...expr.node import Expr, node, walk
from ...model import Model

RESERVED = ("np", "jnp", "jax", "torch", "math", "float", "int", "loss", "gradients")


@dataclass
class Program:
    """Formulas in order, and which of them are wanted.

    names       variable of the model -> argument
    directions  variable -> argument that holds its direction (Hessian-vector products)
    lets        (name, formula, section), a formula in earlier names and arguments
    loss        the name of the loss, if it is wanted
    outputs     (label, name) of what is returned in a dictionary
    """

    model: Model
    names: dict[str, str]
    lets: list[tuple[str, Expr, str]] = field(default_factory=list)
    loss: str = ""
    outputs: list[tuple[str, str]] = field(default_factory=list)
    directions: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @property
    def wanted(self) -> set[str]:
        return {n for _, n in self.outputs} | ({self.loss} if self.loss else set())


def python_name(name: str, taken: set[str]) -> str:
    """An identifier for a name of the model: lambda_ for lambda."""
    plain = "".join(c if c.isalnum() and c.isascii() or c == "_" else "_" for c in name)
    if not plain or plain[0].isdigit() or iskeyword(plain) or plain in RESERVED:
        plain = f"{plain}_" if plain and not plain[0].isdigit() else f"v{plain}"
    while plain in taken:
        plain += "_"
    taken.add(plain)
    return plain


def argument_names(model: Model, function: str) -> dict[str, str]:
    """Name of a variable -> argument, for a function with this name."""
    return _arguments(model, taken_beside(function))


def taken_beside(function: str) -> set[str]:
    """Names that a function's arguments must not have."""
    return {*RESERVED, function}


def _arguments(model: Model, taken: set[str]) -> dict[str, str]:
    return {v: python_name(v, taken) for v in model.variables}


class Builder:
    """Names forward formulas, cotangents and tangents, and writes formulas in these names."""

    def __init__(self, derivation, function: str):
        self.derivation = derivation
        self.model: Model = derivation.model
        taken = taken_beside(function)
        self.program = Program(self.model, _arguments(self.model, taken), taken=taken)
        self.symbols: dict = dict(self.program.names)

    def forward(self) -> None:
        definitions: dict[Expr, Expr] = {}
        for eq in self.derivation.forward:
            is_output = eq.name == self.model.output.name
            name = "loss" if is_output else python_name(eq.name, self.program.taken)
            formula = self.renamed(eq.rhs)
            self.symbols[eq.name] = name
            self.program.lets.append((name, formula, "forward pass"))
            definitions[build.var(name, formula.shape)] = formula

    def backward(self) -> None:
        """All cotangents; gradients that were asked for are outputs."""
        for eq in self.derivation.backward:
            name = python_name("d" + eq.name, self.program.taken)
            formula = self.renamed(eq.rhs)
            self.symbols[eq.lhs.data] = name
            self.program.lets.append((name, formula, "backward pass"))
        for name, g in self.derivation.gradients.items():
            target = self.symbols.get((self.model.output.name, name))
            if target is None:  # zero, or the output itself
                target = python_name("d" + name, self.program.taken)
                form = g.named_form if g.layout == "denominator" else alg.transpose(g.named_form)
                self.program.lets.append((target, self.renamed(form), "backward pass"))
            self.program.outputs.append((name, target))
        self.program.lets = _as_soon_as_possible(self.program.lets, {n for _, n in self.program.outputs})

    def tangents(self) -> None:
        """The derivative of every gradient in a direction: the formulas so far, pushed forward."""
        p = self.program
        wrt = [n for n in self.derivation.gradients if n in p.names]
        p.directions = {n: python_name(f"v_{n}", p.taken) for n in wrt}
        changes: dict[Expr, Expr] = {}
        leaves: dict[str, str] = {}
        for n in wrt:
            shape = self.model.variables[n].shape
            changes[build.var(p.names[n], shape)] = build.dvar(p.names[n], shape)
            leaves[p.names[n]] = p.directions[n]
        zero = {}
        for name, formula, _ in list(p.lets):
            change, _ = differential(formula, changes)
            zero[name] = change.shape
            if alg.is_zero(change) or name == "loss":
                continue
            tangent = leaves[name] = python_name(f"{name}_dot", p.taken)
            p.lets.append((tangent, _tangents_named(change, leaves), "forward pass of the direction"))
            changes[build.var(name, formula.shape)] = build.dvar(name, formula.shape)
            zero.pop(name)
        outputs = []
        for label, name in p.outputs:
            if label not in wrt:
                continue
            if name in zero:
                leaves[name] = python_name(f"{name}_dot", p.taken)
                p.lets.append((leaves[name], build.zeros(zero[name]), "forward pass of the direction"))
            outputs.append((label, leaves[name]))
        p.outputs = outputs

    def renamed(self, e: Expr) -> Expr:
        """A formula in Python names, without assumptions and cotangents."""
        def leaf(x: Expr) -> Expr:
            if x.op == "var":
                return build.var(self.symbols[x.name], x.shape)
            return build.var(self.symbols[x.data], x.shape) if x.op == "cot" else x
        return mapped(e, leaf)


def _as_soon_as_possible(lets, results: set[str]):
    """Results right after what they need, so that cotangents are done with early."""
    place = {name: i for i, (name, _, _) in enumerate(lets)}
    first_backward = sum(section == "forward pass" for _, _, section in lets)
    used = {x.name for _, e, _ in lets for x in walk(e) if x.op == "var"}

    def key(i: int) -> tuple[int, int]:
        name, e, _ = lets[i]
        if name not in results or name in used:
            return i, 0
        needs = [place[x.name] for x in walk(e) if x.op == "var" and x.name in place]
        return max([first_backward - 1, *needs]), 1
    return [lets[i] for i in sorted(range(len(lets)), key=key)]


def _tangents_named(e: Expr, leaves: dict[str, str]) -> Expr:
    return mapped(e, lambda x: build.var(leaves[x.data], x.shape) if x.op == "dvar" else x)


def mapped(e: Expr, leaf) -> Expr:
    """e with every leaf replaced."""
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        memo[part] = leaf(part) if not args else part if args == part.args else node(part.op, args, part.data, part.shape)
    return memo[e]


def loss_program(derivation, function: str) -> Program:
    out = Builder(derivation, function)
    out.forward()
    out.program.loss = "loss"
    return out.program


def gradient_program(derivation, function: str, with_loss: bool) -> Program:
    out = Builder(derivation, function)
    out.forward()
    out.backward()
    out.program.loss = "loss" if with_loss else ""
    return out.program


def product_program(derivation, function: str) -> Program:
    """The Hessian times a direction."""
    out = Builder(derivation, function)
    out.forward()
    out.backward()
    out.tangents()
    return out.program


def result_program(result, function: str) -> Program:
    """A closed form: the derivative that `result` holds, or its function ("value")."""
    model, taken = result.model, taken_beside(function)
    p = Program(model, _arguments(model, taken), taken=taken)
    name = python_name("out", taken)
    symbols = {v: n for v, n in p.names.items()}
    form = result.function if function == "value" else result.form
    p.lets.append((name, mapped(form, lambda x: build.var(symbols[x.name], x.shape) if x.op == "var" else x), ""))
    p.outputs.append(("", name))
    return p


def single_hessian(derivation):
    """The Hessian for a derivation with one gradient. Raises MatcalcError (M307)."""
    from ...derive.jacobian import hessian
    names = list(derivation.gradients)
    if len(names) != 1:
        raise fail("M307", "exactly one variable is needed here", help=f"use wrt={names[0]!r}")
    return hessian(derivation.model, names[0])


__all__ = ["Program", "argument_names", "gradient_program", "loss_program", "product_program",
           "python_name", "result_program", "single_hessian"]
