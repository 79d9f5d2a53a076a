"""Parts of LaTeX formulas with arguments: indices, powers, accents, fractions, derivatives."""

from __future__ import annotations

import re

from ..expr.names import GREEK
from . import latex_words as words
from .tokens import Token

MAX_INDEXED = 100  # characters of a name that may get one more index
_OPENING = re.compile(r"\s*(?:\\left|\\[bB]igg?l?)?\s*_?\s*\\?[\[({]")
_COMPARISON = re.compile(r"[<>]|^\s*[i-t]\s*=\s*[i-t]\s*\\?$|\\(?:[gl](?:eq?|t)|[gl]eqslant)(?![A-Za-z])")
_ROW = re.compile(r"\{\s*([i-n])\s*,?\s*(?::|\\cdot|\\bullet|\*)\s*\}")  # E_{i,:}, row i as a row
_SET = re.compile(r"\s*\\(?:mathbb|mathbf|bf)?\s*\{?\s*\\?R\s*\}?\s*(\^?)")


class Scripts:
    """What `Latex` knows of constructions with arguments."""

    def in_brackets(self, inner: list[Token], start: int) -> None:
        end = self.i
        if not inner:
            raise self.error("M101", "this argument is empty", start, end)
        self.emit("(", "(", start, inner[0].start)
        self.out += inner
        self.emit(")", ")", max(inner[-1].end - 1, inner[-1].start), end)

    def skipped(self) -> None:
        """Read an argument for its braces only."""
        depth = 0
        while self.i < len(self.text):
            c = self.text[self.i]
            self.i += 1
            depth += (c == "{") - (c == "}")
            if depth == 0 and c != " ":
                return

    # ------------------------------------------------------------ powers

    def superscript(self) -> None:
        start = self.i
        self.i += 1
        if self.text[self.i:self.i + 1] == "-" and self.text[self.i + 1:self.i + 2] in tuple("0123456789T\\"):
            minus = Token("-", "-", self.i, self.i + 1)
            self.i += 1
            inner = [minus, *self.group()]
        else:
            inner = self.group()
        kinds = [t.kind for t in inner]
        if not inner:
            return
        hat = Token("^", "^", start, start + 1)
        if all(k == "'" for k in kinds):
            self.out += inner
        elif kinds[0] == "(" and len(inner) > 2 and kinds[1] in ("name", "number") and kinds[2] == ")" \
                and self.out and self.out[-1].kind == "name":
            self.layer_index(inner, hat)
        elif kinds[-2:] == ["^", "name"] and kinds[:-2] in (["-", "number"], ["number"]):  # X^{-1^T}
            self.out += [hat, *inner]
        elif kinds in (["-", "number", "name"], ["number", "name"]) and inner[-1].text == "T":  # X^{-2\top}
            self.out += [hat, *inner[:-1], hat, inner[-1]]
        elif kinds in (["name"], ["number"], ["-", "name"], ["-", "number"]):
            self.out += [hat, *inner]
        elif kinds[0] == ".*":
            self.out += [Token(".^", "^", start, start + 1), *inner[1:]]
        elif kinds == ["*"]:
            raise self.error("M114", "a star as a superscript is not read", start, self.i,
                             "define the name: \\theta_s = ...")
        elif kinds == ["name", "name"] and inner[0].text == "-":
            self.out += [hat, *inner]
        else:
            self.out.append(hat)
            self.in_brackets(inner, start)

    def layer_index(self, inner: list[Token], hat: Token) -> None:
        """W^{(2)}, W^{[2]T}, x^{(i)}: an index above."""
        index, rest = inner[1].text, inner[3:]
        if inner[1].kind == "number" or self.is_word(self.out[-1].text + "_" + index):
            self.attach(index, self.out[-1].start)
        else:
            self.emit("sub", index, hat.start)
        if rest:
            if [t.text for t in rest] not in (["T"], ["t"]):
                raise self.error("M101", "behind an index above only a transpose is read", rest[0].start, rest[-1].end)
            self.out += [hat, *rest]

    # ------------------------------------------------------------ indices

    def subscript(self) -> None:
        start = self.i
        self.i += 1
        self.space()
        if row := _ROW.match(self.text, self.i):
            self.i = row.end()
            self.attach(row.group(1), start)
            self.emit("'", "'", start)
            return
        digits = re.compile("[0-9]+").match(self.text, self.i)
        if digits:
            self.i = digits.end()
            inner = [Token("number", digits.group(), digits.start(), digits.end())]
        else:
            inner = self.group()
        pieces = [t.text for t in inner if t.kind != "," and t.text != ","]
        if not pieces or any(t.kind not in ("name", "number", ",", ";", "function") for t in inner):
            raise self.error("M117", "this index is not read", start, self.i,
                             "an index is a number, a letter, or letters such as ij")
        if len(pieces) > 1 and pieces[0].isdigit() and not any(p.isdigit() for p in pieces[1:]):
            self.attach(pieces.pop(0), start)
        self.attach("".join(pieces) if all(len(p) == 1 or p.isdigit() for p in pieces) else "_".join(pieces), start)

    def attach(self, index: str, start: int) -> None:
        """Put an index on the name before it (past a power: x^T_i), or on a bracket."""
        at = len(self.out) - 1
        if at >= 2 and self.out[at - 1].kind == "^" and self.out[at - 2].kind in ("name", ")"):
            at -= 2
        base = self.out[at] if at >= 0 else None
        if base is not None and base.kind == "name":
            stem, _, letters = base.text.rpartition("_")
            if index.isdigit() and stem and len(letters) <= 2 and letters.isalpha() and letters.islower():
                stem, index, base_text = "", letters, stem + index  # W_{ij}^{(1)} is W1_ij
            else:
                base_text = base.text
            if len(base_text) > MAX_INDEXED:
                raise self.error("M105", "a name has too many indices", base.start, self.i)
            joined = base_text + ("" if index.isdigit() and "_" not in base_text else "_") + index
            end = self.i if at == len(self.out) - 1 else base.end
            self.out[at] = Token("name", joined, base.start, end)
        elif base is not None and base.kind == "function" and f"{base.text}_{index}" in words.FUNCTIONS:
            self.out[at] = Token("function", f"{base.text}_{index}", base.start, self.i)
        elif base is not None and base.kind == ")":
            self.out.insert(at + 1, Token("sub", index, start, self.i))
        else:
            raise self.error("M117", "this index stands behind nothing that can have one", start, self.i)

    def ones(self, start: int) -> None:
        """A bold 1: a vector of ones, or nothing before [z > 0]."""
        if self.compares(self.i):
            self.space()
            if self.text[self.i:self.i + 1] == "_":
                self.i += 1
                self.in_brackets([t for t in self.group() if t.text not in ("\\{", "\\}")], start)
            return
        size = re.compile(r"\s*_\s*(?:\{\s*([A-Za-z]\w*)\s*\}|([A-Za-z]))").match(self.text, self.i)
        self.i = size.end() if size else self.i
        named = size and (size.group(1) or size.group(2))
        self.emit("function" if named and self.is_size(named) else "name", "ones", start)
        if self.out[-1].kind == "function":
            self.in_brackets([Token("name", named, size.start(), size.end())], size.start())

    def compares(self, i: int) -> bool:
        """Whether a bracket (or an index) with a comparison stands at i."""
        opening = _OPENING.match(self.text, i)
        if not opening:
            return False
        depth = 1
        for k in range(opening.end(), min(len(self.text), i + 400)):
            depth += (self.text[k] in "[({") - (self.text[k] in "])}")
            if depth == 0:
                return _COMPARISON.search(self.text[opening.end():k]) is not None
        return False

    # ------------------------------------------------------------ words and accents

    def upright(self, start: int) -> None:
        """\\operatorname{diag}, \\mathrm{T}, \\text{where}."""
        self.space()
        if self.text[self.i:self.i + 1] != "{":
            inner = self.group()
            self.out += inner
            return
        word = self.argument().replace("\\ ", " ").strip()
        plain = word.strip(" ,.:;")
        if plain in words.FUNCTIONS and not self.is_word(plain):
            self.emit("function", words.FUNCTIONS[plain], start)
        elif not plain or all(w.lower().strip(",.:;") in words.CONNECTIVES for w in plain.split()):
            said = {w.lower().strip(",.:;") for w in plain.split()} & words.ASIDES
            self.emit(";", min(said, default="so"), start)
        elif re.fullmatch(r"[A-Za-z]\w*", plain) and plain.isascii():
            self.emit("name", plain, start)
        else:
            raise self.error("M114", "these words are not read", start, self.i,
                             "write formulas, and join them by `where` or a new line")

    def accent(self, accent: str, start: int) -> None:
        inner = self.group()
        if not inner or inner[0].kind != "name" or len(inner) > 1:
            raise self.error("M114", f"a {accent} belongs over one name", start, self.i)
        stem, _, index = inner[0].text.partition("_")
        letters = stem.rstrip("0123456789")
        self.emit("name", letters + accent + stem[len(letters):] + ("_" + index if index else ""), start)

    # ------------------------------------------------------------ fractions and derivatives

    def fraction(self, start: int) -> None:
        top, bottom = self.group(), self.group()
        above, below = _differential(top), _differential(bottom)
        if above and below and len(below) > 1:
            self.emit("name", above, start, top[-1].end)
            self.emit("/", "/", top[-1].end, bottom[0].start)
            self.emit("name", below, bottom[0].start)
            return
        self.emit("(", "(", start, start + 1)
        self.in_brackets(top, start)
        self.emit("/", "/", start)
        self.in_brackets(bottom, start)
        self.emit(")", ")", max(self.i - 1, start))

    def differential(self, start: int) -> None:
        """\\partial x: the name dx."""
        self.space()
        if self.text[self.i:self.i + 1] in ("", "}", "^", "/"):
            return self.emit("name", "d", start)
        if self.text[self.i] == "_":  # \partial_k f
            return self.gradient(start)
        before = len(self.out)
        self.enter(start)
        while self.i < len(self.text) and len(self.out) == before:
            self.item()
        self.groups -= 1
        if self.out[before:] and self.out[-1].kind == "(":
            while self.i < len(self.text) and self.out[-1].kind not in (")", "end"):
                self.item()
            self.space()
            if self.text[self.i:self.i + 1] == "_":
                self.item()
            inner = self.out[before:]
            if [t.kind for t in inner] in (["(", "name", ")"], ["(", "name", ")", "sub"]):
                index = "_" + inner[3].text if len(inner) > 3 else ""
                self.out[before:] = [Token("name", inner[1].text + index, inner[0].start, inner[-1].end)]
        if len(self.out) != before + 1 or self.out[-1].kind != "name":
            raise self.error("M114", "a name is expected behind \\partial", start, self.i)
        self.out[-1] = Token("name", "d" + self.out[-1].text, start, self.out[-1].end)

    def gradient(self, start: int) -> None:
        """\\nabla_W: the gradient with respect to W."""
        self.space()
        below = ""
        if self.text[self.i:self.i + 1] == "_":
            self.i += 1
            inner = self.group()
            if len(inner) != 1 or inner[0].kind != "name":
                raise self.error("M117", "the name of one variable is expected below \\nabla", start, self.i)
            below = inner[0].text
        self.emit("nabla", below, start)

    def big_sum(self, start: int) -> None:
        """\\sum_{i=1}^{N}: one token with the labels and the upper end."""
        labels, above, condition = [], "", []
        for _ in range(2):
            end = self.i
            self.space()
            mark = self.text[self.i:self.i + 1]
            if mark not in ("_", "^") or not mark:
                self.i = end
                break
            self.i += 1
            inner = self.group()
            if mark == "^":
                above = inner[0].text if len(inner) == 1 else "?"
            else:
                head = [t.kind for t in inner]
                if head[1:2] == [":"]:  # \sum_{i : y_i > 0}
                    inner, condition, head = inner[:1], inner[2:], head[:1]
                cut = head.index("=") if "=" in head else len(head)
                labels = [t.text for t in inner[:cut] if t.kind not in (",", ";")]
                is_read = cut == len(head) or [t.text for t in inner[cut + 1:]] == ["1"]
                if not is_read or not all(len(x) == 1 and x.isalpha() or x in GREEK for x in labels):
                    raise self.error("M117", "the range of this sum is not read", start, self.i,
                                     "write \\sum_i or \\sum_{i=1}^{N}")
        if not labels:
            raise self.error("M117", "this sum does not name its index", start, self.i, "write \\sum_i")
        self.emit("sum", ",".join(labels) + "|" + above, start)
        if condition:
            self.in_brackets(condition, start)

    def membership(self, start: int) -> None:
        """W \\in \\mathbb{R}^{m \\times n}: the declaration W : m x n."""
        found = _SET.match(self.text, self.i)
        if found and self.is_answer:  # where a value lies says nothing new
            self.i = found.end()
            if found.group(1):
                self.group()
            return
        names = 1
        while len(self.out) > names and self.out[-names - 1].text == "," and self.out[-names - 2].kind == "name":
            names += 2
        if len(self.out) > names and self.out[-names - 1].kind not in (";", "\n"):
            names -= 2  # the comma ended another declaration
        if not found or not self.out or any(t.kind != "name" for t in self.out[-names::2]):
            raise self.error("M114", "`\\in` is read in declarations only", start, self.i,
                             "W \\in \\mathbb{R}^{m \\times n}")
        for k in range(2, names, 2):
            comma = self.out[-k]
            self.out[-k] = Token(",", ",", comma.start, comma.end)
        self.emit(":", ":", start)
        self.i = found.end()
        inner = self.group() if found.group(1) else [Token("name", "scalar", start, self.i)]
        self.out += [Token("name", "x", t.start, t.end) if t.kind == "*" else t for t in inner]


def _differential(inner: list[Token]) -> str:
    """"dW" for the tokens of \\partial W or d W, else ""."""
    texts = [t.text for t in inner]
    if any(t.kind != "name" for t in inner) or not texts or not texts[0].startswith("d"):
        return ""
    if len(texts) == 1:
        return texts[0]
    return "d" + texts[1] if texts[0] == "d" and len(texts) == 2 else ""
