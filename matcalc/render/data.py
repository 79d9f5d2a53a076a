"""Derivations and results as plain data for JSON: the schema programs rely on."""

from __future__ import annotations

from ..errors import MatcalcError
from ..expr.latex import latex
from ..expr.text import text


def formula(e) -> dict:
    return {"text": text(e), "latex": latex(e)}


def derivation_data(d) -> dict:
    """loss, variables, forward, backward, gradients, steps, assumptions, check."""
    loss, loss_note = _written(lambda: d.loss)
    return {
        "loss": {"name": d.model.output.name, **(formula(loss) if loss is not None else _none(loss_note))},
        "layout": d.layout,
        "variables": variables_data(d.model),
        "forward": [_equation(e) for e in d.forward],
        "backward": [_equation(e) for e in d.backward],
        "gradients": {g.name: _gradient(g) for g in d},
        "steps": steps_data(d.trail),
        "assumptions": list(d.assumptions),
        "notes": list(d.model.notes),
        "check": check_data(d.report),
    }


def result_data(r) -> dict:
    """The same for a gradient, Jacobian or Hessian of one expression."""
    return {
        "kind": r.kind,
        "wrt": r.wrt,
        **formula(r.form),
        "shape": list(r.shape),
        "convention": r.convention,
        "function": formula(r.function),
        "variables": variables_data(r.model),
        "steps": steps_data(r.steps),
        "assumptions": list(r.assumptions),
        "notes": list(r.model.notes),
        "check": check_data(r.report),
    }


def variables_data(model) -> dict:
    return {v.name: {**v.to_json(), "declared": v.declared} for v in model.variables.values()}


def steps_data(trail) -> list[dict]:
    return [{"rule": s.rule, "source": s.source, "target": text(s.target), "before": text(s.before),
             "after": text(s.after), "because": s.because, "cites": list(s.cites)} for s in trail]


def check_data(report) -> dict | None:
    return None if report is None else report.to_json()


def _equation(e) -> dict:
    return {"name": e.name, "lhs": text(e.lhs), "rhs": text(e.rhs),
            "latex": f"{latex(e.lhs)} = {latex(e.rhs)}", "note": e.note}


def _gradient(g) -> dict:
    """text and latex are null, and the note says why, where the closed form is too long."""
    closed, note = _written(lambda: g.closed_form)
    return {**(formula(closed) if closed is not None else _none(note)),
            "named_text": g.named_text, "named_latex": g.named_latex,
            "shape": list(g.shape), "note": note or g.note}


def _none(note: str) -> dict:
    return {"text": None, "latex": None, "note": note}


def _written(make):
    """The formula that `make` gives and "", or None and why it is too long."""
    try:
        return make(), ""
    except MatcalcError as problem:
        if problem.diagnostic.code != "M304":
            raise
        return None, problem.diagnostic.message
