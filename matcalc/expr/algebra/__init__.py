"""Constructors that simplify as they build.

Same names as in `build`; the rules and the engine use these.  They do what
every reader does without noticing: multiply numbers out, drop zeros and
identities, merge equal terms and equal powers, cancel X X^{-1}, pull scalars
to the front, and take a transpose to where it is shortest.  They do not expand
products and do not re-sort what was written; `derive.textbook` looks for the
shortest form of a whole expression.

The modules need one another (a trace makes a product, a product may hold a
trace), so each refers to the others by module.
"""

from .. import build
from ..build import cot, dvar, eye, num, ones, size_number, var, zeros
from ..terms import MINUS, UNIT, ZERO, assumed, is_num, is_ones, is_zero, join, split
from .chains import kron, matmul
from .entries import div, fn, had, mul, power, scale
from .reductions import colsum, diag, diagpart, inner, rowsum, total, trace
from .stacking import frechet, mat, rearrange, vec
from .sums import add, neg, sub
from .table import call, rebuild
from .transposes import inverse, is_symmetric, matpow, transpose

__all__ = [
    "MINUS", "UNIT", "ZERO", "add", "assumed", "build", "call", "colsum", "cot", "diag", "diagpart", "div", "dvar",
    "eye", "fn", "frechet", "had", "inner", "inverse", "is_num", "is_ones", "is_symmetric", "is_zero", "join", "kron",
    "mat", "matmul", "matpow", "mul", "neg", "num", "ones", "power", "rearrange", "rebuild", "rowsum", "scale",
    "size_number", "split", "sub", "total", "trace", "transpose", "var", "vec", "zeros",
]
