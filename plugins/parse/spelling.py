"""One spelling of a message: its marks, its number words and its typing errors.

Every edit is remembered, so that what was read can be quoted as it was written.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from plugins.catalogue.regions import regions
from plugins.parse.numbers import in_figures_at
from plugins.parse.vocabulary import table
from plugins.parse.words import lexicon, plain_words


@dataclass(frozen=True, slots=True)
class Edit:
    """From `start` to `end` of the new text stands what was written as `before`."""

    start: int
    end: int
    before: str


@dataclass(frozen=True)
class Spelled:
    """A text and the edits that made it, in order."""

    text: str
    edits: tuple[Edit, ...] = ()

    def quote(self, start: int, end: int) -> str:
        """These characters as the person wrote them."""
        first = bisect_right([edit.end for edit in self.edits], start)
        last = bisect_left([edit.start for edit in self.edits], end)
        parts: list[str] = []
        at = start
        for edit in self.edits[first:last]:
            parts += [self.text[at : max(at, edit.start)], edit.before]
            at = edit.end
        parts.append(self.text[at:end])
        return " ".join("".join(parts).split())


def spelled(text: str) -> Spelled:
    """The text with number words as figures and plain typing errors mended."""
    return _edited(_edited(Spelled(text), in_figures_at), _mended)


def _edited(ground: Spelled, changes: Callable[[str], list[tuple[int, int, str]]]) -> Spelled:
    """The ground with these changes (start, end, new text) made; older edits move along."""
    made = changes(ground.text)
    if not made:
        return ground
    pieces: list[str] = []
    edits: list[Edit] = []
    older = iter((*ground.edits, None))
    old = next(older)
    at = shift = 0
    for start, end, new in made:
        while old is not None and old.end <= start:
            edits.append(Edit(old.start + shift, old.end + shift, old.before))
            old = next(older)
        before = ground.quote(start, end) if ground.edits else ground.text[start:end]
        while old is not None and old.start < end:
            old = next(older)
        pieces += [ground.text[at:start], new]
        edits.append(Edit(start + shift, start + shift + len(new), before))
        shift += len(new) - (end - start)
        at = end
    while old is not None:
        edits.append(Edit(old.start + shift, old.end + shift, old.before))
        old = next(older)
    pieces.append(ground.text[at:])
    return Spelled("".join(pieces), tuple(edits))


_UNKNOWN = re.compile(r"(?<![\w@./-])[A-Za-z]{4,15}(?![\w@/-]|\.\w)")
_MOST_LOOKED_AT = 300
"""Unknown words of one message that are compared with the tables; a longer text holds more names than errors."""
_OPENS = re.compile(r"(?:^|[.!?:\n] ?)$")
_NAME_BEFORE = re.compile(r"(?:\bteam|\bcalled|\bnamed|\bcall it|\bname it|\bname:)[ :=\"']*$", re.IGNORECASE)


def _mended(text: str) -> list[tuple[int, int, str]]:
    found = [(m.start(), m.end(), _short()[m[0].lower()]) for m in _SHORT.finditer(text) if m[0].lower() in _short()]
    spans = {start for start, *_ in found}
    looked = 0
    cased = sum(c.isupper() for c in text[:2000]) * 3 < len(text[:2000])
    for match in _UNKNOWN.finditer(text):
        word = match[0].lower()
        if match.start() in spans or word in _known() or looked > _MOST_LOOKED_AT:
            continue
        looked += 1
        near = _nearest(word)
        if (
            near
            and match[0][0].isupper()
            and cased
            and not _OPENS.search(text, max(0, match.start() - 4), match.start())
            and word[:5] != near[:5]
        ):
            continue  # a name in the middle of a sentence is no typing error
        if near and not _NAME_BEFORE.search(text, max(0, match.start() - 12), match.start()):
            found.append((match.start(), match.end(), near))
    return sorted(found)


_SHORT = re.compile(r"(?<![\w@./'-])[A-Za-z]{1,9}(?![\w@/'-]|\.\w)")


@cache
def _short() -> dict[str, str]:
    """Words that chat shortens → as they are spelled."""
    return {word: str(full) for word, full in table("spelling")["short"].items()}


@lru_cache(maxsize=8192)
def _nearest(word: str) -> str | None:
    """The one word of the trade that this is a typing error of; None for any other word."""
    near = process.extractOne(word, _trade(), scorer=OSA.distance, score_cutoff=1)
    near = near or process.extractOne(word, _distinct(), scorer=OSA.distance, score_cutoff=2)
    if near is None or near[0][0] != word[0] or (len(word) < 6 and not _swapped(word, near[0])):  # noqa: PLR2004
        return None
    return near[0]


def _swapped(word: str, near: str) -> bool:
    """In short words only swapped, doubled and missing letters count as typing errors."""
    return sorted(word) == sorted(near) or (len(near) > len(word) and len(word) > 3) or len(word) > len(near) > 3  # noqa: PLR2004


@cache
def _trade() -> tuple[str, ...]:
    return tuple(sorted(set(table("spelling")["words"].split())))


@cache
def _distinct() -> tuple[str, ...]:
    """Long words that no other word resembles: two errors in one of them are forgiven."""
    return tuple(table("spelling")["distinct"].split())


@cache
def _known() -> frozenset[str]:
    """Words that are right as they stand: the tables' own, and the common ones that resemble them."""
    places = {
        word
        for region in regions().values()
        for name in (region.name, region.display_name, *region.cities)
        for word in name.lower().split()
    }
    trade = frozenset(_trade())
    return plain_words() | trade | places | frozenset(table("spelling")["right"].split()) | lexicon()["filler"]
