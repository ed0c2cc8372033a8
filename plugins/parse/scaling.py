"""Wishes in terms of what is there now: "double the workers", "one worker less", "20% more hours"."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from plugins.parse.vocabulary import either, table

Scaled = tuple[str, Literal["times", "plus"], Decimal]
"""The field, and by what it is to be multiplied or what is to be added to it."""

_WORKER = r"(?:workers?|nodes?|machines?|executors?)"
_WHAT = rf"(?P<what>{_WORKER}|size|cluster|capacity|hours|limit|budget)\b"
_N = r"(?P<n>\d{1,3}|an?|one)"
_MORE = r"(?P<more>more|extra|additional)"
_LESS = r"(?P<less>fewer|less)"
_UP = rf"(?P<up>{either('portfolio', 'up')})"
_DOWN = rf"(?P<down>{either('portfolio', 'down')})"
_FOLD = r"(?P<fold>[2-9])(?:\s?x|\stimes)(?=\s(?:as|the|more|its|our)\b)"
_FACTOR = rf"(?P<factor>{'|'.join(table('portfolio')['factors'])}|{_FOLD})"
_COUNTED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_N}\s(?:{_MORE}|{_LESS})\s{_WORKER}\b",
        r"\b(?P<more>another)\s(?:worker|node)\b",
        rf"\b{_N}\s{_WORKER}\s(?:(?P<more>more|extra|too few)|(?P<less>fewer|less|too many))\b(?!\sthan)",
        rf"\b(?:{_UP}|{_DOWN})\b[^.;,\n?]{{0,24}}\b{_WORKER}\b[^.;,\n?]{{0,12}}\bby\s{_N}\b(?!\s?(?:%|percent))",
        rf"\b(?:{_UP}|{_DOWN})\b[^.;,\n?]{{0,24}}\bby\s{_N}\s{_WORKER}\b",
        rf"\b{_WORKER}\s(?:(?P<up>up)|(?P<down>down))\sby\s{_N}\b(?!\s?(?:%|percent))",
    )
)
_ADDED = re.compile(
    rf"\b(?:(?P<up>add|plus)|(?P<down>remove|take away|take off|subtract))\s{_N}\s{_WORKER}\b", re.IGNORECASE
)
_MULTIPLIED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_FACTOR}\b[^.;?\n]{{0,24}}\b{_WHAT}",
        rf"\b{_WHAT}[^.;,?\n]{{0,12}}\b(?:in|by)\s(?P<factor>half)\b",
        rf"\b(?P<percent>\d{{1,3}})\s?(?:%|percent)\s(?:{_MORE}|{_LESS})\s{_WHAT}",
        rf"\b(?:{_UP}|{_DOWN})\b[^.;,\n?]{{0,24}}\b{_WHAT}[^.;,\n?]{{0,12}}\bby\s(?P<percent>\d{{1,3}})\s?(?:%|percent)",
        rf"\b{_WHAT}\s(?:(?P<up>up)|(?P<down>down))\sby\s(?P<percent>\d{{1,3}})\s?(?:%|percent)",
    )
)
_FIELDS = {"hours": "hours_per_week", "limit": "cost_limit", "budget": "cost_limit"}
_SIGN = re.compile(r"worker|node|machine|executor|size|cluster|capacity|hours|limit|budget", re.IGNORECASE)
"""Without one of these words nothing is scaled: a cheap look before the patterns."""


def scaled(text: str, *, stands: bool = True) -> Scaled | None:
    """The first wish of this kind in the text. Where nothing `stands` yet, "add 4 workers" says how many there be."""
    return next((wish for _, wish in _wishes(text, stands=stands)), None)


def words_scaled(text: str) -> tuple[str, ...]:
    """The words of such wishes, as they stand."""
    return tuple(match[0] for match, _ in _wishes(text, stands=True))


def _wishes(text: str, *, stands: bool) -> Iterator[tuple[re.Match[str], Scaled]]:
    if not _SIGN.search(text):
        return
    for pattern in _MULTIPLIED:
        for match in pattern.finditer(text):
            yield match, _multiplied(match)
    for pattern in (*_COUNTED, *((_ADDED,) if stands else ())):
        for match in pattern.finditer(text):
            said = match.groupdict()
            count = int(said["n"]) if (said.get("n") or "").isdigit() else 1
            yield match, ("workers", "plus", Decimal(count if said.get("more") or said.get("up") else -count))


def _multiplied(match: re.Match[str]) -> Scaled:
    said = match.groupdict()
    if said.get("fold"):
        by = Decimal(said["fold"])
    elif said.get("percent"):
        part = Decimal(said["percent"]) / 100
        by = 1 + part if said.get("more") or said.get("up") else max(1 - part, Decimal(0))
    else:
        factors: dict[str, str] = table("portfolio")["factors"]
        by = Decimal(factors[said["factor"].lower()])
    return _FIELDS.get(said["what"].lower(), "workers"), "times", by
