"""The idle minutes after which a cluster stops, as people say them beside what has a field of its own."""

import re

_MINUTES_AN_HOUR = 60
_STOPS = r"""(?:terminat\w{0,6}|shut\w{0,4}\ (?:\S{1,60}\ )?(?:down|off)|shut\w{0,4}down|stop\w{0,4}
    |(?:turn|switch|power)\w{0,3}\ (?:itself\ )?off)"""
_AUTO = r"auto(?:matic)?[\s-]?(?:terminat\w{0,6}|shut\ ?down|shutdown|stop|off)\w{0,6}"
_IDLE_WORD = r"(?:idle|idling|inactiv\w{0,6}|leerlauf\w{0,6})"
_NUMBER = r"(?<![\d.,])\d{1,5}(?:[.,]\d)?"
_UNIT = r"(?:min\w{0,5}|m\b|hours?\b|hrs?\b|h\b|stunden?\b)"
_IDLE = re.compile(
    rf"""
    \b(?:{_AUTO}|{_IDLE_WORD})\b[^\d,.;]{{0,30}}?(?P<auto>{_NUMBER})\s?(?P<auto_unit>{_UNIT})
    |\b{_STOPS}\b[^\d,.;]{{0,40}}?\b(?:after|nach)\s(?:about\s)?(?P<after>{_NUMBER})\s?(?:idle\s)?(?P<after_unit>{_UNIT})
    |(?P<before>{_NUMBER})\s?(?:idle\s(?P<idle_unit>{_UNIT})|(?P<before_unit>{_UNIT})\s(?:of\s)?{_IDLE_WORD})
    |\b(?:{_AUTO}|idle\s?time(?:out)?)(?:\s(?:minutes|to|of|is|should\sbe))?\s?[:=]?\s?(?P<bare>\d{{1,5}})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def idle_minutes(text: str) -> int | None:
    """The minutes said last, of whatever size; None where none are said. Linear in the length of the text."""
    said = list(_IDLE.finditer(text))
    if not said:
        return None
    last = said[-1]
    number = last["auto"] or last["after"] or last["before"] or last["bare"]
    unit = last["auto_unit"] or last["after_unit"] or last["idle_unit"] or last["before_unit"] or "min"
    is_hours = unit.lower().startswith(("h", "std", "stunde"))
    return round(float(number.replace(",", ".")) * (_MINUTES_AN_HOUR if is_hours else 1))


def without_idle_time(text: str) -> str:
    """The text without what it says of an idle time, and without what joined that to the rest."""
    left = _IDLE.sub(" ", text)
    if left == text:
        return text
    kept = _ENDS.sub("", " ".join(left.split()))
    return "" if _SMALL.issuperset(_WORD.findall(kept.lower())) else kept


_WORD = re.compile(r"[^\W\d_]+")
_SMALL = frozenset(
    {
        "it",
        "its",
        "the",
        "a",
        "an",
        "of",
        "to",
        "be",
        "and",
        "with",
        "we",
        "i",
        "you",
        "can",
        "could",
        "should",
        "must",
        "shall",
        "will",
        "would",
        "like",
        "want",
        "need",
        "make",
        "let",
        "set",
        "add",
        "please",
        "cluster",
        "clusters",
        "when",
        "if",
        "idle",
        "idling",
        "inactive",
        "inactivity",
        "time",
        "timeout",
        "autotermination",
        "automatic",
        "minutes",
        "min",
        "hours",
        "down",
        "off",
        "mach",
        "mache",
        "die",
        "den",
        "das",
        "bitte",
        "auf",
        "soll",
        "sie",
        "nach",
    }
)
"""Words that say nothing by themselves, once the idle time is taken from a wish."""


_ENDS = re.compile(
    r"^(?:(?:and|with|plus|also|set|the|,)\s?)+|(?:[\s,]|\b(?:and|with|plus|also|the|to|an?)\b)+$", re.IGNORECASE
)
