"""What a message says that nothing was made of: the words in no field, no act and no courtesy.

Only words that could be a wish are listed: names, figures and things, not the grammar around them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from plugins.parse.page import Page, Spans
from plugins.parse.vocabulary import table
from plugins.parse.words import Token, plain_words

_MOST = 8
"""Pieces listed; a message of which more was not understood says so by these."""

_SHORTEST = 3
"""Letters of the shortest word that is listed."""

_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "'s", "y", "al", "n't")
_FIGURE = re.compile(r"\d")
_WORD = re.compile(r"[^\W_]+")
_MEASURE = re.compile(
    r"(?<!\d)\d{1,5}\s?(?:gb|tb|gib|vcpus?|cores?|ghz|iops|mbps|gbps)\b(?! of\b| a\b| per\b)[^,;.\n]{0,16}",
    re.IGNORECASE,
)


def unused(page: Page, used: Iterable[str], extra_spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The pieces of the text, as they were written, that nothing was made of; at most eight.

    `used` are words that the act took: names of workspaces, for one.
    """
    known = _plain() | {word.lower() for text in used for word in _WORD.findall(text)}
    extra = Spans(extra_spans)
    left = [token for token in page.tokens if _is_left(page, token, known) and _is_asked(page, token.start, extra)]
    found = [page.quote(a, b) for a, b in _runs(left) if _speaks(page, a, b)]
    found += [page.quote(a, b) for a, b in page.layout.unknown if page.text[a:b].strip()]
    return tuple(dict.fromkeys(text for text in found if text))[:_MOST]


def _is_left(page: Page, token: Token, known: frozenset[str]) -> bool:
    """True for a word that no table knows and nothing took, and for a figure that measures a machine: "128gb ram"."""
    if not token.is_word or not page.is_free(token.start, token.end):
        return False
    if token.text[0].isdigit() and _MEASURE.match(page.text, token.start):
        return True
    if len(token.text) < _SHORTEST or token.text.isdigit() or token.low in known:
        return False
    return not _is_form(token.low, known)


def _is_asked(page: Page, start: int, extra: Spans) -> bool:
    return start not in extra and not page.is_older(start) and not page.clauses.is_elsewhere(start)


def _is_form(word: str, known: frozenset[str]) -> bool:
    """Forms of plain words are plain: plural, past, "-ing", "-ly"."""
    stems = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return any(stem in known or stem + "e" in known for stem in stems)


def _runs(tokens: Iterable[Token]) -> list[tuple[int, int]]:
    """Where words stand that nothing but a blank parts."""
    runs: list[tuple[int, int]] = []
    for token in tokens:
        if runs and token.start - runs[-1][1] <= 1:
            runs[-1] = (runs[-1][0], token.end)
        else:
            runs.append((token.start, token.end))
    return runs


def _speaks(page: Page, start: int, end: int) -> bool:
    """True where the words stand in a sentence that asks for something: beside what was read, or with a figure."""
    is_figure = _FIGURE.search(page.layout.text, start, end) is not None
    return is_figure or page.is_said_within(*page.clauses.sentence(start))


@cache
def _plain() -> frozenset[str]:
    return plain_words() | frozenset(table("common")["words"].split())
