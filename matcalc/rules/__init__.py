"""What the program knows: one `Rule` an operation, one `Entrywise` row a function."""

from . import entrywise, matrix, network, normalisation, products, reductions
from .entrywise import ENTRYWISE, FUNCTION_NAMES
from .rule import Entrywise, Rule

RULES: dict[str, Rule] = {
    rule.op: rule
    for rule in (*products.RULES, *matrix.RULES, *reductions.RULES, *network.RULES, *normalisation.RULES,
                 entrywise.RULE)
}

__all__ = ["ENTRYWISE", "FUNCTION_NAMES", "RULES", "Entrywise", "Rule"]
