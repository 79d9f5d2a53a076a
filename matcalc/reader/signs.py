"""Signs of typeset formulas that are calls in the input language: √x, ⟨A, B⟩, Iₙ, 𝟏ₙ."""

from __future__ import annotations

import re
from fractions import Fraction

from .tokens import Token
from .tree import Tree
from .vocabulary import LIKE_A_SIZE

_SIZED = re.compile(rf"(I|ones)_({LIKE_A_SIZE.pattern}|\d*)|(ones)(\d+)")


class Signs:
    """The part of the parser that reads them."""

    def root(self) -> Tree:
        """√x and √(a + b). A power behind it could belong to either: refused."""
        sign = self.next()
        self.enter(sign)
        inside = self.atom()
        self.depth -= 1
        if self.token.kind in ("^", ".^", "'", "⁺"):
            raise self.source.error("M101", "does the power belong under the root?",
                                    (sign.start, self.token.end), help="write √(x^2) or (√x)^2")
        return self.node("call", (inside,), sign.start, inside.end, "sqrt")

    def angle(self) -> Tree:
        """⟨A, B⟩, the inner product."""
        opening = self.next()
        self.enter(opening)
        bars, self.bars = self.bars, 0
        left = self.expression()
        self.close(opening, ",")
        self.depth += 1
        right = self.expression()
        self.close(opening, "⟩")
        self.bars = bars
        return self.node("call", (left, right), opening.start, self.tokens[self.at - 1].end, "inner")

    def sized_constant(self, token: Token) -> Tree | None:
        """I_n, Iₙ, I_(m n), 𝟏ₙ, 𝟏_(m×n) and the commutation matrix K(m, n); None for another name."""
        if self.names.is_known(token.text):
            return None
        if token.text == "K" and self.ahead("(", "name", ","):
            return self.call(Token("name", "commutation", token.start, token.end), 0)
        found = _SIZED.fullmatch(token.text)
        if not found:
            return None
        name = "eye" if found[1] == "I" else "ones"
        size = found[2] or found[4]
        if size:
            kind = "number" if size.isdigit() else "name"
            args = (self.node(kind, (), token.start, token.end, Fraction(size) if size.isdigit() else size),)
        elif self.token.kind == "(":
            inside = self.bracketed()
            times = "×" in self.source.text[inside.start:inside.end]
            args = inside.args if times and inside.kind == "mul" else (inside,)
        else:
            return None
        return self.node("call", args, token.start, self.tokens[self.at - 1].end, name)
