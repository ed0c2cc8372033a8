"""What a correction leaves unsaid: in "2-8 workers, hmm, make that 4 to 12" the second range counts workers too."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import JsonValue

from plugins.parse.fields.kind import environment_words
from plugins.parse.fields.money import bare_limit
from plugins.parse.page import Mention, Page

_REACH = 24
"""Characters behind a correction within which the new value stands."""

_NEAR = 60
"""Characters before a correction, or before a range that goes on, within which the number stands that it takes up."""

_LEAD = r"\W{0,4}(?:\w{1,6}\ ){0,3}"
_RANGE = re.compile(
    rf"""{_LEAD}(?P<low>\d{{1,3}})\s?(?:-|to|bis|until|and|\.\.)\s?(?P<high>\d{{1,3}})\b
    (?!\s?(?:h\b|hours|days|weeks|usd|eur|%|k\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMBER = re.compile(
    rf"{_LEAD}(?P<n>\d{{1,5}}(?:[.,]\d{{1,3}})?\s?k?)\b(?!\s?(?:-|to\ \d|%))", re.IGNORECASE | re.VERBOSE
)
_BESIDE = re.compile(
    r"(?:,|\band\b|;)\s?(?P<low>\d{1,3})\s?(?:-|to)\s?(?P<high>\d{1,3})\s(?=(?:in|for|on)\s)", re.IGNORECASE
)
_COUNTED = re.compile(
    r"""[\d.,k ]+\s?(?:
        hours?|h\b|days?|weeks?|months?|workers?|nodes?|gpus?|people|users|gb|tb|usd|eur|%
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_NUMERIC = ("workers", "cost_limit", "hours_per_week", "expires_in_days")


def elided(page: Page) -> None:
    """Adds mentions for bare numbers that take back an earlier number, of the field that this one had."""
    page.add(_elided(page))


def beside(page: Page) -> None:
    """Adds numbers that go on with workers: "2-4 workers in dev, 4-12 in prod", "dev with 2 workers, prod with 6"."""
    page.add(_beside(page))
    page.add(_for_another(page))


def _elided(page: Page) -> Iterator[Mention]:
    numbers = _Numbers(page, _NUMERIC)
    last = 0
    for start, end in page.clauses.corrections:
        earlier = numbers.right_before(start)
        if earlier is not None and end >= last and (elision := _instead(page, earlier, end)) is not None:
            mention, last = elision
            yield mention


def _instead(page: Page, earlier: Mention, at: int) -> tuple[Mention, int] | None:
    """The number behind a correction, as the earlier mention's field takes it, and where its words end."""
    text = page.text[at : at + _REACH]
    if earlier.field == "workers" and (match := _RANGE.match(text)):
        value = [int(match["low"]), int(match["high"])]
        end = at + match.end()
        return replace(earlier, value=value, start=at + match.start("low"), end=end), end
    if match := _NUMBER.match(text):
        start, end = at + match.start("n"), at + match.end()
        number = _as(earlier, match["n"], page.text[start : start + 30])
        return None if number is None else (replace(earlier, value=number, start=start, end=end), end)
    return None


def _beside(page: Page) -> Iterator[Mention]:
    numbers = _Numbers(page, ("workers",))
    for match in _BESIDE.finditer(page.text):
        earlier = numbers.right_before(match.start())
        if earlier is not None:
            value = [int(match["low"]), int(match["high"])]
            yield replace(earlier, value=value, start=match.start("low"), end=match.end("high"))


_ANOTHERS = re.compile(
    r"\s(?:one\s|workspace\s)?(?:with|gets?|needs?|has|takes?|at)\s(?P<n>\d{1,3})"
    r"(?=\s?(?:$|[;)\n]|,(?!\d)|\.(?!\d))|\s(?:for|in|and|but|please)\s)",
    re.IGNORECASE,
)


def _for_another(page: Page) -> Iterator[Mention]:
    """A bare number behind another environment or team: how many workers that one has, where one before had some."""
    numbers = _Numbers(page, ("workers",))
    if not numbers:
        return
    named = [page.tokens[hit.after - 1].end for hit in page.hits(environment_words())]
    named += [mention.end for mention in page.mentions if mention.field == "team"]
    for end in sorted(set(named)):
        match = _ANOTHERS.match(page.text, end)
        earlier = numbers.right_before(end) if match else None
        if match is None or earlier is None or not isinstance(earlier.value, list):
            continue
        count, (low, high) = int(match["n"]), earlier.value
        value: list[JsonValue] = [None, count] if low is None else [count, None] if high is None else [count, count]
        yield replace(earlier, value=value, start=match.start("n"), end=match.end("n"))


class _Numbers:
    """The mentions of some fields that are numbers, asked for the one right before a position."""

    def __init__(self, page: Page, fields: Sequence[str]) -> None:
        self._mentions = sorted((m for m in page.mentions if m.field in fields), key=lambda m: m.end)
        self._ends = [mention.end for mention in self._mentions]

    def __bool__(self) -> bool:
        return bool(self._mentions)

    def right_before(self, at: int) -> Mention | None:
        number = bisect_right(self._ends, at) - 1
        return self._mentions[number] if number >= 0 and at - self._ends[number] < _NEAR else None


def _as(earlier: Mention, digits: str, behind: str) -> JsonValue:
    """The number as the earlier mention's field takes it; None where it counts something else."""
    if earlier.field == "cost_limit":
        return _limit_of(earlier, behind)
    if _COUNTED.match(behind) or not digits.strip().isdigit():
        return None
    number = int(digits)
    if earlier.field == "workers" and isinstance(earlier.value, list):
        low, high = earlier.value
        return [
            number if low is not None and (high is None or low == high) else low,
            number if high is not None else None,
        ]
    return float(number) if earlier.field == "hours_per_week" else number


def _limit_of(earlier: Mention, amount: str) -> JsonValue:
    limit = bare_limit(amount)
    if limit is None or not isinstance(earlier.value, list):
        return None
    return [str(limit[0]), limit[1] or earlier.value[1]]
