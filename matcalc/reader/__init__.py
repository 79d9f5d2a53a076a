"""The reader: text of the input language to a model."""

from .read import read, read_formula

__all__ = ["read", "read_formula"]
