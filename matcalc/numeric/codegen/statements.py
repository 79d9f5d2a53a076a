"""Statements as lines: results are overwritten in place where that is safe.

A matrix that a statement makes afresh, or that nothing needs any more, is
updated with += and *= instead of being copied.  Arguments, results and arrays
that another name may share memory with are never written to.
"""

from __future__ import annotations

from ...expr.node import Expr, walk
from .forms import MINUS, SPREAD
from .lower import TWO
from .schedule import VIEWS, Statement
from .writer import ATOM, Writer, divisor, is_reciprocal

_UFUNCS = {**{f: f"np.{f}({{0}}" for f in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt", "arctan")},
           "relu": "np.maximum({0}, 0.0", "sigmoid": "_sigmoid({0}"}
DEEP = 4  # so many places where memory can be given back make it worth the lines
FRESH = ("matmul", "outer", "solve")  # worth a line of its own, then updated in place


class Lines:
    """The body of a function.

    wanted   names of results
    owned    names of arrays that this function has made
    pinned   names that must not be overwritten: results, and what another name shares memory with
    """

    def __init__(self, writer: Writer, statements: list[Statement], wanted: set[str]):
        self.writer, self.statements, self.wanted = writer, statements, wanted
        self.last_use: dict[str, int] = {}
        self.owned: set[str] = set()
        self.groups: list[list[str]] = []
        self.pinned = set(wanted)
        for i, s in enumerate(statements):
            for x in walk(s.expr):
                if x.op == "var":
                    self.last_use[x.name] = i
            if s.expr.op in VIEWS:
                self.pinned |= {x.name for x in walk(s.expr) if x.op == "var"}

    def written(self) -> list[str]:
        out: list[str] = []
        section = None
        deaths: list[list[str]] = []
        released: list[tuple[int, str]] = []
        for i, s in enumerate(self.statements):
            if s.section != section and s.section:
                section = s.section
                out += ([""] if out else []) + [f"# {section}"]
            out += self.statement(i, s)
            deaths += self._dead(i)
            if len(deaths) > 1 and i + 1 < len(self.statements):
                released.append((len(out), f"del {', '.join(n for group in deaths for n in group)}"))
                deaths = []
        if len(released) >= DEEP:
            for place, line in reversed(released):
                out.insert(place, line)
        return out

    def _dead(self, i: int) -> list[list[str]]:
        """The matrices that statement i was the last to use, each with all its names."""
        groups = [g for g in self.groups if all(self.last_use.get(n, -1) <= i for n in g) and not self.pinned & set(g)]
        self.groups = [g for g in self.groups if g not in groups]
        return groups

    def statement(self, i: int, s: Statement) -> list[str]:
        e = s.expr
        if s.name in self.wanted and self._shares(e):
            return [f"{s.name} = {self._copied(e)}"]
        is_matrix = self.writer.dialect.in_place and not e.cols.is_one
        lines = self.into(i, s.name, e) if is_matrix else None
        if is_matrix and e.op == "softmax_pair" and e.args[0].op == "var" and self._is_free(i, e.args[0], e):
            lines = [f"{s.name} = {self.writer.array(e).text[:-1]}, out={e.args[0].name})"]
        if e.op not in VIEWS and not e.is_scalar:
            self.owned |= set(s.name.split(", "))
            if is_matrix:
                self._grouped(s.name.split(", "), lines or [])
        return lines or [f"{s.name} = {self.writer.array(e).text}"]

    def _grouped(self, names: list[str], lines: list[str]) -> None:
        """Names of one array stay together: `dM = M` makes one of two."""
        for name in names:
            known = [g for g in self.groups if lines and lines[0] == f"{name} = {g[-1]}"]
            if known:
                known[0].append(name)
            else:
                self.groups.append([name])

    def _shares(self, e: Expr) -> bool:
        """Whether a result would share memory with an argument or another result."""
        return not e.is_scalar and e.op in VIEWS and e.op != "fill"

    def _copied(self, e: Expr) -> str:
        code = self.writer.array(e)
        template = self.writer.dialect.copied
        return template.format(code.text, a0=code.at(ATOM))

    # ------------------------------------------------------------ in place

    def into(self, i: int, name: str, e: Expr) -> list[str] | None:
        """Lines that make `name` a new array with the value e; None where one line is best."""
        if e.op == "scale":
            c, x = e.args
            lines = self.into(i, name, x) or self._start(i, name, x)
            if lines is None:
                return None
            if is_reciprocal(c):
                return [*lines, f"{name} /= {self.writer.code(c.args[0]).text}"]
            return [*lines, f"{name} *= {self.writer.code(c).text}"]
        if e.op == "pow" and e.args[1] == TWO and (lines := self.into(i, name, e.args[0]) or self._start(i, name, e.args[0], e)):
            return [*lines, f"{name} *= {name}"]
        if e.op == "add" and len(e.args) == 2 and e.args[0].op == "fill" and (lines := self._subtracted(i, name, e)):
            return lines
        if e.op in ("add", "had"):
            base, lines = self._base(i, name, e)
            if base is None:
                return None
            rest = [t for t in e.args if t is not base]
            return lines + ([self._added(name, t) for t in rest] if e.op == "add" else self._multiplied(name, rest))
        called = _UFUNCS.get(e.data.name, "").format(name) if e.op == "fn" else ""
        if e.op == "softmax":
            called = f"_softmax({name}, axis={e.data}"
        if called:
            lines = self.into(i, name, e.args[0]) or self._start(i, name, e.args[0])
            return lines and [*lines, f"{called}, out={name})"]
        return None

    def _base(self, i: int, name: str, e: Expr) -> tuple[Expr | None, list[str]]:
        """The operand that is updated, and the lines that make it `name`: a new
        product, an array that is not needed any more, or what is made of one."""
        candidates = [t for t in e.args if t.shape == e.shape and e.args.count(t) == 1]
        fresh = [(t, self._start(i, name, t)) for t in candidates if t.op in FRESH]
        free = [(t, self._start(i, name, t, e)) for t in candidates if t.op == "var" and self._is_free(i, t, e)]
        made = ((t, lines) for t in candidates if t.args and t.op not in FRESH and not is_reciprocal(t)
                and (lines := self.into(i, name, t)) is not None)
        for found in (fresh, made, free) if e.op == "had" else (free, fresh, made):
            for first in found:
                return first
        return None, []

    def _is_free(self, i: int, x: Expr, e: Expr) -> bool:
        """Whether the array x may become the result e: this is its last use, and
        nothing is read from it after the first update."""
        name = x.name
        root = self.statements[i].expr
        inside = _occurrences(e, x)
        return (name in self.owned and name not in self.pinned and self.last_use.get(name) == i
                and _occurrences(root, x) == inside and (inside == 1 or len(e.args) == 2) and root.shape == x.shape)

    def _subtracted(self, i: int, name: str, e: Expr) -> list[str] | None:
        """1 - x, where x can be overwritten."""
        one, x = e.args
        if x.op != "scale" or x.args[0] != MINUS:
            return None
        lines = self.into(i, name, x.args[1]) or self._start(i, name, x.args[1], e)
        return lines and [*lines, f"np.subtract({self.writer.code(one).text}, {name}, out={name})"]

    def _start(self, i: int, name: str, e: Expr, within: Expr | None = None) -> list[str] | None:
        if e.op in FRESH:
            return [f"{name} = {self.writer.array(e).text}"]
        if e.op == "var" and self._is_free(i, e, within or e):
            return [f"{name} = {e.name}"]
        return None

    def _added(self, name: str, t: Expr) -> str:
        sign, code, _ = self.writer.signed(t)
        return f"{name} {'+' if sign > 0 else '-'}= {code.text}"

    def _multiplied(self, name: str, factors: list[Expr]) -> list[str]:
        above = [f for f in factors if not is_reciprocal(f)]
        below = [divisor(f) for f in factors if is_reciprocal(f)]
        above.sort(key=lambda f: f.op in SPREAD)
        lines = [f"{name} *= {self.writer.code(f).text}" for f in above if not _is_step(f)]
        steps = [self.writer.step(f) for f in above if _is_step(f)]
        lines += [f"{name} *= {s[1:-1]}" for s in steps]
        return lines + [f"{name} /= {self.writer.code(f).text}" for f in below]


def _is_step(f: Expr) -> bool:
    return f.op == "fn" and f.data.name == "step" and not f.is_scalar


def _occurrences(e: Expr, x: Expr) -> int:
    """How often x is written in e."""
    counts: dict[Expr, int] = {}
    for part in walk(e):
        counts[part] = 1 if part is x else sum(counts[a] for a in part.args)
    return counts[e]
