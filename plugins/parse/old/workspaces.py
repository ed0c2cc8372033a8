"""Several workspaces in one message: what is said of all of them, and what of each.

A message is cut into pieces, one a workspace, and a remainder that they share. Pieces come from list items, from
"one for … and one for …", from names with their own brackets, from a list of teams, and from environments: a run of
several ("dev, qa and prod") asks for each of them, and a single one later ("prod: 4-12 workers") speaks of that
one until the sentence ends.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from plugins.parse.fields import kind, people, team
from plugins.parse.fields.all import read
from plugins.parse.fields.team import teams_listed
from plugins.parse.reading import Mention, Notes, Reading, corrected_between, wanted

_ITEM = re.compile(r"^\s*(?:\d{1,3}[.):]|[-*+]|\(?[a-z]\))\s+(?=\S)", re.IGNORECASE | re.MULTILINE)
_ONE_FOR = re.compile(
    r"\b(?:and )?(?:the )?(?:one|another(?: one)?|a second(?: one)?|the other(?: one)?"
    r"|the first(?: one)?|1|a third(?: one)?)\s+(?:is\s+)?(?:in|for|called|named|with|as)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"^\s*(?:,|\band\b|&|\+|/|\bplus\b|\bas well as\b|\balso\b|\bthen\b|,\s*and\b|\ban?\b|\bone\b|\bfor\b|\s)+$",
    re.IGNORECASE,
)
_JOINED = re.compile(r",|\band\b|&|\+|\bplus\b|\bas well as\b", re.IGNORECASE)
_SHARED_AGAIN = re.compile(
    r"\b(?:both|all(?: of them| three)?|each|everything|everyone|the rest|otherwise|shared|same for|team|owner)\b",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[.;\n!?](?=\s|$)|;")
_FOR_EACH = re.compile(r"\b(?:for|in|on)\s+$", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:except(?: for)?|besides|other than|apart from)\s*$", re.IGNORECASE)
_ROW_FIELDS = ("team", "environment", "workload_type", "region")
_COLUMN = re.compile(
    r"(?:workspace(?: name)?|name|team|env(?:ironment)?|workload(?: type)?|use ?case|purpose|region|location|owner"
    r"|cost ?cent(?:er|re)|workers?|min(?: workers)?|max(?: workers)?|gpu|spot|photon|network|budget|limit|tags?|expiry"
    r"|days|node(?: type)?|size|hours)",
    re.IGNORECASE,
)
_COMMON = ("team", "workload_type", "owner", "cost_center")
_MOST = 400
"""Workspaces in one message: the largest batch (issue of scale, contract section 4)."""


@dataclass
class Piece:
    """What is said of one workspace alone: its text, and fields that the cut itself settles."""

    text: str
    fields: dict[str, object] = field(default_factory=dict[str, object])


def read_all(text: str, *, today: date) -> list[Notes]:
    """Notes of each workspace that the text asks for, in the order mentioned; one when it speaks of one."""
    shared, pieces = _cut(text)
    if not pieces:
        return [read(text, today=today)[0]]
    ground, _ = read(shared, today=today)
    merged = [_merged(ground, read(piece.text, today=today)[0], piece) for piece in pieces[:_MOST]]
    for name in _COMMON:
        _share(name, merged)
    return merged


def _share(name: str, notes: Sequence[Notes]) -> None:
    """A field of them all that only the last piece happens to hold ("… and prod in westeurope for the atlas team")."""
    said = {str(note.fields[name]): note.fields[name] for note in notes if name in note.fields}
    if len(said) != 1 or any(doubt.slot == name for note in notes for doubt in note.doubts):
        return
    for note in notes:
        note.fields.setdefault(name, next(iter(said.values())))


def _cut(text: str) -> tuple[str, list[Piece]]:
    """The shared remainder, and a piece a workspace; no pieces when the text speaks of one."""
    teams = teams_listed(text)
    if teams is not None:
        names, (start, end) = teams
        rest = text[:start] + " " * (end - start) + text[end:]
        shared, pieces = _by_environment(rest)
        return shared, [Piece(p.text, {**p.fields, "team": n}) for n in names for p in (pieces or [Piece("")])]
    for cut in (_by_header, _by_items, _by_one_for, _by_names, _by_environment):
        shared, pieces = cut(text)
        if pieces:
            return shared, pieces
    return text, []


def _by_header(text: str) -> tuple[str, list[Piece]]:
    """A table: a line of known column names, then a line a workspace with as many cells."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        mark = next((mark for mark in ("|", ";", ",") if line.count(mark) > 1), None)
        columns = _cells(line, mark) if mark else []
        if mark is None or sum(bool(_COLUMN.fullmatch(column)) for column in columns) < max(2, len(columns) - 1):
            continue
        rows = [_cells(row, mark) for row in lines[at + 1 :] if row.strip() and not re.fullmatch(r"[\s|:,;-]+", row)]
        if len(rows) > 1 and all(len(row) == len(columns) for row in rows):
            pairs = [[(c, cell) for c, cell in zip(columns, row, strict=True) if cell] for row in rows]
            return "\n".join(lines[:at]), [Piece("\n".join(f"{c}: {cell}" for c, cell in pair)) for pair in pairs]
    return text, []


