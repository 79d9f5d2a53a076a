"""Statements: declarations, definitions of functions, assignments."""

from __future__ import annotations

import sys

from .latex_words import ASIDES
from .order import by_use
from .tokens import MAX_NESTING
from .tree import Declaration, Definition, Statement

FRAMES = 12  # Python frames that one level of nesting takes at most


class Statements:
    """The part of the parser that reads them."""

    def statements(self) -> list:
        """Declarations, definitions and statements in order."""
        return self.with_frames(self._statements)

    def with_frames(self, read):
        """read(), where nesting up to MAX_NESTING finds enough frames."""
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + MAX_NESTING * FRAMES)
        try:
            return read()
        finally:
            sys.setrecursionlimit(before)

    def _statements(self) -> list:
        out, main = [], []
        while self.token.kind != "end":
            if self.token.kind in ("\n", ";"):
                if self.token.text in ASIDES and out and not main:  # what follows comes first
                    out, main = [], out
                self.at += 1
                continue
            out.append(self.statement())
            if self.token.kind not in ("\n", ";", "end"):
                raise self.stray()
        return by_use(out) + main if main else out

    def statement(self):
        first = self.token
        if first.kind == "name":
            if self.tokens[self.at + 1].kind in (":", ","):
                return self.declaration()
            if self.ahead("name", "="):
                self.at += 2
                tree = self.expression()
                return Statement(first.text, tree, first.start, first.end)
            if self.ahead("name", "(", "name", ")", "="):
                self.at += 5
                parameter = self.tokens[self.at - 3].text
                with_parameter = self.names.with_variable(parameter)
                self.names, outer = with_parameter, self.names
                body = self.expression()
                self.names = outer
                return Definition(first.text, parameter, body, first.start, first.end)
            width = self.arguments_on_the_left()
            if width:  # L(W, b) = ...
                self.at += width
                tree = self.expression()
                return Statement(first.text, tree, first.start, first.end)
        tree = self.expression()
        return Statement(None, tree, tree.start, tree.end)

    def arguments_on_the_left(self) -> int:
        """How many tokens `L(W, b) =` has at this place, 0 for anything else."""
        k = self.at + 1
        if self.tokens[k].kind != "(":
            return 0
        while self.tokens[k].kind in ("(", ",") and self.tokens[k + 1].kind == "name":
            k += 2
        closes = self.tokens[k].kind == ")" and self.tokens[k + 1].kind == "="
        return k + 2 - self.at if closes and k - self.at > 3 else 0

    def declaration(self) -> Declaration:
        """a, b : word word ... up to the end of the statement."""
        names = []
        while True:
            token = self.next()
            if token.kind != "name":
                raise self.source.error("M110", "a declaration starts with a name", (token.start, token.end),
                                        help="W : m x n")
            names.append((token.text, token.start, token.end))
            token = self.next()
            if token.kind == ":":
                break
            if token.kind != ",":
                raise self.source.error("M110", "names in a declaration are separated by commas",
                                        (token.start, token.end), help="a, b : n")
        words = []
        while self.token.kind not in ("\n", ";", "end"):
            token = self.next()
            words.append((token.text, token.start, token.end))
        if not words:
            start, end = names[-1][1:]
            raise self.source.error("M110", f"nothing is said about `{names[-1][0]}`", (start, end),
                                    help=f"{names[-1][0]} : n")
        return Declaration(tuple(names), tuple(words), names[0][1], words[-1][2])

    def stray(self):
        token = self.token
        if token.kind == "nabla":
            return self.source.error("M117", "gradients are read in answers, not in a model", (token.start, token.end),
                                     help="write the function itself; its gradients are what matcalc derives")
        if token.kind == "sub":
            return self.source.error("M117", "no sum runs over this index", (token.start, token.end),
                                     help="write \\sum_i in front, and brackets around all that is summed")
        if token.kind == ")":
            return self.source.error("M103", "this bracket was never opened", (token.start, token.end))
        if token.kind == "=":
            return self.source.error("M101", "only a name can be given a value", (token.start, token.end),
                                     help="write L = ... with one name on the left")
        return self.source.error("M101", f"`{token.text}` is not expected here", (token.start, token.end))
