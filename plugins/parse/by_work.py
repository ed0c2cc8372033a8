"""Workspaces that are told apart by the work that each is for: "one for notebooks and one for streaming"."""

import re

from plugins.parse.page import Page
from plugins.parse.pieces import Piece


def by_work(page: Page) -> list[Piece]:
    """A piece for each kind of work that a workspace of its own is for: "one for notebooks and one for streaming"."""
    pieces: list[Piece] = []
    for match in _ONE_FOR_WORK.finditer(page.layout.text):
        inside = [m for m in page.within(match.end(), match.end() + _WORK_REACH) if m.field == "workload_type"]
        if inside:
            first = min(inside, key=lambda mention: mention.start)
            pieces.append(Piece({"workload_type": first.value}, [(match.start(), first.end)]))
    values = {str(piece.settled["workload_type"]) for piece in pieces}
    return pieces if len(pieces) > 1 and len(values) == len(pieces) else []


_WORK_REACH = 40
"""Characters behind "one for" within which the work stands."""
_ONE_FOR_WORK = re.compile(
    r"\b(?:one|another|a second|the (?:first|second|other))(?: one)?(?: \w{1,20}){0,2}?(?: workspace)? (?:is )?for\b",
    re.IGNORECASE,
)
