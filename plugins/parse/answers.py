"""Answers to open questions: a bare word, a number, a yes, read as what was asked."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from plugins.catalogue.places import place_of
from plugins.domain.understanding import Context
from plugins.parse.counting import refuses_to_set
from plugins.parse.fields import counts, money, people, place, team, times
from plugins.parse.fields.dates import DATE
from plugins.parse.notes import RequestNotes
from plugins.parse.reading import page_of

_YES = re.compile(r"^\W*(?:yes|yep|yeah|sure|with|please do|true|ok|okay|correct|right)\b", re.IGNORECASE)
_NO = re.compile(r"^\W*(?:no|nope|nah|without|false|none|not needed)\b", re.IGNORECASE)
_FILLER = re.compile(
    r"^(?:thanks?(?: you)?|thx|please|pls|ok|okay|yes|no|sure|hi|hello|and|the|it'?s"
    r"|i (?:don'?t )?(?:think|know)|not sure|dunno|no idea|whatever|you (?:decide|choose)|any"
    r"|default|hm+|cheers|great|sorry|wait|what|why|how|help|maybe|later|skip|nothing|none"
    r"|good|fine|cool|nice|lol|asap)\W*$",
    re.IGNORECASE,
)
_LONGEST_PLACE = 40
_LONGEST_ANSWER = 120
"""Characters of a bare answer; a longer text says something of its own."""
_PARTS = re.compile(r"[,;/\n]|\s-\s|\band\b")


def answered(text: str, notes: RequestNotes, context: Context) -> RequestNotes | None:
    """The notes with what the text answers to the open questions added; None when it answers none of them."""
    if not context.open_slots:
        return None
    settled = {slot for slot in context.open_slots if slot in notes.fields}
    short = len(text) <= _LONGEST_ANSWER and "?" not in text
    if "region" in context.open_slots and "region" not in settled and short and _no_region(text, notes):
        settled.add("region")
    if "expires_in_days" in context.open_slots and short and _no_days(text, notes):
        settled.add("expires_in_days")
    for slot in context.open_slots:
        if slot not in settled and short and (fields := _bare(slot, text, notes)):
            notes.fields.update(fields)
            notes.doubts = [doubt for doubt in notes.doubts if doubt.slot not in fields]
            settled.add(slot)
    return notes if settled else None


def _no_region(text: str, notes: RequestNotes) -> bool:
    """Doubts the region that the whole text names, where it is none of Azure Databricks; True when it did."""
    answer = text.strip(" .,;:!\n\t")
    named_place = place_of(answer) if len(answer) <= _LONGEST_PLACE else None
    if named_place is None or notes.knows("region"):
        return any(doubt.slot == "region" for doubt in notes.doubts)
    notes.doubt("region", named_place.kind, answer, named_place.candidates)
    return True


def _no_days(text: str, notes: RequestNotes) -> bool:
    """Doubts the bare answer of days that count backward ("-5"); True where days lead to no day."""
    days = times.days_said(text)
    backward = times.backward_answer(text) or (days if isinstance(days, str) else "")
    if backward and not notes.knows("expires_in_days"):
        notes.doubt("expires_in_days", "invalid", backward)
    return bool(backward) or any(doubt.slot == "expires_in_days" and doubt.kind == "invalid" for doubt in notes.doubts)


def _bare(slot: str, text: str, notes: RequestNotes) -> dict[str, object]:
    reader = _READERS.get(slot)
    if reader is None:
        return {}
    if slot not in _COUNTED:
        return reader(text, notes)
    return {} if refuses_to_set(text) else reader(_unclaimed(text, slot), notes)


_COUNTED: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("cost_limit", "currency"), frozenset({"cost_limit", "currency"})),
    **dict.fromkeys(("min_workers", "max_workers"), frozenset({"workers", "min_workers", "max_workers"})),
    "hours_per_week": frozenset({"hours_per_week"}),
    "expires_in_days": frozenset({"expires_in_days"}),
}
"""Slots that a bare number answers, and what is read of a number that says it itself."""


def _unclaimed(text: str, slot: str) -> str:
    """The text without what says another field: the number of a cost centre is no limit."""
    page, kept = page_of(text, date.min), 0
    parts: list[str] = []
    claimed = [(m.start, m.end) for m in page.mentions if m.field not in _COUNTED[slot]]
    claimed += [(p.key_start, p.end) for p in page.layout.pairs if p.field and p.field not in _COUNTED[slot]]
    for start, end in sorted(claimed):
        if start >= kept:
            parts.append(page.layout.text[kept:start])
            kept = end
    return " ".join([*parts, page.layout.text[kept:]]) if parts else text


def _team(text: str, notes: RequestNotes) -> dict[str, object]:
    """A free word names the team when nothing else claims it."""
    # Where something else was read from it, only a part of its own can be the name.
    if not notes.fields and not notes.doubts:
        parts = [text]
    else:
        parts = [part for part in _PARTS.split(text) if part.strip()]
        if len(parts) <= 1:  # that one was read already
            return {}
    for part in parts:
        if _FILLER.match(part.strip()) or not _is_free(part):
            continue
        if (name := team.slug_of(part)) and not _NO_NAMES.issuperset(name.split("-")):
            return {"team": name}
    return {}


_NO_NAMES = frozenset(
    {"a", "an", "the", "that", "this", "1", "2", "3", "one", "two", "three", "both", "each", "same", "only", "all"}
    | {"team", "teams", "for", "of", "them", "and"}
)
"""What is left of a remark of which nothing else was read ("that's a lot", "one team"), and is no name."""


def _is_free(part: str) -> bool:
    """True when no other field can be read from these words."""
    fields = {m.field for m in page_of(part, date.min).mentions}
    return not (fields - {"team"}) and not re.search(r"\d{3,}", part)


def _name(text: str, notes: RequestNotes) -> dict[str, object]:
    if notes.fields:
        return {}
    match = re.fullmatch(
        (
            r"\W*(?:call it |name it |it'?s |use |take |then "
            r"|ok,? )*[\"'`]?([A-Za-z0-9_-]{3,64})[\"'`]?(?: please| then)?\W*"
        ),
        text.strip(),
        re.IGNORECASE,
    )
    return (
        {"workspace_name": match[1]}
        if match and people.NAME.fullmatch(match[1]) and not _FILLER.match(match[1])
        else {}
    )


def _region(text: str, _: RequestNotes) -> dict[str, object]:
    region = place.bare_region(text)
    return {"region": region} if region else {}


def _limit(text: str, _: RequestNotes) -> dict[str, object]:
    limit = money.bare_limit(_without_days(text))
    if limit is None:
        return {}
    value, currency = limit
    return {"cost_limit": value, **({"currency": currency} if currency else {})}


def _without_days(text: str) -> str:
    """The text without the days that it names: of "till 24 dec" no figure is an amount."""
    return _DAY.sub(lambda day: " " if any(day[part] for part in _IN_FIGURES) else day[0], text)


_DAY = re.compile(DATE, re.IGNORECASE | re.VERBOSE)
_IN_FIGURES = ("iso", "slash", "dom", "dom2")


def _workers(text: str, _: RequestNotes) -> dict[str, object]:
    workers = counts.bare_workers(text)
    return {"min_workers": workers[0], "max_workers": workers[1]} if workers and workers[0] <= workers[1] else {}


def _days(text: str, _: RequestNotes) -> dict[str, object]:
    days = times.bare_days(text)
    return {"expires_in_days": days} if days else {}


def _hours(text: str, _: RequestNotes) -> dict[str, object]:
    match = re.fullmatch(r"\D{0,10}(\d{1,3}(?:\.\d)?)\D{0,12}", text.strip())
    return {"hours_per_week": float(match[1])} if match and float(match[1]) <= times.WEEK else {}


def _flag(slot: str) -> Callable[[str, RequestNotes], dict[str, object]]:
    def read(text: str, _: RequestNotes) -> dict[str, object]:
        return {slot: True} if _YES.match(text) else {slot: False} if _NO.match(text) else {}

    return read


_READERS: Mapping[str, Callable[[str, RequestNotes], dict[str, object]]] = {
    "team": _team,
    "workspace_name": _name,
    "region": _region,
    "cost_limit": _limit,
    "currency": _limit,
    "min_workers": _workers,
    "max_workers": _workers,
    "expires_in_days": _days,
    "hours_per_week": _hours,
    "enable_gpu": _flag("enable_gpu"),
    "spot": _flag("spot"),
    "photon": _flag("photon"),
}
