"""What tells workspaces of one message apart: rows of a table, items of a list, blocks of keys, lines."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from plugins.domain.request import MOST_WORKSPACES
from plugins.parse.evidence import starts_request
from plugins.parse.page import Mention, Page

TELLING = ("team", "environment", "region", "workspace_name")
MAIN = frozenset({"team", "environment", "region", "workload_type"})

_MOST_LINES = 2 * MOST_WORKSPACES
_SEVERAL = 2
_MOST_OF_MAIN = 3
"""Of the four main fields those that a line without a bullet must say to describe a workspace."""

_FEWEST_PAIRS = 4
"""Keys of two blocks of two."""

_WORKSPACE = re.compile(r"\b(?:workspace|databricks|ws|dbx|lakehouse)\b", re.IGNORECASE)

Span = tuple[int, int]


@dataclass
class Piece:
    """What tells one workspace apart, and where the words stand that speak of it alone."""

    settled: dict[str, object] = field(default_factory=dict[str, object])
    spans: list[Span] = field(default_factory=list[Span])


def rows_of(page: Page) -> tuple[list[Piece], list[Span]]:
    """Rows of a table, and items of a list that each say enough of a workspace; and where items stand that do not."""
    rows = page.layout.rows
    if not rows:
        return [], []
    is_table = any(pair.row is not None for pair in page.layout.pairs)
    asking = [row for row in rows if not page.is_older(row[0]) and (is_table or _is_workspace(page, row))]
    if len(asking) < (1 if is_table else _SEVERAL):
        return [], []
    if not is_table:
        asking = _the_order(page, asking) or asking
    ignored = [] if is_table else sorted(set(rows) - set(asking))
    return [Piece({}, [row]) for row in asking], ignored


def _the_order(page: Page, rows: Sequence[Span]) -> list[Span]:
    """The one numbered paragraph of prose that orders a workspace, where the others tell how it came to that."""
    texts = [page.layout.text[start:end] for start, end in rows]
    if not all(len(_SENTENCE_ENDS.findall(text)) > 1 for text in texts):
        return []
    ordering = [row for row, text in zip(rows, texts, strict=True) if starts_request(text)]
    return ordering if len(ordering) == 1 else []


_SENTENCE_ENDS = re.compile(r"[\w)\"\u201d'][.!?](?=\s|$)")


def _is_workspace(page: Page, row: Span) -> bool:
    fields = {mention.field for mention in page.within(*row) if mention.value is not None}
    if "environment" in fields and (len(fields) > 1 or _WORKSPACE.search(page.layout.text, *row)):
        return True
    return bool(fields & {"environment", "team", "region"}) and len(fields & MAIN) > 1


def blocks_of(page: Page) -> list[Piece]:
    """Blocks of keys and values, where the key that began the first block begins another."""
    pairs = [pair for pair in page.layout.pairs if pair.field]
    if len(pairs) < _FEWEST_PAIRS:
        return []
    for name in dict.fromkeys(pair.field for pair in pairs[:_FEWEST_PAIRS]):
        starts = [pair.key_start for pair in pairs if pair.field == name and not page.is_older(pair.start)]
        if name in TELLING and len(starts) > 1 and _do_blocks_repeat(page, starts):
            return [Piece({}, [block]) for block in _up_to_next(page, starts)]
    return []


def _up_to_next(page: Page, starts: Sequence[int]) -> Iterator[Span]:
    yield from zip(starts, [*starts[1:], len(page.text)], strict=True)


def _do_blocks_repeat(page: Page, starts: Sequence[int]) -> bool:
    """True when every block has another field besides, and the first one is where the form begins."""
    keys = sorted((pair.key_start, pair.field) for pair in page.layout.pairs)
    if any(name in MAIN for at, name in keys if at < starts[0]):
        return False
    return all(
        len({name for _, name in keys[bisect_left(keys, (start,)) : bisect_left(keys, (end,))]}) > 1
        for start, end in _up_to_next(page, starts)
    )


def lines_of(page: Page) -> list[Piece]:
    """Lines without a bullet that each describe a workspace."""
    text = page.layout.text
    if not 1 <= text.count("\n") < _MOST_LINES:
        return []
    described: list[Span] = []
    values: set[tuple[str, ...]] = set()
    at = 0
    for line in text.split("\n"):
        mentions = page.within(at, at + len(line))
        if not page.is_older(at) and _describes(mentions):
            described.append((at, at + len(line)))
            values.add(tuple(sorted(str(mention.value) for mention in mentions if mention.field in TELLING)))
        at += len(line) + 1
    return [Piece({}, [line]) for line in described] if len(described) > 1 and len(values) > 1 else []


def _describes(mentions: Sequence[Mention]) -> bool:
    return len({mention.field for mention in mentions if mention.value is not None} & MAIN) >= _MOST_OF_MAIN
