"""Days that a text names: by date, by weekday, by the end of a week, month or year."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from plugins.parse.vocabulary import either

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = rf"(?:{either('times', 'month')})"
_DAY_BEFORE = rf"(?:{either('times', 'weekday')}),?[ ]"
"""The weekday that a date may have before it, which says nothing more."""
DATE = rf"""
    (?:
        (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})|(?P<dmy>\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}})?)
        |(?P<slash>\d{{1,2}}/\d{{1,2}}/\d{{4}})
        |(?:{_DAY_BEFORE})?(?:the[ ])?(?P<dom>\d{{1,2}})(?:st|nd|rd|th)?\.?(?:[ ]of)?[ ](?P<mon>{_MONTH})\b
        (?:,?[ ](?P<yr>\d{{4}}))?
        |(?:{_DAY_BEFORE})?(?P<mon2>{_MONTH})[ ](?P<dom2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?[ ](?P<yr2>\d{{4}}))?
        |(?P<eom>(?:the[ ])?end[ ]of[ ](?:the[ ]|this[ ])?month|month[- ]end)
        |(?P<eoy>(?:the[ ])?end[ ]of[ ](?:the[ ]|this[ ])?year|year[- ]end)
        |(?P<eow>(?:the[ ])?end[ ]of[ ](?:the[ ]|this[ ])?week)|(?:the[ ])?end[ ]of[ ](?P<emon>{_MONTH})\b
        |(?P<next_end>(?:the[ ])?end[ ]of[ ](?:the[ ])?next[ ](?:week|month))|(?P<next>next[ ](?:week|month))\b
        |(?P<after>(?:the[ ])?day[ ]after[ ]tomorrow|tomorrow)\b
        |(?P<weekday>(?:(?:next|this|coming|the[ ]coming)[ ])?(?:{either("times", "weekday")}))\b(?P<week_on>[ ]week\b)?
    )
    """
"""To be matched without regard to case, as a verbose pattern."""
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS_OF_A_YEAR = 12


def days_until(match: re.Match[str], today: date) -> int | None:
    """Days from today to the day of a match of `DATE`; None where it is past, or no day at all."""
    try:
        end = date_of(match, today)
    except ValueError:
        return None
    return (end - today).days if end and end > today else None


def date_of(match: re.Match[str], today: date) -> date | None:
    """The day of a match of `DATE`. Raises ValueError for one that no calendar has."""
    groups = match.groupdict()
    if groups["iso"]:
        return date.fromisoformat(groups["iso"])
    if groups["dmy"] or groups["slash"]:
        parts = [int(part) for part in re.findall(r"\d+", groups["dmy"] or groups["slash"])]
        first, second, *years = parts
        day, month = (first, second) if groups["dmy"] or first > _MONTHS_OF_A_YEAR else (second, first)
        return _coming(today, month, day, years[0] if years else None)
    if groups["eom"]:
        return today.replace(day=monthrange(today.year, today.month)[1])
    if groups["eoy"]:
        return date(today.year, 12, 31)
    if groups["eow"]:
        return today + timedelta(days=(4 - today.weekday()) % 7)
    if groups["next_end"] or groups["next"] or groups["after"] or groups["weekday"]:
        return _relative(groups, today)
    if groups["emon"]:
        month = _MONTHS[groups["emon"][:3].lower()]
        year = today.year if month >= today.month else today.year + 1
        return date(year, month, monthrange(year, month)[1])
    month = _MONTHS[(groups["mon"] or groups["mon2"])[:3].lower()]
    year = groups["yr"] or groups["yr2"]
    return _coming(today, month, int(groups["dom"] or groups["dom2"]), int(year) if year else None)


def _relative(groups: Mapping[str, str | None], today: date) -> date:
    """A day that is named by today: the first such weekday after it, a week or a month on, the last day of the next."""
    if after := groups["after"]:
        return today + timedelta(days=2 if "after" in after.lower() else 1)
    if weekday := groups["weekday"]:
        wanted = _WEEKDAYS.index(weekday.split()[-1][:3].lower())
        ahead = (wanted - today.weekday() - 1) % 7 + 1
        # Nobody calls tomorrow "next Tuesday"; "Friday week" is the Friday after the coming one.
        later = groups["week_on"] or (ahead == 1 and weekday.lower().startswith("next"))
        return today + timedelta(days=ahead + 7 if later else ahead)
    said = (groups["next_end"] or groups["next"] or "").lower()
    if said.endswith("week"):
        return today + timedelta(days=7 if groups["next"] else 7 + (4 - today.weekday()) % 7)
    month = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    last = monthrange(month.year, month.month)[1]
    return month.replace(day=min(today.day, last) if groups["next"] else last)


def _coming(today: date, month: int, day: int, year: int | None) -> date:
    end = date(year or today.year, month, day)
    return end if year or end > today else date(today.year + 1, month, day)
