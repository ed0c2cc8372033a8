"""Keys and their values, wherever they stand: a line each, in a row, or as a heading and what follows it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.parse.layout.keys import asks_for_more, field_of, is_clerical, is_prose_key
from plugins.parse.layout.sheet import Pair, Sheet, opens_line
from plugins.parse.layout.tables import field_a_line

_INLINE = re.compile(
    r"""
    (?:^|(?<=[.;,({|/\n\"'*])|(?<=\s)(?=\(?\d{1,2}[.)]\s))  # keys open a line, or follow a mark or are numbered
    [ \t]{0,60}[ \t\"'*]{0,6}
    (?:(?:[-•+][ \t]{1,20}|\(?\d{1,3}[.)][ \t]{1,20})[\"'*]{0,4})?  # a bullet, or a number
    (?P<key>(?:(?:min|max|no)\.[ ]?)?[^\W\d_][\w /()'-]{0,40}?)
    [\"']?[*]{0,4}[ \t]{0,40}
    (?::|=|->|[ \t][\u2013-](?=[ \t])|[ \t]-(?=[ \t]))
    """,
    re.VERBOSE,
)
_EQUATED = re.compile(r"(?<=\s)(?P<key>[A-Za-z_][\w-]{1,30})=(?=\S)")
_IN_BRACKETS = re.compile(r"^[ \t]*[\[【](?P<key>[^\]】\n]{2,40})[\]】][ \t:]*", re.MULTILINE)
_HEADING = re.compile(
    r"""
    ^[ \t]*(?:\#{1,6}|\*\*)[ \t]*(?P<key>[^\n:*#]{2,60}?)[ \t]{0,20}(?:\*\*)?[ \t:?]{0,20}\n+
    (?P<value>[^\n#]+)
    """,
    re.MULTILINE | re.VERBOSE,
)
_TAGGED = re.compile(r"\b(?:tag(?:s|ged)?|labels?)\b[^\n]*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?=\s)|,(?=\s*\")|\s\||\s/\s")
_NEXT_NUMBER = re.compile(r"\s\(?\d{1,3}[.)]$")
"""The number of the next key, where keys are numbered in one line: "1) team: fraud-ops 2) workload: …"."""
_OPENS_KEY = " \t>*-•\"'{"
_BEFORE_KEY = " \t\"'*.;,|/({"
_DRESSING = " \t\"'*`"
_LONGEST_UNKNOWN = 120
"""Characters of a value that is told to be not used; a longer one is prose, and is read."""
_LONGEST_BRACES = 4_000


@dataclass(frozen=True, slots=True)
class _Key:
    """A key; `end` is where its value may begin."""

    start: int
    text: str
    end: int
    field: str


def pairs_of(sheet: Sheet, *, is_code: bool) -> list[Pair]:
    """The pairs in the order of their keys. Values of keys that no table knows are blanked in the sheet.

    A key that no table knows is one only in code and on tickets; in prose it is a word before a colon.
    """
    text = sheet.text
    pairs = [*field_a_line(text), *_headings(text)]
    tagged = [match.span() for match in _TAGGED.finditer(text)]
    keys = _keys(text, {pair.key_start for pair in pairs}, tagged)
    ends = _Ends(text, keys, is_code=is_code)
    inside = 0
    for number, key in enumerate(keys):
        if key.start < inside or (not key.field and _is_inside(tagged, key.start)):
            continue
        if key.field == "tags" and (below := _indented_below(text, key) or _braced(text, key.end)):
            inside = below
            pairs.append(Pair(key.field, key.text, key.start, key.end, below))
        elif key.field:
            pairs.append(_pair(text, key, ends.of(number), is_code=is_code))
        elif is_clerical(key.text) or (
            is_code and opens_line(text, key.start, _OPENS_KEY) and not is_prose_key(key.text)
        ):
            stop = ends.of(number)
            pair = _pair(text, key, stop, is_code=is_code)
            _blank_unknown(sheet, pair, value=text[key.end : stop], stop=stop)
    return sorted(pairs, key=lambda pair: pair.start)


def _blank_unknown(sheet: Sheet, pair: Pair, *, value: str, stop: int) -> None:
    """Blanks a key that no table knows and its value, unless it is prose or holds a wish of its own."""
    if value.strip() and len(value) < _LONGEST_UNKNOWN and not asks_for_more(value):
        sheet.unknown.append((pair.start, pair.end))
        sheet.blank(pair.key_start, stop)


def _headings(text: str) -> Iterator[Pair]:
    for match in _HEADING.finditer(text):
        if field := field_of(match["key"]):
            yield Pair(field, match["key"], match.start("key"), match.start("value"), match.end("value"))


def _keys(text: str, taken: set[int], tagged: Sequence[tuple[int, int]]) -> list[_Key]:
    inline = [match for match in _INLINE.finditer(text) if match.start("key") not in taken]
    known = taken | {match.start("key") for match in inline}
    equated = [
        match
        for match in _EQUATED.finditer(text)
        if match.start("key") not in known and not _is_inside(tagged, match.start())
    ]
    rows = sorted(
        (match.start("key"), match["key"], match.end()) for match in (*inline, *_IN_BRACKETS.finditer(text), *equated)
    )
    return [_Key(start, key.strip(), end, field_of(key)) for start, key, end in rows]


def _is_inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """True where this place stands inside one of the spans, which are in order."""
    number = bisect_right(spans, (at,)) - 1
    return number >= 0 and spans[number][0] < at < spans[number][1]


class _Ends:
    """Where the values of keys end: with the line, with the sentence, or before the next key that stands in it."""

    def __init__(self, text: str, keys: Sequence[_Key], *, is_code: bool) -> None:
        self._text = text
        self._keys = keys
        self._by_sentences = sum(bool(key.field) for key in keys) > 1
        self._line_ends = [match.start() for match in re.finditer("\n", text)] + [len(text)]
        self._following = self._next_keys(is_code=is_code)

    def _next_keys(self, *, is_code: bool) -> list[int]:
        following: list[int] = []
        upcoming = len(self._text)
        for key in reversed(self._keys):
            following.append(upcoming)
            if key.field or is_code:
                upcoming = key.start
        return following[::-1]

    def of(self, number: int) -> int:
        text, key = self._text, self._keys[number]
        end = self._line_ends[bisect_right(self._line_ends, key.end - 1)]
        if self._following[number] < end:
            end = self._following[number]
            return key.end + len(_NEXT_NUMBER.sub("", text[key.end : end].rstrip(_BEFORE_KEY)))
        if not key.field:
            end = min(end, key.end + _LONGEST_UNKNOWN)
        if text[max(0, key.start - 1) : key.start] == "(" and (mark := text.find(")", key.end, end)) >= 0:
            return mark  # "(team name: pq) a workspace": the bracket ends what it opened
        if (mark := text.find(";", key.end, end)) >= 0:
            return mark
        sentence = _SENTENCE_END.search(text, key.end, end) if self._by_sentences else None
        return sentence.start() if sentence else end


def _pair(text: str, key: _Key, stop: int, *, is_code: bool) -> Pair:
    value = text[key.end : stop]
    left = len(value) - len(value.lstrip(_DRESSING + "|"))
    right = len(value.rstrip(_DRESSING + (",;|}])" if is_code else ",;|")))
    return Pair(key.field, key.text, key.start, key.end + left, key.end + max(left, right))


def _braced(text: str, start: int) -> int:
    """Where a value in braces ends; 0 when it is in none."""
    if not text[start : start + 3].lstrip().startswith("{"):
        return 0
    return text.find("}", start, start + _LONGEST_BRACES) + 1


def _indented_below(text: str, key: _Key) -> int:
    """Where the lines end that stand indented below a key without a value; 0 when there are none."""
    line_end = text.find("\n", key.end)
    if line_end < 0 or text[key.end : line_end].strip(" \t{[|"):
        return 0
    indent = key.start - (text.rfind("\n", 0, key.start) + 1)
    at = line_end + 1
    last = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if line.strip():
            if len(line) - len(line.lstrip(" \t-")) <= indent:
                break
            last = end
        at = end + 1
    return last
