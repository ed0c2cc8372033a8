"""Several workspaces in one message: which mentions speak of all of them, and which of one.

What tells workspaces apart is a row of a table or of a list, or several values of one field that the message asks
for side by side: teams, environments, regions or names. Each such value opens a piece; a mention belongs to the
piece that it stands in, and to all of them where it stands in none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from plugins.parse.fields.extras import extras
from plugins.parse.page import Mention, Page
from plugins.parse.roles import Notes, infer, merged, notes_of

_MOST = 400
"""Workspaces in one message: the largest batch (contract, section 4)."""

_TELLING = ("team", "environment", "region", "workspace_name")
_MAIN = frozenset({"team", "environment", "region", "workload_type"})
_LISTED = re.compile(
    r"^[\s\"'(]*(?:,|\band\b|&|\+|/|\bplus\b|\bas well as\b|\balso\b|\bthen\b|\ban?\b|\bone\b|\bfor\b|\bin\b|\bthe\b|\bteam\b|\bworkspaces?\b|\bws\b|\benv(?:ironment)?s?\b|\bund\b|\by\b|\bet\b|\bfinally\b|\bto\b|\s|\bdatabricks\b|\bdbx\b|[\"')])+$",
    re.IGNORECASE,
)
_JOINED = re.compile(r",|\band\b|&|\+|\bplus\b|\bas well as\b|\bund\b|\by\b|\bet\b", re.IGNORECASE)
_SLASHED = re.compile(r"^\s?/\s?$")
_ONE_FOR = re.compile(
    r"\b(?:and |plus |then |also )*(?:the )?(?:one|other|another(?: one)?|another workspace|a second(?: one| workspace)?|a third(?: one)?|the other(?: one)?|the first(?: one)?|the second(?: one)?|first one|second one|once|a separate one|one more|ws ?[1-9]|workspace ?[1-9]|#[1-9])[:\s]{1,2}(?:is |goes |belongs |lives |sits |runs |would be |should be |will be |workspace |databricks |also |again )*(?:in|for|called|named|with|as|to|on|at|:|(?=dev\b|prod\b|staging\b|uat\b|test\b|qa\b))",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:another|a second|a third|one more|additional|also one|also a|plus one|plus a|the other|and one|and a|too)\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\b(?:workspaces|databrickses|envs|environments|instances|lakehouses|setups|ones|clusters)\b|\b(?:both|each|twice|respectively|all three|all two|all four|two of|three of|2x|3x|two|three|four|2|3|4)\b(?! ?(?:workers?|nodes?|weeks?|days?|months?|hours?|h\b|to\b|-|gpus?|people|users|analysts|x\b|k\b|max|min|gb|tb|grand|\.\d|,\d|%))",
    re.IGNORECASE,
)
_SHARED_AGAIN = re.compile(
    r"\b(?:both|all(?: of (?:them|these|it)| three| two| four)?|each|every one|everything|everyone|the rest|otherwise|shared|same for|same region|same team|they all|owner|common|in all cases|für beide|beide|alle|ambos|todos|les deux)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:the others?|the other ones?|the other two|the rest|the remaining|elsewhere|others)\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.;\n!?](?=\s|$)|;")
_UPON = re.compile(r"\b(?:for|in|on|only|to|at|of)\s{1,2}(?:the |a |an )?$", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:except(?: for| in| the)?|besides|other than|apart from|but not(?: in| for)?|excluding)\s{0,2}(?:the )?$",
    re.IGNORECASE,
)
_OWN_MARKER = 6
"""Characters behind a value within which a "one for" still speaks of it: "a dev one for the tariffs team"."""

_OWN_LINE = 2
"""Lines from which on lines that each describe a workspace are rows."""


@dataclass
class Piece:
    """What tells one workspace apart, and where the words stand that speak of it alone."""

    settled: dict[str, object] = field(default_factory=dict[str, object])
    spans: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def holds(self, at: int) -> bool:
        return any(start <= at < end for start, end in self.spans)


def workspaces_of(page: Page) -> list[Notes]:
    """Notes of each workspace that the page asks for, in the order mentioned; one when it speaks of one."""
    pieces, ignored = _pieces(page)
    mentions = [m for m in page.mentions if not any(a <= m.start < b for a, b in ignored)]
    kept = list(extras(page))
    if len(pieces) < 2:  # noqa: PLR2004 - one piece is all of it
        notes = notes_of(page, mentions)
        notes.extras += [text for text, *_ in kept if text not in notes.extras]
        infer(notes)
        return [notes]
    ground = notes_of(page, [m for m in mentions if not any(piece.holds(m.start) for piece in pieces)])
    ground.extras += [text for text, start, _ in kept if not any(piece.holds(start) for piece in pieces)]
    found: list[Notes] = []
    for piece in pieces[:_MOST]:
        own = notes_of(page, [m for m in mentions if piece.holds(m.start)])
        own.extras += [text for text, start, _ in kept if piece.holds(start)]
        found.append(merged(ground, own, piece.settled))
    is_rows = bool(page.layout.rows) and pieces[0].spans == [page.layout.rows[0]]
    for name in () if is_rows else ("team", "workload_type", "owner", "cost_center", "environment"):
        _share(name, found)
    for notes in found:
        infer(notes)
    return found


def _share(name: str, notes: Sequence[Notes]) -> None:
    """A field of them all that only the last piece happens to hold ("… and prod in westeurope for the atlas team")."""
    said = {str(note.fields[name]): note for note in notes if name in note.fields}
    if len(said) != 1 or any(doubt.slot == name for note in notes for doubt in note.doubts):
        return
    value = next(iter(said.values())).fields[name]
    for note in notes:
        note.fields.setdefault(name, value)


def _pieces(page: Page) -> tuple[list[Piece], list[tuple[int, int]]]:
    """The pieces, and where list items stand that ask for no workspace."""
    rows, ignored = _rows(page)
    if rows:
        return rows, ignored
    for cut in (_repeated, _own_lines):
        if pieces := cut(page):
            return pieces, []
    return _side_by_side(page), []


def _rows(page: Page) -> tuple[list[Piece], list[tuple[int, int]]]:
    """Rows of a table, and items of a list that each say enough of a workspace."""
    rows = page.layout.rows
    if not rows:
        return [], []
    is_table = any(pair.row is not None for pair in page.layout.pairs)
    asking = [row for row in rows if not page.is_older(row[0]) and (is_table or _is_workspace(page, row))]
    if len(asking) < 2:  # noqa: PLR2004 - one row is no list of workspaces
        if is_table:
            return [Piece({}, [asking[0]])] if asking else [], []
        return [], []
    ignored = [] if is_table else [row for row in rows if row not in asking]
    return [Piece({}, [row]) for row in asking], ignored


def _is_workspace(page: Page, row: tuple[int, int]) -> bool:
    fields = {m.field for m in page.mentions if row[0] <= m.start < row[1] and m.value is not None}
    if "environment" in fields and re.search(
        r"\b(?:workspace|databricks|ws|dbx|lakehouse)\b", page.layout.text[row[0] : row[1]], re.IGNORECASE
    ):
        return True
    return (
        bool(fields & {"environment", "team", "region"})
        and len(fields & _MAIN) > 1
        or ("environment" in fields and len(fields) > 1)
    )


def _repeated(page: Page) -> list[Piece]:
    """Blocks of keys and values, where the key that began the first block begins another."""
    pairs = [pair for pair in page.layout.pairs if pair.field]
    if len(pairs) < 4:  # noqa: PLR2004 - two blocks of two keys
        return []
    for name in dict.fromkeys(pair.field for pair in pairs[:4]):
        starts = [pair.key_start for pair in pairs if pair.field == name and not page.is_older(pair.start)]
        if name in _TELLING and len(starts) > 1 and _blocks_repeat(page, starts):
            ends = [*starts[1:], len(page.text)]
            return [Piece({}, [(a, b)]) for a, b in zip(starts, ends, strict=True)]
    return []


def _blocks_repeat(page: Page, starts: Sequence[int]) -> bool:
    """True when every block has another of the telling fields, and the first one is where the form begins."""
    if any(pair.key_start < starts[0] and pair.field in _MAIN for pair in page.layout.pairs):
        return False
    ends = [*starts[1:], len(page.text)]
    for start, end in zip(starts, ends, strict=True):
        fields = {pair.field for pair in page.layout.pairs if start <= pair.key_start < end}
        if len(fields) < 2:  # noqa: PLR2004 - a key alone is no block
            return False
    return True


def _own_lines(page: Page) -> list[Piece]:
    """Lines without a bullet that each describe a workspace."""
    lines: list[tuple[int, int]] = []
    at = 0
    for line in page.layout.text.split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    if len(lines) < _OWN_LINE or len(lines) > _MOST * 2:
        return []
    described = [
        line
        for line in lines
        if not page.is_older(line[0])
        and len({m.field for m in page.mentions if line[0] <= m.start < line[1] and m.value is not None} & _MAIN) > 2  # noqa: PLR2004 - most of the four
    ]
    if len(described) < _OWN_LINE:
        return []
    values = [
        tuple(sorted(str(m.value) for m in page.mentions if line[0] <= m.start < line[1] and m.field in _TELLING))
        for line in described
    ]
    return [Piece({}, [line]) for line in described] if len(set(values)) > 1 else []


def _side_by_side(page: Page) -> list[Piece]:
    """Values of one field that are asked for beside each other."""
    wanted = {name: _wanted(page, name) for name in _TELLING}
    teams = next((m for m in page.mentions if m.field == "teams"), None)
    if teams is not None:
        names = [str(name) for name in teams.value]  # type: ignore[union-attr]
        inner = _pieces_by(page, "environment", wanted["environment"])
        return [Piece({**piece.settled, "team": name}, piece.spans) for name in names for piece in (inner or [Piece()])]
    several = [name for name in _TELLING if len({m.value for m in wanted[name]}) > 1]
    several.sort(key=lambda name: (wanted[name][0].start, _TELLING.index(name)))
    for name in several:
        if pieces := _pieces_by(page, name, wanted[name]):
            return pieces
    return []


def _wanted(page: Page, name: str) -> list[Mention]:
    """The mentions of a field that are asked for, in order; one that is excepted has a piece of its own."""
    clauses = page.clauses
    found = sorted(
        (m for m in page.mentions if m.field == name and m.value is not None and not page.is_older(m.start)),
        key=lambda m: m.start,
    )
    heaviest = max((m.weight for m in found), default=0)
    found = [
        m
        for m in found
        if (not clauses.is_denied(m.start) or _EXCEPT.search(page.layout.text[max(0, m.start - 20) : m.start]))
        and not clauses.is_elsewhere(m.start)
    ]
    strong = {m.value for m in found if m.weight > heaviest - 3}
    found = [m for m in found if m.value in strong]
    for at in range(len(found) - 1, 0, -1):
        one, other = found[at - 1], found[at]
        if (
            one.value != other.value
            and clauses.are_corrected(one.end, other.start)
            and not _MORE.search(page.layout.text[one.end : other.start])
        ):
            return found[at:] if len({m.value for m in found[at:]}) > 1 else []
    return found


def _pieces_by(page: Page, name: str, mentions: Sequence[Mention]) -> list[Piece]:
    runs = _runs(page, mentions)
    listed = next((run for run in runs if len({str(m.value) for m in run}) > 1), None)
    distinct = list(dict.fromkeys(str(m.value) for m in mentions))
    if len(distinct) < 2:  # noqa: PLR2004 - one value tells nothing apart
        return []
    if listed is None or name == "team":
        if not _are_pieces(page, name, mentions):
            return []
    elif name == "region" and not _PLURAL.search(page.layout.text) and not _ONE_FOR.search(page.layout.text):
        return []
    if any(_is_open(page, a, b) for a, b in pairwise(mentions) if a.value != b.value):
        return []
    order = list(dict.fromkeys(str(m.value) for m in listed)) if listed else distinct
    order += [value for value in distinct if value not in order]
    pieces = {value: Piece({name: value}) for value in order}
    anchors = [m for run in runs if run is not listed for m in run]
    backward = listed is None and _stand_behind(page, name, anchors)
    for run in runs:
        if run is listed:
            for mention in run:
                pieces[str(mention.value)].spans.append((mention.start, mention.end))
                inside = _bracketed(page, mention)
                if inside and not any(inside[0] < m.start < inside[1] and m.field == name for m in page.mentions):
                    pieces[str(mention.value)].spans.append(inside)
            continue
        if backward:
            for mention in run:
                before = max(
                    (m.end for m in anchors if m.end <= mention.start),
                    default=_clause_start(page.layout.text, mention.start),
                )
                pieces[str(mention.value)].spans.append((before, mention.end))
            continue
        shared = _scope_of(page, run, anchors, is_list=listed is not None) if len({m.value for m in run}) > 1 else []
        for mention in run:
            pieces[str(mention.value)].spans += shared or _scope(page, mention, anchors, is_list=listed is not None)
    _rest(page, pieces, anchors)
    return [pieces[value] for value in order]


def _is_open(page: Page, one: Mention, other: Mention) -> bool:
    between = page.layout.text[one.end : other.start]
    return len(between) < 40 and re.search(r"\bor\b|\boder\b|\bmaybe\b|\bvs\b", between, re.IGNORECASE) is not None  # noqa: PLR2004 - side by side


def _runs(page: Page, mentions: Sequence[Mention]) -> list[list[Mention]]:
    """Mentions grouped where nothing but commas and "and" stands between them."""
    plural = _PLURAL.search(page.layout.text) is not None
    runs: list[list[Mention]] = []
    for mention in mentions:
        before = runs[-1][-1] if runs else None
        between = page.layout.text[before.end : mention.start] if before else ""
        listed = between.strip() and len(between) < 60 and _LISTED.match(between) and _JOINED.search(between)  # noqa: PLR2004
        if before is not None and before.value != mention.value and (listed or (plural and _SLASHED.match(between))):
            runs[-1].append(mention)
        else:
            runs.append([mention])
    return runs


def _are_pieces(page: Page, name: str, mentions: Sequence[Mention]) -> bool:
    """True when single mentions of different values each open a piece: "dev in eastus, prod in …"."""
    text = page.layout.text
    if page.pairs(name) and not _ONE_FOR.search(text):
        return False  # a form of one workspace that says something else below
    markers = list(_ONE_FOR.finditer(text))
    if len(markers) > 1:
        return True
    for one, other in pairwise(mentions):
        between = text[one.end : other.start]
        if one.value == other.value:
            continue
        if not re.search(r"[,;.\n)+&]|\band\b|\bplus\b|\bund\b", between):
            return False
        if _MORE.search(between):
            continue
        if not _says_more(page, name, one.end, other.start) and not (
            one.start and _says_more(page, name, _clause_start(text, one.start), one.start)
        ):
            return False
        if name == "team" and not _own_environment(page, mentions):
            return False
        if name == "region" and not (_PLURAL.search(text) or _own_environment(page, mentions)):
            return False
    return any(a.value != b.value for a, b in pairwise(mentions))


def _clause_start(text: str, at: int) -> int:
    return max(text.rfind(mark, 0, at) for mark in ",;.\n(:") + 1


def _says_more(page: Page, name: str, start: int, end: int) -> bool:
    return any(start <= m.start < end and m.field != name and m.field != "address" for m in page.mentions)


def _own_environment(page: Page, mentions: Sequence[Mention]) -> bool:
    """True when an environment stands behind every one of them, before the next."""
    starts = [m.start for m in mentions]
    ends = [*starts[1:], len(page.text)]
    return all(
        any(a <= m.start < b and m.field == "environment" for m in page.mentions)
        for a, b in zip(starts, ends, strict=True)
    )


def _bracketed(page: Page, mention: Mention) -> tuple[int, int] | None:
    """What stands in brackets right behind a value speaks of that value."""
    found = re.match(
        r"[\"'`]?\s?(?:workspace|ws|team|env)?\s?\(([^()\n]{1,300})\)", page.layout.text[mention.end :][:320]
    )
    return (mention.end, mention.end + found.end()) if found else None


def _scope(page: Page, mention: Mention, anchors: Sequence[Mention], *, is_list: bool) -> list[tuple[int, int]]:
    """Where the piece that a single value opens begins and ends."""
    text = page.layout.text
    stops = [m.start for m in anchors if m.start > mention.start and m.value != mention.value]
    following = min(stops, default=len(text))
    if inside := _bracketed(page, mention):
        return [(mention.start, mention.end), inside]
    end = _shared_from(text, mention.end, following, is_list=is_list)
    start = mention.start
    if _UPON.search(text[max(0, start - 8) : start]) and not any(mention.end <= m.start < end for m in page.mentions):
        begin = _clause_start(text, start)
        start = max([begin, *(m.end for m in anchors if m.end <= mention.start)])
    elif not is_list:
        start = _opening(text, mention, anchors)
    return [(start, end)]


def _stand_behind(page: Page, name: str, anchors: Sequence[Mention]) -> bool:
    """True where each value closes its piece: "$200 on a dev workspace and $1500 on a production one"."""
    if len(anchors) < 2:  # noqa: PLR2004
        return False
    first, last = anchors[0], anchors[-1]
    text = page.layout.text
    end = _SENTENCE_END.search(text, last.end)
    stop = end.start() if end else len(text)
    numeric = ("cost_limit", "workers", "hours_per_week", "node_type", "enable_gpu", "spot", "photon")
    start = _clause_start(text, first.start)
    return (
        all(_UPON.search(text[max(0, m.start - 8) : m.start]) for m in anchors)
        and any(start <= m.start < first.start and m.field in numeric for m in page.mentions)
        and not any(last.end <= m.start < stop and m.field in numeric for m in page.mentions)
    )


def _scope_of(
    page: Page, run: Sequence[Mention], anchors: Sequence[Mention], *, is_list: bool
) -> list[tuple[int, int]]:
    """The scope of several values together: before them in "2-4 workers in dev and staging", else behind them."""
    text = page.layout.text
    start = _clause_start(text, run[0].start)
    stands_before = any(start <= m.start < run[0].start and m.field not in _MAIN for m in page.mentions)
    if _UPON.search(text[max(0, run[0].start - 8) : run[0].start]) and stands_before:
        return [(start, run[-1].end)]
    return _scope(page, run[-1], anchors, is_list=is_list)


def _opening(text: str, mention: Mention, anchors: Sequence[Mention]) -> int:
    """A piece begins with the "one for" or the article before its value."""
    earlier = max((m.end for m in anchors if m.end <= mention.start), default=0)
    if not earlier:
        return mention.start
    markers = [m.start() for m in _ONE_FOR.finditer(text, earlier, mention.start) if m.start() - earlier > _OWN_MARKER]
    joined = list(
        re.finditer(
            r"[.;,\n)]\s{0,2}(?:and |plus )?|\b(?:and|plus|another|und)\b", text[earlier : mention.start], re.IGNORECASE
        )
    )
    last = earlier + joined[-1].start() if joined else mention.start
    return min(markers[-1], last) if markers else last


def _shared_from(text: str, start: int, limit: int, *, is_list: bool) -> int:
    """Where the words after `start` speak of everything again: a sentence's end, "both", another piece."""
    ends = [limit]
    if boundary := _SENTENCE_END.search(text, start):
        ends.append(boundary.start() if is_list or boundary.start() > start + 1 else limit)
    for again in _SHARED_AGAIN.finditer(text, start, limit):
        if (
            again[0].lower() in ("both", "beide", "ambos")
            or re.search(r"[,;.)\n]\s{0,2}(?:and |with |but )?$", text[start : again.start()])
            or again.start() - start < 2
        ):  # noqa: PLR2004
            ends.append(again.start())
            break
    return min(ends)


def _rest(page: Page, pieces: dict[str, Piece], anchors: Sequence[Mention]) -> None:
    """What is said of "the others" belongs to all but the one that was named last."""
    text = page.layout.text
    for found in _OTHERS.finditer(text):
        named = [m for m in anchors if m.end <= found.start()]
        if not named or str(named[-1].value) not in pieces:
            continue
        end = _SENTENCE_END.search(text, found.end())
        span = (found.start(), end.start() if end else len(text))
        for value, piece in pieces.items():
            piece.spans = [(a, min(b, span[0])) if a < span[0] < b else (a, b) for a, b in piece.spans]
            if value != str(named[-1].value):
                piece.spans.append(span)
