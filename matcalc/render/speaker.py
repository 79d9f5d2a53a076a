"""What all printers have in common: they say sentences in a language."""

from __future__ import annotations

from ..expr.node import Expr
from ..lang import ENGLISH, Language


class Speaker:
    """A printer's words.

    language   in which it speaks
    kind       its type of strings that are printed as they stand
    """

    language: Language = ENGLISH
    kind = str

    def speaking(self, language: Language):
        """The printer itself, in a language."""
        self.language = language
        return self

    def said(self, sentence) -> str:
        """A sentence of words, formulas, and what is printed already."""
        return self.together([self.maths(self.formula(p)) if isinstance(p, Expr) else self.words(p)
                              for p in self.language.pieces(sentence)])

    def plain(self, sentence) -> str:
        """A sentence as plain text, for a template to escape."""
        return self.language.plain(sentence)

    def words(self, text) -> str:
        """Plain text as what is printed; what is printed already passes."""
        return str(text)

    def together(self, pieces: list[str]) -> str:
        """The pieces of a sentence."""
        return self.kind("".join(pieces))
