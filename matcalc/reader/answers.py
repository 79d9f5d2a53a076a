"""A student's formula, read in the names of a known model."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ..errors import Diagnostic, MatcalcError
from ..expr import build
from ..expr.latex import latex
from ..expr.node import Expr, Func
from ..model import Model
from ..shapes import Shape
from .answer_builder import Found, search, values_of
from .answer_drafts import DraftBuilder, DraftInference, PlainDraftBuilder
from .answer_layers import layered
from .answer_names import AnswerNames
from .answer_parser import AnswerParser
from .answer_parts import Part, parts_of
from .answer_shapes import AnswerInference
from .code_tokens import code_token, divides_from_left
from .indices import index_values
from .latex import is_latex, latex_tokens
from .latex_words import CONNECTIVES
from .spelling import key
from .tokens import Source, Token, tokens
from .tree import Tree, has_index

MAX_ANSWER = 4_000
_FUNCTION = re.compile(r"^\s*(?:def\s|lambda\s[\w\s,]*:|function\s|@)|\n\s*def\s")
_GIVEN = re.compile(r"([A-Za-z]{2,})(?:_?\{?[0-9]+\}?)?[ \t&]*=")  # words that the answer gives a value
_NUMPY_NAMES = ("np", "@", ".")
_NEW_AXES = ("None", "newaxis")


@dataclass(frozen=True)
class Reading:
    """One way to read an answer.

    members       the members of the chain of equalities, in order; the last is the answer
    latex         the members as they were read
    shape         of the answer, (rows, columns)
    notes         what was decided by shapes, in words
    target        the name below the derivative on the left-hand side, or ""
    skipped       messages of earlier members that could not be read
    alternatives  the other readings that fit, the likeliest first
    """

    members: tuple[Expr, ...]
    latex: str
    shape: Shape
    notes: tuple[str, ...] = ()
    target: str = ""
    skipped: tuple[Diagnostic, ...] = ()
    alternatives: tuple["Reading", ...] = ()

    @property
    def answer(self) -> Expr:
        return self.members[-1]


def read_answer(text: str, model: Model, functions: dict[str, str] | None = None, wrt: str = "",
                shape: Shape | None = None, rows: dict[str, str] | None = None) -> Reading:
    """The readings of an answer (LaTeX, text, NumPy or MATLAB expressions, or mixtures).

    functions   further names of functions, e.g. {"sigma": "sigmoid"}
    wrt         the variable that is asked for; chooses among several left-hand sides
    shape       the expected shape: of several readings, one that has it comes first
    rows        {"r": "X"}: r_i is row i of X, as a column (x_i is one of X anyway)

    Raises MatcalcError: M1xx for what cannot be read, M2xx for a formula that was
    read but fits no shapes.
    """
    answer = Answer(text, model, functions, wrt, rows)
    return answer.reading(answer.names.shapes.get(wrt) if shape is None else shape)


def read_drafts(text: str, model: Model, functions: dict[str, str] | None = None, wrt: str = "",
                rows: dict[str, str] | None = None) -> tuple[Expr, ...]:
    """What an answer says whose shapes do not fit, as expressions that have no value.

    Products and sums stand as they were written; a shape in them means nothing. Empty
    where even that cannot be told: sums over indices, names without a size.
    """
    try:
        return Answer(text, model, functions, wrt, rows).drafts()
    except MatcalcError:
        return ()


class Answer:
    """A parsed answer."""

    def __init__(self, text: str, model: Model, functions: dict[str, str] | None = None, wrt: str = "",
                 rows: dict[str, str] | None = None):
        self.source = Source(text, "<answer>")
        self.model, self.wrt = model, wrt
        self.names = AnswerNames(model, functions, rows)
        if len(text) > MAX_ANSWER:
            raise self.source.error("M105", f"the answer is longer than the limit of {MAX_ANSWER:,} characters", (0, 1))
        if _FUNCTION.search(text):
            raise self.source.error("M118", "this is a function of a program, not a formula", (0, 1),
                                    help="answer with the formula that it returns")
        stream = self._tokens(text)
        self.dialect = _dialect(stream)
        stream = layered(_apart([t for t in stream if t.kind != "np"], self.names), self.names)
        parts, self.last = parts_of(self.source, stream, self.names, wrt)
        self.parts = parts
        self._parse()

    def _tokens(self, text: str) -> list[Token]:
        if not is_latex(text) or divides_from_left(text, self.names.is_known):
            return tokens(self.source, code_token)
        given = set(_GIVEN.findall(text))
        return latex_tokens(self.source, lambda w: self.names.is_word(w) or w in given, self.names.is_size,
                            lambda w: w.lower() in CONNECTIVES and self.names.cut(w) is None, True)

    def _parse(self) -> None:
        """Trees of the answer and of the definitions that it uses, in the order of use."""
        self.trees: dict[int, list[Tree]] = {}
        self.problems: dict[int, list[MatcalcError]] = {}
        self.own: dict[str, Tree] = {}
        self.labels: dict[str, tuple[str, ...]] = {}
        open_parts: set[int] = set()
        self._define(self.last, open_parts)

    def _define(self, index: int, open_parts: set[int]) -> None:
        part = self.parts[index]
        if index in open_parts:
            start, end = part.members[-1][0].start, part.members[-1][-1].end
            raise self.source.error("M108", f"`{part.name or 'the answer'}` is defined by itself", (start, end),
                                    help="give the second value a new name")
        open_parts.add(index)
        own = {}
        for i, other in enumerate(self.parts):
            if other.name and i != index:
                name = key(other.name)
                if name not in own or i < index:
                    own[name] = i
        self.names.own = {name: f"\0{i}" for name, i in own.items()}
        trees, problems = [], []
        for k, member in enumerate(part.members):
            end = member[-1].end
            try:
                parser = AnswerParser(self.source, self.names, [*member, Token("end", "", end, end)], self.dialect)
                trees.append(parser.parsed())
            except MatcalcError as problem:
                if k == len(part.members) - 1:
                    raise
                problems.append(problem)
        self.trees[index], self.problems[index] = trees, problems
        for tree in trees:
            for name in _own_names(tree):
                j = int(name[1:])
                if name not in self.own:
                    self._define(j, open_parts)
                    self.own[name] = self.trees[j][-1]
                    self.labels[name] = self.parts[j].labels
        open_parts.discard(index)

    # ------------------------------------------------------------ readings

    def reading(self, shape: Shape | None = None) -> Reading:
        part = self.parts[self.last]
        *earlier, final = self.trees[self.last]
        notes: tuple[str, ...] = ()
        if earlier and _is_zero(final) and not earlier[-1].is_number:
            final, notes = earlier.pop(), ("`= 0` at the end was read as the condition for a stationary point",)
        found = self._readings(final, part, shape)
        if shape is not None:
            found.sort(key=lambda f: f.values[0].shape != shape)
        members, skipped = [], [p.diagnostic for p in self.problems[self.last]]
        for tree in earlier:
            try:
                members.append(self._readings(tree, part, shape)[0].values[0])
            except MatcalcError as problem:
                skipped.append(problem.diagnostic)
        readings = [self._made((*members, f.values[0]), (*notes, *f.notes), part, tuple(skipped)) for f in found]
        return replace(readings[0], alternatives=tuple(readings[1:]))

    def _made(self, members: tuple[Expr, ...], notes: tuple[str, ...], part: Part, skipped) -> Reading:
        return Reading(members, " = ".join(map(latex, members)), members[-1].shape, notes, part.target, skipped)

    def drafts(self) -> tuple[Expr, ...]:
        trees = [self.trees[self.last][-1], *self.own.values()]
        if any(map(has_index, trees)):
            return ()
        start, symbols, functions = self._start(DraftInference)
        found = [f for make in (PlainDraftBuilder, DraftBuilder) for f in search(
            start, lambda run, make=make: values_of(run, trees[:1], self.own, symbols, functions, make),
            _size(trees), alike=lambda e: e)]
        return tuple(dict.fromkeys(f.values[0] for f in found))

    def _start(self, make: type[AnswerInference]):
        """What begins a pass, and the names that it knows."""
        names = self.names
        functions = {n: Func(n, 0, f.parameter, f.body, True) for n, f in self.model.functions.items()}
        symbols = {v.name: build.var(v.name, v.shape, v.assumptions) for v in self.model.variables.values()}
        symbols |= {a.name: build.var(a.name, a.expr.shape) for a in self.model.assignments}

        def start(chosen: dict) -> AnswerInference:
            return make(self.source, names.shapes, names.sizes, functions, self.dialect, chosen, names.along)

        return start, symbols, functions

    def _readings(self, tree: Tree, part: Part, shape: Shape | None) -> list[Found]:
        names = self.names
        start, symbols, functions = self._start(AnswerInference)
        trees = [tree, *self.own.values()]
        if any(map(has_index, trees)):
            goal = shape if part.target in ("", self.wrt) else names.shapes.get(part.target)
            return search(start, lambda run: index_values(
                run, tree, part.labels, goal, self.own, self.labels, symbols, functions), _size(trees))
        return search(start, lambda run: values_of(run, [tree], self.own, symbols, functions, goal=shape), _size(trees))


def _is_zero(tree: Tree) -> bool:
    return tree.kind == "number" and tree.value == 0


def _dialect(stream: list[Token]) -> str:
    """numpy: `*` goes entry by entry; matlab: `*` is the matrix product; maths: as shapes say."""
    if any(t.kind in _NUMPY_NAMES or t.text in _NEW_AXES for t in stream):
        return "numpy"
    if any(t.kind == "\\" or t.kind in (".*", "./", ".^") and t.text.startswith(".") for t in stream):
        return "matlab"
    return "maths"


def _apart(stream: list[Token], names: AnswerNames) -> list[Token]:
    """X^Ty as X^T y: a transpose sign glued to the names behind it."""
    out: list[Token] = []
    for token in stream:
        after_hat = out and (out[-1].kind == "^" or out[-1].kind == "-" and len(out) > 1 and out[-2].kind == "^")
        if after_hat and out[-1].kind == "^" and len(out) > 1 and out[-2].kind == "name" and token.text[:2] == "T_" \
                and names.find(out[-2].text + token.text[1:]):  # W^T_3
            out[-2] = Token("name", out[-2].text + token.text[1:], out[-2].start, out[-2].end)
            out.append(Token("name", "T", token.start, token.start + 1))
        elif after_hat and token.kind == "name" and token.text[0] == "T" and len(token.text) > 1 \
                and names.find(token.text) is None and names.cut(token.text[1:]):
            out += [Token("name", "T", token.start, token.start + 1),
                    Token("name", token.text[1:], token.start + 1, token.end)]
        else:
            out.append(token)
    return out


def _own_names(tree: Tree) -> list[str]:
    out, stack = [], [tree]
    while stack:
        t = stack.pop()
        if t.kind == "name" and t.value[0] == "\0":
            out.append(t.value)
        stack += reversed(t.args)
    return out


def _size(trees: list[Tree]) -> int:
    seen, stack = set(), list(trees)
    while stack:
        t = stack.pop()
        if t not in seen:
            seen.add(t)
            stack += t.args
    return len(seen)
