"""NumPy code: one function for the loss and all gradients.

Forward pass, then backward pass from the named forms, so that what gradients
share is computed once.  Vectors are 1-D inside; `products` decides in which
order chains are multiplied.
"""

from __future__ import annotations

from collections import Counter
from keyword import iskeyword

from ..expr.node import Expr, walk
from ..model import Model
from ..shapes import is_column, is_scalar, outside
from .products import Writer

HEADER = '''"""{title}

Made by matcalc. Only NumPy is needed. Vectors may be given as (n,) or (n, 1);
every gradient has the shape of its variable as it was given.
"""

import numpy as np

'''


def python_name(name: str, taken: set[str]) -> str:
    """An identifier for a name of the model: lambda_ for lambda."""
    plain = "".join(c if c.isalnum() and c.isascii() or c == "_" else "_" for c in name)
    if not plain or plain[0].isdigit() or iskeyword(plain) or plain == "np":
        plain = f"{plain}_" if plain and not plain[0].isdigit() else f"v{plain}"
    while plain in taken:
        plain += "_"
    taken.add(plain)
    return plain


def function_source(derivation, name: str = "loss_and_gradients") -> str:
    """A stand-alone module with one function: (loss, {"W1": gradient, ...}).

    Raises MatcalcError (M601) for an operation that has no NumPy code.
    """
    model = derivation.model
    taken = {"np", name, "loss", "gradients"}
    names = {v: python_name(v, taken) for v in model.variables}
    body = _body(derivation, names, taken)
    arguments = ", ".join(names.values())
    lines = [f"def {name}({arguments}):", *_docstring(derivation, names), *body]
    title = f"Loss and gradients of {derivation.forward[-1].name}."
    return HEADER.format(title=title) + _helpers(lines) + "\n".join(lines) + "\n" + _self_test(model, names, name)


def _docstring(derivation, names: dict[str, str]) -> list[str]:
    model = derivation.model
    from ..expr.text import text
    out = ['    """The loss and its gradients.', ""]
    for eq in derivation.forward:
        out.append(f"        {eq.name} = {_ascii(text(eq.rhs))}")
    out += ["", "    Arguments, with their shapes:", ""]
    for v in model.variables.values():
        shape = ", ".join(map(str, outside(v.shape)))
        comma = "," if len(outside(v.shape)) == 1 else ""
        out.append(f"        {names[v.name]}: ({shape}{comma})" + (f"  ({v.role})" if v.role != "variable" else ""))
    return [*out, "", f"    Returns (loss, gradients) with gradients of {', '.join(derivation.gradients)}.", '    """']


def _ascii(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "")


def _body(derivation, names: dict[str, str], taken: set[str]) -> list[str]:
    model = derivation.model
    symbols: dict[object, str] = dict(names)
    statements: list[tuple[str, Expr]] = []
    for eq in derivation.forward:
        is_output = eq.name == model.output.name
        symbols[eq.name] = "loss" if is_output else python_name(eq.name, taken)
        statements.append((symbols[eq.name], eq.rhs))
    backward = []
    wanted = {n: python_name("d" + n, taken) for n in derivation.gradients}
    for eq in derivation.backward:
        target = wanted.get(eq.name) or python_name("d" + eq.name, taken)
        symbols[eq.lhs.data] = target
        backward.append((target, eq.rhs))
    known = {t for t, _ in backward}
    backward += [(wanted[n], g.named_form) for n, g in derivation.gradients.items() if wanted[n] not in known]
    writer = Writer(model, symbols, _repeated([e for _, e in statements + backward]), taken)
    lines = []
    split = len(statements)
    for i, (target, e) in enumerate(statements + backward):
        lines += (["", "    # backward pass"] if i == split else ["    # forward pass"] if i == 0 else [])
        lines += [f"    {line}" for line in writer.assign(target, e)]
    lines = [*_unpacked(model, names), *lines]
    items = ", ".join(f'"{n}": {_shaped(model, names, n, wanted[n])}' for n in derivation.gradients)
    return [*lines, f"    return float(loss), {{{items}}}"]


def _repeated(roots: list[Expr]) -> Counter:
    """How often each node is an operand, over all formulas."""
    counts: Counter = Counter(roots)
    for e in walk(*roots):
        counts.update(e.args)
    return counts


