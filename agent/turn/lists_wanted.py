"""Which price lists a turn will need, by what it was understood as: pure."""

from collections.abc import Iterator

from agent.dialogue.state import Conversation, Offer
from agent.events import Button
from agent.turn.actions.adopt import AdoptionRequest
from agent.turn.dispatch import Meant
from agent.turn.several_orders import OrdersRead
from plugins.catalogue.regions import regions
from plugins.domain.platform_settings import Defaults
from plugins.domain.request import InfrastructureRequest
from plugins.domain.understanding import Act, Understanding
from plugins.parse.batch import Batch

_PRICED: frozenset[Act] = frozenset({"provision", "amend", "answer", "cost", "compare", "explain", "unclear"})
"""Acts that may end in a price; a yes, a no or a look at what stands needs none."""


def lists_wanted(meant: Button | Meant, conversation: Conversation, defaults: Defaults) -> frozenset[tuple[str, str]]:
    """Region and currency of each. What names no region is of the usual one."""
    topic: tuple[str, ...] = ()
    requests = tuple(draft.request for draft in conversation.drafts)
    match meant:
        case AdoptionRequest():
            requests = (*meant.understood.requests, *requests)
        case Understanding() if meant.act in _PRICED:
            requests, topic = (*_of_their_own(meant, requests), *requests), meant.topic
        case OrdersRead():
            return frozenset[tuple[str, str]]().union(
                *(lists_wanted(understood, conversation, defaults) for _, understood in meant.read)
            )
        case Batch():
            requests = tuple(row.request for row in meant.rows)
        case Offer():
            requests = tuple(request.model_copy(update=meant.changes.stated()) for request in requests)
        case _:
            return frozenset()
    named = [name for name in topic if name in regions()]
    return frozenset(_lists(requests or (InfrastructureRequest(),), named, defaults))


def _of_their_own(
    meant: Understanding, drafted: tuple[InfrastructureRequest, ...]
) -> tuple[InfrastructureRequest, ...]:
    """What changes a draft and names no region is of the draft's."""
    if meant.act == "provision" or not drafted:
        return meant.requests
    return tuple(request for request in meant.requests if request.region)


def _lists(
    requests: tuple[InfrastructureRequest, ...], named: list[str], defaults: Defaults
) -> Iterator[tuple[str, str]]:
    currencies = {request.currency or defaults.currency for request in requests}
    places = {request.region or defaults.region for request in requests} | set(named)
    return ((place, currency) for place in places if place for currency in currencies)
