"""Names in answers: the problem's, rows of its matrices, functions, glued names."""

from __future__ import annotations

from ..suggest import closest
from .answer_names import CONSTANTS
from .parser import POSTFIX, Parser
from .tokens import Token
from .tree import Tree
from .vocabulary import ABSTRACT

LABELS = set("ijklmnpqrst")
PAIRED = LABELS | set("abcd")  # as in V_{ja}; alone these are names


def is_index(letters: str) -> bool:
    """Whether letters below a name can be the indices of an entry."""
    return 0 < len(letters) <= 2 and set(letters) <= (PAIRED if len(letters) == 2 else LABELS)


class AnswerAtoms(Parser):
    """The part of the parser for answers that reads names."""

    def named(self) -> Tree:
        token = self.next()
        word = token.text
        function = self.names.function(word)
        if function is None and self.token.kind == "(" and (slope := self.names.slope(word)):
            return self.call(Token("function", slope, token.start, token.end), 1)
        if word in CONSTANTS:  # \mathbf{1}(b - y) is a product, ones(n) a call
            is_call = self.token.kind == "(" and self.token.start == token.end \
                and self.source.text[token.start] not in "\\𝟏𝟙"
        else:
            is_call = self.is_applied()
        if function is not None and is_call:
            return self.applied(Token("function", function, token.start, token.end))
        if word[0] == "d" and self.token.kind == "/" and self.tokens[self.at + 1].kind == "name" \
                and self.tokens[self.at + 1].text[0] == "d" and self.names.find(word) is None:
            self.next()
            below = self.next()
            return self.cotangent(token, word, below.text, below.end)
        found = self.names.find(word)
        if found == "e" and word in CONSTANTS and "e" not in self.names.shapes and self.token.kind not in ("^", ".^"):
            found = None  # Euler's number only has powers here
        if found:
            return self.node("name", (), token.start, token.end, found)
        if self.token.kind == "sub" and (row := self.rows_of(word)):
            index = self.next()
            return self.node("family", (), token.start, index.end, (row, index.text))
        stem, _, index = word.rpartition("_")
        if stem == "delta" and len(index) == 2 and set(index) <= LABELS and not self.names.find(stem):
            return self.node("kronecker", (), token.start, token.end, tuple(index))
        if stem and is_index(index):
            base = self.names.find(stem)
            if base in CONSTANTS and base not in self.names.shapes or base in self.names.sizes:
                base = None
            row = None if base else self.rows_of(stem)
            if row and len(index) == 2:
                base = row  # x_ij is an entry of X
            elif row:
                return self.node("family", (), token.start, token.end, (row, index))
            if base:
                leaf = self.node("name", (), token.start, token.end, base)
                return self.entry(leaf, index, token)
        if stem in ("ones", "I", "eye"):
            name = "ones" if stem == "ones" else "eye"
            if self.names.is_size(index):
                size = self.node("name", (), token.start, token.end, index)
                return self.node("call", (size,), token.start, token.end, name)
            return self.node("name", (), token.start, token.end, name)
        return self.glued(token)

    def rows_of(self, stem: str) -> str | None:
        """The matrix X whose rows are called x_i, or what the problem says."""
        if stem in self.names.rows:
            return self.names.rows[stem]
        capital = stem[0].upper() + stem[1:]
        return self.names.find(capital) if capital != stem and capital not in CONSTANTS else None

    def glued(self, token: Token) -> Tree:
        """Names written without a space: W3W2x."""
        word = token.text
        if self.token.kind == "(" and self.token.start == token.end and len(word) > 1 or word in ABSTRACT:
            if word not in self.names.aliases and self.names.cut(word) is None:
                raise self.unknown_function(token)
        pieces = self.names.cut(word)
        if not pieces or word in CONSTANTS:
            raise self.source.error(
                "M115", f"`{word}` is no name of this problem", (token.start, token.end),
                help=closest(word, [*self.names.spelling.names, *self.names.functions()])
                or "use the problem's names, or define it on a line of its own",
                facts=(f"it has {', '.join(sorted(self.names.shapes))}",))
        if len(pieces) > 1 and self.token.kind in POSTFIX:
            pieces = self.handed_back(token, pieces)
        tree, start = None, token.start
        for piece in pieces:
            leaf = self.node("name", (), start, min(start + len(piece), token.end), self.names.find(piece))
            tree = leaf if tree is None else self.node("mul", (tree, leaf), tree.start, leaf.end)
            start = leaf.end
        return tree

    def is_applied(self) -> bool:
        """Whether what follows a function's name is its argument."""
        k = self.at
        while self.tokens[k].kind == "'":
            k += 1
        if self.tokens[k].kind == "^" and self.tokens[k + 1].kind == "number":
            k += 2
        return self.tokens[k].kind in ("(", "function", "name", "||", "|", "^", "sum") or k > self.at

    def bare(self, token: Token, primes: int) -> Tree:
        """f a b: the argument may be a b, or a alone."""
        before = self.at
        whole = super().bare(token, primes)
        end, self.at = self.at, before
        if token.text == "log" and self.token.text == "det" or self.token.kind == "function":
            self.at = end
            return whole
        first = self.factor()
        if self.at == end:
            return whole
        tree = self.node("call", (first,), token.start, first.end, token.text, primes)
        while self.at < end:
            right = self.factor()
            tree = self.node("mul", (tree, right), tree.start, right.end)
        return self.node("choice", (whole, tree), token.start, whole.end, (0, 1))
