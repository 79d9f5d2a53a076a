"""The engine: reverse sweep, differentials, identification, textbook forms."""
