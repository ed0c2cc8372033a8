"""Every quantity that some words hold, in any role: the closed grammars of counts, money, hours and days. Pure.

Which of them is meant, and what for, is the reader's business; these only say whether a value stands there at all. A
quantity is a range, since a month has 28 to 31 days and a yearly amount is rounded when it is spread over months.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import permutations

from plugins.parse.fields.machine import SIZE
from plugins.parse.numbers import amount, in_figures

Range = tuple[float, float]

_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_SCALES = {
    "k": 1_000,
    "tsd": 1_000,
    "thousand": 1_000,
    "grand": 1_000,
    "mille": 1_000,
    "mil": 1_000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "mio": 1_000_000,
    "million": 1_000_000,
    "millions": 1_000_000,
}
_ENDLESS = re.compile(r"\d{13,}")
"""A run of figures that is no quantity of anything."""

_SCALED = re.compile(rf"(?<!\d)({_NUMBER})\s?({'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![a-z])\.?")
_FIGURE = re.compile(rf"(?<![\w.]){_NUMBER}")
_COUNT = re.compile(r"(?<!\w)(?<!\d[.,])\d{1,4}(?!\d|[.,]\d)")
_MEASURED = re.compile(
    r"\s?(?:%|gb|tb|gib|cores?\b|vcpus?\b|gpus?\b|k\b|usd|eur|gbp|chf|[$\u20ac\u00a3]|hours?\b|hrs?\b|h\b|days?\b"
    r"|weeks?\b|months?\b|min)"
)
_SINGLE = re.compile(
    r"\b(?:single|one|1)[\s-]*(?:node|machine|vm)\b|\b(?:no|without|zero) workers\b|\bdriver[\s-]only\b"
)
_RANGE = re.compile(r"(?<![\w.])(\d{1,4})\s*(?:-|to|\.{2,3}|until|till?|bis|through)\s*(\d{1,4})\b")
_LEAST = re.compile(
    r"(?<!\d)(?<!\d )\b(?:at least|min(?:imum|imal|\.)?|no (?:less|fewer) than|mindestens|au moins|minimo)\b"
)
_MOST = re.compile(
    r"\b(?:at most|max(?:imum|imal|\.)?|up to|no more than|not more than|never more than|hochstens|bis zu|maximo)\b"
)
_CHANGED = re.compile(
    r"\b(?:more|less|fewer|another|extra|additional|add|plus|mehr|weniger|by|increase|raise|reduce|lower|um)\b|\d\s?%"
)
_TIMES = {
    2.0: re.compile(r"\b(?:double|twice|verdoppel\w*|doppelt\w*)\b"),
    0.5: re.compile(r"\b(?:half|halve|halb\w*)\b"),
    3.0: re.compile(r"\b(?:triple|treble|three times)\b"),
}
_PERIODS = {
    12.0: re.compile(r"\b(?:year|yr|annum|annual|jahr|jahr|ans?\b|ano\b|anno|anual)|\bp\.?\s?a\b|/\s?y(?:r|ear)?\b"),
    3.0: re.compile(r"\b(?:quarter|qtr|quartal|trimest)|/\s?q\b"),
    12 / 52: re.compile(r"\b(?:week|wk|woch|semain|semana)|/\s?w\b"),
    12 / 365: re.compile(r"\b(?:day|daily|tag\b|taglich|jour\b|dia\b)|/\s?d\b"),
}
_MONTHLY = re.compile(r"\b(?:month|mo\b|mth|monat|mois|mes\b|mensu|pcm\b)|\bp\.?\s?m\b|/\s?m\b")

_ALWAYS = re.compile(
    r"\b24\s*[/x-]\s*7\b|round the clock|\balways\b|non[\s-]?stop|day and night|rund um die uhr|\b168\b"
)
_OFFICE = re.compile(r"\b(?:office|business|working|work) (?:hours|time)|burozeit|arbeitszeit")
_CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm)?\s*(?:uhr)?\s*(?:-|to|till|until|bis|and|a)\s*"
    r"(\d{1,2})(?:[:.h]?([0-5]\d))?\s*(am|pm)?"
)
_OF_DAYS = re.compile(r"day|daily|night|weekend|\bmon|taglich|\btag\b|werktag|jour|\bdia|morning|evening|wochentag")
_HOURLY = re.compile(
    r"\d+\s*(?:hours?|hrs?|h|std|stunden)\s*(?:a|an|per|each|pro|/)?\s*(?:week|wk|woche|day|tag|month)\w*"
)
_NEAR = 24
"""Characters from an amount to its period: "12k in a whole year"."""

_A_WEEK = re.compile(r"\bwk|week(?!day|end)|woche(?!ntag|nend)")
_DAYS_OF_A_WEEK = (5, 7, 6, 4, 3, 2)
"""Most usual first: the first ones are offered as choices."""

_WEEK = 168.0
_MOST_NUMBERS = 12
"""Numbers of one quote that are multiplied with each other: "8 hours, 4 days a week" has two."""


_DAY_UNITS: Mapping[str, tuple[int, int]] = {
    "day|d|tagen?|tage|jours?|dias?": (1, 1),
    "sprint": (14, 14),
    "fortnight": (14, 14),
    "week|wk|wochen?|semaines?|semanas?": (7, 7),
    "quarter|quartal|trimestres?": (90, 92),
    "month|mth|mo|monaten?|monate|mois|mes|meses": (28, 31),
    "year|yr|jahren?|jahre|ans?|anos?": (360, 366),
}
_AND_A_HALF = re.compile("and a half")
_SPANS = tuple(
    (re.compile(rf"(?<![\w.])(\d{{1,4}}(?:[.,]\d)?|an?|one|eine?[nr]?|une?|un)[\s-]*(?:\w+ )?(?:{unit})s?\b"), days)
    for unit, days in _DAY_UNITS.items()
)
_ANY_UNIT = re.compile(rf"\b(?:{'|'.join(_DAY_UNITS)})s?\b")
_ANY_MONEY = re.compile(
    r"budget|limit|cap\b|spend|cost|max|kost|month|monat|mois|\bmes\b|year|jahr|[$\u20ac\u00a3]|eur|usd"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES = (
    re.compile(r"\b(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<d>\d{1,2})[./](?P<m>\d{1,2})[./](?P<y>\d{4})\b"),
    re.compile(r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)? (?:of )?{_MONTH}(?:,? (?P<y>\d{{4}}))?\b"),
    re.compile(rf"\b{_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y>\d{{4}}))?\b"),
    re.compile(rf"\b(?:end of |ende )?{_MONTH}(?: (?P<y>\d{{4}}))?\b(?! \d)"),
)
_END_OF = re.compile(r"\bend of (?:the |this )?(month|quarter|year|q[1-4])\b")
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")


@dataclass(frozen=True)
class QuotedWords:
    """A quote, the message that it stands in, the day, and what was asked for before (for "two more workers")."""

    quote: str
    text: str
    today: date
    before: tuple[float, ...] = ()


def counts(words: QuotedWords) -> list[Range]:
    """Whole numbers that measure nothing else; a single node is none. Sizes of machines hold no count."""
    text = figures(SIZE.sub(" ", words.quote))
    ranges = [(float(m[0]), float(m[0])) for m in _COUNT.finditer(text) if not _MEASURED.match(text, m.end())]
    return [*ranges, *([(0.0, 0.0)] if _SINGLE.search(text) else []), *_changed(text, ranges, words.before)]


def bounds(field: str, words: QuotedWords) -> Range | None:
    """The one count that this bound can be, where the quote is a plain range ("2 to 8"), and no count at all (-1) where
    its only number is said to be the other bound ("at most 8" is no minimum); None where it is neither.
    """
    text = figures(SIZE.sub(" ", words.quote))
    numbers = {float(m[0]) for m in _COUNT.finditer(text)}
    if _SINGLE.search(text):
        return None
    span = _RANGE.search(text)
    if span and numbers == {float(span[1]), float(span[2])}:
        only = (min if field == "min_workers" else max)(numbers)
        return only, only
    own, other = (_LEAST, _MOST) if field == "min_workers" else (_MOST, _LEAST)
    return (-1.0, -1.0) if len(numbers) == 1 and other.search(text) and not own.search(text) else None


def amounts(words: QuotedWords) -> list[Range]:
    """Money a month: each amount, spread from the period beside it; where none is, from any that the quote names, or
    the message where the quote names none, and as it stands.
    """
    text = _HOURLY.sub(" ", figures(words.quote))
    periods = _periods(text) or _periods(figures(words.text))
    ranges: list[Range] = []
    plain: list[Range] = []
    for m in _FIGURE.finditer(text):
        number = _value(m[0])
        if number is None:
            continue
        beside = _periods(_beside(text, m))
        for months in beside or {1.0, *periods}:
            ranges += [_around(number / months, 0.01 if months == 1 else 0.51)]
            ranges += [_around(number * 1_000_000 / months, 1)] if re.match(r"m\b", text[m.end() :]) else []
        plain.append((number, number))
    return ranges + _changed(text, plain, words.before)


def _periods(text: str) -> set[float]:
    """How many months each period has that these words name."""
    named = {months for months, pattern in _PERIODS.items() if pattern.search(text)}
    return named | {1.0} if named and _MONTHLY.search(text) else named or ({1.0} if _MONTHLY.search(text) else named)


def _beside(text: str, number: re.Match[str]) -> str:
    """The words around a number, as far as the next number."""
    before = re.split(r"\d", text[max(0, number.start() - _NEAR) : number.start()])[-1]
    after = re.split(r"\d", text[number.end() : number.end() + _NEAR])[0]
    return f"{re.split(r'[,;]', before)[-1]} {re.split(r'[,;]', after)[0]}"


def hours(words: QuotedWords) -> list[Range]:
    """Hours a week: said outright, by the day times some days, or from one hour to another on some days."""
    text = figures(words.quote)
    numbers = [number for m in _FIGURE.finditer(text) if (number := _value(m[0])) is not None][:_MOST_NUMBERS]
    weekly: list[float] = [_WEEK] if _ALWAYS.search(text) else []
    weekly += [40.0] if _OFFICE.search(text) else []
    spans = [span for m in _CLOCK.finditer(text) for span in _clock(m)]
    by_day = bool(_OF_DAYS.search(text))
    weekly += [number * days for number in (*(numbers if by_day else ()), *spans) for days in _DAYS_OF_A_WEEK]
    weekly += [one * other for one, other in permutations(numbers, 2)]
    if not by_day or _A_WEEK.search(text):
        weekly += numbers
    if _MONTHLY.search(text):
        weekly += [number * share for number in numbers for share in (0.25, 12 / 52)]
    ranges = [(value - 0.5, value + 0.5) for value in weekly if 0 <= value <= _WEEK]
    return ranges + _changed(text, [(number, number) for number in numbers], words.before)


def days(words: QuotedWords) -> list[Range]:
    """Days from today: spans with their units, dates, and the ends of months, quarters and years."""
    text = figures(words.quote)
    ranges: list[Range] = []
    for pattern, (low, high) in _SPANS:
        for m in pattern.finditer(text):
            number = (_value(m[1]) if m[1][0].isdigit() else None) or 1.0
            ranges.append((number * low - 0.5, number * high + 0.5))
            ranges += [((number + 0.5) * low - 1, (number + 0.5) * high + 1)] if _AND_A_HALF.search(text) else []
    until = [day for pattern in _DATES for m in pattern.finditer(text) for day in _dates(m, words.today)]
    until += [day for m in _END_OF.finditer(text) for day in _ends(m[1], words.today)]
    ranges += [(ahead - 1.0, ahead + 1.0) for day in until if (ahead := (day - words.today).days) >= 0]
    if _WEEKDAY.search(text):
        ranges.append((0.0, 14.0))
    return ranges or [(number, number) for m in re.finditer(r"(?<![\w.])\d{1,4}\b", text) if (number := float(m[0]))]


GRAMMARS: Mapping[str, Callable[[QuotedWords], list[Range]]] = {
    "min_workers": counts,
    "max_workers": counts,
    "cost_limit": amounts,
    "hours_per_week": hours,
    "expires_in_days": days,
}


def _around(value: float, most: float) -> Range:
    """What a person would round to this: a yearly amount may be spread over months in whole units."""
    return value - most, value + most


def speaks_of(field: str, quote: str) -> bool:
    """Whether words without a figure are about such a quantity: "drei Wochen", "budget of five thou"."""
    text = figures(quote)
    pattern = {"expires_in_days": _ANY_UNIT, "cost_limit": _ANY_MONEY}.get(field, re.compile(r"[a-z]{3}"))
    return pattern.search(text) is not None


def figures(text: str) -> str:
    """Lower case, accents and odd dashes folded, number words and scales as figures."""
    return in_figures(_SCALED.sub(_unscaled, _ENDLESS.sub(" ", folded(text))))


@lru_cache(maxsize=64)
def folded(text: str) -> str:
    """Lower case without accents, with plain dashes and quotation marks."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[\u2018\u2019]", "'", bare))


