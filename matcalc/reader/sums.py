"""Sums over indices in a model: the sum sign, and names with an index that is summed."""

from __future__ import annotations

from .tokens import Token
from .tree import Tree

MAX_SUMMED = 12
USUAL = set("ijklmnpqrst")  # letters of indices


class Sums:
    """The part of the parser that reads them. An index means something only below its sum sign."""

    def big_sum(self) -> Tree:
        """\\sum_{i=1}^N and the product behind it."""
        token = self.next()
        written, above = token.text.split("|")
        labels = tuple(written.split(","))
        outer, self.summed = self.summed, self.summed + labels
        if len(self.summed) > MAX_SUMMED:
            raise self.source.error("M105", f"at most {MAX_SUMMED} sums may stand inside each other",
                                    (token.start, token.end))
        body = self.term()
        self.summed = outer
        return self.node("bigsum", (body,), token.start, body.end, (labels, above))

    def indexed(self, token: Token) -> Tree | None:
        """x_i and A_ij as entries, where a sum runs over the index."""
        stem, _, index = token.text.rpartition("_")
        if token.text in self.summed:
            raise self.unread(token, f"the index {token.text} stands here as a number")
        is_summed = bool(set(index) & set(self.summed))
        if not stem or not is_summed and (self.names.is_known(token.text) or len(index) > 2 or not set(index) <= USUAL):
            return None
        if not is_summed:
            raise self.unread(token, f"no sum runs over the index of `{token.text}`",
                              "write a sum over it, or declare the name, such as  w_k : scalar")
        if self.names.is_known(token.text):
            raise self.unread(token, f"`{token.text}` is a name of its own, and its index is summed here",
                              "give the name another index, or the vector or matrix a name without one")
        leaf = self.node("name", (), token.start, token.end, stem)
        return self.entry_of(leaf, Token("sub", index, token.start, token.end))

    def entry_of(self, base: Tree, token: Token) -> Tree:
        """base_{ij}."""
        if base.kind == "entry" or len(token.text) > 2 or not set(token.text) <= set(self.summed):
            raise self.unread(token, "this index is not read here",
                              f"an entry has one or two indices that are summed; here {_listed(self.summed)}")
        return self.node("entry", (base,), base.start, max(base.end, token.end), tuple(token.text))

    def unread(self, token: Token, message: str, help: str = ""):
        return self.source.error("M117", message, (token.start, token.end), help=help)


def _listed(labels: tuple[str, ...]) -> str:
    return f"{', '.join(labels)} {'is' if len(labels) == 1 else 'are'}"
