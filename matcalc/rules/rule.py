"""What a rule is.

A rule is one declaration: everything the program knows about one operation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from ..expr.node import Expr


@dataclass(frozen=True)
class Rule:
    """One operation of the expression language.

    op            the node's op
    title         its name in words
    signature     shapes of operands and result, e.g. "m k, k n -> m n"; a size is a
                  letter, 1, or a product such as m*p; "..." repeats the last operand
    operands      names of the operands, as used in `vjp` and in printed statements
    vjp           vjp(G, Y, i, args, data) -> cotangent contribution to operand i, an
                  `Expr`, for the cotangent G of the result; Y is the result (the node,
                  or the variable that names it), data the node's data; None when
                  operand i carries no derivative (an exponent that is a number)
    differential  differential(Y, args, dargs, data) -> dY, linear in dargs (zeros where
                  an operand does not vary)
    oracle        oracle(np, arrays, data, sizes) -> array: the value in plain NumPy.
                  `arrays` are 2-D (a scalar is (1, 1)); `sizes` maps size names to ints
    why           the sentence a lecturer says when the rule is used
    calls         names of the operation in the input language (functions only)
    cites         sources: "cookbook:57", "magnus:8.3", "giles:2.2.3", ...
    domain        where the formula holds, in words; goes into the answer's assumptions
    optional      how many of the last operands may be left out in the input language
                  (they are 0 then)
    draw          how test operands are drawn: "any", "square", "invertible",
                  "det>0", "spd", "positive", "simplex" (one word an operand)
    """

    op: str
    title: str
    signature: str
    operands: tuple[str, ...]
    vjp: Callable[..., Expr | None]
    differential: Callable[..., Expr]
    oracle: Callable
    why: str
    calls: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    domain: str = ""
    draw: tuple[str, ...] = ()
    optional: int = 0


@dataclass(frozen=True)
class Entrywise:
    """One entrywise function: a row of the table in `rules/entrywise.py`.

    name        name in the input language
    derivative  derivative(x, y) -> Expr in the operand x and the value y = f(x)
    numpy       numpy(np, x) -> array
    aliases     further names
    latex       how it is typeset ("\\tanh", "\\operatorname{ReLU}")
    domain      where it is defined and differentiable, in words
    draw        "any", "positive", "unit" (open interval (-1, 1)), "above one"
    kinks       points where it has no derivative; `at_kink` says the value chosen there
    explicit    show the derivative as its formula even of a long operand (the formula
                uses x or y at most once); else f' is shown and its definition stated
    """

    name: str
    derivative: Callable[[Expr, Expr], Expr]
    numpy: Callable
    aliases: tuple[str, ...] = ()
    latex: str = ""
    domain: str = ""
    draw: str = "any"
    kinks: tuple[float, ...] = ()
    at_kink: str = ""
    explicit: bool = False
    why: str = ""
    cites: tuple[str, ...] = ()
