"""Hours a week, and the days that a workspace shall live."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from plugins.domain.request import MOST_DAYS
from plugins.parse.fields.dates import DATE, date_of, days_until
from plugins.parse.page import Mention, Page
from plugins.parse.spans import Taken
from plugins.parse.vocabulary import either

WEEK = 168
"""Hours."""
OFFICE_WEEK = 40.0
"""Hours that "office hours" stands for: five days of eight."""
_HOUR = r"(?:hours?|hrs?|h|std\.?|stunden|horas|heures)"
_ALWAYS = re.compile(either("times", "always"), re.IGNORECASE)
_OFFICE = re.compile(
    r"""
    \b(?:only[ ])?(?:during[ ]|in[ ]|within[ ]|at[ ]|normal[ ]|regular[ ]|usual[ ]|standard[ ])*
    (?:office|business|working|work)[ ]hours(?:[ ]only)?\b
    |\b8[ ]?x[ ]?5\b|\b9[ ]?(?:-|to)[ ]?5\b(?![ ]?(?:workers|nodes|am|pm))|\bfull[- ]time[ ]week\b
    |\bbürozeiten\b|\bhorario[ ]de[ ]oficina\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_WEEKLY = re.compile(
    rf"""
    (?<![\d.])(?P<a>\d{{1,3}}(?:[.,]\d)?)\s{{0,2}}-?{_HOUR}\b\s{{0,2}}
    (?:in[ ]total[ ]|of[ ](?:use|usage|runtime)[ ])?
    (?:(?:a|per|/|each|every|weekly|p\.?|pro|por|par|in[ ]a|in[ ]the)\s{{0,2}})?
    (?:week|wk|weekly|woche|semana|semaine)\b
    |\bhours[ :]{{1,3}}(?P<d>\d{{1,3}})\s?(?:a|per|/|each|every)\s?(?:week|wk)\b
    |\b(?:weekly|per[ ]week|a[ ]week)[ :]{{1,3}}(?P<c>\d{{1,3}})\s?{_HOUR}\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DAYS = rf"(?P<days>{either('times', 'days')})"
_DAILY = re.compile(
    rf"""
    (?:(?P<first>{either("times", "daily_links")})(?:[^\d.,;\n]{{0,24}}))?(?<![\d.])
    (?P<n>\d{{1,2}}(?:[.,]\d)?)\s{{0,2}}{_HOUR}\b\s{{0,2}}
    (?:(?:(?:{either("times", "daily_2")})\s{{0,2}}){{0,3}}{_DAYS})?
    (?P<also>[\s,(]{{0,3}}(?:on[ ]|from[ ]|only[ ]|every[ ]|but[ ]only[ ]|,)?{_DAYS.replace("?P<days>", "?P<more>")})?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CLOCK_TIME = r"(?P<{0}>\d{{1,2}})(?:[:.h](?P<{0}m>[0-5]\d))?\s?(?P<{0}a>am|pm|a\.m\.|p\.m\.)?"
_WEEK_SPAN = rf"(?:{either('times', 'week_span')})"
_CLOCK = re.compile(
    rf"""
    (?<![\d.$€£-]){_CLOCK_TIME.format("f")}\s?(?:-|to|till|until|bis)\s?{_CLOCK_TIME.format("t")}
    (?:\s?(?:cet|cest|utc|gmt|est|pst|ist|h|uhr))?\s?
    [,(]?\s?(?:on[ ]|from[ ]|every[ ])?(?P<days>{_WEEK_SPAN})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DAYS_FIRST = re.compile(
    rf"""
    \b(?P<days>{_WEEK_SPAN})[\s,:(]{{0,3}}(?:from[ ]|between[ ]|at[ ])?
    {_CLOCK_TIME.format("f")}\s?(?:-|to|till|until|and|bis)\s?{_CLOCK_TIME.format("t")}\b
    (?!\s?(?:workers?|nodes?|{_HOUR}\b))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DAYS_A_WEEK = re.compile(
    r"""
    (?P<n>[1-7])(?:\s|-)?(?:x|days?|times|nights?|evenings?|tage)?\s?
    (?:a|per|each|/|every|x|out[ ]of|in[ ]the)[ ]?(?:week|woche)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EXCEPT = re.compile(
    r"""
    ^[\s,(]{0,3}(?:except|but[ ]not|excluding|not|without|no)\s{0,2}(?:on[ ]|at[ ]|the[ ]|for[ ])?
    (?:weekends?|saturdays?|sundays?|sat)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENDS = {"fri": 5, "thu": 4, "sat": 6, "sun": 7}

_SPAN = re.compile(
    rf"""
    (?<![\d.,\w])(?P<n>\d{{1,4}}|an?(?=[ ])|another(?=[ ])|one|un[ae]?|ein(?:e|en)?)[\s-]{{0,2}}
    (?:{either("times", "span_sizes")})?(?P<unit>{either("times", "span_units")})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365, "s": 14, "t": 1, "q": 90, "j": 1}
_LIVES_BEFORE = re.compile(rf"\b(?:{either('times', 'lives_before')})\W{{0,4}}$", re.IGNORECASE)
_LIVES_AFTER = re.compile(rf"^\W{{0,3}}(?:{either('times', 'lives_after')})", re.IGNORECASE)
_NO_LIFE_BEFORE = re.compile(rf"\b(?:{either('times', 'no_life_before')})\W{{0,3}}$", re.IGNORECASE)
_GONE_IN = re.compile(
    rf"""
    \b(?:{either("times", "gone_in")})(?:[ ](?:it|this|them|that|everything|the[ ]workspace))?
    (?:[ ]again|[ ]automatically|[ ]by[ ]itself|[ ]on[ ]its[ ]own|[ ]itself|[ ]completely)?[ ]
    (?:in|after)\W{{0,3}}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_LIFE_AFTER = re.compile(rf"^\W{{0,2}}(?:{either('times', 'no_life_after')})", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:they|he|she|have been|has been|been|was|were|went|moaned|waited|took)\b[^.;\n]*$", re.IGNORECASE
)
_IN_A_WEEK = re.compile(rf"\b(?:{either('times', 'weekday')})\b[^.;\n]{{0,16}}$", re.IGNORECASE)
"""A weekday before "until friday": hours of a week, and no end."""
_UNTIL = re.compile(
    rf"\b(?:{either('times', 'until')})[\s:=]{{0,3}}(?:incl\.?[ ]|about[ ]|the[ ])?{DATE}", re.IGNORECASE | re.VERBOSE
)
_BACKWARD = re.compile(r"(?:^|[^\w)])([-\u2212\u2013]|minus |negative )$", re.IGNORECASE)
_BACKWARD_ANSWER = re.compile(
    r"\W{0,4}((?:[-\u2212\u2013]|minus |negative )\s?\d{1,6}(?: ?[a-z]{1,7})?)\W*$", re.IGNORECASE
)
_DIGIT = re.compile(r"\d")
_COUNTED_HOURS = re.compile(r"\d\s{0,2}-?[hHsS]|[hH]ours[ :]{1,3}\d")
"""Without a figure and the first letter of a word for hours nothing counts them."""
_HOURS_IN_VALUE = re.compile(
    rf"\D{{0,10}}(\d{{1,3}}(?:\.\d)?)\s*{_HOUR}?\s*(?:per|/|a|each|p\.?)?\s*(?:week|wk|woche)?\W*"
)
_NO_HOURS_AFTER = re.compile(r"\s?(?:notice|sla|delay|old|ago|later|within)")
_DAYS_BEFORE = re.compile(r"[1-7]\s?(?:days?|nights?)\s$", re.IGNORECASE)
_BESIDE = 40
"""Characters between the hours of a day and the days of a week that they are worked on."""
_DATE_ALONE = re.compile(DATE, re.IGNORECASE | re.VERBOSE)
_ALONE = re.compile(r"(?:^|[,;.\n(/|-])\s{0,3}$")


def hours(page: Page) -> None:
    """Adds mentions of `hours_per_week`, out of a week of 168; what is plainest first."""
    page.add(_keyed_hours(page))
    if _DIGIT.search(page.text):
        page.add(_clocked(page))
    page.add(_always(page))
    if _COUNTED_HOURS.search(page.text):
        page.add(_weekly(page))
        page.add(_daily(page))


def _keyed_hours(page: Page) -> Iterator[Mention]:
    for pair in page.pairs("hours_per_week"):
        match = _HOURS_IN_VALUE.fullmatch(page.text[pair.start : pair.end])
        if match is None or not page.is_free(pair.start, pair.end) or re.search(r"day|daily", pair.key, re.IGNORECASE):
            continue
        if float(match[1]) <= WEEK:
            yield Mention("hours_per_week", float(match[1]), pair.start, pair.end, 5)


def _clocked(page: Page) -> Iterator[Mention]:
    """From one time of the day to another, on days that are named: "9am-5pm Mon-Fri"."""
    taken = Taken(len(page.text))
    for pattern in (_CLOCK, _DAYS_FIRST):
        for match in pattern.finditer(page.text):
            is_free = page.is_free(*match.span()) and not taken.overlaps(*match.span())
            if is_free and (value := _clock_hours(match)) > 0:
                taken.add(*match.span())
                yield Mention("hours_per_week", value, match.start(), match.end(), 3)


def _always(page: Page) -> Iterator[Mention]:
    for pattern, value in ((_ALWAYS, float(WEEK)), (_OFFICE, OFFICE_WEEK)):
        for match in pattern.finditer(page.text):
            is_denied = page.clauses.is_denied(match.start()) and page.before(match.start(), 1) != "/"
            if page.is_free(*match.span()) and not is_denied:
                yield Mention("hours_per_week", value, match.start(), match.end(), 2)


def _weekly(page: Page) -> Iterator[Mention]:
    for match in _WEEKLY.finditer(page.text):
        value = float((match["a"] or match["c"] or match["d"]).replace(",", "."))
        if page.is_free(*match.span()) and value <= WEEK and not _DAYS_BEFORE.search(page.before(match.start(), 12)):
            yield Mention("hours_per_week", value, match.start(), match.end(), 3)


def _daily(page: Page) -> Iterator[Mention]:
    week = _DAYS_A_WEEK.search(page.text)
    for match in _DAILY.finditer(page.text):
        if not page.is_free(*match.span()) or _NO_HOURS_AFTER.match(page.after(match.end())):
            continue
        is_beside = week is not None and abs(week.start() - match.end()) < _BESIDE
        days = int(week["n"]) if week and is_beside else _days_of(page, match)
        value = float(match["n"].replace(",", ".")) * days
        if days and value <= WEEK:
            yield Mention("hours_per_week", value, match.start("n"), match.end(), 2)


def expiry(page: Page, today: date) -> None:
    """Adds mentions of `expires_in_days`; deadlines, data ages and retention are not that."""
    page.add(_dated(page, today))
    page.add(_spans(page))


def _dated(page: Page, today: date) -> Iterator[Mention]:
    keyed = Taken(len(page.text))
    for pair in page.pairs("expires_in_days"):
        if page.is_free(pair.start, pair.end):
            keyed.add(pair.start, pair.end)
            if days := _days_in_value(page.text[pair.start : pair.end], today):
                yield Mention("expires_in_days", days, pair.start, pair.end, 5)
    for match in _UNTIL.finditer(page.text):
        if not page.is_free(*match.span()) or (match["weekday"] and _IN_A_WEEK.search(page.before(match.start(), 30))):
            continue
        days = days_until(match, today)
        if days is None and match["iso"]:
            yield Mention("expires_in_days", None, match.start("iso"), match.end(), 3, kind="invalid")
        elif days and not keyed.overlaps(match.start(), match.start() + 1):
            yield Mention("expires_in_days", days, match.start(), match.end(), 3)


def _days_in_value(value: str, today: date) -> int | None:
    """The days under the key of an end: "31.12.2026", "30", "3 months"; None where the end is past or none is said."""
    if match := _DATE_ALONE.search(value):
        return days_until(match, today)
    if number := re.fullmatch(r"\D{0,8}(\d{1,4})\s*(?:days?|d|tage?)?\W*", value):
        return int(number[1])
    span = _SPAN.search(value)
    return _days(span) if span else None


def _spans(page: Page) -> Iterator[Mention]:
    for match in _SPAN.finditer(page.text):
        if page.is_free(*match.span()) and _is_lifetime(page, match):
            days = days_said(page.text[max(0, match.start() - 10) : match.end()])
            if isinstance(days, int):
                yield Mention("expires_in_days", days, match.start(), match.end(), 2)
            else:
                start = match.end() - len(days or match[0])  # with its sign
                yield Mention("expires_in_days", None, start, match.end(), 2, kind="invalid")


def says_days(text: str) -> bool:
    """True when the text holds a span of time or a day."""
    return _SPAN.search(text) is not None or day_in(text, date.min) is not None


def days_said(text: str) -> int | str | None:
    """The days of a text that is known to be about an end; the words themselves where they lead to no day of the
    next hundred years; None when it says none.
    """
    match = _SPAN.search(text)
    if match is None:
        return None
    sign = _BACKWARD.search(text, max(0, match.start() - 10), match.start())
    days = _days(match)
    return f"{sign[1] if sign else ''}{match[0]}" if sign or not 0 < days <= MOST_DAYS else days


def backward_answer(text: str) -> str:
    """The bare answer of days that count backward ("-5"), as it was written; "" when it is none."""
    match = _BACKWARD_ANSWER.match(text)
    return match[1] if match else ""


_MOST_DAYS_NAMED = 20
_UNTIL_IT = re.compile(
    r"\b(?:until|till|til|through|thru|to|bis|hasta|jusqu'(?:à|au))\s(?:at least\s)?(?:the\s)?$", re.IGNORECASE
)


def day_in(text: str, today: date) -> date | None:
    """The day that the text names, the one that it goes until before others; None when there is none."""
    matches = list(islice(_DATE_ALONE.finditer(text), _MOST_DAYS_NAMED))
    until = (found for found in matches if _UNTIL_IT.search(text, max(0, found.start() - 20), found.start()))
    match = next(until, next(iter(matches), None))
    if match is not None and (match["weekday"] or match["after"]) and today == date.min:
        return today
    try:
        return date_of(match, today) if match else None
    except ValueError:
        return None


def bare_days(text: str) -> int | None:
    """A lifetime as the answer to the question for it: "two more weeks", "10"."""
    if match := _SPAN.search(text):
        return _days(match)
    match = re.fullmatch(r"\D{0,20}(\d{1,4})\D{0,20}", text)
    return int(match[1]) if match else None


def _clock_hours(match: re.Match[str]) -> float:
    start = _hour(match["f"], match["fm"], match["fa"])
    end = _hour(match["t"], match["tm"], match["ta"])
    if end <= start:
        end += 12 if not match["ta"] and end + 12 > start else 24
    return (end - start) * _week_days(match["days"])


def _hour(hour: str, minute: str | None, half: str | None) -> float:
    folded = (half or "").lower().replace(".", "")
    value = int(hour) % 12 + 12 if folded == "pm" else int(hour) % 24
    return value + int(minute or 0) / 60


def _week_days(days: str) -> int:
    folded = days.lower()
    if re.match(r"sun\w* ?(?:to|-|through)", folded):
        return 5
    if re.match(r"daily|every day|each day|7", folded):
        return 7
    end = re.search(r"(fri|thu|sat|sun)\w*$", folded)
    return _ENDS[end[1]] if end and folded.startswith("mon") else 5


def _days_of(page: Page, match: re.Match[str]) -> int:
    days, also, first = ((match[name] or "").lower() for name in ("days", "more", "first"))
    if _EXCEPT.match(page.after(match.end(), 40)) or _EXCEPT.match(match["also"] or ""):
        return 5
    for words in (also, days, first):
        if re.match(r"mon\w{0,4}s?\.?\s?(?:to|-|t|u)", words):
            return _week_days(words)
        if re.search(r"weekday|week day|work|business|arbeitstag|werktag", words):
            return 5
        if re.search(r"weekend", words):
            return 2
        if re.match(r"(?:sat|sun|mon|tue|wed|thu|fri)\w*s?$", words):
            return 1
    return 7 if days or first else 0


def _is_lifetime(page: Page, match: re.Match[str]) -> bool:
    before, after = page.before(match.start(), 40), page.after(match.end(), 24)
    if _NO_LIFE_AFTER.match(after):
        return False
    if _NO_LIFE_BEFORE.search(before) and not (_GONE_IN.search(before) or _ENDS_BEHIND.match(after)):
        return False
    if page.clauses.is_elsewhere(match.start()):
        return False
    alone = _ALONE.search(before) and re.match(
        r"\s{0,2}(?:$|[,;.\n)|/!]|please\b|pls\b|thx\b|thanks\b|only\b)", page.after(match.end()) or ""
    )
    if not match["n"].isdigit() and _PAST.search(page.before(match.start(), 60)):
        return False
    if not match["n"].isdigit():
        return bool(
            _LIVES_BEFORE.search(before) or re.match(r"\W{0,3}(?:longer|more|only|max)\b", after, re.IGNORECASE)
        )
    more = re.search(r"\b(?:more|extra|additional|further)\b", match[0], re.IGNORECASE)
    return bool(more or _LIVES_BEFORE.search(before) or _LIVES_AFTER.match(after) or alone or _GONE_IN.search(before))


_ENDS_BEHIND = re.compile(r"\s(?:ablaufen|auslaufen|enden|gelöscht|verschwinden)\b", re.IGNORECASE)
"""Behind the span, where German has its verb: "in 14 Tagen ablaufen"."""


def _days(match: re.Match[str]) -> int:
    unit = match["unit"].lower()
    size = 7 if unit.startswith(("sem", "w")) else 30 if unit.startswith("m") else _UNITS[unit[0]]
    return (int(match["n"]) if match["n"].isdigit() else 1) * size
