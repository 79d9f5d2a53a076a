"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from math import ceil, log10

from ..expr.display import HTML, PLAIN, chosen
from ..lang import Said, one_by_one, said

VERDICTS = ("agrees", "disagrees", "cannot tell")
_ONE = {"gradient": said("gradient"), "jacobian": said("jacobian"), "hessian": said("hessian"),
        "hessian product": said("hessian product"), "differential": said("differential")}


@dataclass(frozen=True)
class VariableCheck:
    """One gradient against differences.

    relative_error   largest ||analytic - numeric|| / max of the norms over the points
    noise            estimated relative error of the differences themselves
    worst_index      entry with the largest difference, or None (directions)
    analytic, numeric   the two values there
    how              "every entry", "random directions", "50 digits", or "exactly"
    reason           why it was not decided exactly, where that was asked for, or ""

    What was proved exactly has no worst entry and no two values.
    """

    name: str
    verdict: str
    relative_error: float
    noise: float
    worst_index: tuple[int, int] | None
    analytic: float | None
    numeric: float | None
    how: str
    reason: str = ""

    def to_json(self) -> dict:
        return {"verdict": self.verdict, "relative_error": self.relative_error, "noise": self.noise,
                "worst_index": None if self.worst_index is None else list(self.worst_index),
                "analytic": self.analytic, "numeric": self.numeric, "how": self.how,
                **({"reason": self.reason} if self.reason else {})}


@dataclass(frozen=True)
class CheckReport:
    """All gradients of a derivation, or one result, against differences.

    kind     "gradient", "jacobian" or "hessian"
    points   number of random points; sizes: those of the last point
    reason   why nothing can be told, or ""
    probability   of what was decided exactly: bound of the probability that it is wrong
    """

    kind: str
    variables: tuple[VariableCheck, ...]
    points: int
    seed: int
    sizes: dict = field(default_factory=dict)
    reason: str = ""
    probability: float | None = None

    @property
    def verdict(self) -> str:
        """"disagrees" if any does, else "cannot tell" if any cannot, else "agrees"."""
        found = {v.verdict for v in self.variables}
        if "disagrees" in found:
            return "disagrees"
        return "cannot tell" if self.reason or "cannot tell" in found else "agrees"

    @property
    def line(self) -> Said:
        """One line with the largest relative error."""
        if self.reason:
            return said("not checked: {reason}", reason=self.reason)
        if self.verdict == "agrees" and any(v.how == "exactly" or v.reason for v in self.variables):
            return said("checked: {found}", found=self._exactly())
        if self.verdict == "agrees":
            worst = max((v.relative_error for v in self.variables), default=0.0)
            parts = {"what": self._what, "error": f"{worst:.0e}", "where": said("{n} random points", n=self.points)
                     if self.points != 1 else said("1 random point")}
            if len(self.variables) == 1:
                return said("checked: {what} agrees with central differences at {where} (largest relative error {error})",
                            **parts)
            return said("checked: {what} agree with central differences at {where} (largest relative error {error})", **parts)
        names = tuple(v.name for v in self.variables if v.verdict == self.verdict)
        if self.verdict == "disagrees":
            return said("the check of {names} contradicts the formula", names=names)
        return said("the check of {names} cannot tell", names=names)

    @property
    def _what(self) -> Said:
        """What was checked: a Jacobian, 3 gradients."""
        n = len(self.variables)
        if n == 1:
            return _ONE[self.kind]
        return said("{n} differentials", n=n) if self.kind == "differential" else said("{n} gradients", n=n)

    def _exactly(self) -> str:
        """Which variables were decided without a tolerance, and how the others were."""
        proved = tuple(v.name for v in self.variables if v.how == "exactly")
        rest = [said("{name} agrees with differences, {how}: {reason}", name=v.name, how=v.how, reason=v.reason)
                for v in self.variables if v.how != "exactly"]
        if not proved:
            return one_by_one(rest)
        parts = {"what": proved if rest else self._what, "bound": self._bound,
                 "where": said("over prime fields at two random sizes") if self.sizes else said("over prime fields")}
        exactly = (said("{what} agrees exactly, {where} (wrong with probability below {bound})", **parts)
                   if len(proved) == 1 else
                   said("{what} agree exactly, {where} (wrong with probability below {bound})", **parts))
        return one_by_one([exactly, *rest])

    @property
    def _bound(self) -> str:
        """A power of ten above the probability."""
        return f"1e{ceil(log10(self.probability))}" if self.probability else "1e-30"

    def to_json(self) -> dict:
        exactly = {} if self.probability is None else {"probability_wrong": self.probability}
        return {"verdict": self.verdict, "kind": self.kind, "points": self.points, "seed": self.seed,
                "sizes": self.sizes, "reason": self.reason, "line": self.line, **exactly,
                "variables": {v.name: v.to_json() for v in self.variables}}

    def _rows(self) -> list[tuple[str, ...]]:
        """A row a variable, below the names of the columns; none that is empty."""
        rows = [("", "verdict", "relative error", "noise", "worst entry", "formula", "differences", "how")]
        for v in self.variables:
            entry = "" if v.worst_index is None else f"[{v.worst_index[0]}, {v.worst_index[1]}]"
            errors = ("", "") if v.analytic is None else (f"{v.relative_error:.1e}", f"{v.noise:.0e}")
            rows.append((v.name, v.verdict, *errors, entry, _number(v.analytic), _number(v.numeric), v.how))
        columns = [c for c in zip(*rows, strict=True) if any(c[1:])]
        return list(zip(*columns, strict=True))

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]
        return "\n".join([*table, self.line])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        head, *rows = ("".join(f"<{tag}>{escape(c)}</{tag}>" for c in row)
                       for row, tag in zip(self._rows(), ["th", *["td"] * len(self.variables)], strict=True))
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{escape(self.line)}</p>"

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return chosen({PLAIN: str(self), HTML: self._repr_html_()}, include, exclude)


def _number(x: float | None) -> str:
    return "" if x is None else f"{x:.6g}"
