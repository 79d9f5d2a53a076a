"""From lowered formulas to statements: what is named, what is written inside.

A value that is used twice gets a name (that of the model, if it has one); a
named value that is used once, and is short, is written where it is used; what
nothing uses is left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ...expr.build import var
from ...expr.node import Expr, node, walk
from .forms import SPREAD, rebuild

LONG = 24    # nodes of a formula that is no longer written inside another one
CHEAP = ("T", *SPREAD)
VIEWS = ("T", "diagpart", "vec", "mat", "rearrange", "var", *SPREAD)  # results that may share memory with an operand


@dataclass(frozen=True)
class Statement:
    """name = expr; a pair of names for a softmax together with its logarithm."""

    name: str
    expr: Expr
    section: str


class Schedule:
    """The statements of a program, in order.

    lets     (name, lowered formula, section)
    wanted   names that must be computed
    """

    def __init__(self, lets: list[tuple[str, Expr, str]], wanted: set[str], taken: set[str]):
        self.taken = taken
        self.statements: list[Statement] = []
        self.lets = {name: (e, section) for name, e, section in _used(_without_copies(lets, wanted), wanted)}
        self.wanted = wanted
        self.uses = _uses([e for e, _ in self.lets.values()])
        self.roots = {e: name for name, (e, _) in reversed(self.lets.items()) if not _is_trivial(e)}
        self.pairs = self._softmax_pairs()
        self.squared = {x.args[0] for x in walk(*(e for e, _ in self.lets.values()))
                        if x.op in ("dot", "vdot") and x.args[0] is x.args[1] and x.args[0].op == "add"}
        self.placed: dict[Expr, Expr] = {}
        self.temporaries = 0
        for name, (e, section) in self.lets.items():
            self.section = section
            self.place_name(name)

    def _is_inside(self, name: str, e: Expr) -> bool:
        """Whether a named formula is written where it is used."""
        return self.uses[var(name, e.shape)] == 1 and e.count <= LONG and self.uses[e] == 0

    def place_name(self, name: str) -> Expr:
        e, _ = self.lets[name]
        symbol = var(name, e.shape)
        if symbol in self.placed:
            return self.placed[symbol]
        if self.uses[symbol] == 1 and name not in self.wanted and self._is_inside(name, e):
            value = self._rebuilt(e)
            if value.count <= LONG:
                self.placed[symbol] = value
                return value
            self.placed[e] = self.placed[symbol] = symbol
            self.statements.append(Statement(name, value, self.section))
            return symbol
        if e in self.placed and self.placed[e].op == "var" and self.placed[e].name == name:
            return self.placed[e]
        value = self.placed.get(e)
        self.placed[symbol] = symbol
        if value is None:
            value = self._rebuilt(e)
            if e in self.placed:  # named while its operands were placed
                value = self.placed[e]
            elif not _is_trivial(e):
                self.placed[e] = symbol
        if value is not symbol:
            self.statements.append(Statement(name, value, self.section))
        return symbol

    def place(self, e: Expr) -> Expr:
        """e in names that have been computed; statements for what must come before."""
        if e in self.placed:
            return self.placed[e]
        if e.op == "var":
            self.placed[e] = self.place_name(e.name) if e.name in self.lets else e
            return self.placed[e]
        if e in self.pairs:
            return self._place_pair(e)
        if e in self.roots:
            return self.place_name(self.roots[e])
        is_shared = self.uses[e] > 1 and not _is_trivial(e)
        out = self._rebuilt(e)
        if is_shared or out.count > LONG and not _is_trivial(e):
            out = self._named(out, self._hint(e, out))
        if is_shared or out.op == "var":
            self.placed[e] = out
        return out

    def _rebuilt(self, e: Expr) -> Expr:
        if e in self.pairs:
            return self._place_pair(e)
        args = tuple(self.place(a) for a in e.args)
        return e if args == e.args else rebuild(e, args)

    def _named(self, e: Expr, hint: str) -> Expr:
        symbol = var(self._temporary(hint), e.shape)
        self.statements.append(Statement(symbol.name, e, self.section))
        return symbol

    def _temporary(self, hint: str) -> str:
        while True:
            self.temporaries += not hint
            name = hint or f"t{self.temporaries}"
            if name not in self.taken:
                self.taken.add(name)
                return name
            hint = hint and hint + "_"

    def _hint(self, e: Expr, out: Expr) -> str:
        """A telling name for a shared value."""
        if e in self.squared:
            return "residual"
        operand = out.args[0].name if out.args[0].op == "var" else ""
        return f"{operand}_inv" if out.op == "inv" and operand else ""

    def _softmax_pairs(self) -> dict[Expr, tuple[Expr, Expr]]:
        """A softmax and its logarithm of the same operand are computed together."""
        nodes = set(walk(*(e for e, _ in self.lets.values())))
        out = {}
        for e in nodes:
            if e.op == "softmax":
                log = node("log_softmax", e.args, e.data, e.shape)
                if log in nodes:
                    out[e] = out[log] = (e, log)
        return out

    def _place_pair(self, e: Expr) -> Expr:
        soft, log = self.pairs[e]
        name = self.roots.get(soft) or self._temporary("p")
        log_name = self.roots.get(log) or self._temporary(f"log_{name}")
        both = node("softmax_pair", (self.place(soft.args[0]),), soft.data, soft.shape)
        self.statements.append(Statement(f"{name}, {log_name}", both, self.section))
        for value, n in ((soft, name), (log, log_name)):
            self.placed[value] = self.placed[var(n, value.shape)] = var(n, value.shape)
            self.pairs.pop(value)
        return self.placed[e]


def _is_trivial(e: Expr) -> bool:
    """A leaf, a view, or a number made of numbers and sizes: not worth a name."""
    return not e.args or e.op in CHEAP or e.is_scalar and all(
        x.op in ("num", "const", "size") or x.args for x in walk(e))


def _uses(roots: list[Expr]) -> Counter:
    """How often each node is an operand."""
    out: Counter = Counter()
    for e in walk(*roots):
        out.update(e.args)
    return out


def _used(lets, wanted: set[str]):
    """The lets that something wanted needs."""
    needed = set(wanted)
    kept = []
    for name, e, section in reversed(lets):
        if name in needed:
            kept.append((name, e, section))
            needed |= {x.name for x in walk(e) if x.op == "var"}
    return kept[::-1]


def _without_copies(lets, wanted: set[str]):
    """Names that only repeat another value are replaced by it."""
    alias: dict[Expr, Expr] = {}
    first: dict[Expr, Expr] = {}
    out = []
    for name, e, section in lets:
        e = _replaced(e, alias)
        symbol = var(name, e.shape)
        same = e if e.op == "var" else None if _is_trivial(e) else first.get(e)
        if same is not None and name not in wanted:
            alias[symbol] = same
            continue
        first.setdefault(e, symbol)
        out.append((name, e, section))
    return out


def _replaced(e: Expr, alias: dict[Expr, Expr]) -> Expr:
    if not alias:
        return e
    memo: dict[Expr, Expr] = {}
    for part in walk(e):
        args = tuple(memo[a] for a in part.args)
        memo[part] = alias.get(part, part) if not args else part if args == part.args else node(
            part.op, args, part.data, part.shape)
    return memo[e]
