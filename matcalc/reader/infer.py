"""Shapes of everything, by unification over all statements.

`Inference` makes one pass with a given guess for the ranks of undeclared names;
`inferred` tries guesses: the naming convention first, then small departures
from it where the pass ran into a conflict.
"""

from __future__ import annotations

import re
from heapq import heappop, heappush

from ..shapes import ONE, Size
from .call_shapes import CallShapes, Conflict
from .dimensions import SCALAR, Dim, find, is_column, is_one, is_row, is_scalar, said, unify
from .sum_shapes import SumShapes
from .tokens import Source
from .tree import Tree

MAX_GUESSES = 60
SCALAR_GREEK = {"alpha", "beta", "gamma", "lambda", "lam", "epsilon", "eps", "mu", "eta", "tau", "nu", "rho",
                "kappa", "omega"}
# How far another rank is from the guessed one; the nearest set of changes is tried first.
_DEPARTURES = {"scalar": {"vector": 1, "matrix": 2}, "vector": {"scalar": 3, "matrix": 3, "row": 5},
               "matrix": {"vector": 4, "scalar": 5, "row": 6}}


def convention(name: str) -> str:
    """a-g scalar, h-z vector, capitals matrices; an index follows its letter."""
    first = name[0]
    if first.isupper():
        return "matrix"
    letters = re.match(r"[A-Za-z]+", name).group()
    if letters in SCALAR_GREEK:
        return "scalar"
    return "scalar" if len(letters) == 1 and first in "abcdefg" else "vector"


