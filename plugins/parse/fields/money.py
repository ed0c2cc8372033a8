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
    |\d{1,3}k\d(?!\w)  # 2k5 as France and Spain write it
    |\d{1,9}(?:[.,]\d{1,2})?
"""
_SCALE = r"k|thousand|grand|mio|millions?|m|lakhs?|lacs?|tsd\.?|tausend"
_PER = rf"""
    (?:
        \s{{0,2}}(?:(?:a|an|per|each|every|/|p\.?|pro|im|al|por|par|by|the)\s{{0,2}}){{1,2}}
        (?P<unit>{either("money", "period_words")})\b
        |\s{{0,2}}for\s(?:(?:the|this|a|one|our|each)\s)?(?:(?:whole|full|entire|coming|next)\s)?(?P<span>year|quarter|month|week)\b
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
_CODED = re.compile(rf"\b(?:{either('people', 'cost_center')})\b(?P<between>[^.;,()\n\d]{{0,40}})$", re.IGNORECASE)
"""The figure behind is a cost centre's."""

_UNIT_AFTER = re.compile(rf"^\s?-?(?:{either('money', 'unit_after')})", re.IGNORECASE)
_COUNTED_TO = re.compile(
    rf"^\s?(?:-|\u2013|to|till|until|or|and|bis)\s?\d{{1,5}}\s?-?(?:{either('money', 'unit_after')})", re.IGNORECASE
)
"""Behind the first figure of a range of things: "2 to 6 workers"."""
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
_CLAUSE_MARK = re.compile(r"[.;\n,](?!\d)|\s[-\u2013]\s")
_CALLED_LIMIT = re.compile(r"\b(?:limit|cap|max\w*)\b", re.IGNORECASE)
_CALLED_BUDGET = re.compile(r"\b(?:limit|cap|max\w*|budget\w*)\b", re.IGNORECASE)
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
    # "free of charge" is a limit of nothing, but only where no amount is said: "free tier, 200 a month" is 200.
    if not any(m.field == "cost_limit" for m in page.mentions):
        page.add(Mention("cost_limit", ["0", None], m.start(), m.end(), 2) for m in [_FREE.search(page.text)] if m)


def _keyed(page: Page) -> Iterator[Mention]:
    currency = next((page.text[p.start : p.end].strip(" \"'").upper() for p in page.pairs("currency")), None)
    for pair in page.pairs("cost_limit"):
        value = page.text[pair.start : pair.end]
        if not page.is_free(pair.start, pair.end):
            continue
        match = _amounts().search(value)
        # A number of things under "limit" limits those things; a currency makes it money whatever stands behind.
        if match is None or (_UNIT_AFTER.match(value[match.end() :]) and not _currency(match)):
            continue
        key = pair.key + " " + value
        near = _NEAR.search(value) or _NEAR.search(pair.key)
        period = _period(match) or (_words()[near[1].lower()] if near else "month")
        sign = (
            _currency(match)
            or next((_signs()[w] for w in re.findall(r"[a-z]{3}|[$€£]", key.lower()) if w in _signs()), None)
            or (currency if currency in _signs().values() else None)
        )
        yield Mention(
            "cost_limit",
            [str(_rounded(_scaled(match) / _PERIODS[period])), sign],
            pair.start,
            pair.start + match.end(),
            5,
        )


def _limits(page: Page) -> Iterator[Mention]:
    for match in _amounts().finditer(page.text):
        if (
            page.key_of(match.start("number")) not in _COUNTS
            and page.is_free(match.start(), match.end())
            and _is_limit(page, match)
        ):
            yield Mention("cost_limit", [str(_monthly(page, match)), _currency(match)], match.start(), match.end(), 2)


def bare_limit(text: str) -> tuple[Decimal, str | None] | None:
    """A limit as the answer to the question for it: "700", "raise it to 1.2k", "900 eur"."""
    for match in _amounts().finditer(text):
        # "4 workers, 900": the first number that counts nothing is the answer.
        if not _UNIT_AFTER.match(text[match.end() : match.end() + 30]):
            return _scaled(match) / _PERIODS[_period(match) or "month"], _currency(match)
    return None


def _is_limit(page: Page, match: re.Match[str]) -> bool:
    """True for an amount that the sentence limits; a turnover, a bill and a count of things are none."""
    before, after = page.before(match.start(), 60), page.after(match.end())
    currency, period = _currency(match), _period(match)
    # A lone figure in a text without letters ("4412") is a code as often as an amount.
    if not (currency or period or match["scale"]) and not _LETTER.search(before + after):
        return False
    if _BUSINESS.search(before) or _UNIT_AFTER.match(after) or _COUNTED_TO.match(after) or _INJECTED.search(before):
        return False
    coded = None if currency else _CODED.search(before)
    if coded is not None and not (period or match["scale"] or _CALLED_BUDGET.search(coded["between"])):
        return False
    clause = _CLAUSE_MARK.split(before)[-1]
    # A turnover or a price of a company, unless the very clause calls it a limit.
    if _scaled(match) >= _MOST and not _CALLED_LIMIT.search(clause):
        return False
    if currency:
        return True
    named = _NAMED.search(clause) is not None
    # "500 a team", "5 m wide": such letters are words of the sentence as often as periods.
    if period and not named and match["unit"] in _SHORT_UNITS and not match["scale"]:
        return False
    return _is_plain_limit(match, clause=clause, after=after, named=named)


def _is_plain_limit(match: re.Match[str], *, clause: str, after: str, named: bool) -> bool:
    """True for an amount without a currency that is called a limit, for a period or beside a word for one."""
    limiting = _LIMITING.search(clause) or _LIMIT_AFTER.match(after)
    period = _period(match)
    if match["scale"] and (limiting or period):
        return True
    is_amount = int(amount(match["number"]) or 0) >= _LEAST
    if period and (limiting or named) and is_amount:
        return True
    if limiting and (is_amount or _CALLED_BUDGET.search(clause)) and (_NEAR.search(clause) or _NEAR.search(after[:16])):
        return True
    return named and not match["unit"] and is_amount


def _monthly(page: Page, match: re.Match[str]) -> Decimal:
    value = _scaled(match)
    period = _period(match)
    if period is None:
        near = _NEAR.search(page.after(match.end(), 16)) or _NEAR.search(page.before(match.start(), 24))
        period = _words()[near[1].lower()] if near else "month"
    return _rounded(value / _PERIODS[period])


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).normalize() + 0


def _scaled(match: re.Match[str]) -> Decimal:
    """The amount that is written, "k", "lakh" and the like counted in."""
    scale = (match["scale"] or "").lower().rstrip(".s")
    return (amount(match["number"]) or Decimal(0)) * (_scales()[scale] if scale else 1)


@cache
def _scales() -> Mapping[str, int]:
    return table("money")["scales"]


def _period(match: re.Match[str]) -> str | None:
    word = match["unit"] or match["span"] or match["adverb"]
    return _words().get(word.lower(), "month") if word else None


def _currency(match: re.Match[str]) -> str | None:
    named = match["after"] or match["last"]
    # "$500 CAD": the code behind is the exact one, for many countries write a dollar.
    sign = named if named and match["before"] == "$" else match["before"] or named
    if sign is None and (beside := _in_currency().match(match.string, match.end())):
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
    beside = r"\s{0,2},?\s?(?:budget|limit|cap|max|spend)?\s{0,2}in "
    return re.compile(rf"{beside}({_sign()})(?![a-z])", re.IGNORECASE)
