"""The monthly limit: amounts that are a budget, and not the ones that are business."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from plugins.parse.numbers import amount
from plugins.parse.reading import Notes, Reading, corrected_between
from plugins.parse.vocabulary import table

_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_PER = (
    r"(?:\s*(?:a|an|per|each|every|/|p\.?)\s*(?P<unit>month|monat|mois|mes|mo|mth|m|year|yr"
    r"|annum|jahr|an|a|quarter|qtr|q|week|wk|day)\b"
    r"|\s*(?P<adverb>monthly|mtl|yearly|annually|annual|quarterly|weekly|daily|pcm|pm|p\.m\.|p\.a\.|pa)\b)"
)
_LIMITING = re.compile(
    r"\b(?:budget|limit|cap|capped|max|maximum|under|below|up to|no more than|not more than"
    r"|nothing over|at most|spend|spending|keep (?:it|this|costs?)"
    r"|ceiling|not exceed|exceed|less than|cheaper than|within|must cost|should cost|cost"
    r"|costs|tops|threshold|allowance|funding|price|pay|afford|allocated|approved)\b",
    re.IGNORECASE,
)
_BUSINESS = re.compile(
    r"\b(?:brings? in|revenue|turnover|saves?|saving|worth|makes?|generates?|earns?|sales of"
    r"|value of|sells?|processes|handles|moves|transactions?|invoices?|orders?|profit"
    r"|penalt\w+|loses?|losing|paid us|pays us|deal|contract of"
    r"|customers spend)\b[^.;\n]{0,30}$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"^\s?(?:msg|messages|events|rows|records|gb|tb|mb|users|people|workers?|nodes?|hours?"
    r"|h\b|days?|weeks?|months?\b|minutes?|min\b|cores?|vcpus?|gpus?|x\b|t4|a10|v100|h100)",
    re.IGNORECASE,
)
_LEAST = 50
"""A budget is more than this when neither a currency nor a period stands beside it; "budget 8" is no amount."""

_PERIODS = {
    "month": Decimal(1),
    "year": Decimal(12),
    "quarter": Decimal(3),
    "week": Decimal(12) / 52,
    "day": Decimal(12) / 365,
}
_NEAR = re.compile(r"\b(monthly|yearly|annual|annually|quarterly|weekly|daily|month|year|quarter)\b", re.IGNORECASE)
_INJECTED = re.compile(r"\b(?:skip|ignore|bypass|override|administrator|no approval)\b", re.IGNORECASE)
_FREE = re.compile(
    r"\b(?:must|should|has to|may) cost (?:nothing|us nothing)\b|\bfor free\b|\bzero (?:cost|budget)\b", re.IGNORECASE
)


def money(reading: Reading, notes: Notes) -> None:
    """The limit per month, in the currency that was said; two of them are a doubt."""
    found = [match for match in _amounts().finditer(reading.text) if _is_limit(reading, match)]
    for match in found:
        reading.mask(match.start(), match.end())
    if not found:
        if reading.take(_FREE):
            notes.say("cost_limit", Decimal(0))
        return
    kept = _after_corrections(reading, found)
    limits = list(dict.fromkeys((_monthly(reading, match), _currency(match)) for match in kept))
    if len(limits) > 1 and len({currency for _, currency in limits if currency}) > 1:
        notes.doubt("cost_limit", "contradiction", f"{kept[0][0].strip()}, {kept[-1][0].strip()}")
        return
    if len({value for value, _ in limits}) > 1:
        notes.doubt(
            "cost_limit", "several", f"{kept[0][0].strip()}, {kept[-1][0].strip()}", (str(v) for v, _ in limits)
        )
        return
    notes.say("cost_limit", limits[0][0])
    currency = next((currency for _, currency in limits if currency), None)
    if currency:
        notes.say("currency", currency)


def bare_limit(text: str) -> tuple[Decimal, str | None] | None:
    """A limit as the answer to the question for it: "700", "raise it to 1.2k", "900 eur"."""
    for match in _amounts().finditer(text):
        value = amount(match["number"])
        if value is not None and not _UNIT_AFTER.match(text[match.end() :]):
            return _scaled(match, value) / _PERIODS[_period(match) or "month"], _currency(match)
    return None


def _is_limit(reading: Reading, match: re.Match[str]) -> bool:
    before = reading.before(match.start(), 60)
    if _BUSINESS.search(before) or _UNIT_AFTER.match(reading.after(match.end())) or _INJECTED.search(before):
        return False
    clause = re.split(r"[.;\n,](?!\d)", before)[-1]
    limiting = _LIMITING.search(clause) or re.match(
        r"[\s,]*(?:max\w*|tops|limit|cap|budget|at most|or less|ceiling)\b", reading.after(match.end()), re.IGNORECASE
    )
    currency, period = _currency(match), _period(match)
    if currency:
        return True
    near = _NEAR.search(clause) or _NEAR.search(reading.after(match.end(), 16))
    named = re.search(r"\b(?:budget|spend|cost|costs|price|limit of|cost cap|cap of)\b", clause, re.IGNORECASE)
    if (
        period
        and match["adverb"] is None
        and match["unit"] in ("a", "an", "m", "q")
        and not match["scale"]
        and not named
    ):
        return False
    return bool((limiting or match["scale"]) and (period or near)) or bool(
        named and not match["unit"] and int(amount(match["number"]) or 0) >= _LEAST
    )


def _after_corrections(reading: Reading, found: list[re.Match[str]]) -> list[re.Match[str]]:
    for at in range(len(found) - 1, 0, -1):
        if corrected_between(reading, found[at - 1].end(), found[at].start()):
            return found[at:]
    return [m for m in found if not reading.is_negated(m.start())] or found


def _monthly(reading: Reading, match: re.Match[str]) -> Decimal:
    value = _scaled(match, amount(match["number"]) or Decimal(0))
    period = _period(match)
    if period is None:
        near = _NEAR.search(reading.after(match.end(), 16)) or _NEAR.search(reading.before(match.start(), 20))
        period = _words()[near[1].lower()] if near else "month"
    return (value / _PERIODS[period]).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).normalize() + 0


def _scaled(match: re.Match[str], value: Decimal) -> Decimal:
    scale = (match["scale"] or "").lower()
    return value * {"": 1, "k": 1000, "thousand": 1000, "grand": 1000}.get(scale, 1_000_000)


def _period(match: re.Match[str]) -> str | None:
    word = match["unit"] or match["adverb"]
    return _words()[word.lower()] if word else None


def _currency(match: re.Match[str]) -> str | None:
    sign = match["before"] or match["after"]
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
        rf"(?<![\w.])(?P<before>{sign})?\s?(?P<number>{_NUMBER})\s?(?P<scale>k|thousand|grand|mio"
        rf"|m|million)?(?![\w%])\s?(?P<after>(?:{sign})(?![a-z]))?{_PER}?",
        re.IGNORECASE,
    )


@cache
def _in_currency() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:budget|limit|cap|max|spend)?\s*in ({_sign()})(?![a-z])", re.IGNORECASE)
