"""A function of our own process behind the same door as a guest: what a teacher passes is trusted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from ...numeric.against import frameworks
from .calls import called, signature
from .replies import Reply, reply


class Inside(nullcontext):
    """`loaded` and `call` of `host.Guest`, for a callable. Arrays are those of the library that it uses."""

    def __init__(self, function: Callable):
        super().__init__(self)
        self.kind = frameworks.kind_of(function)
        self.function = function
        name = getattr(function, "__name__", type(function).__name__)
        self.loaded = reply({"error": None, "functions": [{"name": name, **signature(function)}]})

    def call(self, name: str, places: list, names: dict) -> Reply:
        with frameworks.float64(self.kind):
            return reply(called(self.function, places, names, self._given, frameworks.plain))

    def _given(self, array):
        return frameworks.given(self.kind, array.copy())
