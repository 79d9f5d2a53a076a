"""LaTeX to the tokens of the input language.

Braces and commands become the brackets, operators and names of the language,
each with its place in the source, so that one parser serves both spellings.
A group of letters is a product of one-letter names, except where it is known
as a word.
"""

from __future__ import annotations

import itertools
import re
import sys
from typing import Callable

from ..model import ASSUMPTIONS
from ..suggest import closest
from . import latex_words as words
from .code_tokens import code_token, sum_token
from .declarations import FUNCTION_WORDS, RANK_WORDS, ROLE_WORDS
from .latex_cases import Cases
from .latex_scripts import Scripts
from .latex_steps import Steps
from .tokens import MAX_NESTING, Source, Token, checked_length, read_token, tokens

_MARKS = re.compile(r"\\|\$|\^\{")
_COMMENT = re.compile(r"(?<!\\)#.*")
_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_DIFFERENTIAL = re.compile("d[A-Za-z]")
_RUN = re.compile(r"[A-Za-z]+")
_FRAMES = 8
DECLARED = {*ASSUMPTIONS, *ROLE_WORDS, *RANK_WORDS, *FUNCTION_WORDS}
_UNDER = re.compile(r"\s*_\s*(?:[A-Za-hp-z]|\{(?! *[i-n] *\})[^{}=]*\}|\\[a-z]+)")  # no index such as i
_GIVEN = re.compile(r"(?:^|\n|\\\\|;)[ \t&$]*([A-Za-z]{2,})[ \t&]*=")  # words that the text gives a value
_DOTS = re.compile(r"\.(?:\*|/|\^|T(?![A-Za-z])|[0-9]|[a-z]+\()")


def is_latex(text: str) -> bool:
    return _MARKS.search(_COMMENT.sub("", text)) is not None


