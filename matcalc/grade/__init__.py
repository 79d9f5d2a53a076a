"""Grading: a student's formula against the right derivative, and what went wrong."""

from .classes import ClassReport, grade_class
from .grading import grade
from .problem import Problem, load
from .verdict import Verdict

__all__ = ["ClassReport", "Problem", "Verdict", "grade", "grade_class", "load"]
