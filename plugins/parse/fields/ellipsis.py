"""What a correction leaves unsaid: in "2-8 workers, hmm, make that 4 to 12" the second range counts workers too."""

import re
from collections.abc import Iterator
from dataclasses import replace

from plugins.parse.fields.money import bare_limit
from plugins.parse.page import Mention, Page

_REACH = 24
"""Characters behind a correction within which the new value stands."""

_RANGE = re.compile(
    r"\W{0,4}(?:\w{1,6} ){0,3}(?P<low>\d{1,3})\s?(?:-|to|bis|until|and|\.\.)\s?(?P<high>\d{1,3})\b(?!\s?(?:h\b|hours|days|weeks|usd|eur|%|k\b))",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\W{0,4}(?:\w{1,6} ){0,3}(?P<n>\d{1,5}(?:[.,]\d{1,3})?\s?k?)\b(?!\s?(?:-|to \d|%))", re.IGNORECASE
)
_NUMERIC = ("workers", "cost_limit", "hours_per_week", "expires_in_days")


def elided(page: Page) -> None:
    """Adds mentions for bare numbers that take back an earlier number, of the field that this one had."""
    page.add(_elided(page))


def _elided(page: Page) -> Iterator[Mention]:
    numbers = sorted((m for m in page.mentions if m.field in _NUMERIC), key=lambda m: m.end)
    if not numbers:
        return
    last = 0
    for start, end in page.clauses.corrections:
        before = [m for m in numbers if m.end <= start and start - m.end < 60]  # noqa: PLR2004 - right before it
        if not before or end < last:
            continue
        earlier = before[-1]
        text = page.text[end : end + _REACH]
        if earlier.field == "workers" and (found := _RANGE.match(text)):
            last = end + found.end()
            yield replace(
                earlier, value=[int(found["low"]), int(found["high"])], start=end + found.start("low"), end=last
            )
        elif found := _NUMBER.match(text):
            value = _as(earlier, found["n"], page.text[end + found.start("n") : end + found.start("n") + 30])
            if value is not None:
                last = end + found.end()
                yield replace(earlier, value=value, start=end + found.start("n"), end=last)


_BESIDE = re.compile(
    r"(?:,|\band|;)\s?(?P<low>\d{1,3})\s?(?:-|to)\s?(?P<high>\d{1,3})\s(?=(?:in|for|on)\s)", re.IGNORECASE
)


def beside(page: Page) -> None:
    """Adds ranges that go on with workers: "2-4 workers in dev, 4-12 in prod"."""
    numbers = [m for m in page.mentions if m.field == "workers"]
    page.add(
        replace(earlier, value=[int(found["low"]), int(found["high"])], start=found.start("low"), end=found.end("high"))
        for found in _BESIDE.finditer(page.text)
        for earlier in [
            next((m for m in reversed(numbers) if m.end <= found.start() and found.start() - m.end < 60), None)
        ]  # noqa: PLR2004 - in the same breath
        if earlier is not None
    )


def _as(earlier: Mention, said: str, behind: str) -> object:
    """The number as the earlier mention's field takes it; None where it counts something else."""
    if (
        re.match(
            r"[\d.,k ]+\s?(?:hours?|h\b|days?|weeks?|months?|workers?|nodes?|gpus?|people|users|gb|tb|usd|eur|%)",
            behind,
            re.IGNORECASE,
        )
        and earlier.field != "cost_limit"
    ):
        return None
    if earlier.field == "cost_limit":
        limit = bare_limit(behind)
        if limit is None or not isinstance(earlier.value, list):
            return None
        return [str(limit[0]), limit[1] or earlier.value[1]]
    if not said.strip().isdigit():
        return None
    number = int(said)
    if earlier.field == "workers" and isinstance(earlier.value, list):
        low, high = earlier.value
        return [
            number if low is not None and (high is None or low == high) else low,
            number if high is not None else None,
        ]
    return float(number) if earlier.field == "hours_per_week" else number
