"""Grading: a student's formula against the right derivative, and what went wrong."""

from .grading import grade
from .problem import Problem, load
from .verdict import Verdict

__all__ = ["Problem", "Verdict", "grade", "load"]
