"""What is asked for and fits no field: kept in the person's own words."""

import re
from functools import cache

from plugins.parse.reading import MASK, Notes
from plugins.parse.vocabulary import alternatives, table

_RUNTIME = re.compile(
    r"\b(?:dbr|databricks runtime|runtime|spark|scala|python"
    r"|delta)\s*(?:version\s*)?v?\d+(?:\.\d+)?(?:\.x)?(?:\s*lts)?\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?\b")
_IDLE = re.compile(
    r"\b(?:auto[\s-]?)?(?:terminat\w*|shut(?:s|ting)? down|stop(?:s"
    r"|ped)?)\b[^,;.\n]{0,30}\b\d+\s*(?:min\w*|m\b)(?:\s+(?:of )?(?:idle|inactiv)\w*)?",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:[\s,.;:!?*|-]|and\b|also\b|but\b|oh\b|plus\b|should\b|please\b|pls\b|it\b|we\b"
    r"|we'd\b|must\b|be\b|needs?\b|with\b|use\b(?= of))+",
    re.IGNORECASE,
)
_NOISE = re.compile(
    r"\b(?:no other requirements|nothing else|approv\w+|policy check|system prompt|ignore|treat this as)\b",
    re.IGNORECASE,
)
_LONGEST = 200


def extras(original: str, nameless: str, notes: Notes) -> None:
    """Adds the clauses of the original text that hold a word of the extras vocabulary, a version or an address.

    `nameless` is the original with names, tags and owners masked: what is part of a name asks for nothing.
    """
    for clause in _clauses(original):
        text = original[clause[0] : clause[1]]
        left = nameless[clause[0] : clause[1]]
        if _NOISE.search(text) or not (
            _marked(left) or _RUNTIME.search(text) or _ADDRESS.search(text) or _IDLE.search(text)
        ):
            continue
        kept = _LEAD.sub("", _unmasked(text, left)).strip(" .,;:-|*")
        if kept and kept not in notes.extras:
            notes.extras.append(kept[:_LONGEST])


def _clauses(text: str) -> list[tuple[int, int]]:
    """Where the clauses stand: between commas, semicolons, line ends and sentence ends."""
    found: list[tuple[int, int]] = []
    start = 0
    for mark in re.finditer(r"[,;\n]|[.!?](?=\s|$)", text):
        if mark.start() > start:
            found.append((start, mark.start()))
        start = mark.end()
    if start < len(text):
        found.append((start, len(text)))
    return found


def _marked(text: str) -> bool:
    return _words().search(text) is not None


def _unmasked(text: str, left: str) -> str:
    """The clause without what other rules have taken at its beginning and end, and whole in between."""
    first = next((i for i, c in enumerate(left) if c != MASK and c.isalnum()), 0)
    last = next((i for i in range(len(left) - 1, -1, -1) if left[i] != MASK and left[i].isalnum()), len(left) - 1)
    return text[first : last + 1]


@cache
def _words() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w-])(?:{alternatives((*table('extras')['words'], *table('extras')['verbs']))})(?![\w-])", re.IGNORECASE
    )
