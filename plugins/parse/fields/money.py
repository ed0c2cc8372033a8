"""The monthly limit: amounts that are a budget, and not the ones that are business."""

import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from plugins.parse.numbers import amount
from plugins.parse.page import Mention, Page
from plugins.parse.vocabulary import either, table

_NUMBER = r"""
    \d{1,2}(?:,\d{2}){1,3},\d{3}  # 2,50,000 as India writes it
    |\d{1,3}(?:[.,'\ ]\d{3}){1,4}(?:[.,]\d{1,2})?  # 1.200,50 or 1'200.50
    |\d{1,9}(?:[.,]\d{1,2})?
"""
_SCALE = r"k|thousand|grand|mio|millions?|m|lakhs?|lacs?|tsd\.?|tausend"
_PER = rf"""
    (?:
        \s{{0,2}}(?:(?:a|an|per|each|every|/|p\.?|pro|im|al|por|par|by|the)\s{{0,2}}){{1,2}}
        (?P<unit>{either("money", "period_words")})\b
        |\s{{0,2}}\(?(?P<adverb>{either("money", "period_adverbs")})\b
    )
    """
_LIMITING = re.compile(rf"\b(?:{either('money', 'limiting')})", re.IGNORECASE)
_BUSINESS = re.compile(
    rf"""
    \b(?:budget|cost|bill|spend)\b[^.;\n]{{0,24}}[ ](?:was|were)\s$|\b
    (?:{either("money", "business")})\b[^.;\n]{{0,30}}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_UNIT_AFTER = re.compile(rf"^\s?-?(?:{either('money', 'unit_after')})", re.IGNORECASE)
_LEAST = 50
"""A budget is more than this when neither a currency nor a period stands beside it; "budget 8" is no amount."""

_COUNTS = frozenset(
    {"workers", "min_workers", "max_workers", "hours_per_week", "expires_in_days", "node_type", "cost_center"}
)
_MOST = 1_000_000
"""From this on an amount is a turnover or a project's sum, unless it is called a limit."""

_PERIODS = {
    "month": Decimal(1),
    "year": Decimal(12),
    "quarter": Decimal(3),
    "week": Decimal(12) / 52,
    "day": Decimal(12) / 365,
}
_NEAR = re.compile(r"\b(monthly|yearly|annual|annually|quarterly|weekly|daily|month|year|quarter)\b", re.IGNORECASE)
_SHORT_UNITS = ("a", "an", "m", "q")
"""Letters for a period that are words of a sentence too."""
_LETTER = re.compile(r"[^\W\d_]")
_CLAUSE_MARK = re.compile(r"[.;\n,](?!\d)")
_CALLED_LIMIT = re.compile(r"\b(?:limit|cap|max\w*)\b", re.IGNORECASE)
_INJECTED = re.compile(r"\b(?:skip|ignore|bypass|override|administrator|no approval)\b", re.IGNORECASE)
_FREE = re.compile(
    r"""
    \b(?:must|should|has[ ]to|may)[ ]cost[ ](?:nothing|us[ ]nothing)\b|\bfor[ ]free\b
    |\bfree[ ]of[ ]charge\b|\bzero[ ](?:cost|budget)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NAMED = re.compile(rf"\b(?:{either('money', 'named')})\b", re.IGNORECASE)
_LIMIT_AFTER = re.compile(rf"^[\s,)]{{0,3}}(?:is )?(?:the )?(?:{either('money', 'limit_after')})", re.IGNORECASE)


def money(page: Page) -> None:
    """Adds mentions of `cost_limit`: the amount per month, and the currency that was said or None."""
    page.add(_keyed(page))
    page.add(_limits(page))
    if not any(m.field == "cost_limit" for m in page.mentions):
        page.add(Mention("cost_limit", ["0", None], m.start(), m.end(), 2) for m in [_FREE.search(page.text)] if m)


def _keyed(page: Page) -> Iterator[Mention]:
    currency = next((page.text[p.start : p.end].strip(" \"'").upper() for p in page.pairs("currency")), None)
    for pair in page.pairs("cost_limit"):
        said = page.text[pair.start : pair.end]
        if not page.is_free(pair.start, pair.end):
            continue
        found = _amounts().search(said)
        if found is None or (_UNIT_AFTER.match(said[found.end() :]) and not _currency(found)):
            continue
        key = pair.key + " " + said
        near = _NEAR.search(said) or _NEAR.search(pair.key)
        period = _period(found) or (_words()[near[1].lower()] if near else "month")
        sign = (
            _currency(found)
            or next((_signs()[w] for w in re.findall(r"[a-z]{3}|[$€£]", key.lower()) if w in _signs()), None)
            or (currency if currency in _signs().values() else None)
        )
        yield Mention(
            "cost_limit",
            [str(_rounded(_scaled(found) / _PERIODS[period])), sign],
            pair.start,
            pair.start + found.end(),
            5,
        )


def _limits(page: Page) -> Iterator[Mention]:
    for found in _amounts().finditer(page.text):
        if (
            page.key_of(found.start("number")) not in _COUNTS
            and page.is_free(found.start(), found.end())
            and _is_limit(page, found)
        ):
            yield Mention("cost_limit", [str(_monthly(page, found)), _currency(found)], found.start(), found.end(), 2)


def bare_limit(text: str) -> tuple[Decimal, str | None] | None:
    """A limit as the answer to the question for it: "700", "raise it to 1.2k", "900 eur"."""
    for found in _amounts().finditer(text):
        if not _UNIT_AFTER.match(text[found.end() : found.end() + 30]):
            return _scaled(found) / _PERIODS[_period(found) or "month"], _currency(found)
    return None


def _is_limit(page: Page, found: re.Match[str]) -> bool:
    """True for an amount that the sentence limits; a turnover, a bill and a count of things are none."""
    before, after = page.before(found.start(), 60), page.after(found.end())
    currency, period = _currency(found), _period(found)
    if not (currency or period or found["scale"]) and not _LETTER.search(before + after):
        return False
    if _BUSINESS.search(before) or _UNIT_AFTER.match(after) or _INJECTED.search(before):
        return False
    clause = _CLAUSE_MARK.split(before)[-1]
    if _scaled(found) >= _MOST and not _CALLED_LIMIT.search(clause):
        return False
    if currency:
        return True
    named = _NAMED.search(clause) is not None
    if period and not named and found["unit"] in _SHORT_UNITS and not found["scale"]:
        return False
    return _is_plain_limit(found, clause=clause, after=after, named=named)


def _is_plain_limit(found: re.Match[str], *, clause: str, after: str, named: bool) -> bool:
    """True for an amount without a currency that is called a limit, for a period or beside a word for one."""
    limiting = _LIMITING.search(clause) or _LIMIT_AFTER.match(after)
    period = _period(found)
    if found["scale"] and (limiting or period):
        return True
    is_amount = int(amount(found["number"]) or 0) >= _LEAST
    if period and (limiting or named) and is_amount:
        return True
    if limiting and (_NEAR.search(clause) or _NEAR.search(after[:16])):
        return True
    return named and not found["unit"] and is_amount


def _monthly(page: Page, found: re.Match[str]) -> Decimal:
    value = _scaled(found)
    period = _period(found)
    if period is None:
        near = _NEAR.search(page.after(found.end(), 16)) or _NEAR.search(page.before(found.start(), 24))
        period = _words()[near[1].lower()] if near else "month"
    return _rounded(value / _PERIODS[period])


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).normalize() + 0


def _scaled(found: re.Match[str]) -> Decimal:
    """The amount that is written, "k", "lakh" and the like counted in."""
    scale = (found["scale"] or "").lower().rstrip(".s")
    return (amount(found["number"]) or Decimal(0)) * (_scales()[scale] if scale else 1)


@cache
def _scales() -> Mapping[str, int]:
    return table("money")["scales"]


def _period(found: re.Match[str]) -> str | None:
    word = found["unit"] or found["adverb"]
    return _words().get(word.lower(), "month") if word else None


def _currency(found: re.Match[str]) -> str | None:
    named = found["after"] or found["last"]
    sign = named if named and found["before"] == "$" else found["before"] or named
    if sign is None and (beside := _in_currency().match(found.string, found.end())):
        sign = beside[1]
    return _signs()[sign.lower()] if sign else None


@cache
def _signs() -> Mapping[str, str]:
    return table("money")["signs"]


@cache
def _words() -> Mapping[str, str]:
    return table("money")["words"]


def _sign() -> str:
    return "|".join(re.escape(sign) for sign in sorted(_signs(), key=len, reverse=True))


@cache
def _amounts() -> re.Pattern[str]:
    sign = _sign()
    return re.compile(
        rf"""
        (?<![\w.])(?P<before>{sign})?\s?
        (?P<number>{_NUMBER})\s?
        (?P<scale>{_SCALE})?(?:(?![\w%])|(?=(?:{sign})(?![a-z])))\s?  # "5k", "5k€", and not the "5" of "5km"
        (?P<after>(?:{sign})(?![a-z]))?
        {_PER}?
        (?:\s?(?P<last>{sign})(?![a-z]))?  # "500 a month USD"
        """,
        re.IGNORECASE | re.VERBOSE,
    )


@cache
def _in_currency() -> re.Pattern[str]:
    return re.compile(rf"\s{{0,2}}(?:budget|limit|cap|max|spend)?\s{{0,2}}(?:in )({_sign()})(?![a-z])", re.IGNORECASE)
