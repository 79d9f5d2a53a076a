"""Which function of a program is meant, and which of its arguments is which variable."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from ..suggest import closest
from .sandbox.replies import Offered

LAMBDA = {"lam", "lamb", "lmbda", "lamda", "lbd", "λ"}
NOTHING = "The program defines no function, and its lines give no value."
GENERAL = ("grad", "gradient", "gradients", "backward", "jacobian")


class Misfit(NamedTuple):
    """Why a program cannot be called: a word, and a sentence."""

    mistake: str
    words: str


@dataclass(frozen=True)
class Binding:
    """How a function is called.

    places   names of the model passed by position;  names: parameter -> name of the model
    take     of a program line by line: the name whose value is taken, or ""
    remarks  what was decided, in words
    """

    function: str
    places: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    take: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def used(self) -> list[str]:
        return [*self.places, *self.names.values()]

    def argument(self, key: str) -> str:
        """The parameter, or the name of the model at a place."""
        return self.places[int(key)] if key.isdigit() and int(key) < len(self.places) else key


def spelled(name: str) -> str:
    """A name as people mean it: W_1, w1, lam and lambda_ are W1 and lambda."""
    plain = re.sub(r"[\W_]", "", name).lower()
    return "lambda" if plain in LAMBDA else plain


def spellings(wrt: str) -> list[str]:
    """What people call the derivative with respect to a variable, the likeliest first."""
    v = spelled(wrt)
    return [*(before + v for before in ("d", "grad", "gradient", "dld", "dl", "djd", "dfd", "nabla", "g")), f"{v}grad"]


def bound(offered: tuple[Offered, ...], wrt: str, variables: list[str], more: list[str], wanted: str) -> Binding | Misfit:
    """The function that answers, and its arguments.

    variables  of the model, in order;  more: further names that it may take (intermediates, sizes)
    wanted     the name that the problem asks for, or ""
    """
    if not offered:
        return Misfit("no_function", NOTHING)
    if wanted and offered[0].assigned is None:
        named = [f for f in offered if f.name == wanted]
        if not named:
            known = [f.name for f in offered]
            hint = closest(wanted, known).capitalize()
            return Misfit("no_function", f"There is no function {wanted} in the program. {hint}".rstrip())
        return _arguments(named[0], wrt, variables, more)
    tries = [(f, _arguments(f, wrt, variables, more)) for f in offered]
    if len(tries) == 1:
        return tries[0][1]
    for name in (*spellings(wrt), *GENERAL):
        named = [found for f, found in tries if spelled(f.name) == name]
        if len(named) == 1:
            return named[0]
    fitting = [found for f, found in tries if isinstance(found, Binding) and not f.is_helper]
    for some in (fitting, [b for b in fitting if {*b.used} & {*variables}]):
        if len(some) == 1:
            return some[0]
    names = ", ".join(f.name for f in offered[:8])
    return Misfit("which_function", f"It is not clear which of the functions {names} is the answer: call it grad.")


def _arguments(f: Offered, wrt: str, variables: list[str], more: list[str]) -> Binding | Misfit:
    if f.assigned is not None:
        return _of_program(f, wrt, variables, more)
    if f.is_unknown or f.any_places and not f.names:
        return Binding(f.name, tuple(variables))
    found = _by_name(f.names, variables, more)
    missing = [p for p in f.names if p not in found and p not in f.optional]
    in_order = dict(zip([p for p in f.names if p in found or p in missing], variables, strict=False))
    if missing and len(in_order) == len(variables) == len(found) + len(missing) and found.items() <= in_order.items():
        found = in_order
    elif missing:
        return Misfit("arguments", f"The function takes {_listed(f.names)}; the problem has {', '.join(variables)}. "
                      "Name the arguments like the variables, or take all of them in this order.")
    if f.any_names:
        found |= {v: v for v in variables if v not in found.values() and v.isidentifier()}
    places = tuple(found[p] for p in f.by_place if p in found)
    names = {p: v for p, v in found.items() if p not in f.by_place}
    other = [f"{p} as {v}" for p, v in found.items() if p != v]
    return Binding(f.name, places, names, "", (f"took your {', '.join(other)}",) if other else ())


def _of_program(f: Offered, wrt: str, variables: list[str], more: list[str]) -> Binding | Misfit:
    if not f.assigned:
        return Misfit("no_function", NOTHING)
    found = _by_name(f.names, variables, more)
    unknown = [p for p in f.names if p not in found]
    if unknown:
        return Misfit("arguments", f"The program uses {_listed(unknown)}, which it does not define; the problem has "
                      f"{', '.join(variables)}.")
    good = spellings(wrt)
    take = next((n for g in [*good, *GENERAL] for n in f.assigned if spelled(n) == g), "")
    other = [f"{p} as {v}" for p, v in found.items() if p != v]
    return Binding("", (), found, take, (f"took your {', '.join(other)}",) if other else ())


def _by_name(parameters, variables: list[str], more: list[str]) -> dict[str, str]:
    """parameter -> name of the model: names as they are first, then spelled otherwise."""
    found = {p: p for p in parameters if p in variables or p in more}
    for p in parameters:
        near = [n for n in variables if n not in found.values() and spelled(n) == spelled(p)]
        if p not in found and len(near) == 1:
            found[p] = near[0]
    return {p: found[p] for p in parameters if p in found}


def _listed(names) -> str:
    return f"({', '.join(names)})" if names else "no arguments"
