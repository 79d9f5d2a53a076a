"""Somebody else's gradient against ours: calling it, reading its answer, comparing, saying how."""
