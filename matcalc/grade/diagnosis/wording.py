"""Edits in the words of a teaching assistant, with the names of the mistakes that they mend."""

from __future__ import annotations

from typing import NamedTuple

from ...expr import build
from ...expr.node import Expr, node, walk
from ..problem import Problem
from .brief import Brief
from .drafts import Misfit, factors, fitted
from .pieces import bare_term, is_row_vector, names_in, shown
from .repair import Repair


class Named(NamedTuple):
    """The name of a mistake and what is said of it."""

    mistake: str
    words: str


class Wording:
    """Says what a repair means in one problem."""

    def __init__(self, problem: Problem):
        self.problem, self.brief = problem, Brief(problem.model)
        model = problem.model
        nodes = [e for a in model.assignments for e in walk(a.expr)]
        self.traces = any(e.op == "tr" for e in nodes)
        chains = [e.args for e in nodes if e.op == "matmul"]
        has_error = any(v.role == "target" or v.name[0] in "yt" for v in model.variables.values())
        self.backwards = {f for c in chains for f in c[:-1] if f.op == "var" and f.name[0] in "WUV"} if has_error else set()
        self.inputs = {b for c in chains for a, b in zip(c, c[1:]) if a.op == "var" and a.name == problem.wrt}
        values = {build.var(a.name, a.expr.shape): a.expr for a in model.assignments}
        self.activated = {h: e for h, e in values.items() if e.op == "fn" or e.op.startswith("softmax")}
        self.before = {e.args[0]: h for h, e in self.activated.items()}
        self.data = {v.name for v in model.variables.values() if v.name[0] in "xX"}
        wrt = build.var(problem.wrt, model.shape_of(problem.wrt), model.variables[problem.wrt].assumptions)
        uses = [e for e in nodes if wrt in e.args]
        self.is_bias = bool(uses) and all(e.op == "add" or e.op == "matmul" and any(
            x.op == "ones" or x.op == "T" and x.args[0].op == "ones" for x in e.args) for e in uses)

    def named(self, repair: Repair) -> Named:
        """The name of the edit, and what is said of it and of a factor that is missing besides."""
        said = _of_power(repair) or getattr(self, repair.edit.kind.replace(" ", "_"))(repair)
        if repair.factor is None:
            return said
        is_sign = repair.factor.op == "num" and repair.factor.data == -1
        return Named(said.mistake, f"{said.words} Besides, " + (
            "the sign is wrong." if is_sign else f"the whole must be multiplied by {shown(repair.factor)}."))

    def short(self, e: Expr) -> str:
        """A piece with the problem's names in it."""
        try:
            return self.brief(fitted(e))
        except Misfit:
            return shown(e)

    # ------------------------------------------------------------ factors

    def transpose(self, r: Repair) -> Named:
        old = r.edit.old
        words = f"{shown(old)} must be transposed: {shown(r.edit.put)}."
        if old in self.backwards and self.problem.kind == "gradient" and old.name != self.problem.wrt:
            words += f" The error travels backwards through {shown(r.edit.put)}."
        return Named("missing_transpose", words)

    def no_transpose(self, r: Repair) -> Named:
        return Named("extra_transpose", f"{shown(r.edit.put)} must not be transposed here.")

    def transposes(self, r: Repair) -> Named:
        return Named("missing_transpose", f"More than one transpose is wrong: {shown(r.edit.put)}.")

    def order_and_transposes(self, r: Repair) -> Named:
        return Named("factor_order", f"The factors are right, their order and their transposes are not: {shown(r.edit.put)}.")

    def piece(self, r: Repair) -> Named:
        return Named("wrong_factor", f"{self.short(r.edit.put)} belongs where {shown(r.edit.old)} stands.")

    def swap(self, r: Repair) -> Named:
        return Named("wrong_factor", f"{shown(r.edit.old)} and {shown(r.edit.put)} must be exchanged.")

    def order(self, r: Repair) -> Named:
        before, after = factors(r.edit.old), factors(r.edit.put)
        words = f"Right factors, wrong order: {shown(r.edit.put)}. Matrices do not commute."
        moved = [x for x, y in zip(before, after, strict=True) if x is not y]
        if len(moved) == 2 and all(x.op == "T" for x in moved) and not any(x.args[0].is_column for x in moved):
            return Named("product_transposed_without_reversing", f"A product is transposed in reverse order: {shown(r.edit.put)}.")
        if [is_row_vector(before[0]), before[-1].is_column, len(before)] == [True, True, 2]:
            return Named("inner_instead_of_outer",
                         f"That is an inner product; here an outer product is needed: {shown(r.edit.put)}.")
        if self.traces:
            return Named("trace_cyclic_error", f"{words} Under a trace factors may only be moved from one end to the other.")
        sides = {x.args[0].name for x in moved if x.op == "T" and x.args[0].op == "var"} & self.data
        if len([x for x in before if not x.is_scalar]) == 2 and sides and not any(x.is_column or x.is_row for x in moved):
            return Named("batch_convention", f"{words} Your order is that of a batch with the examples the other way round.")
        return Named("factor_order", words)

    def drop_factor(self, r: Repair) -> Named:
        old = r.edit.old
        words = f"The factor {shown(old)} does not belong here."
        if old.op == "num" or old.op == "pow" and old.args[0].op in ("num", "size"):
            return Named("extra_constant", words)
        if old.op in ("det", "logdet"):
            return Named("log_chain_missing", words)
        if self.is_bias and names_in(old) & self.data:
            return Named("bias_gradient_times_input", f"{words} The derivative with respect to a bias does not contain the input.")
        if _is_slope(old, self):
            return Named("extra_activation_derivative", f"{words} It is a derivative of an activation too many.")
        return Named("extra_factor", words)

    def insert_factor(self, r: Repair) -> Named:
        put, at = r.edit.put, r.place
        if put.is_scalar:
            return _scalar_factor(put, r.edit.new if at.above else None)
        base = put.args[0] if put.op == "T" else put
        if base.op == "ones" and self.is_bias:
            return Named("bias_not_summed", f"One and the same variable serves every example: add their contributions up, "
                         f"with {shown(put)} as a factor.")
        words = f"The factor {shown(put)} is missing: {shown(r.edit.new)}."
        if at.above:
            return Named("missing_factor", words)
        if put.op == "T" and put.args[0] in self.inputs and factors(r.edit.new)[-1] is put:
            return Named("missing_input_factor",
                         f"The factor {shown(put)} is missing at the end: the input of the layer, transposed.")
        is_outside = put in (next(x for x in factors(r.edit.new) if not x.is_scalar), factors(r.edit.new)[-1])
        return Named("missing_chain_factor" if is_outside else "missing_factor", words)

    def cotangent(self, r: Repair) -> Named:
        return Named("wrong_factor", f"{shown(r.edit.old)} should be {shown(r.edit.put)}, and is not; the rest is right.")

    def insert_entrywise(self, r: Repair) -> Named:
        old, put = r.edit.old, r.edit.put
        if not any(x.op == "var" for x in walk(old)):
            return Named("missing_factor", f"The factor {shown(put)} is missing.")
        if put.op == "fn" and put.data.order:
            return Named("forgot_activation_derivative", f"The derivative {shown(put)} is missing, entry by entry.")
        return Named("missing_factor", f"The factor {shown(put)} is missing, entry by entry: {shown(r.edit.new)}.")

    def symbol(self, r: Repair) -> Named:
        old, put = r.edit.old, r.edit.put
        words = f"{self.short(put)} belongs where {shown(old)} stands."
        above = [p for p, _ in r.place.above]
        if any(e.op == "fn" and str(e.data) in ("step", "relu'", "sign") for e in above):
            return Named("mask_on_wrong_quantity", f"{words} The mask is that of the forward pass.")
        if self._in_slope(above, old, put):
            return Named("activation_derivative_at_wrong_point",
                         f"{words} Mind where the derivative of the activation is taken: at its input, "
                         "or by a formula in its output.")
        if old in self.before and self.before[old] is put:
            return Named("pre_activation_used", f"{words} The input of the next layer is what comes out of the activation.")
        if put in self.inputs and any(e.op == "T" for e in above[-1:]):
            return Named("wrong_input_factor", f"{words} It is the input of this layer.")
        return Named("wrong_factor", words)

    def _in_slope(self, above: list[Expr], old: Expr, put: Expr) -> bool:
        values = {*self.activated, *self.before, *(z for e in self.activated.values() for z in e.args)}
        names = {z.name for z in values if z.op == "var"}
        is_value = old.op == "var" and old.name in names
        return is_value and any(e.op == "fn" or e.op == "had" for e in above)

    # ------------------------------------------------------------ entry by entry

    def entrywise(self, r: Repair) -> Named:
        words = f"{shown(r.edit.put)} multiplies entry by entry: {shown(r.edit.new)}."
        if _is_slope(r.edit.put, self):
            words += " An activation acts on every entry by itself, and so does its derivative."
        return Named("matrix_product_instead_of_hadamard", words)

    def matrix_product(self, r: Repair) -> Named:
        return Named("hadamard_instead_of_matrix_product", f"A matrix product is needed here: {shown(r.edit.new)}.")

    def bracket(self, r: Repair) -> Named:
        return Named("bracket_lost", f"A bracket is missing or in the wrong place: {shown(r.edit.new)}.")

    def elsewhere(self, r: Repair) -> Named:
        name = "derivative_on_wrong_layer" if _is_slope(r.edit.put, self) else "bracket_lost"
        return Named(name, f"{shown(r.edit.put)} multiplies in another place: {shown(r.edit.new)}.")

    def diag(self, r: Repair) -> Named:
        return Named("missing_diag", f"{shown(r.edit.old)} belongs on the diagonal of a matrix: {shown(r.edit.put)}.")

    # ------------------------------------------------------------ functions, numbers, terms

    def slope(self, r: Repair) -> Named:
        return Named("activation_instead_of_derivative",
                     f"{shown(r.edit.old)} stands where the derivative of {r.edit.old.data} is needed.")

    def no_slope(self, r: Repair) -> Named:
        return Named("derivative_instead_of_activation", f"{shown(r.edit.old)} stands where {shown(r.edit.new)} is needed.")

    def function(self, r: Repair) -> Named:
        is_slope = bool(r.edit.old.data.order)
        return Named("wrong_activation_derivative" if is_slope else "wrong_function",
                     f"{shown(r.edit.put)} belongs where {shown(r.edit.old)} stands.")

    def apply(self, r: Repair) -> Named:
        name = "pre_activation_used" if r.edit.put.op == "fn" else "wrong_function"
        return Named(name, f"{shown(r.edit.put)} belongs where {shown(r.edit.old)} stands.")

    def no_function(self, r: Repair) -> Named:
        above = [p for p, _ in r.place.above]
        name = "activation_derivative_at_wrong_point" if any(e.op in ("pow", "had") for e in above) else "wrong_function"
        return Named(name, f"{shown(r.edit.put)} belongs where {shown(r.edit.old)} stands.")

    def inverse(self, r: Repair) -> Named:
        return Named("missing_inverse", f"{shown(r.edit.old)} must be inverted: {shown(r.edit.put)}.")

    def no_inverse(self, r: Repair) -> Named:
        return Named("extra_inverse", f"{shown(r.edit.put)} must not be inverted here.")

    def sum(self, r: Repair) -> Named:
        words = f"{shown(r.edit.new)} is needed where {shown(r.edit.old)} stands."
        return Named("bias_not_summed", f"One and the same variable serves every example: {words}"
                     ) if self.is_bias else Named("wrong_factor", words)

    def operation(self, r: Repair) -> Named:
        if r.edit.old.op in ("sum", "mean"):
            lines = "column" if any(x.op.startswith("col") for x in walk(r.edit.put)) else "row"
            return Named("sum_over_wrong_axis", f"The {r.edit.old.op} runs over all entries: "
                         f"the {r.edit.old.op} of every {lines} is needed.")
        is_norm = r.edit.old.op in ("norm2", "sqnorm")
        name = "norm_treated_as_squared" if is_norm else "sum_over_wrong_axis"
        where = "The sum runs over the wrong axis: " if name == "sum_over_wrong_axis" else ""
        return Named(name, f"{where}{shown(r.edit.put)} is needed, not {shown(r.edit.old)}.")

    def no_power(self, r: Repair) -> Named:
        return self.power(r)

    def power(self, r: Repair) -> Named:
        return Named("wrong_power", f"The power is wrong: {shown(r.edit.put)} belongs where {shown(r.edit.old)} stands.")

    def number(self, r: Repair) -> Named:
        return Named("regulariser_constant" if self._in_penalty(r) else "wrong_constant",
                     f"The number {shown(r.edit.old)} must be {shown(r.edit.put)}.")

    def sign(self, r: Repair) -> Named:
        if any(p.op == "fn" and str(p.data) == "step" for p, _ in r.place.above):
            return Named("wrong_activation_derivative", "The comparison is the wrong way round: the derivative is zero where "
                         "yours is not, and the other way round.")
        return Named("regulariser_wrong_sign" if self._is_penalty(r.edit.old) else "wrong_sign_of_one_term",
                     f"The term {shown(r.edit.old)} has the wrong sign.")

    def drop_term(self, r: Repair) -> Named:
        return Named("extra_term", f"The term {shown(bare_term(r.edit.old))} does not belong here.")

    def insert_term(self, r: Repair) -> Named:
        put = r.edit.put
        base = next((x for x in factors(put) if x.op != "num"), put)
        variables = self.problem.model.variables
        is_target = base.op == "var" and base.name in variables and (
            variables[base.name].role == "target" or base.name[0] in "yYt")
        name = "dropped_target" if is_target else "missing_bias" if self._is_bias_term(base) else "missing_term"
        return Named(name, f"The term {self.short(put)} is missing next to {shown(r.edit.old)}.")

    # ------------------------------------------------------------ what a piece is

    @staticmethod
    def _is_bias_term(e: Expr) -> bool:
        return any(x.op == "var" and x.name[0] in "bc" and (x.is_column or x.is_row) for x in (e, *e.args))

    def _is_penalty(self, term: Expr) -> bool:
        names = names_in(term)
        scalars = {n for n in names if (v := self.problem.model.variables.get(n)) and v.shape[0].is_one and v.shape[1].is_one}
        return bool(scalars) and names - scalars == {self.problem.wrt}

    def _in_penalty(self, r: Repair) -> bool:
        parents = [p for p, _ in r.place.above]
        terms = [t for p in parents if p.op == "add" for t in p.args if t in parents]
        return any(map(self._is_penalty, terms))


