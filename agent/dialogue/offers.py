"""Picking an offered answer: by its button, its label, or its number. Pure."""

import re

from pydantic import ValidationError

from agent.dialogue.advance import asks_for_end
from agent.dialogue.consent import AwaitedPlan, consent
from agent.dialogue.state import Conversation, Offer
from agent.events import Button
from plugins.domain.plan import ConfirmBy
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Statement, Understanding

_OFFER = re.compile(r"offer:(\d+)")
_NUMBER = re.compile(
    r"(?:the |option |number |no\.? ?|#)*(\d|first|second|third|fourth)"
    r"(?: one| option)?(?: please)?[.!]?"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_IS_PLAIN = re.compile(r"(?:yes|yep|yeah|yup|aye|no|nope|nah|ok|okay|sure|please do|do it|go ahead)\b")
_TYPED = (
    "environment",
    "workload_type",
    "network",
    "enable_gpu",
    "spot",
    "photon",
    "hours_per_week",
    "expires_in_days",
    "min_workers",
    "max_workers",
)
"""Slots whose button values are checked by the request's own types; the others are read by the brain."""


NEVER = "never"
"""The choice that a workspace without an end keeps none."""

_NO_END = re.compile(
    r"(?:no,? )?(?:it )?(?:never|no end|without an end|keeps? (?:it|no end|none)|keep it (?:as it is|without an end))"
    r"[.!]*"
)


def picked(text: str, conversation: Conversation) -> Offer | Understanding | None:
    """What this text picks by label, number or a plain yes or no, while offers or the question for an end are open."""
    answer_text = text.strip().casefold()
    if (
        conversation.days is not None
        and asks_for_end(conversation)
        and (answer := _answered_end(answer_text, conversation, conversation.days))
    ):
        return answer
    for offer in conversation.offers:
        if answer_text == offer.label.casefold():
            return offer
    number = _NUMBER.fullmatch(answer_text)
    if number is None:
        return None
    return _numbered(conversation, _ORDINALS.get(number[1]) or int(number[1]))


def chosen(button: Button, conversation: Conversation) -> Offer | Understanding | None:
    """What a `choose` button means; None when the brain must read its value as if it had been typed."""
    value = button.value or ""
    if offered := _OFFER.fullmatch(value):
        return _numbered(conversation, int(offered[1])) or Understanding(act="unclear")
    if (
        button.slot == "expires_in_days"
        and value == NEVER
        and conversation.days is not None
        and asks_for_end(conversation)
    ):
        return _keeps_no_end(conversation)
    if button.slot not in _TYPED:
        return None
    try:
        request = InfrastructureRequest.model_validate({button.slot: value})
    except ValidationError:
        return Understanding(act="unclear")
    return Understanding(act="answer", statements=(Statement(request),))


def _answered_end(text: str, conversation: Conversation, days: int) -> Understanding | None:
    """A yes takes the days that were said, a no keeps it without an end; beside a plan that waits they may mean that,
    and are neither.
    """
    if _NO_END.fullmatch(text):
        return _keeps_no_end(conversation)
    meant = consent(text, AwaitedPlan(ConfirmBy(kind="click")))
    if meant == "neither" or not _IS_PLAIN.match(text):
        return None
    if conversation.pending is not None:
        return Understanding(act="unclear")
    if meant == "no":
        return _keeps_no_end(conversation)
    if not days:
        return None
    return Understanding(act="answer", statements=(Statement(InfrastructureRequest(expires_in_days=days)),))


def _keeps_no_end(conversation: Conversation) -> Understanding:
    request = InfrastructureRequest(workspace_name=next(iter(conversation.workspaces), None))
    return Understanding(act="extend", statements=(Statement(request, clear=("expires_in_days",)),))


def _numbered(conversation: Conversation, number: int) -> Offer | None:
    return conversation.offers[number - 1] if 1 <= number <= len(conversation.offers) else None
