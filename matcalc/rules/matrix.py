"""Rules of matrix functions: transpose, inverse, determinant, trace, diagonal, vec."""

from __future__ import annotations

from ..errors import fail
from ..expr import algebra as alg
from .rule import Rule


def _det_vjp(G, Y, i, args, data):
    return alg.mul(alg.had(G, Y), alg.transpose(alg.inverse(args[0])))


def _inv_vjp(G, Y, i, args, data):
    YT = alg.transpose(Y)
    return alg.neg(alg.matmul(YT, G, YT))


def _pinv_differential(Y, args, dargs, data):
    """Golub and Pereyra 1973, for constant rank."""
    A, dA = args[0], dargs[0]
    AT, dAT, PT = map(alg.transpose, (A, dA, Y))
    left = alg.sub(alg.eye(A.cols), alg.matmul(Y, A))
    right = alg.sub(alg.eye(A.rows), alg.matmul(A, Y))
    return alg.add(alg.neg(alg.matmul(Y, dA, Y)), alg.matmul(Y, PT, dAT, right),
                   alg.matmul(left, dAT, PT, Y))


def _pinv_vjp(G, Y, i, args, data):
    A = args[0]
    GT, PT = alg.transpose(G), alg.transpose(Y)
    left = alg.sub(alg.eye(A.rows), alg.matmul(A, Y))
    right = alg.sub(alg.eye(A.cols), alg.matmul(Y, A))
    return alg.add(alg.neg(alg.matmul(PT, G, PT)), alg.matmul(left, GT, Y, PT),
                   alg.matmul(PT, Y, GT, right))


def _expm(np, A):
    """Scaling and squaring with a Taylor series of the scaled matrix."""
    squarings = max(0, int(np.ceil(np.log2(max(np.abs(A).sum(0).max(), 1e-30)))) + 6)
    scaled, term, total = A / 2.0 ** squarings, np.eye(len(A)), np.eye(len(A))
    for k in range(1, 14):
        term = term @ scaled / k
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return total


def _frechet(np, A, E):
    """The upper right block of expm([[A, E], [0, A]]) (Higham, Functions of Matrices, 3.16)."""
    n = len(A)
    return _expm(np, np.block([[A, E], [np.zeros_like(A), A]]))[:n, n:]


def _refuse_second_order(*_):
    raise fail("M303", "second derivatives of expm have no closed form here")




def _part(op: str, title: str, value, why: str, cites=("magnus:3.8",)) -> Rule:
    """A linear map that is its own adjoint: some entries kept, others dropped or averaged."""
    return Rule(op, title, "n n -> n n", ("X",),
                vjp=lambda G, Y, i, args, data: alg.call(op, G),
                differential=lambda Y, args, dargs, data: alg.call(op, dargs[0]),
                oracle=lambda np, arrays, data, sizes: value(np, arrays[0]), why=why, calls=(op,), cites=cites)


def _diagonal_sums(np, X):
    out = np.zeros(X.shape, dtype=X.dtype)
    for k in range(1 - len(X), len(X)):
        out = out + np.eye(len(X), k=k, dtype=int) * np.trace(X, offset=k)
    return out


