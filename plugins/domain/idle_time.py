"""The idle minutes after which a cluster stops, as people say them beside what has a field of its own."""

import re

_MINUTES_AN_HOUR = 60
_STOPS = r"""(?:terminat\w{0,6}|idle|inactiv\w{0,6}|idling|shut\w{0,4}\ (?:\S{1,60}\ )?(?:down|off)|shut\w{0,4}down
    |stop\w{0,4}|(?:turn|switch|power)\w{0,3}\ (?:itself\ )?off|auto-?\ ?(?:off|stop))"""
_UNIT = r"(?:min\w{0,5}|m\b|hours?\b|hrs?\b|h\b)"
_IDLE = re.compile(
    rf"""
    \b(?:auto[\s-]?)?{_STOPS}\b\D{{0,30}}?(?P<after>\d{{1,5}})\s?(?:idle\s)?(?P<after_unit>{_UNIT})
    |(?P<before>\d{{1,5}})\s?(?P<before_unit>{_UNIT})\s(?:of\s)?(?:idle|inactiv|idling)
    |\b(?:auto[\s-]?terminat\w{{0,6}}|idle\s?time(?:out)?)(?:\s(?:minutes|to|of|is))?\s?[:=]?\s?(?P<bare>\d{{1,5}})\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def idle_minutes(text: str) -> int | None:
    """The minutes said last, of whatever size; None where none are said. Linear in the length of the text."""
    said = list(_IDLE.finditer(text))
    if not said:
        return None
    last = said[-1]
    number, unit = last["after"] or last["before"] or last["bare"], last["after_unit"] or last["before_unit"] or "min"
    return int(number) * (_MINUTES_AN_HOUR if unit.lower().startswith("h") else 1)
