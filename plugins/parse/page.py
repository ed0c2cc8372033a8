"""A text being read: its layout, its clauses, and the mentions found in it so far."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pydantic import JsonValue

from plugins.parse.clauses import Clauses, clauses_of
from plugins.parse.layout import Layout, Pair
from plugins.parse.spans import Spans
from plugins.parse.spelling import Spelled
from plugins.parse.words import Hit, Phrases, Token, tokens_of

MASK = "\u00a4"
"""Stands for a character that a mention has taken: no word, no separator."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What is said of a field, and where. `weight` tells how plainly: 5 under a key of its own, 1 a loose word.

    `value` is None where something was said that no value is known for; `candidates` are then what it may mean, and
    `kind` what it is instead.
    """

    field: str
    value: JsonValue
    start: int
    end: int
    weight: float = 2
    candidates: tuple[str, ...] = ()
    because: str = ""
    kind: str = ""
    key_start: int | None = None


@dataclass
class Page:
    """`text` keeps its length while parts of it are masked; `mentions` only grow."""

    spelled: Spelled
    layout: Layout
    text: str
    mentions: list[Mention] = field(default_factory=list[Mention])
    _hits: dict[Phrases, tuple[Hit, ...]] = field(default_factory=dict[Phrases, "tuple[Hit, ...]"])
    _under: dict[str, Spans] = field(default_factory=dict[str, Spans])
    _by_start: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    _reach: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])
    _reach_of: int = 0

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tokens_of(self.layout.text)

    @cached_property
    def clauses(self) -> Clauses:
        return clauses_of(self.layout.text, self.tokens)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        return tuple(token.start for token in self.tokens)

    def quote(self, start: int, end: int) -> str:
        return self.spelled.quote(start, end)

    def token_at(self, position: int) -> int:
        """The number of the token that holds this position, or of the last one before it."""
        return max(0, bisect_right(self.starts, position) - 1)

    def numbers(self, start: int, end: int) -> range:
        """The numbers of the tokens that begin between these positions."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def hits(self, phrases: Phrases) -> tuple[Hit, ...]:
        """What the words of the text spell of these phrases, whether masked or not; looked up once."""
        if phrases not in self._hits:
            self._hits[phrases] = tuple(phrases.hits(self.tokens))
        return self._hits[phrases]

    def add(self, mentions: Iterable[Mention]) -> None:
        """Keeps these mentions and masks their words."""
        added = list(mentions)
        if added:  # most fields are in few texts
            self.mentions += added
            self.mask([(mention.start, mention.end) for mention in added])

    def within(self, start: int, end: int) -> Sequence[Mention]:
        """The mentions that begin between these positions, in the order in which they stand."""
        first, after = self._numbers(start, end)
        return [self.mentions[number] for _, number in self._by_start[first:after]]

    def is_said_within(self, start: int, end: int) -> bool:
        """True where any mention begins between these positions."""
        first, after = self._numbers(start, end)
        return first < after

    def _numbers(self, start: int, end: int) -> tuple[int, int]:
        if len(self._by_start) != len(self.mentions):
            self._by_start = sorted((mention.start, number) for number, mention in enumerate(self.mentions))
        return bisect_left(self._by_start, (start, -1)), bisect_left(self._by_start, (end, -1))

    def is_said_outside(self, name: str, start: int, end: int) -> bool:
        """True where the field is mentioned before or behind these positions."""
        if self._reach_of != len(self.mentions):
            self._reach_of = len(self.mentions)
            self._reach = {}
            for mention in self.mentions:
                first, last = self._reach.get(mention.field, (mention.start, mention.start))
                self._reach[mention.field] = (min(first, mention.start), max(last, mention.start))
        first, last = self._reach.get(name, (start, start))
        return first < start or last >= end

    def mask(self, spans: Iterable[tuple[int, int]]) -> None:
        """Takes these parts, so that no other field reads them."""
        ordered = sorted(spans)
        if not ordered:
            return
        pieces: list[str] = []
        at = 0
        for start, end in ordered:
            if end <= at:
                continue
            begin = max(start, at)
            pieces += [self.text[at:begin], MASK * (end - begin)]
            at = end
        pieces.append(self.text[at:])
        self.text = "".join(pieces)

    def is_free(self, start: int, end: int) -> bool:
        return MASK not in self.text[start:end]

    def before(self, start: int, length: int = 30) -> str:
        return self.text[max(0, start - length) : start]

    def after(self, end: int, length: int = 30) -> str:
        return self.text[end : end + length]

    def pairs(self, *fields: str) -> list[Pair]:
        return [pair for pair in self.layout.pairs if pair.field in fields]

    def is_under(self, name: str, at: int) -> bool:
        """True where the value of a key of this field stands."""
        if name not in self._under:
            self._under[name] = Spans((pair.start, pair.end) for pair in self.pairs(name))
        return at in self._under[name]

    def key_of(self, at: int) -> str:
        """The field whose key this position's value stands under; "" where it stands under none."""
        number = bisect_right(self._pair_starts, at) - 1
        pair = self.layout.pairs[number] if number >= 0 else None
        return pair.field if pair is not None and pair.start <= at < pair.end else ""

    def is_key(self, at: int) -> bool:
        """True where a key stands: its words name a field, and no value."""
        number = bisect_right(self._pair_starts, at)
        pair = self.layout.pairs[number] if number < len(self.layout.pairs) else None
        return pair is not None and pair.row is None and pair.key_start <= at < (pair.key_end or pair.start)

    @cached_property
    def _pair_starts(self) -> tuple[int, ...]:
        return tuple(pair.start for pair in self.layout.pairs)

    def depth(self, start: int) -> int:
        """How often the text here was quoted: 0 for what is said now."""
        spans = self.layout.older
        at = bisect_right(spans, (start, 1 << 60, 0)) - 1
        return spans[at][2] if at >= 0 and spans[at][0] <= start < spans[at][1] else 0

    @cached_property
    def newest(self) -> int:
        """The depth of the latest of the mentions: a mail that was only quoted speaks for itself."""
        return min((self.depth(m.start) for m in self.mentions if m.field not in ("address", "other_name")), default=0)

    def is_older(self, start: int) -> bool:
        """True where the text is quoted from a message that a later one of the same text answers."""
        return self.depth(start) > self.newest
