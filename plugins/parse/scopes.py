"""Values of one field that are asked for side by side, and where the words stand that speak of each alone."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from plugins.parse.by_work import by_work
from plugins.parse.cuts import Anchors, Cuts
from plugins.parse.fields.team import DRAFTED
from plugins.parse.page import Mention, Page
from plugins.parse.pieces import MAIN, TELLING, Piece, Span
from plugins.parse.runs import runs_of
from plugins.parse.said_again import each_again, without
from plugins.parse.said_of_one import (
    are_close,
    environment_before,
    is_before_all,
    led_to,
    refused_of,
    settle_environments,
    share_with_others,
    stand_behind,
)

_PLAINER = 3
"""Weight by which a value must be plainer than another for the other to tell nothing apart."""

_EXCEPT_REACH = 20
_NEAR = 40

_LONGEST_BRACKET = 320
_OWN_MARKER = 6
"""Characters behind a value within which a "one for" still speaks of it: "a dev one for the tariffs team"."""

_APART = re.compile(r"[,;.\n)+&]|\band\b|\bplus\b|\bund\b")
_OPEN = re.compile(r"\bor\b|\boder\b|\bmaybe\b|\bvs\b", re.IGNORECASE)
_ONE_FOR = re.compile(
    r"""\b(?:and\ |plus\ |then\ |also\ )*(?:the\ )?
    (?:
        one|other|another(?:\ one|\ workspace)?|once|one\ more|a\ separate\ one
        |a\ (?:second|third)(?:\ one)?|a\ second\ workspace|(?:first|second|third|1st|2nd|3rd)(?:\ one)?
        |the\ other(?:\ one)?
        |(?:ws\ ?|workspace\ ?|\#)[1-9]
    )[:\s]{1,2}
    (?:(?:is|goes|belongs|lives|sits|runs|would\ be|should\ be|will\ be|workspace|databricks|also|again)\ )*
    (?:in|for|called|named|with|as|to|on|at|:|(?=dev\b|prod\b|staging\b|uat\b|test\b|qa\b))""",
    re.IGNORECASE | re.VERBOSE,
)
_MORE = re.compile(
    r"""\b(?:another|a\ second|a\ third|one\ more|additional|also\ one|also\ a|plus\ one|plus\ a|the\ other|and\ one
    |and\ a|too)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SHARED_AGAIN = re.compile(
    r"""\b(?:
        überall|everywhere|in\ either|für\ either|all\ of\ (?:that|this)
        |both|all(?:\ of\ (?:them|these|it)|\ three|\ two|\ four)?|each|every\ one|everything|everyone|they\ all
        |the\ rest|otherwise|shared|same\ for|same\ region|same\ team|owner|common|in\ all\ cases
        |either(?:\ of\ them)?(?=\s?(?:$|[.,;\n]))
        |für\ beide|beide|alle|ambos|todos|les\ deux
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_AGAIN_OPENS = re.compile(r"[,;.)\n]\s{0,2}(?:and |with |but )?$")
_AGAIN_REACH = 8
_UPON_ALL = re.compile(r"\b(?:on|for|in|with|to|at|of)\s$", re.IGNORECASE)
_LAST_PART = re.compile(r"[,;.\n]|\s(?:and|with|plus|but)\s", re.IGNORECASE)
"""Where the words begin that "on both" ends: "…, prod in westus, photon on both"."""
_TELLS_ALL = frozenset({"the rest", "otherwise", "owner", "common"})
_PIECE_OPENS = re.compile(r"[.;,\n)]\s{0,2}(?:and |plus )?|\b(?:and|plus|another|und)\b", re.IGNORECASE)
_EXCEPT = re.compile(
    r"\b(?:except(?: for| in| the)?|besides|other than|apart from|but not(?: in| for)?|excluding)\s{0,2}(?:the )?$",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"""["'`]?\s?(?:workspace|ws|team|env)?\s?\(([^()\n]{1,300})\)""")


def side_by_side(page: Page) -> list[Piece]:
    """Values of one field that are asked for beside each other; none where the message asks for one workspace."""
    by_field: dict[str, list[Mention]] = {name: [] for name in TELLING}
    for mention in page.mentions:
        if mention.field in by_field and mention.value is not None and not page.is_older(mention.start):
            by_field[mention.field].append(mention)
    wanted = {name: _wanted(page, mentions) for name, mentions in by_field.items()}
    teams = next((mention.value for mention in page.mentions if mention.field == "teams"), None)
    if isinstance(teams, list):
        inner = _pieces_by(Cuts(page), "environment", wanted["environment"]) or [Piece()]
        each = [Piece({**piece.settled, "team": str(name)}, piece.spans) for name in teams for piece in inner]
        return each_again(Cuts(page), each)
    several = [name for name in TELLING if _count(wanted[name]) > 1]
    several.sort(key=lambda name: (wanted[name][0].start, TELLING.index(name)))
    if not several:
        return by_work(page)
    cuts = Cuts(page)
    for name in several:
        if pieces := _pieces_by(cuts, name, wanted[name]):
            return each_again(cuts, _each_by_stage(cuts, pieces, wanted["environment"])) if name == "team" else pieces
    return []


def _each_by_stage(cuts: Cuts, pieces: Sequence[Piece], stages: Sequence[Mention]) -> list[Piece]:
    """A piece for each environment that is listed where a team is spoken of: "for X: dev and prod; for Y: dev"."""
    each: list[Piece] = []
    starts = [stage.start for stage in stages]
    for piece in pieces:
        numbers = {n for start, end in piece.spans for n in range(bisect_left(starts, start), bisect_left(starts, end))}
        inside = [stages[number] for number in sorted(numbers)]
        runs = runs_of(cuts, inside)
        values = dict.fromkeys(str(stage.value) for stage in inside)
        if len(values) > 1 and len(runs) == 1:
            each += [Piece({**piece.settled, "environment": value}, piece.spans) for value in values]
        else:
            each += _each_described(piece, inside) if len(values) == len(inside) > 1 else [piece]
    return each


def _each_described(piece: Piece, stages: Sequence[Mention]) -> list[Piece]:
    """A piece for each environment of a team's, with what stands behind it: "staging w/ 3 workers and prod w/ 8"."""
    last = max(end for _, end in piece.spans)
    ends = [*(stage.start for stage in stages[1:]), last]
    apart = [(stages[0].start, last)]
    return [
        Piece({**piece.settled, "environment": stage.value}, [*without(piece.spans, apart), (stage.start, end)])
        for stage, end in zip(stages, ends, strict=True)
    ]


def _count(mentions: Sequence[Mention]) -> int:
    return len({str(mention.value) for mention in mentions})


def _wanted(page: Page, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Of the mentions of a field those that are asked for, in order; one that is excepted has a piece of its own."""
    if _count(mentions) <= 1:  # one value tells nothing apart
        return []
    in_order = sorted(mentions, key=lambda mention: mention.start)
    heaviest = max((mention.weight for mention in in_order), default=0)
    # "Photon in prod, not in dev" asks for both, and for photon in one.
    asked = [m for m in in_order if _is_asked_for(page, m) or refused_of(page, m) is not None]
    strong = {str(mention.value) for mention in asked if mention.weight > heaviest - _PLAINER}
    if len(strong) < _count(
        asked
    ):  # "dev, test and prod workspaces": what is listed with one that is plain is as plain
        for run in runs_of(Cuts(page), asked):
            values = {str(mention.value) for mention in run}
            strong |= values if len(values) > 1 and values & strong else set()
    marked = [mention for mention in asked if str(mention.value) in strong]
    for at in range(len(marked) - 1, 0, -1):
        if _takes_back(page, marked[at - 1], marked[at]):
            return marked[at:] if _count(marked[at:]) > 1 else []
    return marked


def _is_asked_for(page: Page, mention: Mention) -> bool:
    if page.clauses.is_elsewhere(mention.start):
        return False
    before = page.layout.text[max(0, mention.start - _EXCEPT_REACH) : mention.start]
    return not page.clauses.is_denied(mention.start) or _EXCEPT.search(before) is not None


def _takes_back(page: Page, one: Mention, other: Mention) -> bool:
    is_corrected = one.value != other.value and page.clauses.are_corrected(one.end, other.start)
    return is_corrected and not _MORE.search(page.layout.text, one.end, other.start)


def _pieces_by(cuts: Cuts, name: str, mentions: Sequence[Mention]) -> list[Piece]:
    """A piece for each value of the field, where they are listed or each open one."""
    runs = runs_of(cuts, mentions)
    listed = next((run for run in runs if _count(run) > 1), None)
    if not _tell_apart(cuts, name, mentions, is_list=listed is not None):
        return []
    order = list(dict.fromkeys(str(mention.value) for mention in (*(listed or ()), *mentions)))
    pieces = {value: Piece({name: value}) for value in order}
    single = [mention for run in runs if run is not listed for mention in run]
    anchors = Anchors(cuts.page, single, is_list=listed is not None)
    upon: list[tuple[str, Span]] = []
    way = _Way(stand_behind(cuts, anchors), are_close(cuts, anchors))
    for run in runs:
        is_led = run is not listed and len(upon) < _MOST_UPON
        spans = _upon(cuts, run, anchors, way) if is_led else None
        for mention in run:
            piece = pieces[str(mention.value)]
            if run is listed:
                piece.spans += [*_listed_scope(cuts, name, mention), *_said_of_the_listed(cuts, run, anchors)]
            elif spans is not None:
                upon.append((str(mention.value), spans))
            else:
                piece.spans += _own_scope(cuts, run, mention, anchors, way)
    for span in dict.fromkeys(span for _, span in upon):
        for value, piece in pieces.items():
            piece.spans = without(piece.spans, [span]) + ([span] if (value, span) in upon else [])
    share_with_others(cuts, pieces, anchors)
    if name == "team":
        settle_environments(cuts.page, pieces, mentions)
    return [pieces[value] for value in order]


def _tell_apart(cuts: Cuts, name: str, mentions: Sequence[Mention], *, is_list: bool) -> bool:
    """True where several values are wanted, none of them as a choice between two."""
    if _count(mentions) <= 1:  # one value tells nothing apart
        return False
    if not is_list or name == "team":
        if not _are_pieces(cuts, name, mentions):
            return False
    elif name == "region" and not cuts.is_plural and not _ONE_FOR.search(cuts.text):
        return False
    return not any(_is_open(cuts.text, a, b) for a, b in pairwise(mentions) if a.value != b.value)


def _is_open(text: str, one: Mention, other: Mention) -> bool:
    return other.start - one.end < _NEAR and _OPEN.search(text, one.end, other.start) is not None


def _are_pieces(cuts: Cuts, name: str, mentions: Sequence[Mention]) -> bool:
    """True when single mentions of different values each open a piece: "dev in eastus, prod in …"."""
    markers = len(_ONE_FOR.findall(cuts.text))
    if cuts.page.pairs(name) and not markers:
        return False  # a form of one workspace that says something else below
    if markers > 1:
        return True
    changes = [(one, other) for one, other in pairwise(mentions) if one.value != other.value]
    if name == "team" and changes and all(_is_for_an_environment(cuts.page, mention) for mention in mentions):
        return True
    if not all(_APART.search(cuts.text, one.end, other.start) for one, other in changes):
        return False
    plain = [pair for pair in changes if not _MORE.search(cuts.text, pair[0].end, pair[1].start)]
    if not all(_describe_each(cuts, name, *pair) for pair in plain):
        return False
    if plain and (name == "team" or (name == "region" and not cuts.is_plural)):
        is_asked_by_each = name == "team" and all(
            mention.kind == DRAFTED or _ASKS.match(cuts.text, mention.end) for mention in mentions
        )
        return is_asked_by_each or _has_each_environment(cuts.page, mentions)
    return bool(changes)


_ASKS = re.compile(r"\s(?:needs?|wants?|gets?|requires?|takes?|should (?:get|have)|would like)\b", re.IGNORECASE)
"""Behind each of the teams of "Oak needs 2 workers, Elm needs 6": each is for a workspace of its own."""


def _describe_each(cuts: Cuts, name: str, one: Mention, other: Mention) -> bool:
    """True where something is said of the first value, behind it or before it."""
    if cuts.says_more(name, one.end, other.start):
        return True
    return one.start > 0 and cuts.says_more(name, cuts.clause_start(one.start), one.start)


def _is_for_an_environment(page: Page, team: Mention) -> bool:
    """True for either of "dev for team apron and dev for team gate-ops"."""
    return environment_before(page, team) is not None


def _has_each_environment(page: Page, mentions: Sequence[Mention]) -> bool:
    """True when an environment stands behind every one of them, before the next, or "the same" does."""
    ends = [*(mention.start for mention in mentions[1:]), len(page.text)]
    return all(
        any(inner.field == "environment" for inner in page.within(mention.start, end))
        or (at > 0 and SAME_AGAIN.search(page.layout.text, mention.start, end))
        for at, (mention, end) in enumerate(zip(mentions, ends, strict=True))
    )


SAME_AGAIN = re.compile(r"\bthe (?:very |exact )?same\b(?! \w+ (?:as|like)\b)|\bditto\b|\blikewise\b", re.IGNORECASE)
"""What stands for all that was said of the one before."""


def _bracketed(text: str, mention: Mention) -> Span | None:
    """What stands in brackets right behind a value speaks of that value."""
    match = _BRACKETED.match(text, mention.end, mention.end + _LONGEST_BRACKET)
    return match.span() if match else None


def _listed_scope(cuts: Cuts, name: str, mention: Mention) -> list[Span]:
    own = (mention.start, mention.end)
    inside = _bracketed(cuts.text, mention)
    if inside is None or cuts.speaks(inside[0] + 1, inside[1], frozenset({name})):
        return [own]
    return [own, inside]


def _said_of_the_listed(cuts: Cuts, run: Sequence[Mention], anchors: Anchors) -> list[Span]:
    """What is said behind a list and of it alone: "dev and test with 2 workers and prod with 8 hours a day" says so of
    prod what it says of prod.
    """
    end = run[-1].end
    other = next((mention for mention in anchors.mentions if mention.start >= end), None)
    if other is None or not _WITH.match(cuts.text, end) or not _WITH.match(cuts.text, other.end):
        return []
    mark = _ENDS_WITH.search(cuts.text, end, other.start)
    return [(end, mark.start() if mark else other.start)]


_WITH = re.compile(r"\s(?:one\s|ones\s|workspaces?\s)?(?:(?:each|both)\s)?(?:with|on)\s", re.IGNORECASE)
_ENDS_WITH = re.compile(r"[,;.\n]")


class _Way(NamedTuple):
    """How values are told of what tells the pieces apart: all stand before it, or amounts stand close before it."""

    is_behind: bool
    is_close: bool


_MOST_UPON = 40
"""Times that what is said before a value is looked at, so that repeating it stays linear."""


def _upon(cuts: Cuts, run: Sequence[Mention], anchors: Anchors, way: _Way) -> Span | None:
    """Where what leads to a run is said of it, and of nothing else; None where it is told otherwise."""
    if not (anchors.is_list or cuts.is_plural) or way.is_behind or refused_of(cuts.page, run[0]) is not None:
        return None
    return led_to(cuts, run, anchors, are_close=way.is_close)


def _own_scope(cuts: Cuts, run: Sequence[Mention], mention: Mention, anchors: Anchors, way: _Way) -> list[Span]:
    """Where it is spoken of a value that is in no list."""
    if (refused := refused_of(cuts.page, mention)) is not None:
        return [(refused.start, mention.end)]
    if way.is_behind:
        return [(anchors.end_before(mention.start, cuts.clause_start(mention.start)), mention.end)]
    return _scope_of(cuts, run, mention, anchors)


def _scope_of(cuts: Cuts, run: Sequence[Mention], mention: Mention, anchors: Anchors) -> list[Span]:
    """Where a value speaks; of several together before them in "2-4 workers in dev and staging", else behind them."""
    if _count(run) == 1:
        return _scope(cuts, mention, anchors)
    start = cuts.clause_start(run[0].start)
    stands_before = any(earlier.field not in MAIN for earlier in cuts.page.within(start, run[0].start))
    if stands_before and cuts.is_upon(run[0].start):
        return [(start, run[-1].end)]
    return _scope(cuts, run[-1], anchors)


def _scope(cuts: Cuts, mention: Mention, anchors: Anchors) -> list[Span]:
    """Where the piece that a single value opens begins and ends."""
    if inside := _bracketed(cuts.text, mention):
        return [(mention.start, mention.end), inside]
    if is_before_all(cuts, mention, anchors):
        end = mention.end
    else:
        end = _shared_from(cuts, mention.end, anchors.next_other(mention), is_list=anchors.is_list)
    if cuts.is_upon(mention.start) and not cuts.page.within(mention.end, end):
        begin = cuts.clause_start(mention.start)
        return [(max(begin, anchors.end_before(mention.start, begin)), end)]
    return [(mention.start if anchors.is_list else _opening(cuts, mention, anchors), end)]


_BARE = len("one for ")


def _opening(cuts: Cuts, mention: Mention, anchors: Anchors) -> int:
    """A piece begins with the "one for" or the article before its value."""
    text, earlier = cuts.text, anchors.end_before(mention.start, 0)
    if not earlier:
        return mention.start
    last = mention.start
    for joint in _PIECE_OPENS.finditer(text, earlier, mention.start):
        last = joint.start()
    markers = [marker.start() for marker in _ONE_FOR.finditer(text, earlier, mention.start)]
    markers = [marker for marker in markers if marker - earlier > _OWN_MARKER]
    if not markers:
        return last
    # "Heron gets one for streaming, Plover one for etl": what the first is for is not the second's.
    is_bare = text[markers[-1] : markers[-1] + _BARE].lower() == "one for "
    is_of_another = is_bare and markers[-1] < last < mention.start and cuts.page.within(markers[-1], last)
    return last if is_of_another else min(markers[-1], last)


def _shared_from(cuts: Cuts, start: int, limit: int, *, is_list: bool) -> int:
    """Where the words after `start` speak of everything again: a sentence's end, "both", another piece."""
    end = cuts.sentence_end(start)
    if end is not None and (is_list or end > start + 1):
        limit = min(limit, end)
    for again in _SHARED_AGAIN.finditer(cuts.text, start, limit):
        if again[0].lower() == "owner" and again.start() - start <= len("'s "):
            continue  # "dev owner is tom@contoso.com"
        before = cuts.text[max(start, again.start() - _AGAIN_REACH) : again.start()]
        if _UPON_ALL.search(before) and again[0].lower() not in _TELLS_ALL:
            return max([start, *(mark.start() for mark in _LAST_PART.finditer(cuts.text, start, again.start()))])
        opens = again.start() - start <= 1 or _AGAIN_OPENS.search(before)  # right behind the value
        if opens or again[0].lower() in ("both", "beide", "ambos", "all of them", "all of these"):
            return again.start()
    return limit
