"""Whether a message orders that all be begun anew, or only asks or supposes it: only an order drops what waits."""

import re

from plugins.parse import phrases
from plugins.parse.upon import wonders

_REACH = 300
"""Characters before a phrase that are looked at."""
_ENDS = re.compile(r"[.!?\n]")
_CLAUSE = re.compile(r"[,;:\u2013\u2014]\s|\s(?:and|but|so|then|or)\s", re.IGNORECASE)
_SUPPOSES = re.compile(
    r"\b(?:(?<!mind )if|when|whenever|whether|unless|until|before|suppos(?:e|es|ing)|imagin(?:e|ing)|assum(?:e|ing)"
    r"|wonder(?:s|ing)?|what happens|what (?:do|does|did|is|would|will)|how (?:do|does|can|would|to))\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"(?:n[o\u2019']t|\bdont|\bnever|\bno need to|\bwithout|\brather than|\binstead of)\s(?:\w{1,12}\s){0,3}$",
    re.IGNORECASE,
)
_PROPOSES = re.compile(r"(?:how about|why (?:don[\u2019']?t|not)(?: (?:we|you|i))?)\b", re.IGNORECASE)


def resets(text: str) -> bool:
    """True where one of the sentences orders a new start: "can we start over?", and not "what happens if we do?"."""
    return any(_is_ordered(text, match) for match in phrases.each("reset", text))


def _is_ordered(text: str, match: re.Match[str]) -> bool:
    before = _ENDS.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    own = _CLAUSE.split(before)[-1]
    if _SUPPOSES.search(own) or _DENIES.search(own):
        return False
    if _PROPOSES.match(phrases.after_openings(own + match[0])):
        return True
    end = _ENDS.search(text, match.end(), match.end() + _REACH)
    asks = end is not None and end[0] == "?"
    return not wonders(own + match[0]) and not (asks and wonders(before + match[0]))
