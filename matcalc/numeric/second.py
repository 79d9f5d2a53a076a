"""A check without a tolerance where that is possible, and with 50 digits where it is not."""

from __future__ import annotations

from dataclasses import replace

from ..derive.differential import Differential
from ..derive.result import Derivation
from ..expr.node import walk
from ..lang import said
from ..model import Model
from ..rules import ENTRYWISE
from . import check, exact
from .decide import Verdict
from .report import CheckReport, VariableCheck
from .sample import draw


def check_exactly(thing, seed: int = 0) -> CheckReport:
    """A derivation, result or differential: decided over prime fields; what cannot be
    decided there is compared with differences in 50 digits."""
    if _has_domain(thing.model) and draw(thing.model, [seed, 0]) is None:
        return CheckReport(getattr(thing, "kind", "gradient"), (), 0, seed, {}, check.NO_POINT)
    if isinstance(thing, Derivation):
        kind, verdicts = "gradient", exact.check_derivation(thing, seed)
    elif isinstance(thing, Differential):
        kind, verdicts = "differential", exact.check_differential(thing, seed)
    else:
        kind, verdicts = thing.kind, exact.check_result(thing, seed)
    proved = {n: VariableCheck(n, "agrees", 0.0, 0.0, None, None, None, said("exactly"))
              for n, v in verdicts.items() if v.result}
    others = [n for n in verdicts if n not in proved]
    report = _with_digits(thing, others, seed) if others else CheckReport(kind, (), 0, seed)
    numbers = {v.name: v for v in report.variables}
    found = [proved.get(n) or _judged(n, v, numbers.get(n), report) for n, v in verdicts.items()]
    sizes = next((v.sizes[-1] for v in verdicts.values() if v.sizes), report.sizes)
    decided = [v.probability for v in verdicts.values() if v.result is not None]
    return CheckReport(kind, tuple(found), max([len(v.sizes) for v in verdicts.values()] + [report.points]), seed, sizes,
                       "" if decided else report.reason, max(decided) if decided else None)


def _has_domain(model: Model) -> bool:
    """Whether an operation has a value only on a part of the real numbers, which a
    prime field knows nothing about: log, sqrt, logdet."""
    parts = walk(*(a.expr for a in model.assignments))
    return any(e.op == "logdet" or e.op == "fn" and not e.data.is_user and ENTRYWISE[e.data.name].domain for e in parts)


def _with_digits(thing, names: list[str], seed: int) -> CheckReport:
    if isinstance(thing, Derivation):
        return check.check_derivation(thing, seed, names, precisely=True)
    if isinstance(thing, Differential):
        return check.check_differential(thing, seed, precisely=True)
    return check.check_result(thing, seed, precisely=True)


def _judged(name: str, verdict: Verdict, numbers: VariableCheck | None, report: CheckReport) -> VariableCheck:
    """What is wrong exactly is wrong, with the entry that shows it; else what the digits say."""
    if verdict.result is False:
        shown = numbers or VariableCheck(name, "", float("inf"), 0.0, None, None, None, "")
        return replace(shown, verdict="disagrees", how=said("exactly"))
    if numbers is None:
        return VariableCheck(name, "cannot tell", float("nan"), float("nan"), None, None, None, said("nothing"), report.reason)
    return replace(numbers, reason=verdict.reason)
