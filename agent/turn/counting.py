"""What of a turn is counted, once it is kept."""

from collections.abc import Sequence

from agent.events import ApprovalNoted, Event
from agent.metrics import count
from agent.turn.several_orders import read_of


def count_kept(meant: object, events: Sequence[Event]) -> None:
    """The words that nobody understood, and how plans were decided."""
    for understood in read_of(meant):
        if understood.unused:
            count("brickie.words.unread", sum(len(words.split()) for words in understood.unused))
    for event in events:
        if isinstance(event, ApprovalNoted):
            count("brickie.approvals", status=event.status)
