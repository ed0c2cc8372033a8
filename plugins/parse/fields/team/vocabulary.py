"""The words that mark, bound or rule out a team's name, from teams.toml."""

import re
from collections.abc import Iterable
from functools import cache

from plugins.parse.vocabulary import table
from plugins.parse.words import plain_words


@cache
def listed_words(name: str) -> frozenset[str]:
    """One list of teams.toml."""
    return frozenset(table("teams")[name])


def either(*names: str) -> str:
    """A pattern that matches any phrase of these lists of teams.toml, as it stands there, the longest first."""
    return phrased(phrase for name in names for phrase in listed_words(name))


def phrased(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))


def is_group(word: str) -> bool:
    """True for "team", "squad", "department" and the like."""
    return word in listed_words("groups")


def is_plain(word: str) -> bool:
    """True for a word that carries no field and ends no name."""
    return word in plain_words() and word not in listed_words("name_nouns")
