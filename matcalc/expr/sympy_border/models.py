"""A model around one expression from SymPy, with what is assumed of its variables."""

from __future__ import annotations

import sympy as sp

from ...errors import fail
from ...model import ASSUMPTIONS, Assignment, Function, Model, Variable
from ...suggest import closest
from ..node import Expr, variables, walk
from .read import Reader, symbols_of
from .shapes import unsupported

TARGETS = ("y", "Y", "t")  # names that are taken for targets, as in the input language
ROLES = ("target", "constant")
NEEDS_SQUARE = ("symmetric", "spd", "skew", "diagonal", "lower", "upper", "toeplitz", "orthogonal", "invertible")
MAX_SOURCE = 2000


def read_model(obj, name: str, assume: dict) -> Model:
    """A model of one anonymous assignment.

    Raises MatcalcError: M111, M112, M202 for assumptions, and what `Reader` raises.
    """
    obj = sp.sympify(obj) if isinstance(obj, (int, float)) else obj
    if isinstance(obj, sp.MatrixBase) or not isinstance(obj, sp.Basic):
        raise unsupported(obj)
    words = {n: frozenset([w] if isinstance(w, str) else w) for n, w in assume.items()}
    e = Reader(obj, {n: w - set(ROLES) for n, w in words.items()})(obj)
    found = {v.name: v for v in variables(e)}
    for n, said in words.items():
        _allowed(n, said, found)
    inputs = {n: Variable(n, v.shape, _role(n, words.get(n, ())), v.assumptions, declared=True)
              for n, v in found.items()}
    functions = {f.name: Function(f.name, f.parameter, f.body)
                 for f in (part.data for part in walk(e) if part.op == "fn") if f.is_user}
    sizes = {s.name for s in obj.atoms(sp.Symbol)}
    name = name or _fresh(e, {*found, *sizes})
    text = str(obj) if e.count < MAX_SOURCE else ""
    return Model(inputs, (Assignment(name, e, is_anonymous=True),), functions, text, "<sympy>",
                 symbols=symbols_of(obj))


def _allowed(name: str, words: frozenset, found: dict[str, Expr]) -> None:
    if name not in found:
        raise fail("M112", f"there is no variable `{name}` in the expression",
                   facts=(f"it has {', '.join(sorted(found))}",) if found else (),
                   help=closest(name, found) or "use the name of one of its symbols")
    for word in sorted(words):
        if word not in (*ASSUMPTIONS, *ROLES):
            raise fail("M111", f"`{word}` is no assumption or role",
                       help=closest(word, (*ASSUMPTIONS, *ROLES))
                       or "use one of " + ", ".join((*ASSUMPTIONS, "target")))
        rows, cols = found[name].shape
        if word in NEEDS_SQUARE and rows != cols:
            raise fail("M202", f"only a square matrix can be {word}", facts=(f"{name} is {rows} x {cols}",),
                       help=f"leave {word} out")


def _role(name: str, words) -> str:
    return next((r for r in ROLES if r in words), "target" if name in TARGETS else "variable")


def _fresh(e: Expr, taken: set[str]) -> str:
    wishes = ("L", "f", "loss") if e.is_scalar else ("F", "f", "result")
    return next(w for w in (*wishes, *(f"{wishes[0]}{i}" for i in range(1, 99))) if w not in taken)
