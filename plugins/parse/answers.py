"""Answers to open questions: a bare word, a number, a yes, read as what was asked."""

import re
from collections.abc import Callable, Mapping
from datetime import date

from plugins.catalogue.places import place_of
from plugins.domain.understanding import Context
from plugins.parse.fields import counts, money, people, place, team, times
from plugins.parse.roles import Notes

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
_PARTS = re.compile(r"[,;/\n]|\s-\s|\band\b")


def answered(text: str, notes: Notes, context: Context) -> Notes | None:
    """The notes with what the text answers to the open questions added; None when it answers none of them."""
    if not context.open_slots:
        return None
    found = {slot for slot in context.open_slots if slot in notes.fields}
    short = len(text) <= 120 and "?" not in text  # noqa: PLR2004 - a longer text is no bare answer
    if "region" in context.open_slots and "region" not in found and short and _no_region(text, notes):
        found.add("region")
    if "expires_in_days" in context.open_slots and short and _no_days(text, notes):
        found.add("expires_in_days")
    for slot in context.open_slots:
        if slot not in found and short and (fields := _bare(slot, text, notes)):
            notes.fields.update(fields)
            notes.doubts = [doubt for doubt in notes.doubts if doubt.slot not in fields]
            found.add(slot)
    return notes if found else None


def _no_region(text: str, notes: Notes) -> bool:
    """Doubts the region that the whole text names, where it is none of Azure Databricks; True when it did."""
    said = text.strip(" .,;:!\n\t")
    found = place_of(said) if len(said) <= _LONGEST_PLACE else None
    if found is None or notes.knows("region"):
        return any(doubt.slot == "region" for doubt in notes.doubts)
    notes.doubt("region", found.kind, said, found.candidates)
    return True


def _no_days(text: str, notes: Notes) -> bool:
    """Doubts the bare answer of days that count backward ("-5"); True where days lead to no day."""
    told = times.days_said(text)
    said = times.backward_answer(text) or (told if isinstance(told, str) else "")
    if said and not notes.knows("expires_in_days"):
        notes.doubt("expires_in_days", "invalid", said)
    return bool(said) or any(doubt.slot == "expires_in_days" and doubt.kind == "invalid" for doubt in notes.doubts)


def _bare(slot: str, text: str, notes: Notes) -> dict[str, object]:
    reader = _READERS.get(slot)
    return reader(text, notes) if reader else {}


def _team(text: str, notes: Notes) -> dict[str, object]:
    """A free word names the team when nothing else claims it."""
    if not notes.fields and not notes.doubts:
        parts = [text]
    else:
        parts = [part for part in _PARTS.split(text) if part.strip()]
        if len(parts) < 2:  # noqa: PLR2004 - one part is what was read already
            return {}
    for part in parts:
        if _FILLER.match(part.strip()) or not _is_free(part):
            continue
        if name := team.slug_of(part):
            return {"team": name}
    return {}


def _is_free(part: str) -> bool:
    """True when no other field can be read from these words."""
    from plugins.parse.message import page_of  # a message is read by its answers too

    fields = {m.field for m in page_of(part, date.min).mentions}
    return not (fields - {"team"}) and not re.search(r"\d{3,}", part)


def _name(text: str, notes: Notes) -> dict[str, object]:
    if notes.fields:
        return {}
    found = re.fullmatch(
        (
            r"\W*(?:call it |name it |it'?s |use |take |then "
            r"|ok,? )*[\"'`]?([A-Za-z0-9_-]{3,64})[\"'`]?(?: please| then)?\W*"
        ),
        text.strip(),
        re.IGNORECASE,
    )
    return (
        {"workspace_name": found[1]}
        if found and people.NAME.fullmatch(found[1]) and not _FILLER.match(found[1])
        else {}
    )


def _region(text: str, _: Notes) -> dict[str, object]:
    found = place.bare_region(text)
    return {"region": found} if found else {}


def _limit(text: str, _: Notes) -> dict[str, object]:
    found = money.bare_limit(text)
    if found is None:
        return {}
    value, currency = found
    return {"cost_limit": value, **({"currency": currency} if currency else {})}


def _workers(text: str, _: Notes) -> dict[str, object]:
    found = counts.bare_workers(text)
    return {"min_workers": found[0], "max_workers": found[1]} if found and found[0] <= found[1] else {}


def _days(text: str, _: Notes) -> dict[str, object]:
    found = times.bare_days(text)
    return {"expires_in_days": found} if found else {}


def _hours(text: str, _: Notes) -> dict[str, object]:
    found = re.fullmatch(r"\D{0,10}(\d{1,3}(?:\.\d)?)\D{0,12}", text.strip())
    return {"hours_per_week": float(found[1])} if found and float(found[1]) <= 168 else {}  # noqa: PLR2004 - a week


def _flag(slot: str) -> Callable[[str, Notes], dict[str, object]]:
    def read(text: str, _: Notes) -> dict[str, object]:
        return {slot: True} if _YES.match(text) else {slot: False} if _NO.match(text) else {}

    return read


_READERS: Mapping[str, Callable[[str, Notes], dict[str, object]]] = {
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
