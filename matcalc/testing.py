"""For test suites: `assert_gradient` says whether a function's gradients are right, and how not."""

from __future__ import annotations

from .api import Derivation, derive


def assert_gradient(function, model, wrt=None, **options) -> None:
    """Fail (AssertionError) unless a function's gradients are those of a model.

    function  see `Derivation.check_against`
    model     a source (text, path, Model, Network) or a Derivation
    wrt       variables; default: all but targets; also the order of a tuple
    options   seed, sizes, at, arrays, isolate, ...: see `Derivation.check_against`

    Raises MatcalcError when the function cannot be called or its answer read.
    """
    __tracebackhide__ = True
    derivation = model if isinstance(model, Derivation) else derive(model, wrt)
    if wrt is not None:
        options.setdefault("order", wrt.replace(" ", "").split(",") if isinstance(wrt, str) else list(wrt))
    report = derivation.check_against(function, **options)
    if report.verdict != "agrees":
        raise AssertionError(_message(report, derivation))


def _message(report, derivation) -> str:
    """The report, and the right formulas of the gradients that are wrong."""
    wrong = [v.name for v in report.variables if v.verdict != "agrees"]
    right = [f"  d{derivation.model.output.name}/d{n} = {derivation[n].named_text}" for n in wrong]
    needed = [f"  d{derivation.model.output.name}/d{e.name} = {e.rhs}" for e in derivation.backward if e.name not in wrong]
    lines = [report.line, "", *str(report).splitlines()[:-1]]
    if right:
        lines += ["", "The gradients that are derived:", *needed, *right]
    return "\n".join(lines)
