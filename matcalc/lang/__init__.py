"""What is said in words: sentences that remember what they are made of, and one catalogue a language.

English stands in the code and in the templates; `de.toml` says the same in German.  A
further language is a further file in this folder.
"""

from .catalogue import ENGLISH, Language, language, languages
from .said import Said, all_of, one_by_one, said

__all__ = ["ENGLISH", "Language", "Said", "all_of", "language", "languages", "one_by_one", "said"]
