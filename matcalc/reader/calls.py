"""Functions and what they are applied to."""

from __future__ import annotations

from fractions import Fraction

from ..suggest import closest
from .tokens import Token
from .tree import Tree


class Calls:
    """The part of the parser that reads f(x), f'(x), f^2(x) and f x."""

    def unknown_function(self, token: Token):
        return self.source.error("M102", f"there is no function `{token.text}`", (token.start, token.end),
                                 help=closest(token.text, self.names.functions())
                                 or f"define it:  {token.text}(t) = ...")

    def applied(self, token: Token) -> Tree:
        """A function, with primes and a power, to what follows; the name has been read."""
        primes = 0
        while self.token.kind == "'":
            self.next()
            primes += 1
        power = self.power_of_function(token)
        if self.token.kind == "(":
            value = self.call(token, primes)
        elif self.begins_factor() or self.token.kind == "function":
            value = self.bare(token, primes)
        else:
            raise self.source.error("M116", f"`{token.text}` stands without its argument", (token.start, token.end),
                                    help=f"write {token.text}(x)")
        if power is not None:
            value = self.node("epower", (value, power), value.start, value.end)
        return value

    def power_of_function(self, token: Token) -> Tree | None:
        """The 2 of tanh^2(x)."""
        if self.token.kind != "^" or self.tokens[self.at + 1].kind not in ("number", "-"):
            return None
        hat = self.next()
        if self.token.kind == "-":
            raise self.source.error("M116", f"`{token.text}^-1` could be the inverse function or one over it",
                                    (token.start, self.token.end), help=f"write 1/{token.text}(x)" + (
                                        f" or arc{token.text}(x)" if token.text in ("sin", "cos", "tan") else ""))
        number = self.next()
        return self.node("number", (), hat.start, number.end, Fraction(number.text))

    def bare(self, token: Token, primes: int) -> Tree:
        """f x: the argument is the product that follows, up to an operator or another function."""
        self.enter(token)
        if token.text == "log" and self.token.text == "det" and not primes:
            token = Token("function", "logdet", token.start, self.next().end)
            if self.token.kind == "(":
                self.depth -= 1
                return self.call(token, 0)
        argument = self.applied(self.next()) if self.token.kind == "function" else self.factor()
        while self.begins_factor() and self.token.kind != "function":
            right = self.factor()
            argument = self.node("mul", (argument, right), argument.start, right.end)
        self.depth -= 1
        return self.node("call", (argument,), token.start, argument.end, token.text, primes)

    def call(self, token: Token, primes: int) -> Tree:
        """name(argument, ...)."""
        opening = self.next()
        self.enter(opening)
        bars, self.bars = self.bars, 0
        args = []
        self.skip_newlines()
        if self.token.kind != ")":
            args.append(self.expression())
            while self.token.kind == ",":
                self.next()
                args.append(self.expression())
        self.close(opening, ")")
        self.bars = bars
        return self.node("call", tuple(args), token.start, self.tokens[self.at - 1].end, token.text, primes)

