"""Tokens to a syntax tree.

Products (`*`, `@`, `.*`, `/`, `./` and juxtaposition) stand on one level and
group from the left, as in MATLAB; powers and transposes bind tighter.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

from .calls import Calls
from .latex import is_latex, lexed
from .signs import Signs
from .statements import Statements
from .sums import Sums
from .tokens import MAX_NESTING, Source, Token
from .tree import Tree
from .vocabulary import ABSTRACT, Names

MAX_NODES = 20_000
MAX_OPERANDS = 1_000  # of one sum or one product
POSTFIX = ("'", "^", ".^", ".", "sub")
_OF_NUMBERS = ("neg", "add", "sub", "mul", "div", "power")
_PRODUCTS = {"*": "mul", "@": "mul", "/": "div", ".*": "emul", "./": "ediv", "⊗": "kron"}


class Parser(Statements, Calls, Signs, Sums):
    """Reads statements; `names` says what each name is (variable or function).

    stream   the tokens, when they are there already
    """

    def __init__(self, source: Source, names: Names, stream: list[Token] | None = None):
        self.source, self.names = source, names
        self.tokens = lexed(source) if stream is None else stream
        self.is_latex = is_latex(source.text)
        self.at = 0
        self.depth = 0
        self.bars = 0
        self.nodes = 0
        self.summed: tuple[str, ...] = ()  # indices of the sums around this place

    # ------------------------------------------------------------ moving

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        """The token at hand; the last one, "end", is never passed."""
        token = self.tokens[self.at]
        self.at += token.kind != "end"
        return token

    def skip_newlines(self) -> None:
        if self.depth:
            while self.token.kind == "\n":
                self.at += 1

    def ahead(self, *kinds: str) -> bool:
        return tuple(t.kind for t in self.tokens[self.at:self.at + len(kinds)]) == kinds

    def counted(self, operands: int) -> None:
        if operands > MAX_OPERANDS:
            raise self.source.error("M105", f"a sum or product may have at most {MAX_OPERANDS:,} parts",
                                    (self.token.start, self.token.end))

    def node(self, kind: str, args: tuple[Tree, ...], start: int, end: int, value=None, primes: int = 0) -> Tree:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self.source.error("M105", f"the input has more than {MAX_NODES:,} operations", (start, end))
        is_number = kind == "number" or (kind in _OF_NUMBERS and all(a.is_number for a in args))
        return Tree(kind, args, start, end, value, primes, is_number)

    # ------------------------------------------------------------ statements

    # ------------------------------------------------------------ expressions


    def expression(self) -> Tree:
        """Terms with + and - between them."""
        self.skip_newlines()
        left = self.term()
        for count in itertools.count(2):
            self.skip_newlines()
            if self.token.kind not in ("+", "-"):
                return left
            self.counted(count)
            op = self.next()
            self.skip_newlines()
            right = self.term()
            left = self.node("add" if op.kind == "+" else "sub", (left, right), left.start, right.end)

    def term(self) -> Tree:
        """A product; a sign in front belongs to the whole of it."""
        signs = []
        while self.token.kind in ("-", "+"):
            signs.append(self.next())
            self.skip_newlines()
        left = self.factor()
        for count in itertools.count(1):
            self.counted(count)
            self.skip_newlines()
            kind = self.token.kind
            if kind in _PRODUCTS:
                self.next()
                self.skip_newlines()
                right = self.signed_factor()
                while self.is_latex and kind == ".*" and self.begins_factor():  # on paper a .* B c is a .* (B c)
                    factor = self.factor()
                    right = self.node("mul", (right, factor), right.start, factor.end)
                left = self.multiplied(_PRODUCTS[kind], left, right)
            elif kind == "kron":
                self.next()
                left = self.multiplied("kron", left, self.signed_factor())
            elif self.begins_factor():
                right = self.factor()
                left = self.node("mul", (left, right), left.start, right.end)
            else:
                break
        for sign in reversed(signs):
            if sign.kind == "-":
                left = self.node("neg", (left,), sign.start, left.end)
        return left

    def multiplied(self, kind: str, left: Tree, right: Tree) -> Tree:
        name = None
        if kind == "kron":
            kind, name = "call", "kron"
        return self.node(kind, (left, right), left.start, right.end, name)

    def begins_factor(self) -> bool:
        kind = self.token.kind
        return kind in ("name", "number", "function", "(", "√", "⟨", "sum") or (kind in ("||", "|") and not self.bars)

    def signed_factor(self) -> Tree:
        """A factor behind an operator: W * -x."""
        signs = []
        while self.token.kind == "-":
            signs.append(self.next())
        inner = self.factor()
        for sign in reversed(signs):
            inner = self.node("neg", (inner,), sign.start, inner.end)
        return inner

    def factor(self) -> Tree:
        """An atom with its powers and transposes."""
        base = self.atom()
        while True:
            token = self.token
            if token.kind == "'":
                self.next()
                base = self.node("transpose", (base,), base.start, token.end)
            elif token.kind == "⁺":
                self.next()
                base = self.node("call", (base,), base.start, token.end, "pinv")
            elif token.kind in ("^", ".^"):
                self.next()
                base = self.powered(base, token)
            elif token.kind == "sub" and self.summed:
                base = self.entry_of(base, self.next())
            else:
                return base

    def powered(self, base: Tree, token: Token) -> Tree:
        sign = None
        self.skip_newlines()
        if self.token.kind == "-":
            sign = self.next()
        if token.kind == "^" and self.token.kind == "name" and (
                self.token.text == "T" or (self.token.text in ("t", "top") and not self.names.is_known(self.token.text)
                                         and self.token.text not in self.summed)):
            end = self.next().end
            if base.kind == "number":
                raise self.source.error("M101", "a number has no transpose", (base.start, end))
            if sign:
                minus = self.node("neg", (self.node("number", (), sign.start, end, Fraction(1)),), sign.start, end)
                base = self.node("power", (base, minus), base.start, end)
            return self.node("transpose", (base,), base.start, end, "^T")
        exponent = self.atom()
        is_transposed = self.ahead("^", "name") and self.tokens[self.at + 1].text == "T"
        if self.token.kind == "^" and token.kind == "^" and not is_transposed:
            raise self.source.error("M101", "a power of a power needs brackets", (self.token.start, self.token.end),
                                    help="write (x^2)^3 or x^(2^3)")
        if sign:
            exponent = self.node("neg", (exponent,), sign.start, exponent.end)
        return self.node("power" if token.kind == "^" else "epower", (base, exponent), base.start, exponent.end)

    # ------------------------------------------------------------ atoms

    def atom(self) -> Tree:
        token = self.token
        if token.kind == "number":
            self.next()
            return self.node("number", (), token.start, token.end, Fraction(token.text))
        if token.kind == "name":
            return self.named()
        if token.kind == "function":
            return self.applied(self.next())
        if token.kind == "(":
            return self.bracketed()
        if token.kind in ("||", "|"):
            return self.between_bars()
        if token.kind == "√":
            return self.root()
        if token.kind == "⟨":
            return self.angle()
        if token.kind == "sum":
            return self.big_sum()
        if token.kind == "end" or token.kind in ("\n", ";"):
            raise self.source.error("M101", "the formula ends where an operand is expected",
                                    (max(token.start - 1, 0), token.start) if token.start else (0, 1))
        if token.kind in ("sub", "nabla"):
            raise self.stray()
        is_stray = token.kind == "=" or (token.kind == ")" and not self.depth)
        raise self.stray() if is_stray else self.source.error(
            "M101", f"an operand is expected here, not `{token.text}`", (token.start, token.end))

    def enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.source.error("M105", f"brackets are nested deeper than the limit of {MAX_NESTING}",
                                    (token.start, token.end))

    def bracketed(self) -> Tree:
        opening = self.next()
        self.enter(opening)
        bars, self.bars = self.bars, 0
        inner = self.expression()
        if self.token.kind in ("<", ">"):
            inner = self.indicator(inner)
        self.close(opening, ")")
        self.bars = bars
        return Tree(inner.kind, inner.args, opening.start, self.tokens[self.at - 1].end, inner.value, inner.primes,
                    inner.is_number)

    def indicator(self, left: Tree) -> Tree:
        """(z > 0): 1 where it holds, else 0."""
        sign = self.next().kind
        right = self.expression()
        order = (left, right) if sign == ">" else (right, left)
        is_zero = order[1].kind == "number" and order[1].value == 0
        difference = order[0] if is_zero else self.node("sub", order, left.start, right.end)
        return self.node("call", (difference,), left.start, right.end, "step")

    def close(self, opening: Token, kind: str) -> None:
        if kind == "|" and self.token.text == "||":  # |u||v|
            middle = self.token.start + 1
            self.tokens[self.at:self.at + 1] = [replace(self.token, kind="|", text="|", end=middle),
                                                replace(self.token, kind="|", text="|", start=middle)]
        if self.token.kind != kind:
            if self.token.kind in ("end", "\n", ";"):
                raise self.source.error("M103", "this bracket is never closed", (opening.start, opening.end, "opened here"),
                                        facts=(f"the input ended where `{kind}` was expected",))
            raise self.source.error("M101", f"`{self.token.text or 'end'}` is not expected here",
                                    (self.token.start, self.token.end),
                                    (opening.start, opening.end, "in the bracket opened here"))
        self.next()
        self.depth -= 1

    def between_bars(self) -> Tree:
        """||x||, ||x||_1, ||A||_F and |x|."""
        opening = self.next()
        self.enter(opening)
        self.bars += 1
        inner = self.expression()
        self.bars -= 1
        self.close(opening, opening.kind)
        closing = self.tokens[self.at - 1]
        if opening.kind == "|":
            return self.node("bars", (inner,), opening.start, closing.end)
        which = "1" if closing.text.strip("{}")[-1] in "1₁" else "2"
        return self.node("norm", (inner,), opening.start, closing.end, which)

    def handed_back(self, token: Token, parts: list[str]) -> list[str]:
        """AB' is A B': only the last of glued names has what follows; it becomes a token again."""
        self.at -= 1
        last = token.end - len(parts[-1])
        self.tokens[self.at] = Token("name", parts[-1], max(last, token.start), token.end)
        return parts[:-1]

    def named(self) -> Tree:
        """A variable, several glued ones, or a call."""
        token = self.next()
        token = replace(token, text=self.names.meant(token.text, self.source.text[token.start:token.end]))
        if self.summed and (entry := self.indexed(token)):
            return entry
        constant = self.sized_constant(token)
        if constant:
            return constant
        primes = 0
        if self.names.is_function(token.text):
            while self.tokens[self.at + primes].kind == "'":
                primes += 1
            if self.tokens[self.at + primes].kind == "(":
                self.at += primes
                return self.call(token, primes)
            if self.names.needs_argument(token.text):
                raise self.source.error("M102", f"`{token.text}` is a function, and its argument stands in brackets",
                                        (token.start, token.end), help=f"write {token.text}(...)")
        if token.text[0] == "d" and self.token.kind == "/" and self.tokens[self.at + 1].kind == "name":
            below = self.tokens[self.at + 1]
            end = below.end
            found = self.names.cotangent(token.text, below.text, self.source.text[below.start:end])
            if found:
                self.at += 2
                return self.node("cot", (), token.start, end, found)
        is_call = self.token.kind == "(" and self.token.start == token.end
        if is_call and not self.names.is_known(token.text) and token.text not in ("T",):
            if token.text in ABSTRACT:
                return self.call(token, 0)
            if len(token.text.rstrip("0123456789_")) > 1:
                raise self.unknown_function(token)
        parts = self.names.split(token.text)
        if len(parts) > 1 and self.token.kind in POSTFIX:
            parts = self.handed_back(token, parts)
        tree = None
        start = token.start
        for part in parts:
            length = token.end - start if len(parts) == 1 else len(part)
            leaf = self.node("name", (), start, min(start + length, token.end), part)
            tree = leaf if tree is None else self.node("mul", (tree, leaf), tree.start, leaf.end)
            start += length
        return tree
