"""The model of one example as a model of a whole batch.

Every vector that belongs to an example becomes a matrix with one example a column, and
every number a row; weights stay what they are, and a bias is spread by a vector of ones.
The loss is the mean of the examples' losses.
"""

from __future__ import annotations

from dataclasses import replace

from ..errors import fail
from ..expr import algebra as alg
from ..expr import build
from ..expr.node import Expr, walk
from ..expr.rename import replaced
from ..expr.text import text
from ..model import Assignment, Model
from ..shapes import ONE, Size, is_column, is_scalar

ALONG = ("columns", "rows")
EXAMPLES = "N"
_BY_COLUMNS = {"softmax": "softmax_cols", "logsumexp": "logsumexp_cols", "standardize": "standardize_cols",
               "std": "std_cols", "rmsnorm": "rmsnorm_cols", "rms": "rms_cols"}


def batched(model: Model, along: str = "columns", examples: tuple[str, ...] | None = None) -> Model:
    """The same model for N examples at once.

    along      "columns": examples are the columns of the given matrices; "rows": their rows
    examples   variables that belong to an example; default: inputs (named x...) and targets

    Raises MatcalcError: M340 (no such direction, or nothing belongs to an example), M341 (a
    step that does not act on each example by itself).
    """
    if along not in ALONG:
        raise fail("M340", f"there is no batch `{along}`", help="use columns or rows")
    names = _examples(model, examples)
    n = _free_size(model)
    batch = _Batch(n)
    variables = {}
    for v in model.variables.values():
        if v.name not in names:
            variables[v.name] = v
            continue
        k = v.shape[0]
        shape = (k, n) if along == "columns" else (n, k)
        symbol = build.var(v.name, shape, v.assumptions)
        batch.known[build.var(v.name, v.shape, v.assumptions)] = symbol if along == "columns" else build.transpose(symbol)
        words = {"onehot": "onehot_cols"} if along == "columns" else {}
        kept = frozenset(words.get(w, w) for w in v.assumptions)
        variables[v.name] = replace(v, shape=shape, assumptions=kept)
    return Model(variables, tuple(_assignments(model, batch)), model.functions, notes=model.notes)


def _examples(model: Model, given: tuple[str, ...] | None) -> set[str]:
    """The variables of an example, all vectors or numbers."""
    if given is None:
        given = tuple(v.name for v in model.variables.values()
                      if v.role == "target" or v.name[0] == "x" and (len(v.name) == 1 or not v.name[1].isalpha()))
    for name in given:
        v = model.variables.get(name)
        if v is None or not (is_column(v.shape) or is_scalar(v.shape)):
            raise fail("M340", f"`{name}` is no vector or number of the model",
                       help="name the variables that every example has: --examples x,y")
    if not given:
        raise fail("M340", "no variable belongs to an example", help="name them: --examples x,y")
    return set(given)


def _free_size(model: Model) -> Size:
    used = {s for v in model.variables.values() for d in v.shape for s in d.names} | set(model.variables)
    name = EXAMPLES
    while name in used:
        name += "N"
    return Size(1, (name,))


def _assignments(model: Model, batch: "_Batch"):
    for a in model.assignments:
        is_output = a is model.output
        terms = a.expr.args if is_output and a.expr.op == "add" else (a.expr,)
        whole = [t for t in terms if is_output and not batch.moves(t)]  # weight decay is added once
        each = build.add(*(t for t in terms if t not in whole)) if len(whole) < len(terms) else None
        if each is None:
            raise fail("M340", "the loss does not depend on an example", help="name its variables: --examples x,y")
        expr = batch.of(each)
        if is_output:
            if not is_scalar(a.expr.shape):
                raise fail("M301", f"the output `{a.name}` is no scalar", help="end with a loss")
            mean = alg.mul(alg.power(alg.size_number(batch.n), alg.MINUS), alg.total(expr))
            mean = replaced(mean, {e: build.call("sqnorm", e.args[0].args[0]) for e in walk(mean) if _is_sum_of_squares(e)})
            expr = build.add(mean, *whole) if whole else mean
        elif batch.moves(a.expr):
            batch.known[build.var(a.name, a.expr.shape)] = build.var(a.name, expr.shape)
        yield Assignment(a.name, expr, a.is_anonymous)


def _is_sum_of_squares(e: Expr) -> bool:
    return e.op == "sum" and e.args[0].op == "pow" and alg.is_num(e.args[0].args[1], 2)


