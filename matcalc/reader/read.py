"""A text to a model: parse, collect, infer, build."""

from __future__ import annotations

from ..expr import build
from ..expr.node import Expr, Func
from ..model import Assignment, Function, Model, Variable
from ..shapes import ONE, SCALAR, Size
from .declarations import Declared, declare, given
from .dimensions import Dim, find, is_one, unify
from .infer import Conflict, Inference, convention, inferred
from .latex import lexed
from .order import leaves, ordered, used
from .parser import Parser
from .sum_builder import SumBuilder
from .sum_names import candidates, resolved, upper_ends
from .tokens import Source, Token
from .tree import Declaration, Definition, Statement, Tree
from .vocabulary import ABSTRACT, LIKE_A_SIZE, SIZED, Names

TARGET_NAMES = ("y", "Y", "t")


def read(text: str, shapes=None, assume=None, name: str = "<text>") -> Model:
    """The model that a text describes.

    shapes   {"W": ("m", "n"), "x": ("n",), "a": ()}, beside the declarations
    assume   {"S": "spd", "y": ["onehot", "target"]}
    name     what messages call the text (a file name)

    Raises MatcalcError (M1xx reading, M2xx shapes), pointing into the text.
    """
    source = Source(text, name)
    stream = lexed(source)
    items = Parser(source, scanned(stream), stream).statements()
    items = _output_with_variable(items)
    statements = [i for i in items if isinstance(i, Statement)]
    if not statements:
        raise source.error("M104", "there is no formula in the text", help="for instance  L = 1/2*norm2(W*x - y)^2")
    declared = Declared()
    for item in items:
        if isinstance(item, Declaration):
            declare(source, item, declared)
    assigned = {s.name for s in statements if s.name}
    known = used(statements) | set(declared.places) | assigned
    given(source, shapes, assume, known | candidates(statements), declared)
    functions = _functions(source, items, declared, statements)
    of_numbers = resolved(source, statements, declared, functions)
    ordered(source, statements)
    _only_last_is_bare(source, statements)
    names_used = used(statements)
    inference = inferred(source, _fixed(source, declared), _passes(source, statements, declared),
                         functions, _hints(statements, declared), statements[-1].tree,
                         _called_sizes(statements) - set(declared.places) - set(declared.shapes) - assigned
                         | upper_ends(statements))
    _no_name_twice(source, inference, statements)
    _name_sizes(inference, names_used, assigned)
    return _model(source, statements, declared, functions, inference, of_numbers)


def read_formula(text: str, model: Model) -> Expr:
    """A formula in the variables, assignments and functions of a model.

    The cotangent of a name n is written dL/dn, with the name of the output.
    Raises MatcalcError (M1xx, M2xx).
    """
    source = Source(text)
    known = {**{v.name: v.shape for v in model.variables.values()},
             **{a.name: a.expr.shape for a in model.assignments}}
    names = Names(known, model.functions, model.output.name, known)
    items = Parser(source, names).statements()
    if len(items) != 1 or not isinstance(items[0], Statement):
        raise source.error("M104", "one formula is expected")
    functions = {n: Func(n, 0, f.parameter, f.body, True) for n, f in model.functions.items()}
    tree = items[0].tree
    inference = inferred(source, known, [lambda run: run.shape(tree)], functions, {})
    _name_sizes(inference, set(known), set())
    symbols = {v.name: build.var(v.name, v.shape, v.assumptions) for v in model.variables.values()}
    symbols |= {a.name: build.var(a.name, a.expr.shape) for a in model.assignments}
    for n, shape in inference.shapes.items():
        if n not in symbols:
            symbols[n] = build.var(n, tuple(find(d) for d in shape))
    return SumBuilder(source, inference, symbols, functions).expr(tree)


# ---------------------------------------------------------------- before parsing

def scanned(stream: list[Token]) -> Names:
    """Declared and assigned names, and the user's functions, from the tokens alone."""
    variables: set[str] = set()
    entrywise: set[str] = set()
    start = True
    for i, token in enumerate(stream):
        if start and token.kind == "name":
            following = [t.kind for t in stream[i + 1:i + 5]]
            if following[:1] == ["="]:
                variables.add(token.text)
            elif following == ["(", "name", ")", "="]:
                entrywise.add(token.text)
            elif following and following[0] in (":", ","):
                _declared_names(stream, i, variables, entrywise)
        start = token.kind in ("\n", ";")
    return Names(variables, entrywise)