RULES = (
    _part("tril", "Lower triangle", lambda np, X: np.tril(X), "Entries above the diagonal are dropped."),
    _part("triu", "Upper triangle", lambda np, X: np.triu(X), "Entries below the diagonal are dropped."),
    _part("diagsums", "Sums along the diagonals", _diagonal_sums,
          "Every entry is replaced by the sum of its diagonal, alpha(X) in the Cookbook.", ("cookbook:140",)),
    Rule("T", "Transpose", "m n -> n m", ("X",),
         vjp=lambda G, Y, i, args, data: alg.transpose(G),
         differential=lambda Y, args, dargs, data: alg.transpose(dargs[0]),
         oracle=lambda np, arrays, data, sizes: arrays[0].T,
         why="Transposing the matrix transposes its cotangent.", cites=("cookbook:40",)),
    Rule("inv", "Inverse", "n n -> n n", ("X",),
         vjp=_inv_vjp,
         differential=lambda Y, args, dargs, data: alg.neg(alg.matmul(Y, dargs[0], Y)),
         oracle=lambda np, arrays, data, sizes: np.linalg.inv(arrays[0]),
         why="A matrix times its inverse is constant, so its differential is zero.",
         calls=("inv", "inverse"), cites=("cookbook:40", "cookbook:59", "giles:2.2.3"),
         domain="{0} is invertible", draw=("invertible",)),
    Rule("pinv", "Pseudo-inverse", "m n -> n m", ("X",),
         vjp=_pinv_vjp, differential=_pinv_differential,
         oracle=lambda np, arrays, data, sizes: np.linalg.pinv(arrays[0]),
         why="Golub and Pereyra's formula for matrices of constant rank.",
         calls=("pinv",), cites=("golub:1973",), domain="the rank of {0} does not change"),
    Rule("det", "Determinant", "n n -> 1 1", ("X",),
         vjp=_det_vjp,
         differential=lambda Y, args, dargs, data: alg.had(
             Y, alg.trace(alg.matmul(alg.inverse(args[0]), dargs[0]))),
         oracle=lambda np, arrays, data, sizes: np.linalg.det(arrays[0]).reshape(1, 1),
         why="Jacobi's formula: the determinant is multiplied by the trace of the inverse times dX.",
         calls=("det",), cites=("cookbook:49", "giles:2.2.4"),
         domain="{0} is invertible", draw=("invertible",)),
    Rule("logdet", "Log-determinant", "n n -> 1 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.mul(G, alg.transpose(alg.inverse(args[0]))),
         differential=lambda Y, args, dargs, data: alg.trace(
             alg.matmul(alg.inverse(args[0]), dargs[0])),
         oracle=lambda np, arrays, data, sizes: np.where(
             np.linalg.slogdet(arrays[0])[0] > 0, np.linalg.slogdet(arrays[0])[1], np.nan).reshape(1, 1),
         why="The differential is the trace of the inverse times dX.",
         calls=("logdet",), cites=("cookbook:57", "magnus:8.3"),
         domain="det({0}) > 0", draw=("det>0",)),
    Rule("tr", "Trace", "n n -> 1 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.mul(G, alg.eye(args[0].rows)),
         differential=lambda Y, args, dargs, data: alg.trace(dargs[0]),
         oracle=lambda np, arrays, data, sizes: np.trace(arrays[0]).reshape(1, 1),
         why="The trace is the inner product with the identity.",
         calls=("tr", "trace"), cites=("cookbook:99",)),
    Rule("diag", "Diagonal matrix of a vector", "n 1 -> n n", ("v",),
         vjp=lambda G, Y, i, args, data: alg.diagpart(G),
         differential=lambda Y, args, dargs, data: alg.diag(dargs[0]),
         oracle=lambda np, arrays, data, sizes: np.diag(arrays[0][:, 0]),
         why="Only the entries on the diagonal come from the vector.", calls=("diag",),
         cites=("magnus:8.6",)),
    Rule("diagpart", "Diagonal of a matrix", "n n -> n 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.diag(G),
         differential=lambda Y, args, dargs, data: alg.diagpart(dargs[0]),
         oracle=lambda np, arrays, data, sizes: np.diag(arrays[0])[:, None],
         why="Only the diagonal entries are read.", calls=("diag",), cites=("magnus:8.6",)),
    Rule("vec", "Vectorisation", "m n -> m*n 1", ("X",),
         vjp=lambda G, Y, i, args, data: alg.mat(G, *args[0].shape),
         differential=lambda Y, args, dargs, data: alg.vec(dargs[0]),
         oracle=lambda np, arrays, data, sizes: arrays[0].reshape(-1, 1, order="F"),
         why="Stacking the columns only moves entries.", calls=("vec",), cites=("magnus:2.4",)),
    Rule("mat", "Matrix of a stacked vector", "m*n 1 -> m n", ("v",),
         vjp=lambda G, Y, i, args, data: alg.vec(G),
         differential=lambda Y, args, dargs, data: alg.mat(dargs[0], *data),
         oracle=lambda np, arrays, data, sizes: arrays[0].reshape(
             data[0].value(sizes), data[1].value(sizes), order="F"),
         why="Unstacking the columns only moves entries.", cites=("magnus:2.4",)),
    Rule("expm", "Matrix exponential", "n n -> n n", ("X",),
         vjp=lambda G, Y, i, args, data: alg.frechet(alg.transpose(args[0]), G),
         differential=lambda Y, args, dargs, data: alg.frechet(args[0], dargs[0]),
         oracle=lambda np, arrays, data, sizes: _expm(np, arrays[0]),
         why="The Fréchet derivative in the direction dX; its adjoint is that at the transposed matrix.",
         calls=("expm",), cites=("higham:10.2",)),
    Rule("frechet", "Frechet derivative of the exponential", "n n, n n -> n n", ("A", "E"),
         vjp=lambda G, Y, i, args, data: alg.frechet(alg.transpose(args[0]), G) if i == 1
         else _refuse_second_order(),
         differential=lambda Y, args, dargs, data: alg.frechet(args[0], dargs[1])
         if alg.is_zero(dargs[0]) else _refuse_second_order(),
         oracle=lambda np, arrays, data, sizes: _frechet(np, *arrays),
         why="The Frechet derivative is linear in its direction.", cites=("higham:10.2",)),
)
