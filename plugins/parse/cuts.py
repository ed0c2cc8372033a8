"""Marks that part a text, and values that part it, looked up by position."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from plugins.parse.page import Mention, Page

_UPON_REACH = 8
_PLURAL = re.compile(
    r"""
    \b(?:workspaces|databrickses|envs|environments|instances|lakehouses|setups|ones|clusters)\b
    |\b(?:both|each|twice|respectively|all\ three|all\ two|all\ four|two\ of|three\ of|2x|3x|two|three|four|2|3|4)\b
    (?!\ ?(?:                                              # a number of something else
        workers?|nodes?|gpus?|people|users|analysts
        |weeks?|days?|months?|hours?|h\b
        |to\b|-|x\b|k\b|max|min|gb|tb|grand|\.\d|,\d|%
    ))""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.;\n!?](?=\s|$)|;")
_CLAUSE_MARK = re.compile(r"[,;\n(:]|\.(?=\s|$)")
_UPON = re.compile(r"\b(?:for|in|on|only|to|at|of|bei|für)\s{1,2}(?:the |a |an )?$", re.IGNORECASE)


class Anchors:
    """The single values of one field that open pieces, in order, and the marks of the text around them."""

    def __init__(self, page: Page, mentions: Sequence[Mention], *, is_list: bool) -> None:
        self.mentions = mentions
        self.is_list = is_list
        self._page = page
        self._starts = [mention.start for mention in mentions]
        self._ends = [mention.end for mention in mentions]

    def end_before(self, at: int, default: int) -> int:
        """Where the last value before this position ends."""
        number = bisect_right(self._ends, at) - 1
        return self._ends[number] if number >= 0 else default

    def last_before(self, at: int) -> Mention | None:
        number = bisect_right(self._ends, at) - 1
        return self.mentions[number] if number >= 0 else None

    def next_other(self, mention: Mention) -> int:
        """Where the next other value begins; the text's end where none follows."""
        number = bisect_right(self._starts, mention.start)
        if not number or self.mentions[number - 1].value == mention.value:
            return self._following[max(0, number - 1)]
        return self._starts[number] if number < len(self._starts) else len(self._page.layout.text)

    @cached_property
    def _following(self) -> list[int]:
        """For each value where the next one that differs begins."""
        following = [len(self._page.layout.text)] * max(1, len(self.mentions))
        for at in range(len(self.mentions) - 2, -1, -1):
            is_same = self.mentions[at].value == self.mentions[at + 1].value
            following[at] = following[at + 1] if is_same else self._starts[at + 1]
        return following


class Cuts:
    """Where clauses begin and sentences end in a page, looked up by position."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text = page.layout.text
        self._clauses = [mark.end() for mark in _CLAUSE_MARK.finditer(self.text)]
        self._sentences = [mark.start() for mark in _SENTENCE_END.finditer(self.text)]

    @cached_property
    def is_plural(self) -> bool:
        """True where the message counts workspaces: "two workspaces", "both"."""
        return _PLURAL.search(self.text) is not None

    def clause_start(self, at: int) -> int:
        number = bisect_right(self._clauses, at) - 1
        return self._clauses[number] if number >= 0 else 0

    def sentence_end(self, at: int) -> int | None:
        """Where the sentence's mark stands; None where none follows."""
        number = bisect_left(self._sentences, at)
        return self._sentences[number] if number < len(self._sentences) else None

    def is_upon(self, at: int) -> bool:
        """True where a preposition before the value makes it close what it speaks of: "4 workers in dev"."""
        return _UPON.search(self.text[max(0, at - _UPON_REACH) : at]) is not None

    def speaks(self, start: int, end: int, fields: frozenset[str]) -> bool:
        return any(mention.field in fields for mention in self.page.within(start, end))

    def says_more(self, name: str, start: int, end: int) -> bool:
        """True where something else than this field is said."""
        return any(mention.field not in (name, "address") for mention in self.page.within(start, end))
