"""What a comparison with somebody else's gradient found."""

from __future__ import annotations

from dataclasses import dataclass, field

from .answer import Fault

TINY = 1e-11  # shown no smaller: what lies below depends on the machine


@dataclass(frozen=True)
class VariableComparison:
    """One variable's gradient: theirs, ours, and differences of the loss as the third opinion.

    relative_error   largest ||theirs - ours|| / max of the norms over the points
    noise            how large that may be by rounding
    worst_index      entry that differs most, with the three values there
    slope, our_slope Taylor test: 2 (or more) right, 1 wrong, None exact or not done
    """

    name: str
    verdict: str
    relative_error: float = float("nan")
    noise: float = float("nan")
    worst_index: tuple[int, ...] | None = None
    theirs: float = float("nan")
    ours: float = float("nan")
    differences: float = float("nan")
    slope: float | None = None
    our_slope: float | None = None

    def to_json(self) -> dict:
        return {"verdict": self.verdict, "relative_error": _finite(self.relative_error), "noise": _finite(self.noise),
                "worst_index": None if self.worst_index is None else list(self.worst_index),
                "theirs": _finite(self.theirs), "ours": _finite(self.ours), "differences": _finite(self.differences),
                "taylor_slope": _finite(self.slope), "our_taylor_slope": _finite(self.our_slope)}


@dataclass(frozen=True)
class Comparison:
    """All variables, in the order of the gradients.

    function  what was called;  diagnosis: sentences that say how it is wrong
    faults    what else was seen;  parameters: numbers compared at one point
    reason    why nothing can be told, or ""
    """

    function: str
    variables: tuple[VariableComparison, ...]
    diagnosis: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    points: int = 0
    seed: int = 0
    sizes: dict = field(default_factory=dict)
    parameters: int = 0
    seconds: float = 0.0
    reason: str = ""

    @property
    def verdict(self) -> str:
        """"disagrees" if anything is wrong, else "cannot tell" if anything is open, else "agrees"."""
        found = {v.verdict for v in self.variables}
        if "disagrees" in found or any(f.is_wrong for f in self.faults):
            return "disagrees"
        return "cannot tell" if self.reason or "cannot tell" in found else "agrees"

    @property
    def line(self) -> str:
        """One line with the verdict."""
        if self.reason:
            return f"cannot tell: {self.reason}"
        places = f"at {self.points} point{'s' if self.points != 1 else ''}"
        if self.verdict == "agrees":
            worst = max((v.relative_error for v in self.variables), default=0.0)
            return f"{self.function} agrees with the derivation {places} (largest relative error {_error(worst)})"
        wrong = [v.name for v in self.variables if v.verdict == self.verdict]
        of = f" in {', '.join(wrong)}" if wrong else ""
        if self.verdict == "disagrees":
            return f"{self.function} disagrees with the derivation{of}"
        return f"cannot tell whether {self.function} agrees with the derivation{of}"

    def to_json(self) -> dict:
        return {"verdict": self.verdict, "line": self.line, "function": self.function, "reason": self.reason,
                "diagnosis": list(self.diagnosis),
                "faults": [{"code": f.code, "variable": f.name or None, "text": f.words, "wrong": f.is_wrong}
                           for f in self.faults],
                "points": self.points, "seed": self.seed, "sizes": self.sizes, "parameters": self.parameters,
                "seconds": round(self.seconds, 3), "variables": {v.name: v.to_json() for v in self.variables}}

    def __str__(self) -> str:
        rows = [("", "verdict", "relative error", "noise", "worst entry", "yours", "matcalc", "differences", "Taylor")]
        for v in self.variables:
            is_exact = v.verdict == "agrees" and v.relative_error < TINY
            entry = "" if not v.worst_index or is_exact else f"[{', '.join(map(str, v.worst_index))}]"
            values = ("", "", "") if is_exact else tuple(map(_number, (v.theirs, v.ours, v.differences)))
            noise = "" if v.noise != v.noise else _error(v.noise)
            rows.append((v.name, v.verdict, _error(v.relative_error), noise, entry, *values, _slope(v)))
        kept = [i for i in range(len(rows[0])) if i == 0 or any(r[i] for r in rows[1:])]
        widths = {i: max(len(r[i]) for r in rows) for i in kept}
        table = ["  ".join(r[i].ljust(widths[i]) for i in kept).rstrip() for r in rows] if self.variables else []
        return "\n".join([*table, *self.diagnosis, *self._fault_lines(), self.line])


    def _fault_lines(self) -> list[str]:
        """The same fault of several variables on one line."""
        names: dict[tuple[str, str], list[str]] = {}
        for f in self.faults:
            names.setdefault((f.code, f.words), []).append(f.name)
        return [Fault(code, ", ".join(filter(None, n)), words).line for (code, words), n in names.items()]


def _slope(v: VariableComparison) -> str:
    """Yours, and ours where they are not alike."""
    if v.slope is None:
        return "exact" if v.our_slope is None and v.verdict == "agrees" else ""
    ours = "" if v.our_slope is None or v.verdict == "agrees" else f" (matcalc {v.our_slope:.2f})"
    return f"{v.slope:.2f}{ours}"


def _error(x: float) -> str:
    return "" if x != x else f"< {TINY:.0e}" if x < TINY else f"{x:.0e}" if x < 1e-3 else f"{x:.2g}"


def _number(x: float) -> str:
    return "" if x != x else f"{x:.6g}"


def _finite(x: float | None) -> float | None:
    return None if x is None or x != x or abs(x) == float("inf") else x
