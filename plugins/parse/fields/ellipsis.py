"""What a correction leaves unsaid: in "2-8 workers, hmm, make that 4 to 12" the second range counts workers too."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

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
    page.add(_before_another(page))
    page.add(_owner_of_another(page))


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
    r"""\s(?:one\s|workspace\s)?(?:(?:which|who|that)\s)?
    (?P<verb>(?:(?:only\s)?(?:with|w/|gets?|needs?|has|have|takes?|at)|reicht|reichen|braucht|bekommt|mit(?:\sje)?)\s(?:only\s|just\s)?)?
    (?P<n>\d{1,5}|einer|eine|eins)(?:\s?(?:-|to|bis)\s?(?P<most>\d{1,3}))?
    (?=\s?(?:$|[;)\n]|,(?!\d)|\.(?!\d))|\s(?:for|in|on|bei|and|but|please|each|will\sdo|is\senough|suffices|would\sdo|a\smonth|im\smonat|pro\smonat|per\smonth)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_BEFORE_ANOTHER = re.compile(r"(?:,|;|\band|\bbut)\s(?P<n>\d{1,5})\s(?:for|in|on|bei|für)\s(?:the\s)?$", re.IGNORECASE)
_MOST_WORKERS = 999


_OPENS = re.compile(
    r"(?:^|[,;:.\n(]\s{1,2}(?:and\s|but\s|und\s)?|\b(?:and|but|und|bei|for|in)\s)(?:the\s)?$", re.IGNORECASE
)


def _for_another(page: Page) -> Iterator[Mention]:
    """A bare number behind another environment or team: what that one has of what one before had a number of."""
    numbers = _Numbers(page, ("workers", "cost_limit"))
    if not numbers:
        return
    named = [mention.end for mention in page.mentions if mention.field == "team"]
    named += [end for _, end in _each_named(page)]
    opening = {end for start, end in _each_named(page) if _OPENS.search(page.layout.text[max(0, start - 12) : start])}
    for end in sorted(set(named)):
        match = _ANOTHERS.match(page.text, end)
        if match is not None and not match["verb"] and end not in opening:
            continue  # "ticket prod 42" counts nothing of prod
        earlier = numbers.right_before(end) if match else None
        counted = _counted(earlier, _number(match["n"])) if match is not None and earlier is not None else None
        if match is None or earlier is None or counted is None:
            continue
        if match["most"] and earlier.field == "workers":
            counted = [int(match["n"]), int(match["most"])]
        yield replace(earlier, value=counted, start=match.start("n"), end=match.end("most" if match["most"] else "n"))


_ANOTHER_OWNER = re.compile(
    r"(?:,|;|\band)\s(?P<who>[\w.+-]{1,64}@[\w.-]{1,80})\s(?:for|of|in|on)\s(?:the\s)?$", re.IGNORECASE
)
_OWNER_REACH = 120


def _owner_of_another(page: Page) -> Iterator[Mention]:
    """Whoever stands before another environment: "owner ana@x for prod, tom@x for dev"."""
    owners = _Numbers(page, ("owner",))
    for start in _stages(page) if owners else ():
        match = _ANOTHER_OWNER.search(page.layout.text, max(0, start - _OWNER_REACH), start)
        earlier = owners.right_before(match.start()) if match else None
        if match is not None and earlier is not None:
            yield replace(earlier, value=match["who"], start=match.start("who"), end=match.end("who"))


def _number(words: str) -> int:
    return int(words) if words.isdigit() else 1


def _before_another(page: Page) -> Iterator[Mention]:
    """A bare number before another environment: "2 workers for dev and 6 for prod"."""
    numbers = _Numbers(page, ("workers", "cost_limit"))
    for start in _stages(page) if numbers else ():
        match = _BEFORE_ANOTHER.search(page.text, max(0, start - _REACH), start)
        earlier = numbers.right_before(match.start()) if match else None
        if match is not None and earlier is not None and (counted := _counted(earlier, int(match["n"]))):
            yield replace(earlier, value=counted, start=match.start("n"), end=match.end("n"))


