"""One spelling of a message: its marks, its number words and its typing errors.

Every edit is remembered, so that what was read can be quoted as it was written.
"""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from plugins.catalogue.regions import regions
from plugins.parse.numbers import in_figures_at
from plugins.parse.vocabulary import environments, table, workloads
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
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        parts: list[str] = []
        at = start
        for edit in self.edits[first:last]:
            parts += [self.text[at : max(at, edit.start)], edit.before]
            at = edit.end
        parts.append(self.text[at:end])
        return " ".join("".join(parts).split())

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(edit.start for edit in self.edits)

    @cached_property
    def _ends(self) -> tuple[int, ...]:
        return tuple(edit.end for edit in self.edits)


def spelled(text: str) -> Spelled:
    """The text with number words as figures and plain typing errors mended."""
    unhesitating = _edited(_edited(Spelled(text), _hesitations), _dictated)
    return _edited(_edited(unhesitating, in_figures_at), _mended)


_FILLER = re.compile(r",?\s(?:u+h+m*|u+m+|e+rm+|e+r|e+h+m*|h+m+|ä+h+m*|e+uh)\b,?(?=\s\w)")
_GOES_ON = re.compile(
    r"\b(?:the|an?|our|my|your|their|this|for|in|to|of|on|with|at|by|as|and|plus|is|it|it's|need|needs|want|team|from"
    r"|like|called|der|die|das|dem|den|ein|eine|einen|für|im|und|mit)$",
    re.IGNORECASE,
)
"""Words behind which a sentence must go on: what hesitates there takes nothing back, as in "dev, uh, staging"."""
_TAKES_BACK = re.compile(r"\s(?:no|nope|nah|wait|sorry|actually|rather|i mean|make (?:it|that))\b", re.IGNORECASE)
_LONGEST_BEFORE = 8


def _hesitations(text: str) -> list[tuple[int, int, str]]:
    """What people say while they think, and dictation writes down: "for the uh supply chain team"."""
    return [
        (filler.start(), filler.end(), "")
        for filler in _FILLER.finditer(text)
        if _GOES_ON.search(text, max(0, filler.start() - _LONGEST_BEFORE), filler.start())
        and not _TAKES_BACK.match(text, filler.end())
        and not (_TEAM.match(text, filler.end()) and filler[0].strip(", ") in ("um", "er"))
        and not _is_all_of_the_name(text, filler)
    ]


def _is_all_of_the_name(text: str, filler: re.Match[str]) -> bool:
    """True for the "uhm" of "for team uhm, etl" and "for the uhm team, etl": without it no team is named."""
    if filler[0].startswith(","):
        return False
    if _BEHIND_TEAM.search(text, max(0, filler.start() - _LONGEST_BEFORE), filler.start()):
        return filler[0].endswith(",") or _BEHIND_NAME.match(text, filler.end()) is not None
    return _TEAM_ALONE.match(text, filler.end()) is not None


_BEHIND_TEAM = re.compile(r"\b(?:team|squad)$", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"\s(?:in|with|on|for|and|at|please|pls|needs?|wants?)\b", re.IGNORECASE)
_TEAM_ALONE = re.compile(
    r"\s(?:team|squad)(?:\W{0,3}$|[,.;:)\n]|\s(?:in|with|on|and|at|please|pls|needs?|wants?)\b)", re.IGNORECASE
)


