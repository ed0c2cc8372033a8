"""Keeping what arrives: the place's newest address, the conversation, and the message, once; all in one transaction."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.channels.messaging.port import Arrival, RoomCommand
from agent.channels.turn_inbox import Accepted
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
    """A message that is to be kept, with where it was said: None where that is kept already."""

    incoming: Incoming
    at: datetime
    chat: Chat | None = None


class Intake:
    """`keep` is safe in any thread; the rest is the loop's."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Chat] = OrderedDict()
        self._begun: OrderedDict[str, None] = OrderedDict()
        self._welcomed: OrderedDict[str, None] = OrderedDict()

    def keep_places(self, records: Records, these: Sequence[Chat], *, now: datetime) -> None:
        """Keeps where people write, as the platform gave it last; nothing is written where it is the same."""
        records.keep_chats([chat for chat in these if self._kept.get(chat.conversation) != chat], now=now)
        people = dict.fromkeys(chat.who.key for chat in these)
        records.welcome(*(person for person in people if person not in self._welcomed), now=now)

    def keep(self, records: Records, messages: Sequence[PlacedMessage]) -> tuple[bool, ...]:
        """Keeps what is to be answered, and begins conversations that are new; False for each that is a repeat."""
        self.keep_places(records, [one.chat for one in messages if one.chat is not None], now=messages[-1].at)
        return records.receive_all([_arrived(one) for one in messages], known=self._begun)

    def remember(self, chat: Chat, begun: str | None = None) -> None:
        """After the transaction: what was rolled back must be written again. `begun` is a conversation that exists."""
        self._kept[chat.conversation] = chat
        self._welcomed[chat.who.key] = None
        if begun is not None:
            self._begun[begun] = None
        for known in (self._kept, self._begun, self._welcomed):
            while len(known) > _MOST_REMEMBERED:
                known.popitem(last=False)

    def forget(self, conversation: str) -> None:
        self._kept.pop(conversation, None)


def _arrived(one: PlacedMessage) -> ArrivedMessage:
    incoming = one.incoming
    said = Accepted(incoming, incoming.client_id or "", one.at).as_json()
    return ArrivedMessage(incoming, said, one.at, owner=incoming.person.key)
