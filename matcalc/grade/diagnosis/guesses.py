"""Wrong formulas that can be told from the right one: a property assumed, something left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...expr import algebra as alg
from ...expr import build
from ...expr.node import Expr, walk
from ...expr.rename import replaced
from ...model import Variable
from ..problem import Problem
from .brief import Brief

_HALF = alg.power(alg.num(2), alg.MINUS)
MAX_SUMS = 8
_SIGN = "wrong_sign"
_NORMS = ("sqnorm", "norm1", "norm2")
_SYMMETRIC = {"symmetric", "spd", "diagonal"}
_SOFTMAX = ("softmax", "softmax_rows", "softmax_cols")


class Guess(NamedTuple):
    """A wrong formula, the name of its mistake, and a sentence that is true of whoever gives it."""

    formula: Expr
    mistake: str
    words: str


def guesses(problem: Problem, right: Expr) -> list[Guess]:
    """Wrong formulas that people give, the likeliest first."""
    shown = Brief(problem.model)
    makers = (_left_out, _symmetric, _diagonals, _reciprocal, _penalty_terms)
    return [g for make in makers for g in make(problem, right, shown)]


def later(problem: Problem, right: Expr) -> list[Guess]:
    """What is said when no rule is wrong."""
    shown = Brief(problem.model)
    found = [*_without_activation(problem, right, shown), *_terms(problem, right, shown)]
    found += [g for g in _inner_terms(problem, right, shown) if g.mistake == "missing_term"]
    return [g for g in found if not g.mistake.startswith(_SIGN)]


def unlikely(problem: Problem, right: Expr) -> list[Guess]:
    """A wrong sign or number, which is better said of the term that was written."""
    shown = Brief(problem.model)
    signs = [g for g in _terms(problem, right, shown) if g.mistake.startswith(_SIGN)]
    return signs + [g for g in _inner_terms(problem, right, shown) if g.mistake != "missing_term"]


def _symbol(v: Variable) -> Expr:
    return build.var(v.name, v.shape, v.assumptions)


def _left_out(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """A target, a bias or the weight of a penalty that has disappeared."""
    inside = set(walk(right))
    for v in problem.model.variables.values():
        x = _symbol(v)
        if x not in inside or v.name == problem.wrt and x.is_scalar:
            continue
        mistake = _absence(problem, v, x)
        if mistake:
            yield Guess(replaced(right, {x: build.zeros(x.shape)}), mistake,
                        f"{shown(x)} has disappeared: your formula would be right if {shown(x)} were zero.")


def _absence(problem: Problem, v: Variable, x: Expr) -> str:
    """What it is called when a variable is left out."""
    if v.role == "target" or v.name[0] in "yYt":
        return "dropped_target"
    terms = {alg.split(t)[2] or t for a in problem.model.assignments for e in walk(a.expr) if e.op == "add" for t in e.args}
    if x.is_scalar:
        weighted = [t for a in problem.model.assignments[-1:] for e in walk(a.expr) if e.op == "add" for t in e.args
                    if t is not x and x in t.args or any(x in f.args for f in t.args)]
        return "regulariser_missing" if any(e.op in _NORMS for t in weighted for e in walk(t)) else "dropped_variable"
    if any(t is x or t.op == "matmul" and x in t.args and any(f.op == "ones" for f in t.args) for t in terms):
        return "missing_bias" if (x.is_column or x.is_row) and v.name != problem.wrt else "dropped_variable"
    return ""


def _symmetric(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """2 A x for (A + A^T) x: right only for a symmetric A; and the conventions for symmetric X."""
    for v in problem.model.variables.values():
        if v.shape[0] != v.shape[1] or v.shape[0].is_one:
            continue
        x = _symbol(v)
        of_x = {e: e.args[0] for e in walk(right) if e.op == "T" and {p for p in walk(e) if p.op == "var"} == {x}}
        free = replaced(right, of_x) if of_x else right
        if of_x and not v.assumptions & _SYMMETRIC:
            is_inverse = all(p.op in ("inv", "var", "T") for e in of_x for p in walk(e))
            has_inverse = any(p.op == "inv" for e in of_x for p in walk(e))
            yield Guess(free, "inverse_without_transpose" if is_inverse and has_inverse else "assumed_symmetric",
                        f"Your formula is right only if {shown(x)} is symmetric, and nothing says that it is.")
        if v.name == problem.wrt and problem.kind == "gradient" and right.rows == right.cols:
            yield from _conventions(x, free, shown)


def _conventions(x: Expr, free: Expr, shown: Brief) -> Iterator[Guess]:
    """2 X^{-1} - X^{-1} .* I for X^{-T}; `free` has no transposes of x, as for a symmetric one."""
    says = f"That counts {shown(x)} as a symmetric matrix"
    for both in (alg.mul(alg.num(2), free), alg.add(free, alg.transpose(free))):
        yield Guess(alg.sub(both, alg.had(free, alg.eye(free.rows))), "structured_symmetric_convention",
                    f"{says} whose entries (i, j) and (j, i) are one variable; here every entry varies on its own.")
        yield Guess(both, "diagonal_counted_twice",
                    f"{says} and counts both places of an entry, even on the diagonal; here every entry varies on its own.")


def _without_activation(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """W x + b - y for softmax(W x + b) - y."""
    for e in walk(right):
        if e.op in _SOFTMAX or e.op == "fn" and str(e.data) in ("sigmoid", "tanh", "relu", "exp"):
            name = "logits_instead_of_probabilities" if e.op in _SOFTMAX or str(e.data) == "sigmoid" else "activation_left_out"
            f = str(e.data) if e.op == "fn" else "softmax"
            yield Guess(replaced(right, {e: e.args[0]}), name,
                        f"{f} has been left out: {shown(e.args[0])} stands where its {f} is needed.")


def _diagonals(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """A Jacobian given as its diagonal, or with p_i for p_i delta_ij."""
    if problem.kind != "jacobian":
        return
    if right.rows == right.cols:
        yield Guess(alg.diagpart(right), "jacobian_as_vector",
                    f"These are the entries on the diagonal only: a Jacobian of {right.rows} outputs by {right.cols} "
                    f"inputs is {right.rows} x {right.cols}.")
    for e in walk(right):
        if e.op == "diag":
            ones = build.ones(e.args[0].shape)
            for spread in (build.matmul(e.args[0], build.transpose(ones)), build.matmul(ones, build.transpose(e.args[0]))):
                yield Guess(replaced(right, {e: spread}), "kronecker_delta_missed",
                            f"The first term belongs to the diagonal only: it is {shown(e)}, with a Kronecker delta.")


def _reciprocal(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """1 / det X for the derivative of log det X: of the logarithm by what stands in it."""
    for a in problem.model.assignments:
        for e in walk(a.expr):
            if e.op == "logdet" and any(x.op == "var" and x.name == problem.wrt for x in walk(e)):
                det = build.call("det", e.args[0])
                yield Guess(build.power(det, alg.MINUS), "wrong_reciprocal",
                            f"That is the derivative of the logarithm by {shown(det)}, a number; the determinant "
                            "has to be differentiated too.")


def _penalty_terms(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """Those of the penalty only: a path that is missing says more of the others."""
    return (g for g in _terms(problem, right, shown) if g.mistake.startswith("regulariser"))


def _terms(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """A term of the whole sum that is missing, or has another sign or factor."""
    for mistake, words, t, changed in _changed_terms(right, added(right), shown):
        yield Guess(changed, _of_penalty(problem, t, mistake), words)


def _inner_terms(problem: Problem, right: Expr, shown: Brief) -> Iterator[Guess]:
    """The same for the sums inside."""
    sums = [e for e in walk(right) if e.op == "add" and e is not right]
    for e in sums[-MAX_SUMS:]:
        for mistake, words, _, changed in _changed_terms(e, list(e.args), shown):
            yield Guess(replaced(right, {e: changed}), mistake, f"In {shown.parts(e)} {words[0].lower()}{words[1:]}")


def _changed_terms(total: Expr, terms: list[Expr], shown: Brief) -> Iterator[tuple[str, str, Expr, Expr]]:
    """(name, sentence, term, the sum with the mistake)."""
    for t in terms if len(terms) > 1 else ():
        twice, half = alg.mul(alg.num(2), t), alg.mul(_HALF, t)
        yield "missing_term", f"The term {shown(t)} is missing.", t, alg.sub(total, t)
        yield "wrong_sign_of_one_term", f"The term {shown(t)} has the wrong sign.", t, alg.sub(total, twice)
        yield "wrong_term_factor", f"The term {shown(t)} is there twice.", t, alg.add(total, t)
        yield "wrong_term_factor", f"Half of the term {shown(t)} is missing.", t, alg.sub(total, half)


def _of_penalty(problem: Problem, term: Expr, mistake: str) -> str:
    """The name of a mistake in a term; that of a penalty has names of its own."""
    names = {x.name for x in walk(term) if x.op == "var"}
    weights = {n for n in names if problem.model.variables[n].shape[0].is_one and problem.model.variables[n].shape[1].is_one}
    if not weights or names - weights != {problem.wrt}:
        return mistake
    return {"missing_term": "regulariser_missing", "wrong_sign_of_one_term": "regulariser_wrong_sign",
            "wrong_term_factor": "regulariser_constant"}[mistake]


def added(e: Expr) -> list[Expr]:
    """The terms of a sum, also of one with a number in front."""
    number, scalars, body = alg.split(e)
    total = body if body is not None else e
    if total.op != "add":
        return []
    front = alg.join(number, scalars, None) if body is not None else alg.UNIT
    return [alg.mul(front, t) for t in total.args]
