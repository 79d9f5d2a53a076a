"""The expression node: immutable, hash-consed, with a checked shape.

An expression is a directed acyclic graph of `Expr` nodes.  Nodes with the same
operation, data and operands are the same object, so sharing survives whatever
is done to them, and equality is identity.  A node never evaluates or re-sorts
anything; `build` makes nodes as written, `algebra` makes simplified ones.

The operations (op | operands | data | value):

leaves
  num      |         | Fraction            | a number
  const    |         | "pi" or "e"         | a number
  size     |         | Size                | a size used as a number (the N of 1/N)
  var      |         | (name, assumptions) | a variable; assumptions is a frozenset
  cot      |         | (output, name)      | the cotangent dL/dname as a symbol
  dvar     |         | name                | the differential dX as a symbol
  ones, zeros        | None                | constant matrix of that shape
  eye      |         | None                | identity
  commutation |      | (m, n) Sizes        | K_{m,n} vec(X) = vec(X^T), X is m x n

sums and products
  add      | terms   | None  | sum of operands of one shape
  had      | factors | None  | Hadamard product; for scalars the ordinary product
  scale    | c, X    | None  | scalar c times a non-scalar X
  matmul   | factors | None  | matrix product of non-scalar factors
  pow      | x, p    | None  | entrywise power; p is a scalar
  matpow   | X, k    | None  | matrix power, k a whole number or a symbol
  kron     | A, B    | None  | Kronecker product

matrix functions
  T, inv, pinv, expm, tr, det, logdet       | X | None
  diag     | v       | None  | vector to diagonal matrix
  diagpart | X       | None  | diagonal of a square matrix, as a vector
  tril, triu | X     | None  | lower and upper triangle, diagonal included
  diagsums | X       | None  | each entry replaced by the sum of its diagonal
  vec      | X       | None  | columns stacked
  mat      | v       | (m, n) Sizes | inverse of vec
  rearrange| G       | (m, n, p, q) Sizes | R(G) of size mn x pq: for G = kron(A, B),
                       A m x n, B p x q, R(G) = vec(A) vec(B)^T (Van Loan, Pitsianis)
  frechet  | A, E    | None  | Frechet derivative of expm at A in direction E

reductions
  sum, mean       | X | None | over all entries
  rowsum, rowmean | X | None | X 1: one number a row, a column vector
  colsum, colmean | X | None | 1^T X: one number a column, a row
  max, min        | X | None | over all entries
  argmax, argmin  | X | None | one-hot of the largest (smallest) entry, shape of X
  inner    | A, B    | None  | Frobenius inner product
  norm1, norm2, sqnorm | X | None | entrywise 1-norm; Euclidean/Frobenius; its square

entrywise and network functions
  fn       | x       | Func  | entrywise function or its derivative
  softmax, logsumexp           | x | None | of a vector
  softmax_rows, softmax_cols   | X | None
  logsumexp_rows (column vector), logsumexp_cols (row) | X | None
  standardize, std (and _rows, _cols) | X, eps | None | (x - mean) / s, s = sqrt(variance + eps)
  rmsnorm, rms (and _rows, _cols)     | X, eps | None | x / s, s = sqrt(mean of squares + eps)
  entry, delta, series: index notation, for printing only (see `expr.indexed`)
  losses: mse, cross_entropy, bce, hinge, ... | yhat, y | None
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Iterator
from weakref import WeakValueDictionary

from ..shapes import Shape, Size, is_column, is_row, is_scalar

# The one table that outlives a call: weak, so that it holds nothing alive.
_interned: "WeakValueDictionary[tuple, Expr]" = WeakValueDictionary()


# On paper a sum or a Hadamard product has a sign between its operands, a product
# (of matrices, or of scalars) none; a factor -1 is a sign that a sum has anyway.
_INFIX = ("add", "had", "kron")
_SILENT = ("matmul", "scale", "pow", "matpow")


@dataclass(frozen=True)
class Func:
    """An entrywise function: its name, how often it is differentiated, and,
    for a function that the user defined, its parameter and body.

    A user's function without a body is abstract (`sigma` with derivative `sigma'`).
    """

    name: str
    order: int = 0
    parameter: "Expr | None" = None
    body: "Expr | None" = None
    is_user: bool = False

    @property
    def is_abstract(self) -> bool:
        return self.is_user and self.body is None

    @property
    def prime(self) -> "Func":
        """The derivative of this function, as a function."""
        return Func(self.name, self.order + 1, self.parameter, self.body, self.is_user)

    def __str__(self) -> str:
        return self.name + "'" * self.order


class Expr:
    """One node; make it with `node`, never directly.

    op, args, data   what it is (see the module's table)
    shape            (rows, columns) as `Size`s
    count            nodes of the expression written out as a tree
    cost             about how many symbols it has on paper; decides what is shorter
    digest           64-bit number made from the structure, the same in every run
    """

    __slots__ = ("op", "args", "data", "shape", "count", "cost", "digest", "memo", "turned", "__weakref__")

    def __init__(self, op, args, data, shape):
        self.op, self.args, self.data, self.shape = op, args, data, shape
        self.count = 1 + sum(a.count for a in args)
        self.cost = sum(a.cost for a in args) + (
            len(args) - 1 if op in _INFIX and not (op == "had" and is_scalar(shape))
            else 0 if op in _SILENT or op == "had" or data == -1 else 1)
        text = f"{op}|{_stable(data)}|{shape[0]}|{shape[1]}|" + ",".join(str(a.digest) for a in args)
        self.digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        self.memo = self.turned = None  # canonical form and that of its transpose, kept by `expr.canonical`

    def __reduce__(self):
        """Pickled and copied as its content, so that identity stays equality."""
        return node, (self.op, self.args, self.data, self.shape)

    @property
    def is_scalar(self) -> bool:
        return is_scalar(self.shape)

    @property
    def is_column(self) -> bool:
        return is_column(self.shape)

    @property
    def is_row(self) -> bool:
        return is_row(self.shape)

    @property
    def rows(self) -> Size:
        return self.shape[0]

    @property
    def cols(self) -> Size:
        return self.shape[1]

    @property
    def name(self) -> str:
        """Name of a variable."""
        return self.data[0]

    @property
    def assumptions(self) -> frozenset:
        """Assumptions of a variable, e.g. {"symmetric"}."""
        return self.data[1]

    def __repr__(self) -> str:
        from .text import text
        return text(self)


def _stable(data) -> str:
    """Text of a node's data that does not depend on hash order."""
    if isinstance(data, tuple):
        return "(" + ",".join(_stable(x) for x in data) + ")"
    if isinstance(data, frozenset):
        return "{" + ",".join(sorted(data)) + "}"
    if isinstance(data, Func):
        return f"{data.name}:{data.order}:{data.is_user}:{data.body.digest if data.body else ''}"
    return str(data)


def node(op: str, args: tuple[Expr, ...], data, shape: Shape) -> Expr:
    """The one node with this content."""
    key = (op, args, data, shape)
    found = _interned.get(key)
    if found is None:
        found = _interned[key] = Expr(op, args, data, shape)
    return found


def walk(*roots: Expr) -> Iterator[Expr]:
    """Every node once, operands before results (no recursion, any depth)."""
    seen: set[Expr] = set()
    for root in roots:
        stack = [(root, False)]
        while stack:
            e, ready = stack.pop()
            if e in seen:
                continue
            if ready:
                seen.add(e)
                yield e
            else:
                stack.append((e, True))
                stack.extend((a, False) for a in reversed(e.args) if a not in seen)


def variables(*roots: Expr) -> list[Expr]:
    """The variables of an expression in order of appearance."""
    return [e for e in walk(*roots) if e.op == "var"]


def contains(root: Expr, part: Expr) -> bool:
    """Whether `part` occurs in `root`."""
    return any(e is part for e in walk(root))