def _declared_names(stream: list[Token], i: int, variables: set[str], entrywise: set[str]) -> None:
    names = []
    while stream[i].kind == "name":
        names.append(stream[i].text)
        if stream[i + 1].kind == "end":
            return
        i += 2
        if stream[i - 1].kind != ",":
            break
    is_function = stream[i].kind == "name" and stream[i].text in ("entrywise", "function")
    (entrywise if is_function else variables).update(names)


# ---------------------------------------------------------------- after parsing

def _output_with_variable(items: list) -> list:
    """L(w) = ... on the last line is no function but the output, if nothing calls L."""
    last = items[-1] if items else None
    called = {t.value for i in items if isinstance(i, Statement) for t in _calls(i.tree)}
    if not isinstance(last, Definition) or last.name in called:
        return items
    return [*items[:-1], Statement(last.name, last.body, last.start, last.end)]


def _only_last_is_bare(source: Source, statements: list[Statement]) -> None:
    for s in statements[:-1]:
        if s.name is None:
            raise source.error("M104", "only the last line may be a formula without a name", (s.start, s.end),
                               help="give it a name:  f1 = ...")


def _no_name_twice(source: Source, inference: Inference, statements: list[Statement]) -> None:
    """A name is a size or a variable, not both. Raises M210."""
    for name in inference.shapes:
        if name in inference.sizes:
            leaf = next((t for s in statements for t in leaves(s.tree) if t.value == name), None)
            place = (leaf.start, leaf.end) if leaf else (0, 1)
            raise source.error("M210", f"`{name}` is both a size and a variable", place,
                               help=f"rename the size, for instance n_{name}")


def _fixed(source: Source, declared: Declared) -> dict:
    fixed = dict(declared.shapes)
    for name, rank in declared.ranks.items():
        if name not in fixed:
            fixed[name] = None
    return {n: s for n, s in fixed.items() if s is not None}


def _hints(statements: list[Statement], declared: Declared) -> dict[str, str]:
    """Ranks that the way a name is used suggests: a' is not a scalar."""
    hints = dict(declared.ranks)
    for s in statements:
        stack = [s.tree]
        while stack:
            t = stack.pop()
            stack += t.args
            if t.kind == "transpose" and t.args[0].kind == "name":
                name = t.args[0].value
                if convention(name) == "scalar":
                    hints.setdefault(name, "vector")
    return hints


def _called_sizes(statements: list[Statement]) -> frozenset[str]:
    """Names that stand as the size in eye(n), ones(m, n), zeros(2 n) and look like one."""
    return frozenset(leaf.value for s in statements for t in _calls(s.tree) if t.value in SIZED
                     for a in t.args for leaf in leaves(a) if LIKE_A_SIZE.fullmatch(leaf.value))


def _passes(source: Source, statements: list[Statement], declared: Declared):
    """One function a statement, which gives it to an Inference."""
    def run(statement: Statement):
        def give(inference: Inference) -> None:
            shape = inference.shape(statement.tree)
            name = statement.name
            if name in inference.shapes and name in declared.shapes:
                if not inference.same(shape, inference.shapes[name]):
                    start, end = declared.places.get(name, (statement.start, statement.end))
                    raise Conflict(source.error(
                        "M203", f"`{name}` is declared with another shape than its formula has",
                        (start, end), (statement.tree.start, statement.tree.end)), inference.open_names(statement.tree))
            elif name is not None:
                inference.shapes[name] = shape
            if name is not None:
                inference.definitions[name] = statement.tree
        return give
    return [run(s) for s in statements]


def _functions(source: Source, items: list, declared: Declared, statements: list[Statement]) -> dict[str, Func]:
    """The user's entrywise functions. Raises M113 for a body that uses other names."""
    functions = {n: Func(n, 0, None, None, True) for n in sorted(declared.functions)}
    for item in items:
        if isinstance(item, Definition):
            functions[item.name] = _defined(source, item, functions)
    for s in statements:
        for t in _calls(s.tree):
            if t.value in ABSTRACT and t.value not in functions:
                functions[t.value] = Func(t.value, 0, None, None, True)
    return functions


def _defined(source: Source, item: Definition, functions: dict[str, Func]) -> Func:
    for leaf in leaves(item.body):
        if leaf.value not in (item.parameter, "pi", "e"):
            raise source.error("M113", f"the body of `{item.name}` may use only its parameter `{item.parameter}`",
                               (leaf.start, leaf.end), help="write the value in numbers")
    inference = inferred(source, {item.parameter: SCALAR}, [lambda run: run.shape(item.body)], functions, {})
    parameter = build.var(item.parameter, SCALAR)
    body = SumBuilder(source, inference, {item.parameter: parameter}, functions).expr(item.body)
    if not body.is_scalar:
        raise source.error("M113", f"the body of `{item.name}` must be a scalar formula", (item.body.start, item.body.end))
    return Func(item.name, 0, parameter, body, True)


