"""The page of a rule, made from its record: statements are printed from the
formulas with symbolic operands, never typed."""

from __future__ import annotations

from functools import reduce

from ..errors import MatcalcError, fail
from ..expr import build
from ..expr.node import Expr, Func, node
from ..expr.unicode import unicode
from ..rules import ENTRYWISE, FUNCTION_NAMES, RULES
from ..rules.entrywise import derivative_expr
from ..rules.rule import Entrywise, Rule
from ..shapes import ONE, Shape, Size, size
from ..suggest import closest
from .board import table_lines


def rule_list() -> str:
    """All rules and entrywise functions, a line each."""
    rows = [("Rule", "Title", "Shapes")] + [(r.op, r.title, r.signature) for r in RULES.values()]
    functions = [("Function", "Derivative at x", "Domain")] + [
        (f.name, unicode(_slope(f)), f.domain or f.at_kink) for f in ENTRYWISE.values()]
    return (f"{_table(rows)}\n\n{_table(functions)}\n\n"
            "The page of one: matcalc rules matmul, matcalc rules tanh\n")


def rule_page(name: str) -> str:
    """The page of one rule or function. Raises MatcalcError (M507) for an unknown name."""
    calls = {call: r.op for r in RULES.values() for call in r.calls}
    if name in RULES or name in calls:
        return _rule_text(RULES.get(name) or RULES[calls[name]])
    if name in FUNCTION_NAMES:
        return _function_text(ENTRYWISE[FUNCTION_NAMES[name]])
    known = [*RULES, *calls, *FUNCTION_NAMES]
    raise fail("M507", f"there is no rule `{name}`", help=closest(name, known) or "matcalc rules lists them all")


# ---------------------------------------------------------------- one rule

def _rule_text(rule: Rule) -> str:
    names = f" (written {' or '.join(c + '(...)' for c in rule.calls)})" if rule.calls else ""
    lines = [f"{rule.title}{names}", "", f"  shapes    {rule.signature}", "", *_statements(rule), "",
             f"  {rule.why}"]
    if rule.domain:
        lines.append(f"  Holds where {rule.domain.format(*rule.operands)}.")
    return "\n".join(lines + _sources(rule.cites)) + "\n"


def _statements(rule: Rule) -> list[str]:
    """Y = ..., then ∂L/∂A for each operand, then dY."""
    shapes, result = signature_shapes(rule)
    args = tuple(_operand(rule, n, s, i) for i, (n, s) in enumerate(zip(rule.operands, shapes)))
    data = _data(rule, result)
    e = node(rule.op, args, data, result)
    symbol, G = build.var("Y", result), build.cot("L", "Y", result)
    lines = [f"  Y = {unicode(e)}", ""]
    for i, a in enumerate(args):
        formula = None if a.op == "num" else _tried(lambda i=i: rule.vjp(G, symbol, i, args, data))
        if formula is not None:
            lines.append(f"  ∂L/∂{unicode(a)} = {unicode(formula)}")
    changes = tuple(build.zeros(a.shape) if a.op == "num" else build.dvar(a.name, a.shape) for a in args)
    formula = _tried(lambda: rule.differential(symbol, args, changes, data))
    return lines + ([f"  dY = {unicode(formula)}"] if formula is not None else [])


def _tried(make) -> Expr | None:
    """The formula, or None where a rule has none for symbols."""
    try:
        return make()
    except MatcalcError:
        return None


def _operand(rule: Rule, name: str, shape: Shape, i: int) -> Expr:
    """A symbol; for an exponent that has to be a whole number, a number."""
    is_whole = len(rule.draw) > i and rule.draw[i] == "whole"
    return build.num(3) if is_whole else build.var(name, shape)


def _data(rule: Rule, result: Shape):
    if rule.op == "fn":
        return Func("phi", is_user=True)
    if rule.op == "mat":
        return result
    return tuple(map(size, "mnpq")) if rule.op == "rearrange" else None


def signature_shapes(rule: Rule) -> tuple[list[Shape], Shape]:
    """Shapes of the operands and of the result, read from the signature."""
    operands, result = rule.signature.split("->")
    words = [w.strip() for w in operands.split(",")]
    words = [words[i - 1] if w == "..." else w for i, w in enumerate(words)]
    return [_shape(w) for w in words], _shape(result)


def _shape(words: str) -> Shape:
    rows, columns = (reduce(Size.__mul__, map(size, w.split("*")), ONE) for w in words.split())
    return rows, columns


# ---------------------------------------------------------------- one function

def _slope(row: Entrywise) -> Expr:
    return derivative_expr(Func(row.name, 1), _point())


def _point() -> Expr:
    return build.var("x", (ONE, ONE))


def _function_text(row: Entrywise) -> str:
    x, y = _point(), build.var("y", (ONE, ONE))
    short, full = unicode(row.derivative(x, y)), unicode(_slope(row))
    lines = [f"{row.name}, an entrywise function" + (f" (also {', '.join(row.aliases)})" if row.aliases else ""),
             "", f"  y = {unicode(build.fn(row.name, x))}", f"  dy/dx = {full}"]
    if short != full:
        lines.append(f"        = {short}")
    vector = size("n"), ONE
    G = build.cot("L", "y", vector)
    contribution = RULES["fn"].vjp(G, build.var("y", vector), 0, (build.var("x", vector),), Func(row.name))
    lines += ["", f"  ∂L/∂x = {unicode(contribution)}", "", f"  {row.why or RULES['fn'].why}"]
    lines += [f"  Holds where {row.domain}."] if row.domain else []
    lines += [f"  {row.at_kink[0].upper()}{row.at_kink[1:]}."] if row.at_kink else []
    return "\n".join(lines + _sources(row.cites or RULES["fn"].cites)) + "\n"


_TITLES = {
    "cookbook": "Petersen and Pedersen, The Matrix Cookbook (2012), eq. {}",
    "magnus": "Magnus and Neudecker, Matrix Differential Calculus, {}",
    "giles": "Giles, Collected matrix derivative results (2008), {}",
    "bishop": "Bishop, Pattern Recognition and Machine Learning, eq. {}",
    "uva": "UvA Deep Learning, lecture {}",
    "vanloan": "Van Loan, The ubiquitous Kronecker product ({})",
    "higham": "Higham, Functions of Matrices, {}",
    "golub": "Golub and Pereyra ({})",
    "boyd": "Boyd and Vandenberghe, Convex Optimization, {}",
    "iitm": "IIT Madras CS7015, lecture {}",
}


def _sources(cites: tuple[str, ...]) -> list[str]:
    if not cites:
        return []
    parts = [c.partition(":") for c in cites]
    return ["", *(f"  {_TITLES[k].format(place) if k in _TITLES else f'{k} {place}'}" for k, _, place in parts)]


def _table(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(table_lines(rows))
