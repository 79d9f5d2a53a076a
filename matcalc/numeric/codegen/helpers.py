"""Small functions that a generated module brings along when it needs them."""

from __future__ import annotations

_NUMPY = {
    "_sigmoid": '''def _sigmoid(x, out=None):
    """1 / (1 + exp(-x)); where exp overflows, the value is 0."""
    out = np.negative(x, out=out)
    with np.errstate(over="ignore"):
        out = np.exp(out, out=out if out.ndim else None)
    out += 1.0
    return np.divide(1.0, out, out=out if out.ndim else None)
''',
    "_softmax": '''def _softmax(x, axis=0, out=None):
    out = np.subtract(x, x.max(axis=axis, keepdims=True), out=out)
    np.exp(out, out=out)
    out /= out.sum(axis=axis, keepdims=True)
    return out
''',
    "_log_softmax": '''def _log_softmax(x, axis=0):
    x = x - x.max(axis=axis, keepdims=True)
    x -= np.log(np.exp(x).sum(axis=axis, keepdims=True))
    return x
''',
    "_softmax_and_log": '''def _softmax_and_log(x, axis=0, out=None):
    """The softmax and its logarithm."""
    log = np.subtract(x, x.max(axis=axis, keepdims=True), out=out)
    p = np.exp(log)
    total = p.sum(axis=axis, keepdims=True)
    p /= total
    log -= np.log(total)
    return p, log
''',
    "_logsumexp": '''def _logsumexp(x, axis=0):
    top = x.max(axis=axis)
    return top + np.log(np.exp(x - np.expand_dims(top, axis)).sum(axis=axis))
''',
    "_erf": '''def _erf(x):
    from math import erf
    return np.vectorize(erf, otypes=[np.asarray(x).dtype])(x)
''',
    "_diagsums": '''def _diagsums(X):
    """Every entry replaced by the sum of its diagonal."""
    n = len(X)
    sums = np.array([np.trace(X, offset=k) for k in range(1 - n, n)])
    return sums[np.arange(n)[None, :] - np.arange(n)[:, None] + n - 1]
''',
    "_one_hot": '''def _one_hot(x, place):
    """1 at one entry of an array shaped like x, 0 elsewhere."""
    out = np.zeros_like(x)
    out.flat[place] = 1.0
    return out
''',
    "_expm": '''def _expm(A):
    """The matrix exponential, by scaling and squaring."""
    s = max(0, int(np.ceil(np.log2(max(np.abs(A).sum(0).max(), 1e-30)))) + 6)
    eye = np.eye(len(A), dtype=A.dtype)
    B, term, total = A / 2.0 ** s, eye, eye
    for k in range(1, 14):
        term = term @ B / k
        total = total + term
    for _ in range(s):
        total = total @ total
    return total
''',
    "_frechet": '''def _frechet(A, E):
    """The derivative of the matrix exponential at A in direction E."""
    n = len(A)
    return _expm(np.block([[A, E], [np.zeros_like(A), A]]))[:n, n:]
''',
}

_JAX = {
    "_softmax_and_log": '''def _softmax_and_log(x, axis=0):
    """The softmax and its logarithm."""
    log = jax.nn.log_softmax(x, axis=axis)
    return jnp.exp(log), log
''',
    "_diagsums": '''def _diagsums(X):
    """Every entry replaced by the sum of its diagonal."""
    n = len(X)
    sums = jnp.array([jnp.trace(X, offset=k) for k in range(1 - n, n)])
    return sums[jnp.arange(n)[None, :] - jnp.arange(n)[:, None] + n - 1]
''',
    "_one_hot": '''def _one_hot(x, place):
    """1 at one entry of an array shaped like x, 0 elsewhere."""
    return jnp.zeros(x.size, x.dtype).at[place].set(1.0).reshape(x.shape)
''',
    "_frechet": '''def _frechet(A, E):
    """The derivative of the matrix exponential at A in direction E."""
    return jax.scipy.linalg.expm_frechet(A, E, compute_expm=False)
''',
}

_TORCH = {
    "_softmax_and_log": '''def _softmax_and_log(x, dim=0):
    """The softmax and its logarithm."""
    log = torch.log_softmax(x, dim=dim)
    return torch.exp(log), log
''',
    "_diagsums": '''def _diagsums(X):
    """Every entry replaced by the sum of its diagonal."""
    n = len(X)
    sums = torch.stack([torch.diagonal(X, offset=k).sum() for k in range(1 - n, n)])
    return sums[torch.arange(n)[None, :] - torch.arange(n)[:, None] + n - 1]
''',
    "_one_hot": '''def _one_hot(x, place):
    """1 at one entry of a tensor shaped like x, 0 elsewhere."""
    out = torch.zeros_like(x).reshape(-1)
    out[place] = 1.0
    return out.reshape(x.shape)
''',
    "_frechet": '''def _frechet(A, E):
    """The derivative of the matrix exponential at A in direction E."""
    n = len(A)
    return torch.linalg.matrix_exp(torch.cat([torch.cat([A, E], 1), torch.cat([torch.zeros_like(A), A], 1)]))[:n, n:]
''',
}

HELPERS = {"numpy": _NUMPY, "jax": _JAX, "torch": _TORCH}


def needed(lines: list[str], helpers: dict[str, str]) -> str:
    """The sources of the helpers that the lines call, and of those that these call."""
    text = "\n".join(lines)
    used: list[str] = []
    for name in reversed(helpers):
        if f"{name}(" in text:
            used.append(name)
            text += helpers[name]
    return "".join(f"\n\n{helpers[name]}" for name in reversed(used))
