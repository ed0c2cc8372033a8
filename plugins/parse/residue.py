"""What a message says that nothing was made of: the words in no field, no act and no courtesy.

Only words that could be a wish are listed: names, figures and things, not the grammar around them.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from plugins.parse.page import MASK, Page
from plugins.parse.vocabulary import table
from plugins.parse.words import plain_words

_MOST = 8
"""Pieces listed; a message of which more was not understood says so by these."""

_FIGURE = re.compile(r"\d")


def unused(page: Page, used: Iterable[str], extra_spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """The pieces of the text, as they were written, that nothing was made of; at most eight.

    `used` are words that the act took: names of workspaces, for one.
    """
    said = {word.lower() for text in used for word in re.findall(r"[^\W_]+", text)}
    known = plain_words() | _common() | said
    inside = [
        token
        for token in page.tokens
        if token.is_word
        and MASK not in page.text[token.start : token.end]
        and not any(a <= token.start < b for a, b in extra_spans)
        and not page.is_older(token.start)
        and not page.clauses.is_elsewhere(token.start)
    ]
    left = [
        t for t in inside if len(t.text) > 2 and not t.text.isdigit() and t.low not in known and _counts(t.low, known)
    ]  # noqa: PLR2004
    left += [t for t in inside if _measures(page, t.start)]
    left.sort(key=lambda token: token.start)
    runs: list[list[int]] = []
    for one in left:
        if runs and one.start - runs[-1][1] <= 1:
            runs[-1][1] = one.end
        else:
            runs.append([one.start, one.end])
    unknown = [(a, b) for a, b in page.layout.unknown if page.text[a:b].strip()]
    found = [page.quote(a, b) for a, b in runs if _speaks(page, a, b)]
    found += [page.quote(a, b) for a, b in unknown]
    return tuple(dict.fromkeys(text for text in found if text))[:_MOST]


_MEASURE = re.compile(
    r"\d{1,5}\s?(?:gb|tb|gib|vcpus?|cores?|ghz|iops|mbps|gbps)\b(?! of\b| a\b| per\b)[^,;.\n]{0,16}", re.IGNORECASE
)


def _measures(page: Page, start: int) -> bool:
    """True where a figure begins that measures a machine: "128gb ram"."""
    return _MEASURE.match(page.text, start) is not None and (start == 0 or not page.text[start - 1].isdigit())


def _counts(word: str, known: frozenset[str]) -> bool:
    """Forms of plain words are plain: plural, past, "-ing", "-ly"."""
    for ending in ("s", "es", "d", "ed", "ing", "ly", "er", "'s", "y", "al", "n't"):
        if word.endswith(ending) and (word[: -len(ending)] in known or word[: -len(ending)] + "e" in known):
            return False
    return True


def _speaks(page: Page, start: int, end: int) -> bool:
    """True where the words stand in a clause that asks for something: a figure, or beside what was read."""
    text = page.layout.text
    sentence = page.clauses.sentence(start)
    beside = any(sentence[0] <= m.start < sentence[1] for m in page.mentions)
    return beside or bool(_FIGURE.search(text[start:end]))


@cache
def _common() -> frozenset[str]:
    return frozenset(table("common")["words"].split())


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch made one."""
    ordered = sorted(spans)
    found: list[tuple[int, int]] = ordered[:1]
    for _, (start, end) in pairwise(ordered):
        if start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found
