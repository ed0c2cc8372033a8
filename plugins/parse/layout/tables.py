"""Tables: a line that names fields with a line a workspace below it, or a line a field."""

import re
from collections.abc import Iterable, Sequence

from plugins.parse.layout.keys import field_of
from plugins.parse.layout.sheet import Pair, Sheet, lines_of

_MARKS = ("|", "\t", ";", ",")
"""What may stand between the cells of a table, in the order in which it is looked for."""

_FEWEST_COLUMNS = 2
_MOST_COLUMNS = 60
"""Fields have 20 names; a line of more cells than this is no table's head, and is not looked up cell by cell."""

_RULE = re.compile(r"[\s|:+,;-]*")
_DRESSING = " \"'`*"
_HEAD_READ = "\u00a4"
"""Stands where a table's head was: it names fields, and states nothing."""


def table_of(sheet: Sheet) -> tuple[list[tuple[int, int]], list[Pair]]:
    """The rows of a table whose first line names fields, and each cell with its column's key; else nothing."""
    text = sheet.text
    lines = list(lines_of(text))
    for number, (start, line) in enumerate(lines):
        mark = next((m for m in _MARKS if line.count(m) > (m != "\t")), None)
        columns = _cells(line, start, mark) if mark and line.count(mark) < _MOST_COLUMNS else []
        if mark is None or not _are_keys(text, columns):
            continue
        rows, pairs = _rows(lines[number + 1 :], columns, text, mark)
        if rows:
            sheet.blank(start, start + len(line), " " if mark == "|" else _HEAD_READ)
            _blank_unknown(sheet, pairs)
            return rows, [pair for pair in pairs if pair.field]
    return [], []


def _are_keys(text: str, columns: Sequence[tuple[int, int]]) -> bool:
    """True when two thirds of the cells name fields."""
    known = len({field for a, b in columns if (field := field_of(text[a:b]))})
    return known >= _FEWEST_COLUMNS and known * 3 >= len(columns) * 2


def _rows(
    lines: Iterable[tuple[int, str]], columns: Sequence[tuple[int, int]], text: str, mark: str
) -> tuple[list[tuple[int, int]], list[Pair]]:
    rows: list[tuple[int, int]] = []
    pairs: list[Pair] = []
    keys = [(field_of(text[a:b]), text[a:b]) for a, b in columns]
    for start, line in lines:
        if _RULE.fullmatch(line):
            if rows and not line.strip():
                break
            continue
        cells = _cells(line, start, mark)
        if not _FEWEST_COLUMNS <= len(cells) <= len(columns):
            break
        pairs += [
            Pair(field, key, a, a, b, len(rows)) for (a, b), (field, key) in zip(cells, keys, strict=False) if b > a
        ]
        rows.append((start, start + len(line)))
    return rows, pairs


def _blank_unknown(sheet: Sheet, pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        if not pair.field:
            sheet.unknown.append((pair.start, pair.end))
            sheet.blank(pair.start, pair.end)


def field_a_line(text: str) -> list[Pair]:
    """A table of fields and values, a line a field: "| Team | Solar |"; empty for one such line alone."""
    pairs: list[Pair] = []
    for start, line in lines_of(text):
        for mark in ("|", "\t"):
            cells = [cell for cell in _cells(line, start, mark) if cell[1] > cell[0]] if mark in line else []
            if len(cells) == _FEWEST_COLUMNS and (field := field_of(text[cells[0][0] : cells[0][1]])):
                pairs.append(Pair(field, text[cells[0][0] : cells[0][1]], cells[0][0], *cells[1]))
    return pairs if len(pairs) > 1 else []


def _cells(line: str, start: int, mark: str) -> list[tuple[int, int]]:
    """Where the cells of a line stand, blanks and quotes around them left out."""
    inner = line
    offset = 0
    if mark == "|":
        offset = line.find("|") + 1 if line.lstrip().startswith("|") else 0
        inner = line[offset:].rstrip().removesuffix("|")
    cells: list[tuple[int, int]] = []
    at = start + offset
    for cell in inner.split(mark):
        left = len(cell) - len(cell.lstrip(_DRESSING))
        right = len(cell.rstrip(_DRESSING))
        cells.append((at + left, at + max(left, right)))
        at += len(cell) + 1
    return cells