class _Batch:
    """Expressions of one example to expressions of all.

    known   symbol of an example -> its matrix, one column an example
    """

    def __init__(self, n: Size):
        self.n = n
        self.known: dict[Expr, Expr] = {}
        self.row = build.ones((ONE, n))

    def moves(self, e: Expr) -> bool:
        """Whether e differs from example to example."""
        return any(part in self.known for part in walk(e))

    def of(self, e: Expr) -> Expr:
        """e for all examples: k x N for a vector, 1 x N for a number; itself if it moves with none."""
        if e in self.known:
            return self.known[e]
        if not self.moves(e):
            return e
        if e.op in ("fn", "pow"):
            return alg.rebuild(e, (self.of(e.args[0]), *e.args[1:]))
        if e.op in _BY_COLUMNS and not self.moves_any(e.args[1:]):
            return build.call(_BY_COLUMNS[e.op], self.of(e.args[0]), *e.args[1:])
        rule = getattr(self, "on_" + e.op, None)
        if rule is None or not (is_scalar(e.shape) or is_column(e.shape)):
            raise self.refused(e)
        return rule(e)

    def moves_any(self, parts) -> bool:
        return any(map(self.moves, parts))

    def refused(self, e: Expr):
        return fail("M341", f"{text(e)} cannot be computed for all examples at once",
                    facts=("a batch needs steps that act on the vector of each example by itself",),
                    help="write the model for a batch yourself, or compute the examples one by one")

    def spread(self, e: Expr) -> Expr:
        """e for all examples, repeated where it does not move."""
        if self.moves(e):
            return self.of(e)
        return alg.mul(e, self.row) if e.is_scalar else alg.matmul(e, self.row)

    def on_add(self, e: Expr) -> Expr:
        return alg.add(*map(self.spread, e.args))

    def on_had(self, e: Expr) -> Expr:
        still = [a for a in e.args if not self.moves(a)]
        moving = [self.of(a) for a in e.args if self.moves(a)]
        if e.is_scalar:
            return alg.mul(alg.had(alg.UNIT, *still), alg.had(*moving))
        return alg.had(*moving, *map(self.spread, still))

    def on_scale(self, e: Expr) -> Expr:
        c, x = e.args
        if not self.moves(c):
            return alg.mul(c, self.of(x))
        if not self.moves(x):
            return alg.matmul(x, self.of(c))
        return alg.had(alg.matmul(build.ones((x.rows, ONE)), self.of(c)), self.of(x))

    def on_matmul(self, e: Expr) -> Expr:
        """A x becomes A X; x^T A z the column sums of X .* (A Z)."""
        first, last, inner = e.args[0], e.args[-1], e.args[1:-1]
        if self.moves_any(inner):
            raise self.refused(e)
        if not self.moves(first):
            return alg.matmul(first, *inner, self.of(last))
        if not is_scalar(e.shape):
            raise self.refused(e)
        left = self.of(alg.transpose(first))
        if not self.moves(last):
            return alg.matmul(alg.transpose(alg.matmul(*inner, last) if inner else last), left)
        right = alg.matmul(*inner, self.of(last)) if inner else self.of(last)
        return alg.colsum(alg.had(left, right))

    def on_sum(self, e: Expr) -> Expr:
        return alg.colsum(self.of(e.args[0]))

    def on_mean(self, e: Expr) -> Expr:
        return build.call("colmean", self.of(e.args[0]))

    def on_sqnorm(self, e: Expr) -> Expr:
        return alg.colsum(alg.power(self.of(e.args[0]), alg.num(2)))

    def on_norm2(self, e: Expr) -> Expr:
        return alg.fn("sqrt", self.on_sqnorm(e))

    def on_norm1(self, e: Expr) -> Expr:
        return alg.colsum(alg.fn("abs", self.of(e.args[0])))

    def on_inner(self, e: Expr) -> Expr:
        return alg.colsum(alg.had(*map(self.spread, e.args)))

    def on_cross_entropy(self, e: Expr) -> Expr:
        p, y = map(self.spread, e.args)
        return alg.neg(alg.colsum(alg.had(y, alg.fn("log", p))))

    def on_bce(self, e: Expr) -> Expr:
        p, y = map(self.spread, e.args)
        one = build.ones(p.shape)
        return alg.neg(alg.colsum(alg.add(alg.had(y, alg.fn("log", p)), alg.had(
            alg.sub(one, y), alg.fn("log", alg.sub(one, p))))))

    def on_mse(self, e: Expr) -> Expr:
        p, y = map(self.spread, e.args)
        return build.call("colmean", alg.power(alg.sub(p, y), alg.num(2)))

    def on_hinge(self, e: Expr) -> Expr:
        s, y = map(self.spread, e.args)
        return alg.colsum(alg.fn("relu", alg.sub(build.ones(s.shape), alg.had(y, s))))