def _of_power(r: Repair) -> Named | None:
    """An edit inside an exponent."""
    k = next((k for k, (e, i) in enumerate(r.place.above) if e.op in ("pow", "matpow") and i == 1), None)
    if k is None:
        return None
    before, after = r.place.above[k][0], r.edit.new
    for parent, i in reversed(r.place.above[k:]):
        args = [after if n == i else a for n, a in enumerate(parent.args)]
        after = node(parent.op, tuple(args), parent.data, parent.shape)
    return Named("wrong_power", f"The power is wrong: {shown(after)} belongs where {shown(before)} stands.")


def _scalar_factor(put: Expr, inside: Expr | None) -> Named:
    """inside: the part with the factor, where that is not the whole formula."""
    is_size = put.op == "size" or put.op == "pow" and put.args[0].op == "size"
    if put.op == "num":
        name = "missing_constant"
    elif is_size:
        name = "missing_1_over_N" if put.op == "pow" else "wrong_1_over_N_power"
    else:
        name = "missing_factor"
    return Named(name, f"The factor {shown(put)} is missing{f': {shown(inside)}' if inside is not None else ''}.")


def _is_slope(e: Expr, words: Wording) -> bool:
    if e.op == "fn" and e.data.order:
        return True
    values = {h.name for h in words.activated} & names_in(e)
    return bool(values) and e.op == "add" and any(t.op in ("ones", "num") for t in e.args)
