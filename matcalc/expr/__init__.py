"""Expressions: nodes, constructors, algebra, printers, the border to SymPy."""
