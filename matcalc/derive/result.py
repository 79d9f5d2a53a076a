"""What a derivation is: data, printed forms, nothing that computes numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ..errors import MatcalcError
from ..expr import algebra as alg
from ..expr import build
from ..expr.display import Shown
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..lang import Said
from ..model import Assignment, Model
from ..shapes import outside
from .assumptions import sentences
from .closed import ClosedForms
from .factors import ChainFactor, chain
from .sweep import Step, Sweep


@dataclass(frozen=True)
class Equation:
    """lhs = rhs, one line of the forward or backward pass."""

    name: str
    lhs: Expr
    rhs: Expr
    note: str = ""


class Printed:
    """Printed forms of `form`; classes that have one inherit them."""

    form: Expr

    @property
    def symbols(self) -> dict:
        """name -> the user's SymPy symbol, where the model came from SymPy."""
        return self.model.symbols

    @property
    def text(self) -> str:
        """The formula in matcalc's input language."""
        from ..expr.text import text
        return text(self.form)

    @property
    def latex(self) -> str:
        """The formula in LaTeX (amsmath)."""
        from ..expr.latex import latex
        return latex(self.form)

    @property
    def unicode(self) -> str:
        """The formula for a terminal."""
        from ..expr.unicode import unicode
        return unicode(self.form)

    @property
    def expr(self):
        """The formula as a SymPy expression in the model's variables."""
        from ..expr.sympy_border import to_sympy
        return to_sympy(self.form, self.symbols)

    @property
    def shape(self) -> tuple:
        """() for a scalar, (n,) for a vector, (m, n) for a matrix."""
        return outside(self.form.shape)

    def as_model(self) -> Model:
        """The formula as a model of its own, to be differentiated again."""
        model: Model = self.model
        used = {e.name for e in walk(self.form) if e.op == "var"}
        variables = {n: v for n, v in model.variables.items() if n in used}
        name = "F" if "F" not in used else "F_0"
        return Model(variables, (Assignment(name, self.form, is_anonymous=True),), model.functions)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class NamedForm(Printed):
    """A gradient in named intermediates."""

    form: Expr
    model: Model = field(compare=False, repr=False)


@dataclass(frozen=True)
class Gradient(Printed, Shown):
    """dL/dname, in closed form and in named form.

    name       the variable, input, or named intermediate
    note       why it is zero, or ""
    layout     "denominator" (shape of the variable) or "numerator" (transposed)
    """

    name: str
    note: str
    layout: str
    _sweep: Sweep = field(repr=False, compare=False)
    _closed: ClosedForms = field(repr=False, compare=False)

    @property
    def model(self) -> Model:
        return self._sweep.model

    @cached_property
    def closed_form(self) -> Expr:
        """Closed form in the model's variables; raises MatcalcError (M304) when
        it is too long to write out."""
        return self._laid_out(self._closed.gradient(self.name))

    @cached_property
    def named_form(self) -> Expr:
        """The same in named intermediates (the backpropagation form)."""
        return self._laid_out(self._sweep.restore(self._sweep.named[self.name]))

    def _laid_out(self, e: Expr) -> Expr:
        return alg.transpose(e) if self.layout == "numerator" else e

    @property
    def moving_form(self) -> Expr:
        """The closed form as a function of the variable, all of whose entries may move
        again: what the second derivative is taken of."""
        return replaced(self.closed_form, {known: plain for plain, known in self._sweep.restored.items()})

    @property
    def form(self) -> Expr:
        return self.closed_form

    @property
    def shape(self) -> tuple:
        """Shape of the gradient; that of the variable in denominator layout."""
        return outside(self.named_form.shape)

    @property
    def named(self):
        """The named form as a SymPy expression."""
        return NamedForm(self.named_form, self.model).expr

    @property
    def named_text(self) -> str:
        return NamedForm(self.named_form, self.model).text

    @property
    def named_latex(self) -> str:
        return NamedForm(self.named_form, self.model).latex

    @cached_property
    def factors(self) -> tuple[ChainFactor, ...]:
        """The chain rule's product, or () when there is no single path."""
        if self.name not in self._sweep.parts:
            return ()
        return chain(self._sweep, self._closed, self.name)

    def _equations(self) -> list[tuple[Expr, Expr]]:
        """dL/dW = its closed form, or its named form where that is too long."""
        lhs = build.cot(self.model.output.name, self.name, self.model.shape_of(self.name))
        return [(lhs, _written(self) or self.named_form)]

    def __repr__(self) -> str:
        return f"<Gradient with respect to {self.name}: {self.named_text}>"


@dataclass(frozen=True)
class Derivation:
    """A loss, its forward and backward equations, and its gradients.

    gradients     name -> Gradient, the last layer's first
    trail         every step, in the order of the sweep
    report        the numeric check, or None when it was not asked for
    """

    model: Model
    gradients: dict[str, Gradient]
    forward: tuple[Equation, ...]
    backward: tuple[Equation, ...]
    trail: tuple[Step, ...]
    layout: str
    _sweep: Sweep = field(repr=False, compare=False)
    _closed: ClosedForms = field(repr=False, compare=False)
    report: object = field(default=None, compare=False)

    def __getitem__(self, name: str) -> Gradient:
        return self.gradients[name]

    def __iter__(self):
        return iter(self.gradients.values())

    def __len__(self) -> int:
        return len(self.gradients)

    def contributions(self, name: str) -> tuple[tuple[str, Expr], ...]:
        """(assignment, what it contributes to dL/dname) for every assignment that uses the name."""
        return tuple((a, self._sweep.restore(e)) for a, e in self._sweep.parts.get(name, ()))

    @property
    def loss(self) -> Expr:
        """The output in terms of the model's variables."""
        return self._closed.forward(self._sweep.symbols[self._sweep.output])

    @cached_property
    def assumptions(self) -> tuple[Said, ...]:
        """Domains of the rules used, kinks, definitions of f'."""
        return sentences(self.model, [g.named_form for g in self] + list(filter(None, map(_written, self))))


def _written(gradient: Gradient) -> Expr | None:
    """The closed form, or None where it is too long (M304)."""
    try:
        return gradient.closed_form
    except MatcalcError:
        return None


@dataclass(frozen=True)
class Result(Printed):
    """A gradient, Jacobian or Hessian of one expression.

    kind         "gradient", "jacobian", "hessian" or "hessian product"
    wrt          the variable
    form         closed form
    function     the differentiated function, in the model's variables
    meaning      of the entries: what is said of them, or a pattern in which {F} is the output
                 and {x} the variable; `convention` is the same with their names
    entries      "free", or "independent" for the entries a structure leaves free
    moving       what was differentiated, where that is not the model itself
    named        for a Hessian-vector product: its equations in named intermediates
    times        the direction of such a product
    """

    model: Model
    kind: str
    wrt: str
    form: Expr
    function: Expr
    meaning: str
    steps: tuple[Step, ...] = ()
    derivation: Derivation | None = field(default=None, repr=False)
    entries: str = "free"
    moving: Expr | None = None
    named: tuple[Equation, ...] = ()
    times: str = ""

    @property
    def convention(self) -> str:
        """What the entries mean, in words."""
        if isinstance(self.meaning, Said):
            return self.meaning
        return self.meaning.format(F=self.model.output.name, x=self.wrt)

    @cached_property
    def assumptions(self) -> tuple[Said, ...]:
        """Domains of the rules used, kinks, definitions of f'."""
        return sentences(self.model, [self.form])


__all__ = ["ChainFactor", "Derivation", "Equation", "Gradient", "NamedForm", "Result", "Step"]
