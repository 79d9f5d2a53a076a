"""Reading a derivative off a differential (Magnus and Neudecker's identification).

If vec(dF) = M vec(dX), then M is the Jacobian d vec(F) / d vec(X)^T, columns
stacked; for a vector function of a vector that is J with J[i, j] = dF_i/dx_j.
"""

from __future__ import annotations

from ..errors import fail
from ..expr import algebra as alg
from ..expr.node import Expr
from ..expr.text import text


def coefficient(e: Expr, dX: Expr) -> Expr | None:
    """M with vec(e) = M vec(dX); None when dX does not occur in e.

    Raises MatcalcError (M306) when M cannot be written with Kronecker products.
    """
    if e is dX:
        return alg.eye(dX.rows * dX.cols)
    if e.op in _READ:
        return _READ[e.op](e, dX)
    if any(coefficient(a, dX) is not None for a in e.args):
        raise fail("M306", f"the derivative through {text(e)} has no form with Kronecker products",
                   facts=("it is a tensor of third or fourth order",),
                   help="take the gradient of a scalar function of it instead")
    return None


def _sum(e: Expr, dX: Expr) -> Expr | None:
    parts = [M for t in e.args if (M := coefficient(t, dX)) is not None]
    return alg.add(*parts) if parts else None


def _varying(e: Expr, dX: Expr) -> tuple[int, Expr] | None:
    """Place and coefficient of the one factor that holds dX."""
    for i, a in enumerate(e.args):
        M = coefficient(a, dX)
        if M is not None:
            return i, M
    return None


def _entries(e: Expr, dX: Expr) -> Expr | None:
    """A Hadamard product (or a product of scalars): a diagonal matrix in front."""
    found = _varying(e, dX)
    if found is None:
        return None
    i, M = found
    others = e.args[:i] + e.args[i + 1:]
    if e.is_scalar:
        return alg.mul(alg.had(*others), M)
    return alg.matmul(alg.diag(alg.vec(alg.had(*others))), M)


def _scaled(e: Expr, dX: Expr) -> Expr | None:
    c, X = e.args
    M = coefficient(X, dX)
    if M is not None:
        return alg.mul(c, M)
    M = coefficient(c, dX)
    return None if M is None else alg.matmul(alg.vec(X), M)


def _product(e: Expr, dX: Expr) -> Expr | None:
    """vec(P f S) = (S^T kron P) vec(f)."""
    found = _varying(e, dX)
    if found is None:
        return None
    i, M = found
    P, S = _sides(e.args, i)
    return alg.matmul(alg.kron(alg.transpose(S), P), M)


def _sides(factors: tuple[Expr, ...], i: int) -> tuple[Expr, Expr]:
    """What stands before and behind factor i, identities where there is nothing."""
    P = alg.matmul(*factors[:i]) if i else alg.eye(factors[i].rows)
    S = alg.matmul(*factors[i + 1:]) if factors[i + 1:] else alg.eye(factors[i].cols)
    return P, S


def _transposed(e: Expr, dX: Expr) -> Expr | None:
    """vec(X^T) = K vec(X), with K the commutation matrix."""
    M = coefficient(e.args[0], dX)
    if M is None or e.is_row or e.is_column:
        return M
    return alg.matmul(alg.build.commutation(*e.args[0].shape), M)


def _trace(e: Expr, dX: Expr) -> Expr | None:
    """tr(P f S) = vec(P^T S^T)^T vec(f)."""
    return _read_scalar(e, e.args[0], dX, lambda P, S: alg.matmul(alg.transpose(P), alg.transpose(S)))


def _read_scalar(e: Expr, x: Expr, dX: Expr, weight) -> Expr | None:
    if x.op == "scale":
        c, body = x.args
        inner = alg.trace(body)
        return coefficient(alg.had(c, inner), dX)
    if x.op == "add":
        return coefficient(alg.add(*(alg.trace(t) for t in x.args)), dX)
    factors = x.args if x.op == "matmul" else (x,)
    for i, f in enumerate(factors):
        M = coefficient(f, dX)
        if M is not None:
            return alg.matmul(alg.transpose(alg.vec(weight(*_sides(factors, i)))), M)
    return None


def _total(e: Expr, dX: Expr) -> Expr | None:
    M = coefficient(e.args[0], dX)
    return None if M is None else alg.matmul(alg.ones((alg.UNIT.rows, M.rows)), M)


def _inner(e: Expr, dX: Expr) -> Expr | None:
    for x, other in (e.args, e.args[::-1]):
        M = coefficient(x, dX)
        if M is not None:
            return alg.matmul(alg.transpose(alg.vec(other)), M)
    return None


def _row_sums(e: Expr, dX: Expr) -> Expr | None:
    X = e.args[0]
    M = coefficient(X, dX)
    if M is None:
        return None
    return alg.matmul(alg.kron(alg.ones((alg.UNIT.rows, X.cols)), alg.eye(X.rows)), M)


def _column_sums(e: Expr, dX: Expr) -> Expr | None:
    X = e.args[0]
    M = coefficient(X, dX)
    if M is None:
        return None
    return alg.matmul(alg.kron(alg.eye(X.cols), alg.ones((alg.UNIT.rows, X.rows))), M)


def _same_entries(e: Expr, dX: Expr) -> Expr | None:
    """vec and mat keep the stacked entries."""
    return coefficient(e.args[0], dX)


_READ = {
    "add": _sum, "had": _entries, "scale": _scaled, "matmul": _product, "T": _transposed,
    "tr": _trace, "sum": _total, "inner": _inner, "rowsum": _row_sums, "colsum": _column_sums,
    "vec": _same_entries, "mat": _same_entries,
}
