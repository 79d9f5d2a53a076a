"""A stand-alone module: functions with their documentation, helpers, a self-test."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap

from ...expr.build import var
from ...expr.node import Expr
from ...expr.text import text
from ...model import Model
from ...shapes import is_column, is_row, is_scalar, outside
from . import program as programs
from .dialects import DIALECTS, Dialect
from .helpers import needed
from .lower import lowered
from .program import Program
from .schedule import Schedule, Statement
from .selftest import selftest
from .stable import stable
from .statements import Lines
from .writer import Writer

WIDTH = 100
MODULE = '''"""{title}

Made by matcalc. Only {library} is needed.{vectors}
"""

'''
VECTORS = """ Vectors may be given as (n,) or (n, 1);
{every} has the shape of its variable as it was given."""
_VECTOR = '''

def _vector(x):
    """A vector of shape (n,) or (n, 1) as (n,), and the shape it came in."""
    x = {asarray}
    return x.{flat}, x.shape
'''


@dataclass(frozen=True)
class Function:
    """One function of the module: its name, what it says, and its program.

    summary   the first line of its documentation
    returns   what it returns, in words
    wrt       the variable of a Jacobian or Hessian
    """

    name: str
    summary: str
    returns: str
    program: Program
    wrt: str = ""


def source(model: Model, functions: list[Function], title: str, target: str, precision: str, test: str) -> str:
    """The text of the module; `test` names the self-test (see `selftest`)."""
    dialect = DIALECTS[target]
    lines: list[str] = []
    for f in functions:
        lines += ["", "", *_function(f, dialect, precision)]
    body = "\n".join(lines)
    head = MODULE.format(title=title, library=dialect.library, vectors=_about_vectors(model, functions))
    imports = "import math\n\n" if "math." in body else ""
    imports += dialect.imports
    if target == "jax" and precision == "float64":
        imports += '\njax.config.update("jax_enable_x64", True)\n'
    vector = ""
    if "_vector(" in body:
        vector = _VECTOR.format(flat="reshape(-1)" if target == "torch" else "ravel()", asarray=dialect.asarray.format("x", dtype=dialect.float_type[precision]))
    check = selftest(model, functions, dialect, precision, test)
    return head + imports + needed([*lines, check], dialect.helpers) + vector + body + "\n" + check


def _about_vectors(model: Model, functions: list[Function]) -> str:
    if not any(is_column(v.shape) for v in model.variables.values()):
        return ""
    has_gradients = any(label for f in functions for label, _ in f.program.outputs)
    return VECTORS.format(every="every gradient") if has_gradients else " Vectors may be given as (n,) or (n, 1)."


# ------------------------------------------------------------ one function

def _function(f: Function, dialect: Dialect, precision: str) -> list[str]:
    p = f.program
    statements = _scheduled(p)
    given = {**{p.names[n]: p.model.variables[n].shape for n in p.names},
             **{d: p.model.variables[n].shape for n, d in p.directions.items()}}
    writer = Writer(dialect, given, precision)
    body = Lines(writer, statements, p.wanted).written()
    arguments = ", ".join(given)
    entry = _entry(f, given, dialect, precision)
    returned = _returned(f, dialect)
    if body[-1].startswith(f"{returned[0]} = "):  # a formula alone
        returned = [body.pop().partition(" = ")[2]]
    head = [f"def {f.name}({arguments}):"] if len(arguments) < WIDTH else [
        f"def {f.name}(", *_indented(wrap(f"{arguments},", WIDTH)), "):"]
    return [*head, *_indented([*_documentation(f), *entry, *([""] if entry and body else []), *body,
                               f"return {returned[0]}", *returned[1:]])]


def _scheduled(p: Program) -> list[Statement]:
    definitions: dict[Expr, Expr] = {}
    lets = []
    for name, e, section in p.lets:
        e = stable(e, definitions)
        definitions[var(name, e.shape)] = e
        lets.append((name, e, section))
    forms = lowered([e for _, e, _ in lets])
    named = [(name, e, section) for (name, _, section), e in zip(lets, forms, strict=True)]
    return Schedule(named, p.wanted, p.taken).statements


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _documentation(f: Function) -> list[str]:
    p = f.program
    out = [f'"""{f.summary}', ""]
    for a in p.model.assignments:
        out.append(f"    {a.name} = {_plain(text(a.expr))}")
    out += ["", "Arguments, with their shapes:", ""]
    for v in p.model.variables.values():
        role = f"  ({v.role})" if v.role != "variable" else ""
        out.append(f"    {p.names[v.name]}: {_shape(v.shape)}{role}")
    for n, d in p.directions.items():
        out.append(f"    {d}: {_shape(p.model.variables[n].shape)}  (direction of {n})")
    return [*out, "", *wrap(f"Returns {f.returns}.", WIDTH), '"""']