def _cells(line: str, mark: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split(mark)] if mark == "|" else [
        cell.strip() for cell in line.split(mark)
    ]  # fmt: skip


def _by_items(text: str) -> tuple[str, list[Piece]]:
    """List items or rows that each hold two or more of team, environment, workload and region."""
    lines = text.split("\n")
    rows = [line for line in lines if _is_row(line)]
    if len(rows) < 2:  # noqa: PLR2004 - one row is no list
        return text, []
    shared = "\n".join(line for line in lines if line not in rows)
    return shared, [Piece(_ITEM.sub("", row)) for row in rows]


def _is_row(line: str) -> bool:
    if not re.search(r"[A-Za-z]{2}", line) or len(line) > 300:  # noqa: PLR2004 - a row is short
        return False
    marked = _ITEM.match(line) or len(re.findall(r"[,;|\t/]| - ", line)) >= 2  # noqa: PLR2004
    if not marked:
        return False
    notes, _ = read(_ITEM.sub("", line))
    return "environment" in notes.fields and sum(name in notes.fields for name in _ROW_FIELDS) > 1


def _by_one_for(text: str) -> tuple[str, list[Piece]]:
    """Takes "one for the pricing team (…) and one for the catalog team (…), both in uksouth"."""
    starts = [m.start() for m in _ONE_FOR.finditer(text)]
    if len(starts) < 2:  # noqa: PLR2004
        return text, []
    ends = [*starts[1:], _shared_from(text, starts[-1])]
    shared = text[: starts[0]] + " " + text[ends[-1] :]
    return shared, [Piece(text[a:b].rstrip(" ,;")) for a, b in zip(starts, ends, strict=True)]


def _by_names(text: str) -> tuple[str, list[Piece]]:
    """Takes "dbw-geo-dev (dev, 1-2 workers) and dbw-geo-prd (production, 4-10 workers) for …"."""
    found = list(people.SHAPED.finditer(text))
    bracketed = [m for m in found if re.match(r"[\"'`]?\s*\(", text[m.end() :])]
    if len(bracketed) < 2:  # noqa: PLR2004
        return text, []
    pieces: list[Piece] = []
    shared = text
    for match in bracketed:
        close = text.find(")", match.end())
        end = close + 1 if close > 0 else match.end()
        pieces.append(Piece(text[match.end() : end], {"workspace_name": match[1]}))
        shared = shared[: match.start()] + " " * (end - match.start()) + shared[end:]
    return shared, pieces


def _by_environment(text: str) -> tuple[str, list[Piece]]:
    reading = _nameless(text)
    mentions = _asked_for(reading)
    runs = _runs(reading, mentions)
    listed = next((run for run in runs if len({str(m.value) for m in run}) > 1), None)
    distinct = list(dict.fromkeys(str(m.value) for m in mentions))
    if len(distinct) < 2 or (listed is None and not _are_pieces(reading, mentions)):  # noqa: PLR2004
        return text, []
    order = list(dict.fromkeys(str(m.value) for m in listed)) if listed else distinct
    order += [value for value in distinct if value not in order]
    pieces = {value: Piece("", {"environment": value}) for value in order}
    shared = text
    for run in runs:
        if run is listed or len({str(m.value) for m in run}) > 1:
            shared = _blanked(shared, run[0].start, run[-1].end)
            continue
        mention = run[0]
        start, end = _scope(text, mention, [m for m in mentions if m is not mention])
        pieces[str(mention.value)].text += text[start : mention.start] + " " + text[mention.end : end] + "\n"
        shared = _blanked(shared, start, end)
    return shared, [pieces[value] for value in order]


