"""Constructors that simplify as they build.

Same names as in `build`; the rules and the engine use these.  They do what
every reader does without noticing: multiply numbers out, drop zeros and
identities, merge equal terms and equal powers, cancel X X^{-1}, pull scalars
to the front, and take a transpose to where it is shortest.  They do not expand
products and do not re-sort what was written; `derive.textbook` looks for the
shortest form of a whole expression.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Iterable

from ..shapes import ONE, Shape, Size, is_scalar
from . import build
from .build import cot, dvar, eye, num, ones, size_number, var, zeros  # noqa: F401  (leaves are the same)
from .canonical import canonical
from .node import Expr, Func, node
from .terms import MINUS, UNIT, ZERO, assumed, is_num, is_ones, is_zero, join, split

def _base(e: Expr) -> tuple[Expr, Expr]:
    """e = base ^ exponent."""
    if e.op == "pow":
        return e.args
    if e.op == "sqnorm":
        return build.call("norm2", e.args[0]), num(2)
    if e.op == "fn" and e.data.name == "sqrt" and e.data.order == 0:
        return e.args[0], num(Fraction(1, 2))
    return e, UNIT


def _merged(factors: Iterable[Expr]) -> tuple[Expr, ...]:
    """Factors of one commutative product with equal bases merged, in order."""
    factors = tuple(factors)
    if len(factors) < 2:
        return factors
    powers: dict[Expr, tuple[Expr, Expr]] = {}
    for f in factors:
        base, exponent = _base(f)
        key = canonical(base)
        if key in powers:
            base, old = powers[key]
            exponent = add(old, exponent)
        powers[key] = base, exponent
    if len(powers) == len(factors):
        return factors
    return tuple(x for b, p in powers.values() if not is_ones(x := power(b, p)))


# ---------------------------------------------------------------- sums

def add(*terms: Expr) -> Expr:
    """Sum with equal terms collected, in order of first appearance."""
    shape = terms[0].shape
    found: dict[Expr, tuple[Fraction, Expr]] = {}
    for term in build.flat("add", _grouped(terms)):
        if is_zero(term):
            continue
        number, scalars, body = split(term)
        core = join(Fraction(1), scalars, body)
        key = canonical(core)
        if key.op in ("scale", "had"):  # a sign that the canonical form pulled out
            sign, rest, inner = split(key)
            key, flip = join(Fraction(1), rest, inner), sign
        else:
            flip = Fraction(1)
        if key in found:
            value, core, first = found[key]
            found[key] = value + number * flip / first, core, first
        else:
            found[key] = number, core, flip
    kept = [mul(num(n), core) for n, core, _ in found.values() if n != 0]
    if not kept:
        return zeros(shape)
    return kept[0] if len(kept) == 1 else node("add", tuple(kept), None, shape)


def _grouped(terms: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """r + r = 2 r for a sum r, before its brackets are dropped."""
    sums = [t for t in terms if t.op == "add"]
    if len(sums) < 2:
        return terms
    counts = {canonical(t): 0 for t in sums}
    for t in sums:
        counts[canonical(t)] += 1
    out = []
    for t in terms:
        n = counts.pop(canonical(t), 0) if t.op == "add" else 1
        if n:
            out.append(t if n == 1 else mul(num(n), t))
    return tuple(out)


def neg(x: Expr) -> Expr:
    return mul(MINUS, x)


def sub(a: Expr, b: Expr) -> Expr:
    return add(a, neg(b))


# ---------------------------------------------------------------- commutative products

def had(*factors: Expr) -> Expr:
    """Hadamard product; of scalars the ordinary product."""
    shape = factors[0].shape
    number = Fraction(1)
    scalars: list[Expr] = []
    bodies: list[Expr] = []
    for f in factors:
        n, s, body = split(f)
        number *= n
        scalars += s
        if body is not None and body.op != "ones":
            bodies += body.args if body.op == "had" else (body,)
    if number == 0 or any(b.op == "zeros" for b in bodies):
        return zeros(shape)
    front = _front(number, scalars)
    if is_scalar(shape):
        return front
    kept = _merged(bodies)
    kept = tuple(b for b in kept if b.op != "ones")
    if not kept:
        return mul(front, ones(shape))
    body = kept[0] if len(kept) == 1 else node("had", kept, None, shape)
    return mul(front, body)


def _front(number: Fraction, scalars: Iterable[Expr]) -> Expr:
    """A product of scalars; merging may bring out further numbers."""
    merged = _merged(scalars)
    rest = []
    for f in merged:
        n, s, _ = split(f)
        number *= n
        rest += s
    return join(number, tuple(rest), None) if number else ZERO


def scale(c: Expr, x: Expr) -> Expr:
    """Scalar times non-scalar."""
    if is_zero(c) or x.op == "zeros":
        return zeros(x.shape)
    if is_num(c, 1):
        return x
    if x.op == "scale":
        return scale(had(c, x.args[0]), x.args[1])
    return build.scale(c, x)


def mul(a: Expr, b: Expr) -> Expr:
    """The product of ordinary notation."""
    if a.is_scalar and b.is_scalar:
        return had(a, b)
    if a.is_scalar:
        return scale(a, b)
    return scale(b, a) if b.is_scalar else matmul(a, b)


def div(a: Expr, b: Expr) -> Expr:
    inverse = power(b, MINUS)
    if a.shape == b.shape:
        return had(a, inverse)
    return mul(inverse, a)


def power(x: Expr, p: Expr) -> Expr:
    """Entrywise power x ^ p."""
    if is_num(p, 0) or x.op == "ones" or is_num(x, 1):
        return ones(x.shape)
    if is_num(p, 1):
        return x
    whole = p.op == "num" and p.data.denominator == 1
    if whole:
        if x.op == "num" and (x.data != 0 or p.data > 0):
            return num(x.data ** int(p.data))
        if x.op == "had":
            return had(*(power(f, p) for f in x.args))
        if x.op == "scale":
            return scale(power(x.args[0], p), power(x.args[1], p))
        base, q = _base(x)
        if base is not x:
            return power(base, had(q, p))
    if x.op == "norm2" and is_num(p, 2):
        return build.call("sqnorm", x.args[0])
    if is_num(p, Fraction(1, 2)):
        return fn("sqrt", x)
    return build.power(x, p)


# ---------------------------------------------------------------- matrix products

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
    front = _front(number, scalars)
    body = tuple(f for s in outer for f in s)
    if not body:
        return front if is_scalar(shape) else mul(front, eye(shape[0]))
    return mul(front, body[0] if len(body) == 1 else node(
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
        return mul(size_number(a.cols), ones((a.rows, b.cols)))
    if a.is_row and b.op == "ones":
        return mul(total(a), ones((ONE, b.cols)))
    if b.is_column and a.op == "ones":
        return mul(total(b), ones((a.rows, ONE)))
    if a.op == "diag":
        if b.op == "diag":
            return diag(had(a.args[0], b.args[0]))
        if b.is_column:
            return had(a.args[0], b)
    if b.op == "diag" and a.is_row:
        return had(a, transpose(b.args[0]))
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
            return matpow(x, add(j, k))
    return None


def _matrix_base(e: Expr) -> tuple[Expr, Expr]:
    """e = X ^ k; the transpose is inside X."""
    if e.op == "matpow":
        return e.args
    if e.op == "T" and e.args[0].op == "matpow":
        return transpose(e.args[0].args[0]), e.args[0].args[1]
    return e, UNIT


def _mutually_inverse(a: Expr, b: Expr) -> bool:
    kinds = {x.args[0].op if x.op == "T" else x.op for x in (a, b)}
    if "inv" in kinds:
        return canonical(inverse(a)) is canonical(b)
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
        return total(matmul(*factors[1:]))
    if last.op == "ones":
        return total(matmul(*factors[:-1]))
    if len(factors) == 2 and transpose(first).op == last.op == "vec":
        return trace(matmul(transpose(transpose(first).args[0]), last.args[0]))
    if len(factors) == 2 and {"had", "pow"} & {first.op, last.op, transpose(first).op}:
        merged = had(transpose(first), last)
        if merged.cost < first.cost + last.cost - 1:
            return total(merged)
    return node("matmul", tuple(factors), None, (ONE, ONE))


# ---------------------------------------------------------------- transposes

def transpose(x: Expr) -> Expr:
    """X^T, taken inside where that is the shorter or the usual form."""
    op = x.op
    if x.is_scalar or op in ("eye", "diag"):
        return x
    if op == "T":
        return x.args[0]
    if op in ("ones", "zeros"):
        return node(op, (), None, (x.cols, x.rows))
    if op == "scale":
        return scale(x.args[0], transpose(x.args[1]))
    if assumed(x, "symmetric", "spd", "diagonal"):
        return x
    if op == "commutation":
        return build.commutation(x.data[1], x.data[0])
    if op == "kron":
        return kron(*map(transpose, x.args))
    outside = build.transpose(x)
    if op == "matmul":
        inside = matmul(*map(transpose, reversed(x.args)))
        is_vector = x.is_column or x.is_row
        return outside if is_vector and outside.cost < inside.cost else inside
    if op in ("add", "had"):
        inside = (add if op == "add" else had)(*map(transpose, x.args))
        # a residual keeps its form: (w^T x - y)^T rather than x^T w - y^T
        grouped = 1 if op == "add" and (x.is_column or x.is_row) else 0
        return inside if inside.cost + grouped < outside.cost or _is_own_transpose(x, inside) else outside
    if op in ("inv", "matpow"):
        inside = transpose(x.args[0])
        if inside is x.args[0] or _is_own_transpose(x.args[0], inside):
            return x
        if inside.cost < x.args[0].cost and inside.op != "T":
            return inverse_of(inside) if op == "inv" else matpow(inside, x.args[1])
    return outside


def _is_own_transpose(x: Expr, inside: Expr) -> bool:
    return x.rows == x.cols and canonical(inside) is canonical(x)


def is_symmetric(x: Expr) -> bool:
    """Whether X^T = X can be seen from the structure and the assumptions."""
    return x.rows == x.cols and canonical(transpose(x)) is canonical(x)


# ---------------------------------------------------------------- matrix functions

def inverse_of(x: Expr) -> Expr:
    """X^{-1} as a node, with the trivial cases done."""
    if x.op == "inv":
        return x.args[0]
    if x.op == "eye":
        return x
    if x.op == "matpow":
        return matpow(x.args[0], neg(x.args[1]))
    if x.op == "scale":
        return scale(power(x.args[0], MINUS), inverse_of(x.args[1]))
    if x.op == "diag":
        return diag(power(x.args[0], MINUS))
    return build.call("inv", x)


def inverse(x: Expr) -> Expr:
    """X^{-1}; the transpose of an inverse is written X^{-T}."""
    if x.op == "T":
        return transpose(inverse(x.args[0]))
    if assumed(x, "orthogonal"):
        return transpose(x)
    return inverse_of(x)


def matpow(x: Expr, k: Expr) -> Expr:
    if is_num(k, 0):
        return eye(x.rows)
    if is_num(k, 1):
        return x
    if is_num(k, -1):
        return inverse(x)
    if x.op == "T":
        return transpose(matpow(x.args[0], k))
    return build.matpow(x, k)


def kron(a: Expr, b: Expr) -> Expr:
    if a.is_scalar or b.is_scalar:
        return mul(a, b)
    if is_zero(a) or is_zero(b):
        return zeros((a.rows * b.rows, a.cols * b.cols))
    (m, s, x), (n, t, y) = split(a), split(b)
    front = _front(m * n, s + t)
    if x.op == y.op == "eye":
        return mul(front, eye(x.rows * y.rows))
    if x.is_column and y.is_row:
        return mul(front, matmul(x, y))
    if x.is_row and y.is_column:
        return mul(front, matmul(y, x))
    return mul(front, build.kron(x, y))


def trace(x: Expr) -> Expr:
    """tr(X); of a product with a vector in it the scalar product."""
    if x.is_scalar:
        return x
    op = x.op
    if op == "scale":
        return had(x.args[0], trace(x.args[1]))
    if op == "eye":
        return size_number(x.rows)
    if op == "zeros":
        return ZERO
    if op == "T":
        return trace(x.args[0])
    if op == "kron" and x.args[0].rows == x.args[0].cols:
        return had(trace(x.args[0]), trace(x.args[1]))
    if op == "diag":
        return total(x.args[0])
    if op == "matmul":
        for i in range(1, len(x.args)):
            if x.args[i].rows.is_one:
                return matmul(*x.args[i:], *x.args[:i])
    return build.call("tr", x)


def inner(a: Expr, b: Expr) -> Expr:
    """Frobenius inner product <A, B>, in its shortest usual form."""
    if a.is_scalar:
        return had(a, b)
    if is_zero(a) or is_zero(b):
        return ZERO
    if a.op == "ones":
        return total(b)
    if b.op == "ones":
        return total(a)
    if a.is_row:
        return matmul(a, transpose(b))
    if a.is_column or a.op in ("matmul", "eye", "scale") or b.op in ("matmul", "eye", "scale"):
        return trace(matmul(transpose(a), b))
    if "had" in (a.op, b.op):
        return total(had(a, b))
    return build.call("tr", matmul(transpose(a), b))


def total(x: Expr) -> Expr:
    """Sum of all entries."""
    if x.is_scalar:
        return x
    number, scalars, body = split(x)
    if number != 1 or scalars:
        for m in scalars:  # n entries of mean(y) add up to sum(y)
            if m.op == "mean" and body.op == "ones" and m.args[0].shape == body.shape:
                rest = tuple(s for s in scalars if s is not m)
                return had(num(number), *rest, total(m.args[0]))
        return had(num(number), *scalars, total(body))
    if x.op == "ones":
        return size_number(x.rows * x.cols)
    if x.op == "zeros":
        return ZERO
    if x.op == "T":
        return total(x.args[0])
    if x.op == "softmax":
        return UNIT
    if assumed(x, "onehot", "simplex"):
        return UNIT if x.is_column or x.is_row else size_number(x.rows)
    if assumed(x, "onehot_cols"):
        return size_number(x.cols)
    if x.op in ("rowsum", "colsum"):
        return total(x.args[0])
    if x.op == "add":
        terms = add(*map(total, x.args))
        return terms if terms.cost < x.cost else build.call("sum", x)
    if x.op in ("softmax_rows", "softmax_cols"):
        return size_number(x.rows if x.op == "softmax_rows" else x.cols)
    if x.op == "had" and x.is_column and len(x.args) == 2:
        return matmul(transpose(x.args[0]), x.args[1])
    return build.call("sum", x)


def rowsum(x: Expr) -> Expr:
    """X 1."""
    return _sum_along(x, "rowsum", (x.rows, ONE), "softmax_rows", "onehot", "simplex")


def colsum(x: Expr) -> Expr:
    """1^T X."""
    return _sum_along(x, "colsum", (ONE, x.cols), "softmax_cols", "onehot_cols")


def _sum_along(x: Expr, op: str, shape: Shape, unit: str, *assumptions: str) -> Expr:
    along = x.cols if op == "rowsum" else x.rows
    if along.is_one:
        return x
    if is_scalar(shape):
        return total(x)
    number, scalars, body = split(x)
    if number != 1 or scalars:
        return mul(_front(number, scalars), _sum_along(body, op, shape, unit, *assumptions))
    if x.op == "zeros":
        return zeros(shape)
    if x.op == "ones":
        return mul(size_number(along), ones(shape))
    if x.op == unit or assumed(x, *assumptions):
        return ones(shape)
    if x.op == "matmul" and any(f.rows.is_one for f in x.args[1:]):
        column = ones((x.cols, ONE))
        return matmul(x, column) if op == "rowsum" else matmul(ones((ONE, x.rows)), x)
    if x.op == "T":
        return transpose(rowsum(x.args[0]) if op == "colsum" else colsum(x.args[0]))
    return build.call(op, x)


def diag(v: Expr) -> Expr:
    """Vector to diagonal matrix."""
    if v.op == "ones":
        return eye(v.rows)
    if is_zero(v):
        return zeros((v.rows, v.rows))
    if v.op == "scale":
        return scale(v.args[0], diag(v.args[1]))
    return v.args[0] if v.op == "diagpart" and assumed(v.args[0], "diagonal") else build.call("diag", v)


def diagpart(x: Expr) -> Expr:
    """Diagonal of a square matrix, as a vector."""
    if x.is_scalar:
        return x
    if x.op == "scale":
        return scale(x.args[0], diagpart(x.args[1]))
    if x.op in ("eye", "ones"):
        return ones((x.rows, ONE))
    if x.op == "zeros":
        return zeros((x.rows, ONE))
    if x.op == "diag":
        return x.args[0]
    if x.op == "T":
        return diagpart(x.args[0])
    if x.op == "matmul":
        for i in range(1, len(x.args)):
            if x.args[i].rows.is_one:
                return had(matmul(*x.args[:i]), transpose(matmul(*x.args[i:])))
    if x.op == "had":
        return had(*map(diagpart, x.args))
    return build.call("diagpart", x)


def vec(x: Expr) -> Expr:
    if x.cols.is_one:
        return x
    if x.rows.is_one:
        return transpose(x)
    if x.op == "scale":
        return scale(x.args[0], vec(x.args[1]))
    if x.op == "mat":
        return x.args[0]
    if x.op in ("ones", "zeros"):
        return node(x.op, (), None, (x.rows * x.cols, ONE))
    return build.call("vec", x)


def mat(v: Expr, m: Size, n: Size) -> Expr:
    if n.is_one:
        return v
    if m.is_one:
        return transpose(v)
    if v.op == "scale":
        return scale(v.args[0], mat(v.args[1], m, n))
    if v.op == "vec" and v.args[0].shape == (m, n):
        return v.args[0]
    if v.op in ("ones", "zeros"):
        return node(v.op, (), None, (m, n))
    return build.mat(v, m, n)


def rearrange(g: Expr, m: Size, n: Size, p: Size, q: Size) -> Expr:
    """Van Loan's R(G); of a scaled identity and of a Kronecker product it is an outer product."""
    if g.op == "scale":
        return scale(g.args[0], rearrange(g.args[1], m, n, p, q))
    if g.op == "eye" and m == n:
        return matmul(vec(eye(m)), transpose(vec(eye(p))))
    if g.op == "ones":
        return ones((m * n, p * q))
    if g.op == "zeros":
        return zeros((m * n, p * q))
    if g.op == "kron" and g.args[0].shape == (m, n):
        return matmul(vec(g.args[0]), transpose(vec(g.args[1])))
    return build.rearrange(g, m, n, p, q)


