"""The small steps of reading LaTeX: groups, arguments, brackets and bars."""

from __future__ import annotations

import re

from . import latex_words as words
from .tokens import MAX_NAME, MAX_NESTING, Token

WHICH_NORM = re.compile(r"\s*_\s*(?:([F12])|\{\s*([F12])\s*\}|\\(?:mathrm|text)\s*\{([F12])\}|"
                        r"\{\s*\\(?:mathrm|text)\s*\{([F12])\}\s*\})")


class Steps:
    """Moves over the characters; `item` of `Latex` reads what stands at i."""

    def error(self, code: str, message: str, start: int, end: int, help: str = ""):
        return self.source.error(code, message, (start, end), help=help)

    def emit(self, kind: str, text: str, start: int, end: int | None = None) -> None:
        end = self.i if end is None else end
        if len(text) > MAX_NAME:
            raise self.error("M105", f"a name may have at most {MAX_NAME} characters", start, end)
        self.out.append(Token(kind, text, start, end))

    def space(self) -> None:
        """Go past blanks and commands that mean nothing."""
        while self.i < len(self.text):
            c = self.text[self.i]
            if c.isspace() or c in "~&":
                self.i += 1
            elif c == "\\" and (self.text[self.i + 1:self.i + 2] in tuple(words.LAYOUT_SIGNS)):
                self.i += 2
            else:
                return

    def group(self) -> list[Token]:
        """The tokens of one argument: {...} or a single item."""
        self.space()
        start = self.i
        if start >= len(self.text) or self.text[start] == "}":
            raise self.error("M101", "an argument is expected here", max(start - 1, 0), start)
        outer, self.out = self.out, []
        self.enter(start)
        if self.text[start] == "{":
            self.braces()
        elif self.text[start] in "0123456789":
            self.i += 1
            self.emit("number", self.text[start], start)
        elif self.text[start].isascii() and self.text[start].isalpha():
            self.i += 1
            self.emit("name", self.text[start], start)
        else:
            self.item()
        self.groups -= 1
        inner, self.out = self.out, outer
        return inner

    def enter(self, start: int) -> None:
        self.groups += 1
        if self.groups > MAX_NESTING:
            raise self.error("M105", f"braces are nested deeper than the limit of {MAX_NESTING}", start, start + 1)

    def braces(self) -> None:
        """{ ... }: no brackets of the formula."""
        start = self.i
        self.i += 1
        while True:
            if self.i >= len(self.text):
                raise self.error("M103", "this brace is never closed", start, start + 1)
            if self.text[self.i] == "}":
                self.i += 1
                return
            self.item()

    def argument(self) -> str:
        """The characters of a {...} argument."""
        self.space()
        start = self.i
        end = self.text.find("}", start)
        if self.text[start:start + 1] != "{" or end < 0:
            raise self.error("M101", "an argument in braces is expected here", max(start - 1, 0), start)
        self.i = end + 1
        return self.text[start + 1:end]

    def bracket(self, kind: str, start: int, length: int) -> None:
        self.i = start + length
        if kind == "(":
            self.brackets.append("(")
        elif self.brackets and self.brackets[-1] == "(":
            self.brackets.pop()
        self.emit(kind, self.text[start:self.i], start)

    def bar(self, kind: str, side: int, start: int, length: int) -> None:
        """A bar opens or closes; brackets inside it keep norms in norms apart."""
        self.i = start + length
        if side < 0 or (side == 0 and self.brackets and self.brackets[-1] == kind):
            if self.brackets and self.brackets[-1] == kind:
                self.brackets.pop()
            self.emit(")", self.text[start:self.i], start)
            which = ""
            found = WHICH_NORM.match(self.text, self.i)
            if kind == "||" and found:
                which, self.i = "_" + found.group(found.lastindex), found.end()
            self.emit(kind, kind + which, start)
        else:
            self.brackets.append(kind)
            self.emit(kind, kind, start)
            self.emit("(", self.text[start:self.i], start)

    def sided(self, name: str) -> None:
        """\\left and \\right: which way a bar faces, and the empty bracket."""
        self.space()
        start = self.i
        if self.text[start:start + 1] == ".":
            self.i += 1
            return
        for text, kind in (("\\|", "||"), ("||", "||"), ("\\Vert", "||"), ("\\vert", "|"), ("|", "|")):
            if self.text.startswith(text, start):
                return self.bar(kind, 1 if name == "left" else -1, start, len(text))
