"""What the names in an answer may mean: those of the problem, and the writer's own definitions."""

from __future__ import annotations

import re

from ..expr.node import walk
from ..model import Model
from ..rules import FUNCTION_NAMES
from .latex_words import FUNCTIONS
from .numpy_text import FUNCTIONS as CODE_FUNCTIONS
from .spelling import Spelling, key, parts
from .vocabulary import ABSTRACT, OPERATIONS, SUGAR, Names

CONSTANTS = {"ones": "ones", "eye": "eye", "I": "eye", "pi": "pi", "e": "e", "Id": "eye"}
ALONG = ("softmax_rows", "softmax_cols", "logsumexp_rows", "logsumexp_cols")
LOGISTIC = {"sigmoid", "softplus", "silu"}  # beside these, sigma is the logistic function
MAX_SPLIT = 60
RECIPROCALS = {"sech": "cosh", "csch": "sinh", "sec": "cos", "csc": "sin"}  # 1/cosh and so on
SPELLED_OUT = {*RECIPROCALS, "adj", "adjugate"}
STEPS = ("H", "Heaviside", "heaviside")  # the step function, where they name nothing else
_SLOPE = re.compile(r"(?:d_?|grad_)(\w+)|(\w+?)_?(?:prime|dash|deriv|derivative|grad|der)")


class AnswerNames(Names):
    """Names of a model in any spelling, and the names that the answer defines.

    functions   name in answers -> function of the language, e.g. {"sigma": "sigmoid"}
    rows        letter of the rows of a matrix -> the matrix
    own         name as written in the answer -> name that stands for its value
    """

    def __init__(self, model: Model, functions: dict[str, str] | None = None,
                 rows: dict[str, str] | None = None):
        shapes = {**{v.name: v.shape for v in model.variables.values()},
                  **{a.name: a.expr.shape for a in model.assignments}}
        super().__init__(shapes, model.functions, model.output.name, shapes)
        self.shapes = shapes
        self.computed = {a.name for a in model.assignments}
        self.sizes = {n for s in shapes.values() for d in s for n in d.names} - set(shapes)
        self.aliases = dict(functions or {})
        self.rows = dict(rows or {})
        self.spelling = Spelling([*shapes, *self.sizes])
        self.own: dict[tuple, str] = {}
        ops = {e.data.name for a in model.assignments for e in walk(a.expr) if e.op == "fn"}
        kinds = {e.op.rpartition("_")[2] for a in model.assignments for e in walk(a.expr) if e.op in ALONG}
        self.along = kinds.pop() if len(kinds) == 1 else ""
        if ops & LOGISTIC and "sigma" not in self.entrywise:
            self.aliases.setdefault("sigma", "sigmoid")

    def find(self, word: str) -> str | None:
        """The value that a word names, or None."""
        return self.own.get(key(word)) or self.spelling.find(word) or (
            CONSTANTS.get(word) if word in CONSTANTS else self._estimate(word))

    def _estimate(self, word: str) -> str | None:
        """\\hat p for p, where p is computed: a prediction has a hat; a given value has none."""
        base, accent = key(word)
        found = self.spelling.by_key.get((base, "")) if accent == "hat" else None
        return found if found in self.computed else None

    def is_known(self, name: str) -> bool:
        return self.find(name) is not None

    def function(self, word: str) -> str | None:
        """The function that a word names, or None."""
        if word in self.aliases:
            return self.aliases[word]
        if word in self.entrywise:
            return word
        if self.own.get(key(word)) or self.spelling.find(word):
            return None
        if word in STEPS or word in SPELLED_OUT:
            return "step" if word in STEPS else word
        return FUNCTIONS.get(word) or (word if word in SUGAR or word in CODE_FUNCTIONS else None)

    def slope(self, word: str) -> str | None:
        """The entrywise function whose derivative a word names: sigmoid_prime, dtanh, relu_grad."""
        found = _SLOPE.fullmatch(word)
        function = self.function(found.group(1) or found.group(2)) if found and self.find(word) is None else None
        return function if function in FUNCTION_NAMES or function in self.entrywise else None

    def is_function(self, name: str) -> bool:
        return self.function(name) is not None

    def functions(self) -> list[str]:
        abstract = [a for a in ABSTRACT if a in self.aliases]
        return sorted({*FUNCTION_NAMES, *OPERATIONS, *SUGAR, *self.entrywise, *abstract})

    def is_word(self, word: str) -> bool:
        """Whether glued letters of LaTeX are one name."""
        found = self.find(word)
        return found is not None and word not in CONSTANTS or word in self.aliases or key(word) in self.own

    def is_size(self, word: str) -> bool:
        return word in self.sizes

    def cut(self, word: str) -> list[str] | None:
        """A glued word as known names; None when it cannot be cut."""
        return parts(word, self.find) if len(word) <= MAX_SPLIT else None

    def below(self, word: str) -> str | None:
        """The name of the model that stands below a derivative, dW -> W."""
        return self.spelling.find(word[1:]) if word[:1] == "d" and len(word) > 1 else None

    def cotangent(self, above: str, below: str) -> tuple[str, str] | None:
        name = self.below(below)
        is_output = above[:1] == "d" and (above[1:] in (self.output, "L", "ell", "J") or not above[1:])
        return (self.output, name) if is_output and name in self.cotangents else None
