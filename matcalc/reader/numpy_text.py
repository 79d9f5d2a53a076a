"""NumPy and MATLAB expressions: their functions and methods."""

from __future__ import annotations

from fractions import Fraction

from .tokens import Token
from .tree import Tree

RENAMED = {"matmul": "@", "mm": "@", "vdot": "@", "multiply": "*", "divide": "/", "true_divide": "/",
           "add": "add", "subtract": "sub", "sqr": "square"}
SPELLED = {"identity": "eye", "diagflat": "diag", "expit": "sigmoid", "negative": "neg", "t": "transpose"}
FUNCTIONS = {*RENAMED, *SPELLED, "square", "transpose", "len", "numel", "size", "length", "where", "power", "solve",
             "maximum", "ones_like", "zeros_like", "array", "asarray", "einsum", "multi_dot"}
SAME = {"copy", "astype", "item", "array", "asarray", "float", "full", "squeeze", "asmatrix"}


class CodeCalls:
    """Calls with keywords, and methods."""

    def call(self, token: Token, primes: int) -> Tree:
        if token.text == "einsum" and self.tokens[self.at + 1].kind == "string":
            return self.einsum(token)
        args, keywords = self.arguments(token.text)
        at = Token("call", token.text, token.start, self.tokens[self.at - 1].end)
        return self.translated(at, args, keywords, primes)

    def arguments(self, name: str) -> tuple[list[Tree], dict[str, str]]:
        """(a, b, axis=0): the operands and the keywords."""
        opening = self.next()
        self.enter(opening)
        bars, self.bars = self.bars, 0
        args: list[Tree] = []
        keywords: dict[str, str] = {}
        self.skip_newlines()
        if self.token.kind == "(" and name in ("ones", "zeros", "multi_dot") and self.is_pair():
            args = self.pair()
        while self.token.kind != ")":
            if self.ahead("name", "="):
                self.keyword(keywords)
            else:
                args.append(self.argument())
            self.skip_newlines()
            if self.token.kind != ",":
                break
            self.next()
            self.skip_newlines()
        self.close(opening, ")")
        self.bars = bars
        return args, keywords

    def argument(self) -> Tree:
        tree = self.expression()
        return self.indicator(tree) if self.token.kind in ("<", ">") else tree

    def keyword(self, keywords: dict[str, str]) -> None:
        name = self.next().text
        self.next()
        value = ""
        while self.token.kind in ("-", "name", "number"):
            value += self.next().text
        keywords[name] = value

    def is_pair(self) -> bool:
        depth, k = 0, self.at
        while self.tokens[k].kind != "end":
            kind = self.tokens[k].kind
            depth += (kind == "(") - (kind == ")")
            if depth == 0:
                return False
            if depth == 1 and kind == ",":
                return True
            k += 1
        return False

    def pair(self) -> list[Tree]:
        """The (n, 1) of ones((n, 1))."""
        opening = self.next()
        args = [self.expression()]
        while self.token.kind == ",":
            self.next()
            if self.token.kind != ")":
                args.append(self.expression())
        self.enter(opening)
        self.close(opening, ")")
        return args

    def einsum(self, token: Token) -> Tree:
        """einsum('ij,j->i', A, x)."""
        opening = self.next()
        self.enter(opening)
        spec = self.next()
        operands = []
        while self.token.kind == ",":
            self.next()
            self.skip_newlines()
            operands.append(self.argument())
        self.close(opening, ")")
        inputs, _, result = spec.text.replace(" ", "").partition("->")
        labels = inputs.split(",")
        if "->" not in spec.text:
            result = "".join(sorted(x for x in set(inputs) - {","} if inputs.count(x) == 1))
        if len(labels) != len(operands) or not set(result) <= set(inputs) or len(set(result)) != len(result) \
                or any(len(x) > 2 for x in (*labels, result)):
            raise self.source.error("M116", "this einsum is not read", (spec.start, spec.end),
                                    help="an array has at most two indices here")
        return self.node("einsum", tuple(operands), token.start, self.tokens[self.at - 1].end, (tuple(labels), result))

    # ------------------------------------------------------------ meanings

    def translated(self, at: Token, args: list[Tree], keywords: dict[str, str], primes: int = 0) -> Tree:
        """A call as a node of the language."""
        name = SPELLED.get(at.text, at.text)
        made = None
        if len(args) == 2:
            made = self.of_two(name, at, args)
        if made is None and name in ("sum", "mean", "softmax", "logsumexp", "norm"):
            made = self.along(name, at, args, keywords)
        if made is None and len(args) == 1 and name in ("square", "transpose", "neg", "size", "length", "len", "numel"):
            made = self.of_one(name, at, args[0])
        if made is None and name == "multi_dot" and args:
            made = args[0]
            for b in args[1:]:
                made = self.node("star", (made, b), at.start, at.end, "@")
        if made is None and name == "solve" and len(args) == 1:
            made = self.node("call", tuple(args), at.start, at.end, "inv")
        if made is None and args and name in SAME:
            made = args[0]
        if made is None and name in ("ones_like", "zeros_like") and len(args) == 1:
            made = self.node("like", (args[0],), at.start, at.end, int(name == "ones_like"))
        if made is None and name == "where" and len(args) == 3:
            made = self.where(at, args)
        if made is None and name in ("ones", "zeros") and args:
            made = self.filled(name, at, args)
        return self.node("call", tuple(args), at.start, at.end, name, primes) if made is None else made

    def of_two(self, name: str, at: Token, args: list[Tree]) -> Tree | None:
        a, b = args
        name = RENAMED.get(name, name)
        if name in ("dot", "inner") and self.dialect != "maths":
            name = "@"
        if name in ("@", "*"):
            return self.node("star", (a, b), at.start, at.end, name if name == "@" else "multiply")
        if name == "/":
            return self.node("div", (a, b), at.start, at.end)
        if name in ("add", "sub"):
            return self.node(name, (a, b), at.start, at.end)
        if name == "power":
            return self.node("epower", (a, b), at.start, at.end)
        if name == "solve":
            inverse = self.node("call", (a,), a.start, a.end, "inv")
            return self.node("mul", (inverse, b), at.start, at.end)
        zero = [t for t in args if t.kind == "number" and t.value == 0]
        if name in ("maximum", "max") and len(zero) == 1:
            return self.node("call", (a if b is zero[0] else b,), at.start, at.end, "relu")
        if name in ("step", "heaviside"):
            return self.node("call", (a,), at.start, at.end, "step")
        if name == "size" and b.kind == "number" and b.value in (1, 2):
            return self.node("extent", (a,), at.start, at.end, int(b.value) - 1)
        return None

    def of_one(self, name: str, at: Token, x: Tree) -> Tree:
        if name == "square":
            return self.node("epower", (x, self.node("number", (), at.start, at.end, Fraction(2))), at.start, at.end)
        if name in ("transpose", "neg"):
            return self.node(name, (x,), at.start, at.end)
        return self.node("extent", (x,), at.start, at.end, 0 if name == "len" else 2)

    def along(self, name: str, at: Token, args: list[Tree], keywords: dict[str, str]) -> Tree | None:
        """Sums, means and softmax along an axis."""
        axis = keywords.get("axis", keywords.get("dim", ""))
        if not args or len(args) > 2:
            return None
        if len(args) == 2 and args[1].is_number and not axis:
            value = int(args[1].value or 0) if args[1].kind == "number" else -1
            axis = str(value if self.dialect == "numpy" else value - 1)
        if axis in ("", "None") or name == "norm":
            return self.node("call", (args[0],), at.start, at.end, name)
        if axis not in ("0", "1", "-1"):
            raise self.source.error("M116", "this axis is not read", (at.start, at.end), help="axis is 0 or 1")
        is_down = axis == "0"
        if name in ("softmax", "logsumexp"):
            return self.node("call", (args[0],), at.start, at.end, name + ("_cols" if is_down else "_rows"))
        total = self.node("call", (args[0],), at.start, at.end, ("col" if is_down else "row") + name)
        if keywords.get("keepdims", "").startswith("T") or self.dialect != "numpy":
            return total
        other = self.node("transpose", (total,), at.start, at.end)
        return self.node("choice", (total, other), at.start, at.end, (0, 1))

    def where(self, at: Token, args: list[Tree]) -> Tree:
        """where(c, a, b) = c a + (1 - c) b."""
        test, a, b = args
        one = self.node("number", (), at.start, at.end, Fraction(1))
        rest = self.node("sub", (one, test), test.start, test.end)
        terms = [None if v.kind == "number" and v.value == 0 else
                 c if v.kind == "number" and v.value == 1 else
                 self.node("star", (c, v), at.start, at.end, "multiply") for c, v in ((test, a), (rest, b))]
        if None in terms:
            return terms[0] or terms[1] or self.node("star", (self.node("number", (), at.start, at.end, Fraction(0)), test),
                                                     at.start, at.end, "multiply")
        return self.node("add", tuple(terms), at.start, at.end)

    def filled(self, name: str, at: Token, args: list[Tree]) -> Tree:
        """ones((n, 1)), ones(n, 1), ones(x.shape)."""
        if len(args) == 1 and args[0].kind == "extent" and args[0].value is None:
            return self.node("like", args[0].args, at.start, at.end, int(name == "ones"))
        return self.node("filled", tuple(args), at.start, at.end, int(name == "ones"))

    def method(self, base: Tree) -> Tree:
        """base.dot(x), base.sum(axis=0), base.shape[0]."""
        token = self.next()
        name = token.text
        if name == "shape":
            axis = None
            if self.ahead("(", "number", ")"):
                axis = int(self.tokens[self.at + 1].text == "1")
                self.at += 3
            return self.node("extent", (base,), base.start, self.tokens[self.at - 1].end, axis)
        if name == "size":
            return self.node("extent", (base,), base.start, token.end, 2)
        if self.token.kind != "(":
            raise self.source.error("M102", f"there is no method `{name}`", (token.start, token.end))
        opening = self.at
        if name in ("reshape", "ravel", "flatten", "view"):
            return self.reshaped(base, name, opening)
        if name in SAME:
            self.written_argument(opening)
            return base
        args, keywords = self.arguments(name)
        at = Token("call", name, base.start, self.tokens[self.at - 1].end)
        return self.translated(at, [base, *args], keywords)

    def written_argument(self, opening: int) -> str:
        """The characters between the brackets that open at a token."""
        depth, written = 0, ""
        while self.token.kind != "end":
            token = self.next()
            depth += (token.kind == "(") - (token.kind == ")")
            if depth == 0:
                return written[1:]
            written += token.text
        raise self.source.error("M103", "this bracket is never closed",
                                (self.tokens[opening].start, self.tokens[opening].end))

    def reshaped(self, base: Tree, name: str, opening: int) -> Tree:
        """reshape(-1, 1) makes a column, reshape(1, -1) a row."""
        written = self.written_argument(opening)
        end = self.tokens[self.at - 1].end
        goal = {"-1,1": "column", "(-1,1)": "column", "1,-1": "row", "(1,-1)": "row", "": "flat", "-1": "flat"}.get(written)
        if goal is None:
            raise self.source.error("M116", "this reshaping is not read", (base.start, end),
                                    help="reshape(-1, 1) and reshape(1, -1) are")
        return self.node("reshaped", (base,), base.start, end, goal)