def _asked_for(reading: Reading) -> list[Mention]:
    """The environments spoken of; one that is excepted ("everything except prod") has a piece of its own."""
    mentions = kind.environments(reading)
    excepted = [m for m in mentions if _EXCEPT.search(reading.before(m.start))]
    return sorted([*wanted(reading, [m for m in mentions if m not in excepted]), *excepted], key=lambda m: m.start)


def _nameless(text: str) -> Reading:
    """The text with teams, names, tags and owners masked, so that "QA team" is no environment."""
    reading, notes = Reading(text), Notes()
    people.tags(reading, notes)
    people.owner(reading, notes)
    for match in people.SHAPED.finditer(reading.text):
        reading.mask(match.start(), match.end())
    team.team(reading, notes)
    return reading


def _runs(reading: Reading, mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions grouped where nothing but commas and "and" stands between them."""
    runs: list[list[Mention]] = []
    for mention in mentions:
        before = runs[-1][-1] if runs else None
        between = reading.text[before.end : mention.start] if before else ""
        if before is not None and between.strip() and _LISTED.match(between) and _JOINED.search(between):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


def _are_pieces(reading: Reading, mentions: Sequence[Mention]) -> bool:
    """True when single mentions of different environments each open a piece: "dev in eastus, prod in …"."""
    for one, other in pairwise(mentions):
        between = reading.text[one.end : other.start]
        if one.value == other.value:
            continue
        if corrected_between(reading, one.end, other.start) or re.search(r"\bor\b", between, re.IGNORECASE):
            return False
        if not re.search(r"[,;.\n)]|\band\b", between) or not re.search(r"\w{2}", between):
            return False
    return True


def _scope(text: str, mention: Mention, others: Sequence[Mention]) -> tuple[int, int]:
    """Where the piece that a single environment opens begins and ends."""
    end = _shared_from(text, mention.end, [m.start for m in others if m.start > mention.end])
    start = mention.start
    if _FOR_EACH.search(text[max(0, start - 6) : start]) and not re.search(r"\w", text[mention.end : end]):
        begin = max(text.rfind(mark, 0, start) for mark in ",;.\n(") + 1
        start = max([begin, *(m.end for m in others if m.end <= start)])
    return start, end


def _shared_from(text: str, start: int, stops: Sequence[int] = ()) -> int:
    """Where the words after `start` speak of everything again: a sentence's end, "both", another piece."""
    ends = [len(text), *stops]
    if boundary := _BOUNDARY.search(text, start):
        ends.append(boundary.start())
    ends += [
        again.start() for again in _SHARED_AGAIN.finditer(text, start) if _opens_clause(text, start, again.start())
    ]
    return min(ends)


def _opens_clause(text: str, start: int, at: int) -> bool:
    return re.search(r"[,;.)]\s*(?:and |with )?$", text[start:at]) is not None


def _merged(ground: Notes, own: Notes, piece: Piece) -> Notes:
    """What is shared, overridden by what is said of the one."""
    known = set(own.fields) | {doubt.slot for doubt in own.doubts} | set(piece.fields)
    merged = Notes(
        fields={**{k: v for k, v in ground.fields.items() if k not in known}, **own.fields, **piece.fields},
        doubts=[d for d in ground.doubts if d.slot not in known]
        + [d for d in own.doubts if d.slot not in piece.fields],
        extras=[*ground.extras, *(extra for extra in own.extras if extra not in ground.extras)],
    )
    merged.assumptions = [
        a for a in (*ground.assumptions, *own.assumptions)
        if a.field not in piece.fields and merged.fields.get(a.field) == a.value
    ]  # fmt: skip
    return merged


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