class Latex(Scripts, Cases, Steps):
    """Scans one text; `out` is what was read so far.

    is_word   whether glued letters are one name
    is_size   whether a name is a size (for the n of \\mathbf{1}_n)
    is_prose  whether a word may stand between formulas
    is_answer whether it is an answer, in which nothing is declared
    """

    def __init__(self, source: Source, is_word: Callable[[str], bool], is_size: Callable[[str], bool],
                 is_prose: Callable[[str], bool], is_answer: bool = False):
        self.source, self.text = source, source.text
        self.is_word, self.is_size, self.is_prose, self.is_answer = is_word, is_size, is_prose, is_answer
        self.i = 0
        self.groups = 0
        self.shells = 0
        self.brackets: list[str] = []  # what is open: "(", "||", "|"
        self.out: list[Token] = []

    def tokens(self) -> list[Token]:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + MAX_NESTING * _FRAMES)
        try:
            while self.i < len(self.text):
                self.item()
        finally:
            sys.setrecursionlimit(before)
        self.out.append(Token("end", "", self.i, self.i))
        return self.out

    # ------------------------------------------------------------ items

    def item(self) -> None:
        """Read what stands at i."""
        c, start = self.text[self.i], self.i
        if c == "\\":
            self.command()
        elif c == "{":
            self.enter(start)
            self.braces()
            self.groups -= 1
        elif c == "}":
            raise self.error("M103", "this brace was never opened", start, start + 1)
        elif c == "%":
            end = self.text.find("\n", start)
            self.i = len(self.text) if end < 0 else end
        elif c == "\n":
            self.i += 1
            if not self.brackets and not self.shells and not self.groups:
                self.emit("\n", "\n", start)
        elif c.isspace() or c in "$~&":
            self.i += 1
        elif c == "^":
            self.superscript()
        elif c == "_":
            self.subscript()
        elif c in "()[]":
            self.bracket("(" if c in "([" else ")", start, 1)
        elif c in "<>":
            self.i += 1 + (self.text[start + 1:start + 2] == "=")
            self.emit(c, c, start)
        elif c == "|" and self.brackets[-1:] == ["|"] and self.out[-1].kind != "(":  # |u||v|
            self.bar("|", -1, start, 1)
        elif self.text.startswith("||", start) or c in "|‖∥":
            self.bar("|" if c == "|" and not self.text.startswith("||", start) else "||", 0, start,
                     2 if self.text.startswith("||", start) else 1)
        elif self.text.startswith(":=", start):
            self.i += 2
            self.emit("=", ":=", start)
        elif c == "," and not self.brackets:
            self.i += 1
            self.emit(";", ",", start)
        elif c == "." and not _DOTS.match(self.text, start):
            self.i += 1  # the full stop of a sentence
        elif c.isascii() and c.isalpha():
            self.letters()
        elif c == "∑" or c == "Σ" and self.text[start + 1:start + 2] == "_":
            self.i += 1
            self.big_sum(start)
        else:
            behind = start if c.isascii() else code_token(self.source, start, self.out)
            self.i = behind if behind > start else read_token(self.source, self.text, start, self.out)

    def letters(self) -> None:
        """Letters: a word that is known, else one name; digits behind it are its index."""
        start = self.i
        run = _RUN.match(self.text, start).group()
        if run == "sum" and self.text[start + 3:start + 4] == "_":
            self.i += 3
            return self.big_sum(start)
        if _DIFFERENTIAL.fullmatch(run) and (self.text[start + len(run):start + len(run) + 2] == "/d" or [
                t.kind for t in self.out[-1:]] == ["/"] and self.text[start - 1] == "/" and _DIFFERENTIAL.match(
                    self.out[-2].text if len(self.out) > 1 else "")):  # dL/dW
            self.i += len(run)
            return self.word(run, start)
        if not self.brackets and not self.groups and self.is_prose(run) and self.stands_apart(start, start + len(run)):
            self.i += len(run)
            self.i += self.text[self.i:self.i + 1] == ":"
            return self.emit(";", run.lower(), start)
        if run in DECLARED and not self.is_answer and self.declares():
            self.i += len(run)
            return self.emit("name", run, start)
        for length in range(len(run), 1, -1):
            word = run[:length]
            if self.is_word(word):
                self.i += length
                return self.word(word, start)
            if length == len(run) and word in words.FUNCTIONS and self.before_bracket(start + length):
                self.i += length
                return self.emit("function", words.FUNCTIONS[word], start)
        self.i += 1
        while self.text[self.i:self.i + 1].isdecimal() and self.text[self.i].isascii():
            self.i += 1
        self.emit("name", self.text[start:self.i], start)

    def declares(self) -> bool:
        """Whether a declaration stands here, `y : k onehot target`."""
        statement = itertools.takewhile(lambda t: t.kind not in ("\n", ";"), reversed(self.out))
        return any(t.kind == ":" for t in statement)

    def stands_apart(self, start: int, end: int) -> bool:
        """Whether blanks are around a word, and it is given no value."""
        return self.text[max(start - 1, 0):start].strip(" \t\n~$,;.}") == "" and len(self.text[start:end]) > 1 \
            and re.compile(r"(?:\s*[:,]|\s+(?![=^_&])|$)").match(self.text, end) is not None

    def word(self, word: str, start: int) -> None:
        digits = re.compile("[0-9]*").match(self.text, self.i)
        self.i = digits.end()
        self.emit("name", word + digits.group(), start)

    def before_bracket(self, i: int) -> bool:
        return re.compile(r"\s*(?:\\left|\\[bB]igg?l?)?\s*(?:\(|\[|\\\{|\^[0-9])").match(self.text, i) is not None

    # ------------------------------------------------------------ commands

    def command(self) -> None:
        start = self.i
        found = _COMMAND.match(self.text, start)
        if not found:
            raise self.error("M101", "a LaTeX command is expected behind `\\`", start, start + 1)
        name = found.group(1)
        self.i = found.end()
        if name == "\\":
            gap = re.compile(r"\s*\[-?[0-9.]+\s*[a-z]{2}\]").match(self.text, self.i)
            self.i = gap.end() if gap else self.i
            self.emit("\n", "\\\\", start)
        elif name in words.LAYOUT or name in tuple(words.LAYOUT_SIGNS):
            for _ in range(words.LAYOUT.get(name, 0)):
                self.argument()
            if name in ("left", "right"):
                self.sided(name)
            elif name in ("quad", "qquad") and not self.brackets and not self.groups:
                self.emit("\n", "\\quad", start)
        elif name in ("{", "}"):
            self.bracket("(" if name == "{" else ")", start, 2)
        elif name in words.BARS:
            self.bar(*words.BARS[name], start, found.end() - start)
        elif name in words.OPERATORS:
            kind = words.OPERATORS[name]
            self.bracket(kind, start, found.end() - start) if kind in "()" else self.emit(kind, "\\" + name, start)
        elif name in words.SEPARATORS:
            self.emit(";", "\\" + name, start)
        elif name == "min" and not self.is_answer and not self.brackets and (below := _UNDER.match(self.text, self.i)):
            self.i = below.end()  # \min_w in front of a loss
        elif name in words.COMMAND_FUNCTIONS:
            self.emit("function", words.FUNCTIONS[name], start)
        elif name in words.LETTERS:
            self.emit("name", words.LETTERS[name], start)
        else:
            self.structure(name, start)

    def structure(self, name: str, start: int) -> None:
        """Commands with arguments."""
        if name in words.INDICATORS and (one := re.compile(r"\s*\{?\s*1\s*\}?").match(self.text, self.i)):
            self.i = one.end()
            self.ones(start)
        elif name in words.INDICATORS and (one := re.compile(r"\s*\{?\s*I\s*\}?\s*(?=[\[({_]|\\left|\\\{)").match(
                self.text, self.i)) and self.compares(one.end()):
            self.i = one.end()
            self.ones(start)
        elif name in words.STYLES:
            self.out += self.group()
            if name in ("underbrace", "overbrace"):
                self.space()
                if self.text[self.i:self.i + 1] in ("_", "^"):
                    self.i += 1
                    self.skipped()
        elif name.rstrip("*") in words.WORDS:
            self.upright(start)
        elif name in words.ACCENTS:
            self.accent(words.ACCENTS[name], start)
        elif name in words.FRACTIONS:
            self.fraction(start)
        elif name == "sqrt":
            self.emit("name", "sqrt", start)
            self.in_brackets(self.group(), start)
        elif name == "partial":
            self.differential(start)
        elif name == "nabla":
            self.gradient(start)
        elif name == "sum":
            self.big_sum(start)
        elif name in ("langle", "rangle"):
            if name == "langle":
                self.emit("name", "inner", start)
            self.bracket("(" if name == "langle" else ")", start, len(name) + 1)
        elif name in ("begin", "end"):
            self.environment(name, start)
        elif name == "in":
            self.membership(start)
        else:
            raise self.error("M114", f"the LaTeX command `\\{name}` is not read", start, start + 1 + len(name),
                             re.sub("`(\\w+)`", r"`\\\1`", closest(name, words.MATHS)) if len(name) > 1 else "")

    def environment(self, name: str, start: int) -> None:
        which = self.argument()
        if which == "cases" and name == "begin":
            return self.cases(start)
        if which not in words.SHELLS:
            raise self.error("M114", f"the environment `{which[:40]}` is not read", start, self.i,
                             "name the matrices and write the formula with the names" if "matrix" in which else "")
        self.shells += 1 if name == "begin" else -1
        self.emit("\n", which, start)


def lexed(source: Source) -> list[Token]:
    """The tokens of a text or LaTeX source. Raises MatcalcError (M1xx)."""
    if not is_latex(source.text):
        return tokens(source, sum_token)
    given = set(_GIVEN.findall(source.text))
    return latex_tokens(source, lambda word: word in given)


def latex_tokens(source: Source, is_word=lambda word: False, is_size=lambda word: False,
                 is_prose=lambda word: False, is_answer: bool = False) -> list[Token]:
    """The tokens of a LaTeX text. Raises MatcalcError (M1xx)."""
    checked_length(source)
    return Latex(source, is_word, is_size, is_prose, is_answer).tokens()
