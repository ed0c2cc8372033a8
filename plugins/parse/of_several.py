"""What is done to several workspaces in one message: a statement for each that is named, or a selection of them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from plugins.domain.portfolio import Selection
from plugins.domain.request import InfrastructureRequest, usable_request
from plugins.domain.understanding import Act, Context, Statement, Understanding
from plugins.parse import phrases
from plugins.parse.evidence import Evidence, means_all_in_hand
from plugins.parse.notes import RequestNotes
from plugins.parse.page import Page
from plugins.parse.sparing import means_others_than, means_the_other_than, spared, spares_it
from plugins.parse.spoken_names import team_changed
from plugins.parse.upon import changed_by_kind, is_change_of_many, says_them
from plugins.parse.workspaces import workspaces_of

ACT_UPON: frozenset[Act] = frozenset({"status", "export", "destroy", "extend", "history"})
"""Acts upon workspaces that stand."""


def of_several(
    understood: Understanding, page: Page, selection: Selection, evidence: Evidence, context: Context
) -> Understanding:
    """The same, of all the workspaces that the message means: a statement for each that is named, or a selection."""
    text = page.layout.text
    if understood.act in _CHANGES and _leaves_open_what_goes(understood.act, text, selection):
        return Understanding("unclear")
    return _of_those_meant(understood, page, selection, evidence, context)


def _of_those_meant(
    understood: Understanding, page: Page, selection: Selection, evidence: Evidence, context: Context
) -> Understanding:
    text = page.layout.text
    if understood.act == "list":
        return replace(understood, statements=_narrowed_to(selection, evidence), selection=selection)
    if understood.act == "amend":
        return _changed(understood, text, selection, evidence, context)
    if understood.act == "cost" and _supposes_of_many(understood, text, evidence, context):
        return changed_alike(understood, text, selection)
    if understood.act not in ACT_UPON:
        return understood
    if understood.act == "extend" and not re.search(r"\b(?:that|which|ones|expiring)\b", text, re.IGNORECASE):
        selection = selection.model_copy(update={"expiry": None, "expiry_days": None})
    if len(selection.names) > 1 or (selection.excluded and len(selection.names) == 1):
        if understood.act in ("destroy", "extend") and _either(text, selection.names):
            return _by_selection(understood, selection.model_copy(update={"is_one": True}))
        notes = workspaces_of(page, ())
        return replace(understood, statements=tuple(_each(understood, name, notes) for name in selection.names))
    if not selection.names and (_means_many(text) or means_others_than(selection.excluded, text)):
        is_one = means_the_other_than(selection.excluded, text)
        return _by_selection(understood, selection.model_copy(update={"is_one": is_one}))
    is_by_kind = bool(selection.environments or selection.teams) and not selection.names
    if is_by_kind and evidence.is_by_kind(context) and not re.search(r"\bit\b", text, re.IGNORECASE):
        return _by_selection(understood, selection.model_copy(update={"is_one": True}))
    return understood


_CHANGES: frozenset[Act] = frozenset({"destroy", "extend", "amend"})


def _leaves_open_what_goes(act: Act, text: str, selection: Selection) -> bool:
    """True where all that is named is to be left as it is, and nothing says that the others are meant."""
    if spares_it(text):
        return True
    if not selection.names:
        is_named = any(field == "workspace_name" for field, _ in selection.excluded)
        return is_named and not (_means_many(text) or means_others_than(selection.excluded, text))
    ways = ("out", "kept") if act == "destroy" else ("out",)
    folded = text.casefold()
    places = [(at, at + len(name)) for name in selection.names if (at := folded.find(name.casefold())) >= 0]
    return bool(places) and all(spared(text, *place) in ways for place in places)


def _narrowed_to(selection: Selection, evidence: Evidence) -> tuple[Statement, ...]:
    """What tells those apart that are to be listed, as far as it is said and each is one value."""
    said = {field: getattr(selection, values) for field, values in _TOLD.items() if field in evidence.fields}
    fields = {field: values[0] for field, values in said.items() if len(values) == 1}
    return (Statement(usable_request(fields)),) if fields else ()


_TOLD = {"team": "teams", "environment": "environments", "region": "regions", "workload_type": "workloads"}


def _changed(
    understood: Understanding, text: str, selection: Selection, evidence: Evidence, context: Context
) -> Understanding:
    """The same change, of those that stand where such are meant: of many, of one by what it is, of one of a team's."""
    if means_all_in_hand(text, context) and not evidence.named:
        return understood
    may_stand = bool(evidence.named) or not context.drafts
    is_of_others = may_stand and not selection.names and means_others_than(selection.excluded, text)
    if is_of_others or (not evidence.named and is_change_of_many(text, evidence)):
        return changed_alike(understood, text, selection)
    if which := changed_by_kind(text, evidence, context).lower():
        words = tuple(word for word in selection.unread if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", which))
        return changed_alike(understood, text, selection.model_copy(update={"is_one": True}), unread=words)
    team = "" if evidence.named else team_changed(text, context)
    if not team:
        return understood
    if _stated_names(understood) <= {*_WHICH[:-1], "assumptions"} and not any(s.scaled for s in understood.statements):
        return Understanding("unclear")
    teams = selection.teams or (team,)
    return changed_alike(understood, text, selection.model_copy(update={"is_one": True, "teams": teams}))


def _either(text: str, names: Sequence[str]) -> bool:
    """True where one of two is said: "destroy dbw-x or dbw-y"."""
    folded = text.casefold()
    return any(f" or {name.casefold()}" in folded for name in names)


def _supposes_of_many(understood: Understanding, text: str, evidence: Evidence, context: Context) -> bool:
    """True for "what if everything ran on spot?", where something stands and nothing is in hand."""
    if evidence.named or context.drafts or len(context.workspaces) < _SEVERAL or not phrases.begins("supposes", text):
        return False
    says = {name for request in understood.requests for name in request.stated()} - set(_WHICH)
    return bool(says) and (phrases.says("many", text) or phrases.says("of_all", text))


_SEVERAL = 2


def _by_selection(understood: Understanding, selection: Selection) -> Understanding:
    unnamed = tuple(_unnamed(statement) for statement in understood.statements)
    return replace(understood, statements=unnamed, selection=selection, about_plan=False)


def _means_many(text: str) -> bool:
    return phrases.says("many", text) or says_them(text)


def _unnamed(statement: Statement) -> Statement:
    return replace(statement, request=statement.request.model_copy(update={"workspace_name": None}))


def _each(understood: Understanding, name: str, notes: Sequence[RequestNotes]) -> Statement:
    """What is said of that one of several: its own days where it has some, else those that are said of all."""
    first = next(iter(understood.statements), Statement(InfrastructureRequest()))
    own = next((note for note in notes if note.fields.get("workspace_name") == name), None)
    days = own.fields.get("expires_in_days") if own is not None else None
    fields = {**first.request.stated(), "workspace_name": name, **({"expires_in_days": days} if days else {})}
    return replace(first, request=usable_request(fields))


_WHICH: tuple[str, ...] = ("team", "environment", "workload_type", "workspace_name", "region")


def changed_alike(
    understood: Understanding, text: str, selection: Selection, *, unread: tuple[str, ...] = ()
) -> Understanding:
    """A change of several, or a supposed one: what tells them apart says which are meant, the rest what becomes of
    them.
    """
    moves = re.search(r"\b(?:to|into)\s(?:the )?\w", text, re.IGNORECASE) if selection.regions else None
    kept = _WHICH[:-1] if moves and "region" in _stated_names(understood) else _WHICH
    dropped = {
        "networks": (),
        "owners": (),
        "cost_centers": (),
        "node_types": (),
        "flags": (),
        "tags": (),
        "over": None,
    }
    dropped |= {"under": None, "currency": None, "expiry": None, "expiry_days": None, "unread": unread}
    if kept != _WHICH:
        dropped["regions"] = ()
    blank: dict[str, Any] = dict.fromkeys((*kept, "additional_requirements"))
    statements = tuple(
        replace(s, request=s.request.model_copy(update=blank), target=None) for s in understood.statements[:1]
    )
    return replace(understood, statements=statements, doubts=(), selection=selection.model_copy(update=dropped))


def _stated_names(understood: Understanding) -> set[str]:
    return {name for request in understood.requests for name in request.stated()}
