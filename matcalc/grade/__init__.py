"""Grading: a student's formula against the right derivative, and what went wrong."""

from .checking import check
from .classes import ClassReport, grade_class
from .grading import grade
from .loading import load
from .problem import Problem
from .verdict import Verdict

__all__ = ["ClassReport", "Problem", "Verdict", "check", "grade", "grade_class", "load"]
