"""The model: what the reader makes and the engine differentiates."""

from __future__ import annotations

from dataclasses import dataclass, field

from .expr import build
from .expr.display import PLAIN, Shown
from .expr.node import Expr
from .expr.rename import replaced
from .shapes import Shape, outside

ROLES = ("variable", "target", "constant")
ASSUMPTIONS = ("symmetric", "spd", "skew", "diagonal", "lower", "upper", "toeplitz", "orthogonal", "invertible", "positive",
               "onehot", "onehot_cols", "simplex", "constant")


@dataclass(frozen=True)
class Variable:
    """An input of the model.

    role        "variable", "target" (y of a loss) or "constant"; a gradient is
                taken with respect to the first kind unless asked otherwise
    assumptions words of ASSUMPTIONS; "onehot" and "simplex" of a matrix speak of each
                row, "onehot_cols" of each column
    declared    whether the user wrote the shape (else it was inferred)
    """

    name: str
    shape: Shape
    role: str = "variable"
    assumptions: frozenset = frozenset()
    declared: bool = False

    def to_json(self) -> dict:
        return {"shape": list(outside(self.shape)), "role": self.role,
                "assume": sorted(self.assumptions)}


@dataclass(frozen=True)
class Assignment:
    """name = expression; the expression uses inputs and earlier names.

    is_anonymous   the model was a single expression, and `name` was given to it
    start, end     where it stands in the source
    """

    name: str
    expr: Expr
    is_anonymous: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Function:
    """A user's entrywise function: name(parameter) = body; no body: abstract."""

    name: str
    parameter: Expr | None = None
    body: Expr | None = None


@dataclass(frozen=True)
class Model(Shown):
    """Named assignments in order; the last one is the output.

    symbols   name -> the user's own SymPy symbol, for a model that was read from SymPy
    """

    variables: dict[str, Variable]
    assignments: tuple[Assignment, ...]
    functions: dict[str, Function] = field(default_factory=dict)
    source: str = ""
    source_name: str = "<text>"
    notes: tuple[str, ...] = ()
    symbols: dict = field(default_factory=dict, compare=False, repr=False)

    @property
    def output(self) -> Assignment:
        return self.assignments[-1]

    @property
    def formula(self) -> Expr:
        """The output in terms of the variables, as it was written, nothing simplified."""
        inside: dict[Expr, Expr] = {}
        for a in self.assignments:
            inside[build.var(a.name, a.expr.shape)] = last = replaced(a.expr, inside)
        return last

    def shape_of(self, name: str) -> Shape | None:
        """Shape of an input or of an assignment; None for an unknown name."""
        if name in self.variables:
            return self.variables[name].shape
        return next((a.expr.shape for a in self.assignments if a.name == name), None)

    def _equations(self) -> list[tuple[Expr, Expr]]:
        """The assignments, for a notebook."""
        return [(build.var(a.name, a.expr.shape), a.expr) for a in self.assignments]

    def __str__(self) -> str:
        return "\n".join(f"{lhs} = {rhs}" for lhs, rhs in self._lines(PLAIN))
