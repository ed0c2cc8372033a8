"""In which language a message is, as far as its small words or its letters tell. A guess, which decides nothing."""

import re
from collections.abc import Mapping
from functools import cache

from plugins.parse.vocabulary import table

_LOOKED_AT = 600
"""Characters from which it is told: a person's first sentences, not what they paste below."""

_SHARE = 6
"""One letter in so many tells the language: names of products stay in their own."""

_ENOUGH = 2
"""Small words of a language that a message must have, and more of them than English ones."""


def language_of(text: str) -> str:
    """The language's code ("de"), "en" where it is English or cannot be told."""
    start = text[:_LOOKED_AT].casefold()
    written = next((name for name, (first, last) in _letters().items() if _in_letters(start, first, last)), None)
    if written is not None:
        return written
    words = set(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", start))
    counts = {name: len(words & known) for name, known in _words().items()}
    best = max(counts, key=lambda name: (counts[name], name == "en"))
    return best if counts[best] >= _ENOUGH and counts[best] > counts["en"] else "en"


def _in_letters(text: str, first: str, last: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return _SHARE * sum(first <= letter <= last for letter in letters) > len(letters)


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in table("languages")["words"].items()}


@cache
def _letters() -> Mapping[str, tuple[str, str]]:
    return {name: (first, last) for name, (first, last) in table("languages")["letters"].items()}