class Inference(CallShapes, SumShapes):
    """One pass over the statements.

    shapes    name -> (rows, columns) of Dims and Sizes
    nodes     tree -> its shape
    """

    def __init__(self, source: Source, declared: dict, ranks: dict[str, str], functions, sizes=frozenset()):
        self.source = source
        self.shapes = dict(declared)
        self.ranks = ranks
        self.functions = functions
        self.sizes = {n for s in declared.values() for d in s for n in d.names} | sizes
        self.nodes: dict[Tree, tuple] = {}
        self.guessed: dict[str, str] = {}
        self.definitions: dict[str, Tree] = {}
        self.later: list[tuple[Dim, tuple, Tree]] = []

    # ------------------------------------------------------------ errors

    def conflict(self, code: str, message: str, *trees: Tree, help: str = "", facts=(), remarks=()):
        remarks = remarks or [f"{self.written(t)} is {said(self.nodes[t])}" if t in self.nodes else "" for t in trees]
        places = [(t.start, t.end, r) for t, r in zip(trees, remarks)]
        return Conflict(self.source.error(code, message, *places, help=help, facts=facts),
                        list(dict.fromkeys(n for t in trees for n in self.open_names(t))))

    def written(self, t: Tree) -> str:
        text = self.source.text[t.start:t.end]
        return text if len(text) <= 40 and "\n" not in text else "this"

    def open_names(self, t: Tree) -> list[str]:
        """Undeclared names (and flexible constants) below a tree, and below the
        definitions of the names in it."""
        out, stack, followed = [], [t], set()
        while stack:
            node = stack.pop()
            key = self.key(node)
            if key in self.guessed:
                out.append(key)
            elif key in self.definitions and key not in followed:
                followed.add(key)
                stack.append(self.definitions[key])
            stack += reversed(node.args)
        return out

    def scalar_names(self, t: Tree) -> list[str]:
        """Undeclared names below a tree that are guessed to be scalars."""
        return [n for n in self.open_names(t) if self.guessed[n] == "scalar"]

    def key(self, t: Tree) -> str:
        """How a guess refers to a leaf: a name, or a constant at its place."""
        if t.kind == "name" and t.value not in self.shapes and t.value in ("ones", "eye", "I"):
            return f"{t.value}@{t.start}"
        return t.value if t.kind == "name" else ""

    # ------------------------------------------------------------ the pass

    def shape(self, tree: Tree):
        """Shape of a tree; fills `nodes` for it and all below (no recursion)."""
        stack = [(tree, False)]
        while stack:
            t, ready = stack.pop()
            if t in self.nodes:
                continue
            if ready or not t.args:
                self.nodes[t] = getattr(self, "on_" + t.kind)(t)
            else:
                stack.append((t, True))
                stack += [(a, False) for a in reversed(self.operands(t))]
        return self.nodes[tree]

    def operands(self, t: Tree) -> tuple[Tree, ...]:
        """The trees that the shape and the value of t depend on."""
        return t.args

    def on_number(self, t: Tree):
        return SCALAR

    def on_cot(self, t: Tree):
        return self.shapes[t.value[1]]

    def on_name(self, t: Tree):
        name = t.value
        if name in self.shapes:
            return self.shapes[name]
        if name in self.sizes or name in ("pi", "e"):
            return SCALAR
        if name == "ones":
            return self.guess(self.key(t), "vector")
        if name in ("eye", "I"):
            n = Dim(True)
            self.guessed[self.key(t)] = "matrix"
            return n, n
        shape = self.guess(name, convention(name))
        self.shapes[name] = shape
        return shape

    def guess(self, key: str, usual: str):
        rank = self.ranks.get(key, usual)
        self.guessed[key] = rank
        return {"scalar": lambda: SCALAR, "vector": lambda: (Dim(True), ONE),
                "row": lambda: (ONE, Dim(True)), "matrix": lambda: (Dim(True), Dim(True))}[rank]()

    def same(self, a, b) -> bool:
        return unify(a[0], b[0]) and unify(a[1], b[1])

    def on_add(self, t: Tree):
        left, right = t.args
        a, b = self.nodes[left], self.nodes[right]
        if is_scalar(a) != is_scalar(b):  # a bare number takes the size that the context forces
            number, other = (left, b) if is_scalar(a) else (right, a)
            if number.is_number:
                return other
        if self.same(a, b):
            return a
        raise self.misfit_sum(t, left, right)

    on_sub = on_add

    def misfit_sum(self, t: Tree, left: Tree, right: Tree):
        a, b = self.nodes[left], self.nodes[right]
        what = "sum" if t.kind == "add" else "difference"
        help = ""
        for matrix, vector, tree in ((a, b, right), (b, a, left)):
            if not is_one(matrix[0]) and not is_one(matrix[1]) and is_column(vector):
                if unify(matrix[1], vector[0]):
                    help = f"spread it over the rows with a vector of ones:  ones*({self.written(tree)})'"
                elif unify(matrix[0], vector[0]):
                    help = f"spread it over the columns with a vector of ones:  ({self.written(tree)})*ones'"
            elif not is_scalar(matrix) and is_scalar(vector):
                help = f"to add it to every entry, write  {self.written(tree)}*{'ones' if is_column(matrix) else 'matrix(1)'}"
        return self.conflict("M203", f"the two parts of a {what} have different shapes", left, right, help=help)

    def on_neg(self, t: Tree):
        return self.nodes[t.args[0]]

    def on_mul(self, t: Tree):
        left, right = t.args
        a, b = self.nodes[left], self.nodes[right]
        if is_scalar(a):
            return b
        if is_scalar(b):
            return a
        if unify(a[1], b[0]):
            return a[0], b[1]
        raise self.misfit_product(left, right)

    def misfit_product(self, left: Tree, right: Tree):
        a, b = self.nodes[left], self.nodes[right]
        names = self.written(left), self.written(right)
        remarks = [f"{names[0]} is {said(a)}, so it has {_columns(a)}", f"{names[1]} is {said(b)}, so it has {_rows(b)}"]
        help = ""
        if find(a[0]) == find(b[0]) and find(a[1]) == find(b[1]):
            help = f"for the entrywise product write  {names[0]} .* {names[1]}"
        elif find(a[1]) == find(b[1]):
            help = f"{_grouped(left, names[0])}*{_grouped(right, names[1])}' fits"
        elif find(a[0]) == find(b[0]):
            help = f"{_grouped(left, names[0])}'*{_grouped(right, names[1])} fits"
        elif find(b[1]) == find(a[0]):
            help = f"{_grouped(right, names[1])}*{_grouped(left, names[0])} fits"
        return self.conflict("M201", "the inner sizes of a matrix product differ", left, right,
                             help=help, remarks=remarks)

    def on_emul(self, t: Tree):
        left, right = t.args
        a, b = self.nodes[left], self.nodes[right]
        if is_scalar(a):
            return b
        if is_scalar(b):
            return a
        if self.same(a, b):
            return a
        raise self.conflict("M204", "an entrywise operation needs two operands of one shape", left, right)

    on_ediv = on_emul

    def on_div(self, t: Tree):
        top, bottom = t.args
        if not is_scalar(self.nodes[bottom]):
            raise self.conflict("M206", "the divisor of `/` must be a scalar", bottom,
                                help=f"entry by entry:  {self.written(top)} ./ {self.written(bottom)}")
        return self.nodes[top]

    def on_epower(self, t: Tree):
        base, exponent = t.args
        if not is_scalar(self.nodes[exponent]):
            raise self.conflict("M205", "an exponent must be a scalar", exponent)
        return self.nodes[base]

    def on_power(self, t: Tree):
        base, exponent = t.args
        a = self.nodes[base]
        if base.kind == "name" and base.value == "e" and "e" not in self.shapes:
            return self.nodes[exponent]
        if not is_scalar(self.nodes[exponent]):
            raise self.conflict("M205", "an exponent must be a scalar", exponent)
        if is_scalar(a):
            return a
        if unify(a[0], a[1]):
            return a
        raise self.conflict("M205", "only a square matrix has powers", base,
                            help=f"for powers of the entries write  {self.written(base)}.^{self.written(exponent)}")

    def on_transpose(self, t: Tree):
        rows, cols = self.nodes[t.args[0]]
        if t.value == "^T" and ("T" in self.shapes or "T" in self.sizes) and is_scalar((rows, cols)):
            raise self.conflict("M205", f"`^T` is read as a transpose, but T is a {'variable' if 'T' in self.shapes else 'size'} here", t.args[0],
                                help="for a power write ^(T)")
        return cols, rows

    def on_norm(self, t: Tree):
        return SCALAR

    def on_bars(self, t: Tree):
        shape = self.nodes[t.args[0]]
        if not is_scalar(shape) and not is_column(shape):
            raise self.conflict("M206", "bars around a matrix could mean several things", t.args[0],
                                help=f"write det({self.written(t.args[0])}) or abs({self.written(t.args[0])})")
        return shape

    # ------------------------------------------------------------ calls

    def settle(self) -> None:
        """Products of sizes (vec, kron) once their parts are known."""
        waiting = self.later
        while waiting:
            rest = []
            for product, parts, t in waiting:
                known = [find(p) for p in parts]
                if all(isinstance(p, Size) for p in known):
                    total = ONE
                    for p in known:
                        total = total * p
                    if not unify(product, total):
                        raise self.conflict("M203", "sizes do not fit", t)
                else:
                    rest.append((product, parts, t))
            if len(rest) == len(waiting):
                return
            waiting = rest


