"""How NumPy, JAX and PyTorch write each operation.

In a template {0}, {1} are operands as arguments of a call, {a0} binds like a
name, {u0} like a factor; {m}, {n} are numbers of rows and columns of the result.
"""

from __future__ import annotations

from dataclasses import dataclass

from .helpers import HELPERS

_SHARED = {
    "T": "{a0}.T", "rowsum": "{a0}.sum(axis=1)", "colsum": "{a0}.sum(axis=0)", "sum": "{a0}.sum()",
    "max": "{a0}.max()", "min": "{a0}.min()", "vec": "{a0}.T.reshape(-1)", "mat": "{a0}.reshape({n}, {m}).T",
    "argmax": "_one_hot({0}, {a0}.argmax())", "argmin": "_one_hot({0}, {a0}.argmin())",
    "inv": "{np}.linalg.inv({0})", "pinv": "{np}.linalg.pinv({0})", "det": "{np}.linalg.det({0})",
    "logdet": "{np}.linalg.slogdet({0})[1]", "solve": "{np}.linalg.solve({0}, {1})",
    "norm2": "{np}.linalg.norm({0})", "norm1": "{np}.abs({0}).sum()",
    "tril": "{np}.tril({0})", "triu": "{np}.triu({0})", "diagsums": "_diagsums({0})",
    "diag": "{np}.diag({0})", "diagpart": "{np}.diagonal({0})", "tr": "{np}.trace({0})",
    "kron": "{np}.kron({0}, {1})", "matpow": "{np}.linalg.matrix_power({0}, {1})", "vdot": "{np}.vdot({0}, {1})",
    "frechet": "_frechet({0}, {1})", "expm": "_expm({0})",
    "softmax": "_softmax({0}{axis})", "log_softmax": "_log_softmax({0}{axis})",
    "softmax_pair": "_softmax_and_log({0}{axis})", "logsumexp": "_logsumexp({0}{axis})",
}
_SHARED_FUNCTIONS = {
    **{f: f"{{np}}.{f}({{0}})" for f in ("sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "exp",
                                       "log", "log1p", "sqrt", "abs", "sign")},
    "relu": "{np}.maximum({0}, 0.0)", "leaky_relu": "{np}.where({u0} > 0, {0}, 0.01 * {u0})", "sigmoid": "_sigmoid({0})",
    "step": "{np}.heaviside({0}, 0.0)", "softplus": "{np}.logaddexp({0}, 0.0)",
    "elu": "{np}.where({u0} > 0, {0}, {np}.expm1({np}.minimum({0}, 0.0)))",
    "silu": "{u0} * _sigmoid({0})", "gelu": "0.5 * {u0} * (1.0 + _erf({u0} * 0.5 ** 0.5))", "erf": "_erf({0})",
}


@dataclass(frozen=True)
class Dialect:
    """One library.

    np          its name in the code
    imports     the lines at the head of the module
    in_place    whether statements may overwrite their own results
    calls, functions   templates by operation, by entrywise function
    helpers     name -> source of a function that the module may need
    float_type  by precision, as written in the code
    """

    target: str
    library: str
    np: str
    imports: str
    in_place: bool
    calls: dict[str, str]
    functions: dict[str, str]
    helpers: dict[str, str]
    float_type: dict[str, str]
    copied: str
    asarray: str


NUMPY = Dialect(
    "numpy", "NumPy", "np", "import numpy as np\n", True, {**_SHARED, "outer": "{a0}[:, None] * {u1}"}, _SHARED_FUNCTIONS,
    HELPERS["numpy"], {"float64": "float", "float32": "np.float32"}, "{a0}.copy()", "np.asarray({0}, dtype={dtype})")

JAX = Dialect(
    "jax", "JAX", "jnp", "import jax\nimport jax.numpy as jnp\n", False,
    {**_SHARED, "outer": "jnp.outer({0}, {1})", "expm": "jax.scipy.linalg.expm({0})",
     "softmax": "jax.nn.softmax({0}{axis})", "log_softmax": "jax.nn.log_softmax({0}{axis})",
     "logsumexp": "jax.nn.logsumexp({0}{axis})"},
    {**_SHARED_FUNCTIONS, "sigmoid": "jax.nn.sigmoid({0})", "silu": "jax.nn.silu({0})",
     "erf": "jax.lax.erf({0})", "gelu": "jax.nn.gelu({0}, approximate=False)"},
    HELPERS["jax"], {"float64": "jnp.float64", "float32": "jnp.float32"}, "{0}", "jnp.asarray({0}, dtype={dtype})")

TORCH = Dialect(
    "torch", "PyTorch", "torch", "import torch\n", False,
    {**_SHARED, "outer": "torch.outer({0}, {1})", "expm": "torch.linalg.matrix_exp({0})", "vdot": "({u0} * {u1}).sum()",
     "rowsum": "{a0}.sum(dim=1)", "colsum": "{a0}.sum(dim=0)",
     "softmax": "torch.softmax({0}{axis})", "log_softmax": "torch.log_softmax({0}{axis})",
     "logsumexp": "torch.logsumexp({0}{axis})"},
    {**_SHARED_FUNCTIONS, "relu": "torch.relu({0})", "sigmoid": "torch.sigmoid({0})", "step": "({u0} > 0).to({a0}.dtype)",
     "softplus": "torch.logaddexp({0}, torch.zeros_like({0}))",
     "elu": "torch.where({u0} > 0, {0}, torch.expm1(torch.clamp({0}, max=0.0)))",
     "silu": "{u0} * torch.sigmoid({0})", "erf": "torch.erf({0})",
     "gelu": "0.5 * {u0} * (1.0 + torch.erf({u0} * 0.5 ** 0.5))"},
    HELPERS["torch"], {"float64": "torch.float64", "float32": "torch.float32"}, "{a0}.clone()",
    "torch.as_tensor({0}, dtype={dtype})")

DIALECTS = {d.target: d for d in (NUMPY, JAX, TORCH)}
