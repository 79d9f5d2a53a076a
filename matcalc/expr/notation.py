"""From an expression to the tree of its marks: precedence, brackets, signs, fractions.

The habits of a textbook are decided here and nowhere else: a coefficient
stands in front; a sum does not start with a minus sign if another term can
come first; the transpose of an inverse is X^{-T}; ones in a sum are a 1; what
is divided by a norm stands over it, but 1/N stands in front.
"""

from __future__ import annotations

from ..shapes import is_column, is_row, is_scalar
from .compose import (DEFAULT, Notation, Signed, Style, digits, number, postfix, power, product, root,
                      size_marks)
from .marks import ATOM, FRACTION, INFIX, POWER, PREFIX, PRODUCT, QUOTIENT, SUM, Mark, bracketed, mark
from .node import Expr, walk
from .quotients import entry_quotient, factors, quotient

Memo = dict[Expr, Signed]


def notation(e: Expr, form: str = "page", options: Notation = DEFAULT) -> Mark:
    """The marks of an expression, in a style."""
    style = Style(form, options)
    memo: Memo = {}
    alone = e.args[1] if e.op == "scale" else e
    for part in walk(e):
        if part is alone and part.op in ("ones", "eye"):
            made = constant(part, style, placed=False)
        else:
            made = _OPERATIONS.get(part.op, _call)(part, memo, style)
        memo[part] = made if isinstance(made, Signed) else Signed(1, made)
    return memo[e].whole


def length(e: Expr) -> int:
    """Symbols of the printed formula, brackets not counted."""
    return notation(e).size


# ---------------------------------------------------------------- leaves

def rank(e: Expr) -> str:
    if is_scalar(e.shape):
        return "scalar"
    return "vector" if is_column(e.shape) or is_row(e.shape) else "matrix"


def _cot(e: Expr, memo: Memo, style: Style) -> Mark:
    return _cotangent(*e.data, rank(e), style)


def _cotangent(output: str, name: str, rank_: str, style: Style) -> Mark:
    """dL/dW in the notation that is asked for; as dW it is a differential."""
    kind = style.options.gradient if not style.is_input else "partial"
    if kind == "d":
        return mark("differential", data=(name, rank_))
    level = {"partial": FRACTION if style.is_page else QUOTIENT, "nabla": PREFIX}.get(kind, ATOM)
    return mark("cot", (), (output, name, rank_), level)._replace(tall=kind == "partial")


def constant(e: Expr, style: Style, placed: bool = True) -> Mark:
    """ones, zeros or the identity; `placed`: the size is clear from the place."""
    shown = style.options.sizes
    shown = (not placed) if shown is None or style.is_input else shown
    if e.op == "ones" and e.is_row and not e.is_column:
        column = mark("constant", (size_marks(e.cols),) if shown else (), "ones")
        return postfix(column, "transpose")
    is_full = rank(e) == "matrix" and e.op != "eye"
    if is_full and e.op == "ones" and style.is_input:
        shown = True  # nothing around it would say how large it is
    dims = e.shape if is_full else e.shape[:1]
    sizes = tuple(size_marks(d) for d in dims) if shown else ()
    if is_full and e.op == "ones" and not shown:
        ones = mark("constant", (), "ones")
        return product([ones, postfix(ones, "transpose")])
    return mark("constant", sizes, e.op)


# ---------------------------------------------------------------- sums and products

def _sum(e: Expr, memo: Memo, style: Style) -> Mark:
    plain = [_number_of_ones(t, style) for t in e.args]
    if all(plain):
        plain = [None] * len(plain)  # some term must show the shape
    terms = [p or memo[t] for p, t in zip(plain, e.args)]
    first = next((i for i, t in enumerate(terms) if t.sign > 0), 0)
    terms.insert(0, terms.pop(first))
    return mark("sum", tuple(bracketed(t.bare, INFIX) for t in terms),
                tuple(t.sign for t in terms), SUM)


def _number_of_ones(e: Expr, style: Style) -> Signed | None:
    """c times ones is the number c, in a sum."""
    c, body = e.args if e.op == "scale" else (None, e)
    if body.op != "ones":
        return None
    if c is None:
        return Signed(1, digits(1))
    return Signed(1 if c.data > 0 else -1, number(abs(c.data), style)) if c.op == "num" else None


def _kron(e: Expr, memo: Memo, style: Style) -> Mark:
    operands = [constant(a, style, placed=False) if a.op in ("eye", "ones") else memo[a].whole
                for a in e.args]
    if style.is_input:
        return mark("call", tuple(operands), ("kron", 0, False))
    flat: list[Mark] = []
    for m in operands:
        is_kron = m.kind == "infix" and m.data[0] == "kron"
        flat += m.parts if is_kron else (bracketed(m, PREFIX),)
    return mark("infix", tuple(flat), ("kron",) * (len(flat) - 1), INFIX)


def _sum_along(e: Expr, memo: Memo, style: Style) -> Mark:
    """Row sums are X 1 and column sums 1^T X."""
    if style.is_input:
        return _call(e, memo, style)
    ones = mark("constant", (), "ones")
    if e.op == "rowsum":
        return product([*factors(e.args[0], memo), ones])
    return product([postfix(ones, "transpose"), *factors(e.args[0], memo)])


# ---------------------------------------------------------------- powers, functions


def _matpow(e: Expr, memo: Memo, style: Style) -> Mark:
    return power(memo[e.args[0]].whole, memo[e.args[1]].whole, "matrix", style)


