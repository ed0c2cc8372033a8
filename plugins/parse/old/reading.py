"""A text being read: what one rule has taken is masked for the next, and mentions are settled into a value."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pydantic import JsonValue

from plugins.domain.request import Assumption
from plugins.domain.understanding import Doubt, DoubtKind

MASK = "\u00a4"
"""Stands for a character that a rule has taken: no word, no separator."""

_NEGATED = re.compile(
    r"(?:\bnot(?: (?:in|on|for|the|a|an|to|be|use|with|any))*|\bno|\bnon|\bwithout(?: any)?"
    r"|\bpas(?: de| en)?|\bnever(?: in| use)?"
    r"|(?:n't|\bnot) (?:put|be|use|want|deploy|need|take|go|make|do|place)\b[^.;,!?\n]{0,22}"
    r"|\brather than|\binstead of|\bexcept(?: for)?|\bbut not|\bisn't(?: a| the)?"
    r"|\bnothing in|\banything but)[\s(]{0,2}$|\bnon-$",
    re.IGNORECASE,
)
_CORRECTED = re.compile(
    r"\bno,? wait|\bwait\b|\bsorry\b|\bactually\b|\bi mean|\bscratch that|\bmake (?:it|that)\b|\bcorrection\b|\boops\b"
    r"|\?\s*(?:oh,? )?no\b|\bi meant\b|\blet'?s go with|\bchanged (?:my|our) mind|\bno,|\bno:"
    r"|\brather\b|\bor rather|\bbetter\b"
    r"|\bchange (?:it|that) to|\bmade a mistake|\bnope\b|\bhmm\b|\bon second thought",
    re.IGNORECASE,
)
_OR = re.compile(r"\bor\b|\bmaybe\b|\bperhaps\b|\bversus\b|\bvs\b|(?<=\w)\s?/\s?(?=\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Mention:
    """A value as mentioned, and where."""

    value: JsonValue
    start: int
    end: int


@dataclass
class Reading:
    """`text` keeps its length while parts of it are masked."""

    text: str

    def mask(self, start: int, end: int) -> None:
        self.text = self.text[:start] + MASK * (end - start) + self.text[end:]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, masked."""
        found = pattern.search(self.text)
        if found is not None:
            self.mask(found.start(), found.end())
        return found

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every match, masked, in order."""
        found = list(pattern.finditer(self.text))
        for match in found:
            self.mask(match.start(), match.end())
        return found

    def is_negated(self, start: int) -> bool:
        """True when the words right before say that this is not wanted."""
        return _NEGATED.search(self.text, max(0, start - 45), start) is not None

    def before(self, start: int, length: int = 30) -> str:
        return self.text[max(0, start - length) : start]

    def after(self, end: int, length: int = 30) -> str:
        return self.text[end : end + length]


@dataclass
class Notes:
    """What has been read of one workspace so far."""

    fields: dict[str, object] = field(default_factory=dict[str, object])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    assumptions: list[Assumption] = field(default_factory=list[Assumption])
    extras: list[str] = field(default_factory=list[str])
    clear: list[str] = field(default_factory=list[str])

    def say(self, name: str, value: object) -> None:
        self.fields[name] = value

    def assume(self, name: str, value: JsonValue, because: str) -> None:
        """An inferred value, unless the person stated one."""
        if name not in self.fields and not any(doubt.slot == name for doubt in self.doubts):
            self.fields[name] = value
            self.assumptions.append(Assumption(field=name, value=value, because=because))

    def doubt(self, slot: str, kind: DoubtKind, said: str, candidates: Iterable[str] = ()) -> None:
        self.fields.pop(slot, None)
        self.doubts.append(Doubt(slot=slot, kind=kind, said=" ".join(said.split()), candidates=tuple(candidates)))

    def knows(self, name: str) -> bool:
        return name in self.fields or any(doubt.slot == name for doubt in self.doubts)


@dataclass(frozen=True)
class Settled:
    """One value, or why there is none although something was said."""

    value: JsonValue = None
    kind: DoubtKind | None = None
    candidates: tuple[JsonValue, ...] = ()
    said: str = ""


def wanted(reading: Reading, mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions that are not negated, without those that a correction takes back."""
    kept = [m for m in sorted(mentions, key=lambda m: m.start) if not reading.is_negated(m.start)]
    for at in range(len(kept) - 1, 0, -1):
        if _CORRECTED.search(reading.text, kept[at - 1].end, kept[at].start):
            return kept[at:]
    return kept


def settle(reading: Reading, mentions: Sequence[Mention]) -> Settled:
    """The one value that these mentions come to, or the doubt that they leave."""
    kept = wanted(reading, mentions)
    values = list(dict.fromkeys(m.value for m in kept if isinstance(m.value, str | int | float | bool)))
    if not kept:
        return Settled()
    if len(values) == 1:
        return Settled(value=values[0])
    said = reading.text[kept[0].start : kept[-1].end]
    return Settled(
        kind="several" if _joined_by_or(reading, kept) else "contradiction", candidates=tuple(values), said=said
    )


def corrected_between(reading: Reading, start: int, end: int) -> bool:
    return _CORRECTED.search(reading.text, start, end) is not None


def _joined_by_or(reading: Reading, mentions: Sequence[Mention]) -> bool:
    return any(_OR.search(reading.text, one.end, other.start) for one, other in pairs(mentions))


def pairs(mentions: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    return pairwise(mentions)