def _unscaled(scaled: re.Match[str]) -> str:
    number = _value(scaled[1])
    return scaled[0] if number is None else f"{number * _SCALES[scaled[2]]:.2f}".rstrip("0").rstrip(".")


def _value(text: str) -> float | None:
    value = amount(text)
    return None if value is None else float(value)


def _changed(text: str, ranges: Iterable[Range], before: tuple[float, ...]) -> list[Range]:
    """What a change by so much makes of what was asked for before: two more than four are six."""
    values = [base * factor for factor, pattern in _TIMES.items() if pattern.search(text) for base in before]
    if _CHANGED.search(text):
        numbers = [low for low, _ in ranges]
        values += [base + sign * number for base in before for number in numbers for sign in (1, -1)]
        shares = [int(m[1]) / 100 for m in re.finditer(r"(\d{1,3})\s?%", text)]
        values += [base * (1 + sign * share) for base in before for share in shares for sign in (1, -1)]
    return [(value - 0.01, value + 0.01) for value in values if value >= 0]


def _clock(times: re.Match[str]) -> list[float]:
    """Hours between two times of day; without am and pm the later one may be of the afternoon."""
    begin = int(times[1]) % 24 + int(times[2] or 0) / 60
    end = int(times[4]) % 24 + int(times[5] or 0) / 60
    begins = {begin, (begin + 12) % 24} if times[3] is None else {begin % 12 + 12 * (times[3] == "pm")}
    ends = {end, (end + 12) % 24} if times[6] is None else {end % 12 + 12 * (times[6] == "pm")}
    return [(last - first) % 24 or 24.0 for first in begins for last in ends]


def _dates(written: re.Match[str], today: date) -> list[date]:
    """The day, in the next of these years that is to come; the month's last day where no day is named."""
    parts = written.groupdict()
    month = _MONTHS.index(parts["month"]) + 1 if parts.get("month") else int(parts["m"])
    years = (int(parts["y"]),) if parts.get("y") else (today.year, today.year + 1)
    try:
        candidates = [date(year, month, int(parts["d"])) if parts.get("d") else _last_of(year, month) for year in years]
    except ValueError:
        return []
    return [day for day in candidates if day >= today][:1]


def _ends(what: str, today: date) -> list[date]:
    """The last days that "end of the quarter" may mean."""
    if what == "month":
        return [_last_of(today.year, today.month)]
    if what == "year":
        return [date(today.year, 12, 31)]
    quarters = [int(what[1])] if what.startswith("q") else [(today.month + 2) // 3]
    return [day for year in (today.year, today.year + 1) for q in quarters if (day := _last_of(year, q * 3)) >= today][
        :1
    ]


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
