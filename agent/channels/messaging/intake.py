"""Keeping what arrives, once: a text with where it was said, which begins its conversation when it is answered; a click
with the place's newest address.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.channels.messaging.port import Arrival, RoomCommand
from agent.events import Incoming
from agent.store.arrivals import ArrivedMessage
from agent.store.chats import Chat
from agent.store.conversations import OF_CHATS
from agent.store.records import Records

_MOST_WORDS = 3
_MOST_REMEMBERED = 10_000
"""Conversations whose kept state is remembered, so that nothing is written anew that is written already."""


def client_id_of(arrival: Arrival) -> str:
    """The message's id among all that are taken in; of a chat platform's one can tell by it whose it is."""
    return f"{OF_CHATS}{arrival.address.place.platform}:{arrival.client_id}"


def room_command_in(text: str | None) -> RoomCommand | None:
    """The command about the room that somebody typed, where it is all that they typed."""
    words = (text or "").casefold().split()
    if words == ["link"]:
        return RoomCommand(kind="link")
    if words[:1] == ["notify"] and len(words) <= _MOST_WORDS:
        return RoomCommand(kind="notify", value=" ".join(words[1:]))
    return None


@dataclass(frozen=True)
class PlacedMessage:
    """A message that is to be kept, with where it was said."""

    incoming: Incoming
    at: datetime
    chat: Chat


def take_in(records: Records, messages: Sequence[PlacedMessage]) -> tuple[bool, ...]:
    """Keeps what is to be answered; False for each that is a repeat. Their conversations begin with their turns."""
    return records.take_in_all([(_arrived(one.incoming, one.at), one.chat) for one in messages])


class Intake:
    """What is kept of a click or a command. `keep` is safe in any thread; the rest is the loop's."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Chat] = OrderedDict()
        self._welcomed: OrderedDict[str, None] = OrderedDict()

    def keep_place(self, records: Records, chat: Chat, *, now: datetime) -> None:
        """Keeps where somebody writes, as the platform gave it last; nothing is written where it is the same."""
        if self._kept.get(chat.conversation) != chat:
            records.keep_chat(chat, now=now)
        if chat.who.key not in self._welcomed:
            records.welcome(chat.who.key, now=now)

    def keep(self, records: Records, incoming: Incoming, *, now: datetime) -> bool:
        """Keeps what is to be answered in a conversation that there is; False for a repeat."""
        (fresh,) = records.receive_all((_arrived(incoming, now),), known=())
        return fresh

    def remember(self, chat: Chat) -> None:
        """After the transaction: what was rolled back must be written again."""
        self._kept[chat.conversation] = chat
        self._welcomed[chat.who.key] = None
        for known in (self._kept, self._welcomed):
            while len(known) > _MOST_REMEMBERED:
                known.popitem(last=False)

    def forget(self, conversation: str) -> None:
        self._kept.pop(conversation, None)


def _arrived(incoming: Incoming, at: datetime) -> ArrivedMessage:
    return ArrivedMessage(incoming, at, owner=incoming.person.key)