def _counted(before: Mention, count: int) -> list[JsonValue] | None:
    """The number as that mention counts: workers as limits of the same kind, money in the same currency."""
    if not isinstance(before.value, list) or (before.field == "workers" and count > _MOST_WORKERS):
        return None
    low, high = before.value
    if before.field == "cost_limit":
        return [str(count), high]
    return [None, count] if low is None else [count, None] if high is None else [count, count]


def _stages(page: Page) -> list[int]:
    return [start for start, _ in _each_named(page)]


def _each_named(page: Page) -> list[tuple[int, int]]:
    """Where an environment is named, or one of several teams."""
    named = {(page.tokens[hit.first].start, page.tokens[hit.after - 1].end) for hit in page.hits(environment_words())}
    named.update(match.span() for match in _OTHERS.finditer(page.layout.text))
    names = {str(mention.value) for mention in page.mentions if mention.field == "team" and mention.value}
    for mention in page.mentions:
        if mention.field == "teams" and isinstance(mention.value, list):
            names.update(map(str, mention.value))
    if len(names) > 1:
        any_name = "|".join(re.escape(name).replace(r"\-", "[ _-]") for name in sorted(names)[:_MOST_NAMES])
        found = re.finditer(rf"(?<![\w-])(?:{any_name})(?![\w-])", page.layout.text, re.IGNORECASE)
        named.update(match.span() for match in found)
    return sorted(named)


_OTHERS = re.compile(
    r"""\b(?:the|all)\ (?:others|other\ (?:ones?|[2-4])|rest|remaining(?:\ ones?)?)\b
    |\b(?:die|den|alle)\ (?:anderen?|übrigen)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_MOST_NAMES = 40


def refused(page: Page) -> None:
    """Adds what is refused of one environment and said of another: "photon in prod, not in dev"."""
    page.add(_refused(page))
    page.add(_never(page))


_NOT_IN = re.compile(
    r"""(?:(?:,|;|\band|\bbut)\s(?:but\s)?(?P<not>not)\s(?:for|in|on)
    |(?P<except>\b(?:except|excluding|apart\sfrom|other\sthan|(?<=all\s)but|(?<=everywhere\s)but|(?<=everything\s)but)
        (?:\s(?:for|in|on))?))\s(?:the\s)?$""",
    re.IGNORECASE | re.VERBOSE,
)


def _refused(page: Page) -> Iterator[Mention]:
    flags = _Numbers(page, ("spot", "photon", "enable_gpu"))
    stages = _stages(page) if flags else []
    for before, start in pairwise([0, *stages]):
        match = _NOT_IN.search(page.layout.text, max(0, start - _REACH), start)
        earlier = flags.right_before(match.start()) if match else None
        if match is None or earlier is None:
            continue
        # "Photon, not in prod" speaks of no other that has it.
        if match["except"] or earlier.end <= before:
            where = match.span("except") if match["except"] else match.span("not")
            wanted = bool(match["except"]) and not earlier.value  # "not" refuses, an exception turns what was said
            yield replace(earlier, value=wanted, start=where[0], end=where[1], kind=REFUSED)


_NEVER = re.compile(
    r"\s(?P<not>never|without(?:\sit|\sany)?|not|no|doesn'?t|does\snot|isn'?t|ohne|nicht|nie)"
    r"(?=\s?(?:[,.;)\n]|$)|\s(?:and|but)\b)",
    re.IGNORECASE,
)


def _never(page: Page) -> Iterator[Mention]:
    """What one has and another has not: "oak with photon, elm without", "staging may use spot, prod never"."""
    flags = _Numbers(page, ("spot", "photon", "enable_gpu"))
    for (_, before), (start, end) in pairwise(_each_named(page)) if flags else ():
        match = _NEVER.match(page.text, end)
        earlier = flags.right_before(start) if match else None
        if match is not None and earlier is not None and earlier.start > before - _NEAR:
            yield replace(earlier, value=False, start=match.start("not"), end=match.end("not"))


REFUSED = "refused of one"
"""Kind of a flag that is said of the environment right behind it alone."""


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
