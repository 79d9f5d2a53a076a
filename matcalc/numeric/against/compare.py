"""Somebody else's gradient against ours, at every entry.

Both are arrays of the same numbers, so they are compared directly; differences of
the loss are the third opinion (at the worst entry and along a direction), and
points nearby tell rounding from error.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import perf_counter
from typing import Callable

import numpy as np

from ...errors import MatcalcError, fail
from ...suggest import closest
from ..check import NO_POINT, POINTS, as_function_of
from ..codegen.program import python_name
from ..diagnosis import Evidence, diagnose
from ..differences import five_point
from ..kinks import on_kinks, one_sided
from ..relations import is_close
from ..sample import Point
from ..taylor import made_easy, slopes
from . import places
from .answer import Fault
from .call import Callee
from .judge import ORDER, Judged, judged, worse
from .report import Comparison, VariableComparison
from .run import Run, judge_losses, note_loss, same

NEARBY_PAIRS = 2
LARGE_STEPS = {"count": 8, "start": 0.01, "ratio": 0.25}


@dataclass
class _Seen:
    """What one variable showed over the points."""

    verdict: str = "agrees"
    error: float = 0.0
    noise: float = 0.0
    worst: tuple[int, Judged] | None = None
    is_zero: bool = True


def check_against(derivation, function, seed: int = 0, sizes: dict[str, int] | None = None, at: dict | None = None,
                  order: list[str] | None = None, arrays: str = "", name: str = "", isolate: bool = False,
                  seconds: float | None = None, gigabytes: float | None = None, progress: Callable | None = None) -> Comparison:
    """Compare a function's gradients with those of a derivation.

    function  a callable, or "FILE.py:function";  isolate: load the latter in a process of its own
    sizes     sizes that are not drawn;  at: values of all variables, instead of random points
    order     order of the gradients in a tuple;  arrays: "numpy", "jax", "torch", or "" to find out
    progress  called with (done, total) after every step

    Raises MatcalcError: M620 to M627, M302, M603 to M606.
    """
    started = perf_counter()
    model = derivation.model
    _refuse_what_cannot_be(derivation, function, order, isolate)
    taken: set[str] = set()
    names = {n: python_name(n, taken) for n in model.variables}
    order = order or default_order(derivation)
    called = name or (function if isinstance(function, str) else getattr(function, "__name__", type(function).__name__))
    where = places.points(model, seed, POINTS, sizes or {}, at)
    if not where:
        return Comparison(called, (), seed=seed, reason=NO_POINT)
    callee = _callee(function, names, order, arrays, isolate, seconds, gigabytes)
    try:
        run = Run(derivation, callee, called, names, order, progress or (lambda done, total: None))
        return replace(_compared(run, where, seed, at is not None), seconds=perf_counter() - started)
    finally:
        if isolate:
            callee.close()


def _refuse_what_cannot_be(derivation, function, order: list[str] | None, isolate: bool) -> None:
    """Raises MatcalcError: M302 (order), M603 (a function without values), M620 (isolate)."""
    for name in order or ():
        if name not in derivation.gradients:
            raise fail("M302", f"no gradient of `{name}` was derived", help=closest(name, derivation.gradients))
    missing = [n for n in derivation.gradients if order and n not in order]
    if missing:
        raise fail("M302", f"the order of the gradients lacks `{missing[0]}`", help="name every gradient that was derived")
    for f in derivation.model.functions.values():
        if f.body is None:
            raise fail("M603", f"the function `{f.name}` is abstract, so it has no values to compare",
                       help=f"define it:  {f.name}(t) = ...")
    if isolate and not isinstance(function, str):
        raise fail("M620", "only a function that is named can be isolated", help='pass it as "FILE.py:function"')


def default_order(derivation) -> list[str]:
    """Order of the gradients in a tuple: that of the variables in the model."""
    model = derivation.model
    known = [*model.variables, *(a.name for a in model.assignments)]
    return sorted(derivation.gradients, key=known.index)


def _callee(function, names, order, arrays, isolate, seconds, gigabytes):
    if isolate:
        from .isolate import GIGABYTES, SECONDS, Isolated
        return Isolated(function, names, order, arrays, seconds or SECONDS, gigabytes or GIGABYTES)
    if isinstance(function, str):
        from .load import load
        function = load(function)
    return Callee(function, names, order, arrays)


def _compared(run: Run, where: list[Point], seed: int, own_point: bool) -> Comparison:
    model, names = run.derivation.model, list(run.derivation.gradients)
    ours_at = places.Ours(run.derivation, where[0].sizes)
    is_large = places.entries(model, where[0].sizes) > places.LARGE
    near_count = 1 if is_large else NEARBY_PAIRS
    total, done = len(where) * (2 + near_count) + len(names), 0
    seen = {n: _Seen() for n in names}
    evidence: list[Evidence] = []
    reason = ""
    for k, point in enumerate(where):
        rng = np.random.default_rng([seed, k, 1])
        point = where[k] = _off_kinks(run, point, rng)
        answer, ours = run.answer(point), ours_at(point)
        run.progress(done := done + 1, total)
        if k == 0 and not same(answer, run.answer(point)):
            run.note(Fault("M637", "", "two calls with the same arguments give different gradients", is_wrong=False))
            reason = "the function is not deterministic"
        run.progress(done := done + 1, total)
        note_loss(run, answer, point)
        near = []
        for _ in range(near_count):
            near.append([(run.answer(p).gradients, ours_at(p)) for p in places.nearby(model, point, rng)])
            run.progress(done := done + 1, total)
        for n in names:
            pairs = [((t[n], o[n]), (u[n], p[n])) for (t, o), (u, p) in near if n in t and n in u]
            _judge(seen[n], k, answer.gradients.get(n), ours[n], pairs, run.single)
        evidence.append(Evidence(point, {**answer.gradients, **answer.raw}, ours))
    judge_losses(run)
    for name in dict.fromkeys(place[1] for place in sorted(one_sided(model, where))) if not own_point else ():
        run.note(Fault("M643", "", f"only one side of the kink of {name} was visited", is_wrong=False))
    for n, s in seen.items():
        if s.is_zero and s.verdict == "agrees" and not places.is_formally_zero(run.derivation[n]):
            s.verdict = "cannot tell"
            run.note(Fault("M640", n, "both gradients are zero at every point, which shows nothing", is_wrong=False))
    lines = [f"{n}: {_why_open(s)}" for n, s in seen.items() if s.verdict == "cannot tell" and not s.is_zero]
    lines += _diagnosis(run, evidence, [n for n in names if seen[n].verdict == "disagrees"], seed)
    variables = []
    for n in names:
        variables.append(_third_opinion(run, seen[n], n, where, evidence, is_large, seed))
        run.progress(done := done + 1, total)
    return Comparison(run.called, tuple(variables), tuple(lines), tuple(run.faults.values()), len(where), seed,
                      dict(where[-1].sizes), sum(evidence[0].ours[n].size for n in names), reason=reason)


def _off_kinks(run: Run, point: Point, rng) -> Point:
    found = on_kinks(run.derivation.model, point)
    if not found:
        return point
    run.note(Fault("M639", "", f"the point lies on a kink of {', '.join(found)}, where any slope in between is right; "
                   "compared a little beside it", is_wrong=False))
    return places.away(run.derivation.model, point, rng)


def _judge(seen: _Seen, k: int, theirs: np.ndarray | None, ours: np.ndarray, near: list, single: bool) -> None:
    if theirs is None:
        seen.verdict, seen.is_zero = "disagrees", False
        return
    if not np.all(np.isfinite(ours)):
        seen.verdict, seen.is_zero = worse(seen.verdict, "cannot tell"), False
        return
    if not np.all(np.isfinite(theirs)):
        seen.verdict, seen.is_zero = "disagrees", False
        return
    found = judged(theirs, ours, [p for p in near if np.all(np.isfinite(p))], single)
    seen.is_zero &= not ours.any() and not theirs.any()
    if seen.worst is None or (ORDER.index(found.verdict), found.error) > (ORDER.index(seen.worst[1].verdict), seen.error):
        seen.worst, seen.error, seen.noise = (k, found), found.error, found.noise
    seen.verdict = worse(seen.verdict, found.verdict)


def _why_open(seen: _Seen) -> str:
    """Why one variable is neither right nor wrong."""
    if seen.worst is None:
        return "the derived gradient is not finite at these points"
    if seen.error > 10 * seen.noise:
        return (f"differs by {seen.error:.0e}, more than rounding does and less than a wrong formula usually would: "
                "a difference quotient, or a small constant in a denominator?")
    return f"the rounding of your function ({seen.noise:.0e} of the gradient) hides the answer"


def _diagnosis(run: Run, evidence: list[Evidence], wrong: list[str], seed: int) -> list[str]:
    tolerance = 1e-3 if run.single else 1e-6
    usable = [n for n in wrong if all(n in e.theirs and np.all(np.isfinite(e.theirs[n])) for e in evidence)]
    if not usable:
        return []
    model = run.derivation.model
    if len(evidence) == 1:  # several small points say more, if the function takes them
        small = _small_evidence(run, usable, seed)
        found = diagnose(model, small, usable, tolerance) if small else None
        if found and (found.whole or len(found.variables) == len(usable)):
            return found.lines
    return diagnose(model, evidence, usable, tolerance).lines


def _small_evidence(run: Run, wrong: list[str], seed: int) -> list[Evidence]:
    """Points of small sizes at which the function is wrong in the same variables, or none."""
    aside = replace(run, faults={}, losses=[])
    out = []
    try:
        for point in places.points(run.derivation.model, seed, POINTS, {}, None):
            answer, ours = aside.answer(point), places.Ours(run.derivation, point.sizes)(point)
            theirs = {**answer.gradients, **answer.raw}
            if any(n not in theirs or is_close(theirs[n], ours[n]) for n in wrong):
                return []
            out.append(Evidence(point, theirs, ours))
    except MatcalcError:
        return []
    return out


def _third_opinion(run: Run, seen: _Seen, name: str, where: list[Point], evidence: list[Evidence], is_large: bool,
                   seed: int) -> VariableComparison:
    """The worst entry by differences of the loss, and the Taylor test of both gradients."""
    if seen.worst is None:
        return VariableComparison(name, seen.verdict)
    k, found = seen.worst
    theirs, ours = evidence[k].theirs[name], evidence[k].ours[name]
    f = made_easy(as_function_of(run.derivation.model, where[k], name))
    entry = np.zeros(f.x.shape)
    entry.reshape(-1)[np.ravel_multi_index(found.index, ours.shape) if ours.ndim else 0] = 1
    direction = np.random.default_rng([seed, 2]).normal(size=f.x.shape)
    direction *= max(float(np.sqrt(np.mean(f.x ** 2))), 1e-3)
    with np.errstate(all="ignore"):
        numeric = float(five_point(f, entry).reshape(-1)[0])
        along = [float(np.vdot(g.reshape(f.x.shape), direction)) for g in (theirs, ours)]
        steps = LARGE_STEPS if is_large else {}
        slope, our_slope = slopes(f, direction, along, precision=1e-6 if run.single else 1e-12, **steps)
    mine, own = float(theirs[found.index]), float(ours[found.index])
    verdict = seen.verdict
    if verdict == "disagrees" and abs(numeric - own) > 1e-3 * abs(own) and abs(numeric - mine) < 1e-5 * abs(own - mine):
        verdict = "cannot tell"
        run.note(Fault("M641", name, "differences of the loss side with the function against matcalc", is_wrong=False))
    return VariableComparison(name, verdict, seen.error, seen.noise, found.index, mine, own, numeric, slope, our_slope)
