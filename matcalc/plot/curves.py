"""Curves: step sizes of differences, gradients by depth, learning rates."""

from __future__ import annotations

import re

from ..api import derive, read
from ..derive.engine import is_input
from ..errors import fail
from ..expr.names import unicode_name
from ..lang import said
from ..rules import ENTRYWISE
from .canvas import COLOURS, axes, figure

RATES = (said("too low"), said("right"), said("too high"))
ENTRY = re.compile(r"([a-z_0-9]+)\s*(?::\s*([0-9.]+))?")


def differences(source, reading: dict, say, at=None, wrt=None, seed: int = 0):
    """The V: cutting off on the right, rounding on the left."""
    figure()
    from ..numeric import studies
    d = derive(source, wrt, check=False, **reading)
    name = next(iter(d.gradients))
    found = studies.differences(d, name, at, seed)
    out = axes(say(said("Finite differences for the gradient by {variable}", variable=_plain(name))), say(said("step size {h}", h="$h$")),
               say(said("relative error")))
    tiny = 1e-17
    out.loglog(found.steps, found.forward + tiny, color=COLOURS[0], label="$(f(x+h) - f(x))/h$")
    out.loglog(found.steps, found.central + tiny, color=COLOURS[1], label="$(f(x+h/2) - f(x-h/2))/h$")
    marks = ((1e-5, "$h = 10^{-5}$", "--", COLOURS[2]), (found.practical, r"$h = \epsilon^{1/3}\,x_c$", ":", COLOURS[3]))
    for h, label, style, colour in marks:
        out.axvline(h, linestyle=style, color=colour, label=label)
    out.set_ylim(top=min(out.get_ylim()[1], 1e3))
    out.legend(frameon=False, fontsize=10, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    return out.figure


def norms(source, reading: dict, say, depth: int = 20, width: int = 32, seed: int = 0):
    """The gradient that arrives at every layer, relative to the last (a product of partials);
    of a model, the gradient by every matrix."""
    networks = _activations(source)
    figure()
    from ..numeric import studies
    if networks:
        out = axes(say(said("Gradient by depth")), say(said("layer {i} (the loss is on the right)", i="$i$")),
                   r"$\Vert\partial L/\partial h_i\Vert$ / $\Vert\partial L/\partial h_L\Vert$")
        for k, (function, gain) in enumerate(networks):
            names = [f"h{i}" for i in range(1, depth + 1)]
            d = derive(_network(function, depth, width), names, check=False)
            label = function + (say(said(", weights × {gain}", gain=f"{gain:g}")) if gain != 1 else "")
            found = studies.norms(d, names, studies.weights(d.model, gain, seed))
            _norms(out, k, label, [n / found[-1] for n in found])
        out.set_xticks(range(0, depth + 1, max(1, depth // 10)))
    else:
        out = axes(say(said("Gradient by depth")), "", say(said("norm of the gradient")))
        d = derive(source, check=False, **reading)
        names = [n for n in d.model.variables if n in d.gradients and not is_input(n) and len(d.gradients[n].shape) == 2]
        if not names:
            raise fail("M534", "there are no layers with weights in this model",
                       help='give a model with matrices, or names of activations: matcalc plot norms "sigmoid, tanh, relu"')
        _norms(out, 0, "", studies.norms(d, names, studies.point(d.model, None, seed)))
        out.set_xticks(range(1, len(names) + 1), map(_plain, names))
    out.set_yscale("log")
    if networks:
        out.legend(frameon=False, fontsize=10)
    return out.figure


def _norms(out, k: int, label: str, values: list[float]) -> None:
    out.plot(range(1, len(values) + 1), values, "os^Dv<"[k % 6] + "-", color=COLOURS[k % len(COLOURS)], markersize=4, label=label)


def _plain(name: str) -> str:
    """A name that matplotlib does not take for a formula."""
    return unicode_name(name).replace("$", r"\$")


def _activations(source) -> list[tuple[str, float]]:
    """[("sigmoid", 1), ("relu", 2)] of "sigmoid, relu:2"; [] for a model.
    Raises MatcalcError (M534) where only some of the names are activations."""
    entries = [ENTRY.fullmatch(e.strip()) for e in source.split(",")] if isinstance(source, str) else []
    if not entries or not all(entries) or not any(e[1] in ENTRYWISE for e in entries):
        return []
    unknown = [e[1] for e in entries if e[1] not in ENTRYWISE]
    if unknown:
        raise fail("M534", f"there is no activation `{unknown[0]}`", help="matcalc rules lists the functions")
    return [(e[1], float(e[2] or 1)) for e in entries]


def _network(function: str, depth: int, width: int) -> str:
    """Layers of one width, and half the squared error."""
    lines = [f"x : {width}", f"y : {width} target", *(f"W{i} : {width} x {width}" for i in range(1, depth + 1))]
    before = "x"
    for i in range(1, depth + 1):
        lines.append(f"h{i} = {function}(W{i}*{before})")
        before = f"h{i}"
    return "\n".join([*lines, f"L = 1/2*norm2({before} - y)^2"])


def descent(source, reading: dict, say, at=None, wrt=None, rates=None, steps: int = 40, seed: int = 0):
    """The loss against steps, for learning rates too low, right and too high."""
    figure()
    from ..numeric import studies
    model = read(source, **reading)
    d = derive(model, wrt, check=False)
    names = list(d.gradients)
    if wrt is None:
        names = [n for n in names if not is_input(n)] or names
    start = studies.point(model, at, seed)
    chosen = tuple(rates) if rates else studies.rates(d, names, start, steps)
    words = [f" ({say(w)})" for w in RATES] if not rates else [""] * len(chosen)
    out = axes(say(said("Gradient descent")), say(said("step")), say(said("loss {output}", output=_plain(model.output.name))))
    curves = [studies.descent(d, names, start, r, steps) for r in chosen]
    for k, (rate, losses, word) in enumerate(zip(chosen, curves, words)):
        out.plot(range(len(losses)), losses, color=COLOURS[(0, 2, 1)[k] if k < 3 else k % len(COLOURS)],
                 label=rf"$\eta = ${rate:.3g}{word}")
    lowest = min(float(c.min()) for c in curves)
    if lowest > 0:
        out.set_yscale("log")
        out.set_ylim(lowest / 2, 10 * max(float(c[0]) for c in curves))
    out.legend(frameon=False, fontsize=10)
    return out.figure
