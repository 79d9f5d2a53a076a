"""Pictures: computational graphs, layer diagrams, curves."""

from .plotting import plot

__all__ = ["plot"]
