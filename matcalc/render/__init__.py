"""Renderings of derivations and results: `render(derivation, format, **options)`."""

from .render import FORMATS, render

__all__ = ["FORMATS", "render"]
