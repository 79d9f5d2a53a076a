"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from math import ceil, log10

from ..expr.display import HTML, PLAIN, chosen

VERDICTS = ("agrees", "disagrees", "cannot tell")


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
    def line(self) -> str:
        """One line with the largest relative error."""
        if self.reason:
            return f"not checked: {self.reason}"
        n = len(self.variables)
        what = self.kind if n == 1 else f"{n} {self.kind}s"
        plural = "s" if n == 1 else ""
        worst = max((v.relative_error for v in self.variables), default=0.0)
        if self.verdict == "agrees" and any(v.how == "exactly" or v.reason for v in self.variables):
            return "checked: " + self._exactly(what, plural)
        if self.verdict == "agrees":
            return (f"checked: {what} agree{plural} with central differences at {self.points} random "
                    f"point{'s' if self.points != 1 else ''} (largest relative error {worst:.0e})")
        names = ", ".join(v.name for v in self.variables if v.verdict == self.verdict)
        return f"the check of {names} {'contradicts the formula' if self.verdict == 'disagrees' else 'cannot tell'}"

    def _exactly(self, what: str, plural: str) -> str:
        """Which variables were decided without a tolerance, and how the others were."""
        proved = [v.name for v in self.variables if v.how == "exactly"]
        rest = "; ".join(f"{v.name} agrees with differences, {v.how}: {v.reason}"
                         for v in self.variables if v.how != "exactly")
        if not proved:
            return rest
        who, s = (f"{', '.join(proved)}", "" if len(proved) > 1 else "s") if rest else (what, plural)
        where = "over prime fields at two random sizes" if self.sizes else "over prime fields"
        exactly = f"{who} agree{s} exactly, {where} (wrong with probability below {self._bound})"
        return f"{exactly}; {rest}" if rest else exactly

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
