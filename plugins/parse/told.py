"""What is told while something is open, and states nothing of it: who is waited for, who looks at it, what others use
or think, what stood before, what seems too much. "Finance is looking at it" names no team, "our prod cluster had 12
workers" no environment and no size.

Why so: each of these would change the draft, and with it the plan that a person may just be about to confirm.
"""

import re
from collections.abc import Iterator
from functools import cache

from plugins.parse import phrases
from plugins.parse.layout.sheet import Sheet
from plugins.parse.vocabulary import either

_ENDS = re.compile(r"[.;!?\n]+(?=\s|$)|\n|,\s|\s-+\s|\b(?:but|so|though|therefore|please|pls|instead)\b", re.IGNORECASE)


def without_told(text: str) -> str:
    """The text with the clauses blanked that only tell; as long as it was. Linear in its length."""
    sheet = Sheet(text)
    for start, end in _told_in(text):
        sheet.blank(start, end)
    return sheet.text


def _told_in(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end, after in (*(match.span() for match in _ENDS.finditer(text)), (len(text), len(text))):
        clause = text[start:end]
        asks = text[end : end + 1] == "?" or phrases.begins("question", clause) or phrases.begins("lists", clause)
        if not asks and _told().search(clause):
            yield start, end
        start = after


@cache
def _told() -> re.Pattern[str]:
    return re.compile(either("clauses", "told"), re.IGNORECASE)