_DICTATED = re.compile(
    r"""
    \b(?P<who>[a-z0-9_-]{1,30}(?:[ ]dot[ ][a-z0-9_-]{1,30}){0,3})[ ]at[ ]
    (?P<host>[a-z0-9-]{1,40}(?:[ ]dot[ ][a-z0-9-]{1,40}){0,3}[ ]dot[ ](?:com|net|org|io|eu|co|gov|edu|[a-z]{2}))\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _dictated(text: str) -> list[tuple[int, int, str]]:
    """Addresses as people dictate them: "dana dot field at example dot com"."""
    if " dot " not in text:
        return []
    return [(m.start(), m.end(), f"{m['who']}@{m['host']}".replace(" dot ", ".")) for m in _DICTATED.finditer(text)]


def _edited(ground: Spelled, changes: Callable[[str], list[tuple[int, int, str]]]) -> Spelled:
    """The ground with these changes (start, end, new text) made; older edits move along, or are taken in."""
    pieces: list[str] = []
    edits: list[Edit] = []
    older = deque(ground.edits)
    at = shift = 0
    for start, end, new in changes(ground.text):
        while older and older[0].end <= start:
            edits.append(_moved(older.popleft(), shift))
        while older and older[0].start < end:
            older.popleft()
        pieces += [ground.text[at:start], new]
        before = ground.quote(start, end) if ground.edits else ground.text[start:end]
        edits.append(Edit(start + shift, start + shift + len(new), before))
        shift += len(new) - (end - start)
        at = end
    if not pieces:
        return ground
    edits += [_moved(edit, shift) for edit in older]
    return Spelled("".join([*pieces, ground.text[at:]]), tuple(edits))


def _moved(edit: Edit, shift: int) -> Edit:
    return Edit(edit.start + shift, edit.end + shift, edit.before)


_SHORT = re.compile(r"(?<![\w@./'-])[A-Za-z]{1,9}(?![\w@/'-]|\.\w)")
_UNKNOWN = re.compile(r"(?<![\w@./-])[A-Za-z]{4,15}(?![\w@/-]|\.\w)")
_MOST_LOOKED_AT = 300
"""Unknown words of one message that are compared with the tables; a longer text holds more names than errors."""
_COUNTED = re.compile(r"(?<=\d)(?<![A-Za-z_.]\d)(?<![A-Za-z_.]\d\d)(?<!\D-\d)(?<!\D-\d\d)[A-Za-z]{4,9}(?![\w@/-]|\.\w)")
"""Letters that are written right behind a figure of one or two digits: "4wrkers"."""
_OPENS = re.compile(r"(?:^|[.!?:\n] ?)$")
_NAME_BEFORE = re.compile(r"(?:\bteam|\bcalled|\bnamed|\bcall it|\bname it|\bname:)[ :=\"']*$", re.IGNORECASE)
_NAMED_TEAM = re.compile(r"(?<![\w-])([\w-]{2,30}) $")
_LONGEST_NAMED = 32
_SAMPLE = 2000
"""Characters by which a text is told to be written in capitals throughout, where case means nothing."""


def _mended(text: str) -> list[tuple[int, int, str]]:
    """What chat shortens written out, and plain typing errors of small words and of the trade's mended."""
    # Where everything is shouted a capital marks no name.
    is_cased = sum(c.isupper() for c in text[:_SAMPLE]) * 3 < len(text[:_SAMPLE])
    short = [(m.start(), m.end(), _short()[m[0].lower()]) for m in _SHORT.finditer(text) if m[0].lower() in _short()]
    short += [
        (m.start(), m.end(), _swapped()[m[0].lower()])
        for m in _SHORT.finditer(text)
        if m[0].lower() in _swapped() and not _is_name(m, "", is_cased=is_cased) and not _stands_for_name(m)
    ]
    short += [(m.start(), m.end(), f" {unit}") for m in _COUNTED.finditer(text) if (unit := _unit(m[0].lower()))]
    spans = {start for start, *_ in short}
    unknown = (m for m in _UNKNOWN.finditer(text) if m.start() not in spans and m[0].lower() not in _known())
    errors = [
        (m.start(), m.end(), near)
        for m in islice(unknown, _MOST_LOOKED_AT + 1)
        if (near := _nearest(m[0].lower())) and not _is_name(m, near, is_cased=is_cased)
    ]
    return sorted([*short, *errors])


def _is_name(match: re.Match[str], near: str, *, is_cased: bool) -> bool:
    """A capital in the middle of a sentence makes a name of a word, and so does what announces one; of a small word
    ("" near) capitals throughout do.
    """
    text, start = match.string, match.start()
    if not near and match[0].isupper() and is_cased:
        return True
    if match[0][0].isupper() and is_cased and match[0][:5].lower() != near[:5]:
        return not _OPENS.search(text, max(0, start - 4), start) or _is_announced(text, start)
    return _is_announced(text, start)


def _stands_for_name(match: re.Match[str]) -> bool:
    """True for a small word where a team's name stands and no such word can: "dev for adn, etl", "fro needs dev"."""
    right = _swapped()[match[0].lower()]
    if right not in table("spelling")["never_last"].split():
        return False
    text, start, end = match.string, match.start(), match.end()
    if _WANTS.match(text, end):
        return True
    before = _FOR.search(text, max(0, start - 12), start)
    if before is None or not _LAST.match(text, end):
        return False
    return right != "the" or before[0].lower() != "for " or _TEAM.match(text, end) is None  # "for teh team, etl"


_WANTS = re.compile(r"\s(?:needs|wants|requires|would like|(?:team|squad)\s(?:needs|wants))\b", re.IGNORECASE)
_FOR = re.compile(r"\b(?:for|team)\s(?:the\s|our\s)?$", re.IGNORECASE)
_TEAM = re.compile(r"\s(?:team|squad)\b", re.IGNORECASE)
_LAST = re.compile(
    r"\s?(?:$|[,.;:!?)\n])|\s(?:(?:team|squad)\s?(?:$|[,.;:!?)\n])|(?:in|with|on|please|pls|team in|team with)\s)",
    re.IGNORECASE,
)


def _is_announced(text: str, start: int) -> bool:
    """True behind "team", "called" and the like; not behind a "team" that has its name before it: "the gaming team"."""
    announced = _NAME_BEFORE.search(text, max(0, start - 12), start)
    if announced is None or announced[0].lower() not in ("team ", "team, "):
        return announced is not None
    named = _NAMED_TEAM.search(text, max(0, announced.start() - _LONGEST_NAMED), announced.start())
    return named is None or named[1].lower() in _carries()


@cache
def _swapped() -> dict[str, str]:
    """Small words with two letters the wrong way round, or one of them twice → as they are spelled."""
    right = _known() | frozenset(table("spelling")["right_small"].split())
    slips: dict[str, str] = {}
    for word in table("spelling")["small"].split():
        for at in range(len(word)):
            twice = word[: at + 1] + word[at:]
            swapped = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
            slips |= {slip: word for slip in (twice, swapped) if slip not in right}
    return slips


@lru_cache(maxsize=1024)
def _unit(word: str) -> str | None:
    """What is counted, where this is a word for it or a typing error of one."""
    near = process.extractOne(word, table("spelling")["units"].split(), scorer=OSA.distance, score_cutoff=1)
    return None if near is None or near[0][0] != word[0] or (word != near[0] and word in _known()) else near[0]


@cache
def _carries() -> frozenset[str]:
    """Words that stand before "team" and are no name of it: the grammar's, and those that say what it needs."""
    rows = (*environments(loose=True).values(), *workloads().values())
    return plain_words() | {word for row in rows for phrase in row for word in phrase.lower().split()}


@cache
def _short() -> dict[str, str]:
    """Words that chat shortens → as they are spelled."""
    return {word: str(full) for word, full in table("spelling")["short"].items()}


@lru_cache(maxsize=8192)
def _nearest(word: str) -> str | None:
    """The one word of the trade that this is a typing error of; None for any other word."""
    near = process.extractOne(word, _trade(), scorer=OSA.distance, score_cutoff=1)
    near = near or process.extractOne(word, _distinct(), scorer=OSA.distance, score_cutoff=2)
    # The first letter is right in nearly every slip, and most other words of the language differ in it.
    if near is None or near[0][0] != word[0] or (len(word) < _LONG and not _is_slip(word, near[0])):
        return None
    return near[0]


_LONG, _SHORTEST = 6, 4
"""Letters: in words shorter than the first only some errors are believed, in those shorter than the second fewer."""


def _is_slip(word: str, near: str) -> bool:
    """In short words only swapped, doubled and missing letters count as typing errors."""
    if sorted(word) == sorted(near):
        return True
    return len(word) != len(near) and min(len(word), len(near)) >= _SHORTEST


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
    common = frozenset(table("common")["words"])
    return plain_words() | common | trade | places | frozenset(table("spelling")["right"].split()) | lexicon()["filler"]
