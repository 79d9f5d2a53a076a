"""Numbers: evaluation, random points, checks, generated NumPy code."""