def frechet(a: Expr, e: Expr) -> Expr:
    """Frechet derivative of expm at A in direction E."""
    if e.op == "scale":
        return scale(e.args[0], frechet(a, e.args[1]))
    if e.op == "zeros":
        return e
    if e.op == "eye":
        return build.call("expm", a)
    return build.call("frechet", a, e)


_INVERSE_FUNCTIONS = {"log": "exp", "exp": "log"}


def fn(f: "Func | str", x: Expr) -> Expr:
    """Entrywise function."""
    f = Func(f) if isinstance(f, str) else f
    if f.order == 0 and not f.is_user:
        if x.op == "fn" and x.data == Func(_INVERSE_FUNCTIONS.get(f.name, "")):
            return x.args[0]
        if f.name == "log" and is_ones(x):
            return zeros(x.shape)
        if f.name == "exp" and is_zero(x):
            return ones(x.shape)
        if f.name == "sqrt" and x.op == "num" and x.data >= 0:
            root = _exact_root(x.data)
            if root is not None:
                return num(root)
        if f.name == "abs" and assumed(x, "positive"):
            return x
    return build.fn(f, x)


def _exact_root(value: Fraction) -> Fraction | None:
    top, bottom = round(value.numerator ** 0.5), round(value.denominator ** 0.5)
    return Fraction(top, bottom) if Fraction(top, bottom) ** 2 == value else None


_BY_NAME = {
    "add": add, "had": had, "scale": scale, "matmul": matmul, "pow": power, "matpow": matpow,
    "kron": kron, "T": transpose, "inv": inverse, "tr": trace, "inner": inner, "sum": total,
    "rowsum": rowsum, "colsum": colsum, "diag": diag, "diagpart": diagpart, "vec": vec,
    "frechet": frechet,
}


def call(op: str, *args: Expr) -> Expr:
    """Any operation of the table in `node` that needs no data."""
    return _BY_NAME[op](*args) if op in _BY_NAME else build.call(op, *args)


def rebuild(e: Expr, args: tuple[Expr, ...]) -> Expr:
    """The node e with other operands, simplified."""
    if e.op in _BY_NAME:
        if e.op == "scale" and args[1].is_scalar:
            return had(*args)
        return _BY_NAME[e.op](*args)
    if e.op == "fn":
        return fn(e.data, args[0])
    if e.op in ("mat", "rearrange"):
        return {"mat": mat, "rearrange": rearrange}[e.op](args[0], *e.data)
    if not args:
        return e
    return node(e.op, args, e.data, e.shape)

