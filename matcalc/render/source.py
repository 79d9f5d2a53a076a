"""A model as text of the input language."""

from __future__ import annotations

from ..errors import MatcalcError, fail
from ..expr.text import text
from ..model import Function, Model, Variable
from ..reader import read
from ..shapes import outside

ROLES = ("target", "constant")


def model_source(model: Model) -> str:
    """Lines that read as this model: the user's own where they say all of it.

    Raises MatcalcError (M523) for a model whose names the reader does not know,
    such as one from SymPy with the name "x y".
    """
    for source in (model.source.strip("\n"), _written(model)):
        if source and _is_read_as(source, model):
            return source
    raise fail("M523", "this model cannot be written in the input language, so a notebook could not read it",
               facts=(f"its names are {', '.join(model.variables)}",),
               help="give the variables names of letters, digits and _")


def _is_read_as(source: str, model: Model) -> bool:
    try:
        again = read(source)
    except MatcalcError:
        return False
    return (_inputs(again) == _inputs(model) and again.functions == model.functions
            and [(a.name, a.expr) for a in again.assignments] == [(a.name, a.expr) for a in model.assignments])


def _inputs(model: Model) -> dict:
    return {v.name: (v.shape, v.role, v.assumptions) for v in model.variables.values()}


def _written(model: Model) -> str:
    """Declarations, functions, assignments."""
    return "\n".join([*map(_declaration, model.variables.values()), *map(_function, model.functions.values()),
                      *(f"{a.name} = {text(a.expr)}" for a in model.assignments)])


def _declaration(v: Variable) -> str:
    sizes = " x ".join(map(str, outside(v.shape))) or "scalar"
    words = sorted({*v.assumptions, *([v.role] if v.role in ROLES else [])})
    return " ".join([f"{v.name} : {sizes}", *words])


def _function(f: Function) -> str:
    return f"{f.name} : function" if f.body is None else f"{f.name}({text(f.parameter)}) = {text(f.body)}"