def _columns(shape) -> str:
    d = find(shape[1])
    return f"{d} column{'' if is_one(d) else 's'}" if isinstance(d, Size) else "columns"


def _rows(shape) -> str:
    d = find(shape[0])
    return f"{d} row{'' if is_one(d) else 's'}" if isinstance(d, Size) else "rows"


def _grouped(t: Tree, text: str) -> str:
    return text if t.kind in ("name", "call") or text.startswith("(") else f"({text})"


def inferred(source: Source, declared: dict, statements, functions, hints: dict[str, str],
             output: Tree | None = None, sizes: frozenset[str] = frozenset()) -> Inference:
    """A pass that fits, for the first guess of ranks that does.

    statements   functions that take the Inference and give it a statement
    hints        better first guesses than the convention, from how a name is used
    output       the last formula: one that would be a row is tried as a scalar first
                 (a'*B*c with a vector c)
    sizes        names that are sizes because they stand where only a size can

    Raises MatcalcError (M2xx), the one of the first guess, when no guess fits.
    """
    queue = [(0, 0, dict(hints))]  # (departure from the convention, order, ranks)
    seen = {frozenset(hints.items())}
    error = fallback = None
    for _ in range(MAX_GUESSES):
        if not queue:
            break
        far, _, ranks = heappop(queue)
        run = Inference(source, declared, ranks, functions, sizes)
        try:
            for statement in statements:
                statement(run)
            run.settle()
            names = run.scalar_names(output) if output is not None and is_row(run.nodes[output]) else []
            if not names or fallback is not None:
                if fallback is None or not names:
                    return run
                continue
            fallback = run
        except Conflict as conflict:
            error = error or conflict.error
            names = conflict.names
        for name in names:
            for rank, distance in _DEPARTURES.get(run.guessed[name], {}).items():
                changed = ranks | {name: rank}
                key = frozenset(changed.items())
                if key not in seen:
                    seen.add(key)
                    heappush(queue, (far + distance, len(seen), changed))
    if fallback is not None:
        return fallback
    raise error
