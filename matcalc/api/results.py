"""Derivations and results with the verbs that need numbers, code and templates."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from ..derive import result as engine
from ..derive.differential import Differential as DifferentialForm
from ..errors import fail
from ..expr.display import Lines, Shown

TARGETS = ("numpy",)


class Rendered(Shown):
    """What can be rendered, and shows its answers in a notebook."""

    def render(self, format: str = "text", **options) -> str:
        """As text of a format: see `matcalc.render.render`."""
        from ..render import render
        return render(self, format, **options)

    def _lines(self, kind: str) -> Lines:
        from ..render.display import shown_lines
        return shown_lines(self, kind)


@dataclass(frozen=True)
class Derivation(engine.Derivation, Rendered):
    """A derivation that can be checked, run, written as code and rendered."""

    @classmethod
    def of(cls, derivation: engine.Derivation) -> Derivation:
        """The same derivation with these verbs."""
        return cls(**_values(derivation))

    def check(self, seed: int = 0):
        """Every gradient against finite differences: a CheckReport."""
        from ..numeric.check import check_derivation
        return check_derivation(self, seed)

    def checked(self, seed: int = 0) -> Derivation:
        """This derivation with its report. Raises MatcalcError (M600) when the
        check contradicts a formula."""
        report = self.check(seed)
        refuse_if_wrong(report)
        return replace(self, report=report)

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

    def code(self, target: str = "numpy") -> str:
        """A stand-alone module. Raises MatcalcError (M510) for an unknown target."""
        if target not in TARGETS:
            raise fail("M510", f"there is no target `{target}`", help="use the target numpy")
        from ..numeric.code import function_source
        return function_source(self)

    def __str__(self) -> str:
        return self.render("text").rstrip("\n")

    def __repr__(self) -> str:
        return f"<Derivation of {self.model.output.name}: gradients of {', '.join(self.gradients)}>"


@dataclass(frozen=True)
class Result(engine.Result, Rendered):
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

    def check(self, seed: int = 0):
        """This formula against finite differences: a CheckReport."""
        from ..numeric.check import check_result
        return check_result(self, seed)

    def checked(self, seed: int = 0) -> Result:
        """This result with its report. Raises MatcalcError (M600)."""
        report = self.check(seed)
        refuse_if_wrong(report)
        return replace(self, report=report)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{self.kind.capitalize()} with respect to {self.wrt}: {self.text}>"


@dataclass(frozen=True)
class Differential(DifferentialForm, Rendered):
    """dF in terms of the differentials of its variables, and what is read off it."""

    report: object = field(default=None, compare=False)

    @classmethod
    def of(cls, differential: DifferentialForm) -> Differential:
        """The same differential with these verbs."""
        return cls(**_values(differential))

    def check(self, seed: int = 0):
        """dF along random changes of each variable against differences: a CheckReport."""
        from ..numeric.check import check_differential
        return check_differential(self, seed)

    def checked(self, seed: int = 0) -> Differential:
        """This differential with its report. Raises MatcalcError (M600)."""
        report = self.check(seed)
        refuse_if_wrong(report)
        return replace(self, report=report)

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


def refuse_if_wrong(report) -> None:
    """Raise MatcalcError (M600) for a report that says "disagrees"."""
    if report.verdict == "disagrees":
        raise fail("M600", "matcalc's own check contradicts its formula, so no formula is shown",
                   facts=tuple(str(report).splitlines()),
                   help="please report this input: it has found a mistake in matcalc")


def _values(obj) -> dict:
    return {f.name: getattr(obj, f.name) for f in fields(obj)}
