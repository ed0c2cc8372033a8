"""Picking an offered answer: by its button, its label, or its number. Pure."""

import re

from pydantic import ValidationError

from agent.conversation import Conversation, Offer
from agent.events import Button
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Statement, Understanding

_OFFER = re.compile(r"offer:(\d+)")
_NUMBER = re.compile(
    r"(?:the |option |number |no\.? ?|#)*(\d|first|second|third|fourth)"
    r"(?: one| option)?(?: please)?[.!]?"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_TYPED = (
    "environment", "workload_type", "network", "enable_gpu", "spot", "photon", "hours_per_week",
    "expires_in_days", "min_workers", "max_workers",
)  # fmt: skip
"""Slots whose button values are checked by the request's own types; the others are read by the brain."""


def picked(text: str, talk: Conversation) -> Offer | None:
    """The offer that this text names by label or number, while offers are open."""
    said = text.strip().casefold()
    for offer in talk.offers:
        if said == offer.label.casefold():
            return offer
    number = _NUMBER.fullmatch(said)
    if number is None:
        return None
    return _numbered(talk, _ORDINALS.get(number[1]) or int(number[1]))


def chosen(button: Button, talk: Conversation) -> Offer | Understanding | None:
    """What a `choose` button means; None when the brain must read its value as if it had been typed."""
    value = button.value or ""
    if offered := _OFFER.fullmatch(value):
        return _numbered(talk, int(offered[1])) or Understanding(act="unclear")
    if button.slot not in _TYPED:
        return None
    try:
        request = InfrastructureRequest.model_validate({button.slot: value})
    except ValidationError:
        return Understanding(act="unclear")
    return Understanding(act="answer", statements=(Statement(request),))


def _numbered(talk: Conversation, number: int) -> Offer | None:
    return talk.offers[number - 1] if 1 <= number <= len(talk.offers) else None