def _transpose_or_inverse(e: Expr, memo: Memo, style: Style) -> Mark:
    """X^T, X^{-1}, and X^{-T} for both at once."""
    inside = e.args[0]
    if {e.op, inside.op} == {"T", "inv"}:
        return postfix(memo[inside.args[0]].whole, "inverse transpose")
    return postfix(memo[inside].whole, "transpose" if e.op == "T" else "inverse")


def _fn(e: Expr, memo: Memo, style: Style) -> Mark:
    f, x = e.data, memo[e.args[0]].whole
    if not (style.is_input or f.is_user or f.order):
        if f.name in ("abs", "step"):
            return mark({"abs": "absolute", "step": "indicator"}[f.name], (x,))
        if f.name == "sqrt":
            return root(x, style)
    return mark("call", (x,), (f.name, f.order, f.is_user))


def _norm(e: Expr, memo: Memo, style: Style) -> Mark:
    which = "1" if e.op == "norm1" else "F" if rank(e.args[0]) == "matrix" else "2"
    squared = e.op == "sqnorm"
    return mark("norm", (memo[e.args[0]].whole,), (which, squared), POWER if squared else ATOM)


def _call(e: Expr, memo: Memo, style: Style) -> Mark:
    name = "diag" if e.op == "diagpart" else e.op
    shown = e.args[:1] if e.op.startswith(("standardize", "std", "rms")) and _is_zero(e.args[1]) else e.args
    return mark("call", tuple(memo[a].whole for a in shown), (name, 0, False))


def _is_zero(e: Expr) -> bool:
    return e.op == "num" and e.data == 0


def _vec(e: Expr, memo: Memo, style: Style) -> Mark:
    x = e.args[0]
    inside = constant(x, style, placed=False) if x.op in ("eye", "ones") else memo[x].whole
    return mark("call", (inside,), ("vec", 0, False))


def _sized(e: Expr, memo: Memo, style: Style) -> Mark:
    return mark("sized", (memo[e.args[0]].whole, *(size_marks(d) for d in e.data)), e.op)


def _people(kind: str, level: int = ATOM, needed: int = 0):
    """An operation that people write with a sign of its own, the input language by name."""
    def make(e: Expr, memo: Memo, style: Style) -> Mark:
        if style.is_input or kind == "prefix" and not style.is_page:
            return _call(e, memo, style)
        parts = tuple(bracketed(memo[a].whole, needed) for a in e.args)
        return mark(kind, parts, {"prefix": e.op, "postfix": "pseudo"}.get(kind), level)
    return make


def _expm(e: Expr, memo: Memo, style: Style) -> Mark:
    return mark("exponential", (memo[e.args[0]].whole,), None, POWER) if style.is_page else _call(e, memo, style)


def indexed_name(name: str, at: tuple[str, str]) -> str:
    """W_ij, W_1_12, x_i: a name with the indices of an entry."""
    shown = [k for k in at if k]
    together = all(len(k) == 1 for k in shown) and (all(k.isdigit() for k in shown) or set(shown) <= set("ijklmn"))
    return "_".join([name, "".join(shown)] if together else [name, *shown])


def _entry(e: Expr, memo: Memo, style: Style) -> Mark:
    """An entry of a variable is a name with indices; of anything else it is in brackets."""
    x = e.args[0]
    if x.op == "var":
        return mark("symbol", data=(indexed_name(x.name, e.data), "scalar"))
    if x.op == "cot":
        return _cotangent(x.data[0], indexed_name(x.data[1], e.data), "scalar", style)
    if x.op == "dvar":
        return mark("differential", data=(indexed_name(x.data, e.data), "scalar"))
    return mark("indexed", (bracketed(memo[x].whole, ATOM),), ",".join(k for k in e.data if k))


def _series(e: Expr, memo: Memo, style: Style) -> Mark:
    sizes = tuple(size_marks(n) for _, n in e.data)
    body = bracketed(memo[e.args[0]].whole, PRODUCT)
    return mark("series", (body, *sizes), tuple(k for k, _ in e.data), PREFIX)


_OPERATIONS = {
    "entry": _entry, "series": _series,
    "delta": lambda e, memo, style: mark("symbol", data=(indexed_name("delta", e.data), "scalar")),
    "num": lambda e, memo, style: Signed(-1 if e.data < 0 else 1, number(abs(e.data), style)),
    "const": lambda e, memo, style: mark("const", data=e.data),
    "size": lambda e, memo, style: size_marks(e.data),
    "var": lambda e, memo, style: mark("symbol", data=(e.name, rank(e))),
    "cot": _cot,
    "dvar": lambda e, memo, style: mark("differential", data=(e.data, rank(e))),
    "ones": lambda e, memo, style: constant(e, style),
    "zeros": lambda e, memo, style: constant(e, style),
    "eye": lambda e, memo, style: constant(e, style),
    "commutation": lambda e, memo, style: mark("commutation", tuple(size_marks(d) for d in e.data)),
    "add": _sum,
    "had": lambda e, memo, style: (quotient if e.is_scalar else entry_quotient)(e, memo, style),
    "scale": lambda e, memo, style: quotient(e, memo, style),
    "pow": lambda e, memo, style: (quotient if e.is_scalar else entry_quotient)(e, memo, style),
    "matmul": lambda e, memo, style: product(factors(e, memo)),
    "matpow": _matpow, "kron": _kron, "T": _transpose_or_inverse, "inv": _transpose_or_inverse,
    "rowsum": _sum_along, "colsum": _sum_along,
    "fn": _fn, "norm1": _norm, "norm2": _norm, "sqnorm": _norm,
    "vec": _vec, "mat": _sized, "rearrange": _sized, "expm": _expm,
    "logdet": _people("prefix", PREFIX, POWER), "pinv": _people("postfix", POWER, ATOM),
    "inner": _people("angle"),
}
