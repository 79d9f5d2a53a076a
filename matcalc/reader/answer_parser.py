"""The parser for answers: the language's own, with the freedoms that people take.

Products keep what was written: a `star` is read by the shapes of its operands,
and a chain with `\\odot` has several bracketings.  Index notation becomes
`entry` and `bigsum` nodes.
"""

from __future__ import annotations

from fractions import Fraction

from .answer_atoms import LABELS, AnswerAtoms, is_index
from .answer_names import RECIPROCALS, AnswerNames
from .numpy_text import CodeCalls
from .tokens import Source, Token
from .tree import Tree

MAX_DEPTH = 60  # of brackets
MAX_OPERANDS = 400  # names and numbers in one formula
MAX_CHAIN = 8   # operators of a product whose unusual bracketings are tried
FALLBACK = 100  # what a bracketing costs that is only taken when no usual one fits
_OPERATORS = ("*", "@", "/", ".*", "./", "kron", "\\")
_SLICES = {":,None": "column", ":,newaxis": "column", "None,:": "row", "newaxis,:": "row", ":,0": "column",
           "...,None": "column", "None": "row", "newaxis": "row"}
_PLAIN_KINDS = {"mul": "mul", "/": "div", ".*": "emul", "./": "ediv"}


class AnswerParser(CodeCalls, AnswerAtoms):
    """dialect is "numpy", "matlab" or "maths"."""

    def __init__(self, source: Source, names: AnswerNames, stream: list[Token], dialect: str):
        super().__init__(source, names, stream)
        self.dialect = dialect
        if sum(t.kind in ("name", "number", "function") for t in stream) > MAX_OPERANDS:
            raise source.error("M105", f"a formula may have at most {MAX_OPERANDS} names and numbers",
                               (stream[0].start, stream[-1].end))

    def enter(self, token: Token) -> None:
        if self.depth >= MAX_DEPTH:
            raise self.source.error("M105", f"brackets are nested deeper than the limit of {MAX_DEPTH}",
                                    (token.start, token.end))
        super().enter(token)

    def parsed(self) -> Tree:
        """The whole stream as one expression."""
        return self.with_frames(self.formula)

    def formula(self) -> Tree:
        tree = self.expression()
        if self.token.kind in ("<", ">"):
            tree = self.indicator(tree)
        if self.token.kind != "end":
            raise self.stray()
        return tree

    # ------------------------------------------------------------ products

    def begins_factor(self) -> bool:
        return self.token.kind == "nabla" or super().begins_factor()

    def term(self) -> Tree:
        signs = []
        while self.token.kind in ("-", "+"):
            signs.append(self.next())
        operands, ops = [self.factor()], []
        while True:
            self.counted(len(operands))
            self.skip_newlines()
            if self.token.kind in _OPERATORS:
                ops.append(self.next())
                self.skip_newlines()
                operands.append(self.signed_factor())
            elif self.begins_factor():
                ops.append(Token("mul", "", operands[-1].end, self.token.start))
                operands.append(self.factor())
            else:
                break
        tree = self.product(operands, ops)
        for sign in reversed(signs):
            if sign.kind == "-":
                tree = self.node("neg", (tree,), sign.start, tree.end)
        return tree

    def node(self, kind: str, args: tuple[Tree, ...], start: int, end: int, value=None, primes: int = 0) -> Tree:
        if kind == "call" and value in RECIPROCALS and not primes:  # sech(x) = cosh(x)^-1
            minus = super().node("number", (), start, end, Fraction(-1))
            args, kind = (super().node("call", args, start, end, RECIPROCALS[value]), minus), "epower"
        if kind == "call" and value in ("adj", "adjugate") and len(args) == 1:  # det(X) inv(X)
            kind, args, value = "mul", tuple(super(AnswerParser, self).node("call", args, start, end, f)
                                             for f in ("det", "inv")), None
        return super().node(kind, args, start, end, value, primes)

    def combined(self, op: Token, a: Tree, b: Tree) -> Tree:
        if op.kind == "\\":
            return self.node("mul", (self.node("call", (a,), a.start, a.end, "inv"), b), a.start, b.end)
        kind = _PLAIN_KINDS.get(op.kind, "star")
        return self.node(kind, (a, b), a.start, b.end, op.text if kind == "star" else None)

    def left_to_right(self, operands: list[Tree], ops: list[Token]) -> Tree:
        tree = operands[0]
        for op, right in zip(ops, operands[1:]):
            tree = self.combined(op, tree, right)
        return tree

    def grouped(self, operands: list[Tree], ops: list[Token], is_tight) -> Tree:
        """Runs of tight operators first, then the others from the left."""
        groups, loose, run = [], [], ([operands[0]], [])
        for op, right in zip(ops, operands[1:]):
            if is_tight(op):
                run[0].append(right)
                run[1].append(op)
            else:
                groups.append(self.left_to_right(*run))
                loose.append(op)
                run = ([right], [])
        return self.left_to_right([*groups, self.left_to_right(*run)], loose)

    def product(self, operands: list[Tree], ops: list[Token]) -> Tree:
        """A chain of factors, with every bracketing that it may have."""
        plain = self.left_to_right(operands, ops)
        if self.dialect != "maths" or len(ops) < 2:
            return plain
        usual, last = [plain], []
        entrywise = [op.kind == ".*" for op in ops]
        if any(entrywise) and not all(entrywise):
            if not all(entrywise[entrywise.index(True):]):
                usual.insert(0, self.grouped(operands, ops, lambda op: op.kind not in (".*", "./")))
            last.append(self.grouped(operands, ops, lambda op: op.kind in (".*", "./")))
        if len(ops) <= MAX_CHAIN:
            for k in (k for k, op in enumerate(ops[:-1]) if op.kind in ("*", ".*")):
                left = self.left_to_right(operands[:k + 1], ops[:k])
                for j in range(len(ops), k + 1, -1):  # (left * run) rest
                    run = self.combined(ops[k], left, self.left_to_right(operands[k + 1:j + 1], ops[k + 1:j]))
                    last.append(self.left_to_right([run, *operands[j + 1:]], ops[j:]))
        for k, op in enumerate(ops[:-1]):
            below, right = operands[k + 1:k + 3]
            if op.kind == "/" and ops[k + 1].kind == "mul" and below.kind == "number" and below.end == right.start \
                    and right.kind == "name":  # 1/2N
                whole = self.node("mul", (below, right), below.start, right.end)
                usual.insert(0, self.left_to_right([*operands[:k + 1], whole, *operands[k + 3:]], ops[:k + 1] + ops[k + 2:]))
                break
        if len(usual) + len(last) == 1:
            return plain
        costs = (*range(len(usual)), *range(FALLBACK, FALLBACK + len(last)))
        return self.node("choice", (*usual, *last), plain.start, plain.end, costs)

    # ------------------------------------------------------------ powers and indices

    def factor(self) -> Tree:
        base = self.atom()
        while True:
            token = self.token
            if token.kind == "'":
                self.next()
                base = self.node("transpose", (base,), base.start, token.end)
            elif token.kind in ("^", ".^"):
                self.next()
                base = self.powered(base, token)
            elif token.kind == "sub":
                self.next()
                base = self.entry(base, token.text, token)
            elif token.kind == ".":
                self.next()
                base = self.method(base)
            elif token.text == "[" and token.start == base.end and (goal := self.slice()):
                base = self.node("reshaped", (base,), base.start, self.tokens[self.at - 1].end, goal)
            else:
                return base

    def slice(self) -> str | None:
        """[:, None] makes a column, [None, :] a row; None when another bracket stands here."""
        end = next((k for k in range(self.at, min(self.at + 6, len(self.tokens))) if self.tokens[k].text == "]"), None)
        goal = _SLICES.get("".join(t.text for t in self.tokens[self.at + 1:end])) if end else None
        if goal:
            self.at = end + 1
        return goal

    def powered(self, base: Tree, token: Token) -> Tree:
        if base.kind == "number" and base.value == 1 and self.token.kind == "name" and self.token.text in ("T", "t"):
            base = self.node("name", (), base.start, base.end, "ones")  # 1^T x
        if self.ahead("(", "name", ")") and self.tokens[self.at + 1].text in ("T", "t"):
            del self.tokens[self.at + 2], self.tokens[self.at]
        elif self.ahead("(", "-", "name", ")") and self.tokens[self.at + 2].text in ("T", "t"):
            del self.tokens[self.at + 3], self.tokens[self.at]
        power = super().powered(base, token)
        if power.kind == "power" and base.kind == "name" and base.value == "e" and "e" in self.names.shapes:
            exp = self.node("call", (power.args[1],), base.start, power.end, "exp")
            return self.node("choice", (power, exp), base.start, power.end, (0, 1))  # Euler's number, not the problem's e
        return power

    def entry(self, base: Tree, letters: str, token: Token) -> Tree:
        """base_{ij}."""
        labels = tuple(letters)
        if not is_index(letters):
            raise self.source.error("M117", "this index is not read", (token.start, token.end),
                                    help="an index is one letter, or two letters such as ij")
        return self.node("entry", (base,), base.start, max(base.end, token.end), labels)

    def bracketed(self) -> Tree:
        inside = self.tokens[self.at + 1:self.at + 5]
        if [t.kind for t in inside] == ["name", "=", "name", ")"] and {inside[0].text, inside[2].text} <= LABELS:
            self.at += 5  # [i = j]
            return self.node("kronecker", (), inside[0].start, inside[3].end, (inside[0].text, inside[2].text))
        return super().bracketed()

    def atom(self) -> Tree:
        token = self.token
        if token.kind == "nabla":
            self.next()
            if self.token.kind == "name" and (self.token.text in (self.names.output, "L", "ell")
                                              or self.names.find(self.token.text) is None):
                self.next()
            return self.cotangent(token, "d", "d" + token.text, self.tokens[self.at - 1].end)
        return super().atom()

    def cotangent(self, token: Token, above: str, below: str, end: int) -> Tree:
        own = self.names.own.get(("d/" + below, ""))
        if own:
            return self.node("name", (), token.start, end, own)
        found = self.names.cotangent(above, below)
        if not found:
            raise self.source.error("M115", "this derivative is not one of the problem's", (token.start, end),
                                    help=f"derivatives of {self.names.output} are read: d{self.names.output}/d"
                                         + (sorted(self.names.cotangents)[0]))
        return self.node("cot", (), token.start, end, found)

    def number(self, value: int, tree: Tree) -> Tree:
        return self.node("number", (), tree.start, tree.end, Fraction(value))
