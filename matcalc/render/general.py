"""The view of a network of symbolic depth."""

from __future__ import annotations

from dataclasses import dataclass

from ..expr import build
from ..expr.latex import latex
from ..expr.node import Expr, walk
from ..expr.rename import renamed, replaced
from ..expr.text import text
from ..lang import all_of, one_by_one, said
from .lines import Line


@dataclass(frozen=True)
class Command:
    """A line of the algorithm: its number, how deep it stands in loops, its text."""

    number: int
    depth: int
    text: str


@dataclass(frozen=True)
class GeneralView:
    """What the templates print of `derive.depth.Backpropagation`.

    layers     "i = 1, ..., L";  back: "i = L - 1, ..., 1"
    unrolled   the recurrence as a product;  meaning: what it says
    """

    heading: str
    layers: str
    back: str
    last: str
    forward: tuple[Line, ...]
    ending: tuple[Line, ...]
    start: tuple[Line, ...]
    recurrence: tuple[Line, ...]
    delta: Line
    meaning: str
    gradients: tuple[Line, ...]
    unrolled: Line
    algorithm: tuple[Command, ...]
    check: str


def general_view(result, printer) -> GeneralView:
    """The view of a `Backpropagation`, printed by `printer`."""
    general = result.equations
    i, last = general.family.index, general.family.last
    return GeneralView(
        heading=printer.said(general.family.title),
        layers=printer.steps(i, "1", last), back=printer.steps(i, f"{last} - 1", "1"), last=last,
        forward=_lines(general.forward, general.family, printer), ending=_lines(general.ending, general.family, printer),
        start=_lines(general.start, general.family, printer),
        recurrence=_lines(general.recurrence, general.family, printer),
        delta=_line(general.delta, general.family, printer),
        meaning=printer.said(said("In one equation, with {delta} = {cotangent}:", delta=general.delta.lhs,
                                  cotangent=_state(general))),
        gradients=_lines(general.gradients, general.family, printer),
        unrolled=_unrolled(general, printer), algorithm=_algorithm(general, printer),
        check=_check(result, printer))


def general_data(result) -> dict:
    """The same as plain data for JSON."""
    general = result.equations

    def equation(e) -> dict:
        return {"name": e.name, "lhs": text(e.lhs), "rhs": text(e.rhs), "sum": e.is_sum,
                "latex": f"{latex(e.lhs)} = {latex(e.rhs)}"}
    parts = {part: [equation(e) for e in getattr(general, part)]
             for part in ("forward", "ending", "start", "recurrence", "gradients")}
    return {"index": general.family.index, "last": general.family.last, **parts, "delta": equation(general.delta),
            "factor": {"text": text(general.factor), "latex": latex(general.factor)},
            "check": None if result.report is None else result.report.to_json()}


def _check(result, printer) -> str:
    if result.report is None:
        return ""
    network = said("the network with {n} layers was checked", n=_depth(result.equations))
    return printer.plain(one_by_one([result.report.line, network]))


def _depth(general) -> int:
    from ..derive.depth import number
    return max(number(a.name) for a in general.model.assignments)


def _lines(equations, family, printer) -> tuple[Line, ...]:
    return tuple(_line(e, family, printer) for e in equations)


def _line(e, family, printer) -> Line:
    rhs = printer.formula(e.rhs)
    if e.is_sum:
        rhs = printer.series("sum", printer.enclosed(rhs) if e.rhs.op == "add" else rhs,
                             family.index, "1", family.last)
    note = printer.aside(printer.less(family.index, family.last)) if not e.has_last else ""
    return Line(printer.formula(e.lhs), rhs, note)


def _state(general) -> Expr:
    """dJ/da_i"""
    name = f"{general.family.state}_{general.family.index}"
    return build.cot("J", name, general.delta.rhs.shape)


def _unrolled(general, printer) -> Line:
    """dJ/da_i as a product that runs to the last layer; where more enters on the way,
    the part of it that comes from the end."""
    i, last = general.family.index, general.family.last

    def at(k: str, old: str = f"_{i}"):
        return lambda name: name.replace(old, f"_{k}")
    product = printer.series("product", printer.formula(renamed(general.factor, at("k"))), "k", i, f"{last} - 1")
    end = printer.formula(renamed(general.delta.lhs, at(last)))
    factors = [printer.enclosed(product), end, *([] if general.is_pure else [printer.dots])]
    return Line(printer.formula(general.delta.lhs), printer.beside(factors))


def _algorithm(general, printer) -> tuple[Command, ...]:
    """Goodfellow et al., algorithm 6.4: forward, then backward with the gradients."""
    i, last = general.family.index, general.family.last

    def assign(e, add: bool = False) -> str:
        e_rhs, e_lhs = _with_delta(general, e.rhs), _with_delta(general, e.lhs)
        return printer.maths(printer.assigned(printer.formula(e_lhs), printer.formula(e_rhs), add))

    def only(line: str, condition: str) -> str:
        return printer.only_if(line, printer.maths(condition))
    before = [e for e in general.start if not e.name.startswith(f"{general.family.state}_")]
    weights = [e for e in general.gradients if e.name != "h_0"]
    lines = [(0, printer.loop(printer.steps(i, "1", last))),
             *((1, assign(e) if e.has_last else only(assign(e), printer.less(i, last))) for e in general.forward),
             (0, printer.said(all_of([
                 printer.maths(printer.assigned(printer.formula(e.lhs), _line(e, general.family, printer).rhs))
                 for e in general.ending]))),
             *((0, assign(e)) for e in [*before, general.start[-1]]),
             (0, printer.loop(printer.steps(i, last, "1"))),
             *((1, assign(e, e.is_sum)) for e in weights),
             (1, only(assign(_one_back(general)), printer.less("1", i)))]
    return tuple(Command(n, depth, line) for n, (depth, line) in enumerate(lines, 1))


def _with_delta(general, e: Expr) -> Expr:
    """delta_i for dJ/da_i."""
    state = general.family.state + "_"
    return replaced(e, {c: build.var("delta_" + c.data[1].removeprefix(state), c.shape)
                        for c in walk(e) if c.op == "cot" and c.data[1].startswith(state)})


def _one_back(general):
    """delta_{i-1} from delta_i."""
    from ..derive.depth import General
    i = general.family.index

    def back(name: str) -> str:
        return name.replace(f"_{i}+1", f"_{i}") if f"_{i}+1" in name else name.replace(f"_{i}", f"_{i}-1")
    e = general.delta
    return General(back(e.name), renamed(e.lhs, back), renamed(e.rhs, back))