# ---------------------------------------------------------------- sizes and model

def _name_sizes(inference: Inference, used: set[str], assigned: set[str]) -> None:
    """Names for the sizes that stay open: n1 x n0 for an indexed W1, else n, m, k, ..."""
    taken = inference.sizes | set(inference.shapes) | used | assigned
    pool = [c for c in ("n", "m", "k", "p", "q", "r", "l", "s") if c not in taken]
    pool += [f"n_{i}" for i in range(1, 10_000) if f"n_{i}" not in taken] if len(pool) < 8 or len(inference.shapes) > 4 else []
    fresh = iter(pool)
    for name, shape in inference.shapes.items():
        index = name[1:] if name[0].isupper() and name[1:].isdigit() and len(name) < 6 else ""
        wishes = (f"n{index}", f"n{int(index) - 1}") if index and index != "0" else ("", "")
        is_square_or_vector = find(shape[0]) is find(shape[1]) or isinstance(find(shape[1]), Size)
        order = (0, 1) if is_square_or_vector else (1, 0)
        for k in order:
            d = find(shape[k])
            if isinstance(d, Dim):
                wish = wishes[k]
                name_of_size = wish if wish and wish not in taken else next(fresh)
                taken.add(name_of_size)
                inference.sizes.add(name_of_size)
                unify(d, Size(1, (name_of_size,)))
    try:
        inference.settle()
    except Conflict as conflict:
        raise conflict.error from None


def _model(source: Source, statements: list[Statement], declared: Declared, functions: dict[str, Func],
           inference: Inference, of_numbers: dict[Tree, Tree]) -> Model:
    assigned = {s.name for s in statements}
    _one_hot_columns(statements, inference, declared)
    variables = _variables(source, inference, declared, assigned)
    symbols = {v.name: build.var(v.name, v.shape, v.assumptions) for v in variables.values()}
    builder = SumBuilder(source, inference, symbols, functions, of_numbers)
    assignments = []
    for s in statements:
        expr = builder.expr(s.tree)
        name = s.name or _fresh_name(expr, symbols, inference)
        assignments.append(Assignment(name, expr, s.name is None, s.start, s.end))
        symbols[name] = build.var(name, expr.shape)
    model_functions = {n: Function(n, f.parameter, f.body) for n, f in functions.items()}
    return Model(variables, tuple(assignments), model_functions, source.text, source.name, tuple(dict.fromkeys(builder.notes)))


def _one_hot_columns(statements: list[Statement], inference: Inference, declared: Declared) -> None:
    """One-hot examples stand where the network's softmax has its classes: in the
    columns of Y when the text uses softmax_cols, in its rows otherwise."""
    called = {t.value for s in statements for t in _calls(s.tree)}
    by_columns = called & {"softmax_cols", "logsumexp_cols"} and not called & {"softmax_rows", "logsumexp_rows"}
    for name, words in declared.assumptions.items():
        if by_columns and "onehot" in words and not is_one(inference.shapes.get(name, (ONE, ONE))[1]):
            words.remove("onehot")
            words.add("onehot_cols")


def _calls(tree: Tree):
    stack = [tree]
    while stack:
        t = stack.pop()
        if t.kind == "call":
            yield t
        stack += t.args


def _variables(source: Source, inference: Inference, declared: Declared, assigned: set) -> dict[str, Variable]:
    variables = {}
    for name, shape in inference.shapes.items():
        if name in assigned:
            continue
        known = tuple(find(d) for d in shape)
        if not all(isinstance(d, Size) for d in known):
            raise source.error("M209", f"nothing says how large `{name}` is", help=f"declare it:  {name} : m x n")
        assumptions = set(declared.assumptions.get(name, ()))
        role = declared.roles.get(name) or ("target" if name in TARGET_NAMES else "variable")
        variables[name] = Variable(name, known, role, frozenset(assumptions), name in declared.shapes)
    return variables


def _fresh_name(expr: Expr, symbols: dict, inference: Inference) -> str:
    wishes = ("L", "f", "loss") if expr.is_scalar else ("F", "f", "result")
    taken = set(symbols) | inference.sizes
    return next(w for w in (*wishes, *(f"{wishes[0]}{i}" for i in range(1, 99))) if w not in taken)


