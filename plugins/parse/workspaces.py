"""Several workspaces in one message: which mentions speak of all of them, and which of one.

What tells workspaces apart is a row of a table or of a list, or several values of one field that the message asks
for side by side: teams, environments, regions or names. Each such value opens a piece; a mention belongs to the
piece that it stands in, and to all of them where it stands in none.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from plugins.domain.request import MOST_WORKSPACES
from plugins.parse.fields.extras import Wish
from plugins.parse.notes import RequestNotes, infer, merged
from plugins.parse.page import Mention, Page
from plugins.parse.pieces import Piece, Span, blocks_of, lines_of, rows_of
from plugins.parse.roles import notes_of
from plugins.parse.scopes import SAME_AGAIN, side_by_side
from plugins.parse.spans import Spans

_SHARED = ("team", "workload_type", "owner", "cost_center", "environment")


def workspaces_of(page: Page, extras: Sequence[Wish]) -> list[RequestNotes]:
    """Notes of each workspace that the page asks for, in the order mentioned; one when it speaks of one."""
    pieces, ignored = _pieces(page)
    passed = Spans(ignored)
    mentions = [mention for mention in page.mentions if mention.start not in passed]
    wishes = [(start, text) for text, start, _ in extras]
    if len(pieces) == 1:
        pieces = []
    notes = _notes_of_each(page, pieces, mentions, wishes) if pieces else [_notes_of_one(page, mentions, wishes)]
    notes = _without_taken_back(page, notes)
    for note in notes:
        infer(note)
    return notes


def _notes_of_one(page: Page, mentions: Sequence[Mention], wishes: Sequence[tuple[int, str]]) -> RequestNotes:
    notes = notes_of(page, mentions)
    notes.extras += [text for _, text in wishes if text not in notes.extras]
    return notes


def _notes_of_each(
    page: Page, pieces: Sequence[Piece], mentions: Sequence[Mention], wishes: Sequence[tuple[int, str]]
) -> list[RequestNotes]:
    """What is said of all, overridden in each piece by what is said there."""
    taken = Spans(span for piece in pieces for span in piece.spans)
    ground = notes_of(page, [mention for mention in mentions if mention.start not in taken])
    ground.extras += [text for start, text in wishes if start not in taken]
    starts = sorted((mention.start, number) for number, mention in enumerate(mentions))
    wished = sorted((start, number) for number, (start, _) in enumerate(wishes))
    each_notes: list[RequestNotes] = []
    for piece in pieces[:MOST_WORKSPACES]:
        own = notes_of(page, [mentions[number] for number in _held(piece.spans, starts)])
        own.extras += [wishes[number][1] for number in _held(piece.spans, wished)]
        each_notes.append(merged(ground, own, piece.settled))
        _take_again(page, piece, each_notes)
    _take_shared(page, taken, each_notes)
    _share_place(page, mentions, each_notes)
    _keep_from_others(page, mentions, each_notes)
    _name_in_order(mentions, each_notes)
    is_rows = bool(page.layout.rows) and pieces[0].spans == [page.layout.rows[0]]
    for name in () if is_rows else _SHARED:
        if name != "owner" or not _is_of_one(page, mentions):
            _share(name, each_notes)
    return each_notes


def _name_in_order(mentions: Sequence[Mention], notes: Sequence[RequestNotes]) -> None:
    """As many names as workspaces, told together: "dev and prod, called dbw-a and dbw-b"."""
    names = {str(m.value): m for m in mentions if m.field == "workspace_name" and m.value is not None}
    if len(names) != len(notes) or any("workspace_name" in note.fields for note in notes):
        return
    # A name that holds one's own environment is that one's, whatever the order.
    told = {next((w for w in _WORD.findall(name) if w in _STAGES), ""): name for name in names}
    by_stage = [told.get(str(note.fields.get("environment")), "") for note in notes]
    for note, name in zip(notes, by_stage if all(by_stage) else names, strict=True):
        note.doubts = [doubt for doubt in note.doubts if doubt.slot != "workspace_name"]
        note.say("workspace_name", name, name)


_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_STAGES = frozenset({"dev", "staging", "prod"})


def _without_taken_back(page: Page, notes: list[RequestNotes]) -> list[RequestNotes]:
    """Without those that the same message takes back: "… and a staging one. Actually forget the staging one."."""
    for match in _TAKEN_BACK.finditer(page.layout.text):
        inside = page.within(*match.span("what"))
        meant = [
            note for note in notes if any(note.fields.get(m.field) == m.value for m in inside if m.field in _TELLS)
        ]
        if 0 < len(meant) < len(notes):
            notes = [note for note in notes if note not in meant]
    return notes


_TELLS = ("team", "environment", "region", "workspace_name")
_TAKEN_BACK = re.compile(
    r"\b(?:forget|scratch|skip|drop|cancel|strike|lose|leave out|never ?mind)(?: about)? (?:the )?"
    r"(?P<what>[\w -]{2,30}?)"
    r" (?:one|workspace|after all|altogether|entirely|for now|for the moment|for today|this time)\b",
    re.IGNORECASE,
)


def _take_again(page: Page, piece: Piece, notes: Sequence[RequestNotes]) -> None:
    """What the newest says is the same as before it: "and a dev one in the same region"."""
    if len(notes) <= 1:
        return
    earlier, newest = notes[-2:]
    for start, end in piece.spans:
        told = {_SAME_FIELDS[m["what"].lower()]: m[0] for m in _SAME.finditer(page.layout.text, start, end)}
        if not told and SAME_AGAIN.search(page.layout.text, start, end):
            again = earlier.fields.keys() - {"team", "workspace_name"}
            told = {name: earlier.sources.get(name, "") for name in earlier.fields if name in again}
        for name, words in told.items():
            if name in earlier.fields and not newest.knows(name):
                newest.say(name, earlier.fields[name], words)


def _take_shared(page: Page, taken: Spans, notes: Sequence[RequestNotes]) -> None:
    """What is said to be the same behind the last piece is so in all: "…, prod for elm, kafka, same region"."""
    for match in _SAME.finditer(page.layout.text):
        name = _SAME_FIELDS[match["what"].lower()]
        known = {str(note.fields[name]): note.fields[name] for note in notes if name in note.fields}
        if match.start() in taken or len(known) != 1:
            continue
        for note in notes:
            if not note.knows(name):
                note.say(name, next(iter(known.values())), match[0])


def _share_place(page: Page, mentions: Sequence[Mention], notes: Sequence[RequestNotes]) -> None:
    """The one place that is told by itself, "…, uk south, …", is that of all, whichever of them it stands behind."""
    places = [mention for mention in mentions if mention.field == "region"]
    known = {str(note.fields["region"]) for note in notes if "region" in note.fields}
    if len({str(mention.value) for mention in places}) != 1 or known != {str(places[0].value)}:
        return
    if any(doubt.slot == "region" for note in notes for doubt in note.doubts):
        return
    start, end = places[-1].start, places[-1].end
    text = page.layout.text
    if _ALONE_BEFORE.search(text, max(0, start - _ALONE_REACH), start) and _ALONE_BEHIND.match(text, end):
        for note in notes:
            if "region" not in note.fields:
                note.say("region", places[-1].value, page.quote(start, end))


_ALONE_REACH = 30
_ALONE_BEFORE = re.compile(
    r"[,;.\n]\s{0,3}(?:(?:in|region|location|all in|azure region)[ :]{1,2}){0,2}$", re.IGNORECASE
)
_ALONE_BEHIND = re.compile(r"\s{0,2}(?:[,;.)\n]|$|(?:please|pls|bitte|both|for (?:all|both))\b)", re.IGNORECASE)


def _keep_from_others(page: Page, mentions: Sequence[Mention], notes: Sequence[RequestNotes]) -> None:
    """What only one of them is to have, "photon only in prod", the others are not to have."""
    for mention in mentions:
        if mention.field not in _FLAGS or not mention.value:
            continue
        having = [note for note in notes if note.fields.get(mention.field) is True]
        lacking = [note for note in notes if not note.knows(mention.field)]
        behind = page.layout.text[mention.end : mention.end + _ONLY_REACH]
        before = page.layout.text[max(0, mention.start - _ONLY_REACH) : mention.start]
        if having and lacking and (_ONLY_BEHIND.match(behind) or _ONLY_BEFORE.search(before)):
            for note in lacking:
                note.say(mention.field, not mention.value, page.quote(mention.start, mention.end))


_FLAGS = frozenset({"spot", "photon", "enable_gpu"})
_ONLY_REACH = 40
_ONLY_BEHIND = re.compile(
    r"s?\s(?:only|just|nur)\s(?:in|for|on|für|bei)\b|s?\s(?:in|for|on|für|bei)\s(?:the\s)?[\w-]{2,24}\s(?:only|alone)\b",
    re.IGNORECASE,
)
_ONLY_BEFORE = re.compile(
    r"""(?:^|[.,;\n]\s)(?:only|just|nur)\s(?:the\s)?[\w-]{2,24}\s(?:(?:one|workspace|team)\s)?
    (?:gets?|needs?|has|with|uses?|should\shave)\s$""",
    re.IGNORECASE | re.VERBOSE,
)


def _is_of_one(page: Page, mentions: Sequence[Mention]) -> bool:
    """True where an owner is told of one of them alone: "owner of the prod one is …", "… for prod"."""
    return any(_is_tied(page, mention) for mention in mentions if mention.field == "owner")


def _is_tied(page: Page, owner: Mention) -> bool:
    text = page.layout.text
    clause = text[max(0, owner.start - _ALONE_REACH * 2) : owner.start]
    start = owner.start - len(_CLAUSES.split(clause)[-1])
    behind = _FOR_ONE.match(text, owner.end)
    told = [*page.within(start, owner.start)]
    told += page.within(behind.end(), behind.end() + 1) if behind else []
    return any(mention.field in ("environment", "team") for mention in told)


_CLAUSES = re.compile(r"[,;:\n(]|\.(?=\s)")
_FOR_ONE = re.compile(r"\s(?:for|of|in)\s(?:the\s|team\s)?", re.IGNORECASE)


_SAME_FIELDS = {
    "region": "region",
    "location": "region",
    "place": "region",
    "team": "team",
    "stage": "environment",
    "environment": "environment",
    "owner": "owner",
    "cost centre": "cost_center",
    "cost center": "cost_center",
    "purpose": "workload_type",
    "workload": "workload_type",
    "network": "network",
}
_SAME = re.compile(rf"\b(?:same|identical) (?P<what>{'|'.join(_SAME_FIELDS)})\b", re.IGNORECASE)


def _held(spans: Sequence[Span], starts: Sequence[tuple[int, int]]) -> list[int]:
    """The numbers of what begins in one of the spans, in order."""
    numbers = {
        number
        for start, end in spans
        for _, number in starts[bisect_left(starts, (start,)) : bisect_left(starts, (end,))]
    }
    return sorted(numbers)


def _share(name: str, notes: Sequence[RequestNotes]) -> None:
    """A field of them all that only the last piece happens to hold ("… and prod in westeurope for the atlas team")."""
    values = {str(note.fields[name]): note.fields[name] for note in notes if name in note.fields}
    if len(values) != 1 or any(doubt.slot == name for note in notes for doubt in note.doubts):
        return
    for note in notes:
        note.fields.setdefault(name, next(iter(values.values())))


def _pieces(page: Page) -> tuple[list[Piece], list[Span]]:
    """The pieces, and where list items stand that ask for no workspace."""
    rows, ignored = rows_of(page)
    if rows:
        return rows, ignored
    return blocks_of(page) or lines_of(page) or side_by_side(page), []
