"""Derivations and results with the verbs that need numbers, code and templates."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from ..derive import result as engine
from ..derive.differential import Differential as DifferentialForm
from ..errors import fail
from ..expr.display import Lines, Shown

TARGETS = ("numpy", "jax", "torch")
KINDS = ("both", "loss", "gradients", "hessian", "hvp")
DTYPES = ("float64", "float32")


class Rendered(Shown):
    """What can be rendered, and shows its answers in a notebook."""

    def render(self, format: str = "text", **options) -> str:
        """As text of a format: see `matcalc.render.render`."""
        from ..render import render
        return render(self, format, **options)

    def _lines(self, kind: str) -> Lines:
        from ..render.display import shown_lines
        return shown_lines(self, kind)


class Checkable:
    """What has a `check` and a place for its report."""

    def checked(self, seed: int = 0):
        """The same with its report. Raises MatcalcError (M600) when the check
        contradicts a formula."""
        report = self.check(seed)
        refuse_if_wrong(report)
        return replace(self, report=report)


@dataclass(frozen=True)
class Derivation(engine.Derivation, Rendered, Checkable):
    """A derivation that can be checked, run, written as code and rendered."""

    @classmethod
    def of(cls, derivation: engine.Derivation) -> Derivation:
        """The same derivation with these verbs."""
        return cls(**_values(derivation))

    def check(self, seed: int = 0, exact: bool = False):
        """Every gradient against finite differences: a CheckReport.

        exact   decide without a tolerance, over prime fields, where that is possible
        """
        from ..numeric.check import check_derivation
        return _exactly(self, seed) if exact else check_derivation(self, seed)

    def check_against(self, function, seed: int = 0, sizes: dict | None = None, at: dict | None = None, **options):
        """A programmer's own gradient against this derivation: a Comparison.

        function  takes the variables by name (or all of them in the model's order) as float64
                  arrays; returns {"W": gradient, ...}, the gradients in the order of the
                  variables, one gradient when there is one, or (loss, any of these).
                  A JAX or PyTorch function (or module) may return the loss alone: its own
                  differentiation is then what is checked. Also as "FILE.py:function".
        sizes     {"n": 1000}: sizes that are not drawn at random
        at        values of all variables: one point of your own instead of random ones
        options   order, arrays ("numpy", "jax", "torch"), isolate, seconds, gigabytes,
                  progress: see `numeric.against.compare.check_against`

        Raises MatcalcError: M620 to M627.
        """
        from ..numeric.against.compare import check_against
        return check_against(self, function, seed, sizes, at, **options)

    def sample(self, seed: int = 0) -> dict:
        """Random values for all variables by name, in shapes that fit and domains that hold.

        Raises MatcalcError (M607) when no point was found.
        """
        from ..numeric.sample import values
        return values(self.model, seed)

    def numpy(self):
        """A function of the variables by name: f(W=..., x=...) -> (loss, {"W": array, ...})."""
        from ..numeric.function import build
        return build(self)

    def code(self, target: str = "numpy", what: str = "both", dtype: str = "float64") -> str:
        """A stand-alone module that computes the loss and the gradients ("both"), or
        only the "loss", the "gradients", the "hessian" of one variable, or
        Hessian-vector products ("hvp").

        Raises MatcalcError: M510 (unknown target, what or dtype), M307 (Hessian of
        several variables), M601, M602, M603 (no code for it).
        """
        _known(target=(target, TARGETS), what=(what, KINDS), dtype=(dtype, DTYPES))
        from ..numeric.code import function_source
        return function_source(self, target, what, dtype)

    def __str__(self) -> str:
        return self.render("text").rstrip("\n")

    def __repr__(self) -> str:
        return f"<Derivation of {self.model.output.name}: gradients of {', '.join(self.gradients)}>"


@dataclass(frozen=True)
class Result(engine.Result, Rendered, Checkable):
    """A gradient, Jacobian or Hessian that can be evaluated and checked."""

    report: object = field(default=None, compare=False)

    @classmethod
    def of(cls, result: engine.Result) -> Result:
        """The same result with these verbs."""
        return cls(**_values(result))

    def sample(self, seed: int = 0) -> dict:
        """Random values for all variables by name, in shapes that fit and domains that hold.

        Raises MatcalcError (M607) when no point was found.
        """
        from ..numeric.sample import values
        return values(self.model, seed)

    def numpy(self, **values):
        """Its value, for the values of all variables by name."""
        from ..numeric.function import value_of
        return value_of(self, values)

    def code(self, target: str = "numpy", dtype: str = "float64") -> str:
        """A stand-alone module that computes the function and this derivative.

        Raises MatcalcError: M510 (unknown target or dtype), M601, M602, M603.
        """
        _known(target=(target, TARGETS), dtype=(dtype, DTYPES))
        from ..numeric.code import result_source
        return result_source(self, target, dtype)

    def check(self, seed: int = 0, exact: bool = False):
        """This formula against finite differences: a CheckReport.

        exact   decide without a tolerance, over prime fields, where that is possible
        """
        from ..numeric.check import check_result
        return _exactly(self, seed) if exact else check_result(self, seed)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.kind.capitalize()} with respect to {self.wrt}: {self.text}>"


@dataclass(frozen=True)
class Differential(DifferentialForm, Rendered, Checkable):
    """dF in terms of the differentials of its variables, and what is read off it."""

    report: object = field(default=None, compare=False)

    @classmethod
    def of(cls, differential: DifferentialForm) -> Differential:
        """The same differential with these verbs."""
        return cls(**_values(differential))

    def check(self, seed: int = 0, exact: bool = False):
        """dF along random changes of each variable against differences: a CheckReport.

        exact   decide without a tolerance, over prime fields, where that is possible
        """
        from ..numeric.check import check_differential
        return _exactly(self, seed) if exact else check_differential(self, seed)

    def __repr__(self) -> str:
        return f"<Differential of {self.model.output.name}: {self.text}>"


@dataclass(frozen=True)
class Backpropagation(Rendered):
    """The equations of a network of symbolic depth (`derive.depth`), and their check."""

    equations: object
    report: object = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.render("text").rstrip("\n")

    def __repr__(self) -> str:
        return f"<{self.equations.family.title}>"


def _known(**options: tuple[str, tuple[str, ...]]) -> None:
    """Raise MatcalcError (M510) for a value that is not among the known ones."""
    for name, (value, known) in options.items():
        if value not in known:
            raise fail("M510", f"there is no {name} `{value}`", help=f"use {', '.join(known[:-1])} or {known[-1]}")


def refuse_if_wrong(report) -> None:
    """Raise MatcalcError (M600) for a report that says "disagrees"."""
    if report.verdict == "disagrees":
        raise fail("M600", "matcalc's own check contradicts its formula, so no formula is shown",
                   facts=tuple(str(report).splitlines()),
                   help="please report this input: it has found a mistake in matcalc")


def _values(obj) -> dict:
    return {f.name: getattr(obj, f.name) for f in fields(obj)}


def _exactly(thing, seed: int):
    from ..numeric.second import check_exactly
    return check_exactly(thing, seed)
