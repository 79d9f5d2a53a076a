"""The self-test of a generated module: derivatives against central differences."""

from __future__ import annotations

import numpy as np

from ...model import Model, Variable
from ...shapes import is_column, is_scalar
from ..sample import Point, draw, is_inside

# step and bound of the differences, of first and of second order
_STEPS = {"float64": ("1e-5", "1e-5", "1e-4", "1e-4"), "float32": ("1e-2", "2e-2", "1e-1", "1e-1")}

_FIRST = '''
    for {loop}:
        x = values[{argument}]
        d, h = rng.normal(size=np.shape(x)), {step}
        up, down = (float({loss}(**{{**values, {argument}: x + s * h * d}}){first}) for s in (1, -1))
        gradient = np.asarray(gradients[name])
        error = abs((up - down) / (2 * h) - np.sum(gradient * d))
        error /= max(np.linalg.norm(gradient) * np.linalg.norm(d), 1e-8)
        print(f"{{name}}: relative error {{error:.1e}}")
        assert error < {bound}, name
'''

_PRODUCT = '''
    h = {step}
    directions = {{name: rng.normal(size=np.shape(values[name])) for name in {arguments}}}
    products = hessian_vector_product(**values, **{{{prefixed}}})
    up = gradients(**{{**values, **{{n: values[n] + h * d for n, d in directions.items()}}}})
    down = gradients(**{{**values, **{{n: values[n] - h * d for n, d in directions.items()}}}})
    scale = max(np.linalg.norm(np.asarray(p)) for p in products.values())
    for name, product in products.items():
        product = np.asarray(product)
        error = np.linalg.norm((np.asarray(up[name]) - np.asarray(down[name])) / (2 * h) - product)
        error /= max(scale, 1e-8 + 1e-3 * np.linalg.norm(np.asarray(up[name])))
        print(f"{{name}}: relative error {{error:.1e}}")
        assert error < {bound}, name
'''

_JACOBIAN = '''
    x = values["{wrt}"]
    d, h = rng.normal(size=np.shape(x)), {step}
    up, down = (np.asarray(value(**{{**values, "{wrt}": x + s * h * d}})) for s in (1, -1))
    numeric = np.ravel((up - down) / (2 * h), order="F")
    analytic = np.ravel({product}, order="F")
    error = np.linalg.norm(numeric - analytic) / max(np.linalg.norm(analytic), 1e-8)
    print(f"{wrt}: relative error {{error:.1e}}")
    assert error < {bound}
'''

_HESSIAN = '''
    x = values["{wrt}"]
    d, e, h = rng.normal(size=np.shape(x)), rng.normal(size=np.shape(x)), {step}
    pp, pm, mp, mm = (float(value(**{{**values, "{wrt}": x + h * (s * d + t * e)}})) for s in (1, -1) for t in (1, -1))
    H = np.asarray({kind}(**values))
    analytic = np.ravel(e, order="F") @ np.ravel(H @ np.ravel(d, order="F") if np.ndim(H) else H * d)
    error = abs((pp - pm - mp + mm) / (4 * h * h) - analytic)
    error /= max(np.linalg.norm(H) * np.linalg.norm(d) * np.linalg.norm(e), 1e-4)
    print(f"{wrt}: relative error {{error:.1e}}")
    assert error < {bound}
'''


def selftest(model: Model, functions, dialect, precision: str, test: str) -> str:
    """The `if __name__ == "__main__"` part; nothing where no point was found.

    test   "loss", "both", "gradients", "hvp", "gradient", "jacobian" or "hessian"
    """
    drawn = _values(model, functions[-1].program.names)
    if drawn is None:
        return ""
    values, is_random = drawn
    p = functions[-1].program
    step, bound, step2, bound2 = _STEPS[precision]
    first = {"step": step, "bound": bound}
    body = ""
    if test in ("both", "gradients"):
        body = _gradients(p, test, first)
    elif test == "hvp":
        names = tuple(p.names[n] for n in p.directions)
        prefixed = ", ".join(f'"{d}": directions["{p.names[n]}"]' for n, d in p.directions.items())
        if all(p.names[n] == n and d == f"v_{n}" for n, d in p.directions.items()):
            names, prefixed = "gradients(**values)", 'f"v_{n}": d for n, d in directions.items()'
        body = _PRODUCT.format(**first, arguments=names, prefixed=prefixed)
    elif test in ("jacobian", "gradient"):
        wrt = functions[-1].wrt
        call = f"np.asarray({test}(**values))"
        product = f"np.sum({call} * d)" if test == "gradient" else (
            f"{call} * d" if is_scalar(model.variables[wrt].shape) else f"{call} @ np.ravel(d, order=\"F\")")
        body = _JACOBIAN.format(**first, wrt=p.names[wrt], product=product)
    elif test == "hessian":
        body = _HESSIAN.format(step=step2, bound=bound2, wrt=p.names[functions[-1].wrt], kind=test)
    else:
        body = f'\n    print(f"loss: {{float({functions[-1].name}(**values)):.6g}}")\n'
    lines = ["", "", f'if __name__ == "__main__":  # {_SAYS.get(test, "derivatives against central differences")}']
    lines += ["    import numpy as np", ""] if dialect.target != "numpy" else []
    if is_random or test != "loss":
        lines.append("    rng = np.random.default_rng(0)")
    return "\n".join([*lines, "    values = {", *values, "    }"]) + "\n" + body.lstrip("\n")


