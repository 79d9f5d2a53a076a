"""Statements as lines: results are overwritten in place where that is safe.

A matrix that a statement makes afresh, or that nothing needs any more, is
updated with += and *= instead of being copied.  Arguments, results and arrays
that another name may share memory with are never written to.
"""

from __future__ import annotations

from ...expr.node import Expr, walk
from .forms import SPREAD
from .schedule import VIEWS, Statement
from .writer import ATOM, Writer, is_reciprocal, positive

_UFUNCS = {**{f: f"np.{f}({{0}}" for f in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt", "arctan")},
           "relu": "np.maximum({0}, 0.0", "sigmoid": "_sigmoid({0}"}
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
        for i, s in enumerate(self.statements):
            if s.section != section and s.section:
                section = s.section
                out += ([""] if out else []) + [f"# {section}"]
            out += self.statement(i, s)
        return out

    def statement(self, i: int, s: Statement) -> list[str]:
        e = s.expr
        if s.name in self.wanted and self._shares(e):
            return [f"{s.name} = {self._copied(e)}"]
        lines = self.into(i, s.name, e) if self.writer.dialect.in_place and not e.cols.is_one else None
        if e.op not in VIEWS and not e.is_scalar:
            self.owned |= set(s.name.split(", "))
        return lines or [f"{s.name} = {self.writer.array(e).text}"]

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
        if e.op == "add":
            base = self._base(i, e)
            if base is None:
                return None
            rest = [t for t in e.args if t is not base]
            return [*self._start(i, name, base), *(self._added(name, t) for t in rest)]
        if e.op == "had":
            base = self._base(i, e)
            if base is None:
                return None
            return [*self._start(i, name, base), *self._multiplied(name, [f for f in e.args if f is not base])]
        if e.op == "fn" and e.data.name in _UFUNCS:
            lines = self.into(i, name, e.args[0]) or self._start(i, name, e.args[0])
            return lines and [*lines, f"{_UFUNCS[e.data.name].format(name)}, out={name})"]
        return None

    def _base(self, i: int, e: Expr) -> Expr | None:
        """The operand that is updated: a new product, or an array that is not needed any more."""
        candidates = [t for t in e.args if t.shape == e.shape and e.args.count(t) == 1]
        for t in candidates:
            if t.op in FRESH:
                return t
        for t in candidates:
            if t.op == "var" and self._is_free(i, t, e):
                return t
        return None

    def _is_free(self, i: int, x: Expr, e: Expr) -> bool:
        name = x.name
        root = self.statements[i].expr
        return (name in self.owned and name not in self.pinned and self.last_use.get(name) == i
                and _occurrences(root, x) == 1 and root.shape == x.shape)

    def _start(self, i: int, name: str, e: Expr) -> list[str] | None:
        if e.op in FRESH:
            return [f"{name} = {self.writer.array(e).text}"]
        if e.op == "var" and self._is_free(i, e, e):
            return [f"{name} = {e.name}"]
        return None

    def _added(self, name: str, t: Expr) -> str:
        negated = positive(t.args[0] if t.op == "fill" else t)
        if negated is not None:
            return f"{name} -= {self.writer.code(negated).text}"
        return f"{name} += {self.writer.code(t).text}"

    def _multiplied(self, name: str, factors: list[Expr]) -> list[str]:
        above = [f for f in factors if not is_reciprocal(f)]
        below = [f.args[0] for f in factors if is_reciprocal(f)]
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
