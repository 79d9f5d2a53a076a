"""One function an operation of PyTorch's graph: it writes a statement and returns its value.

Arguments are those of the operation (`torch.ops.aten`): terms, numbers, lists, None.
"""

from __future__ import annotations

from .entrywise import ENTRYWISE
from .sizes import ONE
from .writer import Term, Writer, factor, is_scalar, number


NOT_A_VALUE = ("L", "N", "I")  # the loss, the number of examples, the identity


def linear(w: Writer, x: Term, weight: Term, bias: Term | None = None) -> Term:
    """x W^T + b."""
    w.sizes.unify(x.dims[-1], weight.dims[1])
    if bias:
        w.sizes.unify(bias.dims[0], weight.dims[0])
    dims = (*x.dims[:-1], weight.dims[0])
    formula = f"{x.text}*{transposed(weight).text}" if len(x.dims) == 2 else f"{weight.text}*{x.text}"
    if bias:
        formula += f" + {w.spread(bias, dims)}"
    name, index = _value_of(weight.text, len(dims) == 2)
    w.out.depth = index or w.out.depth + (name is None)
    return w.assign("a", formula, dims, name, index)


def _value_of(weight: str, is_matrix: bool) -> tuple[str | None, int | None]:
    """Q for W_q, and the number of W3."""
    suffix = weight.partition("_")[2]
    if weight.startswith("W_") and suffix.isalpha() and suffix.upper() not in NOT_A_VALUE:
        return (suffix.upper() if is_matrix else suffix), None
    return None, int(weight[1:]) if weight[:1] == "W" and weight[1:].isdecimal() else None


def addmm(w: Writer, bias: Term, a: Term, b: Term, beta=1, alpha=1) -> Term:
    """bias + a b."""
    if (beta, alpha) != (1, 1):
        w.refuse("its factors are not 1")
    dims = _product_dims(w, a, b)
    w.broadcast(bias, Term("", dims))
    return w.assign("a", f"{a.text}*{b.text} + {w.spread(bias, dims)}", dims)


def matmul(w: Writer, a: Term, b: Term) -> Term:
    """a b; a vector on the left is a row."""
    if len(a.dims) == 2 or is_scalar(a.dims):
        return w.assign("z", f"{a.text}*{b.text}", _product_dims(w, a, b))
    dims = _product_dims(w, a, b)
    if len(b.dims) == 1:
        return w.assign("z", f"{a.text}'*{b.text}", dims)
    return w.assign("z", f"{transposed(b).text}*{a.text}", dims)


def _product_dims(w: Writer, a: Term, b: Term) -> tuple[str, ...]:
    w.sizes.unify(a.dims[-1], b.dims[0])
    return (*a.dims[:-1], *b.dims[1:])


def transposed(x: Term) -> Term:
    """The transpose, written where it is used."""
    return x if len(x.dims) < 2 else Term(_flipped(x.text), x.dims[::-1])


def _flipped(text: str) -> str:
    return text[:-1] if text.endswith("'") else f"{text}'"


def transpose(w: Writer, x: Term, first: int, second: int) -> Term:
    return x if (first - second) % max(len(x.dims), 1) == 0 else transposed(x)


def permute(w: Writer, x: Term, order: list[int]) -> Term:
    return transposed(x) if [k % 2 for k in order] == [1, 0] else x


def softmax(w: Writer, x: Term, dim: int, dtype=None) -> Term:
    return w.assign("p", f"softmax{along(x, dim)}({x.text})", x.dims)


def log_softmax(w: Writer, x: Term, dim: int, dtype=None) -> Term:
    p = softmax(w, x, dim)
    return w.assign("h", f"log({p.text})", x.dims)


def logsumexp(w: Writer, x: Term, dim: list[int], keepdim: bool = False) -> Term:
    if len(dim) != 1:
        w.refuse("only one axis can be summed over")
    return _reduced(w, x, dim[0] if isinstance(dim, list) else dim, keepdim, "logsumexp")


def along(x: Term, axis: int) -> str:
    """The ending of functions of rows or columns."""
    if len(x.dims) < 2:
        return ""
    return "_rows" if axis % 2 else "_cols"


def layer_norm(w: Writer, x: Term, shape: list[int], weight: Term | None = None, bias: Term | None = None,
               eps: float = 1e-5, cudnn_enable: bool = True) -> Term:
    """The last axis standardised, then gamma .* xhat + beta."""
    return _normalised(w, x, shape, weight, bias, "standardize", eps)


