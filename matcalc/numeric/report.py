"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from ..expr.display import HTML, PLAIN, chosen

VERDICTS = ("agrees", "disagrees", "cannot tell")


@dataclass(frozen=True)
class VariableCheck:
    """One gradient against differences.

    relative_error   largest ||analytic - numeric|| / max of the norms over the points
    noise            estimated relative error of the differences themselves
    worst_index      entry with the largest difference, or None (directions)
    analytic, numeric   the two values there
    how              "every entry", "random directions", or "50 digits"
    """

    name: str
    verdict: str
    relative_error: float
    noise: float
    worst_index: tuple[int, int] | None
    analytic: float
    numeric: float
    how: str

    def to_json(self) -> dict:
        return {"verdict": self.verdict, "relative_error": self.relative_error, "noise": self.noise,
                "worst_index": None if self.worst_index is None else list(self.worst_index),
                "analytic": self.analytic, "numeric": self.numeric, "how": self.how}


@dataclass(frozen=True)
class CheckReport:
    """All gradients of a derivation, or one result, against differences.

    kind     "gradient", "jacobian" or "hessian"
    points   number of random points; sizes: those of the last point
    reason   why nothing can be told, or ""
    """

    kind: str
    variables: tuple[VariableCheck, ...]
    points: int
    seed: int
    sizes: dict = field(default_factory=dict)
    reason: str = ""

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
        if self.verdict == "agrees":
            return (f"checked: {what} agree{plural} with central differences at {self.points} random "
                    f"point{'s' if self.points != 1 else ''} (largest relative error {worst:.0e})")
        names = ", ".join(v.name for v in self.variables if v.verdict == self.verdict)
        return f"the check of {names} {'contradicts the formula' if self.verdict == 'disagrees' else 'cannot tell'}"

    def to_json(self) -> dict:
        return {"verdict": self.verdict, "kind": self.kind, "points": self.points, "seed": self.seed,
                "sizes": self.sizes, "reason": self.reason, "line": self.line,
                "variables": {v.name: v.to_json() for v in self.variables}}

    def _rows(self) -> list[tuple[str, ...]]:
        """A row a variable, below the names of the columns."""
        rows = [("", "verdict", "relative error", "noise", "worst entry", "formula", "differences", "how")]
        for v in self.variables:
            entry = "" if v.worst_index is None else f"[{v.worst_index[0]}, {v.worst_index[1]}]"
            rows.append((v.name, v.verdict, f"{v.relative_error:.1e}", f"{v.noise:.0e}", entry,
                         f"{v.analytic:.6g}", f"{v.numeric:.6g}", v.how))
        return rows

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
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
