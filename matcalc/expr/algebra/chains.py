"""Matrix products: neighbours that cancel or merge, scalars inside, Kronecker products."""

from __future__ import annotations

from fractions import Fraction

from ...shapes import ONE, is_scalar
from .. import build
from ..build import eye, num, ones, size_number, zeros
from ..canonical import canonical
from ..node import Expr, node
from ..terms import UNIT, assumed, is_zero, split
from . import entries, reductions, sums, transposes


def matmul(*factors: Expr) -> Expr:
    """Matrix product of non-scalar factors (scalars are let in, and pulled out)."""
    shape = factors[0].rows, factors[-1].cols
    number = Fraction(1)
    scalars: list[Expr] = []
    chain: list[Expr] = []
    for f in factors:
        n, s, body = split(f)
        number *= n
        scalars += s
        if body is not None:
            for part in body.args if body.op == "matmul" else (body,):
                _push(chain, part, scalars)
    if number == 0 or any(f.op == "zeros" for f in chain):
        return zeros(shape)
    segments = _segments(chain)
    outer = [s for s in segments if not is_scalar((s[0].rows, s[-1].cols))]
    scalars += [_scalar_chain(s) for s in segments if is_scalar((s[0].rows, s[-1].cols))]
    front = entries.merged_scalars(number, scalars)
    body = tuple(f for s in outer for f in s)
    if not body:
        return front if is_scalar(shape) else entries.mul(front, eye(shape[0]))
    return entries.mul(front, body[0] if len(body) == 1 else node(
        "matmul", body, None, (body[0].rows, body[-1].cols)))


def _push(chain: list[Expr], new: Expr, scalars: list[Expr]) -> None:
    """Append a factor, combining it with the last one where they cancel or merge."""
    if new.op == "eye":
        return
    if not chain:
        chain.append(new)
        return
    merged = _pair(chain[-1], new)
    if merged is None:
        chain.append(new)
        return
    chain.pop()
    n, s, body = split(merged)
    if n != 1:
        scalars.append(num(n))
    scalars += s
    if body is not None:
        for part in body.args if body.op == "matmul" else (body,):
            _push(chain, part, scalars)


def _pair(a: Expr, b: Expr) -> Expr | None:
    """The product of two neighbours where it is simpler than both, else None."""
    if a.op == "zeros" or b.op == "zeros":
        return zeros((a.rows, b.cols))
    if a.op == "ones" and b.op == "ones" and not is_scalar((a.rows, b.cols)):
        return entries.mul(size_number(a.cols), ones((a.rows, b.cols)))
    if a.is_row and b.op == "ones":
        return entries.mul(reductions.total(a), ones((ONE, b.cols)))
    if b.is_column and a.op == "ones":
        return entries.mul(reductions.total(b), ones((a.rows, ONE)))
    if a.op == "diag":
        if b.op == "diag":
            return reductions.diag(entries.had(a.args[0], b.args[0]))
        if b.is_column:
            return entries.had(a.args[0], b)
    if b.op == "diag" and a.is_row:
        return entries.had(a, transposes.transpose(b.args[0]))
    if _mutually_inverse(a, b):
        return eye(a.rows)
    # K (A kron B) K' = B kron A, and a commutation matrix of size m x 1 or 1 x m is I
    if b.op == "commutation" and a.op == "kron" and (a.args[0].rows.is_one or a.args[1].rows.is_one):
        return kron(a.args[1], a.args[0])
    if a.op == "commutation" and b.op == "kron" and (b.args[0].cols.is_one or b.args[1].cols.is_one):
        return kron(b.args[1], b.args[0])
    (x, j), (y, k) = _matrix_base(a), _matrix_base(b)
    if j is not UNIT or k is not UNIT:
        if canonical(x) is canonical(y):
            return transposes.matpow(x, sums.add(j, k))
    return None


def _matrix_base(e: Expr) -> tuple[Expr, Expr]:
    """e = X ^ k; the transpose is inside X."""
    if e.op == "matpow":
        return e.args
    if e.op == "T" and e.args[0].op == "matpow":
        return transposes.transpose(e.args[0].args[0]), e.args[0].args[1]
    return e, UNIT


def _mutually_inverse(a: Expr, b: Expr) -> bool:
    kinds = {x.args[0].op if x.op == "T" else x.op for x in (a, b)}
    if "inv" in kinds:
        return canonical(transposes.inverse(a)) is canonical(b)
    base = [x.args[0] if x.op == "T" else x for x in (a, b)]
    return assumed(base[0], "orthogonal") and base[0] is base[1] and a is not b


def _segments(chain: list[Expr]) -> list[list[Expr]]:
    """Cut the chain where the inner size is one: x y^T z w^T -> x | y^T z | w^T."""
    out: list[list[Expr]] = []
    for f in chain:
        if out and not f.rows.is_one:
            out[-1].append(f)
        else:
            out.append([f])
    return out


def _scalar_chain(factors: list[Expr]) -> Expr:
    """A row times matrices times a column."""
    if len(factors) == 1:
        return factors[0]
    first, last = factors[0], factors[-1]
    if first.op == "ones":
        return reductions.total(matmul(*factors[1:]))
    if last.op == "ones":
        return reductions.total(matmul(*factors[:-1]))
    if len(factors) == 2 and transposes.transpose(first).op == last.op == "vec":
        return reductions.trace(matmul(transposes.transpose(transposes.transpose(first).args[0]), last.args[0]))
    if len(factors) == 2 and {"had", "pow"} & {first.op, last.op, transposes.transpose(first).op}:
        merged = entries.had(transposes.transpose(first), last)
        if merged.cost < first.cost + last.cost - 1:
            return reductions.total(merged)
    return node("matmul", tuple(factors), None, (ONE, ONE))


def kron(a: Expr, b: Expr) -> Expr:
    if a.is_scalar or b.is_scalar:
        return entries.mul(a, b)
    if is_zero(a) or is_zero(b):
        return zeros((a.rows * b.rows, a.cols * b.cols))
    (m, s, x), (n, t, y) = split(a), split(b)
    front = entries.merged_scalars(m * n, s + t)
    if x.op == y.op == "eye":
        return entries.mul(front, eye(x.rows * y.rows))
    if x.is_column and y.is_row:
        return entries.mul(front, matmul(x, y))
    if x.is_row and y.is_column:
        return entries.mul(front, matmul(y, x))
    return entries.mul(front, build.kron(x, y))
