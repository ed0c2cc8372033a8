"""How a message was read: which words were taken for what, and why some of them do not count.

Nothing is read here: what `plugins.parse.reading` found is told as it is.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from plugins.parse.page import Mention, Page
from plugins.parse.reading import page_of
from plugins.parse.sentences import SAYS

_ASIDE = frozenset({"address", "other_name"})


@dataclass(frozen=True)
class FieldReading:
    """Words of the message and what they were read as. `fate` is "" for what counts, else why it does not.

    `start` and `end` are characters of `Explanation.text`.
    """

    words: str
    field: str
    value: str
    fate: str
    start: int
    end: int


@dataclass(frozen=True)
class Explanation:
    """`text` is the message as it was spelled for reading: figures for number words, typing errors mended."""

    text: str
    readings: tuple[FieldReading, ...]


def explained(text: str, today: date) -> Explanation:
    """What was read from which words, in the order of the text."""
    page = page_of(text, today)
    mentions = sorted(page.mentions, key=lambda mention: mention.start)
    again: dict[str, Mention] = {}
    readings: list[FieldReading] = []
    for mention in reversed([mention for mention in mentions if mention.field not in _ASIDE]):
        reading = _reading(page, mention, again.get(mention.field))
        if not reading.fate:
            again[mention.field] = mention
        readings.append(reading)
    return Explanation(page.spelled.text, tuple(reversed(readings)))


def _reading(page: Page, mention: Mention, again: Mention | None) -> FieldReading:
    value = SAYS("fate.to_be_asked") if mention.value is None else _shown(mention.value)
    words = page.quote(mention.start, mention.end)
    return FieldReading(words, mention.field, value, _fate(page, mention, again), mention.start, mention.end)


def _fate(page: Page, mention: Mention, again: Mention | None) -> str:
    """Why the mention does not count; `again` is the next one of its field that does."""
    if page.is_older(mention.start):
        return SAYS("fate.older")
    if page.clauses.is_elsewhere(mention.start):
        return SAYS("fate.elsewhere")
    if page.clauses.is_denied(mention.start) and not isinstance(mention.value, bool):
        return SAYS("fate.denied")
    if again and again.value != mention.value and page.clauses.are_corrected(mention.end, again.start):
        return SAYS("fate.taken_back")
    return ""


def _shown(value: JsonValue) -> str:
    if isinstance(value, list):
        return " to ".join("…" if part is None else str(part) for part in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