def _unpacked(model: Model, names: dict[str, str]) -> list[str]:
    """Vectors to 1-D, remembering how they came."""
    out = []
    for v in model.variables.values():
        n = names[v.name]
        if is_column(v.shape):
            out.append(f"    {n}_shape, {n} = np.shape({n}), np.asarray({n}, dtype=float).reshape(-1)")
        elif is_scalar(v.shape):
            out.append(f"    {n}_shape, {n} = np.shape({n}), float(np.asarray({n}).reshape(()))")
        else:
            out.append(f"    {n} = np.asarray({n}, dtype=float)")
    return out


def _shaped(model: Model, names: dict[str, str], name: str, code: str) -> str:
    v = model.variables.get(name)
    if v is None:
        return code
    if is_column(v.shape) or is_scalar(v.shape):
        return f"np.reshape({code}, {names[name]}_shape)"
    return code


_STABLE = {
    "_sigmoid": '''def _sigmoid(x):
    """1 / (1 + exp(-x)) without overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1.0 + e)
''',
    "_softmax": '''def _softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    e /= np.sum(e, axis=axis, keepdims=True)
    return e
''',
    "_logsumexp": '''def _logsumexp(x, axis=-1):
    top = np.max(x, axis=axis, keepdims=True)
    return np.squeeze(top, axis) + np.log(np.sum(np.exp(x - top), axis=axis))
''',
    "_standardize": '''def _standardize(x, eps, axis=-1):
    x = x - np.mean(x, axis=axis, keepdims=True)
    x /= np.sqrt(np.mean(x * x, axis=axis, keepdims=True) + eps)
    return x
''',
    "_rmsnorm": '''def _rmsnorm(x, eps, axis=-1):
    return x / np.sqrt(np.mean(x * x, axis=axis, keepdims=True) + eps)
''',
    "_diagsums": '''def _diagsums(X):
    """Every entry replaced by the sum of its diagonal."""
    n = len(X)
    sums = np.array([np.trace(X, offset=k) for k in range(1 - n, n)])
    return sums[np.arange(n)[None, :] - np.arange(n)[:, None] + n - 1]
''',
    "_erf": '''def _erf(x):
    from math import erf
    return np.vectorize(erf, otypes=[float])(x)
''',
    "_one_hot": '''def _one_hot(x, place):
    out = np.zeros(np.size(x))
    out[place(x)] = 1.0
    return out.reshape(np.shape(x))
''',
    "_expm": '''def _expm(A):
    """Scaling and squaring."""
    s = max(0, int(np.ceil(np.log2(max(np.abs(A).sum(0).max(), 1e-30)))) + 6)
    B, term, total = A / 2.0 ** s, np.eye(len(A)), np.eye(len(A))
    for k in range(1, 14):
        term = term @ B / k
        total = total + term
    for _ in range(s):
        total = total @ total
    return total
''',
    "_frechet": '''def _frechet(A, E):
    """Derivative of the matrix exponential at A in direction E."""
    n = len(A)
    return _expm(np.block([[A, E], [np.zeros_like(A), A]]))[:n, n:]
''',
}


def _helpers(lines: list[str]) -> str:
    text = "\n".join(lines)
    used = [k for k in _STABLE if f"{k}(" in text]
    if "_frechet" in used and "_expm" not in used:
        used.insert(0, "_expm")
    return "".join(f"\n{_STABLE[k]}\n" for k in used) + "\n"


def _self_test(model: Model, names: dict[str, str], name: str) -> str:
    """A directional difference of every gradient at a random point."""
    from .sample import draw
    point = draw(model, 0)
    if point is None:
        return ""
    values = []
    for v in model.variables.values():
        x = point.values[v.name]
        data = float(x[0, 0]) if is_scalar(v.shape) else (x[:, 0] if is_column(v.shape) else x).round(6).tolist()
        values.append(f'        "{names[v.name]}": np.array({data}),')
    back = {names[k]: k for k in names}
    return f'''

if __name__ == "__main__":  # every gradient against a central difference
    values = {{
{chr(10).join(values)}
    }}
    called = {back!r}
    gradients = {name}(**values)[1]
    rng = np.random.default_rng(0)
    for key, x in values.items():
        if called[key] not in gradients:
            continue
        d, h = rng.normal(size=x.shape), 1e-5
        numeric = ({name}(**{{**values, key: x + h * d}})[0] - {name}(**{{**values, key: x - h * d}})[0]) / (2 * h)
        analytic = np.sum(gradients[called[key]] * d)
        error = abs(numeric - analytic) / max(abs(numeric), abs(analytic), 1e-8)
        print(f"{{called[key]}}: relative error {{error:.1e}}")
        assert error < 1e-5, called[key]
'''

