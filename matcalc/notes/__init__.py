"""Documents of several sections: prose, derivations, tables and pictures by one command."""

from .notes import Notes, notes

__all__ = ["Notes", "notes"]
