"""Names for the usual mistakes of backpropagation: missing slopes and missing paths."""

from __future__ import annotations

from ...expr.node import Expr, walk
from ...numeric.mistakes import Mistake
from ..problem import Problem

_SLOPES = (("at its output", "activation_derivative_at_wrong_point"), ("given the input", "activation_derivative_at_wrong_point"),
           ("itself", "activation_instead_of_derivative"), ("", "wrong_activation_derivative"))


def named(problem: Problem, m: Mistake) -> tuple[str, str]:
    """(name, sentence) of a mistake."""
    words = m.words[0].upper() + m.words[1:] + "."
    if m.kind == "wrong slope":
        return next(name for part, name in _SLOPES if part in m.words), words
    if m.kind == "path missing":
        name = _path(problem, m)
        return name, f"{m.path} is used more than once. {words}" if "path" in name or "rule" in name else words
    op = m.site.op if m.site.op != "fn" else str(m.site.data)
    if op.startswith("softmax"):
        return "inner_derivative_only", words
    return ("log_chain_missing" if op == "log" else "forgot_activation_derivative"), words


def _path(problem: Problem, m: Mistake) -> str:
    """What a missing path is called, from where it leads through."""
    site = m.site
    if site.op == "add":
        return "skip_path_missing"
    variables = {x for x in walk(site) if x.op == "var"}
    if _is_penalty(problem, site) and len(variables) == 1:
        return "regulariser_missing"
    is_product = site.op in ("matmul", "had", "inner") and _uses(site, m.path) > 1
    return "one_product_rule_term" if is_product else "one_path_of_shared_variable"


def _is_penalty(problem: Problem, site: Expr) -> bool:
    """Whether a part is a norm of the variable that is added to the rest."""
    return site.op in ("sqnorm", "norm1", "norm2") and any(
        e.op == "add" and any(site in walk(t) for t in e.args) for a in problem.model.assignments for e in walk(a.expr))


def _uses(site: Expr, name: str) -> int:
    return sum(x.op == "var" and x.name == name for a in site.args for x in (a, *a.args))
