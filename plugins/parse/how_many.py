"""How many workspaces a message asks for, where it says so."""

import re

from plugins.domain.understanding import Understanding
from plugins.parse.page import Page

_SO_MANY = re.compile(
    r"""
    (?<!have\ )(?<!has\ )(?<!had\ )(?<!our\ )(?<!other\ )(?<!existing\ )(?<!the\ )(?<!of\ )
    \b(?P<count>[2-9]|1\d|two|three|four|five)\s
    (?:(?!for\b|in\b|and\b|or\b)[^\s,.;:]{1,20}\s){0,3}(?:workspaces|environments)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5}


def not_all_made(page: Page, understood: Understanding) -> tuple[str, ...]:
    """The person's own words for so many, where fewer requests were read: "two dev workspaces" of one team."""
    counted = _SO_MANY.search(page.text) if understood.act == "provision" and not understood.doubts else None
    if counted is None:
        return ()
    count = _COUNTS.get(counted["count"].lower()) or int(counted["count"])
    return (page.quote(*counted.span()),) if 0 < len(understood.requests) < count else ()