def rms_norm(w: Writer, x: Term, shape: list[int], weight: Term | None = None, eps: float | None = None) -> Term:
    """The last axis over its root mean square, times gamma."""
    return _normalised(w, x, shape, weight, None, "rmsnorm", 2.0 ** -52 if eps is None else eps)


def _normalised(w: Writer, x: Term, shape: list[int], weight, bias, function: str, eps: float) -> Term:
    if len(shape) != 1:
        w.refuse("it normalises over more than the last axis")
    xhat = w.assign("xhat", f"{function}{along(x, -1)}({x.text}, {number(eps)})", x.dims)
    return _affine(w, xhat, weight, bias)


def batch_norm(w: Writer, x: Term, weight, bias, mean: Term | None, var: Term | None, training: bool, momentum,
               eps: float, cudnn_enabled) -> Term:
    """Every feature standardised over the batch, or (in eval mode) with fixed means and variances."""
    if training:
        return _affine(w, w.assign("xhat", f"standardize_cols({x.text}, {number(eps)})", x.dims), weight, bias)
    for v in (mean, var):
        w.sizes.unify(x.dims[-1], v.dims[0])
    deviation = Term(w.assign("s", f"sqrt({var.text} + {number(eps)})", var.dims).text, var.dims)
    below = factor(w.spread(deviation, x.dims))
    xhat = w.assign("xhat", f"({x.text} - {w.spread(mean, x.dims)}) ./ {below}", x.dims)
    return _affine(w, xhat, weight, bias)


def _affine(w: Writer, x: Term, weight: Term | None, bias: Term | None) -> Term:
    """gamma .* x + beta."""
    for v in filter(None, (weight, bias)):
        w.sizes.unify(x.dims[-1], v.dims[0])
    formula = x.text
    if weight:
        formula = f"{factor(w.spread(weight, x.dims))} .* {formula}"
    if bias:
        formula += f" + {w.spread(bias, x.dims)}"
    return w.assign("z", formula, x.dims) if weight or bias else x


def embedding(w: Writer, weight: Term, indices: Term, padding_idx: int = -1, scale_grad_by_freq: bool = False,
              sparse: bool = False) -> Term:
    """The rows of E that one-hot rows choose."""
    if padding_idx != -1 or scale_grad_by_freq:
        w.refuse("padding_idx or scale_grad_by_freq changes its gradient")
    w.sizes.unify(indices.dims[-1], weight.dims[0])
    formula = f"{indices.text}*{weight.text}" if len(indices.dims) == 2 else f"{weight.text}'*{indices.text}"
    return w.assign("h", formula, (*indices.dims[:-1], weight.dims[1]))


def attention(w: Writer, q: Term, k: Term, v: Term, mask: Term | None = None, dropout: float = 0.0,
              is_causal: bool = False, *, scale: float | None = None, enable_gqa: bool = False) -> Term:
    """softmax_rows(q k^T / sqrt(d) + mask) v."""
    if is_causal or len(q.dims) != 2:
        why = "it is causal; give the mask as a tensor that is added"
        w.refuse(why if is_causal else "its operands are no matrices")
    w.sizes.unify(q.dims[1], k.dims[1])
    w.sizes.unify(k.dims[0], v.dims[0])
    d = q.dims[1]
    dims = (q.dims[0], k.dims[0])
    formula = f"1/sqrt({d})*" if scale is None else f"{number(scale)}*"
    formula += f"{q.text}*{transposed(k).text}"
    if mask:
        w.broadcast(mask, Term("", dims))
        formula += f" + {w.spread(mask, dims)}"
    p = softmax(w, w.assign("s", formula, dims), -1)
    return w.assign("o", f"{p.text}*{v.text}", (q.dims[0], v.dims[1]))


def total(w: Writer, x: Term, dim=None, keepdim: bool = False, *, dtype=None) -> Term:
    return _reduced(w, x, dim, keepdim, "sum")


def mean(w: Writer, x: Term, dim=None, keepdim: bool = False, *, dtype=None) -> Term:
    return _reduced(w, x, dim, keepdim, "mean")


def _reduced(w: Writer, x: Term, dim, keepdim: bool, function: str) -> Term:
    """sum, mean or logsumexp over all axes or one."""
    rank = len(x.dims)
    named = dim if isinstance(dim, list) else [] if dim is None else [dim]
    axes = {d % max(rank, 1) for d in named} if named else set(range(rank))
    dims = tuple(ONE if k in axes else d for k, d in enumerate(x.dims))
    kept = dims if keepdim else tuple(d for k, d in enumerate(x.dims) if k not in axes)
    if len(axes) == rank:
        return w.assign("s", f"{function}({x.text})", kept)
    rows = 1 in axes
    if function == "logsumexp":
        formula = f"logsumexp{'_rows' if rows else '_cols'}({x.text})"
    else:
        formula = f"{'row' if rows else 'col'}{function}({x.text})"
    if not rows and not keepdim:
        formula += "'"
    return w.assign("s", formula, kept)