def _shape(shape) -> str:
    dims = outside(shape)
    return f"({', '.join(map(str, dims))}{',' if len(dims) == 1 else ''})"


def _plain(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"""', "")


def _entry(f: Function, given: dict, dialect: Dialect, precision: str) -> list[str]:
    """Arguments as arrays of the right type; vectors to one dimension, remembering how they came."""
    returned = {f.program.names[label] for label, _ in f.program.outputs if label in f.program.names}
    asarray = dialect.asarray.replace("{dtype}", dialect.float_type[precision])
    out = []
    for n, shape in given.items():
        keeps = f"{n}_shape" if n in returned else "_"
        if is_column(shape) or is_row(shape):
            out.append(f"{n}, {keeps} = _vector({n})")
        elif is_scalar(shape):
            if n in returned:
                out.append(f"{n}_shape = {dialect.np}.shape({n})" if dialect.target != "torch"
                           else f"{n}_shape = {asarray.format(n)}.shape")
            out.append(f"{n} = {asarray.format(n)}.reshape(())" + ("[()]" if dialect.target == "numpy" else ""))
        else:
            out.append(f"{n} = {asarray.format(n)}")
    return out


def _returned(f: Function, dialect: Dialect) -> list[str]:
    """The lines of what is returned."""
    p = f.program
    loss = "float(loss)" if dialect.target == "numpy" else "loss"
    if not p.outputs:
        return [loss]
    if p.outputs[0][0] == "":
        return [p.outputs[0][1]]
    first = f"{loss}, " if p.loss else ""
    items = [f'"{label}": {_shaped(p, label, name, dialect)}' for label, name in p.outputs]
    line = f"{first}{{{', '.join(items)}}}"
    return [line] if len(line) < WIDTH else [f"{first}{{", *(f"    {item}," for item in items), "}"]


def _shaped(p: Program, label: str, name: str, dialect: Dialect) -> str:
    v = p.model.variables.get(label)
    if v is None:
        return name
    if is_scalar(v.shape):
        if dialect.target == "torch":
            return f"torch.as_tensor({name}).reshape({p.names[label]}_shape)"
        return f"{dialect.np}.reshape({name}, {p.names[label]}_shape)"
    return f"{name}.reshape({p.names[label]}_shape)" if is_column(v.shape) or is_row(v.shape) else name


# ------------------------------------------------------------ which functions

def module(derivation, target: str, what: str, precision: str, name: str = "") -> str:
    """A module for a derivation: "both", "loss", "gradients", "hvp", "hessian" (one variable)."""
    if what == "hessian":
        return result_module(programs.single_hessian(derivation), target, precision)
    output = derivation.forward[-1].name
    functions = {"loss": [loss_function], "gradients": [gradients_function], "both": [both_function],
                 "hvp": [gradients_function, product_function]}[what]
    made = [make(derivation) for make in functions]
    title = {"loss": f"The loss {output}.", "gradients": f"Gradients of {output}.",
             "both": f"Loss and gradients of {output}.", "hvp": f"Hessian-vector products of {output}."}[what]
    if what == "gradients":
        made.insert(0, loss_function(derivation))
    return source(derivation.model, made, title, target, precision, what)


def loss_function(d) -> Function:
    return Function("loss", "The loss.", "the loss", programs.loss_program(d, "loss"))


def gradients_function(d) -> Function:
    wrt = ", ".join(d.gradients)
    return Function("gradients", "The gradients of the loss.", f"a dictionary with the gradients of {wrt}",
                    programs.gradient_program(d, "gradients", with_loss=False))


def both_function(d) -> Function:
    return Function("loss_and_gradients", "The loss and its gradients.",
                    f"(loss, gradients) with gradients of {', '.join(d.gradients)}",
                    programs.gradient_program(d, "loss_and_gradients", with_loss=True))


def product_function(d) -> Function:
    p = programs.product_program(d, "hessian_vector_product")
    return Function("hessian_vector_product", "The Hessian of the loss times a direction.",
                    f"a dictionary with the products for {', '.join(n for n, _ in p.outputs)}", p)


def result_module(result, target: str, precision: str) -> str:
    """A module for a gradient, Jacobian or Hessian in closed form."""
    value = Function("value", "The function itself.", "its value", programs.result_program(result, "value"))
    derivative = Function(result.kind, f"The {result.kind.capitalize()} with respect to {result.wrt}.",
                          f"the {result.kind.capitalize()}: {result.convention}",
                          programs.result_program(result, result.kind), result.wrt)
    return source(result.model, [value, derivative], f"The {result.kind.capitalize()} with respect to {result.wrt}.",
                  target, precision, result.kind)


__all__ = ["Function", "module", "result_module", "source"]
