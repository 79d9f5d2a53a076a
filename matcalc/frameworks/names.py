"""What the parameters and inputs of a module are called in a formula."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..errors import fail
from ..reader.vocabulary import ABSTRACT, OPERATIONS, SUGAR
from ..rules import FUNCTION_NAMES

# (operation, place of the argument) -> letter
LETTERS = {
    ("linear", 1): "W", ("linear", 2): "b", ("addmm", 2): "W", ("embedding", 0): "E",
    ("layer_norm", 2): "gamma", ("layer_norm", 3): "beta", ("rms_norm", 2): "gamma",
    ("batch_norm", 1): "gamma", ("batch_norm", 2): "beta", ("batch_norm", 3): "mu", ("batch_norm", 4): "v",
}
_TAKEN = {*FUNCTION_NAMES, *OPERATIONS, *SUGAR, *ABSTRACT, "e", "I", "pi"}
_SIZE = re.compile(r"N|n\d+")
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)
_MODULES_OWN = ("weight", "bias", "running_mean", "running_var")
LONGEST_SUFFIX = 2


def _is_taken(name: str) -> bool:
    return name in _TAKEN or _SIZE.fullmatch(name) is not None


class Use(NamedTuple):
    """The first use of a parameter: its path in the module, by which operation, at which place."""

    path: str
    operation: str
    place: int


class ParameterNames:
    """W1, b1, W2, ... in the order of use; W_q for a module called q; otherwise the path itself.

    given   names that the user has chosen: path -> name
    kept    names that the loss needs
    """

    def __init__(self, given: dict[str, str], kept: tuple[str, ...] = ()):
        self.given = dict(given)
        wrong = [n for n in given.values() if not _NAME.fullmatch(n) or n in kept or _is_taken(n)]
        wrong += [n for n in given.values() if list(given.values()).count(n) > 1]
        if wrong:
            raise fail("M337", f"`{wrong[0]}` cannot be the name of a parameter",
                       facts=("a name has letters, digits and _, and no size, function or target has it",),
                       help='names={"0.weight": "W"}')
        self.used = {*given.values(), *kept}
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}

    def parameter(self, use: Use) -> str:
        """The name of a parameter."""
        if use.path in self.given:
            return self.given[use.path]
        module, _, last = use.path.rpartition(".")
        letter = LETTERS.get((use.operation, use.place)) if module or last in _MODULES_OWN else None
        if letter is None:
            return self.free(use.path)
        last = module.rpartition(".")[2]
        if last.isalpha() and len(last) <= LONGEST_SUFFIX and f"{letter}_{last}" not in self.used:
            return self.free(f"{letter}_{last}")
        return self.free(f"{letter}{self._number(module, use.operation)}")

    def input(self, name: str, is_matrix: bool) -> str:
        """The name of an argument of `forward`: one letter as it is, x for nn.Sequential's input."""
        name = "x" if name == "input" else name
        return self.free(name.upper() if is_matrix and len(name) == 1 else name)

    def free(self, name: str) -> str:
        """A name like this one that can be written and nothing else has."""
        name = re.sub(r"\W", "_", name, flags=re.ASCII).strip("_")
        if not name[:1].isalpha():
            name = f"p_{name}"
        if _is_taken(name):
            name = f"{name}_"
        found, k = name, 1
        while found in self.used:
            k += 1
            found = f"{name}_{k}"
        self.used.add(found)
        return found

    def _number(self, module: str, operation: str) -> int:
        if (module, operation) not in self._numbers:
            self._counts[operation] = self._counts.get(operation, 0) + 1
            self._numbers[module, operation] = self._counts[operation]
        return self._numbers[module, operation]
