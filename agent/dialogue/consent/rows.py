"""Rows of phrases, held against words without being spelled out: seventy thousand phrases would take 40 MB."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_PART = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|([^()\[\]]+)")
_Words = tuple[str, ...]
T = TypeVar("T")


@dataclass(frozen=True)
class PhraseRow:
    """One row: its parts in order, each what may stand there. A part that may be left out holds the empty one."""

    parts: tuple[frozenset[_Words], ...]

    @classmethod
    def read(cls, row: str) -> "PhraseRow":
        """As it is written: "(a|b)" is one of these, "[a]" may be left out, blanks part words."""
        parts: list[frozenset[_Words]] = []
        for one, maybe, plain in _PART.findall(row):
            written = one.split("|") if one else ["", *maybe.split("|")] if maybe else [plain]
            parts.append(frozenset(tuple(words.split()) for words in written))
        return cls(tuple(parts))

    @property
    def first_words(self) -> frozenset[str]:
        found: set[str] = set()
        for part in self.parts:
            found |= {words[0] for words in part if words}
            if () not in part:
                break
        return frozenset(found)

    def ends(self, words: Sequence[str], at: int) -> set[int]:
        """Where a phrase of the row that begins at that word ends: the places behind its last word."""
        reached = {at}
        for part in self.parts:
            lengths = {len(each) for each in part}
            reached = {
                place + length
                for place in reached
                for length in lengths
                if place + length <= len(words) and tuple(words[place : place + length]) in part
            }
            if not reached:
                break
        return reached - {at}


class PhraseRows(Generic[T]):
    """Rows of several kinds; of two that hold the same phrase the earlier kind has it."""

    def __init__(self, rows: Iterable[tuple[T, str]]) -> None:
        self._by_word: defaultdict[str, list[tuple[T, PhraseRow]]] = defaultdict(list)
        for kind, written in rows:
            row = PhraseRow.read(written)
            for word in row.first_words:
                self._by_word[word].append((kind, row))

    def at(self, words: Sequence[str], at: int) -> Mapping[int, T]:
        """The kind of each phrase that begins at that word, by how many words it has."""
        found: dict[int, T] = {}
        for kind, row in self._by_word.get(words[at], ()):
            for end in row.ends(words, at):
                found.setdefault(end - at, kind)
        return found
