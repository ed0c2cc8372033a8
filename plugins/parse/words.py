"""Words of a text: where they stand, what joins them, and which of the tables' phrases they spell.

Everything here is one pass over the text: no look-up depends on what another one found.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from plugins.parse.vocabulary import table

_SHORTEST_JOINED = 6
"""Letters of a phrase that is recognised written together ("eastus2"); shorter ones meet other words."""

_TOKEN = re.compile(r"[^\W_]+n't\b|[^\W_]+|'(?:s|re|ve|ll|d|m|t)\b|\n|[^\w\s]|_")


class Token(NamedTuple):
    """`joint` when nothing but a hyphen or an underscore stands between this word and the word before it."""

    text: str
    low: str
    start: int
    end: int
    joint: bool = False

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()


class Tokens(tuple[Token, ...]):  # noqa: SLOT001 - with slots there is no room for what `cached_property` keeps
    """The tokens of a text, in order. A tuple that knows where each word stands, as a dozen tables look for theirs."""

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[int]]:
        """Word in small letters → the numbers of the tokens that spell it, in order."""
        return _by_word(self)


def _by_word(tokens: Iterable[Token]) -> Mapping[str, Sequence[int]]:
    places: dict[str, list[int]] = {}
    for number, token in enumerate(tokens):
        places.setdefault(token.low, []).append(number)
    return places


def tokens_of(text: str) -> Tokens:
    """Words, numbers, marks and line ends of the text, in order."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        word = match[0]
        start = match.start()
        joint = word[0].isalnum() and len(tokens) > 1 and _is_tied(tokens[-2], tokens[-1], start)
        tokens.append(Token(word, word.lower(), start, match.end(), joint))
    return Tokens(tokens)


def _is_tied(word: Token, mark: Token, start: int) -> bool:
    return mark.text in "-_" and mark.end == start and word.end == mark.start and word.is_word


class Hit(NamedTuple):
    """A phrase found: the value it stands for, and the first token and the one after the last."""

    value: tuple[str, ...]
    first: int
    after: int


class Phrases:
    """Phrases of one or more words → values, looked up at every word of a text, the longest first."""

    def __init__(self, rows: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for phrase, value in rows:
            words = tuple(token.low for token in tokens_of(phrase) if token.text not in "-_")
            self._add(words, value)
            if "'" in phrase[1:-1]:  # as people type it who are in a hurry: "lets say dev"
                self._add(tuple(token.low for token in tokens_of(phrase.replace("'", ""))), value)
            if len(words) > 1 and len("".join(words)) >= _SHORTEST_JOINED:
                self._add(("".join(words),), value)
        for phrases in self._by_first.values():
            phrases.sort(key=lambda row: -len(row[0]))
        self._words = frozenset(word for phrases in self._by_first.values() for words, _ in phrases for word in words)

    def _add(self, words: tuple[str, ...], value: tuple[str, ...]) -> None:
        if words:
            self._by_first.setdefault(words[0], []).append((words, value))

    def words(self) -> frozenset[str]:
        """Every word that stands in a phrase."""
        return self._words

    def hits(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """What the tokens spell, from left to right, without overlaps."""
        by_first = self._by_first
        by_word = tokens.by_word if isinstance(tokens, Tokens) else _by_word(tokens)
        after = 0
        for at in sorted(at for word in by_word.keys() & by_first.keys() for at in by_word[word]):
            if at < after:
                continue
            for words, value in by_first[tokens[at].low]:
                if end := _spelled(tokens, at, words):
                    yield Hit(value, at, end)
                    after = end
                    break


def _spelled(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> int:
    """The token after these words when they stand here, hyphens between them passed over; else 0."""
    for number, word in enumerate(words):
        if number and at < len(tokens) and tokens[at].text in "-_" and len(tokens[at].text) == 1:
            at += 1
        if at >= len(tokens) or tokens[at].low != word:
            return 0
        at += 1
    return at


@cache
def lexicon() -> Mapping[str, frozenset[str]]:
    """The groups of words that carry no field, by name."""
    return {name: frozenset(str(words).split()) for name, words in table("lexicon").items()}


@cache
def plain_words() -> frozenset[str]:
    """All words that carry no field."""
    return frozenset[str]().union(*lexicon().values())
