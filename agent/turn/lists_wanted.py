"""Which price lists a turn will need, by what it was understood as: pure."""

from collections.abc import Iterator

from agent.dialogue.state import Conversation
from agent.turn.actions.adopt import AdoptionRequest
from agent.turn.dispatch import Meant
from plugins.catalogue.regions import regions
from plugins.domain.platform_settings import Defaults
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Understanding

_PRICED: frozenset[Act] = frozenset({"provision", "amend", "answer", "cost", "compare", "explain", "unclear"})
"""Acts that may end in a price; a yes, a no or a look at what stands needs none."""


def lists_wanted(meant: Meant, conversation: Conversation, defaults: Defaults) -> frozenset[tuple[str, str]]:
    """Region and currency of each. What names no region is of the usual one."""
    if isinstance(meant, AdoptionRequest):
        understood = meant.understood
    elif isinstance(meant, Understanding) and meant.act in _PRICED:
        understood = meant
    else:
        return frozenset()
    drafts = tuple(draft.request for draft in conversation.drafts)
    requests = (*understood.requests, *drafts) or (InfrastructureRequest(),)
    named = [topic for topic in understood.topic if topic in regions()]
    return frozenset(_lists(requests, named, defaults))


def _lists(
    requests: tuple[InfrastructureRequest, ...], named: list[str], defaults: Defaults
) -> Iterator[tuple[str, str]]:
    currencies = {request.currency or defaults.currency for request in requests}
    places = {request.region or defaults.region for request in requests} | set(named)
    return ((place, currency) for place in places if place for currency in currencies)
