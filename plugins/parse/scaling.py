"""Wishes in terms of what is there now: "double the workers", "one worker less", "20% more hours"."""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple

from plugins.parse.ordered_amounts import is_denied, is_wanted
from plugins.parse.vocabulary import either, table

Scaled = tuple[str, Literal["times", "plus"], Decimal]
"""The field, and by what it is to be multiplied or what is to be added to it."""

_WORKER = r"(?:workers?|nodes?|machines?|executors?)"
# "Cluster hours" are hours, and "the size of the budget" is money.
_WHAT = (
    rf"(?P<what>(?:{_WORKER}|size|cluster|capacity)(?!\s(?:hours|budget)|\sof\s(?:the|our|its)\s(?:limit|budget))"
    r"|hours|limit|budget)\b"
)
_N = r"(?P<n>\d{1,3}|an?|one)"
_MORE = r"(?P<more>more|extra|additional)"
_LESS = r"(?P<less>fewer|less)"
_UP = rf"(?P<up>{either('portfolio', 'up')})"
_DOWN = rf"(?P<down>{either('portfolio', 'down')})"
_FOLD = r"(?P<fold>[2-9])(?:\s?x|\stimes)(?=\s(?:as|the|more|its|our)\b)"
_HALF_OF_THEM = (
    r"half\s(?:of\s)?(?:(?!(?:and|on|in|for)\b)\w{1,20}\s){0,4}(?:workspaces|ones|them|those|these|teams)\b"
    r"(?!['\u2019])"
)
"""So many of them, and no half of what they have: "half of all workspaces have 4 workers"."""
_FACTOR = (
    rf"(?!{_HALF_OF_THEM})(?P<factor>{'|'.join(table('portfolio')['factors'])}|{_FOLD})\b"
    r"(?![- ]?(?:check|click|verif|down\b|book|dip|digit|entry))"
)
_GAP = r"(?:(?!\b(?:and|or|but)\b)[^.;,\n?]){0,70}?"
"""Words between what belongs together: of one clause, as few as may be; a full name fits in."""
_PERCENT = r"(?P<percent>\d{1,3})\s?(?:%|percent)"
_NO_PERCENT = r"\b(?!\s?(?:%|percent))"
_NO_MEASURE = r"(?!\sthan|\sor\s(?:less|more|so)\b)"
_COUNTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_N}\s(?:{_MORE}|{_LESS})\s{_WORKER}\b",
        r"\b(?P<more>another)\s(?:worker|node)\b",
        rf"\b{_N}\s{_WORKER}\s(?:(?P<more>more|extra|too few)|(?P<less>fewer|less|too many))\b{_NO_MEASURE}",
        rf"\b(?:{_UP}|{_DOWN})\b{_GAP}\b{_WORKER}\b{_GAP}\bby\s{_N}{_NO_PERCENT}",
        rf"\b(?:{_UP}|{_DOWN})\b{_GAP}\bby\s{_N}\s{_WORKER}\b",
        rf"\b{_WORKER}\s(?:(?P<up>up)|(?P<down>down))\sby\s{_N}{_NO_PERCENT}",
    )
)
_ADDED = re.compile(
    rf"\b(?:(?P<up>add|plus)|(?P<down>remove|take away|take off|subtract))\s{_N}\s{_WORKER}\b", re.IGNORECASE
)
_MULTIPLIED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_FACTOR}{_GAP}\b{_WHAT}",
        rf"\b(?:(?:{_UP}|{_DOWN})\b{_GAP}\b)?{_WHAT}{_GAP}\b(?:in|by)\s(?P<factor>half)\b",
        rf"\b{_PERCENT}\s(?:{_MORE}|{_LESS})\s{_WHAT}",
        rf"\b(?:{_UP}|{_DOWN})\b{_GAP}\b{_WHAT}{_GAP}\bby\s{_PERCENT}",
        rf"\b{_WHAT}\s(?:(?P<up>up)|(?P<down>down))\sby\s{_PERCENT}",
    )
)
_FIELDS = {"hours": "hours_per_week", "limit": "cost_limit", "budget": "cost_limit"}
_SIGN = re.compile(r"worker|node|machine|executor|size|cluster|capacity|hours|limit|budget", re.IGNORECASE)
"""Without one of these words nothing is scaled: a cheap look before the patterns."""


def scaled(text: str, *, stands: bool = True) -> tuple[Scaled, ...]:
    """The wishes of this kind in the text, in order: those that are ordered, not what is told, asked or denied. Where
    nothing `stands` yet, "add 4 workers" says how many there be.
    """
    return tuple(one.wish for one in _spoken(text, stands=stands) if one.is_wanted)


def supposed(text: str, *, stands: bool = True) -> tuple[Scaled, ...]:
    """All that is spoken of and not denied: what a question asks the price of."""
    return tuple(one.wish for one in _spoken(text, stands=stands) if not one.is_denied)


def words_scaled(text: str, among: Collection[Scaled] | None = None) -> tuple[str, ...]:
    """The words of the wishes that are ordered, of those `among` these where given, as they stand."""
    wanted = (one for one in _spoken(text, stands=True) if one.is_wanted)
    return tuple(text[slice(*one.span)] for one in wanted if among is None or one.wish in among)


def spans_scaled(text: str, *, stands: bool) -> tuple[tuple[int, int], ...]:
    """Where such words stand, wished for or not: their figures are no numbers of workers."""
    return tuple(one.span for one in _spoken(text, stands=stands))


class _Spoken(NamedTuple):
    """Words in terms of what is there now: where they stand, what they say, and whether that is ordered or denied."""

    span: tuple[int, int]
    wish: Scaled
    is_wanted: bool
    is_denied: bool


_MOST = 40
"""Wishes that are looked at in one message."""


@lru_cache(maxsize=16)
def _spoken(text: str, *, stands: bool) -> tuple[_Spoken, ...]:
    return tuple(
        _Spoken(match.span(), wish, is_wanted(match, is_of_money=wish[0] == "cost_limit"), is_denied(match))
        for match, wish in islice(_wishes(text, stands=stands), _MOST)
    )


def _wishes(text: str, *, stands: bool) -> Iterator[tuple[re.Match[str], Scaled]]:
    """In order; where two overlap, the one that begins first."""
    if not _SIGN.search(text):
        return
    found = [(match, _multiplied(match)) for pattern in _MULTIPLIED for match in pattern.finditer(text)]
    found += [(match, _counted(match)) for pattern in _COUNTED for match in pattern.finditer(text)]
    found += [(match, _counted(match)) for match in _ADDED.finditer(text) if stands or is_denied(match)]
    end = 0
    for match, wish in sorted(found, key=lambda one: (one[0].start(), -one[0].end())):
        if match.start() >= end:
            yield match, wish
            end = match.end()


def _counted(match: re.Match[str]) -> Scaled:
    said = match.groupdict()
    count = int(said["n"]) if (said.get("n") or "").isdigit() else 1
    return "workers", "plus", Decimal(count if said.get("more") or said.get("up") else -count)


def _multiplied(match: re.Match[str]) -> Scaled:
    said = match.groupdict()
    is_more = bool(said.get("more") or said.get("up"))
    if said.get("fold"):
        by = Decimal(said["fold"])
    elif said.get("percent"):
        part = Decimal(said["percent"]) / 100
        by = 1 + part if is_more else max(1 - part, Decimal(0))
    else:
        factors: dict[str, str] = table("portfolio")["factors"]
        by = Decimal(factors[said["factor"].lower()])
        by = 1 + by if is_more else by
    return _FIELDS.get(said["what"].lower(), "workers"), "times", by
