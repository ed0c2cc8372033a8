"""How a text is laid out: what is said now and what is quoted, which words stand for a key and which are its value.

Text in, `Layout` out. Nothing is cut out: what states nothing is blanked, so that every later stage speaks of the
same characters. The rooms: `sheet` (the text that is blanked), `mail`, `boxes`, `tables`, `keys` (the field that a
key names) and `pairs` (keys with their values). Each is linear in the length of the text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from plugins.domain.request import MOST_WORKSPACES
from plugins.parse.layout.assigned import assigned
from plugins.parse.layout.boxes import tick
from plugins.parse.layout.mail import older_lines, open_mail, strip_mail
from plugins.parse.layout.pairs import pairs_of
from plugins.parse.layout.sheet import Pair, Sheet, lines_of
from plugins.parse.layout.tables import table_of

__all__ = ["Layout", "Pair", "layout_of"]

_FEWEST_LINES = 3
"""Lines of a piece of code; two may be anything."""

_FEWEST_ITEMS = 2

_FENCE = re.compile(r"^[ \t]*```[\w-]*[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"(?:^|(?<=[ \t,]))(?:#|//)(?!\d)[^\n]*", re.MULTILINE)
_BLOCK = re.compile(r"^[ \t]*(?:resource|module|variable|locals)\b[^\n]{0,80}\{", re.MULTILINE)
_ASSIGNMENT = re.compile(r"\s*(?:- )?[\w-]{2,30}\s*[:=](?:\s|$)")
_INDENTED_KEY = re.compile(r"^[ \t]+[\w-]+\s*[:=]|_\w+\s*[:=]", re.MULTILINE)
_LEADERS_FIRST = re.compile(r"^[ \t]*[^\W\d_][\w /-]{1,30}?[ \t]*(?P<dots>[.…_]{3,})(?=[ \t]*[^\s:|.])", re.MULTILINE)
"""Leaders between a key and its value ("Region ...... westeurope") stand for a colon."""
_LEADERS = re.compile(r"(?<![.…_])[.…_]{3,}+(?=\s*[:|])")
_ITEM = re.compile(r"^[ \t]*(?:\(?\d{1,3}[.):]|[-*+•]|\(?[a-z][.)])[ \t]+(?=\S)", re.MULTILINE | re.IGNORECASE)

_NUMBER = re.compile(r"(?:^|(?<=[\s:;,.]))\(?(?P<number>\d{1,2})[.)][ \t]+(?=[^\W\d_])", re.MULTILINE)
_LAST_ENDS = re.compile(r"[.!?](?=\s|$)|\n|,(?=[^,\n]{0,60}\b(?:both|all|each|every|either)\b)")


@dataclass(frozen=True)
class Layout:
    """`text` with what states nothing blanked. `rows` are where the lines of a table or the items of a list stand,
    one a workspace. `older` are where quoted messages stand and how deep, which what is said later overrides.
    `unknown` are the values of keys that no table knows.
    """

    text: str
    pairs: tuple[Pair, ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    older: tuple[tuple[int, int, int], ...] = ()
    unknown: tuple[tuple[int, int], ...] = ()


def layout_of(text: str) -> Layout:
    """The text's layout. Linear in its length."""
    older = older_lines(text)
    sheet = Sheet(text)
    for match in _LEADERS_FIRST.finditer(text):
        sheet.blank(match.start("dots"), match.end("dots"))
        sheet.put(match.start("dots"), ":")
    sheet.blank_every(_LEADERS)
    open_mail(sheet)
    sheet.blank_every(_FENCE)
    strip_mail(sheet, older)
    is_code = _is_code(text)
    if is_code:
        sheet.blank_every(_COMMENT)
    tick(sheet)
    rows, pairs = table_of(sheet)
    if not rows:
        pairs = assigned(sheet, pairs_of(sheet, is_code=is_code))
        rows = _items(sheet.text) or _items_of_a_line(sheet, pairs)
    return Layout(sheet.text, tuple(pairs), tuple(rows[:MOST_WORKSPACES]), tuple(older), tuple(sheet.unknown))


def _is_code(text: str) -> bool:
    """True for YAML, JSON, HCL and the like: fenced, bracketed, or two lines of three a key and a bare value."""
    if "```" in text or _BLOCK.search(text):
        return True
    stripped = text.strip()
    if stripped[:1] in "{[" and stripped[-1:] in "}]":
        return True
    lines = [line for _, line in lines_of(text) if line.strip()]
    keyed = sum(_ASSIGNMENT.match(line) is not None for line in lines)
    return len(lines) >= _FEWEST_LINES and keyed * 3 >= len(lines) * 2 and _INDENTED_KEY.search(text) is not None


def _items(text: str) -> list[tuple[int, int]]:
    """Where the items of a list stand, each to the end of its line; one item is no list."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    ends = [text.find("\n", start) for start in starts]
    rows = [(start, len(text) if end < 0 else end) for start, end in zip(starts, ends, strict=True)]
    return rows if len(rows) > 1 else []


def _items_of_a_line(sheet: Sheet, pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Where the items of a list stand that is counted in the middle of a line, "1) … 2) …", and blanks what counts
    them; the last one ends with its sentence. What is numbered before a key is no item.
    """
    text = sheet.text
    marks: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text):
        if int(match["number"]) == len(marks) + 1:
            marks.append(match.span())
    if len(marks) < _FEWEST_ITEMS or "\n" in text[marks[0][0] : marks[-1][0]]:
        return []
    last = _LAST_ENDS.search(text, marks[-1][1])
    starts = [start for start, _ in marks]
    rows = list(pairwise([*starts, last.start() if last else len(text)]))
    if any(start <= pair.key_start < end for start, end in rows for pair in pairs):
        return []
    for start, end in marks:
        sheet.blank(start, end)
        sheet.put(start, ",")  # what stood apart still does
    return rows
