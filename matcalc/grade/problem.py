"""A problem: a model, the derivative that is asked for, and what is accepted."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from ..api import Result, gradient, jacobian
from ..expr.node import Expr
from ..model import Assignment, Model

KINDS = ("gradient", "jacobian")
LAYOUTS = ("expected", "either", "report")


@dataclass(frozen=True)
class Accepted:
    """A further answer that gets credit.

    text      as the teacher wrote it;  formula: as it was read
    credit    1 makes it right; less makes it wrong with a part of the points
    feedback  for the student;  mistake: its name, or ""
    """

    text: str
    formula: Expr
    credit: float = 1
    feedback: str = ""
    mistake: str = ""


@dataclass(frozen=True)
class Problem:
    """One problem.

    wrt        the variable
    kind       "gradient" (shape of the variable) or "jacobian" (J[i, j] = dF_i/dx_j)
    layout     of an answer that is transposed: "expected" wrong, "either" right,
               "report" right with a remark
    functions  further names of functions in answers: {"sigma": "sigmoid"}
    given      further names of values in answers, each in terms of the model's names
    rows_are   {"r": "X"}: r_i in answers is row i of X, as a column
    accept     answers that get credit besides the derivative
    credit     part of the points for an answer with a certain mistake
    function   name of the function that answers in Python define; "" for any
    """

    id: str
    model: Model
    wrt: str
    kind: str = "gradient"
    layout: str = "expected"
    points: float = 1
    functions: dict[str, str] = field(default_factory=dict)
    given: tuple[Assignment, ...] = ()
    rows_are: dict[str, str] = field(default_factory=dict)
    accept: tuple[Accepted, ...] = ()
    credit: dict[str, float] = field(default_factory=dict)
    function: str = ""
    title: str = ""

    @cached_property
    def right(self) -> Result:
        """The derivative, checked."""
        return (gradient if self.kind == "gradient" else jacobian)(self.model, self.wrt)

    @cached_property
    def language(self) -> Model:
        """The model with the given names: what answers may be written in."""
        *before, output = self.model.assignments
        return replace(self.model, assignments=(*before, *self.given, output))
