"""What of a message its act hangs on, gathered from what was read of it."""

import re
from collections.abc import Sequence

from rapidfuzz.distance import OSA

from plugins.domain.idle_time import idle_minutes
from plugins.domain.portfolio import Selection
from plugins.domain.understanding import Context
from plugins.parse import scope
from plugins.parse.bare_wishes import is_bare_wish
from plugins.parse.evidence import MAIN, Evidence
from plugins.parse.fields.team import DRAFTED
from plugins.parse.notes import RequestNotes
from plugins.parse.page import Page
from plugins.parse.scaling import words_scaled
from plugins.parse.spoken_names import speaks_of_what_stands, teams_standing


def evidence_of(
    page: Page, notes: Sequence[RequestNotes], named: tuple[str, ...], selection: Selection, context: Context
) -> Evidence:
    fields = {name for note in notes for name in note.fields if not only_assumed(note, name)}
    teams = [mention.kind for mention in page.mentions if mention.field == "team"]
    if teams and all(kind == DRAFTED for kind in teams):
        fields.discard("team")  # it tells which of what is in hand is meant, and states nothing of it
    if page.pairs("additional_requirements") or any(
        idle_minutes(extra) is not None and not _IS_NO_WISH.search(page.layout.text)
        for note in notes
        for extra in note.extras
    ):
        fields.add("additional_requirements")
    return Evidence(
        fields=frozenset(fields),
        named=named,
        doubts=any(note.doubts for note in notes),
        places=tuple({m.field: m.start for m in page.mentions if m.field in MAIN}.values()),
        foreign=_foreign(page, named),
        narrows=_narrows(selection),
        is_bare_wish=is_bare_wish(page),
        is_for_another=_is_for_another(notes, context),
        is_of_what_stands=_is_of_what_stands(page.layout.text, notes, context),
    )


_IS_NO_WISH = re.compile(
    r"\b(?:i|we) (?:read|heard|thought|saw|noticed)\b|\b(?:docs?|page|article|they|he|she) (?:say|says|said)\b"
    r"|\b(?:don'?t|do not|never|not)\b",
    re.IGNORECASE,
)
"""In what is told, or denied, of a cluster that stops by itself."""


def _foreign(page: Page, named: tuple[str, ...]) -> tuple[str, ...]:
    taken = {word for words in words_scaled(page.layout.text) for word in words.lower().split()}
    return tuple(word for word in scope.foreign_words(page, named) if word not in taken)


def _is_of_what_stands(text: str, notes: Sequence[RequestNotes], context: Context) -> bool:
    teams = {note.fields.get("team") for note in notes}
    return bool(context.drafts) and speaks_of_what_stands(text) and not teams.isdisjoint(teams_standing(context))


def _is_for_another(notes: Sequence[RequestNotes], context: Context) -> bool:
    teams = {note.fields["team"] for note in notes if "team" in note.fields and not only_assumed(note, "team")}
    in_hand = {draft.team for draft in context.drafts}
    if not teams or None in in_hand or teams & in_hand:
        return False
    slips = [(said, known) for said in teams for known in in_hand if _is_slip(str(said), str(known))]
    return not slips or bool(teams & teams_standing(context))


_SHORTEST_SLIP, _LONG = 4, 6
"""Letters of a team's name from which on one letter that differs is a slip of the pen, and from which on two are."""


def _is_slip(said: str, known: str) -> bool:
    """True for "malard" where "mallard" is in hand; "bi" is no slip of "hr"."""
    length = min(len(said), len(known))
    return length >= _SHORTEST_SLIP and OSA.distance(said, known) <= (2 if length >= _LONG else 1)


def _narrows(selection: Selection) -> bool:
    bounds = selection.over is not None or selection.under is not None
    return bounds or bool(
        selection.expiry or selection.lacks or selection.sort or selection.states or selection.excluded
    )


def only_assumed(note: RequestNotes, name: str) -> bool:
    return any(a.field == name for a in note.assumptions)