def mse_loss(w: Writer, x: Term, y: Term, reduction: int = 1) -> Term:
    if reduction == 0 or len(x.dims) != len(y.dims):
        w.refuse("only its mean or sum is read, of tensors of one shape")
    w.broadcast(x, y)
    return w.assign("s", f"mse({x.text}, {y.text})" if reduction == 1 else f"norm2({x.text} - {y.text})^2", ())


def cross_entropy_loss(w: Writer, x: Term, y: Term, weight=None, reduction: int = 1, ignore_index: int = -100,
                       label_smoothing: float = 0.0) -> Term:
    """The cross-entropy of softmax_rows(x) and one-hot rows."""
    return _likelihood(w, softmax(w, x, -1), y, "cross_entropy({x}, {y})", weight, reduction, label_smoothing)


def nll_loss(w: Writer, x: Term, y: Term, weight=None, reduction: int = 1, ignore_index: int = -100) -> Term:
    """Minus the logarithms that one-hot rows choose."""
    return _likelihood(w, x, y, "(-sum({y} .* {x}))", weight, reduction, 0.0)


def _likelihood(w: Writer, x: Term, y: Term, formula: str, weight, reduction: int, smoothing: float) -> Term:
    if weight or reduction == 0 or smoothing or len(x.dims) != 2 or len(y.dims) != 2:
        w.refuse("only its mean or sum over the rows of a matrix is read, without weights or smoothing")
    w.broadcast(x, y)
    mean = "" if reduction == 2 else f"1/{x.dims[0]}*"
    return w.assign("s", mean + formula.format(x=x.text, y=y.text), ())


def broadcast_tensors(w: Writer, tensors: list[Term]) -> list[Term]:
    """Tensors of one shape as they are."""
    if len({tuple(d == ONE for d in t.dims) for t in tensors}) > 1:
        w.refuse("its tensors have different shapes")
    w.broadcast(*tensors)
    return tensors


def same(w: Writer, x: Term, *rest, **more) -> Term:
    """An operation that leaves the values alone."""
    return x


def detach(w: Writer, x: Term) -> Term:
    if not w.out.declared.get(x.text, "").endswith("constant"):
        w.refuse("it stops the gradient", "leave it out, or give its value to the module as a buffer")
    return x


def reshaped(w: Writer, x: Term, *rest) -> Term:
    """Axes of size 1 put in or taken away; everything else is refused."""
    shape = w.shapes[1]
    if len(shape) > 2:
        w.refuse(f"its value has {len(shape)} axes")
    inner = [d for d in x.dims if d != ONE]
    if [n for n in shape if n != 1] != [n for n in w.shapes[0] if n != 1]:
        w.refuse("it moves entries to other rows")
    sizes = iter(inner)
    dims = tuple(ONE if n == 1 else next(sizes) for n in shape)
    is_row, becomes_row = (len(d) == 2 and d[0] == ONE != d[1] for d in (x.dims, dims))
    return Term(_flipped(x.text) if is_row != becomes_row else x.text, dims)


OPERATIONS = {
    **ENTRYWISE,
    "linear": linear, "addmm": addmm, "matmul": matmul, "mm": matmul, "mv": matmul, "dot": matmul,
    "t": lambda w, x: transposed(x), "numpy_T": lambda w, x: transposed(x), "mT": lambda w, x: transposed(x),
    "transpose": transpose, "permute": permute, "softmax": softmax, "log_softmax": log_softmax,
    "logsumexp": logsumexp, "layer_norm": layer_norm, "rms_norm": rms_norm, "batch_norm": batch_norm,
    "embedding": embedding, "scaled_dot_product_attention": attention, "sum": total, "mean": mean,
    "mse_loss": mse_loss, "cross_entropy_loss": cross_entropy_loss, "nll_loss_nd": nll_loss,
    "broadcast_tensors": broadcast_tensors, "getitem": lambda w, tensors, k: tensors[k], "dropout": same,
    "detach": detach, "clone": same, "contiguous": same, "alias": same, "lift_fresh_copy": same,
    **dict.fromkeys(("view", "reshape", "flatten", "squeeze", "unsqueeze", "_unsafe_view"), reshaped),
}
