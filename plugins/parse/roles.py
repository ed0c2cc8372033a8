"""One value a field, or the doubt that the mentions of it leave.

All mentions of a field are weighed together: what is denied, of another time or of others goes; what is said later
as a correction stays; what is left either agrees, is an open choice, or contradicts itself.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from plugins.domain.understanding import DoubtKind
from plugins.parse.amounts import note_limit, note_number, note_workers
from plugins.parse.counting import KEYED, counted_of, is_corrected, is_wondered, latest, not_replaced, since_correction
from plugins.parse.notes import RequestNotes, infer, merged
from plugins.parse.page import Mention, Page

__all__ = ["RequestNotes", "infer", "merged", "notes_of"]

_YIELDS = {
    frozenset({"streaming", "data_engineering"}): "streaming",
    frozenset({"machine_learning", "data_science"}): "machine_learning",
}
"""Pairs that people say for one thing: streaming pipelines stream, training in notebooks trains."""

_MARGIN = 1.4
"""Weight by which one value of a workload or a team must be plainer than another to stand alone."""

_MARGINS = {"environment": 3.6, "region": 0.9}
"""Two environments are a contradiction even where one is said more plainly: nothing is built on a guess there."""

_SPEAKS = 2
"""Weight below which a word speaks of the environment only where nothing else does: "to production"."""

_STRONG = 1.6
"""Weight below which a word speaks of the workload only where no plainer one does."""

_SIDE_BY_SIDE = 40
"""Characters between two values that leave a choice open."""

_NEAR = 30
_LONGEST_QUOTE = 80
_REPORT_REACH = 200
"""Characters before a wish in which is told whose it is."""

_REPORTING = re.compile(
    r"""\b(?:
        asked|wanted|suggested|thought|proposed|keeps?\ asking|was\ asking|would\ love|dreams?\ of|read|mentioned
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_EXPLAINING = (" for ", " feed", " behind", " that ", " which ", " so ", " into ", " to ", " on ", " with ", " from ")
_EXPLAINED_BY = (*_EXPLAINING, " using")
"""Words behind the main work that tell what it is for or what it uses."""


def notes_of(page: Page, mentions: Sequence[Mention]) -> RequestNotes:
    """What these mentions come to. `page.mentions` may hold more: those of other workspaces."""
    notes = RequestNotes()
    by_field: dict[str, list[Mention]] = {}
    # Older messages first, so that what was said last is read last.
    for mention in sorted(mentions, key=lambda m: (-page.depth(m.start), m.start)):
        by_field.setdefault(mention.field, []).append(mention)
    for name, note in _ORDER:
        if of_field := by_field.get(name):
            note(page, notes, name, of_field)
    return notes


def _note_choice(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    """A value of which there is one; unknown ones and several are doubts."""
    if name == "team" and (both := _two_that_share(page, mentions)):
        notes.doubt(name, "several", page.quote(both[0].start, both[1].end), [str(mention.value) for mention in both])
        return
    plain = _plainest(page, name, mentions)
    if not plain:
        return
    if name == "region":
        plain = _ordered_there(page, plain)
    known = [m for m in plain if m.value is not None]
    values = list(dict.fromkeys(str(m.value) for m in known))
    if not values:
        _doubt_unknown(page, notes, name, plain[-1])
    elif len(values) == 1 and (name == "region" or len(known) == len(plain)):
        _note(page, notes, name, max(known, key=lambda m: m.weight))
    elif name == "team":
        _note_team(page, notes, plain, values)
    elif name == "environment" and len(known) < len(plain):
        _note(page, notes, name, known[0])
    else:
        is_open = any(page.clauses.are_alternatives(a.end, b.start) for a, b in pairwise(plain))
        quote = page.quote(plain[0].start, plain[-1].end)[:_LONGEST_QUOTE]
        notes.doubt(name, "several" if is_open else "contradiction", quote, values)


def _ordered_there(page: Page, plain: Sequence[Mention]) -> Sequence[Mention]:
    """Of several places the one that it shall be put in: "we sit in London, the data in Dublin, so put it there"."""
    text = page.layout.text
    ordered = [m for m in plain if m.value and _PUT_THERE.search(text, max(0, m.start - _PUT_REACH), m.start)]
    return ordered or plain


_PUT_REACH = 48
_PUT_THERE = re.compile(
    r"""\b(?:put|host|place|locate|deploy|build|keep|run|set|want|have|create|need|prefer|take|use|choose|pick)
    \s(?:it|this|that|them|everything|ours|all|both|the\s(?:workspace|thing|whole\sthing|one))
    \s(?:up\s|all\s)?(?:in|at|to|on|into)\s(?:the\s)?$""",
    re.IGNORECASE | re.VERBOSE,
)


def _plainest(page: Page, name: str, mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Of the mentions that stand those under a key, else those that are about as plain as the plainest."""
    counted = counted_of(page, mentions)
    heaviest = max((m.weight for m in counted), default=0)
    if name == "environment" and heaviest >= _SPEAKS:
        counted = [m for m in counted if m.weight >= _SPEAKS]
    keyed = [m for m in counted if m.weight == KEYED and m.key_start is not None]
    return keyed or [m for m in counted if m.weight > heaviest - _MARGINS.get(name, _MARGIN)]


def _doubt_unknown(page: Page, notes: RequestNotes, name: str, vague: Mention) -> None:
    kind: DoubtKind = "ambiguous" if vague.candidates else "unknown"
    if name == "workspace_name":
        kind = "invalid"
    elif name == "team":
        kind = "several"
    elif vague.kind == "not_offered":
        kind = "not_offered"
    elif vague.kind == "other_cloud":
        kind = "other_cloud"
    notes.doubt(name, kind, page.quote(vague.start, vague.end).strip("\"'`“”"), vague.candidates)


def _note_team(page: Page, notes: RequestNotes, plain: Sequence[Mention], values: Sequence[str]) -> None:
    """Names beside each other: an open choice where an "or" joins them; else the one most plainly marked."""
    if choice := next((m for m in plain if m.value is None and len(m.candidates) > 1), None):
        notes.doubt("team", "several", page.quote(choice.start, choice.end), choice.candidates)
        return
    first = plain[0]
    second = next((m for m in plain if m.value != first.value), plain[-1])
    near = page.layout.text[first.end : second.start].lower()
    is_joined = len(near) < _NEAR and any(word in near for word in (" or", "/", "maybe", "oder"))
    if is_joined and page.clauses.are_alternatives(first.end, second.start):
        notes.doubt("team", "several", page.quote(first.start, second.end), values[:2])
        return
    _note(page, notes, "team", max(plain, key=lambda m: (_is_for(page, m), m.weight)))


def _two_that_share(page: Page, mentions: Sequence[Mention]) -> tuple[Mention, Mention] | None:
    """The two teams of "one for team Alpha and team Beta to share": to whom it belongs is theirs to say."""
    for one, other in pairwise(sorted(mentions, key=lambda mention: mention.start)):
        are_two = None not in (one.value, other.value) and one.value != other.value
        if are_two and _JOINED_TEAMS.fullmatch(page.layout.text, one.end, other.start):
            return one, other
    return None


_JOINED_TEAMS = re.compile(r"\s?(?:and|&|\+|plus|und|y|et)\s(?:also\s)?(?:the\s|our\s)?", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s(?:the\s|our\s)?$", re.IGNORECASE)
_FOR_REACH = 10


def _is_for(page: Page, mention: Mention) -> bool:
    """True for the risk team of "I'm on the platform team and need one for the risk team"."""
    return _FOR.search(page.layout.text, max(0, mention.start - _FOR_REACH), mention.start) is not None


def _note(page: Page, notes: RequestNotes, name: str, mention: Mention) -> None:
    source = page.quote(mention.start, mention.end)
    if mention.because:
        notes.assume(name, mention.value, mention.because, source)
    else:
        notes.say(name, mention.value, source)


def _note_workload(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    """The work that is done; of several the main one, unless a choice is left open."""
    counted = counted_of(page, mentions)
    if not counted:
        return
    heaviest = max(m.weight for m in counted)
    strong = [m for m in counted if m.weight >= _STRONG]
    plain = [m for m in (strong or counted) if m.weight > heaviest - _MARGIN]
    is_open = _is_open(page, plain)
    values = list(dict.fromkeys(str(m.value) for m in plain))
    if len(values) > 1 and not strong and not is_open:
        weights = {value: sum(m.weight for m in plain if m.value == value) for value in values}
        values = [max(values, key=lambda value: weights[value])]
    value = values[0] if len(values) == 1 else None if is_open else _YIELDS.get(frozenset(values))
    chosen = next((m for m in plain if m.value == value), None)
    if chosen is None and not is_open:
        chosen = _main_work(page, plain)
    if chosen is not None:
        notes.say(name, chosen.value, page.quote(chosen.start, chosen.end))
    else:
        notes.doubt(name, "several", " / ".join(value.replace("_", " ") for value in values), values)


def _is_open(page: Page, plain: Sequence[Mention]) -> bool:
    """True where an "or" joins two values that stand side by side."""
    return any(
        a.value != b.value and b.start - a.end < _SIDE_BY_SIDE and page.clauses.are_alternatives(a.end, b.start)
        for a, b in pairwise(plain)
    )


def _main_work(page: Page, plain: Sequence[Mention]) -> Mention | None:
    """The first of two works where what follows explains it: "pipelines that feed a model"."""
    first = plain[0]
    second = next((m for m in plain if m.value != first.value), first)
    between = page.layout.text[first.end : second.start].lower()
    is_joined = " and " in between[-5:] or " plus " in between
    return first if not is_joined and any(word in between for word in _EXPLAINED_BY) else None


def _note_flag(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    """Yes or no; both are a doubt, unless one takes back the other or refuses somebody else's wish."""
    present = [m for m in latest(page, mentions) if m.weight >= KEYED or not _is_elsewhere(page, m)]
    present = [m for m in present if m.weight >= KEYED or not is_wondered(page, m)]
    counted = since_correction(page, present, is_corrected)
    if _differ(counted) and page.clauses.are_corrected(counted[0].end, counted[-1].start):
        counted = counted[-1:]
    # "they asked for GPUs, but no": the refusal is the writer's own.
    if _differ(counted) and not counted[-1].value:
        counted = [m for m in counted if not m.value or not _is_reported(page, m)] or counted
    if not counted:
        return
    if _differ(counted):
        quote = ", ".join(page.quote(m.start, m.end) for m in (counted[0], counted[-1]))
        notes.doubt(name, "contradiction", quote, ("true", "false"))
        return
    is_wanted = bool(counted[0].value)
    notes.say(name, is_wanted, page.quote(counted[0].start, counted[0].end))
    if is_wanted:
        notes.extras.extend(page.quote(m.start, m.end).upper() for m in counted if m.because == "model")


def _is_elsewhere(page: Page, flag: Mention) -> bool:
    """True of another time or of others; what is dismissed by itself is refused: "spot instances are excluded"."""
    if not flag.value and page.clauses.is_dismissed_itself(flag.start, flag.end):
        return False
    return page.clauses.is_elsewhere(flag.start)


def _differ(flags: Sequence[Mention]) -> bool:
    return len({bool(m.value) for m in flags}) > 1


def _is_reported(page: Page, mention: Mention) -> bool:
    """True where somebody else's wish is told, which a plain "no" behind it refuses."""
    start, _ = page.clauses.sentence(mention.start)
    start = max(start, mention.start - _REPORT_REACH)
    return _REPORTING.search(page.layout.text, start, mention.start) is not None


def _note_network(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    """The way in; a private link with public access kept is a doubt."""
    present = [m for m in not_replaced(page, latest(page, mentions)) if not page.clauses.is_elsewhere(m.start)]
    counted = since_correction(page, present, is_corrected)
    values = list(dict.fromkeys(str(m.value) for m in counted))
    if "private_link" in values and "public" in values:
        quote = ", ".join(page.quote(m.start, m.end) for m in (counted[0], counted[-1]))
        notes.doubt(name, "contradiction", quote, ("private_link", "public"))
    elif values:
        value = "private_link" if "private_link" in values else values[0]
        chosen = next(m for m in counted if m.value == value)
        notes.say(name, value, page.quote(chosen.start, chosen.end))


def _note_last(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    counted = [m for m in counted_of(page, mentions) if m.value is not None]
    if counted:
        is_later = page.clauses.are_corrected(counted[0].end, counted[-1].start)
        chosen = counted[-1] if is_later else max(counted, key=lambda m: m.weight)
        notes.say(name, chosen.value, page.quote(chosen.start, chosen.end))


def _note_tags(page: Page, notes: RequestNotes, name: str, mentions: Sequence[Mention]) -> None:
    tags: dict[str, object] = {}
    for mention in mentions:
        match mention.value:
            case dict() as pairs:
                tags.update(pairs)
                notes.say(name, tags, page.quote(mention.start, mention.end))
            case _:
                raise TypeError(f"a mention of tags holds pairs, not {mention.value!r}")


_ORDER: tuple[tuple[str, Callable[[Page, RequestNotes, str, Sequence[Mention]], None]], ...] = (
    ("team", _note_choice),
    ("environment", _note_choice),
    ("region", _note_choice),
    ("node_type", _note_choice),
    ("workspace_name", _note_choice),
    ("workload_type", _note_workload),
    ("enable_gpu", _note_flag),
    ("spot", _note_flag),
    ("photon", _note_flag),
    ("network", _note_network),
    ("workers", note_workers),
    ("cost_limit", note_limit),
    ("hours_per_week", note_number),
    ("expires_in_days", note_number),
    ("owner", _note_last),
    ("cost_center", _note_last),
    ("tags", _note_tags),
)
"""How each field is noted, in the order in which doubts are told."""
