"""What is asked of the talk itself, and of no workspace: where it stands, whose yes it takes, what a word means."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from plugins.domain.understanding import Act, Context
from plugins.parse import phrases, topics
from plugins.parse.evidence import SEVERAL, Evidence, starts_request
from plugins.parse.phrases import Kind


@dataclass(frozen=True)
class AskedOfTheTalk:
    """Such a question: the act that it is, and what it is about."""

    act: Act
    topic: tuple[str, ...]


_ASKED: Mapping[Kind, AskedOfTheTalk] = {
    "rules": AskedOfTheTalk("explain", ("policy",)),
    "decides": AskedOfTheTalk("explain", ("approvers",)),
    "failed": AskedOfTheTalk("explain", ("failure",)),
    "whats_open": AskedOfTheTalk("status", ("open",)),
    "if_yes": AskedOfTheTalk("explain", ("yes",)),
    "is_real": AskedOfTheTalk("explain", ("real",)),
    "how_long": AskedOfTheTalk("explain", ("duration",)),
    "sources": AskedOfTheTalk("explain", ("sources",)),
    "details": AskedOfTheTalk("status", ("details",)),
    "sees": AskedOfTheTalk("explain", ("visible",)),
    "different": AskedOfTheTalk("explain", ("different",)),
    "contents": AskedOfTheTalk("explain", ("contents",)),
    "address": AskedOfTheTalk("status", ("address",)),
    "ends": AskedOfTheTalk("explain", ("end",)),
    "any_failed": AskedOfTheTalk("explain", ("failures",)),
    "left_over": AskedOfTheTalk("explain", ("failure",)),
    "bigger": AskedOfTheTalk("compare", ("bigger",)),
    "places": AskedOfTheTalk("explain", ("places",)),
    "reached": AskedOfTheTalk("explain", ("network", "no_public_ip")),
}
_OF_WHAT_IS_IN_SIGHT: frozenset[Kind] = frozenset(
    {"how_long", "different", "address", "ends", "any_failed", "left_over"}
)
"""Of a workspace that is named these are asked of its records: how it stands, and what befell it."""

OF_THE_TALK = frozenset({topics.TERM, *(asked.topic[0] for asked in _ASKED.values())})
"""The topics of such questions."""

_BESIDE = frozenset({"environment", "workspace_name"})
"""Fields that may seem to be read from such a question: “is it a test?”."""


def asked_of_the_talk(text: str, evidence: Evidence, context: Context) -> AskedOfTheTalk | None:
    """The question; None where a workspace is asked for or changed beside it, or what is open is answered."""
    if evidence.facts >= SEVERAL or starts_request(text):
        return None
    if evidence.fields - _BESIDE and phrases.says("change", text):
        return None
    kind: Kind | None = next((kind for kind in _ASKED if phrases.says(kind, text)), None)
    if kind == "is_real" and (evidence.fields - _BESIDE or _AMOUNT.search(text)):
        return None  # “would it cost us anything in UK South?”, “what do we pay?” ask for the price of something
    if kind in _OF_WHAT_IS_IN_SIGHT and evidence.named:
        return None
    if kind == "reached" and (_ASKS_WHETHER.match(text) is None or phrases.says("cost", text)):
        return None  # “open it to the internet” orders, “what does it cost to access it from outside?” asks for a price
    if kind == "how_long" and "autotermination_minutes" in topics.explained(text):
        return AskedOfTheTalk("explain", ("autotermination_minutes",))
    if kind is not None:
        return _ASKED[kind]
    if _THE_PLAN.search(text):
        return None
    # “Data engineering?” may answer what is asked; “what is data engineering?” does not.
    is_answer = bool(evidence.fields & set(context.open_slots))
    term = topics.term_asked(text, bare=not is_answer)
    return AskedOfTheTalk("explain", (topics.TERM, term.name)) if term is not None else None


def asks_for_reasons(text: str) -> bool:
    """True where the reasons are asked for, whatever they are of, and not something else of what is in hand."""
    return not text.strip() or phrases.says("explain", text) or phrases.says("why", text)


_ASKS_WHETHER = re.compile(
    r"""
    \W*(?:(?:and|but|so|ok|okay|hm+|wait|also|then|sorry|hi|hello|(?:(?:one|quick|a)\ ){0,2}question)\W{1,3}){0,3}
    (?:(?:is|are|was|does|do|did|will|would|who|how|what|where|which|should)\b(?!\ you\b)
    |(?:can|could|may)\ (?!you\b|(?:we|i)\ (?!reach|access|see|get|connect|log)))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_AMOUNT = re.compile(r"\b(?:what|how much|how many)\b", re.IGNORECASE)
_THE_PLAN = re.compile(r"\b(?:the|my|this|that|your) plan\b", re.IGNORECASE)