_SAYS = {"loss": "the loss at a random point", "both": "every gradient against a central difference",
         "gradients": "every gradient against a central difference"}


def _gradients(p, test: str, first: dict) -> str:
    made = "gradients" if test == "both" else "found"
    names = [label for label, _ in p.outputs if label in p.names]
    loop, argument = f"name in {made}", "name"
    if len(names) < len(p.outputs) or any(p.names[n] != n for n in names):
        pairs = ", ".join(f'("{n}", "{p.names[n]}")' for n in names)
        loop, argument = f"name, argument in ({pairs},)", "argument"
    call = "loss_and_gradients(**values)[1]" if test == "both" else "gradients(**values)"
    loss, index = ("loss_and_gradients", "[0]") if test == "both" else ("loss", "")
    body = _FIRST.format(**first, loop=loop, argument=argument, loss=loss, first=index)
    return f"    {made} = {call}" + body.replace("gradients[name]", f"{made}[name]")


# ------------------------------------------------------------ values

def _values(model: Model, names: dict[str, str]) -> tuple[list[str], bool] | None:
    """Lines of a dictionary with a value for every argument, and whether they use `rng`."""
    point = draw(model, 0)
    if point is None:
        return None
    for style in _STYLES:
        formulas = {v.name: _formula(v, point, style) for v in model.variables.values()}
        rng = np.random.default_rng(0)
        drawn = {n: np.asarray(eval(f, {"np": np, "rng": rng}), dtype=float)
                 for n, f in formulas.items()}
        if is_inside(model, {n: x.reshape(point.values[n].shape) for n, x in drawn.items()}, point.sizes):
            return [f'        "{names[n]}": {f},' for n, f in formulas.items()], True
    return [f'        "{names[n]}": np.array({_listed(model.variables[n], x)}),' for n, x in point.values.items()], False


_NEAR_SPD = "rng.normal(size={shape}) + {m}.0 * np.eye({m})"
_STYLES = ("rng.normal(size={shape})", _NEAR_SPD, "rng.uniform(0.5, 1.5, size={shape})", "rng.uniform(0.1, 0.9, size={shape})")


def _formula(v: Variable, point: Point, style: str) -> str:
    x = point.values[v.name]
    m, n = x.shape
    shape = () if x.size == 1 and is_scalar(v.shape) else m if is_column(v.shape) else (m, n)
    for word, formula in _ASSUMED.items():
        if word in v.assumptions and (word != "onehot" or n > 1):
            return formula.format(m=m, n=n, shape=shape)
    if "onehot" in v.assumptions:
        return f"np.eye({m})[rng.integers({m})]"
    if "simplex" in v.assumptions:
        return f"rng.dirichlet(np.ones({m}))" if n == 1 else f"rng.dirichlet(np.ones({n}), size={m})"
    is_square = m == n and m > 1
    return (style if is_square or style != _NEAR_SPD else _STYLES[0]).format(shape=shape, m=m)


_ASSUMED = {
    "spd": "(lambda A: A @ A.T + np.eye({n}))(rng.normal(size={shape}))",
    "symmetric": "(lambda A: A + A.T)(rng.normal(size={shape}))",
    "diagonal": "np.diag(rng.uniform(0.5, 1.5, size={n}))",
    "orthogonal": "np.linalg.qr(rng.normal(size={shape}))[0]",
    "positive": "rng.uniform(0.5, 1.5, size={shape})",
    "onehot": "np.eye({n})[rng.integers({n}, size={m})]",
    "onehot_cols": "np.eye({m})[rng.integers({m}, size={n})].T",
    "invertible": "rng.normal(size={shape}) + 3.0 * np.eye({n})",
}


def _listed(v: Variable, x: np.ndarray):
    return float(x[0, 0]) if is_scalar(v.shape) else (x[:, 0] if is_column(v.shape) else x).round(6).tolist()
